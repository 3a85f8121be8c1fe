/* SPDX-License-Identifier: MIT
 * foreign_pointer.c - memory that the arena never gave out is given back.
 * expect 0: not a live block */
#include "ouro.h"
#include "t.h"

static uint64_t buffer[8];

int main(void)
{
    t_restart(SIZE_MAX);
    ouro_mem_free(&buffer[2]);
    return 0;
}
