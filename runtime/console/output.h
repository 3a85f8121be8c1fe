/* SPDX-License-Identifier: MIT
 * output.h - the console's own printing, beyond what console.h offers to commands. */
#ifndef CONSOLE_OUTPUT_H
#define CONSOLE_OUTPUT_H

#include "ouro/console.h"

/* Output goes to a script's reader: plain line feeds, no echo, no prompts.  Set once, at start. */
extern bool output_is_script;

/* A line is being typed: what is printed next takes its place.  Cleared when something was. */
extern bool output_is_over_line;

void output_spaces(unsigned count);
/* The first column of a table. */
void output_label(const char *label);
/* A line `label   text`. */
void output_text_row(const char *label, const char *text);
/* What the user typed, in quotes, with everything but plain ASCII escaped. */
void output_quoted(const char *text);

#endif
