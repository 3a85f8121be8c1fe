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
    uint32_t generation;
    if (!number(argc, argv, 2, 2, 2, &generation)) return OURO_COMMAND_USAGE;
    ptrdiff_t count = ouro_gc_collect((int)generation);
    if (count < 0) return OURO_COMMAND_FAILED;
    ouro_console_print("collected ");
    ouro_console_print_int(count);
    ouro_console_print(count == 1 ? " object\n" : " objects\n");
    return OURO_COMMAND_OK;
}

static enum ouro_command_result start(int argc, char **argv)
{
    uint32_t generation;
    if (!number(argc, argv, 2, 2, 2, &generation)) return OURO_COMMAND_USAGE;
    bool is_started = ouro_gc_start((int)generation);
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
    if (argc != 5) return OURO_COMMAND_USAGE;
    for (int i = 0; i < 3; i++) {
        if (!ouro_console_parse_number(argv[2 + i], &value[i])) return OURO_COMMAND_USAGE;
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
    uint32_t generation;
    struct ouro_gc_cursor cursor;
    if (!number(argc, argv, 2, 3, 2, &generation)) return OURO_COMMAND_USAGE;
    if (ouro_gc_objects(&cursor, generation == 3 ? OURO_GC_ALL : (int)generation) < 0)
        return OURO_COMMAND_FAILED;
    for (ouro_ref o; (o = ouro_gc_next(&cursor)); ouro_decref(o)) {
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
    return OURO_COMMAND_OK;
}

static enum ouro_command_result collect_for(int argc, char **argv)
{
    uint32_t instructions;
    if (argc != 3 || !number(argc, argv, 2, 0, INT32_MAX, &instructions)) return OURO_COMMAND_USAGE;
    ouro_gc_set_clock(ouro_port_instructions);
    bool is_done = ouro_gc_collect_for(instructions);
    ouro_gc_set_clock(NULL);
    ouro_console_print(is_done ? "done\n" : "phase ");
    if (is_done) return OURO_COMMAND_OK;
    input_is_stepped_by_hand = true;
    ouro_console_print(ouro_gc_phase_name(ouro_gc_get_phase()));
    ouro_console_print("\n");
    return OURO_COMMAND_OK;
}

enum ouro_command_result command_gc(int argc, char **argv)
{
    static const struct {
        const char *name;
        command_fn *run;
    } subcommands[] = {{"collect", collect},
                       {"collect_for", collect_for},
                       {"count", count},
                       {"debug", debug},
                       {"disable", disable},
                       {"enable", enable},
                       {"freeze", freeze},
                       {"garbage", garbage},
                       {"get_count", count},
                       {"get_debug", debug},
                       {"get_freeze_count", freeze_count},
                       {"get_objects", list_objects},
                       {"get_stats", stats},
                       {"get_threshold", threshold},
                       {"isenabled", is_enabled},
                       {"leaks", command_leaks},
                       {"objects", command_objects},
                       {"referents", command_who},
                       {"referrers", command_who},
                       {"retained", command_who},
                       {"set_debug", debug},
                       {"set_threshold", threshold},
                       {"start", start},
                       {"stats", stats},
                       {"step", step},
                       {"threshold", threshold},
                       {"unfreeze", unfreeze},
                       {"why", command_who}};
    if (argc < 2) return OURO_COMMAND_USAGE;
    for (size_t i = 0; i < sizeof subcommands / sizeof *subcommands; i++) {
        if (strcmp(argv[1], subcommands[i].name) == 0) return subcommands[i].run(argc, argv);
    }
    ouro_console_print("error: gc has no subcommand ");
    output_quoted(argv[1]);
    ouro_console_print("; try 'help gc'\n");
    return OURO_COMMAND_FAILED;
}
