/* SPDX-License-Identifier: MIT
 * gc_monitor.c - telling about cycles: callbacks, and the lines that set_debug() asks for.
 *
 * A cycle that starts or has ended sets `due` to the first callback; the driver calls them, one a
 * step, before it goes on.  A program that asks for neither links none of this. */
#include "collector.h"
#include "gc_census.h"
#include "gc_monitor.h"
#include "ouro/diag.h"
#include "ouro/types.h"

static struct gc_monitor *monitor(void) { return &ouro_heap->monitor; }

/* ---- callbacks ---- */

const char *ouro_gc_event_name(enum ouro_gc_event event)
{
    return event == OURO_GC_START ? "start" : "stop";
}

/* The link that leads to a callback, or the last one. */
static struct ouro_gc_callback **link_to(const struct ouro_gc_callback *callback)
{
    struct ouro_gc_callback **at = &monitor()->callbacks;
    while (*at && *at != callback) at = &(*at)->next;
    return at;
}

void ouro_gc_add_callback(struct ouro_gc_callback *callback)
{
    struct ouro_gc_callback **at = link_to(callback);
    if (*at) return;
    callback->next = NULL;
    *at = callback;
}

bool ouro_gc_remove_callback(struct ouro_gc_callback *callback)
{
    struct ouro_gc_callback **at = link_to(callback);
    if (!*at) return false;
    *at = callback->next;
    if (monitor()->due == callback) monitor()->due = callback->next;
    return true;
}

struct ouro_gc_callback *ouro_gc_callbacks(void) { return monitor()->callbacks; }

uint32_t monitor_call_due(void)
{
    struct heap *heap = ouro_heap;
    struct ouro_gc_callback *callback = heap->monitor.due;
    if (heap->gc.callouts) return 0;
    struct ouro_gc_info info = heap->monitor.told;
    heap->monitor.due = callback->next;
    struct error_state before;
    error_save(&before);
    ouro_error_clear();
    heap->gc.callouts++;
    callback->call(callback, heap->monitor.is_stop ? OURO_GC_STOP : OURO_GC_START, &info);
    heap->gc.callouts--;
    heap->gc.has_called_out = true;
    if (heap->error_kind != OURO_NO_ERROR) error_report(NULL);
    error_restore(&before);
    return 1;
}

/* ---- debugging ---- */

void ouro_gc_set_debug(unsigned flags)
{
    ouro_require_that(!(flags & OURO_GC_DEBUG_SAVEALL) || collector_save,
                      "DEBUG_SAVEALL needs ouro_gc_garbage()");
    monitor()->debug = (uint8_t)flags;
}
unsigned ouro_gc_get_debug(void) { return monitor()->debug; }

void ouro_gc_set_output(ouro_write_fn *write, void *context)
{
    monitor()->output = write;
    monitor()->output_context = context;
}

void monitor_put(const char *format, ...)
{
    va_list arguments;
    if (!monitor()->output) return;
    ouro_heap->gc.callouts++; /* whoever writes may allocate: the phase that tells does not go on */
    va_start(arguments, format);
    write_arguments(monitor()->output, monitor()->output_context, format, &arguments);
    va_end(arguments);
    ouro_heap->gc.callouts--;
}

void monitor_put_object(const char *what, ouro_ref o)
{
    monitor_put("gc: %s <%T 0x%p>\n", what, o, o);
}

void monitor_collectable(ouro_ref o)
{
    if (!type_of(o)->is_hidden) monitor_put_object("collectable", o);
}

static void put_census(void)
{
    struct gc_census census = gc_census();
    monitor_put("gc: objects in each generation: %u %u %u\n"
                "gc: objects in permanent generation: %u\n",
                census.generations[0], census.generations[1], census.generations[2],
                census.permanent);
}

/* ---- events ---- */

static void make_due(bool is_stop)
{
    monitor()->is_stop = is_stop;
    monitor()->told = monitor()->cycle;
    monitor()->due = monitor()->callbacks;
    if (monitor()->due) heap_set_trigger(ouro_heap, 0);
}

void monitor_start(void)
{
    if (monitor()->debug & OURO_GC_DEBUG_STATS) {
        monitor_put("gc: collecting generation %d...\n", (int)monitor()->cycle.generation);
        put_census();
    }
    make_due(false);
}

void monitor_stop(void)
{
    const struct ouro_gc_info *cycle = &monitor()->cycle;
    uint32_t found = cycle->collected + cycle->uncollectable;
    if (found > monitor()->float_peak) monitor()->float_peak = found;
    if (monitor()->debug & OURO_GC_DEBUG_STATS)
        monitor_put("gc: done, %u unreachable, %u uncollectable, %D instructions elapsed\n", found,
                    cycle->uncollectable, (int64_t)cycle->duration);
    make_due(true);
}
