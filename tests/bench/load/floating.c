/* SPDX-License-Identifier: MIT
 * floating.c - how much garbage floats; floating.h says what is measured. */
#include "floating.h"

#include "cell.h"
#include "reach.h"
#include "t.h"

enum { FIFO_MOST = 2000, LARGE = 2 << 20 };

static ouro_ref roots[SHAPE_ROOTS + FIFO_MOST];
static ouro_ref *const fifo = &roots[SHAPE_ROOTS];
static unsigned fifo_length, oldest;

static ouro_ref new_own_item(void)
{
    ouro_ref pair = meter_new(&pair_type);
    if (pair) pair_of(pair)->first = ouro_own(pair);
    return pair;
}

static void fill_fifo(bool is_wanted)
{
    size_t fit = shape_room() / 8 / sizeof(struct pair);
    fifo_length = !is_wanted ? 0 : fit < FIFO_MOST ? (unsigned)fit : FIFO_MOST;
    oldest = 0;
    for (unsigned i = 0; i < fifo_length; i++) fifo[i] = new_own_item();
}

/* Three or four allocations. */
static void turn(void)
{
    shape_make_ring(3);
    if (!fifo_length) return;
    ouro_xdecref(fifo[oldest]);
    fifo[oldest] = new_own_item();
    oldest = (oldest + 1) % fifo_length;
}

static size_t bound_now(size_t live)
{
    size_t room = shape_room(), bound = live / 2 + room / 16, free_half = (room - live) / 2;
    return bound < free_half ? bound : free_half;
}

/* Bytes allocated: several times the arena. */
static void run(const struct cell *cell, bool has_fifo, struct floating *result)
{
    shape_restart(cell->shape, cell->arena_bytes);
    meter = (struct meter){.is_learning = false};
    fill_fifo(has_fifo);
    (void)shape_fill(cell->live_percent);
    (void)ouro_gc_collect(2);
    size_t bound = bound_now(shape_taken()), room = shape_room();
    result->bound_bytes = bound < result->bound_bytes ? bound : result->bound_bytes;
    result->free_bytes = room - shape_taken();
    meter = (struct meter){.is_learning = false};
    size_t turns = (room < LARGE ? 8 : 3) * room / 64;
    size_t between = room < LARGE ? 400 + room / 1024 : room / 512;
    for (size_t i = 1; i <= turns; i++) {
        turn();
        if (i % between) continue;
        shape_roots(roots);
        struct reach reach = reach_walk(roots, SHAPE_ROOTS + fifo_length);
        if (!reach.is_complete) result->failed++;
        if (reach.garbage_bytes > result->peak_bytes) result->peak_bytes = reach.garbage_bytes;
    }
    result->forced += meter.forced;
    result->failed += meter.failures;
}

struct floating floating_measure(size_t arena_bytes, unsigned live_percent)
{
    struct cell cell = {&shape_rings, arena_bytes, live_percent, 0};
    struct floating result = {.bound_bytes = SIZE_MAX};
    run(&cell, false, &result);
    run(&cell, true, &result);
    return result;
}

void floating_run(size_t smallest, size_t largest)
{
    static const unsigned shares[] = {50, 75, 90};
    for (size_t arena = smallest; arena <= largest; arena *= 4) {
        for (unsigned p = 0; p < sizeof shares / sizeof shares[0]; p++) {
            struct cell cell = {NULL, arena, shares[p], 0};
            struct floating result = floating_measure(arena, shares[p]);
            cell_print(&cell, "float.peak", result.peak_bytes, "bytes");
            cell_print(&cell, "float.bound", result.bound_bytes, "bytes");
            cell_print(&cell, "forced", result.forced, "pauses");
            cell_print(&cell, "failed", result.failed, "calls");
        }
    }
}
