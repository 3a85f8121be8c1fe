/* SPDX-License-Identifier: MIT
 * block_hot.h - taking and giving a block, inline: block.c and malloc.c each have it without a
 * call.
 *
 * Every instruction counts here; what is seldom needed is called. */
#ifndef OURO_RUNTIME_BLOCK_HOT_H
#define OURO_RUNTIME_BLOCK_HOT_H

#include "block_bins.h"

enum { GRANULES_MORE = REDZONE_BYTES + BLOCK_HEADER_BYTES + GRANULE_BYTES - 1 };

static inline uint32_t granules_for(size_t bytes)
{
    uint32_t granules = (uint32_t)(bytes + GRANULES_MORE) >> GRANULE_SHIFT;
    return granules < BLOCK_LEAST ? BLOCK_LEAST : granules;
}

/* ---- taking ---- */

/* From the virgin memory below the zone. */
static inline uint8_t *take_virgin(struct blocks *blocks, uint32_t want)
{
    const struct arena *arena = &ouro_heap->arena;
    uint8_t *limit = arena->base + ((size_t)arena->mark << PAGE_SHIFT) + BLOCK_REGION_OFFSET;
    if ((size_t)(blocks->bottom - limit) < (size_t)want << GRANULE_SHIFT) return NULL;
    bottom_set(ouro_heap, blocks->bottom - ((size_t)want << GRANULE_SHIFT));
    return blocks->bottom;
}

/* Take the first block out of a bin of many granules; what is left of it is a free block. */
BLIND __attribute__((always_inline)) static inline void *take_large(struct blocks *blocks,
                                                                    unsigned bit, uint32_t *want)
{
    struct free_block *head = &blocks->large_bin[bit], *first = head->next;
    uint8_t *block = (uint8_t *)first;
    uint32_t have = block_header(block) ^ BLOCK_FREE, rest = have - *want;
    uint8_t *behind = block + ((size_t)*want << GRANULE_SHIFT);
    if (OURO_CHECK >= 2) block_check_poison(block, *want);
    if (rest >= BINS_EXACT && bin_of_large(rest) == bit) {
        bin_move(ouro_heap, head, first, (struct free_block *)(void *)behind);
        free_describe(behind, rest);
        return block;
    }
    if (bin_pop(ouro_heap, head, first)) blocks->large &= ~(1u << bit);
    if (rest >= BLOCK_LEAST) {
        free_write(blocks, behind, rest);
    } else {
        *want = have;
        header_flip(block + ((size_t)have << GRANULE_SHIFT), BLOCK_BEFORE_FREE);
    }
    return block;
}

/* Take a block of fewer granules than BINS_EXACT. */
BLIND static inline void *take_exact(struct blocks *blocks, uint32_t *want)
{
    uint32_t bits = blocks->exact >> *want;
    if (!bits) {
        uint32_t large = blocks->large;
        return large ? take_large(blocks, (unsigned)__builtin_ctz(large), want)
                     : take_virgin(blocks, *want);
    }
    uint32_t rest = (uint32_t)__builtin_ctz(bits), have = *want + rest;
    struct free_block *head = &blocks->exact_bin[have], *first = head->next;
    uint8_t *block = (uint8_t *)first;
    if (OURO_CHECK >= 2) block_check_poison(block, *want);
    if (bin_pop(ouro_heap, head, first)) blocks->exact &= ~(1u << have);
    if (rest >= BLOCK_LEAST) {
        uint8_t *behind = block + ((size_t)*want << GRANULE_SHIFT);
        free_describe(behind, rest);
        bin_push_exact(blocks, behind, rest);
    } else {
        *want = have;
        header_flip(block + ((size_t)have << GRANULE_SHIFT), BLOCK_BEFORE_FREE);
    }
    return block;
}

/* The first block of the bin of `want` itself is tried before larger bins. */
BLIND static inline void *take_any(struct blocks *blocks, uint32_t *want)
{
    unsigned bit = bin_of_large(*want);
    uint32_t bits = blocks->large >> bit;
    if (bits & 1u && block_granules(blocks->large_bin[bit].next) < *want) bits ^= 1u;
    return bits ? take_large(blocks, bit + (unsigned)__builtin_ctz(bits), want)
                : take_virgin(blocks, *want);
}

BLIND static inline void *taken(struct heap *heap, void *block, uint32_t granules)
{
    header_write(block, granules);
    heap_spend(heap, (size_t)granules << GRANULE_SHIFT);
    return block;
}

BLIND static inline void *take(uint32_t want)
{
    struct blocks *blocks = &ouro_heap->blocks;
    void *block = want < BINS_EXACT ? take_exact(blocks, &want) : take_any(blocks, &want);
    return block ? taken(ouro_heap, block, want) : NULL;
}

static inline void *block_take_hot(size_t bytes)
{
    void *block;
    if (bytes > BLOCK_LARGEST || heap_refuses()) return NULL;
    uint32_t want = granules_for(bytes);
    block = take(want);
    if (!block) block = block_take_grown(want);
    if ((OURO_CHECK >= 2 || OURO_POISON) && block) block_mark(block, bytes);
    return block;
}

