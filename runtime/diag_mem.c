/* SPDX-License-Identifier: MIT
 * diag_mem.c - what the arena is used for: totals, size classes, and a walk over all of it.
 *
 * The totals are kept by those who hand out memory, so that asking for them costs O(1).  What is
 * not kept, because every allocation would pay for it, is how much less than its cell an object
 * asked for; the walk tells it, since the type of an object knows its exact size. */
#include "object.h"
#include "ouro/diag.h"

/* Bytes of a page of the class that are in no cell, its header left out. */
static uint32_t tail_bytes(unsigned class)
{
    return POOL_LARGEST - (uint32_t)pool_cell_bytes[class] * pool_cells[class];
}

void ouro_diag_mem(struct ouro_mem_stats *stats)
{
    const struct heap *heap = ouro_heap;
    const struct arena *arena = &heap->arena;
    size_t managed = (size_t)(arena->end - arena->base);
    *stats = (struct ouro_mem_stats){
        .arena_bytes = arena_given_bytes(arena),
        .control_bytes = arena_given_bytes(arena) - managed,
        .used_bytes = heap_used_bytes(heap),
        .peak_bytes = heap->peak_bytes,
        .largest_free_bytes = block_longest(),
        .page_bytes = PAGE_BYTES,
        .pages = arena->pages,
        .pages_free = arena_top() - arena->mark + ouro_heap->runs.pages_free + heap->spares,
        .pages_large = arena->pages - arena_top() + heap->blocks.region_pages,
        .objects = object_count(),
        .failures = heap->failures,
    };
    for (unsigned class = 0; class < POOL_CLASSES; class ++) {
        uint32_t pages = heap->pools[class].pages;
        stats->pages_pool += pages;
        stats->lost_bytes += pages * (PAGE_HEADER_BYTES + tail_bytes(class));
    }
    stats->free_bytes = managed - stats->used_bytes - stats->lost_bytes;
    size_t apart = stats->free_bytes - stats->largest_free_bytes;
    if (apart > 0) stats->fragmentation_percent = (uint32_t)(apart * 100u / stats->free_bytes);
}

void ouro_diag_reset_peak(void)
{
    heap_set_trigger(ouro_heap, ouro_heap->gc.trigger);
    ouro_heap->peak_bytes -= (uint32_t)ouro_heap->headroom;
    ouro_heap->headroom = 0;
}

bool ouro_diag_pool(unsigned class, struct ouro_pool_stats *stats)
{
    if (class >= POOL_CLASSES) return false;
    const struct pool_class *pool = &ouro_heap->pools[class];
    *stats = (struct ouro_pool_stats){
        .cell_bytes = pool_cell_bytes[class],
        .pages = pool->pages,
        .cells_used = pool_used(class),
        .cells_free = pool->pages * pool_cells[class] - pool_used(class),
        .header_bytes = PAGE_HEADER_BYTES,
        .lost_bytes = pool->pages * tail_bytes(class),
    };
    return true;
}

/* ---- the walk ---- */

/* Cell i of a page, or NULL if it is free. */
static ouro_ref cell_at(uint32_t page, unsigned i)
{
    ouro_ref o = page_cell(page_address(page), class_of(page), i);
    bool is_carved = i < ((struct page *)page_address(page))->carved;
    return is_carved && !is_free_cell(peek_word(&o->count_flags)) ? o : NULL;
}

static void describe_cells(struct ouro_extent *extent, uint32_t page)
{
    const struct page *header = page_address(page);
    unsigned class = class_of(page);
    extent->kind = OURO_EXTENT_CELLS;
    extent->bytes = PAGE_BYTES;
    extent->cell_bytes = pool_cell_bytes[class];
    extent->cells = pool_cells[class];
    extent->cells_used = header->used;
    for (unsigned i = 0; i < extent->cells; i++) {
        ouro_ref o = cell_at(page, i);
        if (o) extent->asked_bytes += object_bytes(o);
    }
}

static void describe_block(struct ouro_extent *extent, const uint8_t *block)
{
    uint32_t header = block_header(block);
    extent->page = page_number(block - BLOCK_HEADER_BYTES);
    extent->at = block - BLOCK_HEADER_BYTES;
    extent->bytes = block_bytes(block);
    if ((header & BLOCK_FREE) || block_waits(block)) {
        extent->kind = OURO_EXTENT_FREE_BLOCK;
    } else if (block_is_object(block)) {
        ouro_ref o = (ouro_ref)(void *)(uintptr_t)block;
        extent->kind = OURO_EXTENT_OBJECT;
        extent->type = type_of(o);
        extent->asked_bytes = object_bytes(o);
    } else {
        extent->kind = OURO_EXTENT_BLOCK;
        extent->asked_bytes = block_room(block);
    }
}

/* Where the last extent ended: a page, or a block. */
static const uint8_t *follow(const struct ouro_extent *extent, uint32_t *page)
{
    if (!extent->at) return NULL;
    const uint8_t *end = extent->at + extent->bytes;
    if (extent->kind >= OURO_EXTENT_VIRGIN) return end + BLOCK_HEADER_BYTES;
    *page = page_number(end);
    return NULL;
}

bool ouro_diag_next(struct ouro_extent *extent)
{
    const struct arena *arena = &ouro_heap->arena;
    uint32_t page = 0;
    const uint8_t *block = follow(extent, &page);
    if (block && !block_bytes(block)) { /* the end of a region */
        page = page_number(block + PAGE_BYTES - 1);
        block = NULL;
    }
    *extent = (struct ouro_extent){.page = page, .at = page_address(page)};
    if (!block && page == arena->mark) {
        extent->kind = OURO_EXTENT_VIRGIN;
        extent->bytes = (size_t)(ouro_heap->blocks.bottom - BLOCK_HEADER_BYTES - extent->at);
        return true;
    }
    if (!block) block = block_first(page);
    if (block) {
        describe_block(extent, block);
        return true;
    }
    if (page >= arena->pages) return false;
    if (page_is_pool(page) && page_is_spare(page_address(page))) {
        extent->kind = OURO_EXTENT_PAGES;
        extent->bytes = PAGE_BYTES;
    } else if (page_is_pool(page)) {
        describe_cells(extent, page);
    } else {
        extent->kind = OURO_EXTENT_PAGES;
        extent->bytes = (size_t)arena_run_pages(page) << PAGE_SHIFT;
    }
    return true;
}

bool ouro_diag_cell(const struct ouro_extent *extent, unsigned i, struct ouro_cell *cell)
{
    if (extent->kind != OURO_EXTENT_CELLS || i >= extent->cells) return false;
    uint32_t page = page_number(extent->at);
    ouro_ref o = cell_at(page, i);
    *cell = (struct ouro_cell){
        .is_virgin = i >= ((const struct page *)page_address(page))->carved,
        .type = o ? type_of(o) : NULL,
        .is_dead = o && has_flag(o, FLAG_DEAD),
    };
    return true;
}
