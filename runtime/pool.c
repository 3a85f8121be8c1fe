/* SPDX-License-Identifier: MIT
 * pool.c - size-class pools. */
#include "pool.h"

#include "collector.h"
#include "pageset.h"
#include "quarantine.h"

/* 504 bytes a page, divided by 31, 21, 15, 12, 10, 9, 7, 6, 5, 4, 3, 2 and 1 cells. */
const uint16_t pool_cell_bytes[POOL_CLASSES] = {16, 24, 32,  40,  48,  56, 72,
                                                80, 96, 120, 168, 248, 504};
const uint8_t pool_cells[POOL_CLASSES] = {31, 21, 15, 12, 10, 9, 7, 6, 5, 4, 3, 2, 1};

const uint8_t pool_class_of[] = {0,  0,  0,  1,  2,  3,  4,  5,  6,  6,  7,  8,  8,  9,  9,  9,
                                 10, 10, 10, 10, 10, 10, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11,
                                 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12,
                                 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12};

/* At the end: what has to wait the longest gains the most free cells meanwhile, and the collector
 * has to look at fewer pages for as many births. */
static void list_push(struct pool_class *pool, struct page *page)
{
    uint16_t number = (uint16_t)(page_number(page) + 1);
    page->prev = pool->last;
    page->next = 0;
    if (pool->last)
        page_numbered(pool->last)->next = number;
    else
        pool->listed = number;
    pool->last = number;
}

static inline void list_remove(struct pool_class *pool, struct page *page)
{
    if (page->next)
        page_numbered(page->next)->prev = page->prev;
    else
        pool->last = page->prev;
    if (page->prev)
        page_numbered(page->prev)->next = page->next;
    else
        pool->listed = page->next;
}

/* A cell becomes free. */
static inline void free_write(struct ouro_obj *cell, uint32_t link, unsigned class)
{
    ouro_port_unpoison(cell, pool_cell_bytes[class]);
    cell->type_gc = link; /* type index 0: no object */
    cell->count_flags = free_cell_word(link);
    if (OURO_CHECK >= 2) poison_write(cell + 1, pool_poison_bytes(class));
    ouro_port_poison(cell, pool_cell_bytes[class]);
}

/* ---- empty pages ---- */

/* The page is empty: it is spare, for any class.  It keeps its class's looks and its page sets, for
 * the collector may come by; to merge it with its neighbours is another call's. */
static inline void spare_push(struct heap *heap, struct page *page, uint32_t number)
{
    page->word &= UINT32_MAX << PAGE_SETS_SHIFT;
    page->next = (uint16_t)heap->spare;
    heap->spare = number + 1;
    heap->spares++;
    collector_page_gone(number);
}

static inline struct page *spare_pop(struct heap *heap)
{
    struct page *page = page_numbered(heap->spare);
    if (!page) return NULL;
    heap->spare = page->next;
    heap->spares--;
    return page;
}

uint32_t pool_tidy(uint32_t kept)
{
    enum { GIVE_UNITS = 14 };
    struct heap *heap = ouro_heap;
    if (heap->spares <= kept) return 0;
    struct page *page = spare_pop(heap);
    uint32_t number = page_number(page);
    if (page->sets) pageset_remove(page->sets, number);
    collector_page_gone(number);
    heap->arena.side[number] = PAGE_TAIL; /* neither free nor a pool while it merges */
    arena_give(number, 1);
    return GIVE_UNITS;
}

/* The first virgin page, if no free run is to be used up before. */
static inline uint32_t take_virgin(struct arena *arena)
{
    uint32_t page = arena->mark;
    if (ouro_heap->runs.bins || page >= arena_top()) return NO_PAGE;
    arena->mark = page + 1;
    ouro_port_unpoison(page_address(page), PAGE_BYTES);
    return page;
}

SELDOM static uint32_t take_other(void)
{
    uint32_t page = arena_take_page();
    return page != NO_PAGE ? page : block_lend_page();
}

/* An empty page; nothing is laid out in it but its first cell. */
static inline struct page *page_new(struct heap *heap, unsigned class)
{
    struct page *page = spare_pop(heap);
    uint32_t number, sets = 0;
    if (page) {
        sets = page->word & PAGE_SETS_MASK;
        number = page_number(page);
    } else {
        number = take_virgin(&heap->arena);
        if (number == NO_PAGE && (number = take_other()) == NO_PAGE) return NULL;
        page = page_address(number);
        ouro_port_poison(page + 1, PAGE_BYTES - sizeof *page);
    }
    page->word = sets | class << PAGE_CLASS_SHIFT | 1u << PAGE_CARVED_SHIFT | 1u;
    free_write((struct ouro_obj *)(page + 1), cell_link(0, 1), class);
    heap->arena.side[number] = (uint8_t)(PAGE_POOL_FIRST + class);
    heap->pools[class].pages++;
    heap->pages_opened++;
    return page;
}

/* ---- the current page ---- */

const struct page pool_none;

static struct page *none(void) { return (struct page *)(uintptr_t)&pool_none; }

void pool_slow_down(unsigned kinds)
{
    struct page **fast = ouro_heap->fast[0];
    for (unsigned i = 0; i < kinds * (FAST_GRANULES - 1u); i++) fast[i] = none();
}

/* Every object of the class takes the long way once. */
static void slow_down(unsigned class)
{
    if (class + 2 < FAST_GRANULES)
        ouro_heap->fast[0][class + 1] = ouro_heap->fast[1][class + 1] = none();
}

