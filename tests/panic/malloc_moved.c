/* SPDX-License-Identifier: MIT
 * malloc_moved.c - a block is written to at the place that realloc moved it away from.
 * expect 3: use after free: a block in quarantine was written to
 * also 3: , by 0x[0-9a-f]{8} main \(tests/panic/malloc_moved.c:16\)$
 */
#include <stdlib.h>

#include "t.h"

int main(void)
{
    t_restart(SIZE_MAX);
    char *wall = malloc(10);
    char *block;
    char *moved;
    block = malloc(100);
    moved = realloc(block, 1000);
    block[50] = 'x'; /* NOLINT(clang-analyzer-unix.Malloc): on purpose */
    for (unsigned i = 0; i < 100; i++) free(malloc(300));
    return wall == moved;
}
