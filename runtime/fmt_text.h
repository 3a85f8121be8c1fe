/* SPDX-License-Identifier: MIT
 * fmt_text.h - texts made of pieces: what is printed, and messages of errors.
 *
 * A format has, besides text:
 *   %s  a text
 *   %d  an int
 *   %u  an unsigned
 *   %D  an int64_t
 *   %p  an address, 8 hexadecimal digits
 *   %T  an object: the name of its type
 *   %S  a str: its text, up to a zero byte
 *   %%  a per cent sign, which may also end the format by itself
 * One call with a format is smaller than a call for each piece. */
#ifndef OURO_RUNTIME_FMT_TEXT_H
#define OURO_RUNTIME_FMT_TEXT_H

#include <stdarg.h>

#include "ouro/core.h"

/* These return 0. */
int write_text(ouro_write_fn *write, void *context, const char *text);
int write_format(ouro_write_fn *write, void *context, const char *format, ...);

/* The arguments are used up. */
void write_arguments(ouro_write_fn *write, void *context, const char *format, va_list *arguments);

/* Set an error; these return NULL. */
ouro_ref error_null(enum ouro_error_kind kind, const char *message);
ouro_ref error_about(enum ouro_error_kind kind, const char *format, ...);

/* A message in pieces: its pointer `at` begins at the heap's error_text; error_append(), which
 * writes as much of a piece as there is room for, takes the address of that; error_made() sets the
 * error. */
void error_append(void *at, const char *text, size_t bytes);
void error_made(enum ouro_error_kind kind, char *at);

#endif
