/* SPDX-License-Identifier: MIT
 * collector_pace.c - how much may float, when a cycle is due, and what each allocation owes to the
 * one that runs: figures of a whole cycle, reckoned where one begins or ends.  See Pacing in
 * DESIGN.
 */
#include "collector.h"

/* Bytes that may float, F = min(live/2 + arena/16, half of what is free). */
static uint32_t float_bound(void)
{
    uint32_t arena = ouro_heap->arena.pages << PAGE_SHIFT;
    uint32_t used = (uint32_t)heap_used_bytes(ouro_heap);
    return used < arena ? least(used / 2 + arena / 16, (arena - used) / 2) : 0;
}

/* Objects are as large as they were on average when last counted. */
static void set_average(struct limits *limits)
{
    uint32_t objects = object_count();
    limits->average = objects ? (uint32_t)heap_used_bytes(ouro_heap) / objects : GRANULE_BYTES;
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

/* How many may be born before a cycle is due: a part of F, or the threshold. */
void collector_set_young(void)
{
    enum { YOUNG_LEAST = 16 };
    struct gc *gc = &ouro_heap->gc;
    struct limits *limits = &gc->limits;
    uint32_t part = limits->aging < YOUNG_LEAST ? YOUNG_LEAST : limits->aging;
    limits->young = least(gc->threshold[0], part);
    /* What was interrupted has its turn before the next: for as many births as this one took, but
     * for the part of F that the young have.  So tiny thresholds do not hold it up. */
    if (gc->parked_phase == OURO_GC_IDLE) return;
    uint32_t births = young_count(gc), turn = least(births, part);
    limits->young = births + (limits->young > turn ? limits->young : turn);
}

/* A cycle ends, or the first is yet to begin: parts of F, in objects: what is young, what is older,
 * what is old. */
void collector_set_limits(struct gc *gc)
{
    struct limits *limits = &gc->limits;
    set_average(limits);
    uint32_t bound = float_bound(), objects = bound / limits->average, part = objects / 8;
    limits->bound = bound;
    limits->aging = part;
    collector_set_young();
    if (gc->now.generation != 2) return;
    limits->promoted = 2 * part;
    limits->tight = (uint32_t)heap_used_bytes(ouro_heap) + bound / 4;
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

/* At the start, what floats is to stay within F, so k >= 2W / F; of what is born, if a cycle over
 * the old can be interrupted, only those that survive float until it ends.  Over the young: it is
 * to end just before the next is due, so what is left of the work is set against what may be born
 * until then; and when it has interrupted one over the old, and many survive, as soon as can be. */
void collector_set_pace(struct gc *gc)
{
    enum { PACE_MOST = 64 * 16, MANY = 3 };
    const struct limits *limits = &gc->limits;
    struct cycle *now = &gc->now;
    uint32_t granules = limits->bound >> (GRANULE_SHIFT + 1), share = 16;
    uint32_t work = now->expected / 16 * limits->units[now->generation == 2] + 64;
    if (now->s_sets == 1u << GEN2) share = 2u * gc->survival;
    if (now->generation < 2) {
        int32_t births = (int32_t)(limits->young - limits->young / 32 - young_count(gc));
        uint32_t done = now->paid + (uint32_t)now->debt / 16;
        work = work - work / 8 > done ? work - done : work / 8; /* lest it stand still */
        births = births > 0 ? births : 0;
        granules = least(granules, (uint32_t)births * limits->average >> GRANULE_SHIFT);
    }
    bool is_urgent = gc->parked_phase != OURO_GC_IDLE && gc->survival >= MANY;
    now->pace = is_urgent ? PACE_MOST : least(work * share / (granules + 1) + 1, PACE_MOST);
}
