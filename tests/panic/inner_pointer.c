/* SPDX-License-Identifier: MIT
 * inner_pointer.c - the middle of a raw block is given back.
 * expect 0: not a live block */
#include "ouro.h"
#include "t.h"

int main(void)
{
    t_restart(SIZE_MAX);
    char *block = ouro_mem_alloc(4096);
    ouro_mem_free(block + 2048);
    return 0;
}
