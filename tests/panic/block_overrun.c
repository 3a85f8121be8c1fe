/* SPDX-License-Identifier: MIT
 * block_overrun.c - a block is written past its end, over the header of the next.
 * expect: a block was overrun
 * also 2: ^memory 0x[0-9a-f]{8}: block at 0x[0-9a-f]{8}, .*, red zone overwritten, perhaps by
 */
#include <string.h>

#include "ouro.h"
#include "t.h"

int main(void)
{
    t_restart(SIZE_MAX);
    void *next = ouro_mem_alloc(100);
    char *block = ouro_mem_alloc(100); /* blocks come from the top downwards */
    memset(block, 0x55, 112);
    ouro_mem_free(block);
    return next == NULL;
}
