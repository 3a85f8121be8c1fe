/* SPDX-License-Identifier: MIT
 * malloc.c - the traces on libouro-malloc.a; every control structure is inside the arena. */
#include "bench/replay/replay.h"
#include "ouro/core.h"

const char replay_prefix[] = "";

bool replay_begin(void *base, size_t bytes) { return ouro_init(base, bytes) == 0; }
