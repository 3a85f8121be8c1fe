/* SPDX-License-Identifier: MIT
 * floating.h - how much garbage floats: cycles that nobody reaches and nothing has freed yet.
 *
 * Two loops make nothing but cyclic garbage beside a ring that is alive: one drops each cycle as it
 * is made, the other keeps the last 2,000 (or as many as an eighth of the arena holds), so that
 * they are promoted before they are dropped.  Every few thousand allocations a walk of the bench's
 * own counts what nobody reaches.
 *
 *   float.peak/ARENA/LIVE   the most that was found, of both loops
 *   float.bound/ARENA/LIVE  min(live/2 + arena/16, half of what is free)
 *   forced/ARENA/LIVE       cycles finished at once because memory ran out
 *   failed/ARENA/LIVE       calls that found no memory
 *
 * The collector starts all cycles by itself. */
#ifndef FLOATING_H
#define FLOATING_H

#include <stddef.h>
#include <stdint.h>

struct floating {
    size_t peak_bytes, bound_bytes, free_bytes; /* the last: what live data leaves */
    uint32_t forced, failed;
};

/* Both loops in one arena, so many percent of it alive. */
struct floating floating_measure(size_t arena_bytes, unsigned live_percent);

/* Arenas from the smallest to the largest, each four times the one before. */
void floating_run(size_t smallest, size_t largest);

#endif
