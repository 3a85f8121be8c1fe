/* SPDX-License-Identifier: MIT
 * replay.h - the traces, and what an allocator under test is to the bench that replays them. */
#ifndef REPLAY_H
#define REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct trace { /* made by tests/tools/traces.py */
    const char *name;
    const uint32_t *events, *end;
    uint32_t ids, peak_bytes;
};
extern const struct trace traces[], traces_end[];

/* ---- what each image defines ---- */

/* The ways in which it is measured, by what they put before the names of the figures, "" or
 * "picolibc." and the like; NULL is behind the last. */
extern const char *const replay_prefixes[];
/* Start afresh in one of the ways with so much memory.  False: too little. */
bool replay_begin(unsigned which, void *base, size_t bytes);

/* ---- for C libraries, which take memory by sbrk() ---- */

bool replay_restart(void *base, size_t bytes);
void *replay_sbrk(ptrdiff_t bytes);

#endif
