/* SPDX-License-Identifier: MIT
 * arena.h - pages, singly and in runs.  Knows nothing of cells or objects. */
#ifndef OURO_RUNTIME_ARENA_H
#define OURO_RUNTIME_ARENA_H

#include "heap.h"

/* What the side table says of a page.  Of a free run only the first and the last page need say so;
 * size classes lie between.  It is right below the mark, and above it where pages were lent. */
enum page_kind {
    PAGE_FREE = 0,
    PAGE_POOL_FIRST = 1, /* class 0 */
    PAGE_POOL_LAST = POOL_CLASSES,
    PAGE_TAIL = 0x20,   /* none of these: a page on its way from one to the other */
    PAGE_BLOCKS = 0x40, /* blocks, in the middle of a region */
    PAGE_STARTS = 0x41, /* bit: a region begins here, */
    PAGE_ENDS = 0x42,   /* and bit: one ends here */
};

enum { NO_PAGE = 0xffffffffu };

/* Lay out the control structures.  False if no page would be left.  O(1). */
bool arena_init(void *base, size_t bytes);

/* Take `count` adjacent pages; the caller writes the side table.
 *   returns  the first page's number or NO_PAGE.  O(1). */
uint32_t arena_take(uint32_t count);

/* Take one page: the last of a run of the shortest kind. */
uint32_t arena_take_page(void);

/* Give pages back; they merge with free neighbours at once.  O(1). */
void arena_give(uint32_t page, uint32_t count);

/* Pages of the free run that begins at `page`. */
uint32_t arena_run_pages(uint32_t page);
/* Take a whole free run. */
void arena_take_run(uint32_t page);

/* Make the side table right for the 32 pages around `page` of the zone. */
void arena_describe(uint32_t page);

/* Most pages that arena_take() would find now.  O(1). */
uint32_t arena_longest_run(void);

/* NULL, or which invariant of the free runs is broken.  O(pages). */
const char *arena_verify(void);
/* The same for the run that begins at `page`, and for the head of a bin.  O(1). */
const char *arena_verify_run(uint32_t page);
const char *arena_verify_bin(unsigned bin);

__attribute__((always_inline)) static inline uint32_t page_number(const void *address)
{
    return (uint32_t)((size_t)((const uint8_t *)address - ouro_heap->arena.base) >> PAGE_SHIFT);
}
__attribute__((always_inline)) static inline void *page_address(uint32_t page)
{
    return ouro_heap->arena.base + ((size_t)page << PAGE_SHIFT);
}
/* First page that the zone of blocks touches: virgin pages end there. */
static inline uint32_t arena_top(void) { return page_number(ouro_heap->blocks.bottom - 8); }

/* Of the 1024 pages that `page` is among: a bit for each 32 of them, arena_describe() was told. */
static inline uint32_t arena_lent(uint32_t page)
{
    const struct runs *runs = &ouro_heap->runs;
    return runs->lent_words >> (page >> 10) & 1u ? runs->lent[page >> 10] : 0;
}
/* Is the side table right about this page? */
static inline bool arena_describes(uint32_t page)
{
    const struct arena *arena = &ouro_heap->arena;
    return page < arena->mark ||
           (page < arena->pages && (arena_lent(page) >> (page >> 5 & 31) & 1u) != 0);
}
/* What ouro_init() was given, in whole granules. */
static inline size_t arena_given_bytes(const struct arena *arena)
{
    return (size_t)arena->granules << GRANULE_SHIFT;
}
/* True for addresses in memory that may be in use: neither virgin nor outside. */
static inline bool arena_holds(const void *address)
{
    uintptr_t offset = (uintptr_t)address - (uintptr_t)ouro_heap->arena.base;
    uint32_t top = arena_top();
    return offset >> PAGE_SHIFT < ouro_heap->arena.mark ||
           (offset >> PAGE_SHIFT) - top <= ouro_heap->arena.pages - top;
}

#endif
