/* SPDX-License-Identifier: MIT
 * malloc_picolibc.c - the traces on picolibc's malloc. */
#include "bench/replay/replay.h"

void *sbrk(ptrdiff_t bytes);

const char replay_prefix[] = "picolibc.";

bool replay_begin(void *base, size_t bytes) { return replay_restart(base, bytes); }
void *sbrk(ptrdiff_t bytes) { return replay_sbrk(bytes); }
