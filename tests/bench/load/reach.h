/* SPDX-License-Identifier: MIT
 * reach.h - what a program's references reach, found out without the collector's help.
 *
 * Marks are kept outside the arena, and nothing is read of an object but its type and its
 * references: an account of live data and garbage that shares no idea with the collector. */
#ifndef REACH_H
#define REACH_H

#include "ouro.h"

struct reach {
    size_t live_bytes;    /* of what the roots reach, rounding included */
    size_t garbage_bytes; /* of what they do not; the dead that wait to be freed not counted */
    bool is_complete;     /* false: the graph is too wide for the walk's stack */
};

/* O(heap). */
struct reach reach_walk(const ouro_ref *roots, unsigned count);

#endif
