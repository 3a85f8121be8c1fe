/* SPDX-License-Identifier: MIT
 * str_repr.c - repr of a str: quotes and escapes as CPython chooses them, written piece by piece.
 */
#include "ouro/diag.h"
#include "types/ops.h"

/* Decode one code point of valid UTF-8; returns its length. */
static size_t decode(const uint8_t *at, uint32_t *point)
{
    size_t n = at[0] < 0x80 ? 1 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
    *point = n == 1 ? at[0] : at[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++) *point = *point << 6 | (at[i] & 0x3fu);
    return n;
}

/* The escape of a code point, or 0 if it stands for itself. */
static size_t escape(char *text, uint32_t point, char quote)
{
    char letter = point == '\n' ? 'n' : point == '\r' ? 'r' : point == '\t' ? 't' : 0;
    text[0] = '\\';
    if (letter || point == '\\' || point == (uint8_t)quote) {
        text[1] = letter ? letter : (char)point;
        return 2;
    }
    if (ouro_is_printable(point)) return 0;
    unsigned digits = point < 0x100 ? 2 : point < 0x10000 ? 4 : 8;
    text[1] = digits == 2 ? 'x' : digits == 4 ? 'u' : 'U';
    return 2 + ouro_format_hex(text + 2, point, digits);
}

int str_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    size_t n;
    (void)part;
    const char *text = ouro_str_bytes(self, &n);
    char quote[2] = {memchr(text, '\'', n) && !memchr(text, '"', n) ? '"' : '\'', 0};
    (void)write_text(write, context, quote);
    size_t written = 0;
    for (size_t i = 0; i < n;) {
        uint32_t point;
        char escaped[16];
        size_t bytes = decode((const uint8_t *)text + i, &point);
        size_t length = escape(escaped, point, quote[0]);
        if (length) {
            write(context, text + written, i - written);
            write(context, escaped, length);
            written = i + bytes;
        }
        i += bytes;
    }
    write(context, text + written, n - written);
    return write_text(write, context, quote);
}
