/* SPDX-License-Identifier: MIT
 * collector_walk.c - the collector's cursor. */
#include "collector_walk.h"

#include "pageset.h"

/* Is the phase the last that looks at the pages of S? */
static bool is_last_look(const struct gc *gc)
{
    return gc->phase == OURO_GC_CUT || gc->phase == OURO_GC_FREEZE;
}

/* MARK is done with a page: it is suspect if there are candidates left.  CUT or FREEZE is: it
 * leaves the sets of S, but for the one that survivors went to. */
static void leave_page(struct gc *gc)
{
    struct page *page = page_address(gc->now.cursor_page);
    const uint32_t has_old = gc->now.s_sets & 1u << GEN2;
    if (gc->phase == OURO_GC_MARK) {
        if (has_old && gc->now.has_some) page->word |= PAGE_SUSPECT;
    } else if (is_last_look(gc)) {
        uint32_t leaves = gc->now.s_sets & page->sets;
        if (gc->now.has_some) leaves &= ~(1u << gc->now.to);
        page->word &= ~(leaves << PAGE_SETS_SHIFT);
        if (has_old) page->word &= ~(uint32_t)PAGE_SUSPECT;
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
    /* Where it is not near, more words of the sets are looked at. */
    const int32_t far = next >> 5 != gc->now.cursor_page >> 5 ? FAR_UNITS : 0;
    gc->now.cursor_page = next;
    gc->now.cursor_cell = 1;
    gc->now.has_some = false;
    if (!is_last_look(gc)) return TURN_UNITS + far;
    if (gc->phase != OURO_GC_CUT || gc->now.s_sets != 1u << GEN2) return LAST_TURN_UNITS + far;
    const struct page *page = page_address(next);
    if (page->suspect) return LAST_TURN_UNITS + far;
    /* All that is old here lives, and stays what it is. */
    gc->now.has_some = true;
    uint32_t carved = (uint32_t)page->carved * pool_cell_bytes[page->class];
    gc->now.cursor_cell = (PAGE_HEADER_BYTES + carved) >> GRANULE_SHIFT;
    return TURN_UNITS + far;
}

uint8_t *walk_pass(uint8_t *cell, const uint8_t *end, uint32_t bytes, uint32_t members,
                   int32_t left)
{
    if ((end - cell) >> 5 >= left) end = cell + (uint32_t)left * 32u;
    do {
        cell += bytes;
    } while (cell < end && !is_member(members, peek_word(&((ouro_ref)(void *)cell)->count_flags)));
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
