/* SPDX-License-Identifier: MIT
 * collector_walk.c - the collector's cursor. */
#include "collector_walk.h"

#include "pageset.h"

/* Is the phase the last that looks at the pages of S? */
static bool is_last_look(const struct gc *gc)
{
    return gc->phase == OURO_GC_CUT || gc->phase == OURO_GC_FREEZE;
}

/* CUT or FREEZE is done with a page: it leaves the sets of S, but for the one that survivors went
 * to. */
static void leave_page(struct gc *gc)
{
    if (is_last_look(gc)) {
        struct page *page = page_address(gc->cursor_page);
        uint32_t leaves = gc->s_sets & page->sets;
        if (gc->has_survivors) leaves &= ~(1u << (gc->generation == 0 ? GEN1 : GEN2));
        page->word &= ~(leaves << PAGE_SETS_SHIFT);
        if (leaves) pageset_remove(leaves, gc->cursor_page);
    }
    gc->cursor_page++;
    gc->cursor_cell = 0;
}

int32_t walk_next_page(void)
{
    struct gc *gc = &ouro_heap->gc;
    if (gc->cursor_cell > 0) leave_page(gc);
    uint32_t next = pageset_next(gc->s_sets, gc->cursor_page);
    if (next == NO_PAGE) return 0;
    gc->cursor_page = next;
    gc->cursor_cell = 1;
    gc->has_survivors = false;
    return is_last_look(gc) ? LAST_TURN_UNITS : TURN_UNITS;
}

uint32_t walk_pause(const uint8_t *cell, int32_t spent)
{
    struct gc *gc = &ouro_heap->gc;
    if (cell && gc->cursor_cell > 0) /* the page is still there */
        gc->cursor_cell =
            (uint32_t)(cell - (uint8_t *)page_address(gc->cursor_page)) >> GRANULE_SHIFT;
    return (uint32_t)spent;
}
