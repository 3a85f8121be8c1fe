/* SPDX-License-Identifier: MIT
 * gc_stats.c - the collector's figures and thresholds, and what it knows of one object. */
#include "collector.h"

void ouro_gc_set_threshold(uint32_t t0, uint32_t t1, uint32_t t2)
{
    ouro_heap->gc.threshold[0] = t0;
    ouro_heap->gc.threshold[1] = t1;
    ouro_heap->gc.threshold[2] = t2;
    collector_set_young();
    collector_set_trigger();
}
void ouro_gc_get_threshold(uint32_t threshold[3])
{
    for (unsigned i = 0; i < 3; i++) threshold[i] = ouro_heap->gc.threshold[i];
}
void ouro_gc_get_count(uint32_t count[3])
{
    count[0] = young_count(&ouro_heap->gc);
    for (unsigned i = 1; i < 3; i++) count[i] = ouro_heap->gc.count[i];
}

void ouro_gc_set_clock(uint64_t (*clock)(void))
{
    ouro_heap->monitor.clock = clock;
    if (clock) ouro_heap->monitor.timed = clock();
    collector_set_trigger();
}

void ouro_gc_get_stats(struct ouro_gc_stats *stats)
{
    const struct gc_figures *figures = &ouro_heap->figures;
    const struct gc_monitor *monitor = &ouro_heap->monitor;
    *stats = (struct ouro_gc_stats){
        .freed_by_count = ouro_heap->gc.freed,
        .resurrected = figures->resurrected,
        .forced = figures->forced,
        .overflowed = figures->overflowed,
        .float_peak = monitor->float_peak,
        .longest_step_units = figures->longest_step,
        .longest_step_instructions = monitor->longest_step,
        .units = figures->units,
    };
    for (unsigned i = 0; i < 3; i++) {
        stats->collections[i] = figures->collections[i];
        stats->collected[i] = figures->collected[i];
        stats->uncollectable[i] = monitor->uncollectable[i];
        stats->candidates[i] = monitor->candidates[i];
        stats->duration[i] = monitor->duration[i];
    }
}

bool ouro_gc_collect_for(uint32_t instructions)
{
    enum { STEP_UNITS = 8, UNIT_INSTRUCTIONS = 40 };
    uint64_t (*clock)(void) = ouro_heap->monitor.clock;
    uint64_t end = instructions + (clock ? clock() : 0), now = 0;
    if (ouro_gc_get_phase() == OURO_GC_IDLE) (void)ouro_gc_start(2);
    while ((clock ? clock() : now) < end) {
        uint32_t done = ouro_gc_step(STEP_UNITS);
        if (done == 0) break;
        now += (uint64_t)done * UNIT_INSTRUCTIONS;
    }
    return ouro_gc_get_phase() == OURO_GC_IDLE;
}

bool ouro_gc_is_tracked(ouro_ref ref) { return is_counted(ref) && label(ref) != UNTRACKED; }

bool ouro_gc_is_finalized(ouro_ref ref)
{
    if (!is_counted(ref) || !has_flag(ref, FLAG_FINALIZED)) return false;
    unsigned type = ouro_type_index(ref);
    if (!type_of(ref)->finalize) return false;
    bool is_instance = type >= OURO_TYPE_INSTANCE && type < OURO_TYPE_ANCHOR;
    return !is_instance || instance_has_finalizer(ref);
}
