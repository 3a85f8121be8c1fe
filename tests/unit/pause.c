/* SPDX-License-Identifier: MIT
 * pause.c - what memory management may add to a call, in instructions: a part of the matrix that
 * tests/bench/pause*.c measure as a whole.
 *
 * On boards only, and where freed memory is not poisoned: that costs its length. */
#include <string.h>

#include "bench/load/cell.h"
#include "heap.h"
#include "t.h"

enum {
    SMALL = 64 * 1024,
    LARGE = 1024 * 1024,
    /* As reached on Cortex-M3; Cortex-A7 takes up to three tenths more.  The goals: 1,000 for all
     * shapes, weak containers too; 600 with a budget of 8.  A call that adds to a weak container
     * takes 3,500 by itself, and the meter knows that to some hundreds only. */
    MOST = 1000,
    MOST_WHEN_SHORT = 1600, /* all is dropped at once: calls pay two and a half times as much */
    MOST_OF_WEAK = 2400,
    MOST_AT_8_UNITS = 1000,
};

static uint32_t limit_here(uint32_t most)
{
    return strcmp(ouro_port_board, "virt") == 0 ? most + most * 3 / 10 : most;
}

static bool is_skipped(void)
{
    if (strcmp(ouro_port_board, "host") != 0 && OURO_CHECK < 2) return false;
    t_skip("bounds hold on boards, at CHECK=0 and 1");
    return true;
}

static const struct shape *shape_named(const char *name)
{
    for (unsigned i = 0; i < shape_count; i++)
        if (strcmp(shapes[i]->name, name) == 0) return shapes[i];
    T_CHECK(false);
    return shapes[0];
}

/* Returns the longest pause. */
static uint32_t check_cell(const struct shape *shape, size_t arena, uint32_t budget, uint32_t most)
{
    struct cell cell = {shape, arena, 50, budget};
    struct cell_result result = cell_run(&cell);
    uint32_t pause = result.figures.pause.instructions;
    T_CHECK(result.counts);
    T_EQ(result.figures.failures, 0);
    if (!budget) T_EQ(result.figures.forced, 0);
    if (!T_CHECK(pause <= limit_here(most))) {
        t_note(shape->name, pause);
        cell_explain(&result);
    }
    return pause;
}

static void no_call_pauses_for_long_beside_any_shape(void)
{
    if (is_skipped()) return;
    for (unsigned i = 0; i < shape_count; i++) {
        const char *name = shapes[i]->name;
        uint32_t most = strcmp(name, "alldead") == 0 ? MOST_WHEN_SHORT : MOST;
        if (strcmp(name, "weak") == 0) most = MOST_OF_WEAK;
        t_note(name, check_cell(shapes[i], SMALL, 0, most));
    }
    t_restart(SIZE_MAX);
}

static void the_longest_pause_is_no_longer_in_a_large_arena(void)
{
    static const char *const names[] = {"tuples", "records", "graph", "list100k"};
    if (is_skipped()) return;
    uint32_t small = 0, large = 0;
    for (unsigned i = 0; i < T_COUNT(names); i++) {
        const struct shape *shape = shape_named(names[i]);
        uint32_t in_small = check_cell(shape, SMALL, 0, MOST);
        uint32_t in_large = check_cell(shape, LARGE, 0, MOST);
        if (in_small > small) small = in_small;
        if (in_large > large) large = in_large;
    }
    t_note("64K", small);
    t_note("1M", large);
    T_CHECK(large <= small + small / 8); /* the goal: a tenth */
    t_restart(SIZE_MAX);
}

static void a_smaller_budget_makes_shorter_pauses(void)
{
    static const char *const names[] = {"tuples", "rings", "graph", "stores"};
    if (is_skipped()) return;
    for (unsigned i = 0; i < T_COUNT(names); i++)
        t_note(names[i], check_cell(shape_named(names[i]), SMALL, 8, MOST_AT_8_UNITS));
    t_restart(SIZE_MAX);
}

static void the_same_program_pauses_the_same(void)
{
    if (is_skipped()) return;
    struct cell cell = {shape_named("stores"), SMALL, 50, 0};
    struct cell_result first = cell_run(&cell), second = cell_run(&cell);
    T_EQ(second.turns, first.turns);
    T_EQ(second.young_cycles, first.young_cycles);
    /* The clock rounds to whole instructions. */
    uint32_t pause = first.figures.pause.instructions;
    T_CHECK(second.figures.pause.instructions <= pause + 1);
    T_CHECK(second.figures.pause.instructions + 1 >= pause);
    t_restart(SIZE_MAX);
}

/* The meter itself: a pause that is there is seen. */
static void a_pause_is_noticed(void)
{
    if (is_skipped()) return;
    shape_restart(shape_named("rings"), SMALL);
    T_CHECK(shape_fill(50));
    (void)ouro_gc_collect(2);
    ouro_gc_disable();
    meter_learn();
    shape_turn(shape_named("rings"));
    meter_begin();
    ouro_gc_enable();
    T_CHECK(ouro_gc_start(2));
    ouro_gc_set_budget(1000, 1000);
    ouro_heap->gc.now.debt = 1 << 30;
    while (ouro_gc_get_phase() != OURO_GC_IDLE) shape_turn(shape_named("rings"));
    T_CHECK(meter.pause.instructions > 10000);
    T_EQ(meter.forced, 0);
    t_restart(SIZE_MAX);
}

static const struct t_test tests[] = {
    T_TEST(no_call_pauses_for_long_beside_any_shape),
    T_TEST(the_longest_pause_is_no_longer_in_a_large_arena),
    T_TEST(a_smaller_budget_makes_shorter_pauses),
    T_TEST(the_same_program_pauses_the_same),
    T_TEST(a_pause_is_noticed),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
