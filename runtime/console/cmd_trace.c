/* SPDX-License-Identifier: MIT
 * cmd_trace.c - `trace`: which calls allocated what is in use.
 *
 * All tables lie in the RAM that neither the linker nor the runtime uses: the records of tracing in
 * front, then two snapshots (what the last `trace diff` saw, and now), then room for statistics of
 * both.  A board without such RAM leaves this file out. */
#include <string.h>

#include "commands.h"
#include "output.h"
#include "ouro/port.h"
#include "ouro/tracemalloc.h"

enum { RECORDS_MOST = 64 * 1024, SHARE = 16 /* of the spare memory, for records */ };

static struct ouro_snapshot before; /* of the last `trace diff`, or empty */

/* Where the tables lie. */
struct tables {
    uint8_t *records;
    size_t records_bytes, limit; /* traces of a snapshot */
    struct ouro_trace *traces[2];
    struct ouro_trace_statistic *statistics;
};

static struct tables tables_find(void)
{
    struct tables t;
    uintptr_t start = ((uintptr_t)ouro_spare_start + 7u) & ~(uintptr_t)7u;
    size_t bytes = (uintptr_t)ouro_spare_end > start ? (uintptr_t)ouro_spare_end - start : 0u;
    t.records = (uint8_t *)start;
    t.records_bytes = bytes / SHARE < RECORDS_MOST ? bytes / SHARE & ~(size_t)7u : RECORDS_MOST;
    t.limit = (bytes - t.records_bytes) /
              (2u * (sizeof(struct ouro_trace) + sizeof(struct ouro_trace_statistic)));
    t.traces[0] = (struct ouro_trace *)(void *)(t.records + t.records_bytes);
    t.traces[1] = t.traces[0] + t.limit;
    t.statistics = (struct ouro_trace_statistic *)(void *)(t.traces[1] + t.limit);
    return t;
}

static enum ouro_command_result start(uint32_t nframe)
{
    struct tables t = tables_find();
    if (ouro_tracemalloc_start(nframe, t.records, t.records_bytes) != 0) return OURO_COMMAND_FAILED;
    before = (struct ouro_snapshot){.traces = t.traces[0]};
    return OURO_COMMAND_OK;
}

/* How many of the statistics are printed: all of them, if no number is given. */
static uint32_t shown(int count, uint32_t most)
{
    return (uint32_t)count < most ? (uint32_t)count : most;
}

static void print_rest(int count, uint32_t most)
{
    if ((uint32_t)count <= most) return;
    ouro_console_print("... and ");
    ouro_console_print_int(count - (int64_t)most);
    ouro_console_print(" more\n");
}

static enum ouro_command_result top_of(enum ouro_trace_group group, uint32_t most)
{
    struct tables t = tables_find();
    struct ouro_snapshot now;
    struct ouro_trace *traces = before.traces == t.traces[0] ? t.traces[1] : t.traces[0];
    if (ouro_tracemalloc_take_snapshot(&now, traces, t.limit) != 0) return OURO_COMMAND_FAILED;
    int count = ouro_tracemalloc_statistics(&now, group, false, t.statistics, 2u * t.limit);
    if (count < 0) return OURO_COMMAND_FAILED;
    for (uint32_t i = 0; i < shown(count, most); i++) {
        ouro_tracemalloc_print_statistic(&t.statistics[i], now.name, ouro_console_write, NULL);
        ouro_console_print("\n");
        if (group == OURO_TRACE_STACK)
            ouro_tracemalloc_print_traceback(t.statistics[i].frames, now.name, ouro_console_write,
                                             NULL);
    }
    print_rest(count, most);
    return OURO_COMMAND_OK;
}

static bool is_change(const struct ouro_trace_statistic *s)
{
    return s->bytes_diff != 0 || s->count_diff != 0;
}

static enum ouro_command_result diff(uint32_t most)
{
    struct tables t = tables_find();
    struct ouro_snapshot now;
    struct ouro_trace *traces = before.traces == t.traces[0] ? t.traces[1] : t.traces[0];
    if (ouro_tracemalloc_take_snapshot(&now, traces, t.limit) != 0) return OURO_COMMAND_FAILED;
    int count = ouro_tracemalloc_compare_to(&now, &before, OURO_TRACE_LINE, false, t.statistics,
                                            2u * t.limit);
    if (count < 0) return OURO_COMMAND_FAILED;
    while (count > 0 && !is_change(&t.statistics[count - 1])) count--;
    for (uint32_t i = 0; i < shown(count, most); i++) {
        ouro_tracemalloc_print_difference(&t.statistics[i], now.name, ouro_console_write, NULL);
        ouro_console_print("\n");
    }
    print_rest(count, most);
    before = now;
    return OURO_COMMAND_OK;
}

