/* SPDX-License-Identifier: MIT
 * quarantine.c - at CHECK=3, what was given back waits, poisoned, until QUARANTINE others were.
 *
 * Its poison is looked at when it leaves, so that a write after the free is seen even if nobody
 * asks for memory of that size.  A waiting cell reads as free and a waiting block as given back
 * (REDZONE_FREED), but neither is on a list, so that it cannot be handed out.  When memory is short
 * all leave. */
#include "quarantine.h"

#include "block_bins.h"
#include "tracemalloc.h"

#if OURO_CHECK >= 3

static size_t room_of(const void *block) { return block_bytes(block) - BLOCK_HEADER_BYTES; }

static void leave_cell(void *cell)
{
    unsigned class = class_of(page_number(cell));
    ouro_require_at(!pool_verify_free(cell, class), cell,
                    "use after free: a cell in quarantine was written to");
    ouro_heap->quarantine.cells[class]--;
    ouro_port_unpoison(cell, sizeof(struct ouro_obj));
    pool_give(cell);
}

static void leave_block(void *block)
{
    size_t room = room_of(block);
    ouro_require_at(poison_is_intact(block, room - sizeof(uint32_t)), block,
                    "use after free: a block in quarantine was written to");
    ouro_heap->headroom -= (int32_t)block_bytes(block); /* giving it back books it once more */
    redzone_write(block, 0, room);
    block_give(block);
}

static void leave(void *memory)
{
    if (!memory) return;
    if (page_is_pool(page_number(memory)))
        leave_cell(memory);
    else
        leave_block(memory);
}

static void enter(void *memory)
{
    struct quarantine *quarantine = &ouro_heap->quarantine;
    void *oldest = quarantine->waiting[quarantine->next];
    quarantine->waiting[quarantine->next] = memory;
    quarantine->next = (quarantine->next + 1) % QUARANTINE;
    leave(oldest);
}

void quarantine_cell(void *cell)
{
    unsigned class = class_of(page_number(cell));
    struct ouro_obj *object = cell;
    free_cell_write(object, cell_link(0, cell_offset(cell)), pool_seal[class]);
    ouro_port_unpoison(cell, pool_cell_bytes[class]);
    poison_write(object + 1, pool_poison_bytes(class));
    ouro_port_poison(cell, pool_cell_bytes[class]);
    ouro_heap->quarantine.cells[class]++;
    enter(cell);
}

void quarantine_block(void *block)
{
    block_require(block);
    if (ouro_heap->tracer) trace_remove(block, block_bytes(block));
    size_t room = room_of(block);
    poison_write(block, room - sizeof(uint32_t)); /* who asked for it stays */
    ouro_port_poison(block, room);
    heap_earn(ouro_heap, block_bytes(block));
    enter(block);
}

void quarantine_flush(void)
{
    for (uint32_t i = 0; i < QUARANTINE; i++) enter(NULL);
}

uint32_t quarantine_cells(unsigned class) { return ouro_heap->quarantine.cells[class]; }

#endif
