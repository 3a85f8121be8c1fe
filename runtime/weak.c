/* SPDX-License-Identifier: MIT
 * weak.c - lists of weak references: cut off when their object is gone, and what is then due.
 *
 * Cutting runs no user code: what has a callback goes to a queue, first in, first out, and the
 * driver runs one a call, when the whole list is cut.  While a callback runs the collector does not
 * pass the flip (R7) and no other callback starts, so that they do not nest. */
#include "weak.h"

#include "collector.h"

ouro_ref *weak_head(ouro_ref o, bool is_wanted)
{
    if (ouro_is_immediate(o)) return NULL;
    unsigned word = type_of(o)->weak_word;
    if (word == OURO_WEAK_BY_ANCHOR) return instance_weak_head(o, is_wanted);
    return word ? slot(o, word - 1u) : NULL;
}

void weakref_unlink(ouro_ref ref)
{
    struct weakref *weak = weakref_of(ref);
    ouro_ref target = weak->target;
    if (!target) return;
    weak->target = NULL;
    if (weak->next) weakref_of(weak->next)->prev = weak->prev;
    if (weak->prev) {
        weakref_of(weak->prev)->next = weak->next;
        return;
    }
    *weak_head(target, false) = weak->next;
    if (weak->next) return;
    target->count_flags &= ~(uint32_t)FLAG_HAS_WEAK;
    ouro_heap->gc.special--;
}

/* ---- what is due ---- */

/* The queue holds the reference. */
static void push_due(ouro_ref ref)
{
    struct gc *gc = &ouro_heap->gc;
    weakref_of(ref)->next = NULL;
    if (gc->due_head)
        weakref_of(gc->due_tail)->next = ref;
    else
        gc->due_head = ref;
    gc->due_tail = ref;
    heap_somebody_waits(ouro_heap);
}

/* Cut off the first weak reference of a list.  Nothing is due of one that is dead or garbage. */
static uint32_t cut(ouro_ref ref)
{
    enum { CUT_UNITS = 6, CALL_UNITS = 13 };
    unsigned type = ouro_type_index(ref);
    weakref_unlink(ref);
    if (type == OURO_TYPE_WEAKREF || type == OURO_TYPE_PROXY) return CUT_UNITS;
    if (type == OURO_TYPE_WEAKENTRY && !weakentry_died(ref)) return CUT_UNITS;
    if (adopt(ref)) push_due(ref);
    return CALL_UNITS;
}

uint32_t clear_weak(ouro_ref o, uint32_t limit)
{
    if (is_interned(o)) {
        str_forget(o);
        return 1;
    }
    uint32_t units = 0;
    while (units < limit && has_flag(o, FLAG_HAS_WEAK)) units += cut(*weak_head(o, false));
    return units;
}

/* All weak references to what died together are cut before a callback runs. */
static bool may_run(const struct gc *gc)
{
    if (gc->callouts || gc->finalizers >= OURO_FINALIZER_DEPTH) return false;
    if (gc->phase == OURO_GC_WEAK) return false;
    return !gc->dead_head || !has_flag(granule_at(gc->dead_head), FLAG_HAS_WEAK);
}

static uint32_t run(struct weakref *weak)
{
    ouro_ref ref = &weak->header;
    unsigned type = ouro_type_index(ref);
    if (type == OURO_TYPE_WEAKENTRY) return weakentry_remove(ref);
    int result =
        type == OURO_TYPE_FINALIZE ? finalize_run(ref) : weak->then.callback(ref, weak->context);
    if (result < 0) error_report(ref);
    ouro_ref context = ouro_take(&weak->context);
    return context ? 1 + drop_quietly(context, UINT32_MAX) : 1;
}

uint32_t weak_run_due(void)
{
    struct gc *gc = &ouro_heap->gc;
    if (!gc->due_head || !may_run(gc)) return 0;
    ouro_ref ref = gc->due_head;
    struct weakref *weak = weakref_of(ref);
    struct error_state before;
    gc->due_head = weak->next;
    error_save(&before);
    gc->callouts++;
    uint32_t units = run(weak);
    gc->has_called_out = true; /* it is enough for a call, whatever ran meanwhile */
    gc->callouts--;
    error_restore(&before);
    return units + drop_quietly(ref, UINT32_MAX);
}

/* ---- ways to an object that are not counted ---- */

/* Weak references to all that was condemned were cut off before anybody could make others (R10). So
 * in a second look one that is there leads to what may be alive, even held by the program. */
ouro_ref weak_adopt(ouro_ref o)
{
    if (has_flag(o, FLAG_DEAD)) return NULL;
    if (RULE(4) && is_candidate(o) && phase_of(o) >= OURO_GC_WEAK) return NULL;
    return ouro_own(o);
}

ouro_ref adopt(ouro_ref o) { return RULE(4) && collector_condemns(o) ? NULL : weak_adopt(o); }

ouro_ref weak_target(ouro_ref ref)
{
    ouro_ref target = weakref_of(ref)->target;
    return target ? weak_adopt(target) : NULL;
}
