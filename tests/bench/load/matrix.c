/* SPDX-License-Identifier: MIT
 * matrix.c - the longest pause in cells of a matrix; matrix.h says what is printed. */
#include "matrix.h"

#include <string.h>

#include "t.h"

enum { HISTOGRAM_ARENA = 1 << 20, HISTOGRAM_SHARE = 50 };

static uint32_t histogram[METER_BINS];

static void print_histogram(void)
{
    for (unsigned i = 0; i < METER_BINS; i++) {
        t_print("pause.histogram/");
        t_print_int(i * METER_BIN);
        t_print(" ");
        t_print_int(histogram[i]);
        t_print(" calls\n");
    }
}

/* With a small budget, large arenas try the shapes alone that pause longest in small ones. */
static bool is_wanted(const struct cell *cell)
{
    static const char longest[] = "records dict100k alldead weak";
    return !cell->budget || !cell_is_short(cell) || strstr(longest, cell->shape->name);
}

/* The shapes of an arena and a share.  Returns the longest pause of those cells that count. */
static uint32_t run_shapes(struct cell cell, bool is_told, uint32_t *forced)
{
    uint32_t longest = 0;
    for (unsigned s = 0; s < shape_count; s++) {
        cell.shape = shapes[s];
        if (!is_wanted(&cell)) continue;
        struct cell_result result = cell_run(&cell);
        uint32_t pause = result.figures.pause.instructions;
        *forced += result.figures.forced;
        for (unsigned i = 0; i < METER_BINS; i++) histogram[i] += result.figures.histogram[i];
        if (result.counts && pause > longest) longest = pause;
        if (is_told && result.counts) cell_print(&cell, "pause.max", pause, "instructions");
        if (!is_told || !result.counts) {
            t_print("# ");
            cell_print(&cell, "pause", pause, "instructions");
        }
        cell_explain(&result);
    }
    return longest;
}

void matrix_run(const size_t *arenas, unsigned count)
{
    static const unsigned shares[] = {50, 90};
    for (unsigned i = 0; i < count; i++) {
        for (unsigned p = 0; p < sizeof shares / sizeof shares[0]; p++) {
            struct cell cell = {NULL, arenas[i], shares[p], 0};
            uint32_t forced = 0;
            (void)run_shapes(cell, true, &forced);
            cell_print(&cell, "pause.forced", forced, "pauses");
            if (arenas[i] == HISTOGRAM_ARENA && shares[p] == HISTOGRAM_SHARE) print_histogram();
            memset(histogram, 0, sizeof histogram);
        }
    }
}

void matrix_run_small_budget(const size_t *arenas, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        struct cell cell = {NULL, arenas[i], 50, 8};
        uint32_t forced = 0;
        uint32_t longest = run_shapes(cell, false, &forced);
        cell.live_percent = 0;
        cell_print(&cell, "pause.max8", longest, "instructions");
    }
}
