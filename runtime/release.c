/* SPDX-License-Identifier: MIT
 * release.c - counting down, and what happens at 0.
 *
 * The object whose count falls to 0 is finalized at once and reads as dead at once; what it refers
 * to is dropped piece by piece.  The dead wait on a stack linked through their gc field and are
 * drained depth first, a slot a unit, so that a chain of any length costs no C stack and no call
 * more than its budget.  The refcount of a dead object says how many of its slots are dropped. */
#include "collector.h"
#include "object.h"
#include "tracemalloc.h"
#include "weak.h"

/* The copies for calls that are not inlined. */
extern inline bool ouro_is_immediate(ouro_ref ref);
extern inline void ouro_incref(ouro_ref ref);
extern inline void ouro_decref(ouro_ref ref);
extern inline void ouro_xincref(ouro_ref ref);
extern inline void ouro_xdecref(ouro_ref ref);
extern inline ouro_ref ouro_own(ouro_ref ref);

/* ---- touching ---- */

void touch(ouro_ref o)
{
    if (RULE(1) && is_candidate(o)) collector_make_live(o);
}

ouro_ref ouro_take(ouro_ref *field)
{
    OURO_THREAD_ONLY();
    ouro_ref o = *field;
    *field = NULL;
    if (RULE(2) && o && !ouro_is_immediate(o)) touch(o);
    return o;
}

void ouro_put(ouro_ref *field, ouro_ref value)
{
    OURO_THREAD_ONLY();
    ouro_ref old = *field;
    *field = value;
    if (old) ouro_decref(old);
}

void ouro_move(ouro_ref *to, ouro_ref *from)
{
    OURO_THREAD_ONLY();
    ouro_assert(*to == NULL);
    *to = ouro_take(from);
}

/* ---- counting ---- */

static void must_be_alive(ouro_ref ref)
{
    ouro_require_at(ref->type_gc >> TYPE_SHIFT != OURO_TYPE_FREE, ref,
                    "use after free: a reference to a freed object");
    ouro_assert_at(!has_flag(ref, FLAG_DEAD), ref, "use after death: its count fell to 0 before");
}

/* In flash, or for ever: and not dead, which says so too. */
static inline bool is_immortal(ouro_ref ref)
{
    return (ref->count_flags & FLAGS_DEAD) == OURO_FLAG_IMMORTAL;
}

void ouro_incref_slow(ouro_ref ref)
{
    if (is_immortal(ref)) return;
    must_be_alive(ref);
    touch(ref);
    if (refcount(ref) == UINT32_MAX >> 10) {
        ref->count_flags |= OURO_FLAG_IMMORTAL; /* a leak, never a dangling pointer */
        ouro_heap->figures.overflowed++;
        return;
    }
    ref->count_flags += OURO_COUNT_ONE;
}

/* ---- the common death ---- */

/* Lower the counts of what an object refers to, if none of them dies or has to be touched; in any
 * order, since nobody can tell.
 *   returns  false if one is left over: what came before it reads NULL */
static inline bool drop_slots(ouro_ref o, uint32_t refs)
{
    ouro_ref *field = slot(o, 0);
    do {
        ouro_ref child = *field++;
        if (!child || !(refs & 1u) || ouro_is_immediate(child)) continue;
        uint32_t word = child->count_flags;
        if ((word & OURO_FLAG_IMMORTAL) != 0u) continue;
        if ((word & OURO_FLAG_CANDIDATE) != 0u || word < 2u * OURO_COUNT_ONE) return false;
        child->count_flags = word - OURO_COUNT_ONE;
        field[-1] = NULL;
    } while (refs >>= 1);
    return true;
}

/* Give back the cell of an object that died by counting, in a page with this header.
 *   returns  false if the page has to be told: it was full, or is empty */
