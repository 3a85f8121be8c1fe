/* SPDX-License-Identifier: MIT
 * quote.h - texts between quotes, as repr() of str and bytes writes them. */
#ifndef OURO_RUNTIME_QUOTE_H
#define OURO_RUNTIME_QUOTE_H

#include "types/ops.h"

/* The escape of what is at `at`, which is neither a quote nor \n, \r, \t or a backslash.
 *   out      begins with a backslash already
 *   bytes    1; set to how many the escape is for
 *   returns  its length, at most 10; 0: it stands for itself */
typedef size_t escape_fn(char *out, const uint8_t *at, size_t *bytes);

/* Write a text in the quotes that Python chooses.  Returns 0.
 *   escapes_single  a single quote is escaped, whatever the quotes are */
int write_quoted(const char *text, size_t n, escape_fn *escape, bool escapes_single,
                 ouro_write_fn *write, void *context);

#endif
