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

/* Between cells and CELL_FREE, 8 bits that differ from class to class. */
#define SEAL(bytes)                                                                                \
    ((uint32_t)(bytes) << SEAL_BYTES_SHIFT | 504u / (bytes) << SEAL_CELLS_SHIFT |                  \
     ((bytes)*0x9e35u & 0xffu) << CELL_LINK_SHIFT | CELL_FREE)
const uint32_t pool_seal[POOL_CLASSES] = {
    SEAL(16), SEAL(24), SEAL(32),  SEAL(40),  SEAL(48),  SEAL(56),  SEAL(72),
    SEAL(80), SEAL(96), SEAL(120), SEAL(168), SEAL(248), SEAL(504),
};

/* The header of a current page with one cell, which is in use. */
#define FIRST(class, bytes)                                                                        \
    ((uint64_t)SEAL(bytes) << 32 | PAGE_CURRENT | (class) << PAGE_CLASS_SHIFT |                    \
     1u << PAGE_CARVED_SHIFT | PAGE_USED_ONE)
static const uint64_t pool_first[POOL_CLASSES] = {
    FIRST(0u, 16),   FIRST(1u, 24),   FIRST(2u, 32),   FIRST(3u, 40), FIRST(4u, 48),
    FIRST(5u, 56),   FIRST(6u, 72),   FIRST(7u, 80),   FIRST(8u, 96), FIRST(9u, 120),
    FIRST(10u, 168), FIRST(11u, 248), FIRST(12u, 504),
};

const uint8_t pool_class_of[] = {0,  0,  0,  1,  2,  3,  4,  5,  6,  6,  7,  8,  8,  9,  9,  9,
                                 10, 10, 10, 10, 10, 10, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11,
                                 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12,
                                 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12};

static inline struct page *page_in(const struct heap *heap, uint32_t number)
{
    return (struct page *)(void *)(heap->arena.base + ((size_t)number << PAGE_SHIFT));
}
static inline uint32_t page_number_in(const struct heap *heap, const struct page *page)
{
    return (uint32_t)((size_t)((const uint8_t *)page - heap->arena.base) >> PAGE_SHIFT);
}

/* At the end: what has to wait the longest gains the most free cells meanwhile, and the collector
 * has to look at fewer pages for as many births. */
static inline void list_push(struct heap *heap, struct pool_class *pool, struct page *page)
{
    uint32_t last = pool->last, number = page_number_in(heap, page) + 1;
    page->prev = (uint16_t)last;
    page->next = 0;
    if (last)
        page_in(heap, last - 1)->next = (uint16_t)number;
    else
        pool->listed = (uint16_t)number;
    pool->last = (uint16_t)number;
}

static inline void list_remove(struct heap *heap, struct pool_class *pool, struct page *page)
{
    uint32_t next = page->next, prev = page->prev;
    if (next)
        page_in(heap, next - 1)->prev = (uint16_t)prev;
    else
        pool->last = (uint16_t)prev;
    if (prev)
        page_in(heap, prev - 1)->next = (uint16_t)next;
    else
        pool->listed = (uint16_t)next;
}

/* ---- empty pages ---- */

/* How far a spare page's word moves its number of carved cells to keep it beside its free ones. */
enum { KEPT_SHIFT = PAGE_CARVED_SHIFT - PAGE_FREE_BITS };

/* The page is empty: it is spare, for any class.  It keeps its class's looks and its page sets, for
 * the collector may come by, and its list of free cells, for the same class may have it again; to
 * merge it with its neighbours is another call's. */
static inline void spare_push(struct heap *heap, struct page *page, uint32_t word)
{
    uint32_t number = page_number_in(heap, page);
    page->word = word & (PAGE_SETS_MASK | PAGE_CLASS_MASK);
    page->prev = (uint16_t)((word & PAGE_FREE_MASK) | (word & PAGE_CARVED_MASK) >> KEPT_SHIFT);
    page->next = (uint16_t)heap->spare;
    heap->spare = number + 1;
    heap->spares++;
    collector_page_gone(number);
}

uint32_t pool_tidy(uint32_t kept)
{
    enum { GIVE_UNITS = 20 };
    struct heap *heap = ouro_heap;
    if (heap->spares <= kept) return 0;
    uint32_t number = heap->spare - 1;
    struct page *page = page_in(heap, number);
    ouro_assert_at(page->next <= heap->arena.pages, page, "a free page was written to");
    heap->spare = page->next;
    heap->spares--;
    if (page->sets) pageset_remove(page->sets, number);
    collector_page_gone(number);
    heap->arena.side[number] = PAGE_TAIL; /* neither free nor a pool while it merges */
    arena_give(number, 1);
    return GIVE_UNITS;
}

