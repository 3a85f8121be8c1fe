/* SPDX-License-Identifier: MIT
 * collector.c - the cycle collector, case by case: what it finds, what it leaves, its generations,
 * its budget, memory that runs out, finalizers and weak references in cycles.
 *
 * Random operations are in tests/random/collector.c. */
#include "collector_walk.h"

#include <string.h>

#include "cells.h"
#include "quarantine.h"

static ouro_ref global, weak_to_garbage;

static void begin(void (*action)(struct cell *))
{
    finalized = 0;
    at_finalize = action;
    global = weak_to_garbage = NULL;
    ouro_gc_disable();
}

/* ---- what is found ---- */

static void containers_in_themselves(void)
{
    begin(NULL);
    ouro_ref list = ouro_list_new(), dict = ouro_dict_new(), key = ouro_int_new(1);
    T_EQ(ouro_list_append(list, list), 0);
    T_EQ(ouro_dict_set(dict, key, dict), 0);
    T_EQ(ouro_gc_collect(2), 0); /* both are held here */
    ouro_decref(list);
    T_EQ(ouro_gc_collect(2), 1); /* the inner nodes do not count */
    ouro_decref(dict);
    T_EQ(ouro_gc_collect(2), 1);
    T_EQ(objects(), 0);
    T_EQ(gc_stats().collected[2], 2);
    T_EQ(gc_stats().collections[2], 3);
}

static void rings_and_what_hangs_on_them(void)
{
    begin(NULL);
    ouro_ref first = ring(&cell_type, 3), kept = ouro_list_new(), text = ouro_str_from("leaf");
    cell_of(first)->other = ouro_own(kept);
    cell_of(cell_of(first)->next)->other = text;
    ouro_decref(first);
    T_EQ(objects(), 5);
    T_EQ(ouro_gc_collect(0), 3);
    T_EQ(objects(), 1);
    T_EQ(ouro_diag_refcount(kept), 1);
    ouro_decref(kept);
    T_EQ(ouro_gc_collect(2), 0);
}

static void large_containers_in_a_ring(void)
{
    begin(NULL);
    ouro_ref list = ouro_list_new(), dict = ouro_dict_new();
    for (unsigned i = 0; i < 300; i++) T_EQ(ouro_list_append(list, i % 7 ? OURO_NONE : dict), 0);
    for (unsigned i = 0; i < 300; i++)
        T_EQ(ouro_dict_set(dict, ouro_int_new(i), i % 7 ? OURO_NONE : list), 0);
    ouro_decref(list);
    ouro_decref(dict);
    T_CHECK(objects() > 60);
    T_EQ(ouro_gc_collect(2), 2);
    T_EQ(objects(), 0);
}

static void generations_out_of_range(void)
{
    const char *message;
    T_EQ(ouro_gc_collect(3), -1);
    T_EQ(ouro_error_get(&message), OURO_VALUE_ERROR);
    T_TEXT(message, "invalid generation");
    T_EQ(ouro_gc_collect(-1), -1);
    T_CHECK(!ouro_gc_start(3) && !ouro_gc_start(-1));
    T_EQ(ouro_gc_get_phase(), OURO_GC_IDLE);
    T_EQ(ouro_gc_step(100), 0);
}

/* A count that is full stays full and makes its object live for this cycle; the word's other half,
 * the type, is left alone. */
static void a_full_count_means_live(void)
{
    begin(NULL);
    ouro_ref counted = ring(&cell_type, 1), holder = ring(&cell_type, 1);
    cell_of(holder)->other = ouro_own(counted);
    ouro_decref(counted);
    ouro_decref(holder);
    T_CHECK(ouro_gc_start(2));
    while (ouro_gc_get_phase() == OURO_GC_COUNT && !is_candidate(counted)) (void)ouro_gc_step(1);
    counted->type_gc |= GC_MASK; /* as if 2^21 references had been seen; the holder's is another */
    settle();
    T_CHECK(type_of(counted) == &cell_type);
    T_EQ(gc_stats().collected[2], 1); /* the holder */
    T_EQ(ouro_gc_collect(2), 1);
    T_EQ(objects(), 0);
}

/* ---- generations ---- */

