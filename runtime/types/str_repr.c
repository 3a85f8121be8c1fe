/* SPDX-License-Identifier: MIT
 * str_repr.c - repr of a str: quotes and escapes as CPython chooses them. */
#include "ouro/diag.h"
#include "types/quote.h"

/* Decode one code point of valid UTF-8; returns its length. */
static size_t decode(const uint8_t *at, uint32_t *point)
{
    size_t n = at[0] < 0x80 ? 1 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
    *point = n == 1 ? at[0] : at[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++) *point = *point << 6 | (at[i] & 0x3fu);
    return n;
}

static size_t escape(char *out, const uint8_t *at, size_t *bytes)
{
    uint32_t point;
    *bytes = decode(at, &point);
    if (ouro_is_printable(point)) return 0;
    unsigned digits = point < 0x100 ? 2 : point < 0x10000 ? 4 : 8;
    out[1] = digits == 2 ? 'x' : digits == 4 ? 'u' : 'U';
    return 2 + ouro_format_hex(out + 2, point, digits);
}

int str_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    size_t n;
    (void)part;
    const char *text = ouro_str_bytes(self, &n);
    return write_quoted(text, n, escape, false, write, context);
}
