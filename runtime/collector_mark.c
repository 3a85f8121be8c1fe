/* SPDX-License-Identifier: MIT
 * collector_mark.c - COUNT and MARK: which members of S does nobody outside refer to?
 *
 * No roots are scanned.  A reference from outside S (the stack, a global, an older generation)
 * shows up as a refcount higher than the number of references counted inside S. */
#include "collector_walk.h"

/* ---- the gray queue: first in, first out, linked through the gc field ---- */

static inline void push_gray(struct gc *gc, ouro_ref o)
{
    uint32_t granule = granule_of(o);
    o->type_gc &= ~(uint32_t)GC_MASK; /* the last */
    if (gc->gray_tail)
        ((ouro_ref)granule_at(gc->gray_tail))->type_gc |= granule; /* which was 0 */
    else
        gc->gray_head = granule;
    gc->gray_tail = granule;
}

void collector_make_live(ouro_ref o)
{
    struct gc *gc = &ouro_heap->gc;
    gc->candidates--;
    if (collector_is_past_flip()) gc->was_touched = true;
    if (gc->phase == OURO_GC_KEEP) garbage_found(o);
    if (gc->phase == OURO_GC_COUNT) {
        set_state(o, STATE_BOTH); /* pending: the gc field still counts; MARK will queue it */
        return;
    }
    set_state(o, gc->phase >= OURO_GC_KEEP ? STATE_BOTH : STATE_LIVE);
    o->count_flags |= FLAG_ON_GRAY;
    push_gray(gc, o);
}

/* Make the candidates among the children of a gray object live and gray; or leave it, to be looked
 * at again, when more than `room` units went into that.  Returns units, and whether it is done. */
static inline uint32_t shade_children(struct gc *gc, ouro_ref o, uint32_t room, bool *is_done)
{
    /* From MARK's: CANDIDATE becomes LIVE; from KEEP on, BOTH. */
    uint32_t units = 1, made_live = 0, turned = gc->phase >= OURO_GC_KEEP ? 0 : STATE_CANDIDATE;
    ouro_ref *field = slot(o, 0);
    *is_done = true;
    for (uint32_t refs = type_of(o)->refs; refs; refs >>= 1, field++) {
        ouro_ref child = *field;
        if (!(refs & 1u)) continue;
        if (units >= room && made_live) {
            *is_done = false;
            break;
        }
        units++;
        if (!child || ouro_is_immediate(child)) continue;
        uint32_t flags = child->count_flags;
        if ((flags & STATE_MASK) != STATE_CANDIDATE) continue;
        child->count_flags = (flags | FLAG_LIVE | FLAG_ON_GRAY) & ~turned;
        push_gray(gc, child);
        if (!turned && gc->phase == OURO_GC_KEEP) garbage_found(child);
        made_live++;
        units++; /* queueing costs what looking does */
    }
    gc->candidates -= made_live;
    return units;
}

/* Look at the first gray object, and pop it if nothing is left to do.  Returns units. */
static inline uint32_t gray_visit(struct gc *gc, uint32_t room)
{
    ouro_ref o = granule_at(gc->gray_head);
    uint32_t units = 1;
    bool is_done = true, is_dead = has_flag(o, FLAG_DEAD);
    if (!is_dead) units = shade_children(gc, o, room, &is_done);
    if (!is_done) return units;
    gc->gray_head = gc_field(o);
    if (!gc->gray_head) gc->gray_tail = 0;
    o->count_flags &= ~(uint32_t)FLAG_ON_GRAY;
    if (is_dead) {
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

/* An untouched member of S is a candidate from now on.  Returns 1, or 0 if it was touched. */
static inline uint32_t become_candidate(ouro_ref o)
{
    uint32_t flags = o->count_flags;
    if (flags & STATE_MASK) return 0;
    o->count_flags = flags | OURO_FLAG_CANDIDATE;
    o->type_gc &= ~(uint32_t)GC_MASK;
    return 1;
}

/* Raise the internal counts of an object's children in S.  Returns how many became candidates. */
static inline uint32_t count_children(ouro_ref o, uint32_t refs, uint32_t labels)
{
    uint32_t found = 0;
    for (ouro_ref *field = slot(o, 0); refs; refs >>= 1, field++) {
        ouro_ref child = *field;
        if (!(refs & 1u) || !child || ouro_is_immediate(child)) continue;
        uint32_t flags = child->count_flags, word = child->type_gc;
        if (!(labels >> (flags >> FLAG_LABEL_SHIFT & 7u) & 1u)) continue;
        if (flags & (FLAG_DEAD | FLAG_LIVE)) continue;
        if (!(flags & OURO_FLAG_CANDIDATE)) {
            child->count_flags = flags | OURO_FLAG_CANDIDATE;
            word &= ~(uint32_t)GC_MASK;
            found++;
        }
        if ((~word & GC_MASK) == 0)
            collector_make_live(child); /* saturated: live for this cycle, and safe */
        else
            child->type_gc = word + 1;
    }
    return found;
}

/* PHASE count: visit every object of S once and count the references inside S.
 *   enter    S fixed; no gc field in use
 *   unit     a header or a slot
 *   leave    gc field == references from S, for every untouched candidate
 *   mutator  may do anything; touching a candidate makes it live (R1)                            */
uint32_t collector_count(uint32_t limit)
{
    struct walk walk = walk_begin(0, limit);
    uint32_t found = 0;
    for (ouro_ref o; (o = walk_next(&walk));) {
        uint32_t refs = type_of(o)->refs;
        if (!walk_fits(&walk, refs)) break;
        found += become_candidate(o) + count_children(o, refs, walk.labels);
        walk.units += 32u - (uint32_t)__builtin_clz(refs);
    }
    ouro_heap->gc.candidates += found;
    if (!walk_is_at_end(&walk)) return walk_pause(walk.cell, walk.units);
    collector_begin(OURO_GC_MARK);
    return walk.units + 1;
}

/* What MARK does on leaving: the flip.  O(1): what is still CANDIDATE is garbage. */
static void flip(struct gc *gc)
{
    if (gc->is_second_look) {
        gc->s_labels |= gc->s_sets; /* CUT and FREE see the rest of S too */
        collector_begin_cut();
    } else if (gc->candidates && ouro_heap->monitor.has_uncollectable) {
        ouro_require_that(collector_keep, "what is uncollectable needs ouro_gc_garbage()");
        collector_begin(OURO_GC_KEEP);
    } else {
        collector_begin_reclaiming();
    }
}

static inline void mark_visit(struct gc *gc, ouro_ref o)
{
    uint32_t flags = o->count_flags;
    if ((flags & STATE_MASK) == STATE_CANDIDATE) {
        if (flags >> 10 <= gc_field(o) && !(gc->is_second_look && is_finalizable(o))) return;
        collector_make_live(o);
    } else if ((flags & STATE_MASK) == STATE_BOTH) {
        o->count_flags = (flags & ~(uint32_t)STATE_CANDIDATE) | FLAG_ON_GRAY;
        push_gray(gc, o);
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
    struct walk walk = walk_begin(gc->gray_head ? collector_drain_gray(limit) : 0, limit);
    for (ouro_ref o; (o = walk_next(&walk));) {
        mark_visit(gc, o);
        while (gc->gray_head && walk.units < limit)
            walk.units += gray_visit(gc, limit - walk.units);
    }
    if (!walk_is_at_end(&walk) || !collector_is_settled()) return walk_pause(walk.cell, walk.units);
    flip(gc);
    return walk.units + 1;
}
