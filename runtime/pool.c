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

static struct page *page_numbered(uint32_t one_more)
{
    return one_more ? page_address(one_more - 1) : NULL;
}

static void list_push(struct pool_class *pool, struct page *page)
{
    uint32_t number = page_number(page) + 1;
    page->prev = 0;
    page->next = (uint16_t)pool->listed;
    if (pool->listed) page_numbered(pool->listed)->prev = (uint16_t)number;
    pool->listed = number;
}

static void list_remove(struct pool_class *pool, struct page *page)
{
    if (page->next) page_numbered(page->next)->prev = page->prev;
    if (page->prev)
        page_numbered(page->prev)->next = page->next;
    else
        pool->listed = page->next;
}

static struct page *page_new(unsigned class)
{
    uint32_t number = arena_take_page();
    if (number == NO_PAGE && (number = block_lend_page()) == NO_PAGE) return NULL;
    struct page *page = page_address(number);
    ouro_port_poison(page + 1, PAGE_BYTES - sizeof *page);
    *page = (struct page){.word = class << PAGE_CLASS_SHIFT};
    ouro_heap->arena.side[number] = (uint8_t)(PAGE_POOL_FIRST + class);
    ouro_heap->pools[class].pages++;
    return page;
}

static void page_give_back(struct pool_class *pool, struct page *page)
{
    uint32_t number = page_number(page);
    pool->pages--;
    if (page->sets) pageset_remove(page->sets, number);
    collector_page_gone(number);
    ouro_heap->arena.side[number] = PAGE_TAIL; /* neither free nor a pool while it merges */
    arena_give(number, 1);
}

/* ---- the current page ---- */

const struct page pool_none;

static struct page *none(void) { return (struct page *)(uintptr_t)&pool_none; }

void pool_slow_down(unsigned kinds)
{
    struct page **fast = ouro_heap->fast[0];
    for (unsigned i = 0; i < kinds * (FAST_GRANULES + 1u); i++) fast[i] = none();
}

/* Every object of the class takes the long way once. */
static void slow_down(unsigned class)
{
    unsigned granules = pool_cell_bytes[class] / GRANULE_BYTES;
    if (granules < FAST_GRANULES)
        ouro_heap->fast[0][granules] = ouro_heap->fast[1][granules] = none();
}

/* Another page takes the place of the current one, which is full or not there.  NULL: no memory. */
SELDOM static struct page *turn_page(unsigned class)
{
    struct pool_class *pool = &ouro_heap->pools[class];
    struct page *page = page_numbered(pool->listed);
    if (page) {
        list_remove(pool, page);
        pool->used -= page->used;
    } else {
        page = page_new(class);
        if (!page) return NULL;
    }
    slow_down(class);
    if (pool->current) {
        pool->used += pool->current->used;
        pool->current->current = false;
    }
    page->current = true;
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

void *pool_take(unsigned class)
{
    struct page *page = ouro_heap->pools[class].current;
    if (!page || page->used == pool_cells[class]) page = turn_page(class);
    if (!page) return NULL;
    struct ouro_obj *cell;
    if (page->free) {
        cell = (struct ouro_obj *)((uint8_t *)page + ((size_t)page->free << GRANULE_SHIFT));
        ouro_port_unpoison(cell, pool_cell_bytes[class]);
        check_free(cell, class);
        page->word += cell->type_gc;
    } else {
        cell = page_cell(page, class, page->carved++);
        ouro_port_unpoison(cell, pool_cell_bytes[class]);
        page->used++;
    }
    return cell;
}

SELDOM void pool_loosen(struct page *page)
{
    struct pool_class *pool = &ouro_heap->pools[page->class];
    bool was_listed = page->used != pool_cells[page->class] - 1u;
    if (page->used > 0) {
        list_push(pool, page);
        return;
    }
    if (was_listed) list_remove(pool, page);
    page_give_back(pool, page);
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
        page_give_back(pool, pool->current);
        pool->current = NULL;
    }
}

/* Its neighbours on the list know it; it is there just if it has room and is not the current one.
 */
