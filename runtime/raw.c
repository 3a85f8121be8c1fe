/* SPDX-License-Identifier: MIT
 * raw.c - plain memory for C code: blocks of the arena, which never share a page with cells. */
#include <string.h>

#include "block.h"
#include "object.h"
#include "quarantine.h"
#include "redzone.h"

void *ouro_mem_alloc(size_t bytes)
{
    OURO_THREAD_ONLY();
    void *block = NULL;
    ouro_require_that(ouro_heap, "ouro_init has not run");
    NOTE_SITE();
    for (unsigned round = 0; !(block = block_take(bytes)) && memory_relieve(&round);) {}
    return block;
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
    if (block_resize(block, bytes)) return block;
    void *larger = ouro_mem_alloc(bytes);
    if (!larger) return NULL;
    size_t room = block_room(block);
    ouro_port_unpoison(block, room); /* what was asked for is known to test builds only */
    memcpy(larger, block, room);
    block_give(block);
    return larger;
}
