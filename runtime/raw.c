/* SPDX-License-Identifier: MIT
 * raw.c - plain memory for C code: blocks of the arena, which never share a page with cells. */
#include <string.h>

#include "block.h"
#include "object.h"
#include "quarantine.h"
#include "redzone.h"
#include "tracemalloc.h"

__attribute__((always_inline)) static inline void *take(size_t bytes, const void *stack)
{
    void *block = NULL;
    ouro_require_that(ouro_heap, "ouro_init has not run");
    if (OURO_CHECK >= 2) note_caller(stack);
    for (unsigned round = 0; !(block = block_take(bytes)) && memory_relieve(&round);) {}
    if (block && ouro_heap->tracer) {
        note_caller(stack);
        trace_add(block, block_bytes(block));
    }
    return block;
}

void *ouro_mem_alloc(size_t bytes)
{
    OURO_THREAD_ONLY();
    return take(bytes, STACK());
}

void ouro_mem_free(void *block)
{
    OURO_THREAD_ONLY();
    if (block) quarantine_block(block);
}

void *ouro_mem_resize(void *block, size_t bytes)
{
    OURO_THREAD_ONLY();
    if (!block) return ouro_mem_alloc(bytes);
    if (OURO_CHECK >= 2) NOTE_CALLER();
    if (trace_resize(block, bytes, STACK())) return block;
    void *larger = take(bytes, STACK());
    if (!larger) return NULL;
    size_t room = block_room(block);
    ouro_port_unpoison(block, room); /* what was asked for is known to test builds only */
    memcpy(larger, block, room);
    quarantine_block(block);
    return larger;
}
