/* SPDX-License-Identifier: MIT
 * gc_objects.c - walks over the objects that the collector watches, and over what they refer to.
 *
 * The cursor is a page number and a cell number, looked up afresh by each call, so that pages may
 * come and go in between.  What has references lives in cells; blocks are passed over. */
#include "collector.h"
#include "gc_census.h"
#include "weak.h"

ouro_ref gc_next_cell(uint32_t *page, uint32_t *cell, uint32_t *units, uint32_t limit)
{
    while (*page < ouro_heap->arena.pages && *units < limit) {
        ++*units;
        if (!page_is_pool(*page)) { /* what is not described is so 32 pages at a time */
            *page = arena_describes(*page) ? *page + 1 : (*page | 31u) + 1;
            *cell = 0;
            continue;
        }
        struct page *at = page_address(*page);
        if (*cell >= at->carved) {
            ++*page;
            *cell = 0;
            continue;
        }
        ouro_ref o = page_cell(at, class_of(*page), (*cell)++);
        if (!is_free_cell(peek_word(&o->count_flags))) return o;
    }
    return NULL;
}

unsigned gc_generation(ouro_ref o)
{
    unsigned of = label(o);
    if (of == CONDEMNED) return ouro_heap->gc.now.generation;
    return of <= HALF_B ? 0 : of <= GEN2 ? of - HALF_B : 3;
}

struct gc_census gc_census(void)
{
    struct gc_census census = {.permanent = 0};
    uint32_t page = 0, cell = 0, units = 0;
    for (ouro_ref o; (o = gc_next_cell(&page, &cell, &units, UINT32_MAX));) {
        if (has_flag(o, FLAG_DEAD) || type_of(o)->is_hidden) continue;
        if (label(o) == PERMANENT) census.permanent++;
        if (gc_generation(o) < 3) census.generations[gc_generation(o)]++;
    }
    return census;
}

/* ---- get_objects ---- */

int ouro_gc_objects(struct ouro_gc_cursor *cursor, int generation)
{
    if (generation > 2) {
        ouro_error_set(OURO_VALUE_ERROR, "generation parameter must be less than the number of "
                                         "available generations (3)");
        return -1;
    }
    if (generation < OURO_GC_ALL) {
        ouro_error_set(OURO_VALUE_ERROR, "generation parameter cannot be negative");
        return -1;
    }
    *cursor = (struct ouro_gc_cursor){.generation = generation};
    return 0;
}

/* It was found to be garbage and has been touched since: revived, perhaps, or just looked at. */
static bool is_in_doubt(ouro_ref o)
{
    return label(o) == CONDEMNED || (state(o) == STATE_BOTH && phase_of(o) >= OURO_GC_WEAK);
}

ouro_ref ouro_gc_next(struct ouro_gc_cursor *cursor)
{
    OURO_THREAD_ONLY();
    uint32_t units = 0;
    for (ouro_ref o; (o = gc_next_cell(&cursor->page, &cursor->cell, &units, UINT32_MAX));) {
        unsigned of = gc_generation(o);
        bool is_wanted = cursor->generation == OURO_GC_ALL ? of < 3 : (int)of == cursor->generation;
        if (is_wanted && !type_of(o)->is_hidden && !is_in_doubt(o) && adopt(o)) return o;
    }
    return NULL;
}

/* ---- get_referents, get_referrers ---- */

enum { DEEPEST = 12 }; /* a tree of nodes, its head and an anchor */

int ouro_gc_referents(ouro_ref of, ouro_gc_visit_fn *visit, void *context)
{
    struct {
        ouro_ref o;
        uint32_t refs;
    } stack[DEEPEST];
    unsigned depth = 0;
    if (ouro_is_immediate(of)) return 0;
    stack[depth].o = of;
    stack[depth++].refs = type_of(of)->refs;
    while (depth > 0) {
        uint32_t refs = stack[depth - 1].refs;
        if (!refs) {
            depth--;
            continue;
        }
        stack[depth - 1].refs = refs & (refs - 1);
        ouro_ref child = *slot(stack[depth - 1].o, (unsigned)__builtin_ctz(refs));
        if (!child) continue;
        const struct ouro_type *type = ouro_type_of(child);
        if (!type->is_hidden) {
            int result = visit(child, context);
            if (result) return result;
        } else if (type->refs && type->index - (unsigned)OURO_TYPE_INDEX > 2u) {
            ouro_assert(depth < DEEPEST);
            stack[depth].o = child; /* an index leads to nothing but its own buckets */
            stack[depth++].refs = type->refs;
        }
    }
    return 0;
}

static int is_it(ouro_ref ref, void *wanted) { return ref == (ouro_ref)wanted; }

int ouro_gc_referrers(ouro_ref to, ouro_gc_visit_fn *visit, void *context)
{
    struct ouro_gc_cursor cursor;
    int result = ouro_gc_objects(&cursor, OURO_GC_ALL);
    for (ouro_ref o; result == 0 && (o = ouro_gc_next(&cursor)); ouro_decref(o))
        if (ouro_gc_referents(o, is_it, to)) result = visit(o, context);
    return result;
}
