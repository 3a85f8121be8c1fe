/* SPDX-License-Identifier: MIT
 * names.c - the names of functions, from a table that boot/names.py makes of a finished image and
 * that is then linked into it: behind all code, so that nothing in the table moves.
 *
 * An image without the table (a small board's, a test's) knows no names. */
#include <stddef.h>

#include "ouro/port.h"

/* Sorted by address; the last one has no name and says where the last function ends. */
struct function_name {
    uint32_t start;
    const char *name;
};
extern const struct function_name boot_names[] __attribute__((weak));
extern const struct function_name boot_names_last[] __attribute__((weak));

const char *ouro_port_function(uint32_t address, uint32_t *start)
{
    const struct function_name *at = boot_names;
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
