/* SPDX-License-Identifier: MIT
 * arena.c - hands out runs of pages of the static arena and takes them back.
 *
 * Free runs are binned by the logarithm of their length, with a bit map of the bins that hold any
 * (the first level of TLSF: Masmano et al., "TLSF: a new dynamic memory allocator for real-time
 * systems", ECRTS 2004).  A free run describes itself: struct run in its first page, its length
 * again in the last word of its last page, so that a neighbour given back finds its start.  Pages
 * past the mark were never used (or merged back) and are described by the mark alone: that is what
 * makes ouro_init O(1). */
#include "arena.h"

#include "block.h"

enum { RUNS_LOOKED_AT = 4 }; /* of the bin that a request's own size belongs to */

struct run {
    uint32_t count;
    uint32_t next, prev; /* 1 + page; 0: none */
};

static struct run *run_at(uint32_t page) { return page_address(page); }
static uint32_t *run_footer(uint32_t page, uint32_t count)
{
    return (uint32_t *)page_address(page + count) - 1;
}
static unsigned bin_of(uint32_t count) { return 31u - (unsigned)__builtin_clz(count); }

/* A free run, before anything is believed that its pages say: its length is there twice, and its
 * neighbours in the bin name it. */
static struct run *run_checked(uint32_t page)
{
    uint32_t pages = ouro_heap->arena.pages;
    struct run *run = run_at(page);
    uint32_t count = run->count, next = run->next, prev = run->prev;
    bool is_sound = page < pages && count - 1 < pages - page && *run_footer(page, count) == count &&
                    next <= pages && prev <= pages;
    is_sound = is_sound && (!next || run_at(next - 1)->prev == page + 1) &&
               (prev ? run_at(prev - 1)->next : ouro_heap->runs.run[bin_of(count)]) == page + 1;
    ouro_assert_at(is_sound, run, "a free page was written to");
    return run;
}

/* Room for a table: before page 0, unless that would move it off, else behind the last block. */
static uintptr_t place(uintptr_t *front, uintptr_t *end, size_t bytes)
{
    uintptr_t at = *front, room = -at & (PAGE_BYTES - 1);
    bytes = (bytes + GRANULE_BYTES - 1) & ~(size_t)(GRANULE_BYTES - 1);
    if (bytes > room) return *end -= bytes;
    *front += bytes;
    return at;
}

SELDOM bool arena_init(void *base, size_t bytes)
{
    uintptr_t start = ((uintptr_t)base + GRANULE_BYTES - 1) & ~(uintptr_t)(GRANULE_BYTES - 1);
    uintptr_t end = ((uintptr_t)base + bytes) & ~(uintptr_t)(GRANULE_BYTES - 1);
    uint32_t upper = (uint32_t)(bytes >> PAGE_SHIFT); /* no more pages than this can fit */
    uint32_t leaves = upper / 32 + 1, middle = leaves / 32 + 1;
    uint32_t bins = block_bins((uint32_t)(bytes >> GRANULE_SHIFT));
    uintptr_t front =
        (start + sizeof(struct heap) + GRANULE_BYTES - 1) & ~(uintptr_t)(GRANULE_BYTES - 1);
    uintptr_t bin = place(&front, &end, bins * sizeof(struct free_block));
    uintptr_t sets = place(&front, &end, (leaves + middle) * sizeof(struct pageset_group));
    uintptr_t lent = place(&front, &end, middle * sizeof(uint32_t));
    uintptr_t side = place(&front, &end, (upper | 31u) + 1); /* described 32 pages at a time */
    uintptr_t first = (front + PAGE_BYTES - 1) & ~(uintptr_t)(PAGE_BYTES - 1);
    if (end < first + PAGE_BYTES + GRANULE_BYTES) return false;

    struct heap *heap = (struct heap *)start;
    ouro_port_unpoison(base, bytes);
    /* Volatile, lest it become a call of memset(), which the C library may do byte by byte. */
    volatile uint32_t *word = (uint32_t *)start;
    do *word++ = 0;
    while (word < (uint32_t *)(heap + 1));
    heap->set_middle = (struct pageset_group *)sets;
    heap->set_leaves = heap->set_middle + middle;
    heap->arena.base = (uint8_t *)first;
    heap->arena.side = (uint8_t *)side;
    heap->runs.lent = (uint32_t *)lent;
    heap->arena.pages = (uint32_t)((end - GRANULE_BYTES - first) >> PAGE_SHIFT);
    heap->arena.end = (uint8_t *)end;
    heap->arena.granules = (uint32_t)(bytes >> GRANULE_SHIFT);
    heap->room = -ROOM_NONE; /* gc.trigger is 0 */
    ouro_port_poison((void *)first, end - first);
    ouro_heap = heap;
    block_init((void *)end, (struct free_block *)bin, bins);
    return true;
}

