/* SPDX-License-Identifier: MIT
 * overrun_resized.c - a block that was written past its end is made smaller.
 * expect: a block was overrun */
#include <string.h>

#include "ouro.h"
#include "t.h"

int main(void)
{
    t_restart(SIZE_MAX);
    char *wall = ouro_mem_alloc(100), *block = ouro_mem_alloc(100);
    memset(block, 0, 112);
    (void)ouro_mem_resize(block, 10);
    return wall == block;
}
