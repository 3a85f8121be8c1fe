/* SPDX-License-Identifier: MIT
 * block.h - blocks of any size: what does not fit a cell, and plain memory for C code.
 *
 * Two-level segregated fit over granules (Masmano et al., ECRTS 2004), every operation O(1).  The
 * *zone* grows from the end of the arena downwards, a granule at a time, towards the pages of the
 * pools; what lies between is virgin and belongs to whoever asks first.  When it is used up, blocks
 * take free runs of pages, as *regions* of their own, and pools borrow a page from a free block.
 *
 * A block is named by its payload, 8-byte aligned.  Its header is the word before. */
#ifndef OURO_RUNTIME_BLOCK_H
#define OURO_RUNTIME_BLOCK_H

#include "arena.h"

enum {
    BLOCK_FLAGS_SHIFT = 21, /* below: granules from header to header; 0: the end of a region */
    BLOCK_FREE = 1 << 21,   /* flags of a header */
    BLOCK_BEFORE_FREE =
        2 << 21,              /* the one before is free: its size is the word before this header */
    BLOCK_OBJECT = 4 << 21,   /* holds a large object, which C code must not give back */
    BLOCK_END = BLOCK_OBJECT, /* what ends a region */
    BLOCK_SEAL_SHIFT = 24, /* above: a seal, which depends on the address: no other word passes */
    BLOCK_HEADER_BYTES = 4,
    BLOCK_LARGEST = 16 * 1024 * 1024 - 64,
    BLOCK_REGION_OFFSET = 8, /* of a region's first block in its first page */
};

/* What seals and unseals a block's header. */
static inline uint32_t block_seal(const void *block)
{
    return (uint32_t)(uintptr_t)block << BLOCK_FLAGS_SHIFT;
}
/* A block's header, its seal taken off: what is above BLOCK_SEAL_SHIFT is 0 if it is one. */
BLIND static inline uint32_t block_header(const void *block)
{
    return ((const uint32_t *)block)[-1] ^ block_seal(block);
}
static inline uint32_t block_granules(const void *block)
{
    return block_header(block) & ((1u << BLOCK_FLAGS_SHIFT) - 1);
}
/* Bytes from header to header: what the arena spends on it. */
static inline size_t block_bytes(const void *block)
{
    return (size_t)block_granules(block) << GRANULE_SHIFT;
}
static inline void *block_next(const void *block)
{
    return (uint8_t *)(uintptr_t)block + block_bytes(block);
}

/* A block just taken is an object's from now on; one about to be given back is no longer. */
BLIND static inline void block_flip_object(void *block) { ((uint32_t *)block)[-1] ^= BLOCK_OBJECT; }

/* Does it hold a large object?  It must be in use; the end of a region holds none. */
static inline bool block_is_object(const void *block)
{
    bool is_marked = (block_header(block) & BLOCK_OBJECT) != 0;
    return block_bytes(block) && is_marked != (block == ouro_heap->blocks.pin);
}

/* Outside the arena: giving a block back looks at both, and giving NULL back needs no heap. */
struct block_root {
    struct heap *heap;      /* by its other name ouro_heap */
    uintptr_t above_bottom; /* the granule behind blocks.bottom, from address 0; before ouro_init(),
                             * and while a program traces, one that no block lies above */
};
extern struct block_root block_root;

/* How many heads of bins free blocks of fewer granules than this need. */
uint32_t block_bins(uint32_t granules);

/* Nothing handed out; the zone's end is `end`.  O(bins). */
void block_init(void *end, struct free_block *bin, uint32_t bins);

/* Tracing begins or has ended. */
void block_trace(void);

/* A block of at least `bytes`, uninitialised; NULL if there is no room.  O(1). */
void *block_take(size_t bytes);
/* The same at a multiple of `alignment`, a power of 2.  O(1). */
void *block_take_aligned(size_t alignment, size_t bytes);

/* Give a block back; panics if it is no live one.  O(1). */
void block_give(void *block);

/* Make a block smaller, or larger at the cost of the free one behind it.  False: it has no room and
 * is as it was.  O(1). */
bool block_resize(void *block, size_t bytes);

/* Is a block that is not free in quarantine (CHECK=3)? */
bool block_waits(const void *block);

/* Panic unless it is a live block that C code was given. */
void block_require(void *block);

/* Payload bytes that may be used. */
size_t block_room(const void *block);

/* Bytes, from header to header, of the longest block that block_take() would find.  O(1). */
size_t block_longest(void);

/* A page out of a free block, for a pool; NO_PAGE if there is none.  O(1). */
uint32_t block_lend_page(void);

/* First page after what begins at this one: a page of a pool, a run, or blocks.  Starting with 0,
 * it visits everything up to `arena.pages`, that page included: the zone may be as small.
 * O(blocks). */
uint32_t block_skip(uint32_t page);
/* The first block of what begins at this page, or NULL. */
void *block_first(uint32_t page);

/* NULL, or which invariant of the blocks is broken.  O(blocks). */
const char *block_verify(void);
/* The same for one block, behind a free one or not, and for the head of a bin.  O(1), and from
 * CHECK=2 on the bytes of a red zone, and some of a free block's poison. */
const char *block_verify_one(const void *block, bool was_free);
const char *block_verify_bin(unsigned bin);

/* Keep the place of a block in use: until block_unpin(), giving it back takes the slow way, which
 * moves the pin to a block behind it, or to a page if there is none.  False if it is none. */
bool block_pin(void *block);
/* The block that is pinned, no longer so; NULL if there is none. */
void *block_unpin(void);
/* It cannot be given back: because it is pinned, and is no longer so; or this panics. */
void block_refused(void *block);

#endif
