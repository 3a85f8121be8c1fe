/* SPDX-License-Identifier: MIT
 * gc_monitor.c - telling about cycles: callbacks, and the lines that set_debug() asks for.
 *
 * A cycle that starts or has ended sets `due` to the first callback; the driver calls them, one a
 * step, before it goes on.  A program that asks for neither links none of this. */
#include <string.h>

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

void ouro_gc_add_callback(struct ouro_gc_callback *callback)
{
    struct ouro_gc_callback **at = &monitor()->callbacks;
    while (*at) at = &(*at)->next;
    callback->next = NULL;
    *at = callback;
}

bool ouro_gc_remove_callback(struct ouro_gc_callback *callback)
{
    struct ouro_gc_callback **at = &monitor()->callbacks;
    while (*at && *at != callback) at = &(*at)->next;
    if (!*at) return false;
    *at = callback->next;
    if (monitor()->due == callback) monitor()->due = callback->next;
    return true;
}

uint32_t monitor_call_due(void)
{
    struct gc *gc = &ouro_heap->gc;
    struct ouro_gc_callback *callback = monitor()->due;
    if (gc->callouts) return 0;
    struct ouro_gc_info info = {.generation = monitor()->cycle.generation};
    if (monitor()->is_stop) info = monitor()->cycle;
    monitor()->due = callback->next;
    struct error_state before;
    error_save(&before);
    gc->callouts++;
    callback->call(callback, monitor()->is_stop ? OURO_GC_STOP : OURO_GC_START, &info);
    gc->callouts--;
    gc->has_called_out = true;
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

void monitor_put(const char *text)
{
    if (monitor()->output) monitor()->output(monitor()->output_context, text, strlen(text));
}

void monitor_put_number(uint64_t value)
{
    char digits[24];
    size_t length = ouro_format_int(digits, (int64_t)value);
    digits[length] = '\0';
    monitor_put(digits);
}

void monitor_put_object(const char *what, ouro_ref o)
{
    char digits[20];
    size_t length = ouro_format_hex(digits, (uintptr_t)o, 2 * sizeof o);
    digits[length] = '\0';
    monitor_put("gc: ");
    monitor_put(what);
    monitor_put(" <");
    monitor_put(ouro_type_name(o));
    monitor_put(" 0x");
    monitor_put(digits);
    monitor_put(">\n");
}

void monitor_collectable(ouro_ref o)
{
    if (!type_of(o)->is_hidden) monitor_put_object("collectable", o);
}

static void put_census(void)
{
    struct gc_census census = gc_census();
    monitor_put("gc: objects in each generation:");
    for (unsigned i = 0; i < 3; i++) {
        monitor_put(" ");
        monitor_put_number(census.generations[i]);
    }
    monitor_put("\ngc: objects in permanent generation: ");
    monitor_put_number(census.permanent);
    monitor_put("\n");
}

/* ---- events ---- */

static void make_due(bool is_stop)
{
    monitor()->is_stop = is_stop;
    monitor()->due = monitor()->callbacks;
}

void monitor_start(void)
{
    if (monitor()->debug & OURO_GC_DEBUG_STATS) {
        monitor_put("gc: collecting generation ");
        monitor_put_number(monitor()->cycle.generation);
        monitor_put("...\n");
        put_census();
    }
    make_due(false);
}

void monitor_stop(void)
{
    const struct ouro_gc_info *cycle = &monitor()->cycle;
    if (monitor()->debug & OURO_GC_DEBUG_STATS) {
        monitor_put("gc: done, ");
        monitor_put_number((uint64_t)cycle->collected + cycle->uncollectable);
        monitor_put(" unreachable, ");
        monitor_put_number(cycle->uncollectable);
        monitor_put(" uncollectable, ");
        monitor_put_number(cycle->duration);
        monitor_put(" instructions elapsed\n");
    }
    make_due(true);
}