static void run_insert(uint32_t page, uint32_t count)
{
    struct runs *runs = &ouro_heap->runs;
    struct arena *arena = &ouro_heap->arena;
    unsigned bin = bin_of(count);
    struct run *run = run_at(page);
    ouro_port_unpoison(run, sizeof *run);
    ouro_port_unpoison(run_footer(page, count), sizeof(uint32_t));
    *run = (struct run){.count = count, .next = runs->run[bin], .prev = 0};
    if (run->next) run_at(run->next - 1)->prev = page + 1;
    runs->run[bin] = (uint16_t)(page + 1);
    runs->bins |= 1u << bin;
    *run_footer(page, count) = count;
    arena->side[page] = arena->side[page + count - 1] = PAGE_FREE;
    runs->pages_free += count;
}

static void run_remove(uint32_t page)
{
    struct runs *runs = &ouro_heap->runs;
    const struct run *run = run_checked(page);
    unsigned bin = bin_of(run->count);
    if (run->next) run_at(run->next - 1)->prev = run->prev;
    if (run->prev)
        run_at(run->prev - 1)->next = run->next;
    else
        runs->run[bin] = (uint16_t)run->next;
    if (!runs->run[bin]) runs->bins &= ~(1u << bin);
    runs->pages_free -= run->count;
}

/* A free run of at least `count` pages, or NO_PAGE: one of the first of its own bin if that is long
 * enough, else the first of the next bin, where all are. */
static uint32_t run_find(uint32_t count)
{
    const struct runs *runs = &ouro_heap->runs;
    unsigned bin = bin_of(count), looked_at = 0;
    for (uint32_t at = runs->run[bin]; at && looked_at < RUNS_LOOKED_AT; looked_at++) {
        const struct run *run = run_checked(at - 1);
        if (run->count >= count) return at - 1;
        at = run->next;
    }
    uint32_t longer = bin + 1 < RUN_BINS ? runs->bins >> (bin + 1) << (bin + 1) : 0;
    return longer ? runs->run[__builtin_ctz(longer)] - 1u : NO_PAGE;
}

/* A run grows or shrinks at its end; its bin changes seldom. */
static void run_resize(uint32_t page, uint32_t count)
{
    struct arena *arena = &ouro_heap->arena;
    struct run *run = run_checked(page);
    if (bin_of(run->count) != bin_of(count)) {
        run_remove(page);
        run_insert(page, count);
        return;
    }
    ouro_heap->runs.pages_free += count - run->count;
    run->count = count;
    ouro_port_unpoison(run_footer(page, count), sizeof(uint32_t));
    *run_footer(page, count) = count;
    arena->side[page + count - 1] = PAGE_FREE;
}

uint32_t arena_take_page(void)
{
    struct runs *runs = &ouro_heap->runs;
    struct arena *arena = &ouro_heap->arena;
    if (!runs->bins) {
        uint32_t mark = arena->mark;
        if (mark >= arena_top()) return NO_PAGE;
        ouro_port_unpoison(page_address(mark), PAGE_BYTES);
        return arena->mark++;
    }
    uint32_t page = runs->run[__builtin_ctz(runs->bins)] - 1u, rest = run_checked(page)->count - 1;
    if (rest == 0) {
        run_remove(page);
    } else { /* in the zone, only where a run begins and ends is sure to be described */
        arena_describe(page + rest);
        arena_describe(page + rest - 1);
        run_resize(page, rest);
        page += rest;
    }
    ouro_port_unpoison(page_address(page), PAGE_BYTES);
    return page;
}

uint32_t arena_take(uint32_t count)
{
    struct arena *arena = &ouro_heap->arena;
    uint32_t page = run_find(count);
    if (page != NO_PAGE) {
        uint32_t rest = run_at(page)->count - count; /* run_remove() checks it */
        run_remove(page);
        if (rest) { /* in the zone, only where a run begins and ends is sure to be described */
            arena_describe(page + count - 1);
            arena_describe(page + count);
            run_insert(page + count, rest);
        }
    } else {
        if (count > arena_top() - arena->mark) return NO_PAGE;
        page = arena->mark;
        arena->mark += count;
    }
    ouro_port_unpoison(page_address(page), (size_t)count << PAGE_SHIFT);
    return page;
}

