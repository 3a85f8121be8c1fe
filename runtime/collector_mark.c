/* SPDX-License-Identifier: MIT
 * collector_mark.c - COUNT and MARK: which members of S does nobody outside refer to?
 *
 * No roots are scanned.  A reference from outside S (the stack, a global, an older generation)
 * shows up as a refcount higher than the number of references counted inside S. */
#include "collector_walk.h"

/* ---- two cycles at most, and each object in S of one ---- */

static inline struct cycle *cycle_of(ouro_ref o)
{
    return is_parked(o) ? &ouro_heap->gc.parked : &ouro_heap->gc.now;
}
/* True from the flip to the end of the cycle. */
static inline bool is_past_flip(const struct cycle *cycle, enum ouro_gc_phase phase)
{
    return phase >= OURO_GC_WEAK || cycle->is_second_look;
}

/* ---- the gray list: last in, first out, linked through the gc field ---- */

static inline void push_gray(struct cycle *cycle, ouro_ref o)
{
    o->type_gc = with_gc(o->type_gc, cycle->gray_head);
    cycle->gray_head = granule_of(o);
}

void collector_make_live(ouro_ref o)
{
    struct cycle *cycle = cycle_of(o);
    enum ouro_gc_phase phase = phase_of(o);
    cycle->candidates--;
    if (is_past_flip(cycle, phase)) cycle->was_touched = true;
    if (phase == OURO_GC_KEEP) garbage_found(o);
    if (phase == OURO_GC_COUNT) {
        set_state(o, STATE_BOTH); /* pending: the gc field still counts; MARK will list it */
        return;
    }
    set_state(o, phase >= OURO_GC_KEEP ? STATE_BOTH : STATE_LIVE);
    o->count_flags |= FLAG_ON_GRAY;
    push_gray(cycle, o);
}

void collector_lose(ouro_ref o) { cycle_of(o)->candidates--; }
bool collector_condemns(ouro_ref o)
{
    return is_candidate(o) && is_past_flip(cycle_of(o), phase_of(o));
}

/* R5: what died while it was gray goes from one list to the other; it has one field for both. */
SELDOM static void bury_gray(struct gc *gc, ouro_ref o)
{
    o->count_flags &= ~(uint32_t)FLAG_ON_GRAY;
    set_gc_field(o, gc->dead_head);
    gc->dead_head = granule_of(o);
}

int32_t collector_drain_gray(int32_t left)
{
    struct gc *gc = &ouro_heap->gc;
    uint8_t *const base = ouro_heap->arena.base;
    /* In MARK, what is live is no candidate any more; from KEEP on, it is both. */
    const uint32_t cleared = gc->phase >= OURO_GC_KEEP ? 0 : STATE_CANDIDATE;
    const uint32_t members = gc->now.s_members;
    const int32_t all = left;
    uint32_t head = gc->now.gray_head, made_live = 0;
    while (head && left > 0) {
        ouro_ref o = (ouro_ref)(void *)(base + ((size_t)head << GRANULE_SHIFT));
        uint32_t word = o->type_gc, flags = o->count_flags;
        if ((flags & FLAG_DEAD) != 0u) {
            head = word & GC_MASK;
            left--;
            bury_gray(gc, o);
            continue;
        }
        uint32_t refs = type_at(word >> TYPE_SHIFT)->refs;
        int32_t cost = 33 - __builtin_clz(refs);
        if (left < cost && left < all) break; /* the next piece has room for it */
        left -= cost;
        head = word & GC_MASK;
        o->count_flags = flags & ~(uint32_t)FLAG_ON_GRAY;
        ouro_ref *field = slot(o, 0);
        do {
            ouro_ref child = *field++;
            if (!(refs & 1u) || !child || ouro_is_immediate(child)) continue;
            flags = child->count_flags;
            if ((flags & STATE_MASK) != STATE_CANDIDATE || !is_member(members, flags)) continue;
            child->count_flags = (flags | FLAG_LIVE | FLAG_ON_GRAY) & ~cleared;
            child->type_gc = with_gc(child->type_gc, head);
            head = (uint32_t)((size_t)((uint8_t *)child - base) >> GRANULE_SHIFT);
            made_live++;
            if (!cleared && gc->phase == OURO_GC_KEEP) garbage_found(child);
            /* Listing costs what looking does.  What is too much is looked at again. */
            if (--left < 0 && refs > 1) {
                left += 31 - __builtin_clz(refs);
                o->count_flags |= FLAG_ON_GRAY;
                set_gc_field(o, head);
                head = granule_of(o);
                break;
            }
        } while (refs >>= 1);
    }
    gc->now.gray_head = head;
    gc->now.candidates -= made_live;
    return left;
}

