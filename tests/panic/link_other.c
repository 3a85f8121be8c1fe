/* SPDX-License-Identifier: MIT
 * link_other.c - the same link leads to a free block of another bin.
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
    void *other = ouro_mem_alloc(200), *wall = ouro_mem_alloc(8);
    ouro_mem_free(other);
    ouro_mem_free(block);
    quarantine_flush();
    block[0] = other;
    return ouro_mem_alloc(100) == below || !wall;
}
