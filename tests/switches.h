/* SPDX-License-Identifier: MIT
 * switches.h - all that a program can turn while a cycle is under way, turned at random.
 *
 * Budgets, thresholds, enable and disable, the clock, tracemalloc, freezing, callbacks of cycles
 * and DEBUG_SAVEALL, in any order and in any phase.  What is off by default is off most of the
 * time, since the common paths and the window are closed while it is on.  A random test turns one
 * now and then, and all back before it counts what is left. */
#ifndef SWITCHES_H
#define SWITCHES_H

#include "ouro.h"
#include "ouro/tracemalloc.h"
#include "t.h"

typedef unsigned switches_rnd(unsigned n);

static struct switches {
    switches_rnd *rnd;
    uint32_t turned, traced, timed, frozen, told, saved; /* how often */
    struct ouro_gc_callback callback;
    uint32_t table[512]; /* tracemalloc's, small enough to overflow */
} switches;

/* Told of a cycle: do what may start another, which must not (R16). */
static void switches_told(struct ouro_gc_callback *self, enum ouro_gc_event event,
                          const struct ouro_gc_info *info)
{
    (void)self;
    T_CHECK(info->generation < 3 && (event == OURO_GC_STOP || info->collected == 0));
    switches.told++;
    T_CHECK(!ouro_gc_start((int)switches.rnd(3)));
    T_EQ(ouro_gc_collect((int)switches.rnd(3)), 0);
    (void)ouro_gc_step(switches.rnd(30));
    if (switches.rnd(2)) return;
    ouro_xdecref(ouro_list_new());
    ouro_error_clear();
}

enum { SWITCHES_OBJECTS = 1 }; /* that stay when all is off: the list of garbage */

static void switches_start(switches_rnd *rnd)
{
    switches = (struct switches){.rnd = rnd, .callback.call = switches_told};
    T_CHECK(ouro_gc_garbage() != NULL);
}

static void switches_save(bool is_on)
{
    ouro_gc_set_debug(is_on ? OURO_GC_DEBUG_SAVEALL : 0);
    if (!is_on) ouro_list_clear(ouro_gc_garbage());
    switches.saved += is_on;
}

static void switches_trace(bool is_on)
{
    if (!is_on) {
        ouro_tracemalloc_stop();
        return;
    }
    unsigned frames = 1 + switches.rnd(3);
    T_EQ(ouro_tracemalloc_start(frames, switches.table, sizeof switches.table), 0);
    switches.traced++;
}

/* Thresholds that are passed at once, or never. */
static void switches_threshold(void)
{
    static const uint32_t thresholds[] = {0, 1, 2, 5, 50, 700, 1000000, UINT32_MAX};
    enum { N = T_COUNT(thresholds) };
    uint32_t young = thresholds[switches.rnd(N)], middle = thresholds[switches.rnd(N)];
    ouro_gc_set_threshold(young, middle, thresholds[switches.rnd(N)]);
}

static void switches_turn(void)
{
    unsigned n = switches.rnd(8);
    switches.turned++;
    switch (switches.rnd(11)) {
    case 0: ouro_gc_set_budget(1 + switches.rnd(40), 1 + switches.rnd(40)); break;
    case 1: ouro_gc_set_budget(1 + n, 1 + switches.rnd(4)); break;
    case 2: switches_threshold(); break;
    case 3: n ? ouro_gc_enable() : ouro_gc_disable(); break;
    case 4:
        ouro_gc_set_clock(n ? NULL : ouro_port_instructions);
        switches.timed += !n;
        break;
    case 5: switches_trace(!n); break;
    case 6:
        if (n < 2) switches.frozen += n ? ouro_gc_freeze() : ouro_gc_freeze_start();
        break;
    case 7: (void)(n ? ouro_gc_unfreeze_start() : ouro_gc_unfreeze()); break;
    case 8:
        n ? (void)ouro_gc_remove_callback(&switches.callback)
          : ouro_gc_add_callback(&switches.callback);
        break;
    case 9: switches_save(!n); break;
    default: (void)ouro_gc_collect_for(switches.rnd(2) ? switches.rnd(2000) : 100000);
    }
}

/* All as the runtime starts with, but for budget and thresholds, and nothing frozen: from here on a
 * full collection leaves no garbage. */
static void switches_off(void)
{
    (void)ouro_gc_remove_callback(&switches.callback);
    switches_trace(false);
    ouro_gc_set_clock(NULL);
    T_CHECK(ouro_gc_unfreeze());
    switches_save(false);
}

static void switches_tell(void)
{
    t_note("switches turned", switches.turned);
    t_note("traced", switches.traced);
    t_note("timed", switches.timed);
    t_note("frozen", switches.frozen);
    t_note("cycles told of", switches.told);
    t_note("times all was saved", switches.saved);
    T_CHECK(switches.traced > 0 && switches.timed > 0);
    T_CHECK(switches.frozen > 0 && switches.saved > 0 && switches.told > 0);
}

#endif