__attribute__((always_inline)) static inline bool free_cell(struct heap *heap, ouro_ref o,
                                                            uint64_t header)
{
    struct page *page = page_of(o);
    uint32_t word = (uint32_t)header, seal = (uint32_t)(header >> 32);
    uint32_t changed = page_word_freed(word, o);
    if (word & PAGE_CURRENT) {
        page->word = changed;
        free_cell_write(o, word - changed, seal);
        heap->room += (int32_t)(seal >> SEAL_BYTES_SHIFT);
        heap->gc.freed++;
        return true;
    }
    uint32_t class = (word & PAGE_CLASS_MASK) >> PAGE_CLASS_SHIFT;
    ouro_assert_at(class < POOL_CLASSES && (word & PAGE_USED_MASK) != 0u, o,
                   "a page's header was written to");
    page->word = changed;
    seal = pool_seal[class];
    free_cell_write(o, word - changed, seal);
    heap->headroom += (int32_t)(seal >> SEAL_BYTES_SHIFT);
    heap->gc.freed++;
    heap->pools[class].used--;
    return (changed & PAGE_FULL) == 0u && (changed & PAGE_USED_MASK) != 0u;
}

/* The same, and whoever has to know of it is told. */
static __attribute__((noinline)) void free_plain(ouro_ref o)
{
    struct heap *heap = ouro_heap;
    struct page *page = page_of(o);
    if (heap->tracer) trace_remove(o, pool_cell_bytes[page->class]);
    if (!free_cell(heap, o, page->header)) pool_loosen(heap, page, page->word);
}

/* Is all that follows the header NULL, in a cell of the smallest size?  Then nothing is to be
 * dropped, whatever the type. */
static inline bool is_bare(ouro_ref o, uint64_t header)
{
    return ((const uint64_t *)(const void *)o)[1] == 0 &&
           ((uint32_t)header & PAGE_CLASS_MASK) == 0u;
}

static inline void push_dead(struct gc *gc, ouro_ref o)
{
    o->type_gc = (o->type_gc & ~(uint32_t)GC_MASK) | gc->dead_head;
    gc->dead_head = granule_of(o);
    heap_somebody_waits(ouro_heap);
}

/* Flags of an object of count 1 in a generation about which nothing is special. */
enum { TRACKED = OURO_COUNT_ONE | FLAG_FINALIZED, PLAIN = FLAG_LIVE | 3u << FLAG_LABEL_SHIFT };

/* The same for one that the collector looks at. */
static inline bool is_plain_candidate(uint32_t flags)
{
    return (flags & ~(uint32_t)PLAIN) == (TRACKED | OURO_FLAG_CANDIDATE);
}

/* What dies is no member of S any more. */
SELDOM static void leave_s(ouro_ref o)
{
    if (is_candidate(o)) collector_lose(o);
    set_state(o, STATE_UNTOUCHED);
}

/* An object of count 1 dies, about which nothing is special: no finalizer to run, no weak
 * references, not gray.  If nothing else dies with it, it is free; else it waits on the dead queue,
 * and some of its slots may be empty by then.
 *   room     units that there are for it
 *   units    what it counts */
enum death { SPECIAL, FREE, BURIED };
__attribute__((always_inline)) static inline enum death die_plainly(ouro_ref o, uint32_t room,
                                                                    uint32_t *units,
                                                                    uint64_t *header)
{
    *units = FREE_UNITS + 1;
    if (OURO_CHECK >= 2 || OURO_POISON) return SPECIAL;
    uint32_t flags = o->count_flags, type_gc = o->type_gc;
    if ((flags & ~(uint32_t)PLAIN) == TRACKED) {
        *header = page_of(o)->header;
        if (*units <= room && is_bare(o, *header)) return FREE;
        uint32_t index = type_gc >> TYPE_SHIFT;
        const struct ouro_type *type;
        if (index >= OURO_TYPE_BUILTINS) {
            type = user_type_at(index);
        } else {
            if (is_weak_type(index)) return SPECIAL;
            type = builtin_types[index];
        }
        uint32_t refs = type->refs;
        *units += (32u - (uint32_t)__builtin_clz(refs)) / 2;
        if (*units <= room && drop_slots(o, refs)) return FREE;
        o->count_flags = (flags & ~(uint32_t)STATE_MASK) - OURO_COUNT_ONE + FLAGS_DEAD;
        push_dead(&ouro_heap->gc, o);
        *units = BURY_UNITS;
        return BURIED;
    }
    /* A leaf, in a cell: the gc field says so. */
    uint32_t index = type_gc >> TYPE_SHIFT;
    if ((flags & ~(uint32_t)STATE_MASK) != LEAF_FLAGS || is_weak_type(index)) return SPECIAL;
    if ((type_gc & GC_MASK) != 0u || type_at(index)->refs) return SPECIAL;
    ouro_heap->gc.count[0]++; /* it was not counted as young */
    *header = page_of(o)->header;
    return FREE;
}

