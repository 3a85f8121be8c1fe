/* SPDX-License-Identifier: MIT
 * cmd_mem.c - `mem` and `config`: what the arena holds, and how the image was built. */
#include <string.h>

#include "commands.h"
#include "output.h"
#include "ouro/diag.h"
#include "ouro/port.h"

static void print_arena(void)
{
    struct ouro_mem_stats s;
    ouro_diag_mem(&s);
    ouro_console_print_row("arena", s.arena_bytes, "bytes");
    ouro_console_print_row("control", s.control_bytes, "bytes");
    ouro_console_print_row("used", s.used_bytes, "bytes");
    ouro_console_print_row("peak", s.peak_bytes, "bytes");
    ouro_console_print_row("free", s.free_bytes, "bytes");
    ouro_console_print_row("largest run", s.largest_run_bytes, "bytes");
    ouro_console_print_row("page", s.page_bytes, "bytes");
    ouro_console_print_row("pages", s.pages, "");
    ouro_console_print_row("pages free", s.pages_free, "");
    ouro_console_print_row("pages pool", s.pages_pool, "");
    ouro_console_print_row("pages large", s.pages_large, "");
    ouro_console_print_row("objects", s.objects, "");
    ouro_console_print_row("failures", s.failures, "");
}

static void print_pools(void)
{
    struct ouro_pool_stats s;
    ouro_console_print("  cell   pages    used    free\n");
    for (unsigned i = 0; ouro_diag_pool(i, &s); i++) {
        ouro_console_print_padded(s.cell_bytes, 6);
        ouro_console_print_padded(s.pages, 8);
        ouro_console_print_padded(s.cells_used, 8);
        ouro_console_print_padded(s.cells_free, 8);
        ouro_console_print("\n");
    }
}

static enum ouro_command_result check(void)
{
    const char *broken = ouro_diag_verify();
    ouro_console_print(broken ? "broken: " : "the heap is sound");
    if (broken) ouro_console_print(broken);
    ouro_console_print("\n");
    return broken ? OURO_COMMAND_FAILED : OURO_COMMAND_OK;
}

enum ouro_command_result command_mem(int argc, char **argv)
{
    if (argc > 2) return OURO_COMMAND_USAGE;
    if (argc == 1) {
        print_arena();
    } else if (strcmp(argv[1], "pools") == 0) {
        print_pools();
    } else if (strcmp(argv[1], "check") == 0) {
        return check();
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
    ouro_console_print_row("threshold 0", OURO_THRESHOLD0, "objects");
    ouro_console_print_row("threshold 1", OURO_THRESHOLD1, "cycles");
    ouro_console_print_row("threshold 2", OURO_THRESHOLD2, "cycles");
    return OURO_COMMAND_OK;
}
