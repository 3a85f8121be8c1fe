/* SPDX-License-Identifier: MIT
 * malloc_newlib.c - the traces on newlib's malloc, whose bins, about 1 KiB, are not in the arena.
 */
#include "bench/replay/replay.h"

void *_sbrk(ptrdiff_t bytes);

const char *const replay_prefixes[] = {"newlib.", NULL};

bool replay_begin(unsigned which, void *base, size_t bytes)
{
    (void)which;
    return replay_restart(base, bytes);
}
void *_sbrk(ptrdiff_t bytes) { return replay_sbrk(bytes); }
