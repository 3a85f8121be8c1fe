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

static inline void list_gray(uint32_t *head, ouro_ref o)
{
    o->count_flags |= FLAG_ON_GRAY;
    o->type_gc = with_gc(o->type_gc, *head);
    *head = granule_of(o);
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
    list_gray(&cycle->gray_head, o);
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
    heap_somebody_waits(ouro_heap);
}

/* Visit a live object that is on no list, if any, and what is gray.  Of what it makes live one is
 * followed at once, and only others are listed.
 *   limit    of the piece: what is too much for what is left of it waits for the next
 *   returns  what is left of the units */
static __attribute__((noinline)) int32_t drain_gray(ouro_ref o, int32_t left, int32_t limit)
{
    struct gc *gc = &ouro_heap->gc;
    uint8_t *const base = ouro_heap->arena.base;
    /* In MARK, what is live is no candidate any more; from KEEP on, it is both. */
    const uint32_t cleared = gc->phase >= OURO_GC_KEEP ? 0 : STATE_CANDIDATE;
    const uint32_t members = gc->now.s_members;
    uint32_t head = gc->now.gray_head, made_live = 0;
    for (;;) {
        if (!o) {
            if (!head || left <= 0) break;
            o = (ouro_ref)(void *)(base + ((size_t)head << GRANULE_SHIFT));
            head = gc_field(o);
            if (has_flag(o, FLAG_DEAD)) {
                left -= BURY_UNITS;
                bury_gray(gc, o);
                o = NULL;
                continue;
            }
            o->count_flags &= ~(uint32_t)FLAG_ON_GRAY;
        }
        uint32_t refs = type_of(o)->refs;
        int32_t cost = 34 - __builtin_clz(refs);
        if (left < cost && left < limit) break; /* the next piece has room for it */
        left -= cost;
        ouro_ref next = NULL, *field = slot(o, 0);
        do {
            ouro_ref child = *field++;
            if (!(refs & 1u) || !child || ouro_is_immediate(child)) continue;
            uint32_t flags = child->count_flags;
            if ((flags & STATE_MASK) != STATE_CANDIDATE || !is_member(members, flags)) continue;
            flags = (flags | FLAG_LIVE) & ~cleared;
            child->count_flags = flags;
            made_live++;
            if (!cleared && gc->phase == OURO_GC_KEEP) { /* may tell the program */
                gc->now.gray_head = head;
                garbage_found(child);
                head = gc->now.gray_head;
            }
            if (!next) {
                next = child;
                continue;
            }
            left--; /* listing costs what looking does */
            child->count_flags = flags | FLAG_ON_GRAY;
            child->type_gc = with_gc(child->type_gc, head);
            head = (uint32_t)((size_t)((uint8_t *)child - base) >> GRANULE_SHIFT);
            if (left >= 0 || refs == 1) continue;
            /* What is too much is looked at again. */
            left += 31 - __builtin_clz(refs);
            list_gray(&head, o);
            break;
        } while (refs >>= 1);
        o = next;
    }
    if (o) list_gray(&head, o);
    gc->now.gray_head = head;
    gc->now.candidates -= made_live;
    return left;
}

int32_t collector_drain_gray(int32_t left) { return drain_gray(NULL, left, left); }

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
    if (!is_member(members, flags)) return 0;
    if (!(flags & OURO_FLAG_CANDIDATE)) {
        child->count_flags = (flags | OURO_FLAG_CANDIDATE) & ~(uint32_t)FLAG_LIVE;
        word = with_gc(word, 0);
        found = 1;
    } else if (flags & FLAG_LIVE) {
        return 0;
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
        if (!(flags & OURO_FLAG_CANDIDATE)) {
            o->count_flags = (flags | OURO_FLAG_CANDIDATE) & ~(uint32_t)FLAG_LIVE;
            o->type_gc = with_gc(o->type_gc, 0);
            found++;
        }
        const ouro_ref *field = slot(o, 0);
        uint32_t refs = walk.refs;
        if (refs == 3) { /* the most frequent of all, of pairs and of cells of lists */
            found += count_field(field[0], walk.members);
            found += count_field(field[1], walk.members);
            if (field[1] && field[0]) walk.left--;
            continue;
        }
        do {
            if (refs & 1u) found += count_field(*field, walk.members);
            field++;
        } while (refs >>= 1);
    }
    struct cycle *now = &ouro_heap->gc.now;
    now->candidates += found;
    if (!now->is_second_look) now->members += found;
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

