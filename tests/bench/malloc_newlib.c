/* SPDX-License-Identifier: MIT
 * malloc_newlib.c - the traces on newlib's malloc, whose bins, about 1 KiB, are not in the arena.
 */
#include "bench/replay/replay.h"

void *_sbrk(ptrdiff_t bytes);

const char replay_prefix[] = "newlib.";

bool replay_begin(void *base, size_t bytes) { return replay_restart(base, bytes); }
void *_sbrk(ptrdiff_t bytes) { return replay_sbrk(bytes); }
