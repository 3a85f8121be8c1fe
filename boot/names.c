/* SPDX-License-Identifier: MIT
 * names.c - the names of functions and variables, from a table that boot/names.py makes of a
 * finished image and that is then linked into it: behind all code, so that nothing in the table
 * moves.
 *
 * An image without the table (a small board's, a test's) knows no names. */
#include <stddef.h>

#include "ouro/port.h"

/* Sorted by address.  What has no name says where the one before ends; the last one has none. */
struct symbol {
    uint32_t start;
    const char *name;
};
extern const struct symbol boot_names[] __attribute__((weak));
extern const struct symbol boot_names_last[] __attribute__((weak));

const char *ouro_port_name(uint32_t address, uint32_t *start)
{
    const struct symbol *at = boot_names;
    uint32_t code = address & ~1u;
    if (!at || code < at->start || code >= boot_names_last->start) return NULL;
    for (ptrdiff_t count = boot_names_last - at; count > 1;) {
        ptrdiff_t half = count / 2;
        if (at[half].start <= code) at += half;
        count -= half;
    }
    *start = at->start | (address & 1u);
    return at->name;
}