static void survivors_move_up(void)
{
    begin(NULL);
    ouro_ref ref = ring(&cell_type, 2);
    T_CHECK(label(ref) == HALF_A || label(ref) == HALF_B);
    T_EQ(ouro_gc_collect(0), 0);
    T_EQ(label(ref), GEN1);
    T_EQ(ouro_gc_collect(0), 0);
    T_EQ(label(ref), GEN1);
    T_EQ(ouro_gc_collect(1), 0);
    T_EQ(label(ref), GEN2);
    T_EQ(ouro_gc_collect(2), 0);
    T_EQ(label(ref), GEN2);
    ouro_decref(ref);
    T_EQ(ouro_gc_collect(0), 0);
    T_EQ(ouro_gc_collect(1), 0);
    T_EQ(objects(), 2);
    T_EQ(ouro_gc_collect(2), 2);
    T_EQ(objects(), 0);
}

/* A young cycle that an old object refers to is no garbage. */
static void the_old_hold_the_young(void)
{
    begin(NULL);
    ouro_ref old = ouro_list_new();
    T_EQ(ouro_gc_collect(1), 0);
    ouro_ref young = ring(&cell_type, 5);
    T_EQ(ouro_list_append(old, young), 0);
    ouro_decref(young);
    T_EQ(ouro_gc_collect(0), 0);
    T_EQ(ouro_gc_collect(1), 0);
    ouro_decref(old);
    T_EQ(ouro_gc_collect(2), 5);
    T_EQ(objects(), 0);
}

static void counts_and_thresholds(void)
{
    uint32_t count[3], threshold[3];
    ouro_gc_get_threshold(threshold);
    T_EQ(threshold[0], OURO_THRESHOLD0);
    T_EQ(threshold[1], OURO_THRESHOLD1);
    T_EQ(threshold[2], OURO_THRESHOLD2);
    begin(NULL);
    ouro_ref first = ring(&cell_type, 5), leaf = ouro_float_new(1.5);
    ouro_gc_get_count(count);
    T_EQ(count[0], 5); /* leaves are not watched */
    ouro_decref(leaf);
    ouro_ref spare = ouro_list_new();
    ouro_decref(spare);
    ouro_gc_get_count(count);
    T_EQ(count[0], 5);
    T_EQ(ouro_gc_collect(0), 0);
    ouro_gc_get_count(count);
    T_CHECK(count[0] == 0 && count[1] == 1 && count[2] == 0);
    T_EQ(ouro_gc_collect(1), 0);
    ouro_gc_get_count(count);
    T_CHECK(count[0] == 0 && count[1] == 0 && count[2] == 1);
    T_EQ(ouro_gc_collect(2), 0);
    ouro_gc_get_count(count);
    T_CHECK(count[0] == 0 && count[1] == 0 && count[2] == 0);
    ouro_decref(first);
    T_EQ(ouro_gc_collect(2), 5);
}

static void make_rings(unsigned n)
{
    for (unsigned i = 0; i < n; i++) ouro_xdecref(ring(&cell_type, 3));
}

static void cycles_start_by_themselves(void)
{
    t_restart(OURO_CHECK >= 2 ? 384 * 1024 : 96 * 1024); /* in a large arena more may float */
    begin(NULL);
    ouro_gc_set_threshold(50, 3, 2);
    make_rings(200);
    T_EQ(objects(), 600);
    T_CHECK(!ouro_gc_isenabled());
    ouro_gc_enable();
    T_CHECK(ouro_gc_isenabled());
    make_rings(6000);
    struct ouro_gc_stats stats = gc_stats();
    T_CHECK(stats.collections[0] > stats.collections[1]);
    T_CHECK(stats.collections[1] > 0);
    T_CHECK(stats.collected[0] + stats.collected[1] + stats.collected[2] > 3000);
    if (OURO_CHECK < 2) T_EQ(stats.forced, 0); /* pacing knows nothing of quarantine */
    ouro_gc_set_threshold(0, 3, 2);            /* never, as in CPython */
    settle();
    uint32_t before = objects();
    make_rings(100);
    T_EQ(objects(), before + 300);
    T_CHECK(ouro_gc_collect(2) > 0);
    T_EQ(objects(), 0);
}

/* ---- cost ---- */

static uint32_t units_of_a_young_cycle(unsigned old)
{
    t_restart(SIZE_MAX);
    begin(NULL);
    ouro_ref list = ouro_list_new();
    for (unsigned i = 0; i < old; i++) {
        ouro_ref ref = ring(&cell_type, 2);
        T_EQ(ouro_list_append(list, ref), 0);
        ouro_decref(ref);
    }
    const struct pool_class *pool = &ouro_heap->pools[pool_class_for_object(sizeof(struct cell))];
    while (quarantine_flush(), pool->listed || /* a page of their own */
                                   pool->current->used < pool_cells[pool->current->class]) {
        ouro_ref ref = ring(&cell_type, 1);
        T_EQ(ouro_list_append(list, ref), 0);
        ouro_decref(ref);
    }
    T_EQ(ouro_gc_collect(1), 0);
    make_rings(10);
    uint64_t before = gc_stats().units;
    T_EQ(ouro_gc_collect(0), 30);
    return (uint32_t)(gc_stats().units - before);
}

