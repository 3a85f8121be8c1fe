/* SPDX-License-Identifier: MIT
 * verify.c - the heap validator: every invariant of DESIGN.md's table that can be checked without
 * memory.  Writes nothing.  O(heap). */
#include "collector.h"
#include "ouro/diag.h"
#include "walk.h"

struct totals {
    size_t bytes;
    uint32_t objects, on_gray, dead, candidates, special;
};

static bool is_object(ouro_ref ref)
{
    if (!arena_holds(ref)) return true; /* in flash, or an object of the program's own */
    uint32_t page = page_number(ref);
    if (ouro_heap->arena.side[page] == PAGE_OBJECT) return (void *)ref == page_address(page);
    if (!page_is_pool(page)) return false;
    size_t offset = (size_t)((uint8_t *)ref - (uint8_t *)page_address(page)) - PAGE_HEADER_BYTES;
    size_t cell = pool_cell_bytes[class_of(page)];
    return offset % cell == 0 && offset / cell < page_of(ref)->carved &&
           peek(&ref->count_flags) != CELL_FREE;
}

static const char *verify_object(ouro_ref o, struct totals *totals)
{
    const struct gc *gc = &ouro_heap->gc;
    const struct ouro_type *type = type_of(o);
    if (!type) return "O1: an object of no type";
    if (label(o) > UNTRACKED) return "O2: an object's label is none";
    if (!type->refs && label(o) != UNTRACKED) return "O3: a leaf is tracked";
    if (type->refs && page_is_pool(page_number(o)) && label(o) < PAGE_SETS &&
        !has_flag(o, FLAG_DEAD) && !((unsigned)page_of(o)->sets >> label(o) & 1u))
        return "G2: an object's page is not in the set of its label";
    for (uint32_t refs = type->refs; refs; refs &= refs - 1) {
        ouro_ref child = *slot(o, (unsigned)__builtin_ctz(refs));
        if (!child || ouro_is_immediate(child)) continue;
        if (!is_object(child)) return "O4: a reference to what is no object";
        if (arena_holds(child) && has_flag(child, FLAG_DEAD))
            return "O5: a reference to a dead object";
    }
    if (gc->phase == OURO_GC_IDLE && (state(o) != STATE_UNTOUCHED || has_flag(o, FLAG_ON_GRAY)))
        return "G3: an object is in a cycle's state and no cycle runs";
    if (is_candidate(o) && !in_s(o)) return "G4: a candidate is not in S";
    if (refcount(o) == 0 && !has_flag(o, FLAG_DEAD)) return "O6: nobody refers to a live object";
    totals->bytes += object_spent_bytes(o);
    totals->objects++;
    totals->on_gray += has_flag(o, FLAG_ON_GRAY);
    totals->dead += has_flag(o, FLAG_DEAD) && !has_flag(o, FLAG_ON_GRAY);
    totals->candidates += is_candidate(o);
    totals->special += is_finalizable(o) + has_flag(o, FLAG_HAS_WEAK);
    return NULL;
}

/* Is a queue as long as the number of objects that say they are on it? */
static bool queue_is(uint32_t head, uint32_t expected)
{
    for (; head && expected; expected--) head = gc_field(granule_at(head));
    return head == 0 && expected == 0;
}

const char *ouro_diag_verify(void)
{
    const struct heap *heap = ouro_heap;
    const char *broken = arena_verify();
    if (!broken) broken = pool_verify();
    struct totals totals = {.bytes = 0};
    struct heap_cursor cursor = {0};
    for (ouro_ref o; !broken && (o = heap_next(&cursor));) broken = verify_object(o, &totals);
    if (broken) return broken;
    for (uint32_t page = 0; page < heap->arena.mark; page++)
        if (heap->arena.side[page] == PAGE_RAW)
            totals.bytes += (size_t) * (uint32_t *)page_address(page) << PAGE_SHIFT;
    if (totals.bytes != heap->used_bytes) return "M1: bytes in use";
    if (totals.objects != heap->objects) return "M2: number of objects";
    if (totals.candidates != heap->gc.candidates && heap->gc.phase != OURO_GC_IDLE)
        return "G5: number of candidates";
    if (totals.special != heap->gc.special)
        return "G6: number of objects that need WEAK or FINALIZE";
    if (!queue_is(heap->gc.gray_head, totals.on_gray)) return "G7: the gray queue";
    if (!queue_is(heap->gc.dead_head, totals.dead)) return "G8: the dead queue";
    return NULL;
}
