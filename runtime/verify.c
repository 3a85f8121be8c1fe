/* SPDX-License-Identifier: MIT
 * verify.c - the heap validator: every invariant of DESIGN.md's table that can be checked without
 * memory.  Writes nothing.  O(heap). */
#include "collector.h"
#include "ouro/diag.h"
#include "tracemalloc.h"
#include "verify.h"
#include "walk.h"
#include "weak.h"

/* In line, since each slot of an object is asked about; is_one() is for the few others. */
__attribute__((always_inline)) static inline bool is_object(ouro_ref ref)
{
    if (!arena_holds(ref)) return true; /* in flash, or an object of the program's own */
    uint32_t page = page_number(ref);
    if (!page_is_pool(page))
        return block_is_object(ref) &&
               (block_header(ref) & ((uint32_t)0xff << BLOCK_SEAL_SHIFT | BLOCK_FREE)) == 0;
    size_t offset = (size_t)((uint8_t *)ref - (uint8_t *)page_address(page)) - PAGE_HEADER_BYTES;
    size_t cell = pool_cell_bytes[class_of(page)];
    return offset % cell == 0 && offset / cell < page_of(ref)->carved &&
           !is_free_cell(peek_word(&ref->count_flags));
}

static __attribute__((noinline)) bool is_one(ouro_ref ref) { return is_object(ref); }

/* Is this a weak reference to that object? */
static bool refers_weakly(ouro_ref ref, ouro_ref target)
{
    return is_one(ref) && is_weakref(ref) && weakref_of(ref)->target == target;
}

/* An object that says it has weak references, and the first of them. */
static __attribute__((noinline)) const char *verify_weak_head(ouro_ref o)
{
    if (is_interned(o)) return NULL;
    const ouro_ref *head = weak_head(o, false);
    ouro_ref first = head ? *head : NULL;
    if (!first || !refers_weakly(first, o) || weakref_of(first)->prev)
        return "W1: list of weak references";
    return NULL;
}

/* A weak reference, its target and its neighbours. */
static __attribute__((noinline)) const char *verify_weak_links(ouro_ref ref)
{
    const struct weakref *weak = weakref_of(ref);
    ouro_ref target = weak->target;
    if (!target) return NULL; /* cut off; perhaps due */
    if (!is_one(target) || !has_flag(target, FLAG_HAS_WEAK)) return "W2: target";
    if (weak->next && (!refers_weakly(weak->next, target) || weakref_of(weak->next)->prev != ref))
        return "W3: neighbours of a weak reference";
    if (!weak->prev) return *weak_head(target, false) == ref ? NULL : "W2: target";
    if (!refers_weakly(weak->prev, target) || weakref_of(weak->prev)->next != ref)
        return "W3: neighbours of a weak reference";
    return NULL;
}

/* An object that a cycle has seen. */
static __attribute__((noinline)) const char *verify_state(ouro_ref o, enum ouro_gc_phase phase,
                                                          struct totals *totals)
{
    const struct gc *gc = &ouro_heap->gc;
    totals->on_gray += has_flag(o, FLAG_ON_GRAY);
    if (gc->phase == OURO_GC_IDLE) return "G3: state while idle";
    if (!is_candidate(o)) return NULL;
    if (!is_parked(o) && !is_member(gc->now.s_members, o->count_flags))
        return "G4: candidate not in S";
    if (phase == OURO_GC_MARK && refcount(o) < gc_field(o))
        return "G9: fewer references counted than found";
    totals->candidates[is_parked(o)]++;
    return NULL;
}

