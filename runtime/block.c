/* SPDX-License-Identifier: MIT
 * block.c - taking, giving and resizing blocks: two-level segregated fit.
 *
 * Free blocks are in bins by size: one for each number of granules below 16, then 8 for each power
 * of 2.  A bit map of five words finds the next bin that holds any.  The first block of the bin
 * that the size itself belongs to is tried before larger bins, which costs 4 instructions and saves
 * space.  Nothing free touches another free block or virgin memory. */
#include "block.h"

#include "block_hot.h"

void block_init(void *end)
{
    struct blocks *blocks = &ouro_heap->blocks;
    blocks->bottom = end;
    header_write(end, 0);
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

SELDOM void block_give_refused(void *block)
{
    block_refused(block);
    block_give(block);
}

SELDOM void block_require(void *block)
{
    ouro_require_at(is_place(&ouro_heap->blocks, block), block, "not a live block");
    if (!is_live(block_header(block))) block_refused(block);
    block_check(block);
}

SELDOM void block_remove(void *block) { bin_remove(&ouro_heap->blocks, block); }

SELDOM void block_release(void *block, size_t bytes, uint32_t flags)
{
    header_write(block, (uint32_t)bytes | flags);
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
    header_write(block, (uint32_t)want | before);
    heap_earn(heap, had);
    heap_spend(heap, want);
    if (want < have) block_release(block + want, rest, 0);
    block_mark(block, bytes);
    return true;
}
