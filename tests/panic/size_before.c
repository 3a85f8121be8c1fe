/* SPDX-License-Identifier: MIT
 * size_before.c - the last word of a free block, its size, is written to; the block behind it is
 * given back.
 * expect 2: a free block was written to
 * also 2: ^memory 0x[0-9a-f]{8}: free block at 0x[0-9a-f]{8}
 */
#include "block.h"
#include "ouro.h"
#include "quarantine.h"
#include "t.h"

int main(void)
{
    t_restart(SIZE_MAX);
    void *behind = ouro_mem_alloc(100);
    uint32_t *block = ouro_mem_alloc(100);
    void *below = ouro_mem_alloc(8);
    ouro_mem_free(block);
    quarantine_flush();
    block[block_bytes(block) / sizeof *block - 2] = 0x10000000;
    ouro_mem_free(behind);
    quarantine_flush();
    return below == NULL;
}