/* The same for a tuple, a dict or a part of one that is not tracked; its count may be 0 already. */
SELDOM static uint32_t die_untracked(ouro_ref o, uint32_t room)
{
    uint32_t flags = o->count_flags | OURO_COUNT_ONE, word = o->type_gc;
    if (OURO_CHECK >= 2 || OURO_POISON || flags != LEAF_FLAGS || is_weak_type(word >> TYPE_SHIFT))
        return 0;
    uint32_t refs = type_at(word >> TYPE_SHIFT)->refs;
    if (!refs) return 0;
    uint32_t units = FREE_UNITS + 1 + (32u - (uint32_t)__builtin_clz(refs)) / 2;
    if (units > room || !drop_slots(o, refs)) {
        o->count_flags = flags - OURO_COUNT_ONE + FLAGS_DEAD;
        push_dead(&ouro_heap->gc, o);
        return BURY_UNITS;
    }
    ouro_heap->gc.count[0]++; /* it was not counted as young */
    free_plain(o);
    return units;
}

/* ---- counting down ---- */

static void die(ouro_ref o, bool in_collector);

static void lower(ouro_ref ref, bool in_collector)
{
    must_be_alive(ref);
    if (has_flag(ref, OURO_FLAG_IMMORTAL)) return;
    ouro_require_at(refcount(ref) > 0, ref, "a reference was dropped that nobody held");
    ref->count_flags -= OURO_COUNT_ONE;
    if (refcount(ref) > 0)
        touch(ref);
    else
        die(ref, in_collector);
}

uint32_t drop_quietly(ouro_ref ref, uint32_t room)
{
    struct heap *heap = ouro_heap;
    if (ouro_is_immediate(ref)) return 1;
    uint32_t word = ref->count_flags;
    if (!(word & (OURO_FLAG_IMMORTAL | OURO_FLAG_CANDIDATE)) && word >= 2u * OURO_COUNT_ONE) {
        ref->count_flags = word - OURO_COUNT_ONE;
        return 1;
    }
    if (is_plain_candidate(word)) leave_s(ref);
    uint32_t units, freed = heap->gc.freed;
    uint64_t header;
    enum death death = die_plainly(ref, room, &units, &header);
    if (death == FREE) free_plain(ref);
    if (death != SPECIAL || (units = die_untracked(ref, room))) return units;
    lower(ref, true);
    if (heap->gc.freed != freed) return 1 + FREE_UNITS; /* a leaf is freed at once */
    return has_flag(ref, FLAG_DEAD) ? BURY_UNITS : 1;
}

/* What ouro_decref_slow() does less often. */
static __attribute__((noinline)) void drop_watched(ouro_ref ref)
{
    free_plain(ref);
    collector_drain_some();
}
static __attribute__((noinline)) void drop_special(ouro_ref ref)
{
    if (is_immortal(ref)) return;
    if (is_plain_candidate(ref->count_flags))
        (void)drop_quietly(ref, UINT32_MAX);
    else
        lower(ref, false);
    if (ouro_heap->room < 0) collector_drain_some(); /* it says when something waits */
}

