/* SPDX-License-Identifier: MIT
 * quarantine_block.c - a block is written to after it was given back, and before it is free.
 * expect 3: use after free: a block in quarantine was written to
 * also 3: ^memory 0x[0-9a-f]{8}: block at 0x[0-9a-f]{8}, bin 14, 112 bytes
 * also 3: , by 0x[0-9a-f]{8} main \(tests/panic/quarantine_block.c:15\)$
 */
#include "ouro.h"
#include "t.h"

int main(void)
{
    t_restart(SIZE_MAX);
    void *other = ouro_mem_alloc(10);
    char *block;
    block = ouro_mem_alloc(100);
    ouro_mem_free(block);
    block[0] = 'x';
    for (unsigned i = 0; i < 100; i++) ouro_mem_free(ouro_mem_alloc(300));
    return other == NULL;
}
