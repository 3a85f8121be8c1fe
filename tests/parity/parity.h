/* SPDX-License-Identifier: MIT
 * parity.h - what the C half of a pair is written with.
 *
 * Each NAME.c stands beside a NAME.py; both consist of sections of the same names in the same
 * order, each prints `== section` and then its lines, and test_parity.py compares the lines.  The
 * runtime is started afresh for each section, so that a section need not tidy up; where references
 * matter to what it shows, it does. */
#ifndef PARITY_H
#define PARITY_H

#include "ouro.h"
#include "t.h"

struct section {
    const char *name;
    void (*run)(void);
};

/* clang-format off */
#define SECTION(function) { #function, function }
/* clang-format on */
#define PARITY_MAIN(sections)                                                                      \
    int main(void) { return parity_run(sections, T_COUNT(sections)); }

/* Run the sections in order.  Returns the status for main: 0 if the heap was in order after each.
 */
int parity_run(const struct section *sections, size_t count);

/* The value of a Python literal: None, True, False, inf, nan, numbers, str in single quotes,
 * tuples, lists, dicts, sets.  New reference. */
ouro_ref py(const char *literal);

/* Print a line.  In the format stand, each for an argument:
 *   %r  an object's repr();  %R the same, and the reference is dropped
 *   %x  the same as %r, addresses left out: "0x..."
 *   %S  an object's str(), and the reference is dropped
 *   %d  an int;  %s a C string
 *   %t  an int that is 1, 0 or negative for an error: True, False
 *   %n  an int that is 0 or negative for an error: None
 * In place of what failed stands the error, `KeyError: ...`, which is then cleared.  A NULL without
 * an error is None. */
void say(const char *format, ...);

/* Say `label` and the items that an iterator still gives, on a line; drops the iterator. */
void say_items(const char *label, ouro_ref iterator);

/* The slice start:stop:step of Python, each an int or NONE; drops nothing. */
enum { NONE = 1 << 20 };
ouro_ref cut(ouro_ref sequence, int start, int stop, int step);

/* Let everything that is due be done: Python does so at once. */
void settle(void);

#endif
