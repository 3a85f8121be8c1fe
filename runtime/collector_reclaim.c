/* SPDX-License-Identifier: MIT
 * collector_reclaim.c - WEAK, FINALIZE, RELABEL, CUT and FREE: what is done with the garbage.
 *
 * None of these runs while user code that the collector called is on the stack (R7). */
#include "collector_walk.h"
#include "weak.h"

void collector_begin_cut(void)
{
    bool is_saved = (ouro_heap->monitor.debug & OURO_GC_DEBUG_SAVEALL) != 0;
    collector_begin(is_saved ? OURO_GC_SAVE : OURO_GC_CUT);
}

void collector_begin_reclaiming(void)
{
    const struct gc *gc = &ouro_heap->gc;
    if (gc->candidates == 0)
        collector_begin(OURO_GC_FREE);
    else if (gc->special)
        collector_begin(OURO_GC_WEAK);
    else
        collector_begin_cut();
}

/* Cut off the weak references to the member just returned; false if some are left, and it is to be
 * looked at again. */
static inline bool cut_weak(struct walk *walk, ouro_ref o)
{
    if (!has_flag(o, FLAG_HAS_WEAK)) return true;
    walk->units += clear_weak(o, walk->limit - walk->units + 1); /* one at least */
    if (!has_flag(o, FLAG_HAS_WEAK)) return true;
    walk_back(walk);
    return false;
}

/* PHASE weak: cut off the weak references to all garbage, before any finalizer runs (R10).
 *   enter    CANDIDATE == garbage
 *   unit     a header or a weak reference
 *   leave    no weak reference leads to garbage                                                  */
SELDOM uint32_t collector_weak(uint32_t limit)
{
    struct walk walk = walk_begin(0, limit);
    for (ouro_ref o; (o = walk_next(&walk));) {
        if (is_candidate(o) && RULE(10)) (void)cut_weak(&walk, o);
    }
    if (!walk_is_at_end(&walk)) return walk_pause(walk.cell, walk.units);
    collector_begin(OURO_GC_FINALIZE);
    return walk.units + 1;
}

SELDOM static void finalize_visit(ouro_ref o)
{
    if (RULE(8)) o->count_flags += OURO_COUNT_ONE; /* R8: held, not touched */
    run_finalizer(o, true);
    if (!RULE(8)) return;
    o->count_flags -= OURO_COUNT_ONE;
    if (refcount(o) == 0 && !is_candidate(o)) bury(o);
}

/* PHASE finalize: run each finalizer once; one a call.
 *   unit     a header
 *   leave    every candidate finalized; what finalizers touched is revived and gray              */
SELDOM uint32_t collector_finalize(uint32_t limit)
{
    struct gc *gc = &ouro_heap->gc;
    if (gc->finalizers >= OURO_FINALIZER_DEPTH) return 0;
    struct walk walk = walk_begin(0, limit);
    for (ouro_ref o; (o = walk_next(&walk));) {
        /* What another finalizer revived is finalized too, but not what KEEP kept: that is owed. */
        bool is_revived = state(o) == STATE_BOTH && ouro_heap->monitor.cycle.uncollectable == 0;
        if (!is_candidate(o) && !is_revived) continue;
        if (!RULE(10)) clear_weak(o, UINT32_MAX);
        if (!is_finalizable(o)) continue;
        (void)walk_pause(walk.cell, walk.units); /* pages may come and go while user code runs */
        finalize_visit(o);
        return walk.units;
    }
    if (walk.units < limit) walk.units += collector_drain_gray(limit - walk.units);
    if (!walk_is_at_end(&walk) || !collector_is_settled()) return walk_pause(walk.cell, walk.units);
    if (gc->was_touched)
        collector_begin(OURO_GC_RELABEL);
    else
        collector_begin_cut();
    return walk.units + 1;
}

/* PHASE relabel: something condemned was touched.  Whatever was condemned, touched or not, gets a
 * label of its own, and COUNT and MARK run once more over just that.
 *   unit     a header, or a slot of what is gray
 *   leave    no gray object; S is what was condemned                                             */
SELDOM uint32_t collector_relabel(uint32_t limit)
{
    struct gc *gc = &ouro_heap->gc;
    struct walk walk = walk_begin(collector_drain_gray(limit), limit);
    for (ouro_ref o; (o = walk_next(&walk));) {
        if (state(o) != STATE_CANDIDATE && state(o) != STATE_BOTH) continue;
        if (is_candidate(o)) gc->candidates--;
        set_state(o, STATE_UNTOUCHED);
        set_label(o, CONDEMNED);
    }
    if (!walk_is_at_end(&walk) || !collector_is_settled()) return walk_pause(walk.cell, walk.units);
    gc->s_labels = 1u << CONDEMNED;
    gc->is_second_look = true;
    collector_begin(OURO_GC_COUNT);
    return walk.units + 1;
}

