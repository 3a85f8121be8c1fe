/* SPDX-License-Identifier: MIT
 * object.h - the header's fields, the type table, making and unmaking objects.
 *
 *   type_gc      type index : 11 | gc : 21       gc: count (COUNT, MARK), link of the gray list,
 *                                                link of the dead queue, or nothing
 *   count_flags  refcount : 22 | flags : 10      refcount of a dead object: slots already dropped
 */
#ifndef OURO_RUNTIME_OBJECT_H
#define OURO_RUNTIME_OBJECT_H

#include "ouro/flash.h"
#include "pool.h"

/* The rest of the flags; IMMORTAL and CANDIDATE are in ouro/core.h, where incref tests them.
 * CANDIDATE and LIVE together are one state of four: untouched, CANDIDATE, LIVE, and BOTH. */
enum {
    FLAG_LIVE = 1u << 2,
    FLAG_ON_GRAY = 1u << 3,
    FLAG_DEAD = 1u << 4,
    FLAGS_DEAD = FLAG_DEAD | OURO_FLAG_IMMORTAL, /* together: counting the dead is the slow path */
    FLAG_LABEL_SHIFT = 5,
    FLAG_LABEL = 7u << FLAG_LABEL_SHIFT,
    FLAG_FINALIZED = 1u << 8,
    FLAG_HAS_WEAK = 1u << 9,

    STATE_UNTOUCHED = 0,
    STATE_CANDIDATE = OURO_FLAG_CANDIDATE,
    STATE_LIVE = FLAG_LIVE,
    STATE_BOTH =
        OURO_FLAG_CANDIDATE | FLAG_LIVE, /* COUNT: pending; KEEP to SAVE: kept or revived */
    STATE_MASK = STATE_BOTH,

    TYPE_SHIFT = 21,
    GC_MASK = (1u << TYPE_SHIFT) - 1u,
    SLOTS_MAX = 16,
    BURY_UNITS = 4, /* what an object that dies with others counts, besides: it is queued */
    FREE_UNITS = 4, /* what giving an object's memory back counts: a visit costs a fourth of it */
    RECLAIM_QUARTERS = 5, /* of a unit: the same for garbage of a cycle, a page's at a time */
};

enum label { HALF_A, HALF_B, GEN1, GEN2, CONDEMNED, PERMANENT, UNTRACKED };

enum {
    LEAF_FLAGS = OURO_COUNT_ONE | (unsigned)UNTRACKED << FLAG_LABEL_SHIFT | FLAG_FINALIZED,
    IS_BLOCK = 1, /* gc field of a large object, a leaf, which has no other use for it */
};

/* ---- header ---- */

static inline uint32_t refcount(ouro_ref o) { return o->count_flags >> 10; }
static inline void set_refcount(ouro_ref o, uint32_t n)
{
    o->count_flags = (o->count_flags & (OURO_COUNT_ONE - 1u)) | n << 10;
}
static inline uint32_t gc_field(ouro_ref o) { return o->type_gc & GC_MASK; }
/* A header's first word with another gc field: one instruction. */
static inline uint32_t with_gc(uint32_t word, uint32_t value)
{
    union {
        uint32_t word;
        struct {
            uint32_t gc : TYPE_SHIFT, index : 32 - TYPE_SHIFT;
        };
    } header = {.word = word};
    header.gc = value & GC_MASK;
    return header.word;
}
static inline void set_gc_field(ouro_ref o, uint32_t value)
{
    o->type_gc = with_gc(o->type_gc, value);
}
static inline bool has_flag(ouro_ref o, uint32_t flag) { return (o->count_flags & flag) != 0; }
static inline unsigned state(ouro_ref o) { return o->count_flags & STATE_MASK; }
static inline void set_state(ouro_ref o, unsigned to)
{
    o->count_flags = (o->count_flags & ~(uint32_t)STATE_MASK) | to;
}
static inline bool is_candidate(ouro_ref o) { return state(o) == STATE_CANDIDATE; }
static inline unsigned label(ouro_ref o)
{
    return (o->count_flags & FLAG_LABEL) >> FLAG_LABEL_SHIFT;
}
/* A page joins a page set. */
void page_join(struct page *page, unsigned set);
/* Give an object a label; its page joins the page set of that label. */
static inline void set_label(ouro_ref o, unsigned to)
{
    o->count_flags = (o->count_flags & ~(uint32_t)FLAG_LABEL) | to << FLAG_LABEL_SHIFT;
    if (to < PAGE_SETS && !((unsigned)page_of(o)->sets >> to & 1u)) page_join(page_of(o), to);
}

