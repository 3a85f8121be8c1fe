/* SPDX-License-Identifier: MIT
 * str_items.c - a str as a sequence of code points: len, iteration, slices.
 *
 * They are not of one size in UTF-8, so that all but iteration looks at the bytes in turn. */
#include "types/ops.h"

static bool begins_point(char byte) { return ((uint8_t)byte & 0xc0) != 0x80; }

size_t str_points(ouro_ref self)
{
    size_t bytes, n = 0;
    const char *text = ouro_str_bytes(self, &bytes);
    for (size_t i = 0; i < bytes; i++) n += begins_point(text[i]);
    return n;
}

/* Where the next code point begins, or the last one before. */
static size_t forward(const char *text, size_t at)
{
    do at++;
    while (!begins_point(text[at])); /* the zero byte at the end begins one, too */
    return at;
}
static size_t backward(const char *text, size_t at)
{
    do at--;
    while (!begins_point(text[at]));
    return at;
}

ouro_ref str_iterate(ouro_ref self, size_t *position)
{
    size_t bytes, at = *position;
    const char *text = ouro_str_bytes(self, &bytes);
    if (at >= bytes) return NULL;
    size_t after = forward(text, at);
    char *buffer;
    ouro_ref point = ouro_str_alloc(after - at, &buffer);
    if (!point) return NULL;
    memcpy(buffer, text + at, after - at);
    *position = after;
    return point;
}

/* Go through what the span takes: copy it to `buffer` unless that is NULL.  Returns its bytes. */
static size_t copy_span(const char *text, struct ouro_span span, char *buffer)
{
    size_t at = 0, bytes = 0;
    for (ptrdiff_t i = 0; i < span.start; i++) at = forward(text, at);
    for (size_t i = 0; i < span.count; i++) {
        size_t n = forward(text, at) - at;
        if (buffer) memcpy(buffer + bytes, text + at, n);
        bytes += n;
        if (i + 1 == span.count) break;
        for (ptrdiff_t k = 0; k < span.step; k++) at = forward(text, at);
        for (ptrdiff_t k = 0; k > span.step; k--) at = backward(text, at);
    }
    return bytes;
}

ouro_ref str_take(ouro_ref self, struct ouro_span span)
{
    size_t bytes;
    const char *text = ouro_str_bytes(self, &bytes);
    char *buffer;
    size_t taken = span.count ? copy_span(text, span, NULL) : 0;
    if (taken == bytes && span.step > 0) return ouro_own(self);
    ouro_ref part = ouro_str_alloc(taken, &buffer);
    if (part && taken) (void)copy_span(text, span, buffer);
    return part;
}
