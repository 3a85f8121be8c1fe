/* SPDX-License-Identifier: MIT
 * cell.c - runs a cell of the matrix of pauses; cell.h says what that is. */
#include "cell.h"

#include "t.h"

enum {
    FULL_CYCLES = 3,
    YOUNG_BETWEEN = 3,
    NEAR_PERMILLE = 5,
    LEARN_TURNS = 600,
    TURNS_MOST = 1000000,
    TURNS_LEAST = 500, /* where forced cycles follow each other */
};

bool cell_is_short(const struct cell *cell)
{
    return cell->arena_bytes >= 4u << 20 && t_port_scale() == 1;
}

static struct ouro_gc_stats gc_stats(void)
{
    struct ouro_gc_stats stats;
    ouro_gc_get_stats(&stats);
    return stats;
}

/* Grow until a full collection finds the share alive.  Returns what it found, in thousandths. */
static unsigned fill(const struct cell *cell)
{
    bool has_room = true;
    unsigned live = 0;
    for (unsigned round = 0; round < 4 && has_room; round++) {
        has_room = shape_fill(cell->live_percent);
        (void)ouro_gc_collect(2);
        live = (unsigned)((uint64_t)shape_taken() * 1000 / shape_room());
        if (live + NEAR_PERMILLE >= cell->live_percent * 10) break;
    }
    return live;
}

/* The loop with the collector off; what it leaves behind is collected whenever half of what was
 * free is used. */
static void learn(const struct cell *cell)
{
    ouro_gc_disable();
    (void)ouro_gc_collect(2);
    size_t low = shape_taken() + (shape_room() - shape_taken()) / 2;
    meter_learn();
    for (unsigned i = 0; i < LEARN_TURNS; i++) {
        shape_turn(cell->shape);
        if (shape_taken() > low) (void)ouro_gc_collect(2);
    }
    (void)ouro_gc_collect(2);
    meter_begin();
    ouro_gc_enable();
}

static bool is_done(const struct cell *cell, const struct cell_result *result)
{
    if (result->turns >= TURNS_MOST) return true;
    return result->full_cycles >= FULL_CYCLES && result->turns >= TURNS_LEAST &&
           shape_drops >= cell->shape->drops;
}

/* Full cycles by turns with young ones; the program asks for the full ones, they run at the pace of
 * all others. */
static void run_cycles(const struct cell *cell, struct cell_result *result)
{
    struct ouro_gc_stats first = gc_stats(), now = first;
    const uint32_t between = cell_is_short(cell) ? 1 : YOUNG_BETWEEN;
    uint32_t young = 0;
    uint64_t start = ouro_port_instructions();
    while (!is_done(cell, result)) {
        shape_turn(cell->shape);
        result->turns++;
        now = gc_stats();
        result->full_cycles = now.collections[2] - first.collections[2];
        if (ouro_gc_get_phase() != OURO_GC_IDLE) continue;
        if (now.collections[0] - young >= between && meter_start(2)) young = now.collections[0];
    }
    result->young_cycles = now.collections[0] - first.collections[0];
    result->spent = ouro_port_instructions() - start;
}

struct cell_result cell_run(const struct cell *cell)
{
    struct cell_result result = {.counts = false};
    shape_restart(cell->shape, cell->arena_bytes);
    result.live_permille = fill(cell);
    result.size = shape_size;
    learn(cell);
    if (cell->budget) ouro_gc_set_budget(cell->budget, cell->budget);
    run_cycles(cell, &result);
    result.figures = meter;
    int distance = (int)result.live_permille - (int)cell->live_percent * 10;
    result.counts = result.full_cycles >= FULL_CYCLES && distance >= -20 && distance <= 20;
    return result;
}

/* ---- telling ---- */

void cell_print_bytes(size_t bytes)
{
    bool is_mega = bytes >= 1024 * 1024;
    t_print_int((int64_t)(bytes >> (is_mega ? 20 : 10)));
    t_print(is_mega ? "M" : "K");
}

void cell_print(const struct cell *cell, const char *name, uint64_t value, const char *unit)
{
    t_print(name);
    t_print("/");
    cell_print_bytes(cell->arena_bytes);
    if (cell->shape) {
        t_print("/");
        t_print(cell->shape->name);
    }
    if (cell->live_percent > 0) {
        t_print("/");
        t_print_int(cell->live_percent);
    }
    t_print(" ");
    t_print_int((int64_t)value);
    t_print(" ");
    t_print(unit);
    t_print("\n");
}

static void number(const char *text, uint64_t value)
{
    t_print(text);
    t_print_int((int64_t)value);
}

void cell_explain(const struct cell_result *result)
{
    const struct pause *longest = &result->figures.pause;
    t_print("#   in ");
    t_print(meter_call_name(longest->call));
    t_print(", ");
    t_print(ouro_gc_phase_name(longest->phase));
    t_print(" to ");
    t_print(ouro_gc_phase_name(longest->phase_after));
    number(" of generation ", longest->generation);
    number("; size ", result->size);
    number(", live 0.", result->live_permille);
    number(", turns ", result->turns);
    number(", cycles ", result->full_cycles);
    number("+", result->young_cycles);
    if (result->figures.forced) number("; longest forced ", result->figures.forced_longest);
    if (result->figures.failures) number("; MemoryErrors ", result->figures.failures);
    t_print("\n#   ");
    for (enum call call = 0; call < CALLS; call++) {
        if (!result->figures.calls[call]) continue;
        t_print(" ");
        t_print(meter_call_name(call));
        number(" ", result->figures.own[call]);
        number("+", result->figures.longest[call]);
    }
    t_print("\n");
    if (!result->counts) t_print("#   DOES NOT COUNT\n");
}
