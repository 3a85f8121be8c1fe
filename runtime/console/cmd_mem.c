/* SPDX-License-Identifier: MIT
 * cmd_mem.c - `mem` and `config`: what the arena holds, and how the image was built. */
#include <string.h>

#include "commands.h"
#include "map.h"
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

static void print_total(const char *label, size_t bytes)
{
    ouro_console_print(label);
    output_spaces(44u - (unsigned)strlen(label));
    ouro_console_print("=");
    ouro_console_print_padded(bytes, 12);
    ouro_console_print("\n");
}

/* The columns of CPython's sys._debugmallocstats(); classes without a page are left out. */
static void print_pools(void)
{
    struct ouro_pool_stats s;
    struct ouro_extent extent = {0};
    size_t used = 0, available = 0, behind = 0, headers = 0, asked = 0;
    ouro_console_print("class   size   num pages   blocks in use  avail blocks\n"
                       "-----   ----   ---------   -------------  ------------\n");
    for (unsigned i = 0; ouro_diag_pool(i, &s); i++) {
        if (s.pages == 0) continue;
        ouro_console_print_padded(i, 5);
        ouro_console_print_padded(s.cell_bytes, 7);
        ouro_console_print_padded(s.pages, 12);
        ouro_console_print_padded(s.cells_used, 16);
        ouro_console_print_padded(s.cells_free, 14);
        ouro_console_print("\n");
        used += (size_t)s.cells_used * s.cell_bytes;
        available += (size_t)s.cells_free * s.cell_bytes;
        behind += s.lost_bytes;
        headers += (size_t)s.pages * s.header_bytes;
    }
    while (ouro_diag_next(&extent))
        if (extent.kind == OURO_EXTENT_CELLS) asked += extent.asked_bytes;
    print_total("# bytes in allocated blocks", used);
    print_total("#   of them not asked for", used - asked);
    print_total("# bytes in available blocks", available);
    print_total("# bytes lost to page headers", headers);
    print_total("# bytes lost to quantization", behind);
    print_total("Total", used + available + headers + behind);
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
        print_pools();
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
    ouro_console_print_row("threshold 0", OURO_THRESHOLD0, "objects");
    ouro_console_print_row("threshold 1", OURO_THRESHOLD1, "cycles");
    ouro_console_print_row("threshold 2", OURO_THRESHOLD2, "cycles");
    return OURO_COMMAND_OK;
}
