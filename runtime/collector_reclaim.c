/* SPDX-License-Identifier: MIT
 * collector_reclaim.c - WEAK, FINALIZE, RELABEL, CUT and FREE: what is done with the garbage.
 *
 * None of these runs while user code that the collector called is on the stack (R7). */
#include "collector.h"
#include "weak.h"

/* PHASE weak: cut off the weak references to all garbage, before any finalizer runs (R10).
 *   enter    CANDIDATE == garbage
 *   unit     a header or a weak reference
 *   leave    no weak reference leads to garbage                                                  */
uint32_t collector_weak(uint32_t limit)
{
    uint32_t units = 0;
    for (ouro_ref o; (o = collector_next(&units, limit));) {
        if (!is_candidate(o) || !RULE(10)) continue;
        units += clear_weak(o, limit - units);
        if (has_flag(o, FLAG_HAS_WEAK)) ouro_heap->gc.cursor_cell--; /* look at it again */
    }
    if (units >= limit) return units;
    collector_begin(OURO_GC_FINALIZE);
    return units + 1;
}

static void finalize_visit(ouro_ref o)
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
uint32_t collector_finalize(uint32_t limit)
{
    struct gc *gc = &ouro_heap->gc;
    uint32_t units = 0;
    for (ouro_ref o; (o = collector_next(&units, limit));) {
        if (!is_candidate(o)) continue;
        if (!RULE(10)) clear_weak(o, UINT32_MAX);
        if (!is_finalizable(o)) continue;
        finalize_visit(o);
        return units;
    }
    if (units < limit) units += collector_drain_gray(limit - units);
    if (units >= limit || !collector_is_settled()) return units;
    collector_begin(gc->was_touched ? OURO_GC_RELABEL : OURO_GC_CUT);
    return units + 1;
}

/* PHASE relabel: something condemned was touched.  Whatever was condemned, touched or not, gets a
 * label of its own, and COUNT and MARK run once more over just that.
 *   unit     a header, or a slot of what is gray
 *   leave    no gray object; S is what was condemned                                             */
uint32_t collector_relabel(uint32_t limit)
{
    struct gc *gc = &ouro_heap->gc;
    uint32_t units = collector_drain_gray(limit);
    for (ouro_ref o; (o = collector_next(&units, limit));) {
        if (state(o) != STATE_CANDIDATE && state(o) != STATE_BOTH) continue;
        if (is_candidate(o)) gc->candidates--;
        set_state(o, STATE_UNTOUCHED);
        set_label(o, CONDEMNED);
    }
    if (units >= limit || !collector_is_settled()) return units;
    gc->s_labels = 1u << CONDEMNED;
    gc->is_second_look = true;
    collector_begin(OURO_GC_COUNT);
    return units + 1;
}

/* PHASE cut: drop every reference from garbage to what is not; inside the garbage nothing is
 * counted down. unit     a header or a slot */
uint32_t collector_cut(uint32_t limit)
{
    uint32_t units = 0;
    for (ouro_ref o; (o = collector_next(&units, limit));) {
        if (!is_candidate(o)) continue;
        FOR_EACH_SLOT (field, o) {
            ouro_ref child = *field;
            *field = NULL;
            units++;
            if (child && !(is_counted(child) && is_candidate(child))) drop_quietly(child);
        }
    }
    if (units >= limit) return units;
    collector_begin(OURO_GC_FREE);
    return units + 1;
}

static void end_cycle(struct gc *gc)
{
    gc->collections[gc->generation]++;
    gc->s_labels = gc->s_sets = 0;
    gc->is_second_look = gc->was_touched = false;
    gc->debt = 0;
    collector_begin(OURO_GC_IDLE);
}

static void survive(struct gc *gc, ouro_ref o)
{
    ouro_assert(!has_flag(o, FLAG_ON_GRAY));
    gc->resurrected += label(o) == CONDEMNED;
    set_state(o, STATE_UNTOUCHED);
    set_label(o, gc->generation == 0 ? GEN1 : GEN2);
    gc->has_survivors = true;
    gc->old_pending += gc->generation == 1;
    gc->old_total += gc->generation == 2;
}

/* PHASE free: free the garbage; survivors move to the next generation.
 *   unit     a header or a weak reference
 *   leave    no object in a state but UNTOUCHED                                                  */
uint32_t collector_free(uint32_t limit)
{
    struct gc *gc = &ouro_heap->gc;
    uint32_t units = 0;
    for (ouro_ref o; (o = collector_next(&units, limit));) {
        if (!is_candidate(o)) {
            survive(gc, o);
            continue;
        }
        if (RULE(11)) units += clear_weak(o, limit - units); /* a finalizer may have made some */
        if (RULE(11) && has_flag(o, FLAG_HAS_WEAK)) {
            gc->cursor_cell--; /* look at it again */
            continue;
        }
        if (!type_of(o)->is_hidden) gc->collected[gc->generation]++;
        gc->candidates--;
        object_free(o);
    }
    if (units >= limit) return units;
    end_cycle(gc);
    return units + 1;
}
