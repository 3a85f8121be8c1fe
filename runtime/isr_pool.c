/* SPDX-License-Identifier: MIT
 * isr_pool.c - blocks of one size, for interrupt handlers and the main loop at once.
 *
 * The free blocks are a stack: one word names the top block, an array of 16-bit numbers the block
 * below each.  The two operations that must not be torn, ouro_port_pop() and ouro_port_push(), are
 * the architecture's; what is done to a block outside them is done by its only owner.  The same
 * word counts the blocks that were ever taken, in its upper half: a block is taken for the first
 * time only when no other is free, so that this count is the peak, and starting needs no loop. */
#include "check.h"
#include "ouro/isr.h"

enum { IN_USE = 0xffff, BLOCKS_MOST = 0xfffe, COUNT_SHIFT = 16, REFUSALS_MOST = 0xffff };

uint32_t ouro_isr_pool_init(struct ouro_isr_pool *pool, void *memory, size_t bytes,
                            size_t block_bytes)
{
    size_t block = (block_bytes + 7u) & ~(size_t)7u, count = 0;
    ouro_require_that(((uintptr_t)memory & 7u) == 0, "a pool's memory must be 8-byte aligned");
    ouro_require_that(block_bytes > 0 && block >= block_bytes, "a pool's blocks have no size");
    if (bytes > sizeof(uint16_t)) count = (bytes - sizeof(uint16_t)) / (block + sizeof(uint16_t));
    if (count > BLOCKS_MOST) count = BLOCKS_MOST;
    pool->stack = pool->refusals = 0;
    pool->blocks = memory;
    pool->block_bytes = (uint32_t)block;
    pool->count = (uint32_t)count;
    pool->below = (uint16_t *)(void *)(pool->blocks + count * block);
    return pool->count;
}

void *ouro_isr_pool_alloc(struct ouro_isr_pool *pool)
{
    uint32_t number = ouro_port_pop(&pool->stack, pool->below, pool->count);
    if (number == 0) {
        /* Nothing is ever on this stack: its upper half counts up to a limit. */
        ouro_port_pop(&pool->refusals, pool->below, REFUSALS_MOST);
        return NULL;
    }
    pool->below[number] = IN_USE;
    return pool->blocks + (size_t)(number - 1) * pool->block_bytes;
}

void ouro_isr_pool_free(struct ouro_isr_pool *pool, void *block)
{
    if (!block) return;
    uintptr_t offset = (uintptr_t)block - (uintptr_t)pool->blocks;
    uintptr_t index = offset / pool->block_bytes;
    ouro_assert_that(index < pool->stack >> COUNT_SHIFT && index * pool->block_bytes == offset,
                     "not a block of this pool");
    uint32_t number = (uint32_t)index + 1u;
    ouro_assert_that(pool->below[number] == IN_USE, "a block was given back to its pool twice");
    ouro_port_push(&pool->stack, pool->below, number);
}

void ouro_isr_pool_get_stats(const struct ouro_isr_pool *pool, struct ouro_isr_pool_stats *stats)
{
    stats->blocks = pool->count;
    stats->peak = pool->stack >> COUNT_SHIFT;
    stats->refusals = pool->refusals >> COUNT_SHIFT;
}
