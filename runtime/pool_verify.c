/* SPDX-License-Identifier: MIT
 * pool_verify.c - the invariants of pages and their cells, looked at page by page or all at once.
 */
#include "pageset.h"
#include "pool.h"
#include "quarantine.h"

/* Its neighbours on the list know it; it is there just if it has room and is not the current one.
 */
static const char *verify_links(const struct page *page, uint32_t number, unsigned class)
{
    const struct pool_class *pool = &ouro_heap->pools[class];
    uint32_t next = page->next, prev = page->prev;
    if (page == pool->current || page->full || page_is_spare(page)) return NULL;
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
    unsigned class = class_of(number), carved = page->carved, listed = 0;
    if (carved > pool_cells[class] || page->used > carved) return "P1: cells in use";
    const unsigned bytes = pool_cell_bytes[class], end = carved * bytes;
    const uint32_t seal = pool_seal[class];
    for (unsigned at = page->free; at; listed++) {
        const struct ouro_obj *cell = (void *)((uint8_t *)page + at);
        unsigned offset = at - PAGE_HEADER_BYTES;
        if (offset >= end || offset % bytes || listed >= carved) return "P2: free list";
        uint32_t link = peek_word(&cell->type_gc);
        if (!is_free_cell_linked(peek_word(&cell->count_flags), link, seal))
            return "P3: free cell written to";
        at += link - PAGE_USED_ONE; /* as cell_next() says, which would read it again */
    }
    if (listed + page->used != carved) return "P4: cells lost";
    if (page->class != class) return "P8: page's class";
    if (page->current != (page == ouro_heap->pools[class].current) ||
        (page->current && page->seal != pool_seal[class]))
        return "P10: current page";
    if (page->full != (page->used == pool_cells[class] && !page->current)) return "P6: full page";
    uint32_t sets = page->sets;
    if (page->joining) sets &= ~(1u << ouro_heap->gc.nursery);
    for (unsigned set = 0; set < PAGE_SETS; set++)
        if ((sets >> set & 1u) != pageset_holds(1u << set, number)) return "G1: page and page sets";
    return verify_links(page, number, class);
}

const char *pool_verify_free(const void *cell, unsigned class)
{
    const struct ouro_obj *free = cell;
    if (cell_next(free, cell_offset(cell)) >= PAGE_BYTES ||
        !is_free_cell_linked(peek_word(&free->count_flags), peek_word(&free->type_gc),
                             pool_seal[class]))
        return "P3: free cell written to";
    if (OURO_CHECK < 2) return NULL;
    bool is_intact = poison_is_intact(free + 1, pool_poison_bytes(class));
    return is_intact ? NULL : "P3: free cell written to";
}

/* Are so many pages on the stack of spare ones, and empty? */
static bool spares_are(uint32_t count)
{
    uint32_t at = ouro_heap->spare, left = ouro_heap->spares;
    if (left != count) return false;
    for (; at && left > 0; left--) {
        if (!page_is_pool(at - 1) || !page_is_spare(page_numbered(at))) return false;
        at = page_numbered(at)->next;
    }
    return at == 0 && left == 0;
}

const char *pool_verify(void)
{
    uint32_t pages[POOL_CLASSES] = {0}, used[POOL_CLASSES] = {0}, room[POOL_CLASSES] = {0};
    uint32_t spares = 0;
    for (uint32_t n = 0; n <= ouro_heap->arena.pages; n = block_skip(n)) {
        if (!page_is_pool(n)) continue;
        unsigned class = class_of(n);
        struct page *page = page_address(n);
        const char *broken = pool_verify_page(n);
        if (broken) return broken;
        bool is_spare = page_is_spare(page);
        spares += is_spare;
        pages[class] += !is_spare;
        used[class] += page->used;
        room[class] += !page->full && !page->current && !is_spare;
    }
    if (!spares_are(spares)) return "P11: spare pages";
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
            const struct page *fast = ouro_heap->fast[i][granules - 1];
            unsigned sets = i == 0 ? 1u << ouro_heap->gc.nursery : 0;
            if (!fast ||
                (fast != &pool_none && (fast != pool->current || (fast->sets & sets) != sets)))
                return "P9: page of the common path";
        }
    }
    return NULL;
}
