/* SPDX-License-Identifier: MIT
 * block_hot.h - taking and giving a block, inline: block.c and malloc.c each have it without a
 * call.
 *
 * Every instruction counts here; what is seldom needed is called. */
#ifndef OURO_RUNTIME_BLOCK_HOT_H
#define OURO_RUNTIME_BLOCK_HOT_H

#include "block_bins.h"

static inline uint32_t granules_for(size_t bytes)
{
    enum { MORE = REDZONE_BYTES + BLOCK_HEADER_BYTES + GRANULE_BYTES - 1 };
    uint32_t granules = (uint32_t)(bytes + MORE) >> GRANULE_SHIFT;
    return granules < BLOCK_LEAST ? BLOCK_LEAST : granules;
}

/* ---- taking ---- */

/* The first bin behind those of word `word` that holds a block; BINS if there is none. */
static inline unsigned bin_behind(const struct blocks *blocks, unsigned word)
{
#pragma GCC unroll 8
    while (++word < BIN_WORDS) {
        uint32_t bits = blocks->map[word];
        if (bits) return word * 32 + (unsigned)__builtin_ctz(bits);
    }
    return BINS;
}

/* The first bin of a block of at least `want` granules whose first block is large enough; BINS if
 * there is none.  Its own bin is tried first. */
BLIND static inline unsigned bin_for(const struct blocks *blocks, uint32_t want)
{
    unsigned bin = bin_of(want);
    if (want < BINS_EXACT) {
        uint32_t bits = blocks->map[0] >> bin;
        return bits ? bin + (unsigned)__builtin_ctz(bits) : bin_behind(blocks, 0);
    }
    uint32_t bits = blocks->map[bin / 32] >> bin % 32;
    if (bits & 1u && block_header(blocks->bin[bin]) >> BLOCK_SIZE_SHIFT < want) bits ^= 1u;
    return bits ? bin + (unsigned)__builtin_ctz(bits) : bin_behind(blocks, bin / 32);
}

/* Take the first block out of a bin. */
BLIND static inline uint8_t *bin_pop(struct blocks *blocks, unsigned bin)
{
    struct free_block **back = &blocks->bin[bin], *first = *back, *next = first->next;
    ouro_assert_at(first->back == back, first, "a free block was written to");
    *back = next;
    if (next) {
        ouro_assert_at(next->back == &first->next, first, "a free block was written to");
        next->back = back;
    } else {
        blocks->map[bin / 32] &= ~(1u << bin % 32);
    }
    return (uint8_t *)first;
}

/* From the virgin memory below the zone. */
static inline uint8_t *take_virgin(struct blocks *blocks, uint32_t want)
{
    const struct arena *arena = &ouro_heap->arena;
    uint8_t *limit = arena->base + ((size_t)arena->mark << PAGE_SHIFT) + BLOCK_REGION_OFFSET;
    if ((size_t)(blocks->bottom - limit) < (size_t)want << GRANULE_SHIFT) return NULL;
    return blocks->bottom -= (size_t)want << GRANULE_SHIFT;
}

BLIND static inline void *take(uint32_t want)
{
    struct heap *heap = ouro_heap;
    struct blocks *blocks = &heap->blocks;
    unsigned bin = bin_for(blocks, want);
    uint8_t *block;
    if (bin < BINS) {
        block = bin_pop(blocks, bin);
        uint32_t have = block_header(block) >> BLOCK_SIZE_SHIFT;
        if (OURO_CHECK >= 2) block_check_poison(block, want < have ? want : have);
        if (have - want >= BLOCK_LEAST) {
            free_write(blocks, block + ((size_t)want << GRANULE_SHIFT), have - want);
        } else {
            want = have;
            header_flip(block + ((size_t)have << GRANULE_SHIFT), BLOCK_BEFORE_FREE);
        }
    } else {
        block = take_virgin(blocks, want);
        if (!block) return NULL;
    }
    header_write(block, want << BLOCK_SIZE_SHIFT);
    heap_spend(heap, (size_t)want << GRANULE_SHIFT);
    return block;
}

static inline void *block_take_hot(size_t bytes)
{
    if (bytes > BLOCK_LARGEST || heap_refuses()) return NULL;
    uint32_t want = granules_for(bytes);
    void *block = take(want);
    if (!block) block = block_take_grown(want);
    if ((OURO_CHECK >= 2 || OURO_POISON) && block) block_mark(block, bytes);
    return block;
}

/* ---- giving ---- */

/* Is this the header of a live block of C code? */
static inline bool is_live(uint32_t word)
{
    enum { UNWANTED = (int)0xff000000 | BLOCK_FREE | BLOCK_OBJECT };
    return !(word & (uint32_t)UNWANTED) && word >= BLOCK_LEAST << BLOCK_SIZE_SHIFT;
}
/* May there be a block here? */
static inline bool is_place(const struct blocks *blocks, const uint8_t *block)
{
    return ((uintptr_t)block & (GRANULE_BYTES - 1)) == 0 &&
           (block >= blocks->bottom || block_is_in_region(block));
}

/* The block merges with the free one before it. */
BLIND static inline uint8_t *join_before(struct blocks *blocks, uint8_t *block, uint32_t *granules)
{
    uint32_t before = ((uint32_t *)(void *)block)[-2];
    if (OURO_CHECK >= 2)
        poison_write((uint32_t *)(void *)block - 2, 2 * sizeof(uint32_t)); /* is odd, so refused */
    else
        header_flip(block, BLOCK_FREE); /* for good: given back again, it is refused */
    block -= (size_t)before << GRANULE_SHIFT;
    bin_remove(blocks, (struct free_block *)(void *)block);
    *granules += before;
    return block;
}

BLIND static inline void block_give_hot(uint8_t *block)
{
    struct heap *heap = ouro_heap;
    struct blocks *blocks = &heap->blocks;
    ouro_require_at(is_place(blocks, block), block, "not a live block");
    uint32_t word = block_header(block), granules = word >> BLOCK_SIZE_SHIFT;
    if (!is_live(word)) {
        block_give_refused(block);
        return;
    }
    block_check(block);
    uint8_t *next = block + ((size_t)granules << GRANULE_SHIFT);
    uint32_t after = block_header(next);
    ouro_assert_at(after >> BLOCK_SEAL_SHIFT == 0, block, "a block was overrun");
    heap_earn(heap, (size_t)granules << GRANULE_SHIFT);
    block_poison(block, granules);
    if (after & BLOCK_FREE) {
        bin_remove(blocks, (struct free_block *)(void *)next);
        if (OURO_CHECK >= 2)
            poison_write(next - BLOCK_HEADER_BYTES, BLOCK_HEADER_BYTES + sizeof(struct free_block));
        granules += after >> BLOCK_SIZE_SHIFT;
        if (block == blocks->bottom) {
            blocks->bottom = block + ((size_t)granules << GRANULE_SHIFT);
            header_flip(blocks->bottom, BLOCK_BEFORE_FREE);
            return;
        }
    } else {
        if (block == blocks->bottom) {
            blocks->bottom = next;
            return;
        }
        header_flip(next, BLOCK_BEFORE_FREE);
    }
    if (word & BLOCK_BEFORE_FREE) block = join_before(blocks, block, &granules);
    free_write(blocks, block, granules);
    if (((uintptr_t)block & (PAGE_BYTES - 1)) == BLOCK_REGION_OFFSET) block_shrink(block);
}

#endif
