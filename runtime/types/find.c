/* SPDX-License-Identifier: MIT
 * find.c - bytes in a row among others. */
#include "types/text.h"

ptrdiff_t find_bytes(const void *all, size_t n, const void *part, size_t m, bool is_last)
{
    const uint8_t *data = all, *wanted = part;
    for (size_t i = 0; i + m <= n; i++) {
        size_t at = is_last ? n - m - i : i;
        if (m == 0 || (data[at] == wanted[0] && memcmp(data + at, wanted, m) == 0))
            return (ptrdiff_t)at;
    }
    return NOWHERE;
}
