/* SPDX-License-Identifier: MIT
 * pause.c - the longest pause, in every cell of a matrix: arenas, shapes, shares of live data.
 *
 *   pause.max/ARENA/SHAPE/LIVE  what memory management added to any one call, at most; calls in
 *                               which memory ran out and a cycle was finished at once not counted:
 *   forced/ARENA/SHAPE/LIVE     that many were there
 *
 * Comments say which call it was in and where the collector stood; then of each kind of call what
 * it takes by itself, and the longest addition. */
#include "load/cell.h"

static const size_t arenas[] = {64 * 1024, 1024 * 1024};
static const unsigned shares[] = {50, 90};

int main(void)
{
    for (unsigned a = 0; a < sizeof arenas / sizeof arenas[0]; a++) {
        for (unsigned s = 0; s < shape_count; s++) {
            for (unsigned p = 0; p < sizeof shares / sizeof shares[0]; p++) {
                struct cell cell = {&shapes[s], arenas[a], shares[p], 0};
                struct cell_result result = cell_run(&cell);
                cell_print(&cell, "pause.max", result.figures.pause.instructions, "instructions");
                cell_print(&cell, "forced", result.figures.forced, "pauses");
                cell_explain(&result);
            }
        }
    }
    return 0;
}