HOT const char *verify_object(ouro_ref o, struct totals *totals)
{
    uint32_t index = o->type_gc >> TYPE_SHIFT;
    const struct ouro_type *type = type_at(index);
    if (!type || (index >= OURO_TYPE_BUILTINS && type >= __stop_ouro_types)) return "O1: type";
    if (label(o) > UNTRACKED) return "O2: label";
    if (!type->refs && label(o) != UNTRACKED) return "O3: tracked leaf";
    if (!type->finalize && is_finalizable(o)) return "O9: no finalizer to run";
    /* What is old may say that it was live in the last cycle. */
    bool is_seen = has_flag(o, OURO_FLAG_CANDIDATE | FLAG_ON_GRAY) ||
                   (state(o) == STATE_LIVE && label(o) != GEN2 && label(o) != PERMANENT);
    enum ouro_gc_phase phase = is_seen ? phase_of(o) : OURO_GC_IDLE;
    bool is_listed = phase >= OURO_GC_CUT && is_candidate(o); /* as garbage, or soon */
    if (type->refs && page_is_pool(page_number(o)) && label(o) < PAGE_SETS && !is_listed &&
        !has_flag(o, FLAG_DEAD) && !((unsigned)page_of(o)->sets >> label(o) & 1u))
        return "G2: page not in label's set";
    /* In FREE what is garbage may refer to garbage that is gone. */
    bool is_judged = phase != OURO_GC_FREE || !is_candidate(o);
    for (uint32_t refs = is_judged ? type->refs : 0; refs; refs &= refs - 1) {
        ouro_ref child = *slot(o, (unsigned)__builtin_ctz(refs));
        if (!child || ouro_is_immediate(child)) continue;
        if (!is_object(child)) return "O4: reference to no object";
        if (arena_holds(child) && has_flag(child, FLAG_DEAD)) return "O5: reference to the dead";
        if (is_scalar(child) || label(o) != UNTRACKED) continue;
        if (may_be_tracked(child)) return "O8: untracked reference";
    }
    const char *broken = is_seen ? verify_state(o, phase, totals) : NULL;
    if (broken) return broken;
    if (OURO_CHECK >= 2 && page_is_pool(page_number(o)) &&
        !object_is_intact(o, object_spent_bytes(o)))
        return "O7: object's red zone";
    if (refcount(o) == 0 && !has_flag(o, FLAG_DEAD)) return "O6: count 0 and alive";
    if (is_weak_type(index)) broken = verify_weak_links(o);
    if (has_flag(o, FLAG_HAS_WEAK)) broken = verify_weak_head(o);
    if (broken) return broken;
    totals->bytes += object_spent_bytes(o);
    totals->objects++;
    totals->dead += has_flag(o, FLAG_DEAD) && !has_flag(o, FLAG_ON_GRAY);
    totals->special += is_finalizable(o);
    totals->special += has_flag(o, FLAG_HAS_WEAK) && !is_interned(o);
    return NULL;
}

/* Bytes of the blocks that C code was given. */
static size_t raw_bytes(void)
{
    size_t bytes = 0;
    for (uint32_t page = 0; page <= ouro_heap->arena.pages; page = block_skip(page)) {
        const uint8_t *block = block_first(page);
        for (; block && block_bytes(block); block = block_next(block))
            if (!(block_header(block) & BLOCK_FREE) && !block_is_object(block) &&
                !block_waits(block))
                bytes += block_bytes(block);
    }
    return bytes;
}

/* The length of a queue, as far as there are as many objects that say they are on it. */
static uint32_t queue_length(uint32_t head, uint32_t most)
{
    uint32_t length = 0;
    for (; head && length <= most; length++) head = gc_field(granule_at(head));
    return length;
}

static const char *verify_cycle(const struct cycle *cycle, unsigned phase, uint32_t candidates)
{
    if (candidates != cycle->candidates && phase != OURO_GC_IDLE) return "G5: candidates";
    if (phase == OURO_GC_FREE && queue_length(cycle->garbage_head, candidates) != candidates)
        return "G10: list of garbage";
    return NULL;
}

static const char *verify_queues(const struct gc *gc, const struct totals *totals)
{
    uint32_t gray = queue_length(gc->now.gray_head, totals->on_gray);
    gray += queue_length(gc->parked.gray_head, totals->on_gray);
    if (gray != totals->on_gray) return "G7: gray list";
    if (queue_length(gc->dead_head, totals->dead) != totals->dead) return "G8: dead queue";
    bool is_waited_for = gc->dead_head || gc->due_head || ouro_heap->monitor.due;
    if (is_waited_for && (ouro_heap->room >= 0 || gc->is_open))
        return "G11: room while somebody waits";
    const char *broken = verify_cycle(&gc->now, gc->phase, totals->candidates[0]);
    return broken ? broken : verify_cycle(&gc->parked, gc->parked_phase, totals->candidates[1]);
}

/* Are all that are due cut off, and is the last the last?  There are no more than objects. */
static bool are_due(const struct gc *gc, uint32_t objects)
{
    ouro_ref last = NULL;
    for (ouro_ref ref = gc->due_head; ref; ref = weakref_of(ref)->next) {
        if (objects-- == 0 || !refers_weakly(ref, NULL)) return false;
        last = ref;
    }
    return !last || last == gc->due_tail;
}

const char *ouro_diag_verify(void)
{
    const struct heap *heap = ouro_heap;
    const char *broken = heap_seal() == heap->seal ? arena_verify() : "H1: words that never change";
    if (!broken) broken = block_verify();
    if (!broken) broken = pool_verify();
    struct totals totals = {.bytes = 0};
    struct heap_cursor cursor = {0};
    for (ouro_ref o; !broken && (o = heap_next(&cursor));)
        if ((broken = verify_object(o, &totals))) suspect(o);
    if (broken) return broken;
    if (totals.bytes + raw_bytes() != heap_used_bytes(heap)) return "M1: used bytes";
    if (totals.objects != object_count()) return "M2: objects";
    if (totals.special != heap->gc.special) return "G6: special";
    broken = verify_queues(&heap->gc, &totals);
    if (broken) return broken;
    if (!are_due(&heap->gc, totals.objects)) return "W4: queue of what is due";
    return heap->tracer ? trace_verify() : NULL;
}
