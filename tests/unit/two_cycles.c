/* SPDX-License-Identifier: MIT
 * two_cycles.c - a cycle over the young inside one over the old, case by case: finalizers, weak
 * references, callbacks, garbage that is kept, death by counting, memory that runs out; and that
 * the old one gets its turn.
 *
 * Each case is played with the old cycle interrupted in each phase where it may be.  Random
 * operations are in tests/random/collector.c. */
#include "collector.h"

#include "cells.h"

enum { OLD = 60, RING = 3 };

static unsigned called;
static ouro_ref global;

static int tell(ouro_ref weakref, ouro_ref context)
{
    (void)context;
    T_CHECK(ouro_weakref_get(weakref) == OURO_NONE);
    called++;
    return 0;
}

/* Of the old: rings that live, and as many that are garbage. */
static ouro_ref live[OLD];

static bool begin(void)
{
    finalized = called = 0;
    at_finalize = NULL;
    global = NULL;
    ouro_gc_disable();
    ouro_ref garbage[OLD];
    for (unsigned i = 0; i < OLD; i++) {
        live[i] = ring(&cell_type, RING);
        garbage[i] = ring(&cell_type, RING);
    }
    T_EQ(ouro_gc_collect(2), 0);
    for (unsigned i = 0; i < OLD; i++) ouro_decref(garbage[i]);
    return T_CHECK(collector_start_old());
}

/* Go on with the old cycle until so many pieces after the phase began. */
static bool go_to(enum ouro_gc_phase phase, unsigned pieces)
{
    for (unsigned i = 0; ouro_gc_get_phase() != phase && i < 100000; i++) (void)ouro_gc_step(1);
    while (pieces-- > 0 && ouro_gc_get_phase() == phase) (void)ouro_gc_step(1);
    return ouro_gc_get_phase() == phase;
}

/* Let the cycle over the young end; the old one is to go on where it was. */
static void end_young(enum ouro_gc_phase phase)
{
    while (ouro_heap->gc.parked_phase != OURO_GC_IDLE && ouro_gc_step(1) > 0) {}
    T_EQ(ouro_gc_get_phase(), phase);
}

/* The old one ends, and has found all; what lives lives. */
static void end(uint32_t kept)
{
    const char *broken = ouro_diag_verify();
    T_TEXT(broken ? broken : "intact", "intact");
    collector_finish();
    T_EQ(ouro_gc_get_phase(), OURO_GC_IDLE);
    T_EQ(gc_stats().collected[2], RING * OLD);
    for (unsigned i = 0; i < OLD; i++) {
        T_CHECK(cell_of(cell_of(cell_of(live[i])->next)->next)->next == live[i]);
        ouro_decref(live[i]);
    }
    (void)ouro_gc_collect(2);
    T_EQ(objects(), kept);
}

static const enum ouro_gc_phase where[] = {OURO_GC_COUNT, OURO_GC_MARK, OURO_GC_CUT, OURO_GC_FREE};

/* Play a case in each phase, at the start of it and later, with a cycle over the youngest and over
 * generation 1, too. */
static void play(void (*act)(enum ouro_gc_phase phase))
{
    for (unsigned i = 0; i < sizeof where / sizeof where[0]; i++)
        for (unsigned pieces = 0; pieces < 60; pieces += 7)
            for (int generation = 0; generation < 2; generation++) {
                t_restart(SIZE_MAX);
                if (!begin() || !go_to(where[i], pieces)) continue;
                ouro_ref doomed = ring(&dying_type, RING), weak, calling;
                cell_of(doomed)->other = ouro_own(live[pieces]);
                weak = ouro_weakref_new_with(doomed, NULL, NULL);
                calling = ouro_weakref_new_with(doomed, tell, NULL);
                ouro_decref(doomed);
                act(where[i]);
                if (T_CHECK(ouro_gc_start(generation))) {
                    T_EQ(ouro_heap->gc.parked_phase, where[i]);
                    T_CHECK(!ouro_gc_start(0) && !ouro_gc_start(2) && !collector_start_old());
                    end_young(where[i]);
                }
                T_EQ(finalized, RING);
                T_EQ(called, 1);
                T_CHECK(ouro_weakref_get(weak) == OURO_NONE);
                ouro_decref(weak);
                ouro_decref(calling);
                ouro_xdecref(ouro_take(&global));
                end(0);
            }
}

