/* SPDX-License-Identifier: MIT
 * output.c - what the console prints goes through here, byte by byte, to the board.
 *
 * On a terminal every line feed becomes CR LF; a script's output has plain line feeds.  Nothing is
 * buffered: what was printed before a panic has been seen. */
#include "output.h"

#include <string.h>

#include "ouro/diag.h"
#include "ouro/port.h"

enum { LABEL_COLUMNS = 16, VALUE_COLUMNS = 12 };

bool output_is_script, output_is_over_line;

void ouro_console_write(void *context, const char *text, size_t bytes)
{
    (void)context;
    if (output_is_over_line && bytes > 0u) {
        output_is_over_line = false;
        ouro_console_print("\r\x1b[K");
    }
    for (size_t i = 0; i < bytes; i++) {
        if (text[i] == '\n' && !output_is_script) ouro_port_put('\r');
        ouro_port_put((uint8_t)text[i]);
    }
}

void ouro_console_print(const char *text) { ouro_console_write(NULL, text, strlen(text)); }

void ouro_console_print_int(int64_t value)
{
    char text[24];
    ouro_console_write(NULL, text, ouro_format_int(text, value));
}

void ouro_console_print_padded(uint64_t value, unsigned width)
{
    char text[24];
    size_t bytes = ouro_format_int(text, (int64_t)value);
    output_spaces(width > bytes ? width - (unsigned)bytes : 0u);
    ouro_console_write(NULL, text, bytes);
}

void ouro_console_print_hex(uint64_t value, unsigned digits)
{
    char text[24];
    ouro_console_write(NULL, text, ouro_format_hex(text, value, digits));
}

void ouro_console_print_row(const char *label, uint64_t value, const char *unit)
{
    output_label(label);
    ouro_console_print_padded(value, VALUE_COLUMNS);
    if (*unit) ouro_console_print(" ");
    ouro_console_print(unit);
    ouro_console_print("\n");
}

bool ouro_console_parse_number(const char *text, uint32_t *value)
{
    uint32_t sum = 0;
    const char *c = text;
    for (; *c >= '0' && *c <= '9'; c++) {
        uint32_t digit = (uint32_t)(*c - '0');
        if (sum > (UINT32_MAX - digit) / 10u) return false;
        sum = sum * 10u + digit;
    }
    if (c == text || *c != '\0') return false;
    *value = sum;
    return true;
}

void output_spaces(unsigned count)
{
    while (count-- > 0u) ouro_console_print(" ");
}

void output_label(const char *label)
{
    ouro_console_print(label);
    size_t bytes = strlen(label);
    output_spaces(bytes < LABEL_COLUMNS ? LABEL_COLUMNS - (unsigned)bytes : 1u);
}

void output_text_row(const char *label, const char *text)
{
    output_label(label);
    ouro_console_print(text);
    ouro_console_print("\n");
}

void output_quoted(const char *text)
{
    ouro_console_print("'");
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte >= 0x20u && byte < 0x7fu) {
            ouro_console_write(NULL, text, 1);
        } else {
            ouro_console_print("\\x");
            ouro_console_print_hex(byte, 2);
        }
    }
    ouro_console_print("'");
}
