/* SPDX-License-Identifier: MIT
 * history.c - the lines typed before.
 *
 * They lie one after the other, each with its terminating zero, the newest last; the oldest make
 * room.  Adding moves at most HISTORY_BYTES, once a line, which nobody notices. */
#include <stdbool.h>
#include <string.h>

#include "line.h"

enum { HISTORY_BYTES = 1024 };
_Static_assert((int)HISTORY_BYTES > (int)LINE_BYTES, "the history holds any line");

static char lines[HISTORY_BYTES];
static size_t used;

void history_add(const char *text)
{
    size_t bytes = strlen(text) + 1u;
    const char *last = history_get(1);
    if (bytes == 1u || (last && strcmp(last, text) == 0)) return;
    while (used + bytes > HISTORY_BYTES) {
        size_t oldest = strlen(lines) + 1u;
        used -= oldest;
        memmove(lines, lines + oldest, used);
    }
    memcpy(lines + used, text, bytes);
    used += bytes;
}

const char *history_get(size_t back)
{
    size_t start = used;
    for (; back > 0u && start > 0u; back--) {
        start--; /* over the zero that ends the line before */
        while (start > 0u && lines[start - 1u] != '\0') start--;
    }
    return back == 0u && start < used ? lines + start : NULL;
}
