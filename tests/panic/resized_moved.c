/* SPDX-License-Identifier: MIT
 * resized_moved.c - a block is written to at the place that ouro_mem_resize moved it away from.
 * expect 3: use after free: a block in quarantine was written to
 * also 3: ^memory 0x[0-9a-f]{8}: block at 0x[0-9a-f]{8}, bin 14, 112 bytes
 */
#include "ouro.h"
#include "t.h"

int main(void)
{
    t_restart(SIZE_MAX);
    char *wall = ouro_mem_alloc(10), *block = ouro_mem_alloc(100);
    char *moved = ouro_mem_resize(block, 1000);
    block[50] = 'x';
    for (unsigned i = 0; i < 100; i++) ouro_mem_free(ouro_mem_alloc(300));
    return wall == moved;
}
