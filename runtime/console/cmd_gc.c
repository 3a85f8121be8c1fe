/* SPDX-License-Identifier: MIT
 * cmd_gc.c - `gc`: the collector's switches and figures, under the names of Python's gc module. */
#include <string.h>

#include "commands.h"
#include "input.h"
#include "output.h"
#include "ouro/gc.h"
#include "ouro/port.h"
#include "ouro/types.h"

/* The number argv[at], or `missing` if there is none.  False if it is no number up to `most`. */
static bool number(int argc, char **argv, int at, uint32_t missing, uint32_t most, uint32_t *value)
{
    *value = missing;
    if (argc <= at) return true;
    return argc == at + 1 && ouro_console_parse_number(argv[at], value) && *value <= most;
}

/* A generation, or `missing`; what is none of the three is left to the runtime to refuse. */
static bool parse_generation(int argc, char **argv, int missing, int *generation)
{
    enum { NONE_BELOW = -2, NONE_ABOVE = 3 };
    uint32_t value;
    *generation = missing;
    if (argc == 2) return true;
    bool is_negative = *argv[2] == '-';
    if (argc > 3 || !ouro_console_parse_number(argv[2] + is_negative, &value)) return false;
    *generation = is_negative ? NONE_BELOW : value < NONE_ABOVE ? (int)value : NONE_ABOVE;
    return true;
}

static void print_three(const char *label, const uint32_t value[3])
{
    if (*label) output_label(label);
    for (int i = 0; i < 3; i++) {
        if (i > 0) ouro_console_print(" ");
        ouro_console_print_int(value[i]);
    }
    ouro_console_print("\n");
}

static enum ouro_command_result collect(int argc, char **argv)
{
    int generation;
    if (!parse_generation(argc, argv, 2, &generation)) return OURO_COMMAND_USAGE;
    ptrdiff_t count = ouro_gc_collect(generation);
    if (count < 0) return OURO_COMMAND_FAILED;
    ouro_console_print("collected ");
    ouro_console_print_int(count);
    ouro_console_print(count == 1 ? " object\n" : " objects\n");
    return OURO_COMMAND_OK;
}

static enum ouro_command_result start(int argc, char **argv)
{
    int generation;
    if (!parse_generation(argc, argv, 2, &generation)) return OURO_COMMAND_USAGE;
    if (generation < 0 || generation > 2) {
        ouro_error_set(OURO_VALUE_ERROR, "invalid generation");
        return OURO_COMMAND_FAILED;
    }
    bool is_started = ouro_gc_start(generation);
    input_is_stepped_by_hand = true;
    ouro_console_print(is_started ? "phase " : "a cycle is running, phase ");
    ouro_console_print(ouro_gc_phase_name(ouro_gc_get_phase()));
    ouro_console_print("\n");
    return OURO_COMMAND_OK;
}

static enum ouro_command_result step(int argc, char **argv)
{
    uint32_t units;
    if (!number(argc, argv, 2, 1, INT32_MAX, &units)) return OURO_COMMAND_USAGE;
    ouro_console_print_int(ouro_gc_step(units));
    ouro_console_print(" units, phase ");
    ouro_console_print(ouro_gc_phase_name(ouro_gc_get_phase()));
    ouro_console_print("\n");
    return OURO_COMMAND_OK;
}

static bool is_timed; /* `gc clock on` */

/* Cycles are timed if that is asked for, or what is told of them has a place for it. */
static void set_clock(void)
{
    bool is_wanted = is_timed || (ouro_gc_get_debug() & OURO_GC_DEBUG_STATS) != 0;
    ouro_gc_set_clock(is_wanted ? ouro_port_instructions : NULL);
}

static void print_durations(const struct ouro_gc_stats *s)
{
    static const char *const labels[] = {"duration of 0", "duration of 1", "duration of 2"};
    for (int i = 0; i < 3; i++) ouro_console_print_row(labels[i], s->duration[i], "instructions");
    ouro_console_print_row("longest pause", s->longest_step_instructions, "instructions");
}

