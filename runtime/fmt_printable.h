/* SPDX-License-Identifier: MIT
 * fmt_printable.h - the table behind ouro_is_printable(). */
#ifndef OURO_FMT_PRINTABLE_H
#define OURO_FMT_PRINTABLE_H

#include <stdint.h>

extern const unsigned printable_entry_count;
extern const uint32_t printable_entries[]; /* code point << 11 | index into the runs, ascending */
extern const uint8_t printable_runs[];     /* lengths - 1, a nibble for each 3 bits */

#endif