static enum ouro_command_result print_state(uint32_t unused)
{
    (void)unused;
    struct ouro_tracemalloc_stats s;
    ouro_tracemalloc_get_stats(&s);
    ouro_console_print_row("frames", ouro_tracemalloc_get_traceback_limit(), "");
    ouro_console_print_row("traced", s.traced_bytes, "bytes");
    ouro_console_print_row("peak", s.peak_bytes, "bytes");
    ouro_console_print_row("blocks", s.blocks, "");
    ouro_console_print_row("lost", s.lost_blocks, "blocks");
    ouro_console_print_row("tracebacks", s.sites, "");
    ouro_console_print_row("lost", s.lost_sites, "tracebacks");
    ouro_console_print_row("tables", ouro_tracemalloc_get_tracemalloc_memory(), "bytes");
    ouro_console_print_row("of", s.memory_bytes, "bytes");
    return OURO_COMMAND_OK;
}

static enum ouro_command_result print_peak(uint32_t unused)
{
    (void)unused;
    size_t current, peak;
    ouro_tracemalloc_get_traced_memory(&current, &peak);
    ouro_console_print("current ");
    ouro_tracemalloc_print_size((int64_t)current, false, ouro_console_write, NULL);
    ouro_console_print(", peak ");
    ouro_tracemalloc_print_size((int64_t)peak, false, ouro_console_write, NULL);
    ouro_console_print("\n");
    return OURO_COMMAND_OK;
}

static enum ouro_command_result where(int argc, char **argv)
{
    uint32_t frames[OURO_TRACE_FRAMES] = {0};
    ouro_ref object = command_find(argc, argv);
    if (!object) return OURO_COMMAND_FAILED;
    if (ouro_tracemalloc_get_object_traceback(object, frames))
        ouro_tracemalloc_print_traceback(frames, ouro_port_name, ouro_console_write, NULL);
    else
        ouro_console_print("not recorded\n");
    return OURO_COMMAND_OK;
}

/* ---- subcommands ---- */

static enum ouro_command_result stop(uint32_t unused)
{
    (void)unused;
    ouro_tracemalloc_stop();
    return OURO_COMMAND_OK;
}
static enum ouro_command_result reset(uint32_t unused)
{
    (void)unused;
    ouro_tracemalloc_reset_peak();
    return OURO_COMMAND_OK;
}
static enum ouro_command_result top(uint32_t most) { return top_of(OURO_TRACE_LINE, most); }
static enum ouro_command_result stacks(uint32_t most) { return top_of(OURO_TRACE_STACK, most); }

static const struct {
    const char *name;
    enum ouro_command_result (*run)(uint32_t number);
    uint32_t missing; /* the number if none is given; 0: none is allowed */
    bool is_for_tracing;
} subcommands[] = {
    {"start", start, 1, false},    {"stop", stop, 0, false},     {"", print_state, 0, true},
    {"top", top, 10, true},        {"stacks", stacks, 10, true}, {"diff", diff, 10, true},
    {"peak", print_peak, 0, true}, {"reset", reset, 0, true},
};

static enum ouro_command_result trace(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    if (argc >= 3 && strcmp(what, "where") == 0) return where(argc - 1, argv + 1);
    for (size_t i = 0; i < sizeof subcommands / sizeof subcommands[0]; i++) {
        uint32_t number = subcommands[i].missing;
        if (strcmp(what, subcommands[i].name) != 0) continue;
        if (argc > 3 || (argc == 3 && !(number && ouro_console_parse_number(argv[2], &number))))
            return OURO_COMMAND_USAGE;
        if (!subcommands[i].is_for_tracing || ouro_tracemalloc_is_tracing())
            return subcommands[i].run(number);
        ouro_console_print("nothing is traced; try 'trace start'\n");
        return OURO_COMMAND_OK;
    }
    return OURO_COMMAND_USAGE;
}

OURO_COMMAND(trace_command) = {
    "trace",
    "[SUBCOMMAND]",
    "which calls allocated what is in use, as Python's tracemalloc\n"
    "  trace start [N]   record from now on, N (1) frames of each call, 8 at most\n"
    "  trace top [N]     the N (10) places that hold most\n"
    "  trace stacks [N]  the same with the calls that led there\n"
    "  trace diff [N]    what has changed since the last diff, or the start\n"
    "  trace where NAME [KEY...]\n"
    "                    the calls that made an object\n"
    "  trace peak        what is in use of it, and the most that ever was\n"
    "  trace reset       forget the peak\n"
    "  trace stop        forget all\n"
    "'make symbolize' turns addresses into lines.",
    "diff peak reset stacks start stop top where",
    trace,
    false,
};
