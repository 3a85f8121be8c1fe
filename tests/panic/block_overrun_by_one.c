/* SPDX-License-Identifier: MIT
 * block_overrun_by_one.c - a byte is written behind a block, where nothing else lies.
 * expect 2: a block was overrun
 * also 2: ^memory 0x[0-9a-f]{8}: block at 0x[0-9a-f]{8}, bin 15, 120 bytes, .*asked for 101,
 * also 2: , by 0x[0-9a-f]{8} main \(tests/panic/block_overrun_by_one.c:15\)$
 */
#include "ouro.h"
#include "t.h"

int main(void)
{
    t_restart(SIZE_MAX);
    void *other = ouro_mem_alloc(10);
    char *block;
    block = ouro_mem_alloc(101);
    block[101] = 0;
    ouro_mem_free(block);
    return other == NULL;
}
