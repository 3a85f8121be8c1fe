/* SPDX-License-Identifier: MIT
 * double_free.c - a raw block is given back twice.
 * expect 0: not a live block */
#include "ouro.h"
#include "t.h"

int main(void)
{
    t_restart(SIZE_MAX);
    void *block = ouro_mem_alloc(100);
    ouro_mem_free(block);
    ouro_mem_free(block);
    return 0;
}
