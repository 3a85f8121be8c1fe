/* SPDX-License-Identifier: MIT
 * input.c - bytes from the board, and what the console does while there are none.
 *
 * On a terminal the time between two keys goes to the collector, in portions small enough that
 * nobody feels them.  A script's bytes come when the host gets round to it, so there the collector
 * gets no such time: the same script always prints the same figures. */
#include "input.h"

#include "ouro/config.h"
#include "ouro/diag.h"
#include "ouro/gc.h"
#include "ouro/port.h"
#include "output.h"

enum { CHECK_UNITS = 64 }; /* between two looks at the receiver; of collection it is one */

static bool is_ended;
static bool is_after_cr;
static int kept = -1; /* read too early */

bool input_is_stepped_by_hand;
void (*input_redraw)(void);

/* From CHECK=2 on the heap is checked in the time between two keys, once after each. */
static bool is_checked;

static bool check_some(void)
{
    const char *broken;
    if (OURO_CHECK < 2 || is_checked) return false;
    enum ouro_check_status status = ouro_check(CHECK_UNITS, &broken);
    if (status == OURO_CHECK_BROKEN) ouro_port_panic(broken);
    is_checked = status == OURO_CHECK_PASSED;
    return true;
}

/* A unit of collection.  It may call what prints: callbacks, what debugging tells. */
static bool collect_some(void)
{
    output_is_over_line = input_redraw != NULL;
    bool has_worked = ouro_gc_idle() > 0u;
    if (input_redraw && !output_is_over_line) input_redraw();
    output_is_over_line = false;
    return has_worked;
}

static void idle(void)
{
    if (check_some()) return;
    if (ouro_gc_get_phase() == OURO_GC_IDLE) input_is_stepped_by_hand = false;
    bool is_left_alone = output_is_script || input_is_stepped_by_hand;
    if (is_left_alone || !collect_some()) ouro_port_wait();
}

static int get(void)
{
    int byte = kept;
    kept = -1;
    return byte >= 0 ? byte : ouro_port_get();
}

static int next(void)
{
    if (is_ended) return INPUT_END;
    int byte;
    while ((byte = get()) < 0) idle();
    is_checked = false;
    is_ended = output_is_script && byte == CTRL_D;
    return is_ended ? INPUT_END : byte;
}

int input_byte(void)
{
    int byte = next();
    if (byte == '\n' && is_after_cr) byte = next();
    is_after_cr = byte == '\r';
    return is_after_cr ? '\n' : byte;
}

bool input_is_broken_off(void)
{
    if (output_is_script || kept >= 0) return false;
    kept = ouro_port_get();
    if (kept != CTRL_C) return false;
    kept = -1;
    ouro_console_print("^C\n");
    return true;
}

int ouro_console_key(void)
{
    if (output_is_script) return INPUT_END;
    int byte;
    while ((byte = get()) < 0 || (byte == '\n' && is_after_cr)) {
        if (byte < 0) ouro_port_wait();
        is_after_cr = false;
    }
    is_after_cr = byte == '\r';
    return byte;
}

void input_echo(int byte)
{
    if (output_is_script) return;
    char text[2] = {(char)byte, 0};
    size_t bytes = 1;
    if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == RUBOUT) {
        text[0] = '^';
        text[1] = (char)(byte ^ 0x40);
        bytes = 2;
    }
    ouro_console_write(NULL, text, bytes);
}