static void nothing(enum ouro_gc_phase phase) { (void)phase; }
static void garbage_of_both_is_found(void) { play(nothing); }

/* ---- finalizers ---- */

/* What is young is stored in what is old, and revived: it looks a second time. */
static void revive(struct cell *self)
{
    if (finalized > 1) return;
    T_CHECK(!global);
    global = ouro_own(&self->header);
    ouro_put(&self->other, ouro_own(live[OLD - 1]));
    ouro_put(&cell_of(live[OLD - 1])->other, ouro_own(self->next));
    (void)ouro_gc_step(50);
    ouro_put(&cell_of(live[OLD - 1])->other, NULL);
}
static void is_reviving(enum ouro_gc_phase phase)
{
    (void)phase;
    at_finalize = revive;
}
static void what_is_revived_lives(void) { play(is_reviving); }

/* ---- death by counting ---- */

/* The old die while their cycle waits: gray ones, candidates, and what was looked at. */
static void drop_some(struct cell *self)
{
    (void)self;
    for (unsigned i = 0; i < OLD; i++) {
        ouro_ref last = cell_of(cell_of(live[i])->next)->next;
        ouro_put(&cell_of(last)->next, NULL); /* what was a ring is a chain */
        ouro_decref(live[i]);
        live[i] = ring(&cell_type, RING);
    }
}
static void is_dropping(enum ouro_gc_phase phase)
{
    (void)phase;
    at_finalize = finalized == 0 ? drop_some : NULL;
}
static void the_old_die_meanwhile(void) { play(is_dropping); }

/* ---- asking for everything ---- */

static void collect_all(unsigned way)
{
    switch (way) {
    case 0: T_CHECK(ouro_gc_collect(0) >= 0); break;
    case 1: T_CHECK(ouro_gc_collect(2) >= 0); break;
    case 2: T_CHECK(ouro_gc_freeze() && ouro_gc_unfreeze()); break;
    case 3:
        while (!ouro_gc_collect_for(1000)) {}
        break;
    case 4:
        ouro_gc_disable();
        ouro_gc_set_threshold(0, 0, 0);
        while (ouro_gc_step(1) > 0) {}
        break;
    case 5: ouro_fini(); break;
    default:
        for (unsigned round = 0; collector_relieve(&round);) {}
        break;
    }
}

static void what_is_asked_for_at_once_ends_both(void)
{
    enum { WAYS = 7 };
    for (unsigned i = 0; i < sizeof where / sizeof where[0]; i++)
        for (unsigned way = 0; way < WAYS; way++)
            for (unsigned steps = 0; steps < 40; steps += 13) {
                t_restart(SIZE_MAX);
                if (!begin() || !go_to(where[i], 3)) continue;
                for (unsigned k = 0; k < 10; k++) ouro_decref(ring(&dying_type, RING));
                T_CHECK(ouro_gc_start(0));
                for (unsigned k = 0; k < steps; k++) (void)ouro_gc_step(1);
                collect_all(way);
                T_EQ(ouro_gc_get_phase(), OURO_GC_IDLE);
                T_EQ(ouro_heap->gc.parked_phase, OURO_GC_IDLE);
                T_EQ(objects(), RING * OLD);
                T_EQ(finalized, RING * 10);
                end(0);
            }
}

/* ---- callbacks ---- */