bool collector_is_settled(void)
{
    const struct gc *gc = &ouro_heap->gc;
    return !gc->now.gray_head && (!gc->dead_head || !RULE(3)) && (gc->callouts == 0 || !RULE(7));
}

/* ---- phases ---- */

/* What a member of S refers to.  Returns 1 if that became a candidate. */
static inline uint32_t count_field(ouro_ref child, uint32_t members)
{
    if (!child || ouro_is_immediate(child)) return 0;
    uint32_t flags = child->count_flags, word = child->type_gc, found = 0;
    if (!is_member(members, flags) || (flags & FLAG_LIVE)) return 0;
    if (!(flags & OURO_FLAG_CANDIDATE)) {
        child->count_flags = flags | OURO_FLAG_CANDIDATE;
        word = with_gc(word, 0);
        found = 1;
    }
    if ((word + 1) << (32 - TYPE_SHIFT) == 0)
        collector_make_live(child); /* saturated: live for this cycle, and safe */
    else
        child->type_gc = word + 1;
    return found;
}

/* PHASE count: visit every object of S once and count the references inside S.
 *   enter    S fixed; no gc field in use
 *   unit     a header or a slot
 *   leave    gc field == references from S, for every untouched candidate
 *   mutator  may do anything; touching a candidate makes it live (R1)                            */
uint32_t collector_count(uint32_t limit)
{
    struct walk walk = walk_begin(limit);
    uint32_t found = 0;
    for (ouro_ref o; (o = walk_slots(&walk)); walk_on(&walk)) {
        uint32_t flags = o->count_flags;
        if (!(flags & STATE_MASK)) {
            o->count_flags = flags | OURO_FLAG_CANDIDATE;
            o->type_gc = walk.index << TYPE_SHIFT;
            found++;
        }
        const ouro_ref *field = slot(o, 0);
        uint32_t refs = walk.refs;
        if (refs == 3) { /* the most frequent of all, of pairs and of cells of lists */
            found += count_field(field[0], walk.members);
            found += count_field(field[1], walk.members);
            continue;
        }
        do {
            if (refs & 1u) found += count_field(*field, walk.members);
            field++;
        } while (refs >>= 1);
    }
    ouro_heap->gc.now.candidates += found;
    if (!walk_is_at_end(&walk)) return WALK_PAUSE(walk);
    collector_begin(OURO_GC_MARK);
    return walk_spent(&walk);
}

/* What MARK does on leaving: the flip.  O(1): what is still CANDIDATE is garbage. */
static void flip(struct gc *gc)
{
    if (gc->now.is_second_look) {
        gc->now.s_members |= members_of(gc->now.s_sets); /* CUT and FREE see the rest of S too */
        collector_begin_cut();
    } else if (gc->now.candidates && ouro_heap->monitor.has_uncollectable) {
        ouro_require_that(collector_keep, "what is uncollectable needs ouro_gc_garbage()");
        collector_begin(OURO_GC_KEEP);
    } else {
        collector_begin_reclaiming();
    }
}

/* Is a member of S live, as MARK comes by?  Then it is gray. */
static inline bool mark_visit(struct gc *gc, ouro_ref o, bool is_second_look)
{
    uint32_t flags = o->count_flags, word = o->type_gc;
    if (!(flags & OURO_FLAG_CANDIDATE)) return false;
    if (!(flags & FLAG_LIVE)) {
        if (flags >> 10 <= (word & GC_MASK) && !(is_second_look && is_finalizable(o))) return false;
        gc->now.candidates--;
        if (is_second_look) gc->now.was_touched = true;
    }
    o->count_flags = (flags & ~(uint32_t)OURO_FLAG_CANDIDATE) | FLAG_LIVE | FLAG_ON_GRAY;
    push_gray(&gc->now, o);
    return true;
}

/* PHASE mark: candidates that are referred to from outside S are live, and what they reach.
 *   enter    gc field == references from S, for every candidate
 *   unit     a header or a slot
 *   leave    gray list and dead queue empty, no user code on the stack: the flip
 *   mutator  touching a candidate makes it live and gray                                         */
uint32_t collector_mark(uint32_t limit)
{
    struct gc *gc = &ouro_heap->gc;
    struct walk walk = walk_begin(limit);
    const bool is_second_look = gc->now.is_second_look;
    if (gc->now.gray_head) walk.left = collector_drain_gray(walk.left);
    for (ouro_ref o; (o = walk_header(&walk)); walk_on(&walk))
        if (mark_visit(gc, o, is_second_look)) walk.left = collector_drain_gray(walk.left);
    if (!walk_is_at_end(&walk) || !collector_is_settled()) return WALK_PAUSE(walk);
    flip(gc);
    return walk_spent(&walk);
}