static enum ouro_command_result stats(int argc, char **argv)
{
    (void)argv;
    if (argc > 2) return OURO_COMMAND_USAGE;
    struct ouro_gc_stats s;
    uint32_t three[3];
    ouro_gc_get_stats(&s);
    output_text_row("phase", ouro_gc_phase_name(ouro_gc_get_phase()));
    output_text_row("enabled", ouro_gc_isenabled() ? "yes" : "no");
    ouro_gc_get_threshold(three);
    print_three("thresholds", three);
    ouro_gc_get_count(three);
    print_three("counts", three);
    print_three("collections", s.collections);
    print_three("collected", s.collected);
    print_three("uncollectable", s.uncollectable);
    print_three("candidates", s.candidates);
    ouro_console_print_row("freed by count", s.freed_by_count, "objects");
    ouro_console_print_row("resurrected", s.resurrected, "objects");
    if (is_timed) print_durations(&s);
    ouro_console_print_row("float peak", s.float_peak, "objects");
    ouro_console_print_row("forced", s.forced, "cycles");
    ouro_console_print_row("overflowed", s.overflowed, "counts");
    ouro_console_print_row("longest step", s.longest_step_units, "units");
    ouro_console_print_row("work", s.units, "units");
    return OURO_COMMAND_OK;
}

static enum ouro_command_result enable(int argc, char **argv)
{
    (void)argv;
    if (argc > 2) return OURO_COMMAND_USAGE;
    ouro_gc_enable();
    return OURO_COMMAND_OK;
}

static enum ouro_command_result disable(int argc, char **argv)
{
    (void)argv;
    if (argc > 2) return OURO_COMMAND_USAGE;
    ouro_gc_disable();
    return OURO_COMMAND_OK;
}

static enum ouro_command_result is_enabled(int argc, char **argv)
{
    (void)argv;
    if (argc > 2) return OURO_COMMAND_USAGE;
    ouro_console_print(ouro_gc_isenabled() ? "True\n" : "False\n");
    return OURO_COMMAND_OK;
}

static enum ouro_command_result threshold(int argc, char **argv)
{
    uint32_t value[3];
    if (argc == 2) {
        ouro_gc_get_threshold(value);
        print_three("", value);
        return OURO_COMMAND_OK;
    }
    if (argc > 5) return OURO_COMMAND_USAGE;
    ouro_gc_get_threshold(value); /* those not given stay */
    for (int i = 2; i < argc; i++) {
        if (!ouro_console_parse_number(argv[i], &value[i - 2])) return OURO_COMMAND_USAGE;
    }
    ouro_gc_set_threshold(value[0], value[1], value[2]);
    return OURO_COMMAND_OK;
}

static enum ouro_command_result count(int argc, char **argv)
{
    (void)argv;
    if (argc > 2) return OURO_COMMAND_USAGE;
    uint32_t value[3];
    ouro_gc_get_count(value);
    print_three("", value);
    return OURO_COMMAND_OK;
}

/* ---- freezing, objects, debugging ---- */

static enum ouro_command_result print_number(uint32_t value)
{
    ouro_console_print_int(value);
    ouro_console_print("\n");
    return OURO_COMMAND_OK;
}

static enum ouro_command_result freeze(int argc, char **argv)
{
    (void)argv;
    if (argc > 2) return OURO_COMMAND_USAGE;
    return ouro_gc_freeze() ? OURO_COMMAND_OK : OURO_COMMAND_FAILED;
}

static enum ouro_command_result unfreeze(int argc, char **argv)
{
    (void)argv;
    if (argc > 2) return OURO_COMMAND_USAGE;
    return ouro_gc_unfreeze() ? OURO_COMMAND_OK : OURO_COMMAND_FAILED;
}

static enum ouro_command_result freeze_count(int argc, char **argv)
{
    (void)argv;
    return argc > 2 ? OURO_COMMAND_USAGE : print_number(ouro_gc_get_freeze_count());
}

