/* SPDX-License-Identifier: MIT
 * block.c - taking and giving blocks: two-level segregated fit.
 *
 * Free blocks are in bins by size: one for each number of granules below 16, then 8 for each power
 * of 2.  Two levels of bit maps find the next bin that holds any.  The first block of the bin that
 * the size itself belongs to is tried before larger bins, which costs 4 instructions and saves
 * space.  Nothing free touches another free block or virgin memory. */
#include "block.h"

#include <string.h>

#include "block_bins.h"

static inline uint32_t granules_for(size_t bytes)
{
    uint32_t granules =
        (uint32_t)(bytes + BLOCK_TRAILER_BYTES + BLOCK_HEADER_BYTES + GRANULE_BYTES - 1) >>
        GRANULE_SHIFT;
    return granules < BLOCK_LEAST ? BLOCK_LEAST : granules;
}

void block_init(void *end)
{
    struct blocks *blocks = &ouro_heap->blocks;
    blocks->bottom = end;
    header_write(end, 0);
}

/* ---- taking ---- */

/* A free block of at least `want` granules, still in its bin. */
BLIND static inline struct free_block *find(const struct blocks *blocks, uint32_t want)
{
    unsigned bin = bin_of(want), word = bin / 32;
    uint32_t bits = blocks->map[word] >> bin % 32;
    if (bits & 1u) {
        struct free_block *first = blocks->bin[bin];
        if (block_header(first) >> BLOCK_SIZE_SHIFT >= want) return first;
        bits &= ~1u;
    }
    if (bits) return blocks->bin[bin + (unsigned)__builtin_ctz(bits)];
    bits = blocks->summary >> word >> 1;
    if (!bits) return NULL;
    word += 1u + (unsigned)__builtin_ctz(bits);
    return blocks->bin[word * 32 + (unsigned)__builtin_ctz(blocks->map[word])];
}

/* `granules` become C's or an object's. */
BLIND static inline void *hand_out(uint8_t *block, uint32_t granules)
{
    struct heap *heap = ouro_heap;
    header_write(block, granules << BLOCK_SIZE_SHIFT);
    heap->used_bytes += (size_t)granules << GRANULE_SHIFT;
    if (heap->used_bytes > heap->peak_bytes) heap->peak_bytes = heap->used_bytes;
    return block;
}

/* From the virgin memory below the zone. */
static inline uint8_t *take_virgin(struct blocks *blocks, uint32_t want)
{
    const struct arena *arena = &ouro_heap->arena;
    uint8_t *limit = arena->base + ((size_t)arena->mark << PAGE_SHIFT) + BLOCK_REGION_OFFSET;
    if ((size_t)(blocks->bottom - limit) < (size_t)want << GRANULE_SHIFT) return NULL;
    return blocks->bottom -= (size_t)want << GRANULE_SHIFT;
}

BLIND static void *take(uint32_t want)
{
    struct blocks *blocks = &ouro_heap->blocks;
    struct free_block *found = find(blocks, want);
    if (!found) {
        uint8_t *block = take_virgin(blocks, want);
        return block ? hand_out(block, want) : NULL;
    }
    bin_remove(blocks, found);
    uint8_t *block = (uint8_t *)found;
    uint32_t have = block_header(block) >> BLOCK_SIZE_SHIFT;
    if (have - want >= BLOCK_LEAST) {
        free_write(blocks, block + ((size_t)want << GRANULE_SHIFT), have - want);
    } else {
        want = have;
        header_flip(block + ((size_t)have << GRANULE_SHIFT), BLOCK_BEFORE_FREE);
    }
    return hand_out(block, want);
}

void *block_take(size_t bytes)
{
    void *block;
    if (bytes > BLOCK_LARGEST) return NULL;
    uint32_t want = granules_for(bytes);
    do block = take(want);
    while (!block && block_grow(want));
    if (block) block_mark(block, bytes);
    return block;
}

/* ---- giving ---- */

/* The header of what must be a live block of C code. */
static inline uint32_t require(const uint8_t *block)
{
    enum { LEAST_WORD = BLOCK_LEAST << BLOCK_SIZE_SHIFT };
    ouro_require_that(((uintptr_t)block & (GRANULE_BYTES - 1)) == 0 &&
                          (block >= ouro_heap->blocks.bottom || block_is_in_region(block)),
                      "not a live block");
    uint32_t word = block_header(block);
    ouro_require_that(word - LEAST_WORD < (1u << BLOCK_SEAL_SHIFT) - LEAST_WORD &&
                          !(word & (BLOCK_FREE | BLOCK_OBJECT)),
                      "not a live block");
    block_check(block);
    return word;
}

/* The free block that is left when a block merges with the one before it. */
BLIND static inline uint8_t *join_before(struct blocks *blocks, uint8_t *block, uint32_t *granules)
{
    uint32_t before = ((uint32_t *)(void *)block)[-2];
    block -= (size_t)before << GRANULE_SHIFT;
    bin_remove(blocks, (struct free_block *)(void *)block);
    *granules += before;
    return block;
}

BLIND void block_give(void *payload)
{
    struct heap *heap = ouro_heap;
    struct blocks *blocks = &heap->blocks;
    uint8_t *block = payload;
    uint32_t word = require(block), granules = word >> BLOCK_SIZE_SHIFT;
    uint8_t *next = block + ((size_t)granules << GRANULE_SHIFT);
    uint32_t after = block_header(next);
    ouro_assert_that(after >> BLOCK_SEAL_SHIFT == 0, "a block was overrun");
    heap->used_bytes -= (size_t)granules << GRANULE_SHIFT;
    block_poison(block, granules);
    header_flip(block, BLOCK_FREE); /* for good: given back again, it is refused */
    if (after & BLOCK_FREE) {
        bin_remove(blocks, (struct free_block *)(void *)next);
        granules += after >> BLOCK_SIZE_SHIFT;
    }
    if (block == blocks->bottom) {
        blocks->bottom = block + ((size_t)granules << GRANULE_SHIFT);
        if (after & BLOCK_FREE) header_flip(blocks->bottom, BLOCK_BEFORE_FREE);
        return;
    }
    if (!(after & BLOCK_FREE)) header_flip(next, BLOCK_BEFORE_FREE);
    if (word & BLOCK_BEFORE_FREE) block = join_before(blocks, block, &granules);
    free_write(blocks, block, granules);
    if (((uintptr_t)block & (PAGE_BYTES - 1)) == BLOCK_REGION_OFFSET) block_shrink(block);
}

/* ---- what is called less often ---- */

SELDOM void block_require(const void *block) { (void)require(block); }

SELDOM void block_remove(void *block) { bin_remove(&ouro_heap->blocks, block); }

SELDOM void block_release(void *block, size_t bytes, uint32_t flags)
{
    header_write(block, (uint32_t)bytes | flags);
    ouro_heap->used_bytes += bytes;
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
    if (want > have) {
        if (!(block_header(next) & BLOCK_FREE) || have + block_bytes(next) < want) return false;
        size_t more = block_bytes(next);
        block_remove(next);
        header_flip(next + more, BLOCK_BEFORE_FREE);
        have += more;
        heap->used_bytes += more;
    }
    size_t rest = have - want;
    if (rest < BLOCK_LEAST << GRANULE_SHIFT) want = have;
    header_write(block, (uint32_t)want | before);
    if (want < have) {
        heap->used_bytes -= rest;
        block_release(block + want, rest, 0);
    }
    if (heap->used_bytes > heap->peak_bytes) heap->peak_bytes = heap->used_bytes;
    block_mark(block, bytes);
    return true;
}
