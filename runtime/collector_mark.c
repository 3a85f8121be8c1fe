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

/* Look at the first gray object and pop it; or leave it, to be looked at again, when more than
 * `room` units went into making its children live.  Returns units. */
static uint32_t gray_visit(struct gc *gc, uint32_t room)
{
    ouro_ref o = granule_at(gc->gray_head);
    uint32_t units = 1, made_live = 0;
    if (!has_flag(o, FLAG_DEAD)) {
        FOR_EACH_SLOT (field, o) {
            ouro_ref child = *field;
            if (units >= room && made_live) return units;
            units++;
            if (!child || ouro_is_immediate(child) || !is_candidate(child)) continue;
            collector_make_live(child);
            made_live++;
            units++; /* queueing costs what looking does */
        }
    }
    gc->gray_head = gc_field(o);
    if (!gc->gray_head) gc->gray_tail = 0;
    o->count_flags &= ~(uint32_t)FLAG_ON_GRAY;
    if (has_flag(o, FLAG_DEAD)) {
        set_gc_field(o, gc->dead_head); /* R5: one field, one queue at a time */
        gc->dead_head = granule_of(o);
    }
    return units;
}

uint32_t collector_drain_gray(uint32_t limit)
{
    struct gc *gc = &ouro_heap->gc;
    uint32_t units = 0;
    while (gc->gray_head && units < limit) units += gray_visit(gc, limit - units);
    return units;
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

static uint32_t count_visit(ouro_ref o)
{
    uint32_t units = 0;
    if (state(o) == STATE_UNTOUCHED) become_candidate(o);
    FOR_EACH_SLOT (field, o) {
        ouro_ref child = *field;
        units++;
        if (!slot_in_s(child) || has_flag(child, FLAG_LIVE)) continue;
        if (state(child) == STATE_UNTOUCHED) become_candidate(child);
        if (gc_field(child) == GC_MASK)
            collector_make_live(child); /* saturated: live for this cycle, and safe */
        else
            child->type_gc++;
    }
    return units;
}

/* PHASE count: visit every object of S once and count the references inside S.
 *   enter    S fixed; no gc field in use
 *   unit     a header or a slot
 *   leave    gc field == references from S, for every untouched candidate
 *   mutator  may do anything; touching a candidate makes it live (R1)                            */
uint32_t collector_count(uint32_t limit)
{
    struct walk walk = collector_walk(0, limit);
    for (ouro_ref o; (o = walk_next(&walk)) && walk_fits(&walk, o);) walk.units += count_visit(o);
    if (!walk_is_at_end(&walk)) return collector_pause(&walk);
    collector_begin(OURO_GC_MARK);
    return walk.units + 1;
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

static void mark_visit(const struct gc *gc, ouro_ref o)
{
    if (state(o) == STATE_BOTH) {
        set_state(o, STATE_LIVE);
        push_gray(o);
    } else if (is_candidate(o)) {
        bool is_owed_a_finalizer = gc->is_second_look && is_finalizable(o);
        if (refcount(o) > gc_field(o) || is_owed_a_finalizer) collector_make_live(o);
    }
}

/* PHASE mark: candidates that are referred to from outside S are live, and what they reach.
 *   enter    gc field == references from S, for every candidate
 *   unit     a header or a slot
 *   leave    gray queue and dead queue empty, no user code on the stack: the flip
 *   mutator  touching a candidate makes it live and gray                                         */
uint32_t collector_mark(uint32_t limit)
{
    struct gc *gc = &ouro_heap->gc;
    struct walk walk = collector_walk(collector_drain_gray(limit), limit);
    for (ouro_ref o; (o = walk_next(&walk));) {
        mark_visit(gc, o);
        while (gc->gray_head && walk.units < limit)
            walk.units += gray_visit(gc, limit - walk.units);
    }
    if (!walk_is_at_end(&walk) || !collector_is_settled()) return collector_pause(&walk);
    flip(gc);
    return walk.units + 1;
}
