/* SPDX-License-Identifier: MIT
 * collector_walk.c - the collector's cursor. */
#include "collector_walk.h"

#include "pageset.h"

/* FREE or FREEZE is done with a page: it leaves the sets of S, but for the one that survivors went
 * to. */
static void leave_page(struct gc *gc)
{
    if (gc->phase >= OURO_GC_FREE) {
        struct page *page = page_address(gc->cursor_page);
        uint32_t leaves = gc->s_sets & page->sets;
        if (gc->has_survivors) leaves &= ~(1u << (gc->generation == 0 ? GEN1 : GEN2));
        page->word &= ~(leaves << PAGE_SETS_SHIFT);
        if (leaves) pageset_remove(leaves, gc->cursor_page);
    }
    gc->cursor_page++;
    gc->cursor_cell = 0;
}

/* Stand before the cursor's cell of its page. */
static void face_page(const struct gc *gc, struct walk *walk)
{
    struct page *page = page_address(gc->cursor_page);
    walk->bytes = pool_cell_bytes[page->class];
    walk->cell = (uint8_t *)page + (gc->cursor_cell << GRANULE_SHIFT);
    walk->end = (uint8_t *)page + PAGE_HEADER_BYTES + page->carved * walk->bytes;
}

struct walk walk_begin(uint32_t units, uint32_t limit)
{
    const struct gc *gc = &ouro_heap->gc;
    struct walk walk = {.labels = gc->s_labels, .units = units, .limit = limit};
    if (gc->cursor_cell > 0) face_page(gc, &walk);
    return walk;
}

struct walk walk_turn(struct walk walk)
{
    struct gc *gc = &ouro_heap->gc;
    if (gc->cursor_cell > 0) leave_page(gc);
    uint32_t next = pageset_next(gc->s_sets, gc->cursor_page);
    walk.cell = walk.end = NULL;
    if (next == NO_PAGE) return walk;
    gc->cursor_page = next;
    gc->cursor_cell = 1;
    gc->has_survivors = false;
    face_page(gc, &walk);
    walk.units += gc->phase >= OURO_GC_FREE ? FREE_TURN_UNITS : TURN_UNITS;
    return walk;
}

uint32_t walk_pause(const uint8_t *cell, uint32_t units)
{
    struct gc *gc = &ouro_heap->gc;
    if (cell && gc->cursor_cell > 0) /* the page is still there */
        gc->cursor_cell =
            (uint32_t)(cell - (uint8_t *)page_address(gc->cursor_page)) >> GRANULE_SHIFT;
    return units;
}
