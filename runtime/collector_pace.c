/* SPDX-License-Identifier: MIT
 * collector_pace.c - how much may float, when a cycle is due, and what each allocation owes to the
 * one that runs: figures of a whole cycle, reckoned where one begins or ends.  See Pacing in
 * DESIGN.
 */
#include "collector.h"

/* Bytes that may float, F = min(live/2 + arena/16, half of what is free). */
static uint32_t float_bound(uint32_t used)
{
    uint32_t arena = ouro_heap->arena.pages << PAGE_SHIFT;
    return used < arena ? least(used / 2 + arena / 16, (arena - used) / 2) : 0;
}

/* A cycle takes what the last ones took, for an object that they were expected to look at. */
void collector_learn_units(struct gc *gc)
{
    enum { LEAST = 4 * 16, MOST = 64 * 16 };
    uint32_t took = gc->now.paid / (gc->now.expected / 16 + 1);
    uint32_t *units = &gc->limits.units[gc->now.generation == 2];
    took = least(took < LEAST ? LEAST : took, MOST);
    if (gc->now.expected) *units = (*units * 3 + took) / 4;
}

/* How many may be born before a cycle is due: a part of F, or the threshold.  Where hardly any
 * survives, nothing else floats, and three parts are half as much work for each of them. */
void collector_set_young(void)
{
    enum { YOUNG_LEAST = 16, FEW = 1, PARTS = 3 };
    struct gc *gc = &ouro_heap->gc;
    struct limits *limits = &gc->limits;
    uint32_t few = least(YOUNG_LEAST, limits->bound / 2 / limits->average + 1); /* unless large */
    uint32_t part = limits->aging < few ? few : limits->aging;
    limits->young = least(gc->threshold[0], gc->survival <= FEW ? PARTS * part : part);
    /* What was interrupted has its turn before the next: for as many births as this one took, but
     * for the part of F that the young have.  So tiny thresholds do not hold it up. */
    if (gc->parked_phase == OURO_GC_IDLE) return;
    uint32_t births = young_count(gc), turn = least(births, part);
    limits->young = births + (limits->young > turn ? limits->young : turn);
}

/* Half budgets that late calls pay, at most. */
enum { FEW_HALVES = 5, MANY_HALVES = 8 };

/* When is a cycle over the old late, and how many half budgets do calls pay then?  Let `need` half
 * budgets of each birth take its `units` to their end before F is born.  If that is little, there
 * is time.  If it is more than any call pays, long pauses would not help. */
static void set_lateness(const struct gc *gc, struct limits *limits, uint32_t units,
                         uint32_t births)
{
    enum { LITTLE = 2, MUCH = 8 };
    const uint32_t need = units / (births * gc->alloc_units / 2 + 1);
    limits->halves_old = need > LITTLE && need <= MUCH ? MANY_HALVES : FEW_HALVES;
    limits->late_old = limits->base + limits->bound / 8 * (need > LITTLE ? 1 : 3);
}

/* A cycle ends, or the first is yet to begin: parts of F, in objects, which are as large as they
 * are on average now: what is young, what is older, what is old. */
void collector_set_limits(struct gc *gc)
{
    enum { USUAL_BYTES = 24 };
    struct limits *limits = &gc->limits;
    const uint32_t used = (uint32_t)heap_used_bytes(ouro_heap), objects = object_count();
    const uint32_t average = objects ? used / objects : USUAL_BYTES;
    const uint32_t bound = float_bound(used), births = bound / average;
    limits->average = average;
    limits->bound = bound;
    limits->aging = births / 8;
    collector_set_young();
    if (gc->now.generation != 2) return;
    limits->promoted = births / 4;
    limits->base = used > limits->settled ? used : limits->settled;
    limits->settled = used;
    set_lateness(gc, limits, objects * (limits->units[1] / 16), births);
}

/* Objects that a cycle looks at. */
uint32_t collector_expects(const struct gc *gc)
{
    uint32_t most = (uint32_t)heap_used_bytes(ouro_heap) / gc->limits.average;
    if (gc->now.generation == 2) return most;
    uint32_t young = young_count(gc);
    if (gc->now.generation == 1) young += gc->aging + gc->aged;
    return least(young, most);
}

/* Bytes in use above which calls pay more than their budget, if so much is owed. */
static void set_late(struct gc *gc)
{
    struct limits *limits = &gc->limits;
    const bool is_parked = gc->parked_phase != OURO_GC_IDLE;
    const bool is_urgent =
        is_parked && gc->survival >= MANY_SURVIVE && gc->survival < NEARLY_ALL_SURVIVE;
    const bool is_old = is_urgent || gc->now.s_sets == 1u << GEN2 || gc->special;
    limits->late = limits->late_old;
    limits->halves = is_old ? limits->halves_old : MANY_HALVES;
    if (is_old) return;
    limits->late = gc->now.generation < 2 ? limits->base + limits->bound / 4 * 5 : UINT32_MAX;
}

/* What is left of a cycle's work is set against what may be born until it has to end.  Over the
 * old: before F/2 is used up; of what is born meanwhile only those that survive count, since cycles
 * over the young interrupt it; and four times as fast, lest it be late.  Over the young: just
 * before the next is due; and when it has interrupted one over the old, and many survive, as soon
 * as can be.  Over all: as k >= 2W / F says. */
void collector_set_pace(struct gc *gc)
{
    enum { PACE_MOST = 64 * 16, HASTE = 4, SHARE_MOST = 48 };
    const struct limits *limits = &gc->limits;
    struct cycle *now = &gc->now;
    const bool is_old = now->s_sets == 1u << GEN2;
    uint32_t granules = limits->bound >> (GRANULE_SHIFT + 1), share = 16;
    uint32_t work = now->expected / 16 * limits->units[now->generation == 2] + 64;
    if (is_old) {
        const uint32_t used = (uint32_t)heap_used_bytes(ouro_heap), half = limits->bound / 2;
        const uint32_t end = limits->base + half, some = limits->bound / 16;
        granules = (least(end > used + some ? end - used - some : 0, half) + some) >> GRANULE_SHIFT;
        share = least(HASTE * gc->survival, SHARE_MOST);
        if (used <= limits->late_old) /* the new pace makes up for what was not paid in time */
            now->debt = (int32_t)least((uint32_t)now->debt, gc->alloc_units * 16);
    } else if (now->generation < 2) {
        const uint32_t done = now->paid + (uint32_t)now->debt / 16;
        int32_t births = (int32_t)(limits->young - limits->young / 32 - young_count(gc));
        births = births > 0 ? births : 0;
        granules = least(granules, (uint32_t)births * limits->average >> GRANULE_SHIFT);
        work = work - work / 8 > done ? work - done : work / 8; /* lest it stand still */
    }
    set_late(gc);
    bool is_urgent = gc->parked_phase != OURO_GC_IDLE && gc->survival >= MANY_SURVIVE;
    now->pace = is_urgent ? PACE_MOST : least(work * share / (granules + 1) + 1, PACE_MOST);
}