/* Pass by cells up to one that may be found live.
 *   counted  bits of the gc field that count references
 *   returns  false at the page's end, or when the budget is used up */
static inline bool mark_pass(struct walk *walk, uint32_t counted)
{
    uint8_t *cell = walk->cell;
    int32_t left = walk->left;
    const int32_t each = walk->bytes < 32 ? (int32_t)walk->bytes : 32; /* a unit at least */
    const int32_t most = left < PAGE_BYTES ? left * each : PAGE_BYTES;
    const uint8_t *const end = walk->end - cell > most ? cell + most : walk->end;
    bool is_found = false;
    uint32_t alike = UINT32_MAX; /* of the last candidate: most are of the same label */
    for (; cell < end; cell += walk->bytes) {
        ouro_ref o = (ouro_ref)(void *)cell;
        uint32_t flags = peek_word(&o->count_flags);
        if ((flags & FLAGS_ALIKE) != alike) {
            if (!(flags & OURO_FLAG_CANDIDATE) || !is_member(walk->members, flags)) continue;
            is_found = (flags & FLAG_LIVE) != 0;
            if (is_found) break;
            alike = flags & FLAGS_ALIKE;
        }
        is_found = flags >> 10 > (o->type_gc & counted);
        if (is_found) break;
        left--;
    }
    uint32_t others = (uint32_t)(cell - walk->cell) - (uint32_t)(walk->left - left) * walk->bytes;
    if (left != walk->left) walk->has_some = true;
    walk->left = left - (int32_t)((3 * others + 32) >> 6);
    walk->cell = cell;
    return is_found;
}

/* At a second look: only what was born since to be finalized is live without a reference from
 * outside. */
SELDOM static bool is_saved(ouro_ref o)
{
    struct cycle *now = &ouro_heap->gc.now;
    bool is_live = (o->count_flags & FLAG_LIVE) || refcount(o) > gc_field(o) || is_finalizable(o);
    if (is_live)
        now->was_touched = true;
    else
        now->has_some = true;
    return is_live;
}

/* PHASE mark: candidates that are referred to from outside S are live, and what they reach.
 *   enter    gc field == references from S, for every candidate
 *   unit     a header or a slot
 *   leave    gray list and dead queue empty, no user code on the stack: the flip
 *   mutator  touching a candidate makes it live and gray                                         */
uint32_t collector_mark(uint32_t limit)
{
    enum { FOUND_UNITS = 6 };
    struct gc *gc = &ouro_heap->gc;
    const bool is_second_look = gc->now.is_second_look;
    const uint32_t counted = is_second_look ? 0 : GC_MASK; /* 0: look at each of them */
    struct walk walk = walk_begin(limit);
    if (gc->now.gray_head) walk.left = collector_drain_gray(walk.left);
    do {
        for (; mark_pass(&walk, counted); walk_on(&walk)) {
            ouro_ref o = (ouro_ref)(void *)walk.cell;
            walk.left -= FOUND_UNITS;
            if (is_second_look && !is_saved(o)) continue;
            uint32_t flags = o->count_flags;
            if (!(flags & FLAG_LIVE)) gc->now.candidates--;
            o->count_flags = (flags & ~(uint32_t)OURO_FLAG_CANDIDATE) | FLAG_LIVE;
            walk.left = drain_gray(o, walk.left, walk.limit);
        }
    } while (walk_turn(&walk));
    if (walk.has_some) gc->now.has_some = true;
    if (!walk_is_at_end(&walk) || !collector_is_settled()) return WALK_PAUSE(walk);
    flip(gc);
    return walk_spent(&walk);
}
