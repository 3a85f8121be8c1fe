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
    if (gc->now.candidates == 0)
        collector_begin(OURO_GC_CUT);
    else if (gc->special)
        collector_begin(OURO_GC_WEAK);
    else
        collector_begin_cut();
}

/* Cut off the weak references to the member at hand; false if some are left. */
static inline bool cut_weak(struct walk *walk, ouro_ref o)
{
    if (!has_flag(o, FLAG_HAS_WEAK)) return true;
    walk->left -= (int32_t)clear_weak(o, (uint32_t)walk->left + 1); /* one at least */
    return !has_flag(o, FLAG_HAS_WEAK);
}

/* PHASE weak: cut off the weak references to all garbage, before any finalizer runs (R10).
 *   enter    CANDIDATE == garbage
 *   unit     a header or a weak reference
 *   leave    no weak reference leads to garbage                                                  */
uint32_t collector_weak(uint32_t limit)
{
    struct walk walk = walk_begin(limit);
    for (ouro_ref o; (o = walk_header(&walk)); walk_on(&walk)) {
        if (is_candidate(o) && RULE(10) && !cut_weak(&walk, o)) break;
        walk.left--; /* others are in between */
    }
    if (!walk_is_at_end(&walk)) return WALK_PAUSE(walk);
    collector_begin(OURO_GC_FINALIZE);
    return walk_spent(&walk);
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
uint32_t collector_finalize(uint32_t limit)
{
    struct gc *gc = &ouro_heap->gc;
    if (gc->finalizers >= OURO_FINALIZER_DEPTH) return 0;
    struct walk walk = walk_begin(limit);
    for (ouro_ref o; (o = walk_header(&walk)); walk_on(&walk)) {
        walk.left--;
        /* What another finalizer revived is finalized too, but not what KEEP kept: that is owed. */
        bool is_revived = state(o) == STATE_BOTH && ouro_heap->monitor.cycle.uncollectable == 0;
        if (!is_candidate(o) && !is_revived) continue;
        if (!RULE(10)) clear_weak(o, UINT32_MAX);
        if (!is_finalizable(o)) continue;
        walk_on(&walk);
        (void)WALK_PAUSE(walk); /* pages may come and go while user code runs */
        finalize_visit(o);
        return walk_spent(&walk);
    }
    walk.left = collector_drain_gray(walk.left);
    if (!walk_is_at_end(&walk) || !collector_is_settled()) return WALK_PAUSE(walk);
    if (gc->now.was_touched)
        collector_begin(OURO_GC_RELABEL);
    else
        collector_begin_cut();
    return walk_spent(&walk);
}

/* PHASE relabel: something condemned was touched.  Whatever was condemned, touched or not, gets a
 * label of its own, and COUNT and MARK run once more over just that.
 *   unit     a header, or a slot of what is gray
 *   leave    no gray object; S is what was condemned                                             */
SELDOM uint32_t collector_relabel(uint32_t limit)
{
    struct gc *gc = &ouro_heap->gc;
    struct walk walk = walk_begin(limit);
    walk.left = collector_drain_gray(walk.left);
    for (ouro_ref o; (o = walk_header(&walk)); walk_on(&walk)) {
        if (state(o) != STATE_CANDIDATE && state(o) != STATE_BOTH) continue;
        if (is_candidate(o)) gc->now.candidates--;
        set_state(o, STATE_UNTOUCHED);
        set_label(o, CONDEMNED);
    }
    if (!walk_is_at_end(&walk) || !collector_is_settled()) return WALK_PAUSE(walk);
    gc->now.s_members = members_of(1u << CONDEMNED);
    gc->now.is_second_look = true;
    collector_begin(OURO_GC_COUNT);
    return walk_spent(&walk);
}

/* A reference from garbage to what is not goes.  Returns what is left of the units. */
static __attribute__((noinline)) int32_t cut_reference(ouro_ref *field, int32_t left)
{
    ouro_ref child = *field;
    *field = NULL;
    if (has_flag(child, OURO_FLAG_IMMORTAL)) return left;
    return left - (int32_t)drop_quietly(child, left > 0 ? (uint32_t)left : 0);
}

/* Does a field of a garbage object with these flags hold what is to be counted down? */
static inline bool leads_out(ouro_ref child, uint32_t flags, uint32_t members)
{
    if (!child || ouro_is_immediate(child)) return false;
    const uint32_t word = child->count_flags;
    if (((word ^ flags) & FLAGS_ALIKE) == 0) return false; /* mostly */
    return (word & STATE_MASK) != STATE_CANDIDATE || !is_member(members, word);
}

/* What is garbage and part of another object is not to count as collected, as all candidates will;
 * a weak reference leads nowhere from now on. */
SELDOM static void cut_odd(ouro_ref o)
{
    if (is_weak_type(o->type_gc >> TYPE_SHIFT)) weakref_unlink(o);
    ouro_heap->monitor.cycle.collected -= type_of(o)->is_hidden;
}

/* Cut off a garbage object; false: the budget was used up before the last slot. */
static inline bool cut_visit(struct walk *walk, ouro_ref o, uint32_t flags)
{
    ouro_ref *field = slot(o, 0);
    const uint32_t members = walk->members, index = o->type_gc >> TYPE_SHIFT;
    if (index == walk->pair && !leads_out(field[0], flags, members) &&
        !leads_out(field[1], flags, members)) {
        walk->left -= 3;
        return true;
    }
    if (walk_know(walk, index)) {
        walk->left--;
        walk->is_odd = is_weak_type(index) || type_at(index)->is_hidden;
        if (walk->refs == 3 && !walk->is_odd) walk->pair = ouro_heap->gc.pair = index;
    }
    uint32_t refs = walk->refs;
    walk->left -= walk->slots + 1;
    do {
        ouro_ref child = *field++;
        if (!(refs & 1u) || !leads_out(child, flags, members)) continue;
        walk->left = cut_reference(field - 1, walk->left);
        if (walk->left <= 0 && refs > 1) return false;
    } while (refs >>= 1);
    if (!walk->is_odd) return true;
    walk->left--;
    cut_odd(o);
    return true;
}

/* Let a tuple or dict among the survivors, or a part of one, go if it refers to nothing that may be
 * part of a cycle, as CPython does.
 *   left     units
 *   returns  what is left of them */
static __attribute__((noinline)) int32_t let_go(ouro_ref o, int32_t left)
{
    ouro_ref *field = slot(o, 0);
    left -= 2;
    for (uint32_t refs = type_of(o)->refs; refs; refs >>= 1, field++) {
        if (!(refs & 1u)) continue;
        left--;
        if (*field && may_be_tracked(*field)) return left;
    }
    set_state(o, STATE_UNTOUCHED);
    set_label(o, UNTRACKED);
    return left;
}

/* A member of S stays. */
static inline void survive(struct gc *gc, ouro_ref o, unsigned to)
{
    uint32_t flags = o->count_flags;
    ouro_assert(!(flags & FLAG_ON_GRAY));
    if (gc->now.is_second_look) ouro_heap->figures.resurrected += label(o) == CONDEMNED;
    o->count_flags = (flags & ~(uint32_t)(STATE_MASK | FLAG_LABEL)) | to << FLAG_LABEL_SHIFT;
    if (gc->now.has_some) return;
    gc->now.has_some = true;
    if (!((unsigned)page_of(o)->sets >> to & 1u)) page_join(page_of(o), to);
}

/* PHASE cut: drop every reference from garbage to what is not; inside the garbage nothing is
 * counted down.  Survivors move to the next generation.
 *   unit     a header or a slot
 *   leave    garbage is on a list and refers to garbage alone; all else is UNTOUCHED             */
uint32_t collector_cut(uint32_t limit)
{
    struct gc *gc = &ouro_heap->gc;
    const unsigned to = gc->now.to;
    uint32_t survivors = 0, head = gc->now.garbage_head;
    const uint8_t *const base = ouro_heap->arena.base;
    struct walk walk = walk_begin(limit);
    walk.turn = LAST_TURN_UNITS;
    walk.pair = gc->pair;
    for (ouro_ref o; (o = walk_header(&walk)); walk_on(&walk)) {
        if (is_candidate(o)) {
            if (RULE(11) && !cut_weak(&walk, o)) break; /* from a finalizer */
            if (!cut_visit(&walk, o, o->count_flags)) break;
            o->type_gc = with_gc(o->type_gc, head);
            head = (uint32_t)((size_t)((uint8_t *)o - base) >> GRANULE_SHIFT);
            continue;
        }
        uint32_t index = o->type_gc >> TYPE_SHIFT;
        if (index - OURO_TYPE_ITEMS <= (uint32_t)(OURO_TYPE_LONG_TUPLE - OURO_TYPE_ITEMS)) {
            walk.left = let_go(o, walk.left);
            if (label(o) == UNTRACKED) continue;
        }
        survivors++;
        walk.left -= 2;
        survive(gc, o, to);
    }
    gc->now.survivors += survivors;
    gc->now.garbage_head = head;
    if (!walk_is_at_end(&walk)) return WALK_PAUSE(walk);
    ouro_heap->monitor.cycle.collected += gc->now.candidates;
    collector_begin(OURO_GC_FREE);
    return walk_spent(&walk);
}

static void end_cycle(struct gc *gc)
{
    struct gc_monitor *monitor = &ouro_heap->monitor;
    uint32_t survivors = gc->now.survivors;
    if (gc->now.s_sets == 1u << GEN2) survivors = gc->now.members - monitor->cycle.candidates;
    collector_time();
    monitor->cycle.candidates += survivors;
    if (gc->now.generation == 2) {
        gc->old_total = survivors;
    } else if (gc->now.to == GEN2) {
        gc->old_pending += survivors;
        gc->promoted += survivors;
    } else if (gc->now.generation == 1) {
        gc->aged = survivors;
    } else {
        gc->aging += survivors;
        uint32_t of_16 = 1 + 16 * survivors / (gc->now.births + 1);
        gc->survival = (uint8_t)(of_16 < 16 ? of_16 : 16);
    }
    ouro_heap->figures.collections[gc->now.generation]++;
    ouro_heap->figures.collected[gc->now.generation] += monitor->cycle.collected;
    monitor->uncollectable[gc->now.generation] += monitor->cycle.uncollectable;
    monitor->candidates[gc->now.generation] += monitor->cycle.candidates;
    monitor->duration[gc->now.generation] += monitor->cycle.duration;
    if (monitor_stop) monitor_stop();
    collector_end();
}

/* What FREE does in a piece. */
struct freeing {
    uint32_t head; /* granule of the next object */
    int32_t left;  /* units */
    uint32_t objects, bytes;
};

static inline ouro_ref garbage_at(const uint8_t *base, uint32_t head)
{
    return (ouro_ref)(void *)(base + ((size_t)head << GRANULE_SHIFT));
}

/* An object of which somebody has to be told, or that test builds look at. */
SELDOM static void free_one(struct freeing *free, ouro_ref o)
{
    if (ouro_heap->monitor.debug & OURO_GC_DEBUG_COLLECTABLE) monitor_collectable(o);
    free->head = gc_field(o);
    free->objects++;
    free->bytes += pool_cell_bytes[page_of(o)->class];
    object_reclaim(o);
    free->left -= FREE_UNITS;
}

/* The objects of one page that follow one another on the list: the page's header and the accounts
 * are written once. */
static inline void free_run(struct freeing *free, ouro_ref o, const uint8_t *base)
{
    struct page *page = page_of(o);
    const uint32_t seal = pool_seal[page->class];
    uint32_t word = page->word, head;
    int32_t quarters = free->left * 4;
    do {
        ouro_audit(!has_flag(o, FLAG_HAS_WEAK | FLAG_ON_GRAY));
        head = gc_field(o);
        uint32_t changed = page_word_freed(word, o);
        free_cell_write(o, word - changed, seal);
        word = changed;
        quarters -= RECLAIM_QUARTERS;
        o = garbage_at(base, head);
    } while (quarters > 0 && (uintptr_t)o - (uintptr_t)page - PAGE_HEADER_BYTES < POOL_LARGEST);
    free->head = head;
    free->left = quarters / 4 - RUN_UNITS;
    uint32_t count = pool_put_back(page, word);
    free->objects += count;
    free->bytes += count * (seal >> SEAL_BYTES_SHIFT);
}

/* PHASE free: free the garbage; the end of the cycle is a piece by itself.
 *   enter    it is on a list, and nobody knows of it
 *   unit     most of an object                                                                   */
uint32_t collector_free(uint32_t limit)
{
    enum { CYCLE_END_UNITS = 24 };
    struct heap *heap = ouro_heap;
    bool is_slow = OURO_CHECK >= 2 || OURO_POISON || heap->tracer ||
                   (heap->monitor.debug & OURO_GC_DEBUG_COLLECTABLE) != 0;
    const uint8_t *base = heap->arena.base;
    int32_t all = (int32_t)(limit < INT32_MAX / 4 ? limit : INT32_MAX / 4);
    struct freeing free = {.head = heap->gc.now.garbage_head, .left = all};
    while (free.head && free.left > 0) {
        ouro_ref o = garbage_at(base, free.head);
        if (is_slow)
            free_one(&free, o);
        else
            free_run(&free, o, base);
    }
    heap->gc.now.garbage_head = free.head;
    heap->gc.now.candidates -= free.objects;
    heap_earn(heap, free.bytes);
    if (free.left < all) return (uint32_t)(all - free.left);
    end_cycle(&heap->gc);
    return CYCLE_END_UNITS;
}
