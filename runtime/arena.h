/* SPDX-License-Identifier: MIT
 * arena.h - pages, singly and in runs.  Knows nothing of cells or objects. */
#ifndef OURO_RUNTIME_ARENA_H
#define OURO_RUNTIME_ARENA_H

#include "heap.h"

/* What the side table says of a page.  Of a free run only the first and the last page need say so;
 * size classes lie between. */
enum page_kind {
    PAGE_FREE = 0,
    PAGE_POOL_FIRST = 1, /* class 0 */
    PAGE_POOL_LAST = POOL_CLASSES,
    PAGE_OBJECT = 0x40, /* first page of a large object */
    PAGE_RAW,           /* first page of a block of ouro_mem_alloc */
    PAGE_TAIL,          /* later page of either */
};

enum { NO_PAGE = 0xffffffffu };

/* Lay out the control structures.  False if no page would be left.  O(1). */
bool arena_init(void *base, size_t bytes);

/* Take `count` adjacent pages; the caller writes the side table.
 *   returns  the first page's number or NO_PAGE.  O(1), and O(count/32) for virgin pages. */
uint32_t arena_take(uint32_t count);

/* Give pages back; they merge with free neighbours at once.  O(1). */
void arena_give(uint32_t page, uint32_t count);

/* Longest run of free pages.  O(runs of the largest bin). */
uint32_t arena_longest_run(void);

/* NULL, or which invariant of the free runs is broken.  O(pages). */
const char *arena_verify(void);

static inline uint32_t page_number(const void *address)
{
    return (uint32_t)((size_t)((const uint8_t *)address - ouro_heap->arena.base) >> PAGE_SHIFT);
}
static inline void *page_address(uint32_t page)
{
    return ouro_heap->arena.base + ((size_t)page << PAGE_SHIFT);
}
/* True for addresses in pages that were handed out at least once. */
static inline bool arena_holds(const void *address)
{
    uintptr_t offset = (uintptr_t)address - (uintptr_t)ouro_heap->arena.base;
    return offset >> PAGE_SHIFT < ouro_heap->arena.mark;
}

#endif
