/* SPDX-License-Identifier: MIT
 * cmd_mem.c - `mem` and `config`: what the arena holds, and how the image was built. */
#include <string.h>

#include "commands.h"
#include "map.h"
#include "output.h"
#include "ouro/diag.h"
#include "ouro/port.h"
#include "ouro/sys.h"

static void print_arena(void)
{
    struct ouro_mem_stats s;
    ouro_diag_mem(&s);
    ouro_console_print_row("arena", s.arena_bytes, "bytes");
    ouro_console_print_row("control", s.control_bytes, "bytes");
    ouro_console_print_row("used", s.used_bytes, "bytes");
    ouro_console_print_row("lost", s.lost_bytes, "bytes");
    ouro_console_print_row("free", s.free_bytes, "bytes");
    ouro_console_print_row("largest free", s.largest_free_bytes, "bytes");
    ouro_console_print_row("fragmentation", s.fragmentation_percent, "%");
    ouro_console_print_row("peak", s.peak_bytes, "bytes");
    ouro_console_print_row("page", s.page_bytes, "bytes");
    ouro_console_print_row("pages", s.pages, "");
    ouro_console_print_row("pages free", s.pages_free, "");
    ouro_console_print_row("pages pool", s.pages_pool, "");
    ouro_console_print_row("pages large", s.pages_large, "");
    ouro_console_print_row("objects", s.objects, "");
    ouro_console_print_row("failures", s.failures, "");
}

static enum ouro_command_result print_verdict(const char *broken, const char *sound)
{
    ouro_console_print(broken ? "broken: " : sound);
    if (broken) ouro_console_print(broken);
    ouro_console_print("\n");
    return broken ? OURO_COMMAND_FAILED : OURO_COMMAND_OK;
}

static enum ouro_command_result check_piece(uint32_t units)
{
    const char *broken, *place;
    enum ouro_check_status status = ouro_check(units, &broken);
    place = status == OURO_CHECK_PASSED ? "a pass has ended: the heap is sound" : "sound so far";
    enum ouro_command_result result = print_verdict(broken, place);
    if (broken) ouro_diag_describe(ouro_diag_suspect(), ouro_console_write, NULL);
    return result;
}

enum ouro_command_result command_mem(int argc, char **argv)
{
    uint32_t page, units;
    if (argc == 3 && strcmp(argv[1], "check") == 0 && ouro_console_parse_number(argv[2], &units))
        return check_piece(units);
    if (argc == 3 && strcmp(argv[1], "map") == 0 && ouro_console_parse_number(argv[2], &page))
        return map_page(page);
    if (argc > 2) return OURO_COMMAND_USAGE;
    if (argc == 1) {
        print_arena();
    } else if (strcmp(argv[1], "map") == 0) {
        map_print();
    } else if (strcmp(argv[1], "pools") == 0) {
        ouro_debugmallocstats(ouro_console_write, NULL);
    } else if (strcmp(argv[1], "check") == 0) {
        return print_verdict(ouro_diag_verify(), "the heap is sound");
    } else if (strcmp(argv[1], "reset") == 0) {
        ouro_diag_reset_peak();
    } else {
        return OURO_COMMAND_USAGE;
    }
    return OURO_COMMAND_OK;
}

enum ouro_command_result command_config(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) return OURO_COMMAND_USAGE;
    output_text_row("board", ouro_port_board);
    ouro_console_print_row("check", OURO_CHECK, "level");
    ouro_console_print_row("alloc", OURO_ALLOC_UNITS, "units");
    ouro_console_print_row("release", OURO_RELEASE_UNITS, "units");
    ouro_console_print_row("finalizers", OURO_FINALIZER_DEPTH, "deep");
    ouro_console_print_row("threshold 0", OURO_THRESHOLD0, "objects, or 4 a page if fewer");
    ouro_console_print_row("threshold 1", OURO_THRESHOLD1, "cycles");
    ouro_console_print_row("threshold 2", OURO_THRESHOLD2, "cycles");
    return OURO_COMMAND_OK;
}