static int8_t heard[16];
static unsigned heard_count;
static void hear(struct ouro_gc_callback *callback, enum ouro_gc_event event,
                 const struct ouro_gc_info *info)
{
    (void)callback;
    T_CHECK(heard_count < sizeof heard);
    heard[heard_count++] = (int8_t)(info->generation + (event == OURO_GC_STOP ? 10 : 0));
    if (event == OURO_GC_STOP && info->generation == 2) T_EQ(info->collected, RING * OLD);
    if (event == OURO_GC_STOP && info->generation == 0) T_EQ(info->collected, RING);
}

static void each_is_told_of(void)
{
    static struct ouro_gc_callback callback = {.call = hear};
    for (unsigned i = 0; i < sizeof where / sizeof where[0]; i++) {
        t_restart(SIZE_MAX);
        if (!begin()) return;
        (void)collector_finish();
        t_restart(SIZE_MAX);
        if (!begin()) return;
        heard_count = 0;
        ouro_gc_add_callback(&callback);
        if (!T_CHECK(go_to(where[i], 2))) return;
        ouro_decref(ring(&cell_type, RING));
        T_CHECK(ouro_gc_start(0));
        collector_finish();
        T_EQ(heard_count, 3); /* of the old one's start nobody heard: there was no callback yet */
        T_CHECK(heard[0] == 0 && heard[1] == 10 && heard[2] == 12);
        T_CHECK(ouro_gc_remove_callback(&callback));
        end(0);
    }
}

/* Whoever writes that a cycle begins may go on with it. */
static uint32_t step_units;
static void step(void *context, const char *text, size_t bytes)
{
    (void)context;
    (void)text;
    (void)bytes;
    T_CHECK(!ouro_heap->gc.is_open);
    (void)ouro_gc_step(step_units);
}
static void who_writes_may_go_on(void)
{
    enum { RINGS = 20, UNITS = 40 };
    ouro_ref young[RINGS];
    for (unsigned i = 0; i < sizeof where / sizeof where[0]; i++)
        for (step_units = 1; step_units < UNITS; step_units += 3) {
            t_restart(SIZE_MAX);
            if (!begin() || !T_CHECK(go_to(where[i], 5))) return;
            for (unsigned k = 0; k < RINGS; k++) young[k] = ring(&cell_type, RING);
            ouro_gc_set_debug(OURO_GC_DEBUG_STATS);
            ouro_gc_set_output(step, NULL);
            T_CHECK(ouro_gc_start(0));
            ouro_gc_set_debug(0);
            end_young(where[i]);
            T_EQ(gc_stats().collected[0], 0);
            for (unsigned k = 0; k < RINGS; k++) ouro_decref(young[k]);
            end(0);
        }
}

/* ---- garbage that is kept ---- */

static void all_is_saved(void)
{
    for (unsigned i = 0; i < sizeof where / sizeof where[0]; i++) {
        t_restart(SIZE_MAX);
        if (!begin() || !T_CHECK(go_to(where[i], 5))) return;
        ouro_ref saved = ouro_gc_garbage();
        ouro_decref(ring(&cell_type, RING));
        ouro_gc_set_debug(OURO_GC_DEBUG_SAVEALL);
        T_CHECK(ouro_gc_start(1));
        end_young(where[i]);
        T_EQ(ouro_list_len(saved), RING);
        ouro_gc_set_debug(0);
        ouro_list_clear(saved);
        end(1);
    }
}

/* ---- turns ---- */

