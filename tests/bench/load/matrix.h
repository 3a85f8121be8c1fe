/* SPDX-License-Identifier: MIT
 * matrix.h - the longest pause in cells of a matrix: arenas, shapes, shares of live data.
 *
 *   pause.max/ARENA/SHAPE/LIVE  what memory management added to any one call, at most; calls in
 *                               which memory ran out and a cycle was finished at once not counted:
 *   pause.forced/ARENA/LIVE     so many were there, over all shapes
 *   pause.max8/ARENA            the longest of all shapes, with a budget of 8 units
 *   pause.histogram/N           calls to which N instructions or up to 24 fewer were added (0:
 * none; 1000: more than 975): all shapes, 1 MiB, half alive
 *
 * Comments say which call it was in and where the collector stood; then of each kind of call what
 * it takes by itself, and the longest addition. */
#ifndef MATRIX_H
#define MATRIX_H

#include "cell.h"

/* All shapes, half and 90 % alive, with the default budget. */
void matrix_run(const size_t *arenas, unsigned count);
/* All shapes, half alive, with a budget of 8; from 4 MiB on those that are longest in small arenas,
 * unless SCALE= is 2. */
void matrix_run_small_budget(const size_t *arenas, unsigned count);

#endif
