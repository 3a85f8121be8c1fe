/* SPDX-License-Identifier: MIT
 * fmt_check.c - the runtime's number formatting as a filter, for test_fmt.py to question.
 *
 * A request a line on stdin, an answer a line on stdout:
 *   f BITS   the double with these bits (16 hex digits) as text
 *   p TEXT   the bits of the double that TEXT says, or "no"
 *   i N      the integer N (decimal) as text
 *   h BITS   the same number as hexadecimal text, of at least one digit
 *   u        for each code point a 1 if it is printable, else a 0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ouro/diag.h"

static void answer(char kind, const char *text, size_t bytes)
{
    char out[32];
    size_t length = 0;
    double value;
    uint64_t bits = 0;
    switch (kind) {
    case 'f':
        bits = strtoull(text, NULL, 16);
        memcpy(&value, &bits, sizeof(value));
        length = ouro_format_float(out, value);
        break;
    case 'p':
        if (!ouro_parse_float(text, bytes, &value)) {
            length = (size_t)snprintf(out, sizeof(out), "no");
            break;
        }
        memcpy(&bits, &value, sizeof(bits));
        length = ouro_format_hex(out, bits, 16);
        break;
    case 'i': length = ouro_format_int(out, strtoll(text, NULL, 10)); break;
    case 'h': length = ouro_format_hex(out, strtoull(text, NULL, 16), 1); break;
    case 'u':
        for (uint32_t c = 0; c < 0x110000u; c++) putchar(ouro_is_printable(c) ? '1' : '0');
        break;
    default: length = (size_t)snprintf(out, sizeof(out), "unknown request");
    }
    printf("%.*s\n", (int)length, out);
}

int main(void)
{
    static char line[8192];
    while (fgets(line, sizeof(line), stdin) != NULL) {
        size_t length = strlen(line);
        if (length > 0u && line[length - 1u] == '\n') length--;
        line[length] = '\0';
        size_t skipped = length < 2u ? length : 2u;
        answer(line[0], line + skipped, length - skipped);
    }
    return ferror(stdin) != 0 || fflush(stdout) != 0;
}
