/* SPDX-License-Identifier: MIT
 * free_block.c - a block that was given back is written to; its bin is refused.
 * expect: a free block was written to */
#include <string.h>

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
    memset(block, 0, 8);
    void *again = ouro_mem_alloc(100);
    return again == below;
}
