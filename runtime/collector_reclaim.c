/* SPDX-License-Identifier: MIT
 * collector_reclaim.c - WEAK, FINALIZE, RELABEL, CUT and FREE: what is done with the garbage.
 *
 * None of these runs while user code that the collector called is on the stack (R7). */
#include "collector.h"
#include "weak.h"

/* PHASE weak: cut off the weak references to all garbage, before any finalizer runs (R10).
 *   enter    CANDIDATE == garbage
 *   leave    no weak reference leads to garbage                                                  */
uint32_t collector_weak(void)
{
    struct gc *gc = &ouro_heap->gc;
    ouro_ref o;
    if (!collector_walk(&o)) {
        collector_begin(OURO_GC_FINALIZE);
        return 1;
    }
    if (!o || !is_candidate(o) || !has_flag(o, FLAG_HAS_WEAK) || !RULE(10)) return 1;
    clear_weak(o, 1);
    if (has_flag(o, FLAG_HAS_WEAK)) gc->cursor_cell--; /* one a unit: look at it again */
    return 1;
}

/* PHASE finalize: run each finalizer once; one a piece.
 *   leave    every candidate finalized; what finalizers touched is revived and gray              */
uint32_t collector_finalize(void)
{
    struct gc *gc = &ouro_heap->gc;
    ouro_ref o;
    if (collector_walk(&o)) {
        if (!o || !is_candidate(o)) return 1;
        if (!RULE(10)) clear_weak(o, UINT32_MAX);
        if (!is_finalizable(o)) return 1;
        if (!RULE(8)) {
            run_finalizer(o, true);
            return 1;
        }
        o->count_flags += OURO_COUNT_ONE; /* R8: held, not touched */
        run_finalizer(o, true);
        o->count_flags -= OURO_COUNT_ONE;
        if (refcount(o) == 0 && !is_candidate(o)) bury(o);
        return 1;
    }
    uint32_t units = collector_drain_gray();
    if (units) return units;
    if (!collector_is_settled()) return 0;
    collector_begin(gc->was_touched ? OURO_GC_RELABEL : OURO_GC_CUT);
    return 1;
}

/* PHASE relabel: something condemned was touched.  Whatever was condemned, touched or not, gets a
 * label of its own, and COUNT and MARK run once more over just that.                             */
uint32_t collector_relabel(void)
{
    struct gc *gc = &ouro_heap->gc;
    uint32_t units = collector_drain_gray();
    if (units) return units;
    ouro_ref o;
    if (collector_walk(&o)) {
        if (!o) return 1;
        bool is_revived = state(o) == STATE_BOTH;
        if (is_candidate(o)) gc->candidates--;
        if (is_revived || is_candidate(o)) {
            set_state(o, STATE_UNTOUCHED);
            set_label(o, CONDEMNED);
        }
        return 1;
    }
    if (!collector_is_settled()) return 0;
    gc->s_labels = 1u << CONDEMNED;
    gc->is_second_look = true;
    collector_begin(OURO_GC_COUNT);
    return 1;
}

/* PHASE cut: drop every reference from garbage to what is not; inside the garbage nothing is
 * counted down. */
uint32_t collector_cut(void)
{
    ouro_ref o;
    if (!collector_walk(&o)) {
        collector_begin(OURO_GC_FREE);
        return 1;
    }
    if (!o || !is_candidate(o)) return 1;
    for (uint32_t refs = type_of(o)->refs; refs; refs &= refs - 1) {
        ouro_ref *field = slot(o, (unsigned)__builtin_ctz(refs));
        ouro_ref child = *field;
        *field = NULL;
        if (child && !(is_counted(child) && is_candidate(child))) drop_quietly(child);
    }
    return visit_units(o);
}

static void end_cycle(struct gc *gc)
{
    gc->collections[gc->generation]++;
    gc->s_labels = gc->s_sets = 0;
    gc->is_second_look = gc->was_touched = false;
    gc->debt = 0;
    collector_begin(OURO_GC_IDLE);
}

/* PHASE free: free the garbage; survivors move to the next generation.
 *   leave    no object in a state but UNTOUCHED                                                  */
uint32_t collector_free(void)
{
    struct gc *gc = &ouro_heap->gc;
    ouro_ref o;
    if (!collector_walk(&o)) {
        end_cycle(gc);
        return 1;
    }
    if (!o) return 1;
    if (!is_candidate(o)) {
        ouro_assert(!has_flag(o, FLAG_ON_GRAY));
        gc->resurrected += label(o) == CONDEMNED;
        set_state(o, STATE_UNTOUCHED);
        set_label(o, gc->generation == 0 ? GEN1 : GEN2);
        gc->has_survivors = true;
        gc->old_pending += gc->generation == 1;
        gc->old_total += gc->generation == 2;
        return 1;
    }
    if (RULE(11) && has_flag(o, FLAG_HAS_WEAK)) {
        clear_weak(o, 1);
        gc->cursor_cell--; /* one a unit: look at it again */
        return 1;
    }
    if (!type_of(o)->is_hidden) gc->collected[gc->generation]++;
    gc->candidates--;
    object_free(o);
    return 1;
}