static enum ouro_command_result list_objects(int argc, char **argv)
{
    int generation;
    struct ouro_gc_cursor cursor;
    if (!parse_generation(argc, argv, OURO_GC_ALL, &generation)) return OURO_COMMAND_USAGE;
    if (ouro_gc_objects(&cursor, generation) < 0) return OURO_COMMAND_FAILED;
    for (ouro_ref o; !input_is_broken_off() && (o = ouro_gc_next(&cursor)); ouro_decref(o)) {
        ouro_console_print("0x");
        ouro_console_print_hex((uintptr_t)o, 2u * sizeof o);
        ouro_console_print(" ");
        ouro_console_print(ouro_type_name(o));
        ouro_console_print("\n");
    }
    return OURO_COMMAND_OK;
}

static enum ouro_command_result garbage(int argc, char **argv)
{
    (void)argv;
    if (argc > 2) return OURO_COMMAND_USAGE;
    ouro_ref list = ouro_gc_garbage();
    if (!list || ouro_repr(list, ouro_console_write, NULL) < 0) return OURO_COMMAND_FAILED;
    ouro_console_print("\n");
    return OURO_COMMAND_OK;
}

static enum ouro_command_result debug(int argc, char **argv)
{
    uint32_t flags;
    if (argc == 2) return print_number(ouro_gc_get_debug());
    if (!number(argc, argv, 2, 0, 63, &flags)) return OURO_COMMAND_USAGE;
    ouro_gc_set_output(ouro_console_write, NULL);
    ouro_gc_set_debug(flags);
    set_clock();
    return OURO_COMMAND_OK;
}

static enum ouro_command_result collect_for(int argc, char **argv)
{
    uint32_t instructions;
    if (argc != 3 || !number(argc, argv, 2, 0, INT32_MAX, &instructions)) return OURO_COMMAND_USAGE;
    ouro_gc_set_clock(ouro_port_instructions);
    bool is_done = ouro_gc_collect_for(instructions);
    set_clock();
    ouro_console_print(is_done ? "done\n" : "phase ");
    if (is_done) return OURO_COMMAND_OK;
    input_is_stepped_by_hand = true;
    ouro_console_print(ouro_gc_phase_name(ouro_gc_get_phase()));
    ouro_console_print("\n");
    return OURO_COMMAND_OK;
}

static enum ouro_command_result time_cycles(int argc, char **argv)
{
    if (argc > 3) return OURO_COMMAND_USAGE;
    if (argc == 3) {
        bool is_on = strcmp(argv[2], "on") == 0;
        if (!is_on && strcmp(argv[2], "off") != 0) return OURO_COMMAND_USAGE;
        is_timed = is_on;
        set_clock();
    } else {
        ouro_console_print(is_timed ? "on\n" : "off\n");
    }
    return OURO_COMMAND_OK;
}

/* ---- callbacks ---- */

static void print_event(struct ouro_gc_callback *self, enum ouro_gc_event event,
                        const struct ouro_gc_info *info)
{
    (void)self;
    ouro_console_print("gc: ");
    ouro_console_print(ouro_gc_event_name(event));
    ouro_console_print(", generation ");
    ouro_console_print_int(info->generation);
    if (event == OURO_GC_STOP) {
        ouro_console_print(", collected ");
        ouro_console_print_int(info->collected);
        ouro_console_print(", uncollectable ");
        ouro_console_print_int(info->uncollectable);
    }
    ouro_console_print("\n");
}

static struct ouro_gc_callback printing = {.call = print_event};

static bool is_printing(void)
{
    const struct ouro_gc_callback *callback = ouro_gc_callbacks();
    while (callback && callback != &printing) callback = callback->next;
    return callback != NULL;
}

static void list_callbacks(void)
{
    const struct ouro_gc_callback *callback = ouro_gc_callbacks();
    if (!callback) ouro_console_print("no callbacks\n");
    for (; callback; callback = callback->next) {
        uint32_t start, address = (uint32_t)(uintptr_t)callback->call;
        const char *name = ouro_port_name ? ouro_port_name(address, &start) : NULL;
        ouro_console_print("0x");
        ouro_console_print_hex(address, 8);
        ouro_console_print(" ");
        ouro_console_print(callback == &printing ? "prints" : name ? name : "");
        ouro_console_print("\n");
    }
}

