/* SPDX-License-Identifier: MIT
 * block_bins.h - the bins of free blocks, shared by the files of the block layer alone.
 *
 *     header | next | back | ...                           | granules | header of the next block
 *              named by this address                         again
 *
 * A free block knows the pointer that points to it, so that it leaves its bin in O(1) and without
 * looking its bin up. */
#ifndef OURO_RUNTIME_BLOCK_BINS_H
#define OURO_RUNTIME_BLOCK_BINS_H

#include "block.h"
#include "redzone.h"

struct free_block {
    struct free_block *next, **back; /* *back == this */
};

enum {
    /* Of a free block: header, links, and the size again. */
    BLOCK_OVERHEAD_BYTES = BLOCK_HEADER_BYTES + sizeof(struct free_block) + sizeof(uint32_t),
    /* Granules of the smallest block. */
    BLOCK_LEAST = (BLOCK_OVERHEAD_BYTES + GRANULE_BYTES - 1) / GRANULE_BYTES,
    BINS_EXACT = 2 << BIN_BITS, /* granules: below, each number has a bin */
};

static inline unsigned bin_of(uint32_t granules)
{
    if (granules < BINS_EXACT) return granules;
    unsigned shift = 31u - BIN_BITS - (unsigned)__builtin_clz(granules);
    return (shift << BIN_BITS) + (granules >> shift);
}

BLIND static inline void header_write(void *block, uint32_t word)
{
    ((uint32_t *)block)[-1] = word ^ (uint32_t)(uintptr_t)block << 21;
}
BLIND static inline void header_flip(void *block, uint32_t flags)
{
    ((uint32_t *)block)[-1] ^= flags;
}

BLIND static inline void bin_remove(struct blocks *blocks, struct free_block *block)
{
    struct free_block *next = block->next, **back = block->back;
    ouro_assert_at(*back == block && (!next || next->back == &block->next), block,
                   "a free block was written to");
    *back = next;
    if (next) {
        next->back = back;
        return;
    }
    size_t bin = (size_t)((uintptr_t)back - (uintptr_t)blocks->bin) / sizeof *back;
    if (bin >= BINS) return;
    blocks->map[bin / 32] &= ~(1u << bin % 32);
}

/* Put a free block in its bin. */
BLIND static inline void bin_push(struct blocks *blocks, struct free_block *block, unsigned bin,
                                  uint32_t *map)
{
    struct free_block **back = &blocks->bin[bin], *next = NULL;
    uint32_t bit = 1u << bin % 32, bits = *map;
    if (bits & bit) {
        next = *back;
        next->back = &block->next;
    }
    *map = bits | bit;
    block->next = next;
    block->back = back;
    *back = block;
}

/* Make a free block of so many granules and put it in its bin.  The flag of the block behind it is
 * the caller's business. */
BLIND static inline void free_write(struct blocks *blocks, void *at, uint32_t granules)
{
    header_write(at, granules << BLOCK_SIZE_SHIFT | BLOCK_FREE);
    ((uint32_t *)(void *)((uint8_t *)at + ((size_t)granules << GRANULE_SHIFT)))[-2] = granules;
    if (granules < BINS_EXACT) {
        bin_push(blocks, at, granules, &blocks->map[0]);
    } else {
        unsigned bin = bin_of(granules);
        bin_push(blocks, at, bin, &blocks->map[bin / 32]);
    }
}

/* ---- between block.c and block_region.c ---- */

/* block_give() of what is not live, or pinned. */
void block_give_refused(void *block);
/* take() again, for as long as free pages can be had. */
void *block_take_grown(uint32_t want);
/* Take a free block out of its bin. */
void block_remove(void *block);
/* Memory that nobody counts as used, `bytes` from header to header, becomes free. */
void block_release(void *block, size_t bytes, uint32_t flags);
/* Make room for `want` granules out of free pages.  False: there is none. */
bool block_grow(uint32_t want);
/* A free block begins where a region may: if it is all of it, its pages go back to the arena. */
void block_shrink(void *block);
/* Is the address in a region that lies below the zone? */
bool block_is_in_region(const void *block);

/* ---- what test builds add ---- */

/* The block was handed out for `bytes`. */
void block_mark_trailer(void *block, size_t bytes);
void block_check_trailer(const void *block);
/* A free block of which so much is about to be handed out: nobody wrote to it. */
void block_check_poison(const void *block, uint32_t granules);

static inline void block_mark(void *block, size_t bytes)
{
    if (OURO_CHECK >= 2) block_mark_trailer(block, bytes);
    if (OURO_POISON) {
        ouro_port_poison(block, block_bytes(block) - BLOCK_HEADER_BYTES);
        ouro_port_unpoison(block, bytes);
    }
}
static inline void block_check(const void *block)
{
    if (OURO_CHECK >= 2) block_check_trailer(block);
}
BLIND static inline void block_poison(void *block, uint32_t granules)
{
    size_t bytes = ((size_t)granules << GRANULE_SHIFT) - BLOCK_HEADER_BYTES;
    if (OURO_CHECK >= 2) poison_write(block, bytes);
    ouro_port_poison(block, bytes);
}

#endif
