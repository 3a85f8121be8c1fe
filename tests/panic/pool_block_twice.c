/* SPDX-License-Identifier: MIT
 * pool_block_twice.c - a block of a handlers' pool is given back twice.
 * expect: a block was given back to its pool twice
 */
#include "ouro.h"
#include "t.h"

int main(void)
{
    static uint64_t memory[100];
    static struct ouro_isr_pool pool;
    ouro_isr_pool_init(&pool, memory, sizeof memory, 16);
    void *block = ouro_isr_pool_alloc(&pool);
    ouro_isr_pool_free(&pool, ouro_isr_pool_alloc(&pool));
    ouro_isr_pool_free(&pool, block);
    ouro_isr_pool_free(&pool, block);
    return 0;
}
