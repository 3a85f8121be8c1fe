/* SPDX-License-Identifier: MIT
 * block.c - taking, giving and resizing blocks: two-level segregated fit.
 *
 * Free blocks are in bins by size: one for each number of granules below 32, then 2 for each power
 * of 2.  A word of bits for each kind finds the next bin that holds any.  The first block of the
 * bin that the size itself belongs to is tried before larger bins, which saves space. */
#include "block.h"

#include "block_hot.h"
#include "tracemalloc.h"

struct block_root block_root = {NULL, BLOCKS_NOWHERE};
/* ouro_heap is its first word.  By its name in the object file: of one size with the other, or the
 * sanitizer fences it off within that. */
extern struct block_root heap_root __asm__("ouro_heap") __attribute__((alias("block_root")));

uint32_t block_bins(uint32_t granules) { return bin_of(granules - 1) + 1; }

void block_trace(void) { bottom_set(ouro_heap, ouro_heap->blocks.bottom); }

void block_init(void *end, struct free_block *bin, uint32_t bins)
{
    struct blocks *blocks = &ouro_heap->blocks;
    bottom_set(ouro_heap, end);
    header_write(end, BLOCK_END);
    blocks->exact_bin = bin;
    blocks->large_bin = bin + BINS_EXACT;
    for (; bins > 0; bins--, bin++) bin->next = bin->back = bin;
}

void *block_take(size_t bytes) { return block_take_hot(bytes); }
void block_give(void *block) { block_give_hot(block); }

/* ---- what is called less often ---- */

SELDOM void *block_take_grown(uint32_t want)
{
    void *block = NULL;
    while (!block && block_grow(want)) block = take(want);
    return block;
}

/* At the bottom of the zone a block becomes virgin memory again, with the free one behind it. */
BLIND void block_give_low(void *block)
{
    struct heap *heap = ouro_heap;
    struct blocks *blocks = &heap->blocks;
    if (!block) return;
    ouro_require_that(heap, "ouro_init has not run");
    if (heap->tracer) {
        block_require(block);
        trace_remove(block, block_bytes(block));
    }
    if (block != blocks->bottom) {
        if (!heap->tracer)
            ouro_require_at(is_aligned(block) && block_is_in_region(block), block,
                            "not a live block");
        give(heap, block, heap->headroom);
        return;
    }
    uint32_t granules = block_header(block);
    if (FLAGS(granules) != 0) {
        block_give_refused(block);
        return;
    }
    block_check(block);
    uint8_t *next = (uint8_t *)block + ((size_t)granules << GRANULE_SHIFT);
    uint32_t after = block_header(next);
    ouro_assert_at(after >> BLOCK_SEAL_SHIFT == 0, block, "a block was overrun");
    heap_earn(heap, (size_t)granules << GRANULE_SHIFT);
    block_poison(block, granules);
    if (after & BLOCK_FREE) {
        bin_remove(blocks, (struct free_block *)(void *)next, after ^ BLOCK_FREE);
        if (OURO_CHECK >= 2) poison_header(next);
        next += (size_t)(after ^ BLOCK_FREE) << GRANULE_SHIFT;
        header_flip(next, BLOCK_BEFORE_FREE);
    }
    bottom_set(ouro_heap, next);
}

SELDOM void block_give_refused(void *block)
{
    block_refused(block);
    block_give(block);
}

SELDOM void block_require(void *block)
{
    ouro_require_at(is_aligned(block) &&
                        ((uint8_t *)block >= ouro_heap->blocks.bottom || block_is_in_region(block)),
                    block, "not a live block");
    if (FLAGS(block_header(block) & ~(uint32_t)BLOCK_BEFORE_FREE) != 0) block_refused(block);
    block_check(block);
}

SELDOM void block_remove(void *block)
{
    bin_remove(&ouro_heap->blocks, block, block_granules(block));
}

SELDOM void block_release(void *block, size_t bytes, uint32_t flags)
{
    header_write(block, (uint32_t)(bytes >> GRANULE_SHIFT) | flags);
    ouro_heap->headroom -= (int32_t)bytes; /* what block_give() adds; no peak */
    block_mark(block, 0);
    block_give(block);
}

BLIND SELDOM bool block_resize(void *payload, size_t bytes)
{
    struct heap *heap = ouro_heap;
    uint8_t *block = payload;
    if (bytes > BLOCK_LARGEST) return false;
    block_require(block);
    size_t want = (size_t)granules_for(bytes) << GRANULE_SHIFT, have = block_bytes(block);
    uint8_t *next = block + have;
    uint32_t before = block_header(block) & BLOCK_BEFORE_FREE;
    ouro_assert_at(block_header(next) >> BLOCK_SEAL_SHIFT == 0, block, "a block was overrun");
    if (want > have) {
        if (!(block_header(next) & BLOCK_FREE) || have + block_bytes(next) < want) return false;
        size_t more = block_bytes(next);
        block_remove(next);
        header_flip(next + more, BLOCK_BEFORE_FREE);
        have += more;
    }
    size_t had = block_bytes(block), rest = have - want;
    if (rest < BLOCK_LEAST << GRANULE_SHIFT) want = have;
    header_write(block, (uint32_t)(want >> GRANULE_SHIFT) | before);
    heap_earn(heap, had);
    heap_spend(heap, want);
    if (want < have) block_release(block + want, rest, 0);
    block_mark(block, bytes);
    return true;
}