/* However often cycles over the young are due, the old one goes on. */
static void the_old_cycle_gets_its_turn(void)
{
    enum { KEPT = 400, BIRTHS = 150000, EVERY = 8 };
    static ouro_ref kept[KEPT];
    t_restart(OURO_CHECK >= 2 ? 768 * 1024 : 256 * 1024);
    for (unsigned i = 0; i < KEPT; i++) kept[i] = NULL;
    ouro_ref chain = NULL;
    for (unsigned i = 0; i < 1600; i++) {
        ouro_ref ref = ouro_obj_new(&cell_type);
        cell_of(ref)->next = chain;
        chain = ref;
    }
    (void)ouro_gc_collect(2);
    uint32_t before = gc_stats().collections[2];
    ouro_gc_set_threshold(1, 10, 10);
    for (unsigned i = 0; i < BIRTHS; i++) {
        ouro_ref ref = ouro_obj_new(&cell_type);
        cell_of(ref)->next = ouro_own(ref);
        ouro_xdecref(kept[i / EVERY % KEPT]);
        kept[i / EVERY % KEPT] = ref;
    }
    t_note("old cycles", gc_stats().collections[2] - before);
    T_CHECK(gc_stats().collections[2] - before >= 3);
    T_EQ(gc_stats().forced, 0);
    t_restart(SIZE_MAX);
}

/* Births of garbage while the old are looked at, cycles over the young being due that often. */
static unsigned births_of_a_turn(uint32_t threshold)
{
    enum { CHAIN = 2000 };
    t_restart(OURO_CHECK >= 2 ? 384 * 1024 : 128 * 1024);
    ouro_ref chain = NULL;
    for (unsigned i = 0; i < CHAIN; i++) {
        ouro_ref ref = ouro_obj_new(&cell_type);
        cell_of(ref)->next = chain;
        chain = ref;
    }
    (void)ouro_gc_collect(2);
    ouro_gc_set_threshold(threshold, 10, 10);
    uint32_t before = gc_stats().collections[2];
    unsigned births = 0;
    T_CHECK(collector_start_old());
    for (; gc_stats().collections[2] == before && births < 100000; births++) {
        ouro_ref ref = ouro_obj_new(&cell_type);
        cell_of(ref)->next = ouro_own(ref);
        ouro_decref(ref);
    }
    T_EQ(gc_stats().forced, 0);
    return births;
}

/* It has as many births as those that interrupt it. */
static void tiny_thresholds_do_not_hold_it_up(void)
{
    unsigned usual = births_of_a_turn(OURO_THRESHOLD0);
    t_note("births while the old are looked at", usual);
    for (uint32_t threshold = 1; threshold <= 5; threshold++) {
        unsigned births = births_of_a_turn(threshold);
        t_note("with a tiny threshold", births);
        T_CHECK(births <= 5 * usual / 2); /* as many, and what those need of their own */
    }
    t_restart(SIZE_MAX);
}

/* A threshold holds from the next birth on. */
static void a_threshold_holds_at_once(void)
{
    enum { FEW = 10, MANY = 200 };
    uint32_t before = gc_stats().collections[0];
    ouro_gc_set_threshold(FEW, 1000, 1000);
    for (unsigned i = 0; i < MANY; i++) ouro_decref(ring(&cell_type, RING));
    T_CHECK(gc_stats().collections[0] > before);
    ouro_gc_set_threshold(0, 1000, 1000);
    collector_finish();
    T_EQ(ouro_gc_collect(0) >= 0, true);
    before = gc_stats().collections[0];
    ouro_gc_set_threshold(FEW * FEW, 1000, 1000);
    for (unsigned i = 0; i < FEW; i++) ouro_decref(ring(&cell_type, RING));
    collector_finish();
    T_EQ(gc_stats().collections[0], before);
    (void)ouro_gc_collect(2);
}

static const struct t_test tests[] = {
    T_TEST(garbage_of_both_is_found),
    T_TEST(what_is_revived_lives),
    T_TEST(the_old_die_meanwhile),
    T_TEST(what_is_asked_for_at_once_ends_both),
    T_TEST(each_is_told_of),
    T_TEST(who_writes_may_go_on),
    T_TEST(all_is_saved),
    T_TEST(the_old_cycle_gets_its_turn),
    T_TEST(tiny_thresholds_do_not_hold_it_up),
    T_TEST(a_threshold_holds_at_once),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
