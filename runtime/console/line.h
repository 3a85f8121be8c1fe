/* SPDX-License-Identifier: MIT
 * line.h - one line of input, edited on a terminal, plain from a script. */
#ifndef CONSOLE_LINE_H
#define CONSOLE_LINE_H

#include <stdbool.h>
#include <stddef.h>

enum { LINE_BYTES = 255 }; /* the longest command line */

#define LINE_PROMPT "ouro> "

enum line_result {
    LINE_DONE,     /* a line to run, zero-terminated */
    LINE_CUT,      /* its first LINE_BYTES; a command that reads its text itself takes the rest */
    LINE_TOO_LONG, /* read to its end and dropped */
    LINE_END,      /* the input has ended */
};

/* Read a line.
 *   text  receives it; static, valid until the next call, for the caller to change */
enum line_result line_read(char **text);

/* ---- history.c: the lines typed before, as many as fit ---- */

/* Add a line; empty ones and repetitions are not kept. */
void history_add(const char *text);
/* The line typed `back` lines ago (1: the last one), or NULL. */
const char *history_get(size_t back);

/* ---- complete.c: what Tab offers ---- */

/* Complete the word that ends at text[cursor].
 *   addition  receives what can be added (not terminated): up to where the candidates differ,
 *             at most `room` bytes; a space after a word that is complete
 *   returns   bytes of it */
size_t complete_word(const char *text, size_t cursor, char *addition, size_t room);
/* Print the candidates, in lines of a terminal's width; false if there are none. */
bool complete_list(const char *text, size_t cursor);

#endif
