/* SPDX-License-Identifier: MIT
 * link_merged.c - a link of a free block leads where no memory is; its neighbour is given back.
 * expect 2: a free block was written to
 * also 2: ^memory 0x[0-9a-f]{8}: free block at 0x[0-9a-f]{8}
 */
#include "ouro.h"
#include "quarantine.h"
#include "t.h"

int main(void)
{
    t_restart(SIZE_MAX);
    void **block = ouro_mem_alloc(100), *below = ouro_mem_alloc(100);
    void *lowest = ouro_mem_alloc(8);
    ouro_mem_free(block);
    quarantine_flush();
    block[1] = (char *)below + 0x10000000;
    ouro_mem_free(below);
    quarantine_flush();
    return lowest == NULL;
}