static void a_young_cycle_costs_nothing_for_the_old(void)
{
    uint32_t few = units_of_a_young_cycle(10), many = units_of_a_young_cycle(20000);
    enum { PHASES = 3 }; /* in each of them it is farther to the first page */
    t_note("units", few);
    T_CHECK(many >= few && many <= few + PHASES * FAR_UNITS);
    t_restart(SIZE_MAX);
}

static void check_steps(uint32_t budget, bool has_garbage, uint64_t *longest)
{
    T_CHECK(ouro_gc_start(2));
    uint32_t most = 0;
    while (ouro_gc_get_phase() != OURO_GC_IDLE) {
        uint64_t start = ouro_port_instructions();
        uint32_t done = ouro_gc_step(budget);
        uint64_t instructions = ouro_port_instructions() - start;
        if (instructions > *longest) *longest = instructions;
        if (done > most) most = done;
        if (!T_CHECK(done > 0)) return;
    }
    T_CHECK(most <= budget + 32);
    T_EQ(gc_stats().longest_step_units <= budget + 32, 1);
    if (!has_garbage) T_EQ(gc_stats().collected[2], 0);
}

static void a_step_keeps_its_budget(void)
{
    static const uint32_t budgets[] = {1, 5, 48};
    enum { MANY = 100000 };
    for (unsigned i = 0; i < T_COUNT(budgets); i++) {
        uint64_t longest = 0;
        t_restart(SIZE_MAX);
        begin(NULL);
        ouro_ref live = ring(&cell_type, MANY / 2), garbage = ring(&cell_type, MANY / 2);
        cell_of(live)->other = ring(&dying_type, 100);
        check_steps(budgets[i], false, &longest);
        ouro_decref(garbage);
        check_steps(budgets[i], true, &longest);
        T_EQ(gc_stats().collected[2], MANY / 2);
        ouro_decref(live);
        check_steps(budgets[i], true, &longest);
        T_EQ(finalized, 100);
        T_EQ(objects(), 0);
        t_note("budget", budgets[i]);
        t_note("instructions of the longest step", (int64_t)longest);
    }
    t_restart(SIZE_MAX);
}

/* ---- when memory runs out ---- */

static void exhaustion_forces_a_cycle(void)
{
    t_restart(16 * 1024);
    begin(NULL); /* no automatic starts */
    for (unsigned i = 0; i < 5000; i++) {
        ouro_ref ref = ring(&cell_type, 3);
        if (!T_CHECK(ref != NULL)) return;
        ouro_decref(ref);
    }
    T_EQ(ouro_error_get(NULL), OURO_NO_ERROR);
    T_CHECK(gc_stats().forced > 0);
    T_CHECK(ouro_gc_collect(2) >= 0);
    T_EQ(objects(), 0);
}

static void pacing_keeps_ahead_of_exhaustion(void)
{
    t_restart(32 * 1024);
    begin(NULL);
    ouro_gc_enable();
    ouro_ref live = ring(&cell_type, 300);
    make_rings(5000);
    T_EQ(ouro_error_get(NULL), OURO_NO_ERROR);
    t_note("forced", gc_stats().forced);
    ouro_xdecref(live);
    T_CHECK(ouro_gc_collect(2) >= 300);
    T_EQ(objects(), 0);
}

/* ---- pages that go in mid-cycle ---- */

static void pages_leave_at_every_moment(void)
{
    enum { CELLS = 60 };
    ouro_ref cells[CELLS];
    for (unsigned moment = 0; moment < 700; moment += 3) {
        t_restart(32 * 1024);
        begin(NULL);
        for (unsigned i = 0; i < CELLS; i++) cells[i] = ring(&cell_type, 1 + i % 3);
        T_CHECK(ouro_gc_start(2));
        for (unsigned k = 0; k < moment; k++) (void)ouro_gc_step(1);
        for (unsigned i = 10; i < CELLS; i++) { /* whole pages die by counting */
            ouro_put(&cell_of(cells[i])->next, NULL);
            ouro_decref(cells[i]);
        }
        settle();
        pool_trim();
        void *block = ouro_mem_alloc(2 * PAGE_BYTES - 16); /* and become something else */
        if (T_CHECK(block != NULL)) memset(block, 0xff, 2 * PAGE_BYTES - 16);
        T_CHECK(ouro_gc_collect(2) >= 0);
        uint32_t left = 0;
        for (unsigned i = 0; i < 10; i++) left += 1 + i % 3;
        if (!T_EQ(objects(), left) || !T_CHECK(ouro_diag_verify() == NULL)) {
            t_note("moment", moment);
            break;
        }
    }
    t_restart(SIZE_MAX);
}

