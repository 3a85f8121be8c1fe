/* SPDX-License-Identifier: MIT
 * pool_block_never.c - a block that a handlers' pool has not handed out yet is given back.
 * expect: not a block of this pool
 */
#include "ouro.h"
#include "t.h"

int main(void)
{
    static uint64_t memory[100];
    static struct ouro_isr_pool pool;
    ouro_isr_pool_init(&pool, memory, sizeof memory, 16);
    uint8_t *block = ouro_isr_pool_alloc(&pool);
    ouro_isr_pool_free(&pool, block + 16);
    return 0;
}