/* The first virgin page, if no free run is to be used up before. */
static inline uint32_t take_virgin(struct heap *heap)
{
    struct arena *arena = &heap->arena;
    uint32_t page = arena->mark;
    size_t zone = (size_t)(heap->blocks.bottom - BLOCK_REGION_OFFSET - arena->base);
    if (heap->runs.bins || page >= zone >> PAGE_SHIFT) return NO_PAGE;
    arena->mark = page + 1;
    ouro_port_unpoison(page_in(heap, page), PAGE_BYTES);
    return page;
}

SELDOM static uint32_t take_other(void)
{
    uint32_t page = arena_take_page();
    return page != NO_PAGE ? page : block_lend_page();
}

/* ---- the current page ---- */

const struct page pool_none = {.used = 1};

void pool_slow_down(unsigned kinds)
{
    struct page **fast = ouro_heap->fast[0];
    for (unsigned i = 0; i < kinds * (FAST_GRANULES - 1u); i++) fast[i] = pool_nobody();
}

/* Every object of the class takes the long way once. */
static void slow_down(unsigned class)
{
    if (class + 2 < FAST_GRANULES)
        ouro_heap->fast[0][class + 1] = ouro_heap->fast[1][class + 1] = pool_nobody();
}

/* A free cell, before its link is followed. */
static inline void check_free(const struct ouro_obj *cell, unsigned class)
{
    ouro_port_unpoison(cell, sizeof *cell);
    ouro_assert_at(is_free_cell_linked(cell->count_flags, cell->type_gc, pool_seal[class]), cell,
                   "a free cell was written to");
    if (OURO_CHECK >= 2)
        ouro_require_at(!pool_verify_free(cell, class), cell, "a free cell was written to");
}

static inline struct ouro_obj *cell_at(struct page *page, uint32_t offset)
{
    return (struct ouro_obj *)(void *)((uint8_t *)page + offset);
}

/* The first free cell of a page with this word. */
static inline struct ouro_obj *take_free(struct page *page, uint32_t word, unsigned class)
{
    struct ouro_obj *cell = cell_at(page, word & PAGE_FREE_MASK);
    check_free(cell, class);
    page->word = word + cell->type_gc;
    return cell;
}

/* An empty page for the class, which is to be its current one: its first cell is in use. */
static inline struct ouro_obj *page_new(struct heap *heap, struct pool_class *pool, unsigned class)
{
    uint32_t spare = heap->spare, sets = 0, number;
    struct page *page;
    if (spare) {
        number = spare - 1;
        page = page_in(heap, number);
        ouro_assert_at(page->next <= heap->arena.pages, page, "a free page was written to");
        heap->spare = page->next;
        heap->spares--;
        sets = page->word & PAGE_SETS_MASK;
        if (page->class == class) {
            const uint32_t kept = page->prev, carved = kept << KEPT_SHIFT & PAGE_CARVED_MASK;
            pool->pages++;
            heap->pages_opened++;
            sets |= PAGE_CURRENT | class << PAGE_CLASS_SHIFT | carved | (kept & PAGE_FREE_MASK);
            struct ouro_obj *cell = take_free(page, sets, class);
            page->seal = pool_seal[class];
            return cell;
        }
    } else {
        number = take_virgin(heap);
        if (number == NO_PAGE && (number = take_other()) == NO_PAGE) return NULL;
        page = page_in(heap, number);
        ouro_port_poison(page + 1, PAGE_BYTES - sizeof *page);
    }
    page->header = load_pair(&pool_first[class]) | sets;
    heap->arena.side[number] = (uint8_t)(PAGE_POOL_FIRST + class);
    pool->pages++;
    heap->pages_opened++;
    return cell_at(page, PAGE_HEADER_BYTES);
}

/* Lay out a cell more, which is in use. */
static inline struct ouro_obj *carve_one(struct page *page, uint32_t word, unsigned class)
{
    page->word = word + (1u << PAGE_CARVED_SHIFT | PAGE_USED_ONE);
    return page_cell(page, class, (word & PAGE_CARVED_MASK) >> PAGE_CARVED_SHIFT);
}

/* The same of a page that has no free cells, and some free ones behind it. */
static inline struct ouro_obj *carve(struct page *page, uint32_t word, unsigned class)
{
    enum { AT_ONCE = OURO_CHECK >= 2 ? 0 : 2 };
    struct ouro_obj *first = carve_one(page, word, class), *cell = first;
    uint32_t bytes = pool_cell_bytes[class], seal = pool_seal[class];
    uint32_t left = pool_cells[class] - 1u - ((word & PAGE_CARVED_MASK) >> PAGE_CARVED_SHIFT);
    if (left > AT_ONCE) left = AT_ONCE;
    if (left == 0) return first;
    page->word =
        word + ((left + 1) << PAGE_CARVED_SHIFT | PAGE_USED_ONE) + cell_offset(first) + bytes;
    for (; left > 0; left--) {
        cell = (struct ouro_obj *)(void *)((uint8_t *)cell + bytes);
        free_cell_write(cell, cell_link(bytes, 0), seal);
    }
    free_cell_write(cell, cell_link(0, cell_offset(cell)), seal);
    return first;
}

