/* SPDX-License-Identifier: MIT
 * fmt_unicode.c - Python's str.isprintable, from 1.2 KiB of run lengths.
 *
 * tests/tools/gen_printable.py makes the table and explains its form.  A look-up costs some 500
 * instructions, 1,600 at most, and 10 for ASCII. */
#include "ouro/diag.h"

#include "check.h"
#include "fmt_printable.h"

/* The run length that starts at nibble *at, which is moved past it. */
static uint32_t next_run(uint32_t *at)
{
    uint32_t length = 0, nibble;
    do {
        nibble = (uint32_t)printable_runs[*at / 2u] >> (*at % 2u * 4u);
        length = length << 3 | (nibble & 7u);
        ++*at;
    } while ((nibble & 8u) != 0u);
    return length + 1u;
}

bool ouro_is_printable(uint32_t code_point)
{
    if (code_point < 0x7fu) return code_point >= 0x20u;
    if (code_point > 0x10ffffu) return false;
    unsigned i = printable_entry_count - 1u;
    while (printable_entries[i] >> 11 > code_point) i--;
    uint32_t end = printable_entries[i] >> 11;
    uint32_t at = (printable_entries[i] & 0x7ffu) * 2u;
    bool is_printable = true;
    do {
        end += next_run(&at);
        is_printable = !is_printable;
    } while (end <= code_point);
    return is_printable;
}
