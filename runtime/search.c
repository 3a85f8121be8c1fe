/* SPDX-License-Identifier: MIT
 * search.c - drives a search through its passes, a step at a time. */
#include "search.h"

#include "collector.h"

/* ---- numbers ---- */

uint32_t search_number(ouro_ref o)
{
    uint32_t offset = (uint32_t)((uintptr_t)o & (PAGE_BYTES - 1)) - PAGE_HEADER_BYTES;
    return page_number(o) << SEARCH_CELL_BITS | (offset / pool_cell_bytes[page_of(o)->class] + 1);
}

ouro_ref search_at(uint32_t number)
{
    uint32_t page = number >> SEARCH_CELL_BITS, i = number & ((1u << SEARCH_CELL_BITS) - 1);
    if (i == 0 || !page_is_pool(page)) return NULL;
    struct page *at = page_address(page);
    if (i > at->carved) return NULL;
    ouro_ref o = page_cell(at, class_of(page), i - 1);
    if (peek_word(&o->count_flags) & FLAG_DEAD) return NULL; /* or free, which says so too */
    return type_of(o)->refs ? o : NULL;
}

/* ---- walking ---- */

/* Stand before cell `s->cell` of a page, if it is one of cells. */
static void face_page(struct ouro_search *s)
{
    s->here = s->end = NULL;
    if (!page_is_pool(s->page)) return;
    struct page *page = page_address(s->page);
    unsigned class = class_of(s->page);
    s->cell_bytes = pool_cell_bytes[class];
    s->end = (uint8_t *)page_cell(page, class, page->carved);
    s->here = s->cell < page->carved ? (uint8_t *)page_cell(page, class, s->cell) : s->end;
}

/* Note where the walk is, by numbers: what lies there may be another page next time. */
static void leave_page(struct ouro_search *s)
{
    if (s->here) s->cell = (uint32_t)(s->here - (uint8_t *)page_address(s->page)) / s->cell_bytes;
}

static void turn_page(struct ouro_search *s)
{
    /* What is not described is so 32 pages at a time. */
    s->page = arena_describes(s->page) ? s->page + 1 : (s->page | 31u) + 1;
    s->cell = 0;
    s->units++;
    face_page(s);
}

ouro_ref search_walk(struct ouro_search *s)
{
    while (s->units < s->limit && s->page < ouro_heap->arena.pages) {
        if (s->here == s->end) {
            turn_page(s);
            continue;
        }
        ouro_ref o = (ouro_ref)(void *)s->here;
        s->here += s->cell_bytes;
        s->units++;
        if (!(peek_word(&o->count_flags) & FLAG_DEAD)) return o; /* what is free says so, too */
    }
    return NULL;
}

enum ouro_search_status search_walked(struct ouro_search *s)
{
    if (s->page < ouro_heap->arena.pages) return OURO_SEARCH_GOES_ON;
    s->page = s->cell = 0;
    face_page(s);
    return OURO_SEARCH_DONE;
}

uint32_t search_slots(struct ouro_search *s, ouro_ref o)
{
    uint32_t refs = type_of(o)->refs;
    if (refs) s->units += 32u - (uint32_t)__builtin_clz(refs);
    return refs;
}

unsigned search_slot(ouro_ref o, unsigned i, ouro_ref to)
{
    for (uint32_t refs = type_of(o)->refs; i < 32 && refs >> i; i++)
        if ((refs >> i & 1u) && *slot(o, i) == to) return i;
    return 32;
}

uint32_t search_outside(const struct ouro_search *s, ouro_ref o, uint32_t counted)
{
    if (!is_counted(o)) return UINT32_MAX;
    if (o == s->target) counted++;
    if (o == s->names) counted++;
    return refcount(o) > counted ? refcount(o) - counted : 0;
}

/* ---- the driver ---- */

enum ouro_search_status search_break(void)
{
    ouro_error_set(OURO_RUNTIME_ERROR, "the search was broken off: the heap has changed");
    return OURO_SEARCH_BROKEN;
}

void search_begin(struct ouro_search *s, const struct search_plan *plan, ouro_ref of,
                  ouro_ref names)
{
    *s = (struct ouro_search){.plan = plan, .target = of, .names = names, .is_exact = true};
    ouro_xincref(of);
    ouro_xincref(names);
    bool is_in_heap = !of || (!ouro_is_immediate(of) && arena_holds(of));
    if (!is_in_heap) s->status = OURO_SEARCH_DONE;
}

static bool is_ours(const struct ouro_search *s)
{
    return ouro_heap->gc.phase == OURO_GC_SEARCH && ouro_heap->search == s;
}

/* Does something of the collector's come first? */
static bool has_to_wait(const struct gc *gc)
{
    bool is_idle = gc->phase == OURO_GC_IDLE || gc->phase == OURO_GC_SEARCH;
    return !is_idle || gc->dead_head || gc->due_head || ouro_heap->monitor.due;
}

/* From now on no cycle starts.  False: not yet. */
static bool enter(struct ouro_search *s)
{
    struct gc *gc = &ouro_heap->gc;
    if (has_to_wait(gc)) (void)ouro_gc_step(s->limit); /* or a busy program would starve us */
    if (has_to_wait(gc)) return false;
    if (s->has_begun) return true;
    s->has_begun = true;
    ouro_heap->search = s;
    gc->now.pace = 0;
    gc->now.debt = 0;
    collector_begin(OURO_GC_SEARCH);
    collector_set_trigger();
    return true;
}

enum ouro_search_status ouro_search_step(struct ouro_search *s, uint32_t units)
{
    OURO_THREAD_ONLY();
    const struct gc *gc = &ouro_heap->gc;
    s->units = 0;
    s->limit = units;
    if (s->floor < (const uintptr_t *)STACK()) s->floor = STACK();
    if (s->status > OURO_SEARCH_FOUND) return s->status;
    if (gc->callouts || gc->finalizers || (s->has_begun && !is_ours(s)))
        return s->status = search_break();
    if (!enter(s)) return s->status = OURO_SEARCH_GOES_ON;
    if (!is_ours(s)) return s->status = search_break(); /* a finalizer asked for a collection */
    face_page(s);
    do {
        s->status = s->plan->pass[s->pass](s);
        if (s->status != OURO_SEARCH_DONE) break;
        if (!s->plan->pass[++s->pass]) return s->status;
        s->status = OURO_SEARCH_GOES_ON;
    } while (s->units < s->limit);
    leave_page(s);
    return s->status;
}

void ouro_search_end(struct ouro_search *s)
{
    ouro_ref target = s->target, names = s->names;
    if (is_ours(s)) {
        ouro_heap->search = NULL;
        collector_begin(OURO_GC_IDLE);
        collector_set_trigger();
    }
    s->target = s->names = NULL;
    s->status = OURO_SEARCH_DONE;
    ouro_xdecref(target);
    ouro_xdecref(names);
}

int search_run(struct ouro_search *s, ouro_edge_fn *visit, void *context)
{
    enum ouro_search_status status;
    int edges = 0;
    while ((status = ouro_search_step(s, UINT32_MAX)) <= OURO_SEARCH_FOUND) {
        if (status != OURO_SEARCH_FOUND) continue;
        edges++;
        if (visit && visit(&s->edge, context)) break;
    }
    ouro_search_end(s);
    return status == OURO_SEARCH_BROKEN ? -1 : edges;
}
