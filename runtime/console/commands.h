/* SPDX-License-Identifier: MIT
 * commands.h - the table of commands, and the functions behind the built-in ones. */
#ifndef CONSOLE_COMMANDS_H
#define CONSOLE_COMMANDS_H

#include "ouro/console.h"

/* The linker-collected table: [begin, end). */
const struct ouro_command *commands_begin(void);
const struct ouro_command *commands_end(void);
/* The command of this name, or NULL. */
const struct ouro_command *commands_find(const char *name, size_t bytes);
/* The one that the user may have meant, at most two typing errors away, or NULL. */
const struct ouro_command *commands_nearest(const char *name);

/* Stands in ouro_command.words for the names of all commands. */
extern const char commands_all[];

/* Run one line; it is cut into words in place.
 *   is_cut  the line goes on in the input, for a command that reads its text itself */
void commands_run(char *line, bool is_cut);
/* Would this line be run by a command that reads its text itself? */
bool commands_is_raw(const char *line);

/* Let go of all names, and do what is due at exit. */
void console_finish(void);

/* The line that is being run was cut: its rest is still in the input. */
extern bool commands_line_is_cut;

typedef enum ouro_command_result command_fn(int argc, char **argv);

/* cmd_object.c */
command_fn command_names, command_show, command_type, command_id, command_refs, command_sizeof,
    command_deepsize, command_del, command_link;
/* The object that argv[1], a name, and the keys behind it lead to, borrowed; NULL with an error. */
ouro_ref command_find(int argc, char **argv);
/* cmd_gc.c */
command_fn command_gc;
/* cmd_who.c: gc why NAME, gc objects, gc leaks and so on */
command_fn command_who, command_objects, command_leaks;
/* cmd_mem.c */
command_fn command_mem, command_config;
/* load.c */
command_fn command_load;

#endif
