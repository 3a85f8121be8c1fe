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
        struct page *page = page_address(gc->now.cursor_page);
        uint32_t leaves = gc->now.s_sets & page->sets;
        if (gc->now.has_survivors) leaves &= ~(1u << gc->now.to);
        page->word &= ~(leaves << PAGE_SETS_SHIFT);
        if (leaves) pageset_remove(leaves, gc->now.cursor_page);
    }
    gc->now.cursor_page++;
    gc->now.cursor_cell = 0;
}

int32_t walk_next_page(void)
{
    struct gc *gc = &ouro_heap->gc;
    if (gc->now.cursor_cell > 0) leave_page(gc);
    uint32_t next = pageset_next(gc->now.s_sets, gc->now.cursor_page);
    if (next == NO_PAGE) return 0;
    gc->now.cursor_page = next;
    gc->now.cursor_cell = 1;
    gc->now.has_survivors = false;
    return is_last_look(gc) ? LAST_TURN_UNITS : TURN_UNITS;
}

uint8_t *walk_pass(uint8_t *cell, const uint8_t *end, uint32_t bytes, uint32_t members)
{
    do {
        cell += bytes;
    } while (cell != end && !is_member(members, peek_word(&((ouro_ref)(void *)cell)->count_flags)));
    return cell;
}

uint32_t walk_pause(const uint8_t *cell, int32_t spent)
{
    struct gc *gc = &ouro_heap->gc;
    if (cell && gc->now.cursor_cell > 0) /* the page is still there */
        gc->now.cursor_cell =
            (uint32_t)(cell - (uint8_t *)page_address(gc->now.cursor_page)) >> GRANULE_SHIFT;
    return (uint32_t)spent;
}
