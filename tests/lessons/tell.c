/* SPDX-License-Identifier: MIT
 * tell.c - what a lesson prints: paragraphs, Python, what it prints, and remarks.
 *
 * Nothing is kept but what kind of line was printed last, since a paragraph stands between blank
 * lines and a remark follows its Python directly. */
#include <stdarg.h>
#include <string.h>

#include "lesson.h"

enum { CTRL_C = 3, BAR_COLUMNS = 32, LABEL_COLUMNS = 22, VALUE_COLUMNS = 12 };

static const char indent[] = "    ";
static bool is_stepping, is_silent, is_after_text;

static void write_text(void *context, const char *text, size_t bytes)
{
    if (!is_silent) ouro_console_write(context, text, bytes);
}
static void print(const char *text) { write_text(NULL, text, strlen(text)); }

static void print_spaces(size_t count)
{
    while (count-- > 0u) print(" ");
}

/* Returns how many columns it takes. */
static size_t format_grouped(char *out, uint64_t value)
{
    char digits[24];
    size_t n = ouro_format_int(digits, (int64_t)value), at = 0;

    for (size_t i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0) out[at++] = ',';
        out[at++] = digits[i];
    }
    return at;
}

static void print_ref(ouro_ref ref)
{
    const char *message = "";

    if (ref && ouro_repr(ref, write_text, NULL) == 0) return;
    print(ouro_error_name(ouro_error_get(&message)));
    print(": ");
    print(message);
    ouro_error_clear();
}

static void print_argument(char kind, va_list *arguments)
{
    char text[40];
    ouro_ref ref;

    switch (kind) {
    case 'd': write_text(NULL, text, ouro_format_int(text, va_arg(*arguments, int))); break;
    case 'u': write_text(NULL, text, format_grouped(text, va_arg(*arguments, unsigned))); break;
    case 'x':
        print("0x");
        write_text(NULL, text, ouro_format_hex(text, va_arg(*arguments, uintptr_t), 1));
        break;
    case 's': print(va_arg(*arguments, const char *)); break;
    case 't': print(va_arg(*arguments, int) ? "True" : "False"); break;
    case 'r': print_ref(va_arg(*arguments, ouro_ref)); break;
    case 'R':
        ref = va_arg(*arguments, ouro_ref);
        print_ref(ref);
        ouro_xdecref(ref);
        break;
    default: write_text(NULL, &kind, 1); break;
    }
}

/* Each line after `margin`. */
static void print_lines(const char *margin, const char *format, va_list *arguments)
{
    print(margin);
    for (; *format != '\0'; format++) {
        if (*format == '%')
            print_argument(*++format, arguments);
        else
            write_text(NULL, format, 1);
        if (*format == '\n') print(margin);
    }
    print("\n");
}

void tell(const char *format, ...)
{
    va_list arguments;

    print("\n");
    if (is_stepping && !is_silent) {
        print("-- a key goes on, Ctrl-C ends --");
        int key = ouro_console_key();
        print("\r\x1b[K");
        if (key == CTRL_C) print("^C\n");
        is_silent = key == CTRL_C;
    }
    va_start(arguments, format);
    print_lines("", format, &arguments);
    va_end(arguments);
    is_after_text = true;
}

void enter(const char *python)
{
    if (is_after_text) print("\n");
    is_after_text = false;
    print(">>> ");
    for (; *python != '\0'; python++) {
        write_text(NULL, python, 1);
        if (*python == '\n') print("... ");
    }
    print("\n");
}

void say(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    print_lines("", format, &arguments);
    va_end(arguments);
}

void ask(const char *python, bool truth)
{
    enter(python);
    say("%t", truth);
}

void note(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    print_lines(indent, format, &arguments);
    va_end(arguments);
}

void differs(const char *python_prints, const char *because)
{
    print(indent);
    print("(CPython: ");
    print(python_prints);
    print(") ");
    for (; *because != '\0'; because++) {
        write_text(NULL, because, 1);
        if (*because == '\n') print(indent);
    }
    print("\n");
}

void bar(const char *label, unsigned value, unsigned largest)
{
    char text[40];
    size_t columns =
        largest == 0 ? 0 : (size_t)(((uint64_t)value * BAR_COLUMNS + largest / 2) / largest);
    size_t n = format_grouped(text, value), length = strlen(label);

    print(indent);
    print(label);
    print_spaces(length < LABEL_COLUMNS ? LABEL_COLUMNS - length : 1);
    print_spaces(n < VALUE_COLUMNS ? VALUE_COLUMNS - n : 0);
    write_text(NULL, text, n);
    if (columns == 0 && value > 0) columns = 1;
    if (columns > 0) print("  ");
    while (columns-- > 0) print("#");
    print("\n");
}

void tell_begin(bool is_step)
{
    is_stepping = is_step;
    is_silent = is_after_text = false;
}

void tell_end(void) { is_silent = false; }
