/* SPDX-License-Identifier: MIT
 * link_zero.c - the link of a free block to the next one of its bin becomes 0.
 * expect: a free block was written to
 * also: ^memory 0x[0-9a-f]{8}: free block at 0x[0-9a-f]{8}
 */
#include "ouro.h"
#include "quarantine.h"
#include "t.h"

int main(void)
{
    t_restart(SIZE_MAX);
    void **block = ouro_mem_alloc(100), *below = ouro_mem_alloc(100);
    ouro_mem_free(block);
    quarantine_flush();
    block[0] = NULL;
    return ouro_mem_alloc(100) == below;
}
