/* SPDX-License-Identifier: MIT
 * collector_mark.c - COUNT and MARK: which members of S does nobody outside refer to?
 *
 * No roots are scanned.  A reference from outside S (the stack, a global, an older generation)
 * shows up as a refcount higher than the number of references counted inside S. */
#include "collector.h"

/* ---- the gray queue: first in, first out, linked through the gc field ---- */

static void push_gray(ouro_ref o)
{
    struct gc *gc = &ouro_heap->gc;
    o->count_flags |= FLAG_ON_GRAY;
    set_gc_field(o, 0);
    if (gc->gray_tail)
        set_gc_field(granule_at(gc->gray_tail), granule_of(o));
    else
        gc->gray_head = granule_of(o);
    gc->gray_tail = granule_of(o);
}

void collector_make_live(ouro_ref o)
{
    struct gc *gc = &ouro_heap->gc;
    gc->candidates--;
    if (collector_is_past_flip()) gc->was_touched = true;
    if (gc->phase == OURO_GC_COUNT) {
        set_state(o, STATE_BOTH); /* pending: the gc field still counts; MARK will queue it */
        return;
    }
    set_state(o, gc->phase >= OURO_GC_WEAK ? STATE_BOTH : STATE_LIVE);
    push_gray(o);
}

uint32_t collector_drain_gray(void)
{
    struct gc *gc = &ouro_heap->gc;
    if (!gc->gray_head) return 0;
    ouro_ref o = granule_at(gc->gray_head);
    gc->gray_head = gc_field(o);
    if (!gc->gray_head) gc->gray_tail = 0;
    o->count_flags &= ~(uint32_t)FLAG_ON_GRAY;
    if (has_flag(o, FLAG_DEAD)) {
        set_gc_field(o, gc->dead_head); /* R5: one field, one queue at a time */
        gc->dead_head = granule_of(o);
        return 1;
    }
    for (uint32_t refs = type_of(o)->refs; refs; refs &= refs - 1) {
        ouro_ref child = *slot(o, (unsigned)__builtin_ctz(refs));
        if (child && !ouro_is_immediate(child) && is_candidate(child)) collector_make_live(child);
    }
    return visit_units(o);
}

bool collector_is_settled(void)
{
    const struct gc *gc = &ouro_heap->gc;
    return !gc->gray_head && (!gc->dead_head || !RULE(3)) && (gc->callouts == 0 || !RULE(7));
}

/* ---- phases ---- */

static void become_candidate(ouro_ref o)
{
    set_state(o, STATE_CANDIDATE);
    set_gc_field(o, 0);
    ouro_heap->gc.candidates++;
}

/* PHASE count: visit every object of S once and count the references inside S.
 *   enter    S fixed; no gc field in use
 *   leave    gc field == references from S, for every untouched candidate
 *   mutator  may do anything; touching a candidate makes it live (R1)                            */
uint32_t collector_count(void)
{
    ouro_ref o;
    if (!collector_walk(&o)) {
        collector_begin(OURO_GC_MARK);
        return 1;
    }
    if (!o) return 1;
    if (state(o) == STATE_UNTOUCHED) become_candidate(o);
    for (uint32_t refs = type_of(o)->refs; refs; refs &= refs - 1) {
        ouro_ref child = *slot(o, (unsigned)__builtin_ctz(refs));
        if (!slot_in_s(child) || has_flag(child, FLAG_LIVE)) continue;
        if (state(child) == STATE_UNTOUCHED) become_candidate(child);
        if (gc_field(child) == GC_MASK)
            collector_make_live(child); /* saturated: live for this cycle, and safe */
        else
            child->type_gc++;
    }
    return visit_units(o);
}

/* What MARK does on leaving: the flip.  O(1): what is still CANDIDATE is garbage. */
static void flip(struct gc *gc)
{
    if (gc->is_second_look) {
        gc->s_labels |= gc->s_sets; /* CUT and FREE see the rest of S too */
        collector_begin(OURO_GC_CUT);
    } else if (gc->candidates == 0) {
        collector_begin(OURO_GC_FREE);
    } else {
        collector_begin(gc->special ? OURO_GC_WEAK : OURO_GC_CUT);
    }
}

/* PHASE mark: candidates that are referred to from outside S are live, and what they reach.
 *   enter    gc field == references from S, for every candidate
 *   leave    gray queue and dead queue empty, no user code on the stack: the flip
 *   mutator  touching a candidate makes it live and gray                                         */
uint32_t collector_mark(void)
{
    struct gc *gc = &ouro_heap->gc;
    uint32_t units = collector_drain_gray();
    if (units) return units;
    ouro_ref o;
    if (collector_walk(&o)) {
        if (!o) return 1;
        bool is_owed_a_finalizer = gc->is_second_look && is_finalizable(o);
        if (state(o) == STATE_BOTH) {
            set_state(o, STATE_LIVE);
            push_gray(o);
        } else if (is_candidate(o) && (refcount(o) > gc_field(o) || is_owed_a_finalizer)) {
            collector_make_live(o);
        }
        return 1;
    }
    if (!collector_is_settled()) return 0;
    flip(gc);
    return 1;
}
