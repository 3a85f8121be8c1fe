/* SPDX-License-Identifier: MIT
 * gc_garbage.c - gc.garbage: what is found unreachable and not freed.
 *
 * An object whose finalizer may not run in a cycle (is_uncollectable) keeps itself and what it
 * reaches alive, in a phase that goes on with MARK's work; DEBUG_SAVEALL keeps all garbage, in
 * place of CUT.  Appending to the list is a callout: it may collect, but not flip (R7). */
#include "collector_walk.h"
#include "gc_monitor.h"
#include "ouro/types.h"

enum { APPEND_UNITS = 8 };

ouro_ref ouro_gc_garbage(void)
{
    ouro_ref *garbage = &ouro_heap->monitor.garbage;
    if (!*garbage) *garbage = ouro_list_new();
    return *garbage;
}

/* Append to the list; what finds no room there stays alive for this cycle. */
static void append(ouro_ref o)
{
    struct gc *gc = &ouro_heap->gc;
    struct error_state before;
    error_save(&before);
    gc->callouts++;
    touch(o);
    ouro_ref garbage = ouro_gc_garbage();
    if (garbage) (void)ouro_list_append(garbage, o);
    gc->callouts--;
    error_restore(&before);
}

void garbage_found(ouro_ref o)
{
    struct gc_monitor *monitor = &ouro_heap->monitor;
    if (type_of(o)->is_hidden) return;
    monitor->cycle.uncollectable++;
    if (monitor->debug & OURO_GC_DEBUG_UNCOLLECTABLE) monitor_put_object("uncollectable", o);
}

/* ---- at exit, in CPython's words ---- */

void garbage_report(void)
{
    const struct gc_monitor *monitor = &ouro_heap->monitor;
    size_t count = monitor->garbage ? ouro_list_len(monitor->garbage) : 0;
    bool is_listed = (monitor->debug & OURO_GC_DEBUG_UNCOLLECTABLE) != 0;
    if (count == 0 || !monitor->output || (monitor->debug & OURO_GC_DEBUG_SAVEALL)) return;
    monitor_put("ResourceWarning: gc: %u uncollectable objects at shutdown%s\n", (unsigned)count,
                is_listed ? "" : "; use gc.set_debug(gc.DEBUG_UNCOLLECTABLE) to list them");
    if (!is_listed) return;
    monitor_put("      ");
    (void)ouro_repr(monitor->garbage, monitor->output, monitor->output_context);
    monitor_put("\n");
}

/* ---- phases ---- */

/* Was it condemned when the phase began?  It may have been made live since. */
static bool was_garbage(ouro_ref o) { return is_candidate(o) || state(o) == STATE_BOTH; }

/* PHASE keep: candidates that are uncollectable are live, and what they reach; MARK goes on.
 *   enter    CANDIDATE == garbage, some of it perhaps uncollectable
 *   unit     a header or a slot
 *   leave    as MARK; no candidate is uncollectable
 *   mutator  touching a candidate makes it live and gray                                         */
uint32_t collector_keep(uint32_t limit)
{
    /* A piece by itself: pages may come and go while the program is told of what it finds. */
    const int32_t all = (int32_t)least(limit, INT32_MAX);
    if (ouro_heap->gc.now.gray_head) return (uint32_t)(all - collector_drain_gray(all));
    struct walk walk = walk_begin(limit);
    for (ouro_ref o; (o = walk_header(&walk)); walk_on(&walk)) {
        if (!was_garbage(o) || !type_of(o)->is_uncollectable) continue;
        walk_on(&walk);
        (void)WALK_PAUSE(walk);
        append(o);
        return walk_spent(&walk) + APPEND_UNITS;
    }
    if (!walk_is_at_end(&walk) || !collector_is_settled()) return WALK_PAUSE(walk);
    collector_begin_reclaiming();
    return walk_spent(&walk);
}

/* PHASE save: all that is condemned is appended to the list, and lives.
 *   unit     a header, or a slot of what is gray
 *   leave    no candidates, no gray object                                                       */
uint32_t collector_save(uint32_t limit)
{
    struct walk walk = walk_begin(limit);
    walk.left = collector_drain_gray(walk.left);
    for (ouro_ref o; (o = walk_header(&walk)); walk_on(&walk)) {
        if (!was_garbage(o)) continue;
        if (type_of(o)->is_hidden) {
            touch(o);
            continue;
        }
        walk_on(&walk);
        (void)WALK_PAUSE(walk);
        ouro_heap->monitor.cycle.collected++;
        if (ouro_heap->monitor.debug & OURO_GC_DEBUG_COLLECTABLE) monitor_collectable(o);
        append(o);
        return walk_spent(&walk) + APPEND_UNITS;
    }
    if (!walk_is_at_end(&walk) || !collector_is_settled()) return WALK_PAUSE(walk);
    collector_begin(OURO_GC_CUT);
    return walk_spent(&walk);
}