/* None, bool, int, float, str: told soonest of what refers to nothing. */
static inline bool is_scalar(ouro_ref ref)
{
    return ouro_is_immediate(ref) || ref->type_gc < (uint32_t)OURO_TYPE_LIST << TYPE_SHIFT;
}

/* Does the collector follow this reference?  What is untracked never leads to such an object. */
static inline bool may_be_tracked(ouro_ref ref)
{
    return !ouro_is_immediate(ref) &&
           (label(ref) != UNTRACKED || ref->type_gc >> TYPE_SHIFT == OURO_TYPE_DICT);
}

/* True for memory that the runtime manages: neither immediate nor in flash. */
static inline bool is_counted(ouro_ref ref)
{
    return !ouro_is_immediate(ref) && !has_flag(ref, OURO_FLAG_IMMORTAL);
}

/* The count of what is no immediate goes up by one, if nothing but the count changes by that; else
 * false: ouro_incref_slow() is the way.  For functions that keep no registers: what is DEAD is
 * IMMORTAL, too, but a mask with both is tested without one. */
static inline bool count_simply(ouro_ref ref)
{
    uint32_t word = ref->count_flags;
    if ((word & (OURO_FLAG_IMMORTAL | OURO_FLAG_CANDIDATE | FLAG_DEAD)) != 0u ||
        __builtin_add_overflow(word, (uint32_t)OURO_COUNT_ONE, &word))
        return false;
    ref->count_flags = word;
    return true;
}

/* The same downwards; false, too, if it would die. */
static inline bool drop_simply(ouro_ref ref)
{
    uint32_t word = ref->count_flags;
    if (word < 2u * OURO_COUNT_ONE || (word & (OURO_FLAG_IMMORTAL | OURO_FLAG_CANDIDATE)) != 0u)
        return false;
    ref->count_flags = word - OURO_COUNT_ONE;
    return true;
}

/* The header of an object in flash. */
#define OBJECT_IN_FLASH(type) OURO_FLASH_HEADER(type)
_Static_assert(OURO_FLASH_FLAGS == (OURO_COUNT_ONE | (uint32_t)UNTRACKED << FLAG_LABEL_SHIFT |
                                    OURO_FLAG_IMMORTAL) &&
                   (unsigned)OURO_FLASH_TYPE_SHIFT == (unsigned)TYPE_SHIFT,
               "constants are made as objects are");

/* ---- types and slots ---- */

/* By index: the built-in ones, NULL where a program does not use them; then those of other code. */
extern const struct ouro_type *const builtin_types[OURO_TYPE_BUILTINS];
extern const struct ouro_type __start_ouro_types[] __attribute__((weak));
extern const struct ouro_type __stop_ouro_types[] __attribute__((weak));

inline const struct ouro_type *user_type_at(uint32_t index)
{
    const uintptr_t zero =
        (uintptr_t)__start_ouro_types - OURO_TYPE_BUILTINS * sizeof(struct ouro_type);
    return (const struct ouro_type *)(zero + index * sizeof(struct ouro_type));
}
inline const struct ouro_type *type_at(uint32_t index)
{
    return index < OURO_TYPE_BUILTINS ? builtin_types[index] : user_type_at(index);
}
inline const struct ouro_type *type_of(ouro_ref o) { return type_at(o->type_gc >> TYPE_SHIFT); }
/* The object, which has to be of that built-in type: panics if it is of another one; expect.c */
void *expect(ouro_ref ref, unsigned index);
/* Panics: an object of that type was expected. */
void expect_failed(unsigned index) __attribute__((noreturn));
/* Does an object of this type hang on another one's list of weak references? */
static inline bool is_weak_type(unsigned index)
{
    return index - OURO_TYPE_WEAKREF <= (unsigned)(OURO_TYPE_WEAKENTRY - OURO_TYPE_WEAKREF);
}
/* Word i after the header. */
inline ouro_ref *slot(ouro_ref o, unsigned i) { return (ouro_ref *)(void *)(o + 1) + i; }

/* Bytes that the object's type asks for, header included. */
size_t object_bytes(ouro_ref o);
/* Bytes that the arena spends on it, rounding included. */
size_t object_spent_bytes(ouro_ref o);
/* The same in a build without red zones, so that diagnostics do not depend on the build. */
size_t object_plain_bytes(ouro_ref o);
/* Is the red zone behind an object in a cell as it was?  Test builds. */
bool object_is_intact(ouro_ref o, size_t spent);

/* Is its finalizer still to run?  What has none is born FINALIZED. */
static inline bool is_finalizable(ouro_ref o) { return !has_flag(o, FLAG_FINALIZED); }