static const char *verify_links(const struct page *page, uint32_t number, unsigned class)
{
    const struct pool_class *pool = &ouro_heap->pools[class];
    uint32_t next = page->next, prev = page->prev;
    if (page == pool->current || page->used == pool_cells[class]) return NULL;
    if (prev && (!page_is_pool(prev - 1) || page_numbered(prev)->next != number + 1))
        return "P5: page's back link";
    if (!prev && pool->listed != number + 1) return "P6: pages with room";
    if (next && (!page_is_pool(next - 1) || page_numbered(next)->prev != number + 1))
        return "P5: page's back link";
    return NULL;
}

const char *pool_verify_page(uint32_t number)
{
    struct page *page = page_address(number);
    unsigned class = class_of(number), listed = 0;
    if (page->carved > pool_cells[class] || page->used > page->carved) return "P1: cells in use";
    for (unsigned at = page->free; at; listed++) {
        const struct ouro_obj *cell = (void *)((uint8_t *)page + (at << GRANULE_SHIFT));
        unsigned offset = (at << GRANULE_SHIFT) - PAGE_HEADER_BYTES;
        if (offset % pool_cell_bytes[class] || offset / pool_cell_bytes[class] >= page->carved ||
            listed >= page->carved)
            return "P2: free list";
        if (!is_free_cell_linked(peek_word(&cell->count_flags), peek_word(&cell->type_gc)))
            return "P3: free cell written to";
        at = cell_next(cell, at);
    }
    if (listed + page->used != page->carved) return "P4: cells lost";
    if (page->class != class) return "P8: page's class";
    if (page->current != (page == ouro_heap->pools[class].current)) return "P10: current page";
    for (unsigned set = 0; set < PAGE_SETS; set++)
        if (((unsigned)page->sets >> set & 1u) != pageset_holds(1u << set, number))
            return "G1: page and page sets";
    return verify_links(page, number, class);
}

const char *pool_verify_free(const void *cell, unsigned class)
{
    const struct ouro_obj *free = cell;
    if (cell_next(free, cell_granule(cell)) >= PAGE_BYTES >> GRANULE_SHIFT ||
        !is_free_cell_linked(peek_word(&free->count_flags), peek_word(&free->type_gc)))
        return "P3: free cell written to";
    if (OURO_CHECK < 2) return NULL;
    bool is_intact = poison_is_intact(free + 1, pool_poison_bytes(class));
    return is_intact ? NULL : "P3: free cell written to";
}

const char *pool_verify(void)
{
    uint32_t pages[POOL_CLASSES] = {0}, used[POOL_CLASSES] = {0}, room[POOL_CLASSES] = {0};
    for (uint32_t n = 0; n <= ouro_heap->arena.pages; n = block_skip(n)) {
        if (!page_is_pool(n)) continue;
        unsigned class = class_of(n);
        struct page *page = page_address(n);
        const char *broken = pool_verify_page(n);
        if (broken) return broken;
        pages[class]++;
        used[class] += page->used;
        room[class] += page->used < pool_cells[class] && !page->current;
    }
    for (unsigned class = 0; class < POOL_CLASSES; class ++) {
        const struct pool_class *pool = &ouro_heap->pools[class];
        uint32_t listed = 0, before = 0;
        for (uint32_t at = pool->listed; at && listed <= room[class]; listed++) {
            const struct page *page = page_numbered(at);
            if (page->prev != before) return "P5: page's back link";
            before = at;
            at = page->next;
        }
        if (listed != room[class]) return "P6: pages with room";
        if (pages[class] != pool->pages ||
            used[class] != pool_used(class) + quarantine_cells(class))
            return "P7: class totals";
        unsigned granules = pool_cell_bytes[class] / GRANULE_BYTES;
        for (unsigned i = 0; i < 2 && granules < FAST_GRANULES; i++) {
            const struct page *fast = ouro_heap->fast[i][granules];
            unsigned sets = i == 0 ? 1u << ouro_heap->gc.nursery : 0;
            if (!fast ||
                (fast != &pool_none && (fast != pool->current || (fast->sets & sets) != sets)))
                return "P9: page of the common path";
        }
    }
    return NULL;
}
