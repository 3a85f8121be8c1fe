/* SPDX-License-Identifier: MIT
 * block_bins.h - the bins of free blocks, shared by the files of the block layer alone.
 *
 *     header | next | back | ...                           | granules | header of the next block
 *              named by this address                         again
 *
 * A bin is a ring of free blocks that its head closes, so that a block leaves it without looking it
 * up, and without a branch. */
#ifndef OURO_RUNTIME_BLOCK_BINS_H
#define OURO_RUNTIME_BLOCK_BINS_H

#include "block.h"
#include "redzone.h"

enum {
    /* Of a free block: header, links, and the size again. */
    BLOCK_OVERHEAD_BYTES = BLOCK_HEADER_BYTES + sizeof(struct free_block) + sizeof(uint32_t),
    /* Granules of the smallest block. */
    BLOCK_LEAST = (BLOCK_OVERHEAD_BYTES + GRANULE_BYTES - 1) / GRANULE_BYTES,
};

#define BLOCKS_NOWHERE (UINTPTR_MAX / GRANULE_BYTES - (1u << BLOCK_FLAGS_SHIFT))

/* While a program traces, no block seems to be above the bottom, so that each goes back by
 * block_give_low(). */
static inline void bottom_set(struct heap *heap, void *block)
{
    heap->blocks.bottom = block;
    block_root.above_bottom =
        heap->gc.is_traced ? BLOCKS_NOWHERE : ((uintptr_t)block >> GRANULE_SHIFT) + 1;
}

/* The flags of a header and its seal; 0: a live block, whatever is before it in use. */
#define FLAGS(word) ((word) >> BLOCK_FLAGS_SHIFT)

/* The large bin of a size: two for each power of 2. */
static inline unsigned bin_of_large(uint32_t granules)
{
    unsigned shift = 30u - (unsigned)__builtin_clz(granules);
    return 2 * shift + (granules >> shift) - 10;
}

static inline unsigned bin_of(uint32_t granules)
{
    return granules < BINS_EXACT ? granules : BINS_EXACT + bin_of_large(granules);
}
static inline struct free_block *bin_for(const struct blocks *blocks, uint32_t granules)
{
    return &blocks->exact_bin[bin_of(granules)]; /* the large ones follow them */
}

BLIND static inline void header_write(void *block, uint32_t word)
{
    ((uint32_t *)block)[-1] = word ^ block_seal(block);
}
BLIND static inline void header_flip(void *block, uint32_t flags)
{
    ((uint32_t *)block)[-1] ^= flags;
}

/* May a link name it, a free block or the head of a bin?  One comparison tells what is misaligned
 * or outside the arena. */
static inline bool is_link_place(const struct heap *heap, const void *link)
{
    enum { ROTATED = 8 * sizeof(uintptr_t) - GRANULE_SHIFT };
    uintptr_t at = (uintptr_t)link - (uintptr_t)heap;
    return (at >> GRANULE_SHIFT | at << ROTATED) < heap->arena.granules;
}

/* A free block that leaves its bin: its links lead into the arena. */
void block_check_links(const struct free_block *block);
/* What lies before a block says that it is free and of so many granules. */
void block_check_before(const uint8_t *block, uint32_t granules);

/* Are both links to the block right?  Their sum is: cheaper than to compare twice, and no weaker.
 */
static inline bool names_it(const void *block, const void *one, const void *two)
{
    return (uintptr_t)one + (uintptr_t)two == 2 * (uintptr_t)block;
}

/* Unlink a free block; what its links name must name it.  True: its bin is empty now. */
BLIND static inline bool bin_unlink(struct free_block *block)
{
    struct free_block *next = block->next, *back = block->back;
    if (OURO_CHECK >= 2) block_check_links(block);
    ouro_assert_at(names_it(block, back->next, next->back), block, "a free block was written to");
    back->next = next;
    next->back = back;
    return next == back;
}

BLIND static inline void bin_remove(struct blocks *blocks, struct free_block *block,
                                    uint32_t granules)
{
    struct free_block *head = block->next;
    if (!bin_unlink(block)) return;
    if (granules < BINS_EXACT)
        blocks->exact &= ~(1u << granules);
    else
        blocks->large &= ~(1u << (head - blocks->large_bin));
}

/* The same for the first block of a bin: so nothing that its back link might name is read. */
BLIND static inline bool bin_pop(const struct heap *heap, struct free_block *head,
                                 struct free_block *first)
{
    struct free_block *next = first->next;
    ouro_assert_at(first->back == head && is_link_place(heap, next) && next->back == first, first,
                   "a free block was written to");
    head->next = next;
    next->back = head;
    return next == head;
}

/* The first block of a bin begins elsewhere from now on. */
BLIND static inline void bin_move(const struct heap *heap, struct free_block *head,
                                  struct free_block *from, struct free_block *to)
{
    struct free_block *next = from->next;
    ouro_assert_at(from->back == head && is_link_place(heap, next) && next->back == from, from,
                   "a free block was written to");
    head->next = to;
    next->back = to;
    to->next = next;
    to->back = head;
}

/* Put a free block in a bin, whose bit the caller sets. */
BLIND static inline void bin_push(struct free_block *head, struct free_block *block)
{
    struct free_block *next = head->next;
    block->next = next;
    block->back = head;
    next->back = block;
    head->next = block;
}
BLIND static inline void bin_push_exact(struct blocks *blocks, void *block, uint32_t granules)
{
    blocks->exact |= 1u << granules;
    bin_push(&blocks->exact_bin[granules], block);
}
BLIND static inline void bin_push_large(struct blocks *blocks, void *block, uint32_t granules)
{
    unsigned bin = bin_of_large(granules);
    blocks->large |= 1u << bin;
    bin_push(&blocks->large_bin[bin], block);
}

/* What a free block says of its size. */
BLIND static inline void free_describe(void *at, uint32_t granules)
{
    header_write(at, granules | BLOCK_FREE);
    ((uint32_t *)(void *)((uint8_t *)at + ((size_t)granules << GRANULE_SHIFT)))[-2] = granules;
}

/* Make a free block of so many granules and put it in its bin.  The flag of the block behind it is
 * the caller's business. */
BLIND static inline void free_write(struct blocks *blocks, void *at, uint32_t granules)
{
    free_describe(at, granules);
    if (granules < BINS_EXACT)
        bin_push_exact(blocks, at, granules);
    else
        bin_push_large(blocks, at, granules);
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
/* Give a block back that lies at the zone's bottom or below it. */
void block_give_low(void *block);
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
/* The same for the header and the links of a free block that was merged with the one before. */
static inline void poison_header(uint8_t *block)
{
    poison_write(block - BLOCK_HEADER_BYTES, BLOCK_HEADER_BYTES + sizeof(struct free_block));
}

#endif