/* ---- giving ---- */

static inline bool is_aligned(const void *block)
{
    return ((uintptr_t)block & (GRANULE_BYTES - 1)) == 0;
}

#define UNLIKELY(e) __builtin_expect(e, 0)

/* Put a block that says it is free in its bin.  It may be all of a region. */
BLIND static inline void give_merged(struct blocks *blocks, uint8_t *block, uint32_t granules)
{
    const uint8_t *next = block + ((size_t)granules << GRANULE_SHIFT);
    ((uint32_t *)(void *)(uintptr_t)next)[-2] = granules;
    if (granules < BINS_EXACT) {
        bin_push_exact(blocks, block, granules);
        return;
    }
    bin_push_large(blocks, block, granules);
    if (((uintptr_t)block & (PAGE_BYTES - 1)) == BLOCK_REGION_OFFSET &&
        next != ouro_heap->arena.end && block_granules(next) == 0)
        block_shrink(block);
}

/* What lies behind a block that is given back: how many granules to merge with it. */
BLIND static inline uint32_t give_before(struct blocks *blocks, uint8_t *next, uint32_t sealed)
{
    uint32_t word = sealed ^ block_seal(next);
    if (FLAGS(word) == FLAGS(BLOCK_FREE)) {
        word ^= BLOCK_FREE;
        bin_remove(blocks, (struct free_block *)(void *)next, word);
        if (OURO_CHECK >= 2) poison_header(next);
        return word;
    }
    ouro_assert_at(word >> BLOCK_SEAL_SHIFT == 0, next, "a block was overrun");
    ((uint32_t *)(void *)next)[-1] = sealed | BLOCK_BEFORE_FREE;
    return 0;
}

/* Give back a block behind a free one. */
BLIND static inline void give_behind_free(struct blocks *blocks, uint8_t *block, uint32_t granules,
                                          uint32_t sealed)
{
    uint32_t *header = (uint32_t *)(void *)block - 1, before = header[-1];
    uint8_t *next = block + ((size_t)granules << GRANULE_SHIFT);
    block_check(block);
    if (OURO_CHECK >= 2) block_check_before(block, before);
    block_poison(block, granules);
    granules += give_before(blocks, next, ((uint32_t *)(void *)next)[-1]);
    if (OURO_CHECK >= 2)
        poison_write(header - 1, 2 * sizeof *header); /* it says FREE, so it is refused */
    else
        *header = sealed | BLOCK_FREE; /* for good: given back again, it is refused */
    block -= (size_t)before << GRANULE_SHIFT;
    bin_remove(blocks, (struct free_block *)(void *)block, before);
    granules += before;
    header_write(block, granules | BLOCK_FREE);
    give_merged(blocks, block, granules);
}

/* Give a block back that lies above the zone's bottom or in a region. */
BLIND static inline void give(struct heap *heap, uint8_t *block, int32_t headroom)
{
    struct blocks *blocks = &heap->blocks;
    uint32_t *header = (uint32_t *)(void *)block - 1, sealed = *header;
    uint32_t granules = sealed ^ block_seal(block);
    if (UNLIKELY(FLAGS(granules) != 0)) {
        if (FLAGS(granules) != FLAGS(BLOCK_BEFORE_FREE)) {
            block_give_refused(block);
            return;
        }
        granules ^= BLOCK_BEFORE_FREE;
        heap->headroom = headroom + (int32_t)(granules << GRANULE_SHIFT);
        give_behind_free(blocks, block, granules, sealed);
        return;
    }
    uint8_t *next = block + ((size_t)granules << GRANULE_SHIFT);
    uint32_t *behind = (uint32_t *)(void *)next - 1, behind_sealed = *behind;
    block_check(block);
    heap->headroom = headroom + (int32_t)(granules << GRANULE_SHIFT);
    block_poison(block, granules);
    if (UNLIKELY(FLAGS(behind_sealed ^ block_seal(next)) != 0)) {
        uint32_t more = give_before(blocks, next, behind_sealed);
        *header = (sealed + more) | BLOCK_FREE;
        give_merged(blocks, block, granules + more);
        return;
    }
    *header = sealed | BLOCK_FREE;
    *behind = behind_sealed | BLOCK_BEFORE_FREE;
    behind[-1] = granules;
    if (granules < BINS_EXACT)
        bin_push_exact(blocks, block, granules);
    else
        bin_push_large(blocks, block, granules);
}

/* One comparison tells what is misaligned, below the zone or far above it from the rest. */
BLIND static inline void block_give_hot(uint8_t *block)
{
    enum { ROTATED = 8 * sizeof(uintptr_t) - GRANULE_SHIFT, MOST = 1 << BLOCK_FLAGS_SHIFT };
    struct heap *heap = block_root.heap;
    uintptr_t granule = (uintptr_t)block >> GRANULE_SHIFT | (uintptr_t)block << ROTATED;
    if (UNLIKELY(granule - block_root.above_bottom >= MOST)) {
        block_give_low(block);
        return;
    }
    give(heap, block, heap->headroom);
}

#endif