/* Returns units; 0: `room` was used up before the last slot. */
static inline uint32_t cut_visit(ouro_ref o, uint32_t room)
{
    uint32_t units = 0, dropped = 0;
    ouro_ref *field = slot(o, 0);
    for (uint32_t refs = type_of(o)->refs; refs; refs >>= 1, field++) {
        ouro_ref child = *field;
        if (!(refs & 1u)) continue;
        if (units >= room && dropped) return 0;
        units++;
        if (!child) continue;
        *field = NULL;
        if (ouro_is_immediate(child)) continue;
        uint32_t flags = child->count_flags;
        if ((flags & OURO_FLAG_IMMORTAL) != 0u || (flags & STATE_MASK) == STATE_CANDIDATE) continue;
        units += drop_quietly(child, units < room ? room - units : 0);
        dropped++;
    }
    return units;
}

/* PHASE cut: drop every reference from garbage to what is not; inside the garbage nothing is
 * counted down. unit     a header or a slot */
uint32_t collector_cut(uint32_t limit)
{
    struct walk walk = walk_begin(0, limit);
    for (ouro_ref o; (o = walk_next(&walk));) {
        if (!is_candidate(o)) continue;
        if (RULE(11) && !cut_weak(&walk, o)) continue; /* from a finalizer */
        uint32_t units = cut_visit(o, walk.units < limit ? limit - walk.units : 0);
        if (units == 0) walk_back(&walk); /* look at it again */
        walk.units = units ? walk.units + units : limit;
    }
    if (!walk_is_at_end(&walk)) return walk_pause(walk.cell, walk.units);
    collector_begin(OURO_GC_FREE);
    return walk.units + 1;
}

static void end_cycle(struct gc *gc)
{
    struct gc_monitor *monitor = &ouro_heap->monitor;
    collector_time();
    monitor->cycle.candidates += gc->survivors;
    if (gc->generation == 1) gc->old_pending += gc->survivors;
    if (gc->generation == 2) {
        gc->old_total = gc->survivors;
        collector_set_pressure();
    }
    ouro_heap->figures.collections[gc->generation]++;
    monitor->uncollectable[gc->generation] += monitor->cycle.uncollectable;
    monitor->candidates[gc->generation] += monitor->cycle.candidates;
    monitor->duration[gc->generation] += monitor->cycle.duration;
    gc->s_labels = gc->s_sets = 0;
    gc->is_second_look = gc->was_touched = false;
    gc->debt = 0;
    collector_begin(OURO_GC_IDLE);
    if (monitor_stop) monitor_stop();
}

static void untrack(ouro_ref o)
{
    set_state(o, STATE_UNTOUCHED);
    set_label(o, UNTRACKED);
}

static bool holds_nothing_tracked(ouro_ref o, uint32_t *units)
{
    ouro_ref *field = slot(o, 0);
    for (uint32_t refs = type_of(o)->refs; refs; refs >>= 1, field++) {
        if (!(refs & 1u)) continue;
        ++*units;
        if (*field && is_tracked(*field)) return false;
    }
    return true;
}

/* Let a tuple among the survivors go if it refers to nothing the collector watches, as CPython
 * does. Returns units. */
static __attribute__((noinline)) uint32_t let_go(ouro_ref o)
{
    uint32_t units = 0;
    if (holds_nothing_tracked(o, &units)) untrack(o);
    return units;
}

/* Returns units. */
static inline uint32_t survive(struct gc *gc, ouro_ref o)
{
    unsigned to = gc->generation == 0 ? GEN1 : GEN2;
    uint32_t flags = o->count_flags;
    ouro_assert(!(flags & FLAG_ON_GRAY));
    if (gc->is_second_look) ouro_heap->figures.resurrected += label(o) == CONDEMNED;
    o->count_flags = (flags & ~(uint32_t)(STATE_MASK | FLAG_LABEL)) | to << FLAG_LABEL_SHIFT;
    gc->survivors++;
    if (gc->has_survivors) return 0;
    gc->has_survivors = true;
    if (!((unsigned)page_of(o)->sets >> to & 1u)) page_join(page_of(o), to);
    return 1;
}

/* PHASE free: free the garbage; survivors move to the next generation.
 *   unit     a header
 *   leave    no object in a state but UNTOUCHED                                                  */
uint32_t collector_free(uint32_t limit)
{
    struct gc *gc = &ouro_heap->gc;
    struct gc_monitor *monitor = &ouro_heap->monitor;
    const uint32_t first = (uint32_t)OURO_TYPE_TUPLE << TYPE_SHIFT;
    const uint32_t end = (uint32_t)OURO_TYPE_LONG_TUPLE << TYPE_SHIFT;
    uint32_t collected = 0;
    struct walk walk = walk_begin(0, limit);
    for (ouro_ref o; (o = walk_next(&walk));) {
        if (!is_candidate(o)) {
            if (o->type_gc - first < end - first) {
                walk.units += let_go(o);
                if (label(o) == UNTRACKED) continue;
            }
            walk.units += survive(gc, o);
            continue;
        }
        collected += !type_of(o)->is_hidden;
        if (monitor->debug & OURO_GC_DEBUG_COLLECTABLE) monitor_collectable(o);
        gc->candidates--;
        object_free_cell(o);
        walk.units += FREE_UNITS - 1;
        if (gc->cursor_cell == 0) walk.units += GONE_UNITS;
    }
    monitor->cycle.collected += collected;
    ouro_heap->figures.collected[gc->generation] += collected;
    if (!walk_is_at_end(&walk)) return walk_pause(walk.cell, walk.units);
    end_cycle(gc);
    return walk.units + 1;
}
