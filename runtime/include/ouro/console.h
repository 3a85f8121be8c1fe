/* SPDX-License-Identifier: MIT
 * console.h - the console: a line editor, commands that the linker collects, names for objects.
 *
 * The console sits on top of the other public headers and talks to the board through port.h.
 * An image adds commands of its own by defining them with OURO_COMMAND in any file that it links.
 * Everything here is for thread mode, and for commands: nothing may be called from an interrupt.
 *
 * What says nothing of its cost is O(length of the texts that it is given). */
#ifndef OURO_CONSOLE_H
#define OURO_CONSOLE_H

#include "ouro/core.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Read and run commands until the input ends; `exit` leaves through ouro_port_exit(0).
 *   returns the status to end with, 0
 * Needs ouro_init() before; uses 3 KiB of static RAM and no arena until a name is bound. */
int ouro_console_run(void);

/* ---- commands ---- */

/* What a command returns. */
enum ouro_command_result {
    OURO_COMMAND_OK,     /* done */
    OURO_COMMAND_FAILED, /* the console prints and clears the runtime's error state, if it is set */
    OURO_COMMAND_USAGE,  /* wrong arguments: the console prints the usage line */
};

struct ouro_command {
    const char *name;
    const char *usage; /* the arguments, e.g. "NAME [KEY...]"; "" for none */
    const char *help;  /* first line: a summary; the rest is shown by `help name` only */
    const char *words; /* what Tab offers as first argument, space-separated; NULL: bound names */
    /* argv[0] is the command's name; the strings are the command's to change until it returns. */
    enum ouro_command_result (*run)(int argc, char **argv);
    /* The command reads its text itself: argv[1] is the first word, argv[2] the rest of the line
     * as it stands, quotes and all, or "" (and argc says 3 even if the line ends earlier). */
    bool is_raw;
};

/* Place a command, or an array of them, in the linker-collected table:
 *   OURO_COMMAND(blink) = { .name = "blink", .usage = "N", .help = "blink N times", ... }; */
#define OURO_COMMAND(variable)                                                                     \
    static const struct ouro_command variable                                                      \
        __attribute__((used, section("ouro_commands"), aligned(8)))

/* ---- output; a line feed becomes CR LF on a terminal ---- */

/* An ouro_write_fn, so that ouro_repr(ref, ouro_console_write, NULL) prints; context unused. */
void ouro_console_write(void *context, const char *text, size_t bytes);
void ouro_console_print(const char *text);
void ouro_console_print_int(int64_t value);
/* Right-aligned in `width` columns. */
void ouro_console_print_padded(uint64_t value, unsigned width);
void ouro_console_print_hex(uint64_t value, unsigned digits);
/* A line `label   value unit`, in columns.  unit may be "". */
void ouro_console_print_row(const char *label, uint64_t value, const char *unit);

/* ---- input ---- */

/* Wait for a key: the next byte of a terminal.  Nothing is collected meanwhile, so that no figure
 * depends on how long it took.  -1 at once in a script, whose bytes are commands. */
int ouro_console_key(void);

/* ---- arguments ---- */

/* A decimal number without sign.  False, and *value untouched, if it is not one. */
bool ouro_console_parse_number(const char *text, uint32_t *value);

/* ---- names: the variables of the console, a dict from str to object ---- */

/* The dict (borrowed), or NULL while no name is bound.  It goes back to the arena with the last
 * name, so that an empty console holds no memory. */
ouro_ref ouro_console_names(void);
/* The object bound to a name, borrowed; NULL without an error.  O(names); allocates nothing, so
 * that it works in a full arena. */
ouro_ref ouro_console_lookup(const char *name);
/* Letters, digits and _, no digit first. */
bool ouro_console_is_name(const char *text);
/* Bind; takes a reference of its own.
 *   returns 0, or -1 with MemoryError, or ValueError if it is no name */
int ouro_console_bind(const char *name, ouro_ref value);
/* Unbind.  0, or -1 with KeyError if there is no such name. */
int ouro_console_unbind(const char *name);

#ifdef __cplusplus
}
#endif
#endif