void ouro_decref_slow(ouro_ref ref)
{
    struct heap *heap = ouro_heap;
    uint32_t units;
    uint64_t header;
    switch (die_plainly(ref, UINT32_MAX, &units, &header)) {
    case SPECIAL: drop_special(ref); return;
    case BURIED: collector_drain_some(); return;
    case FREE: break;
    }
    if (heap->room < 0)
        drop_watched(ref); /* by the collector, which may have work to do, or by the tracer */
    else if (!free_cell(heap, ref, header))
        pool_loosen(heap, page_of(ref), page_of(ref)->word);
}

/* ---- dying ---- */

static bool is_leaf(ouro_ref o) { return type_of(o)->refs == 0 && !has_flag(o, FLAG_HAS_WEAK); }

void bury(ouro_ref o)
{
    struct gc *gc = &ouro_heap->gc;
    leave_s(o);
    if (is_leaf(o) && !is_finalizable(o) && !has_flag(o, FLAG_ON_GRAY)) {
        count_freed(&ouro_heap->gc);
        object_free(o);
        return;
    }
    o->count_flags |= FLAGS_DEAD;
    if (!has_flag(o, FLAG_ON_GRAY) || !RULE(5)) push_dead(gc, o);
}

/* It is nobody's any more; true if its memory is to be given back at once. */
static bool is_discarded(ouro_ref o)
{
    ouro_assert(refcount(o) == 1 && !is_finalizable(o));
    leave_s(o);
    set_refcount(o, 0);
    if (!has_flag(o, FLAG_ON_GRAY)) return true;
    o->count_flags |= FLAGS_DEAD; /* the gray list passes it on (R5) */
    return false;
}

void object_discard(ouro_ref o)
{
    if (is_discarded(o)) object_free(o);
}

void object_discard_node(ouro_ref o)
{
    if (!is_discarded(o)) return;
    if (OURO_CHECK >= 2 || OURO_POISON) {
        object_free_cell(o);
    } else {
        ouro_heap->gc.count[0] += label(o) == UNTRACKED; /* it was not counted as young */
        free_plain(o);
    }
}

SELDOM void run_finalizer(ouro_ref o, bool by_collector)
{
    struct gc *gc = &ouro_heap->gc;
    const struct ouro_type *type = type_of(o);
    const void *caller = ouro_heap->caller;
    o->count_flags |= FLAG_FINALIZED;
    gc->special--;
    gc->callouts = (uint8_t)(gc->callouts + by_collector);
    gc->finalizers++;
    type->finalize(o);
    gc->finalizers--;
    ouro_heap->caller = caller;
    gc->has_called_out |= by_collector; /* behind the call: what runs inside may be calls too */
    gc->callouts = (uint8_t)(gc->callouts - by_collector);
}

/* The count is 0: the finalizer gets the object with a reference of its own, and may keep it. */
SELDOM static void finalize_and_bury(ouro_ref o, bool by_collector)
{
    set_refcount(o, 1);
    run_finalizer(o, by_collector);
    o->count_flags -= OURO_COUNT_ONE;
    if (refcount(o) == 0) {
        bury(o);
        return;
    }
    touch(o);
    ouro_heap->figures.resurrected++;
}

/* R9: its finalizer waits on the dead queue, and it leaves S at once. */
SELDOM static void postpone(ouro_ref o)
{
    if (RULE(9)) {
        for (uint32_t refs = type_of(o)->refs; refs; refs &= refs - 1) {
            ouro_ref child = *slot(o, (unsigned)__builtin_ctz(refs));
            if (child && !ouro_is_immediate(child)) touch(child);
        }
        leave_s(o);
        if (label(o) != UNTRACKED) set_label(o, ouro_heap->gc.nursery);
    }
    bury(o);
}

static void die(ouro_ref o, bool in_collector)
{
    struct gc *gc = &ouro_heap->gc;
    if (!is_finalizable(o)) {
        if (in_collector || !die_untracked(o, UINT32_MAX)) bury(o);
    } else if (in_collector || gc->finalizers >= OURO_FINALIZER_DEPTH) {
        postpone(o);
    } else {
        if (RULE(6)) touch(o);
        finalize_and_bury(o, false);
    }
}

/* ---- the dead queue ---- */

static void pop_dead(ouro_ref o) { ouro_heap->gc.dead_head = gc_field(o); }

