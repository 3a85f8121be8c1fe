/* SPDX-License-Identifier: MIT
 * fmt_text.c - see fmt_text.h. */
#include "fmt_text.h"

#include <string.h>

#include "ouro/diag.h"
#include "types/str.h"

int write_text(ouro_write_fn *write, void *context, const char *text)
{
    write(context, text, strlen(text));
    return 0;
}

/* The text that a piece of a format stands for. */
static const char *piece_of(char kind, va_list *arguments, char digits[24], size_t *bytes)
{
    const char *text = digits;
    switch (kind) {
    case 'd': *bytes = ouro_format_int(digits, va_arg(*arguments, int)); return text;
    case 'D': *bytes = ouro_format_int(digits, va_arg(*arguments, int64_t)); return text;
    case 'u': *bytes = ouro_format_int(digits, va_arg(*arguments, unsigned)); return text;
    case 'p':
        *bytes = ouro_format_hex(digits, (uintptr_t)va_arg(*arguments, const void *), 8);
        return text;
    case 'T': text = ouro_type_name(va_arg(*arguments, ouro_ref)); break;
    case 'S': text = str_text(va_arg(*arguments, ouro_ref), bytes); break;
    case 's': text = va_arg(*arguments, const char *); break;
    default: text = "%";
    }
    *bytes = strlen(text);
    return text;
}

void write_arguments(ouro_write_fn *write, void *context, const char *format, va_list *arguments)
{
    for (;;) {
        char digits[24];
        size_t bytes = 0;
        while (format[bytes] && format[bytes] != '%') bytes++;
        if (bytes) write(context, format, bytes);
        format += bytes;
        if (!*format) break;
        const char *text = piece_of(format[1], arguments, digits, &bytes);
        write(context, text, bytes);
        format += format[1] ? 2 : 1;
    }
}

int write_format(ouro_write_fn *write, void *context, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_arguments(write, context, format, &arguments);
    va_end(arguments);
    return 0;
}
