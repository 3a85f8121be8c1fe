/* SPDX-License-Identifier: MIT
 * find.c - bytes in a row among others. */
#include "types/text.h"

ptrdiff_t find_bytes(const void *all, size_t n, const void *part, size_t m)
{
    const uint8_t *data = all, *wanted = part;
    for (size_t at = 0; at + m <= n; at++)
        if (m == 0 || (data[at] == wanted[0] && memcmp(data + at, wanted, m) == 0))
            return (ptrdiff_t)at;
    return NOWHERE;
}

ptrdiff_t find_last_bytes(const void *all, size_t n, const void *part, size_t m)
{
    const uint8_t *data = all, *wanted = part;
    for (size_t at = n + 1 - m; m <= n && at-- > 0;)
        if (m == 0 || (data[at] == wanted[0] && memcmp(data + at, wanted, m) == 0))
            return (ptrdiff_t)at;
    return NOWHERE;
}