/* The topmost has dropped all. */
static void free_dead(ouro_ref o, const struct ouro_type *type)
{
    struct gc *gc = &ouro_heap->gc;
    pop_dead(o);
    if (OURO_CHECK >= 2 || OURO_POISON || !type->refs || is_weak_type(type->index)) {
        count_freed(gc);
        object_free(o);
    } else {
        gc->count[0] += label(o) == UNTRACKED; /* it was not counted as young */
        free_plain(o);
    }
}

SELDOM static uint32_t run_waiting(ouro_ref o)
{
    pop_dead(o);
    o->count_flags &= ~(uint32_t)FLAGS_DEAD;
    if (label(o) != UNTRACKED && RULE(9)) set_label(o, ouro_heap->gc.nursery);
    finalize_and_bury(o, true);
    return 1;
}

/* What the refcount of a dead object says: how far its slots are dropped, from either end. */
static uint32_t slots_left(const struct ouro_type *type, uint32_t dropped)
{
    if (dropped >= 32) return 0;
    return type->drops_forward ? type->refs >> dropped << dropped
                               : type->refs << dropped >> dropped;
}
static uint32_t dropped_before(const struct ouro_type *type, uint32_t left)
{
    if (!left) return 32;
    return (uint32_t)(type->drops_forward ? __builtin_ctz(left) : __builtin_clz(left));
}

/* The next of the slots that are left. */
static inline unsigned next_slot(const struct ouro_type *type, uint32_t left)
{
    return type->drops_forward ? (unsigned)__builtin_ctz(left)
                               : 31u - (unsigned)__builtin_clz(left);
}
/* Pass by slots that refer to no object.  Returns units. */
static inline uint32_t pass_empty(ouro_ref o, const struct ouro_type *type, uint32_t *left)
{
    uint32_t units = 0;
    for (; *left; units++) {
        unsigned at = next_slot(type, *left);
        ouro_ref child = *slot(o, at);
        if (child && !ouro_is_immediate(child)) break;
        *left ^= 1u << at;
    }
    return units;
}

/* Take the topmost apart.  Returns units. */
static uint32_t drop_some(ouro_ref o, const struct ouro_type *type, uint32_t limit)
{
    struct gc *gc = &ouro_heap->gc;
    uint32_t head = gc->dead_head, spent = has_flag(o, FLAG_HAS_WEAK) ? clear_weak(o, limit) : 0;
    if (gc->dead_head != head) return spent; /* the table of interned strings died with its last */
    uint32_t left = slots_left(type, refcount(o));
    while (left && spent < limit) {
        unsigned at = next_slot(type, left);
        ouro_ref child = *slot(o, at);
        left ^= 1u << at;
        spent++;
        if (!child) continue;
        *slot(o, at) = NULL;
        spent += pass_empty(o, type, &left);
        if (!left) { /* a chain of any length is freed as it is walked */
            free_dead(o, type);
            spent += FREE_UNITS;
            return spent + drop_quietly(child, spent < limit ? limit - spent : 0);
        }
        set_refcount(o, dropped_before(type, left));
        spent += drop_quietly(child, spent < limit ? limit - spent : 0);
        if (gc->dead_head != head) return spent; /* the child goes first */
    }
    if (left || spent >= limit) {
        set_refcount(o, dropped_before(type, left));
        return spent;
    }
    free_dead(o, type);
    return spent + FREE_UNITS;
}

SELDOM uint32_t drain_dead(uint32_t limit)
{
    enum { ENTRY_UNITS = 2 };
    const struct gc *gc = &ouro_heap->gc;
    if (!gc->dead_head) return 0;
    ouro_ref o = granule_at(gc->dead_head);
    const struct ouro_type *type = type_of(o);
    if (!type->finalize || has_flag(o, FLAG_FINALIZED))
        return ENTRY_UNITS + drop_some(o, type, limit);
    return gc->callouts || gc->finalizers >= OURO_FINALIZER_DEPTH ? 0 : run_waiting(o);
}
