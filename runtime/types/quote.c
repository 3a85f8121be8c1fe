/* SPDX-License-Identifier: MIT
 * quote.c - see quote.h; the text is written piece by piece. */
#include "types/quote.h"

/* The escapes that str and bytes have in common. */
static size_t escape_plain(char *out, char byte, char quote)
{
    char letter = byte == '\n' ? 'n' : byte == '\r' ? 'r' : byte == '\t' ? 't' : byte;
    out[0] = '\\';
    out[1] = letter;
    return letter != byte || byte == '\\' || byte == quote ? 2 : 0;
}

int write_quoted(const char *text, size_t n, escape_fn *escape, bool escapes_single,
                 ouro_write_fn *write, void *context)
{
    char quote = n && memchr(text, '\'', n) && !memchr(text, '"', n) ? '"' : '\'';
    size_t written = 0, bytes;
    write(context, &quote, 1);
    for (size_t i = 0; i < n; i += bytes) {
        char escaped[16];
        bytes = 1;
        size_t length = escape_plain(escaped, text[i], escapes_single ? '\'' : quote);
        if (!length) length = escape(escaped, (const uint8_t *)text + i, &bytes);
        if (!length) continue;
        write(context, text + written, i - written);
        write(context, escaped, length);
        written = i + bytes;
    }
    if (n > written) write(context, text + written, n - written);
    write(context, &quote, 1);
    return 0;
}
