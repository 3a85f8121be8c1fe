/* SPDX-License-Identifier: MIT
 * str_items.c - a str as a sequence of code points: len, iteration, slices, sums.
 *
 * They are not of one size in UTF-8, so that what is not ASCII is looked through, but for the
 * length of a long one, which is kept. */
#include "types/ops.h"
#include "types/str.h"

enum { ONES = 0x01010101 }; /* one in each byte */

static bool begins_point(char byte) { return ((uint8_t)byte & 0xc0) != 0x80; }

HOT_WHOLE size_t str_points(ouro_ref self)
{
    const struct long_str *wide = (const struct long_str *)(const void *)self;
    if (str_of(self)->length == STR_LONG && wide->length_points >> 8 != 0)
        return (wide->length_points >> 8) - 1;
    size_t bytes, within = 0; /* within: bytes that begin none */
    const char *at = str_text(self, &bytes), *end = at + bytes;
    for (uint32_t four; at + sizeof four <= end; at += sizeof four) {
        __builtin_memcpy(&four, at, sizeof four); /* no call */
        four = four >> 7 & ~(four >> 6) & ONES;
        within += four * ONES >> 24;
    }
    for (; at < end; at++) within += !begins_point(*at);
    str_keep_points(self, bytes - within);
    return bytes - within;
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

/* Some code points on, or back.  In ASCII each is a byte. */
static size_t moved(const char *text, size_t at, ptrdiff_t by, bool is_ascii)
{
    if (is_ascii) return at + (size_t)by;
    for (; by > 0; by--) at = forward(text, at);
    for (; by < 0; by++) at = backward(text, at);
    return at;
}

/* Go through what the span takes: copy it to `buffer` unless that is NULL.  Returns its bytes. */
static size_t copy_span(const char *text, bool is_ascii, struct ouro_span span, char *buffer)
{
    size_t at = moved(text, 0, span.start, is_ascii), bytes = 0;
    for (size_t i = 0; i < span.count; i++) {
        size_t n = forward(text, at) - at;
        if (buffer) memcpy(buffer + bytes, text + at, n);
        bytes += n;
        if (i + 1 == span.count) break;
        at = moved(text, at, span.step, is_ascii);
    }
    return bytes;
}

ouro_ref str_take(ouro_ref self, struct ouro_span span)
{
    size_t bytes;
    const char *text = ouro_str_bytes(self, &bytes);
    char *buffer;
    bool is_ascii = str_points(self) == bytes;
    size_t taken = span.count ? copy_span(text, is_ascii, span, NULL) : 0;
    if (taken == bytes && span.step > 0) return ouro_own(self);
    ouro_ref part = ouro_str_alloc(taken, &buffer);
    if (!part || !taken) return part;
    (void)copy_span(text, is_ascii, span, buffer);
    str_keep_points(part, span.count);
    return part;
}

ouro_ref ouro_str_concat(ouro_ref a, ouro_ref b)
{
    char *buffer;
    if (!is_str(a) || !is_str(b)) return error_concat(a, b);
    size_t n, m;
    const char *x = str_text(a, &n), *y = str_text(b, &m);
    if (n == 0) return ouro_own(b);
    if (m == 0) return ouro_own(a);
    ouro_incref(a); /* before anything is collected: they may be borrowed from what dies */
    ouro_incref(b);
    ouro_ref sum = ouro_str_alloc(n + m, &buffer);
    if (sum) {
        memcpy(buffer, x, n);
        memcpy(buffer + n, y, m);
        str_keep_points(sum, str_points(a) + str_points(b));
    }
    ouro_decref(b);
    ouro_decref(a);
    return sum;
}