/* A page joins the nursery's set. */
static __attribute__((noinline)) void settle(struct heap *heap, struct page *page)
{
    page->word &= ~(uint32_t)PAGE_JOINING;
    pageset_insert(heap->gc.nursery, page_number_in(heap, page));
}

void pool_settle(void)
{
    struct heap *heap = ouro_heap;
    for (unsigned class = 0; class < POOL_CLASSES; class ++) {
        struct page *page = heap->pools[class].current;
        if (page && page->word & PAGE_JOINING) settle(heap, page);
    }
}

struct ouro_obj *pool_turn(struct heap *heap, struct pool_class *pool, unsigned class)
{
    struct page *before = pool->current, *page;
    struct ouro_obj *cell;
    uint32_t listed = pool->listed;
    if (listed && !heap->spare) { /* an empty page: what is born together dies together */
        page = page_in(heap, listed - 1);
        pool->used -= page->used;
        pool->listed = page->next;
        if (page->next)
            page_in(heap, page->next - 1u)->prev = 0;
        else
            pool->last = 0;
        cell = take_free(page, page->word | PAGE_CURRENT, class);
        page->seal = pool_seal[class];
    } else {
        cell = page_new(heap, pool, class);
        if (!cell) return NULL;
        page = page_of(cell);
    }
    pool->current = page;
    if (before) {
        if (before->word & PAGE_JOINING) settle(heap, before);
        before->word ^= PAGE_CURRENT | PAGE_FULL;
        pool->used += pool_cells[class];
    }
    return cell;
}

/* A cell when the current page has no free one. */
static __attribute__((noinline)) struct ouro_obj *take_other_cell(struct heap *heap, unsigned class)
{
    struct pool_class *pool = &heap->pools[class];
    struct page *page = pool->current;
    if (!pool_is_over(page)) return carve(page, page->word, class);
    slow_down(class);
    return pool_turn(heap, pool, class);
}

struct ouro_obj *pool_more(struct heap *heap, struct pool_class *pool, unsigned class)
{
    struct page *page = pool->current, **fast = &heap->fast[0][class + 1];
    uint32_t word = page->word, bit = heap->gc.birth_page;
    fast[0] = fast[FAST_GRANULES - 1] = page;
    if (!(word & bit)) word |= bit | PAGE_JOINING;
    if (!(word & (PAGE_FREE_MASK | PAGE_JOINING))) return take_other_cell(heap, class);
    struct ouro_obj *cell =
        word & PAGE_FREE_MASK ? take_free(page, word, class) : carve_one(page, word, class);
    if (word & PAGE_JOINING) settle(heap, page);
    return cell;
}

void *pool_take(unsigned class)
{
    struct heap *heap = ouro_heap;
    struct page *page = heap->pools[class].current;
    struct ouro_obj *cell =
        page && page->free ? take_free(page, page->word, class) : take_other_cell(heap, class);
    if (cell) ouro_port_unpoison(cell, pool_cell_bytes[class]);
    return cell;
}

void pool_loosen(struct heap *heap, struct page *page, uint32_t word)
{
    struct pool_class *pool = &heap->pools[(word & PAGE_CLASS_MASK) >> PAGE_CLASS_SHIFT];
    if (word & PAGE_USED_MASK) {
        page->word = word ^ PAGE_FULL;
        list_push(heap, pool, page);
        return;
    }
    if (!(word & PAGE_FULL)) list_remove(heap, pool, page);
    pool->pages--;
    spare_push(heap, page, word);
}

uint32_t pool_put_back(struct page *page, uint32_t word)
{
    struct heap *heap = ouro_heap;
    uint32_t count = page->used - ((word & PAGE_USED_MASK) >> PAGE_FREE_BITS);
    page->word = word;
    if (word & PAGE_CURRENT) return count;
    heap->pools[page->class].used -= count;
    if ((word & PAGE_FULL) || !(word & PAGE_USED_MASK)) pool_loosen(heap, page, word);
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
    if (is_due) pool_loosen(ouro_heap, page, page->word);
}

uint32_t pool_used(unsigned class)
{
    const struct pool_class *pool = &ouro_heap->pools[class];
    uint32_t used = pool->used + (pool->current ? pool->current->used : 0);
    return used - quarantine_cells(class);
}

uint32_t pool_trim_some(uint32_t limit)
{
    for (unsigned class = 0; class < POOL_CLASSES; class ++) {
        struct pool_class *pool = &ouro_heap->pools[class];
        if (!pool->current || pool->current->used > 0) continue;
        slow_down(class);
        pool->pages--;
        if (pool->current->joining) settle(ouro_heap, pool->current);
        spare_push(ouro_heap, pool->current, pool->current->word);
        pool->current = NULL;
    }
    uint32_t done = 0, spent;
    while (done < limit && (spent = pool_tidy(0)) > 0) done += spent;
    return done;
}