/* ---- making and freeing ---- */

/* An object of `bytes` >= type->size_bytes, refcount 1, its fixed part zeroed.
 *   returns  new reference; NULL, without an error set, when there is no room for it
 *   cost     O(1), and one instruction a word for the zeroing
 *   collects nothing: user code never runs inside, so that a container can call it half-way */
ouro_ref object_make(const struct ouro_type *type, size_t bytes);

/* The same for a node of a container: of a built-in type with a fixed size and nothing special,
 * tracked or part of no cycle.  Counts as a request for one. */
ouro_ref object_make_node(const struct ouro_type *type, bool is_tracked);

/* Give the memory of an object back. */
void object_free(ouro_ref o);
/* The same for one that is a cell, as all are that have references. */
void object_free_cell(ouro_ref o);
/* The same, but for the accounts: bytes in use, births. */
void object_reclaim(ouro_ref o);

/* Let the collector look at an object from now on, as at one that is born now; no more, if it was
 * born in this call.  O(1). */
void object_track(ouro_ref o);
void object_untrack(ouro_ref o);

/* See collector.h. */
void collector_pay(uint32_t units);

enum { WINDOW_LEAST = 16 }; /* bytes: what a window has while a whole budget is owed */
static inline bool is_much_owed(void)
{
    const struct gc *gc = &ouro_heap->gc;
    return gc->now.debt >= (int32_t)(gc->alloc_units * 16);
}
static inline bool is_due(void)
{
    const struct heap *heap = ouro_heap;
    return young_count(&heap->gc) >= heap->gc.trigger &&
           (heap->room <= WINDOW_LEAST || heap->gc.trigger > 0 || is_much_owed());
}

/* What public constructors do about memory: pay for collection first, then try; if there is no
 * room, make some and try again.  Use:
 *   memory_prepare();
 *   for (unsigned round = 0; !(x = try()) && memory_relieve(&round);) {}
 * memory_relieve() sets MemoryError when it returns false. */
static inline void memory_pay(void)
{
    if (is_due()) collector_pay(ouro_heap->gc.alloc_units);
}
/* The same behind a call that was long by itself: a fifth as much, more often. */
static inline void memory_pay_little(void)
{
    if (is_due()) collector_pay(1 + ouro_heap->gc.alloc_units / 5);
}
void memory_prepare(const void *stack);
#define memory_prepare() (OURO_THREAD_ONLY(), (memory_prepare)(STACK()))
bool memory_relieve(unsigned *round);

/* object_make() with all of that. */
ouro_ref object_new(const struct ouro_type *type, size_t bytes, const void *stack);
#define object_new(type, bytes) (OURO_THREAD_ONLY(), (object_new)(type, bytes, STACK()))

/* The same for a built-in type without references, finalizer or weak references; its words are not
 * zeroed. */
ouro_ref leaf_new(const struct ouro_type *type, size_t bytes, const void *stack);
#define leaf_new(type, bytes) (OURO_THREAD_ONLY(), (leaf_new)(type, bytes, STACK()))

/* object_new() of the type's fixed size, whose first n words for references get these; NULL is
 * allowed.  They are held before anything is collected: they may be borrowed from what dies. */
ouro_ref object_holding(const struct ouro_type *type, unsigned n, const ouro_ref *refs,
                        const void *stack);
#define object_holding(type, n, refs) (OURO_THREAD_ONLY(), (object_holding)(type, n, refs, STACK()))

/* Live objects, hidden ones included.  O(classes). */
uint32_t object_count(void);

/* ---- dying (release.c) ---- */

/* R1: tell the collector that somebody touched the object. */
void touch(ouro_ref o);
/* Drop a reference inside the collector or the dead queue: no user code runs.
 *   room     units that there are; one that dies with its slots waits if that is too few
 *   returns  units */
uint32_t drop_quietly(ouro_ref ref, uint32_t room);
/* The object's count is 0 and no finalizer keeps it: off to the dead queue. */
void bury(ouro_ref o);
/* Free an object of count 1 that has no references left, at once; a node that was emptied. */
void object_discard(ouro_ref o);
void object_discard_node(ouro_ref o);
/* Run the object's finalizer; `by_collector` if the collector called it. */
void run_finalizer(ouro_ref o, bool by_collector);
/* One piece of draining: up to `limit` units at the topmost dead object, or one waiting finalizer.
 *   returns units spent; 0 when the queue is empty or its top must wait for a callout to end */
uint32_t drain_dead(uint32_t limit);
#endif
