/* SPDX-License-Identifier: MIT
 * console.c - the console's loop: read a line, run it, clean up behind it. */
#include "commands.h"
#include "line.h"
#include "output.h"

#include "ouro/gc.h"
#include "ouro/port.h"
#include "ouro/weakref.h"

/* Only where something in the image makes a finalize. */
#pragma weak ouro_finalize_run_all

enum { DRAIN_UNITS = 1024 };

static void greet(void)
{
    ouro_console_print("Ouro on ");
    ouro_console_print(ouro_port_board);
    ouro_console_print(", ");
    ouro_console_print_int((ouro_arena_end - ouro_arena_start) / 1024);
    ouro_console_print(" KiB of arena. Try 'help'.\n");
}

/* In a script no time passes between two commands; what one of them dropped goes here, so that
 * the next one's figures do not depend on it.  A running cycle is left to `gc step`. */
static void drain(void)
{
    while (ouro_gc_get_phase() == OURO_GC_IDLE && ouro_gc_step(DRAIN_UNITS) > 0u) {}
}

/* As at CPython's exit: the finalizes are called while the names are still there. */
void console_finish(void)
{
    if (ouro_finalize_run_all) ouro_finalize_run_all();
    while (ouro_console_names()) {
        char star[] = "del *";
        commands_run(star, false);
    }
    ouro_fini();
}

int ouro_console_run(void)
{
    output_is_script = ouro_port_is_script();
    if (!output_is_script) greet();
    for (;;) {
        char *line;
        enum line_result result = line_read(&line);
        switch (result) {
        case LINE_DONE:
        case LINE_CUT: commands_run(line, result == LINE_CUT); break;
        case LINE_TOO_LONG:
            ouro_console_print("error: a line may have ");
            ouro_console_print_int(LINE_BYTES);
            ouro_console_print(" bytes; this one was dropped\n");
            break;
        case LINE_END: console_finish(); return 0;
        }
        if (output_is_script) drain();
    }
}