/* ---- the mutator at every moment ---- */

/* One ring that nobody holds but a weak reference, one that is held; at each moment of the cycle
 * the first is asked for and the second's last reference moves out of a list. */
static void garbage_is_found_or_kept_whole(void)
{
    bool was_kept = false, was_gone = false;
    for (unsigned moment = 0; moment < 120; moment++) {
        t_restart(32 * 1024);
        begin(NULL);
        ouro_ref garbage = ring(&dying_type, 3), weak = ouro_weakref_new(garbage);
        ouro_ref list = ouro_list_new(), held = ring(&cell_type, 3);
        T_EQ(ouro_list_append(list, held), 0);
        ouro_decref(held);
        ouro_decref(garbage);
        T_CHECK(ouro_gc_start(2));
        for (unsigned k = 0; k < moment; k++) (void)ouro_gc_step(1);
        ouro_ref found = ouro_weakref_get(weak), popped = ouro_list_pop(list, 0);
        settle();
        T_CHECK(popped == held && cell_of(cell_of(held)->next)->next != NULL);
        if (found != OURO_NONE) {
            was_kept = true;
            T_EQ(finalized, 0);
            T_CHECK(cell_of(cell_of(cell_of(found)->next)->next)->next == found);
        } else {
            was_gone = true;
            T_CHECK(ouro_gc_collect(2) >= 0);
            T_EQ(finalized, 3);
        }
        ouro_decref(found);
        ouro_decref(popped);
        ouro_decref(list);
        ouro_decref(weak);
        T_CHECK(ouro_gc_collect(2) >= 3);
        if (!T_EQ(finalized, 3) || !T_EQ(objects(), 0)) {
            t_note("moment", moment);
            break;
        }
    }
    T_CHECK(was_kept && was_gone);
    t_restart(SIZE_MAX);
}

/* ---- finalizers and weak references in cycles ---- */

static void revive(struct cell *self)
{
    if (!global) global = ouro_own(&self->header);
}

static void one_revived_keeps_its_ring(void)
{
    begin(revive);
    ouro_ref first = ring(&dying_type, 4);
    ouro_decref(first);
    T_EQ(ouro_gc_collect(2), 0);
    T_EQ(finalized, 4);
    T_CHECK(global != NULL && ouro_gc_is_finalized(global));
    T_EQ(objects(), 4);
    ouro_ref at = global;
    for (unsigned i = 0; i < 4; i++) at = cell_of(at)->next;
    T_CHECK(at == global);
    T_EQ(gc_stats().resurrected, 4);
    ouro_put(&global, NULL);
    T_EQ(ouro_gc_collect(2), 4);
    T_EQ(finalized, 4);
    T_EQ(objects(), 0);
}

static void revive_the_first_only(struct cell *self)
{
    if (!global && self->other) global = ouro_own(&self->header);
}

/* Two rings, one revived: the other goes in the same cycle. */
static void what_was_not_revived_goes(void)
{
    begin(revive_the_first_only);
    ouro_ref stays = ring(&dying_type, 2), goes = ring(&dying_type, 3);
    cell_of(stays)->other = ouro_int_new(1);
    ouro_decref(stays);
    ouro_decref(goes);
    T_EQ(ouro_gc_collect(2), 3);
    T_EQ(objects(), 2);
    T_EQ(finalized, 5);
    ouro_put(&global, NULL);
    T_EQ(ouro_gc_collect(2), 2);
}

static void try_to_collect(struct cell *self)
{
    (void)self;
    T_EQ(ouro_gc_collect(2), 0); /* R7 */
    T_CHECK(ouro_weakref_get(weak_to_garbage) == OURO_NONE);
    ouro_ref made = ring(&cell_type, 2);
    ouro_decref(made);
}

static void finalizers_of_a_cycle(void)
{
    begin(try_to_collect);
    ouro_ref first = ring(&dying_type, 3);
    weak_to_garbage = ouro_weakref_new(first); /* cut before any finalizer runs */
    ouro_decref(first);
    T_EQ(ouro_gc_collect(2), 3);
    T_EQ(finalized, 3);
    T_EQ(objects(), 1 + 3 * 2);
    T_EQ(ouro_gc_collect(2), 6); /* what the finalizers left behind */
    ouro_decref(weak_to_garbage);
    T_EQ(objects(), 0);
}

