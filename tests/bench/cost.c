/* SPDX-License-Identifier: MIT
 * cost.c - what collecting costs, in instructions of the collector's own.
 *
 *   cost.young/ARENA/LIVE  for each 16-byte object of young cyclic garbage reclaimed
 *   cost.old/ARENA/LIVE    the same where garbage had been promoted to the oldest generation
 *   cycle.per_object       of a full cycle, for each live object of two slots
 *   cycle.gen0/ARENA       of a cycle of generation 0 over 600 objects, half of them garbage
 *   state.bytes            what the collector remembers, whatever the heap's size
 *
 * Young: a loop makes rings of three pairs beside a ring that is alive; it is run with the
 * collector on, which starts its cycles by itself, and again with it off.  The difference is the
 * collector's, its pacing and starting included. */
#include "heap.h"
#include "load/cell.h"
#include "t.h"

enum { RING = 3, TURNS = 3000, OLD_PERCENT = 5 };

static uint32_t collected(void)
{
    struct ouro_gc_stats stats;
    ouro_gc_get_stats(&stats);
    return stats.collected[0] + stats.collected[1] + stats.collected[2];
}

/* One reference each to the next.  No meter: the loop is as a program would have it. */
static ouro_ref new_ring(unsigned length)
{
    ouro_ref first = ouro_obj_new(&pair_type), last = first;
    for (unsigned i = 1; last && i < length; i++) {
        ouro_ref next = ouro_obj_new(&pair_type);
        pair_of(last)->first = next;
        last = next;
    }
    if (last) pair_of(last)->first = ouro_own(first);
    return first ? first : OURO_NONE;
}

static uint64_t run_loop(unsigned turns)
{
    uint64_t start = ouro_port_instructions();
    for (unsigned i = 0; i < turns; i++) ouro_decref(new_ring(RING));
    return ouro_port_instructions() - start;
}

static void fill(const struct cell *cell)
{
    shape_restart(cell->shape, cell->arena_bytes);
    (void)shape_fill(cell->live_percent);
    (void)ouro_gc_collect(2);
}

/* Instructions of a turn with the collector off, in the room that there is. */
static uint64_t turn_alone(void)
{
    size_t room = (shape_room() - shape_taken()) / (RING * sizeof(struct pair)) / 2;
    unsigned turns = room < TURNS ? (unsigned)room : TURNS;
    ouro_gc_disable();
    uint64_t spent = run_loop(turns);
    ouro_gc_enable();
    (void)ouro_gc_collect(2);
    return spent / turns;
}

static void measure_young(struct cell cell)
{
    fill(&cell);
    uint64_t alone = turn_alone();
    unsigned turns = (unsigned)(cell.arena_bytes / 64);
    if (turns < TURNS) turns = TURNS;
    (void)run_loop(turns / 4); /* into its stride */
    uint32_t before = collected();
    uint64_t spent = run_loop(turns) - alone * turns;
    uint32_t objects = collected() - before;
    cell.shape = NULL;
    cell_print(&cell, "cost.young", objects ? spent / objects : spent, "instructions");
}

/* Garbage that was promoted before it was dropped: one full cycle finds it. */
static void measure_old(struct cell cell)
{
    ouro_ref rings[64];
    fill(&cell);
    size_t room = (shape_room() - shape_taken()) / 2;
    unsigned length = (unsigned)(room / sizeof(struct pair) / T_COUNT(rings));
    for (unsigned i = 0; i < T_COUNT(rings); i++) rings[i] = new_ring(length);
    (void)ouro_gc_collect(2);
    for (unsigned i = 0; i < T_COUNT(rings); i++) ouro_decref(rings[i]);
    uint64_t start = ouro_port_instructions();
    ptrdiff_t objects = ouro_gc_collect(2);
    uint64_t spent = ouro_port_instructions() - start;
    cell.shape = NULL;
    if (objects > 0) cell_print(&cell, "cost.old", spent / (uint64_t)objects, "instructions");
}

static void measure_full_cycle(void)
{
    struct cell cell = {&shape_rings, 1024 * 1024, 50, 0};
    fill(&cell);
    uint64_t start = ouro_port_instructions();
    (void)ouro_gc_collect(2);
    uint64_t spent = ouro_port_instructions() - start;
    t_print("cycle.per_object ");
    t_print_int((int64_t)(spent / shape_size));
    t_print(" instructions\n");
}

static void measure_generation_0(struct cell cell)
{
    enum { LIVE_ONES = 100 };
    ouro_ref rings[LIVE_ONES];
    fill(&cell);
    ouro_gc_disable();
    for (unsigned i = 0; i < LIVE_ONES; i++) {
        ouro_decref(new_ring(RING));
        rings[i] = new_ring(RING);
    }
    uint64_t start = ouro_port_instructions();
    (void)ouro_gc_collect(0);
    uint64_t spent = ouro_port_instructions() - start;
    for (unsigned i = 0; i < LIVE_ONES; i++) ouro_decref(rings[i]);
    cell.shape = NULL;
    cell.live_percent = 0;
    cell_print(&cell, "cycle.gen0", spent, "instructions");
}

int main(void)
{
    static const unsigned shares[] = {10, 50, 75, 90};
    for (size_t arena = 16 * 1024; arena <= 16 * 1024 * 1024; arena *= 4) {
        struct cell cell = {&shape_rings, arena, 0, 0};
        for (unsigned p = 0; p < T_COUNT(shares); p++) {
            cell.live_percent = shares[p];
            measure_young(cell);
            measure_old(cell);
        }
        cell.live_percent = 25;
        measure_generation_0(cell);
    }
    measure_full_cycle();
    t_print("state.bytes ");
    t_print_int((int64_t)sizeof(struct gc));
    t_print(" bytes\n");
    return 0;
}
