/* SPDX-License-Identifier: MIT
 * free_block_later.c - a block that was given back is written to, behind its links.
 * expect 2: use after free: a free block was written to
 * also 2: ^memory 0x[0-9a-f]{8}: free block at 0x[0-9a-f]{8}, bin 14, 112 bytes
 */
#include "ouro.h"
#include "quarantine.h"
#include "t.h"

int main(void)
{
    t_restart(SIZE_MAX);
    char *block = ouro_mem_alloc(100);
    void *below = ouro_mem_alloc(100);
    ouro_mem_free(block);
    quarantine_flush();
    block[50] = 0;
    for (unsigned i = 0; i < 200; i++) below = ouro_mem_alloc(100);
    return below == NULL;
}
