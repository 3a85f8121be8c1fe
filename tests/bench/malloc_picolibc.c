/* SPDX-License-Identifier: MIT
 * malloc_picolibc.c - the traces on picolibc's malloc. */
#include "bench/replay/replay.h"

void *sbrk(ptrdiff_t bytes);

const char *const replay_prefixes[] = {"picolibc.", NULL};

bool replay_begin(unsigned which, void *base, size_t bytes)
{
    (void)which;
    return replay_restart(base, bytes);
}
void *sbrk(ptrdiff_t bytes) { return replay_sbrk(bytes); }