SELDOM void arena_give(uint32_t page, uint32_t count)
{
    struct arena *arena = &ouro_heap->arena;
    ouro_assert(page + count <= arena->pages);
    ouro_port_poison(page_address(page), (size_t)count << PAGE_SHIFT);
    uint32_t before = 0;
    if (page > 0 && arena->side[page - 1] == PAGE_FREE) before = *run_footer(page - 1, 1);
    if (page + count == arena->mark) {
        if (before) run_remove(page - before);
        arena->mark = page - before;
        return;
    }
    if (arena->side[page + count] == PAGE_FREE) {
        uint32_t after = run_at(page + count)->count;
        run_remove(page + count);
        count += after;
    }
    if (before)
        run_resize(page - before, before + count);
    else
        run_insert(page, count);
}

uint32_t arena_run_pages(uint32_t page) { return run_at(page)->count; }

void arena_take_run(uint32_t page)
{
    uint32_t count = run_at(page)->count;
    run_remove(page);
    ouro_heap->arena.side[page] = ouro_heap->arena.side[page + count - 1] = PAGE_TAIL;
}

SELDOM void arena_describe(uint32_t page)
{
    struct arena *arena = &ouro_heap->arena;
    uint32_t first = page & ~31u;
    if (arena_describes(page)) return;
    uint8_t *at = arena->side + (first < arena->mark ? arena->mark : first);
    uint8_t *end = arena->side + first + 32; /* aligned, as the side table is */
    for (; (uintptr_t)at % sizeof(uint32_t) != 0; at++) *at = PAGE_BLOCKS;
    for (volatile uint32_t *word = (void *)at; (uint8_t *)(uintptr_t)word < end;)
        *word++ = PAGE_BLOCKS * 0x01010101u; /* volatile: see arena_init() */
    ouro_heap->runs.lent[page >> 10] = arena_lent(page) | 1u << (page >> 5 & 31);
    ouro_heap->runs.lent_words |= 1u << (page >> 10);
}

SELDOM uint32_t arena_longest_run(void)
{
    struct runs *runs = &ouro_heap->runs;
    const struct arena *arena = &ouro_heap->arena;
    uint32_t longest = arena_top() - arena->mark;
    uint32_t at = runs->bins ? runs->run[bin_of(runs->bins)] : 0;
    for (unsigned i = 0; at && i < RUNS_LOOKED_AT; i++, at = run_at(at - 1)->next)
        if (run_at(at - 1)->count > longest) longest = run_at(at - 1)->count;
    return longest;
}

SELDOM const char *arena_verify_run(uint32_t page)
{
    const struct arena *arena = &ouro_heap->arena;
    if (!arena_describes(page)) return "A2: run past mark";
    const struct run *run = run_at(page);
    uint32_t behind = page + run->count, next = run->next, prev = run->prev;
    if (run->count == 0 || run->count > arena->pages || !arena_describes(behind))
        return "A2: run past mark";
    if ((next && !arena_describes(next - 1)) || (prev && !arena_describes(prev - 1)))
        return "A2: run past mark";
    if (prev ? bin_of(run_at(prev - 1)->count | 1u) != bin_of(run->count)
             : ouro_heap->runs.run[bin_of(run->count)] != page + 1)
        return "A3: run's bin";
    if ((prev && run_at(prev - 1)->next != page + 1) ||
        (next && run_at(next - 1)->prev != page + 1))
        return "A4: run's back link";
    if (*run_footer(page, run->count) != run->count) return "A5: run's footer";
    if (arena->side[page] != PAGE_FREE) return "A6: run in use";
    if (arena->side[behind] == PAGE_FREE) return "A7: runs not merged";
    return NULL;
}

SELDOM const char *arena_verify_bin(unsigned bin)
{
    const struct runs *runs = &ouro_heap->runs;
    uint32_t first = runs->run[bin];
    if (!first != !(runs->bins >> bin & 1u)) return "A1: bin map";
    if (!first) return NULL;
    if (!arena_describes(first - 1)) return "A2: run past mark";
    const char *broken = arena_verify_run(first - 1);
    if (broken) return broken;
    return bin_of(run_at(first - 1)->count) == bin ? NULL : "A3: run's bin";
}

SELDOM const char *arena_verify(void)
{
    const struct arena *arena = &ouro_heap->arena;
    const char *broken = NULL;
    uint32_t free_pages = 0;
    for (unsigned bin = 0; bin < RUN_BINS && !broken; bin++) {
        broken = arena_verify_bin(bin);
        for (uint32_t at = ouro_heap->runs.run[bin]; at && !broken; at = run_at(at - 1)->next) {
            broken = arena_verify_run(at - 1);
            free_pages += run_at(at - 1)->count;
            if (free_pages > arena->mark + arena->pages - arena_top()) broken = "A8: ring of runs";
        }
    }
    if (broken) return broken;
    return free_pages == ouro_heap->runs.pages_free ? NULL : "A9: free pages";
}
