/* SPDX-License-Identifier: MIT
 * fmt_check.c - the runtime's number formatting as a filter, for test_fmt.py to question.
 *
 * A request a line on stdin, an answer a line on stdout:
 *   f BITS   the double with these bits (16 hex digits) as text
 *   p TEXT   the bits of the double that TEXT says, or "no"
 *   i N      the integer N (decimal) as text
 *   h BITS   the same number as hexadecimal text, of at least one digit
 *   u        for each code point a 1 if it is printable, else a 0 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ouro/diag.h"
#include "ouro/port.h"

_Noreturn void ouro_port_panic(const char *what, const char *file, int line)
{
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
    exit(71);
}

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
    default: ouro_port_panic("unknown request", __FILE__, __LINE__);
    }
    printf("%.*s\n", (int)length, out);
}

int main(void)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    while ((length = getline(&line, &room, stdin)) > 0) {
        if (line[length - 1] == '\n') line[--length] = '\0';
        char *text = length > 2 ? line + 2 : line + length;
        answer(line[0], text, (size_t)(line + length - text));
    }
    free(line);
    return ferror(stdin) != 0 || fflush(stdout) != 0;
}