/* ---- pauses, to be looked at ---- */

static uint32_t collected(void)
{
    struct ouro_gc_stats stats = gc_stats();
    return stats.collected[0] + stats.collected[1] + stats.collected[2];
}

static void note_pauses(size_t arena)
{
    uint64_t longest_new = 0, longest_drop = 0;
    t_restart(arena);
    struct ouro_mem_stats stats;
    ouro_diag_mem(&stats);
    begin(NULL);
    ouro_gc_enable();
    unsigned cells = (unsigned)(stats.free_bytes / 2 /
                                pool_cell_bytes[pool_class_for_object(sizeof(struct cell))]);
    if (cells > 20000) cells = 20000;
    ouro_ref live = ring(&cell_type, cells);
    for (unsigned i = 0; i < 30000; i++) {
        uint64_t start = ouro_port_instructions();
        ouro_ref ref = ouro_obj_new(&cell_type);
        uint64_t made = ouro_port_instructions();
        if (!T_CHECK(ref != NULL)) break;
        cell_of(ref)->next = ouro_own(i % 4 ? ref : live);
        uint64_t filled = ouro_port_instructions();
        ouro_decref(ref);
        uint64_t dropped = ouro_port_instructions();
        if (made - start > longest_new) longest_new = made - start;
        if (dropped - filled > longest_drop) longest_drop = dropped - filled;
    }
    t_note("arena", (int64_t)stats.arena_bytes);
    t_note("  live objects", cells);
    t_note("  longest ouro_obj_new", (int64_t)longest_new);
    t_note("  longest ouro_decref", (int64_t)longest_drop);
    t_note("  forced", gc_stats().forced);
    const uint32_t before = collected();
    ouro_xdecref(live);
    ouro_gc_collect(
        2); /* the cycle that runs may have found some of them, which it finishes first */
    T_CHECK(collected() - before >= cells);
    T_EQ(objects(), 0);
}

static void pauses_at_several_arenas(void)
{
    note_pauses(16 * 1024);
    note_pauses(64 * 1024);
    note_pauses(256 * 1024);
    note_pauses(1024 * 1024);
    t_restart(SIZE_MAX);
}

static void collecting_gives_every_page_back(void)
{
    begin(NULL);
    ouro_ref text = ouro_str_from("a page of its own");
    ouro_decref(ring(&cell_type, 100));
    ouro_decref(text);
    ouro_gc_collect(2);
    struct ouro_mem_stats stats;
    ouro_diag_mem(&stats);
    T_EQ(stats.pages_free, stats.pages);
    T_EQ(stats.pages_free, stats.pages);
    T_EQ(stats.fragmentation_percent, 0);
}

/* Budgets of one unit get through every phase. */
static void one_unit_a_step_is_enough(void)
{
    begin(NULL);
    ouro_ref garbage = ring(&cell_type, 2), weak = ouro_weakref_new(garbage);
    ouro_decref(garbage);
    T_CHECK(ouro_gc_start(2));
    for (unsigned i = 0; i < 1000 && ouro_gc_get_phase() != OURO_GC_IDLE; i++) ouro_gc_step(1);
    T_EQ(ouro_gc_get_phase(), OURO_GC_IDLE);
    T_CHECK(ouro_weakref_get(weak) == OURO_NONE);
    ouro_decref(weak);
    T_EQ(objects(), 0);
}

static const struct t_test tests[] = {
    T_SMALL(containers_in_themselves),         T_SMALL(rings_and_what_hangs_on_them),
    T_TEST(large_containers_in_a_ring),        T_SMALL(a_full_count_means_live),
    T_SMALL(generations_out_of_range),         T_SMALL(survivors_move_up),
    T_SMALL(the_old_hold_the_young),           T_TEST(counts_and_thresholds),
    T_TEST(cycles_start_by_themselves),        T_TEST(a_young_cycle_costs_nothing_for_the_old),
    T_TEST(a_step_keeps_its_budget),           T_SMALL(one_unit_a_step_is_enough),
    T_SMALL(collecting_gives_every_page_back), T_SMALL(exhaustion_forces_a_cycle),
    T_TEST(pacing_keeps_ahead_of_exhaustion),  T_SMALL(pages_leave_at_every_moment),
    T_SMALL(garbage_is_found_or_kept_whole),   T_SMALL(one_revived_keeps_its_ring),
    T_SMALL(what_was_not_revived_goes),        T_SMALL(finalizers_of_a_cycle),
    T_SMALL(pauses_at_several_arenas),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
