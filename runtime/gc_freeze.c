/* SPDX-License-Identifier: MIT
 * gc_freeze.c - the permanent generation: objects that no cycle looks at.
 *
 * Freezing takes the collector's way over S, everything, and unfreezing a walk over all pages,
 * since pages of the permanent generation are in no set.  Both go in steps, between two cycles, and
 * are driven as phases; there are no candidates then, so that the program may do anything. */
#include "collector_walk.h"
#include "gc_census.h"

/* PHASE freeze: all of S becomes permanent.
 *   unit     a header
 *   leave    no object of S is left; its pages are in no set of S                                */
uint32_t collector_freeze(uint32_t limit)
{
    struct walk walk = walk_begin(limit);
    walk.turn = LAST_TURN_UNITS;
    for (ouro_ref o; (o = walk_header(&walk)); walk_on(&walk)) set_label(o, PERMANENT);
    if (!walk_is_at_end(&walk)) return WALK_PAUSE(walk);
    ouro_heap->gc.now.expected = 0; /* a cycle takes more than this: nothing to learn */
    collector_end();
    return walk_spent(&walk);
}

/* PHASE unfreeze: what is permanent becomes generation 2.
 *   unit     a header or a page                                                                  */
uint32_t collector_unfreeze(uint32_t limit)
{
    struct gc *gc = &ouro_heap->gc;
    uint32_t units = 0;
    for (ouro_ref o; (o = gc_next_cell(&gc->now.cursor_page, &gc->now.cursor_cell, &units, limit));)
        if (label(o) == PERMANENT) set_label(o, GEN2);
    if (units >= limit) return units;
    collector_end();
    return units + 1;
}

bool ouro_gc_freeze_start(void) { return collector_start(2, OURO_GC_FREEZE); }

bool ouro_gc_unfreeze_start(void)
{
    enum { PACE = 12 * 16 }; /* units for a granule, times 16: about what a call may pay */
    if (ouro_gc_get_phase() != OURO_GC_IDLE || ouro_heap->monitor.due) return false;
    ouro_heap->gc.now.pace = PACE;
    collector_begin(OURO_GC_UNFREEZE);
    collector_set_trigger();
    return true;
}

static bool do_at_once(bool (*start)(void))
{
    if (ouro_heap->gc.callouts) return false;
    collector_finish();
    bool is_started = start();
    collector_finish();
    return is_started;
}
bool ouro_gc_freeze(void)
{
    OURO_THREAD_ONLY();
    return do_at_once(ouro_gc_freeze_start);
}
bool ouro_gc_unfreeze(void)
{
    OURO_THREAD_ONLY();
    return do_at_once(ouro_gc_unfreeze_start);
}

uint32_t ouro_gc_get_freeze_count(void) { return gc_census().permanent; }
