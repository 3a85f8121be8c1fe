/* SPDX-License-Identifier: MIT
 * reach.c - what a program's references reach; reach.h says what for. */
#include "reach.h"

#include <string.h>

#include "walk.h"

enum { GRANULES = 1 << 21, STACK = 1 << 16 };

static uint32_t marks[GRANULES / 32];
static ouro_ref stack[STACK];
static unsigned depth;
static bool has_overflowed;

/* True if it was marked before. */
static bool mark(ouro_ref o)
{
    uint32_t *word = &marks[granule_of(o) / 32], bit = 1u << granule_of(o) % 32;
    bool was_marked = (*word & bit) != 0;
    *word |= bit;
    return was_marked;
}
static bool is_in_arena(ouro_ref ref)
{
    const uint8_t *at = (const uint8_t *)ref, *base = ouro_heap->arena.base;
    return ref && !ouro_is_immediate(ref) && at >= base && at < ouro_heap->arena.end;
}
static void push(ouro_ref ref)
{
    if (!is_in_arena(ref) || mark(ref)) return;
    if (depth == STACK)
        has_overflowed = true;
    else
        stack[depth++] = ref;
}

struct reach reach_walk(const ouro_ref *roots, unsigned count)
{
    struct reach reach = {0};
    memset(marks, 0, sizeof marks);
    has_overflowed = false;
    for (unsigned i = 0; i < count; i++) {
        push(roots[i]);
        while (depth > 0) {
            ouro_ref o = stack[--depth];
            for (uint32_t refs = type_of(o)->refs; refs; refs &= refs - 1)
                push(*slot(o, (unsigned)__builtin_ctz(refs)));
        }
    }
    struct heap_cursor cursor = {0};
    for (ouro_ref o; (o = heap_next(&cursor));) {
        bool is_live = (marks[granule_of(o) / 32] >> granule_of(o) % 32 & 1u) != 0;
        size_t *sum = is_live ? &reach.live_bytes : &reach.garbage_bytes;
        if (is_live || !has_flag(o, FLAG_DEAD)) *sum += object_spent_bytes(o);
    }
    reach.is_complete = !has_overflowed;
    return reach;
}