static enum ouro_command_result callbacks(int argc, char **argv)
{
    if (argc == 2) {
        list_callbacks();
        return OURO_COMMAND_OK;
    }
    bool is_add = strcmp(argv[2], "add") == 0;
    if (argc > 3 || (!is_add && strcmp(argv[2], "remove") != 0)) return OURO_COMMAND_USAGE;
    if (is_add == is_printing()) {
        ouro_error_set(OURO_VALUE_ERROR, is_add ? "it is there" : "it is not there");
        return OURO_COMMAND_FAILED;
    }
    if (is_add)
        ouro_gc_add_callback(&printing);
    else
        (void)ouro_gc_remove_callback(&printing);
    return OURO_COMMAND_OK;
}

/* ---- one object ---- */

static enum ouro_command_result about(int argc, char **argv)
{
    if (argc < 3) return OURO_COMMAND_USAGE;
    ouro_ref object = command_find(argc - 1, argv + 1);
    if (!object) return OURO_COMMAND_FAILED;
    bool is_so = strcmp(argv[1], "is_tracked") == 0 ? ouro_gc_is_tracked(object)
                                                    : ouro_gc_is_finalized(object);
    ouro_console_print(is_so ? "True\n" : "False\n");
    return OURO_COMMAND_OK;
}

enum ouro_command_result command_gc(int argc, char **argv)
{
    static const char object[] = "NAME [KEY...]", thresholds[] = "[A [B [C]]]";
    static const char flags[] = "[sum of 1, 2, 4, 32]";
    static const struct {
        const char *name, *arguments;
        command_fn *run;
    } subcommands[] = {{"callbacks", "[add | remove]", callbacks},
                       {"clock", "[on | off]", time_cycles},
                       {"collect", "[GENERATION]", collect},
                       {"collect_for", "INSTRUCTIONS", collect_for},
                       {"count", "", count},
                       {"debug", flags, debug},
                       {"disable", "", disable},
                       {"enable", "", enable},
                       {"freeze", "", freeze},
                       {"garbage", "", garbage},
                       {"get_count", "", count},
                       {"get_debug", "", debug},
                       {"get_freeze_count", "", freeze_count},
                       {"get_objects", "[GENERATION]", list_objects},
                       {"get_referents", object, command_who},
                       {"get_referrers", object, command_who},
                       {"get_stats", "", stats},
                       {"get_threshold", "", threshold},
                       {"is_finalized", object, about},
                       {"is_tracked", object, about},
                       {"isenabled", "", is_enabled},
                       {"leaks", "start | show", command_leaks},
                       {"objects", "", command_objects},
                       {"referents", object, command_who},
                       {"referrers", object, command_who},
                       {"retained", object, command_who},
                       {"set_debug", flags, debug},
                       {"set_threshold", thresholds, threshold},
                       {"start", "[GENERATION]", start},
                       {"stats", "", stats},
                       {"step", "[UNITS]", step},
                       {"threshold", thresholds, threshold},
                       {"unfreeze", "", unfreeze},
                       {"why", object, command_who}};
    if (argc < 2) return OURO_COMMAND_USAGE;
    size_t i = 0, last = sizeof subcommands / sizeof *subcommands - 1;
    while (i < last && strcmp(argv[1], subcommands[i].name) != 0) i++;
    if (strcmp(argv[1], subcommands[i].name) != 0) {
        ouro_console_print("error: gc has no subcommand ");
        output_quoted(argv[1]);
        ouro_console_print("; try 'help gc'\n");
        return OURO_COMMAND_FAILED;
    }
    enum ouro_command_result result = subcommands[i].run(argc, argv);
    if (result != OURO_COMMAND_USAGE) return result;
    ouro_console_print("usage: gc ");
    ouro_console_print(argv[1]);
    ouro_console_print(*subcommands[i].arguments ? " " : "");
    ouro_console_print(subcommands[i].arguments);
    ouro_console_print("\n");
    return OURO_COMMAND_FAILED;
}