/* Another page takes the place of the current one, which is full or not there.  NULL: no memory. */
static inline struct page *turn_page(struct heap *heap, unsigned class)
{
    struct pool_class *pool = &heap->pools[class];
    struct page *before = pool->current, *page = page_numbered(pool->listed);
    if (page) {
        list_remove(pool, page);
        pool->used -= page->used;
    } else {
        page = page_new(heap, class);
        if (!page) return NULL;
    }
    slow_down(class);
    if (before) {
        pool->used += before->used;
        before->word &= ~(uint32_t)PAGE_CURRENT;
    }
    page->word |= PAGE_CURRENT;
    page->cell_bytes = pool_cell_bytes[class];
    return pool->current = page;
}

/* A free cell, before its link is followed. */
static inline void check_free(const struct ouro_obj *cell, unsigned class)
{
    ouro_assert_at(is_free_cell_linked(cell->count_flags, cell->type_gc), cell,
                   "a free cell was written to");
    if (OURO_CHECK >= 2)
        ouro_require_at(!pool_verify_free(cell, class), cell, "a free cell was written to");
}

/* Lay out some more cells of a page that has no free ones. */
static inline void carve(struct page *page, unsigned class)
{
    enum { AT_ONCE = OURO_CHECK >= 2 ? 1 : 3 };
    uint32_t bytes = pool_cell_bytes[class], carved = page->carved, count = AT_ONCE;
    uint32_t step = bytes >> GRANULE_SHIFT, granule = 1 + carved * step;
    if (count > pool_cells[class] - carved) count = pool_cells[class] - carved;
    page->word += count << PAGE_CARVED_SHIFT | granule;
    struct ouro_obj *cell = (struct ouro_obj *)((uint8_t *)page + (granule << GRANULE_SHIFT));
    for (; --count > 0; cell = (struct ouro_obj *)((uint8_t *)cell + bytes))
        free_write(cell, cell_link(step, 0), class);
    free_write(cell, cell_link(0, cell_granule(cell)), class);
}

/* The current page of a class, with a free cell; NULL: no memory. */
static inline struct page *refill(struct heap *heap, unsigned class)
{
    struct page *page = heap->pools[class].current;
    if (!page || page->used == pool_cells[class]) page = turn_page(heap, class);
    if (page && !page->free) carve(page, class);
    return page;
}

static inline struct ouro_obj *first_free(struct page *page)
{
    return (struct ouro_obj *)((uint8_t *)page + ((size_t)page->free << GRANULE_SHIFT));
}

bool pool_open(unsigned granules, bool is_tracked)
{
    struct heap *heap = ouro_heap;
    unsigned class = granules - 2, nursery = heap->gc.nursery;
    struct page *page = refill(heap, class);
    if (!page) return false;
    check_free(first_free(page), class);
    if (is_tracked && !((unsigned)page->sets >> nursery & 1u)) {
        page->word |= 1u << (PAGE_SETS_SHIFT + nursery);
        pageset_insert(nursery, page_number(page));
    }
    heap->fast[!is_tracked][granules - 1] = page;
    return true;
}

void *pool_take(unsigned class)
{
    struct page *page = refill(ouro_heap, class);
    if (!page) return NULL;
    struct ouro_obj *cell = first_free(page);
    ouro_port_unpoison(cell, pool_cell_bytes[class]);
    check_free(cell, class);
    page->word += cell->type_gc;
    return cell;
}

/* A page has room that had none, or is empty. */
static void loosen(struct pool_class *pool, struct page *page, bool was_full)
{
    if (page->used > 0) {
        list_push(pool, page);
        return;
    }
    if (!was_full) list_remove(pool, page);
    pool->pages--;
    spare_push(ouro_heap, page, page_number(page));
}

void pool_loosen(struct page *page)
{
    loosen(&ouro_heap->pools[page->class], page, page->used == pool_cells[page->class] - 1u);
}

uint32_t pool_put_back(struct page *page, uint32_t word)
{
    uint32_t before = page->used, class = word >> PAGE_CLASS_SHIFT;
    page->word = word;
    uint32_t count = before - page->used;
    if (page->current) return count;
    struct pool_class *pool = &ouro_heap->pools[class];
    bool was_full = before == pool_cells[class];
    pool->used -= count;
    if (was_full || page->used == 0) loosen(pool, page, was_full);
    return count;
}

void pool_give(void *cell)
{
    struct page *page = page_of(cell);
    unsigned class = page->class;
    ouro_assert_at(class < POOL_CLASSES && page->used > 0, cell, "a page's header was written to");
    ouro_port_unpoison(cell, pool_cell_bytes[class]);
    if (OURO_CHECK >= 2) poison_write((struct ouro_obj *)cell + 1, pool_poison_bytes(class));
    bool is_due = pool_put(cell);
    ouro_port_poison(cell, pool_cell_bytes[class]);
    if (is_due) pool_loosen(page);
}

uint32_t pool_used(unsigned class)
{
    const struct pool_class *pool = &ouro_heap->pools[class];
    uint32_t used = pool->used + (pool->current ? pool->current->used : 0);
    return used - quarantine_cells(class);
}

void pool_trim(void)
{
    for (unsigned class = 0; class < POOL_CLASSES; class ++) {
        struct pool_class *pool = &ouro_heap->pools[class];
        if (!pool->current || pool->current->used > 0) continue;
        slow_down(class);
        pool->pages--;
        spare_push(ouro_heap, pool->current, page_number(pool->current));
        pool->current = NULL;
    }
    while (pool_tidy(0) > 0) {}
}
