/* SPDX-License-Identifier: MIT
 * support.c - sections, and lines as Python prints them; parity.h says how they are used.
 *
 * Prints through ouro_port_put() alone.  literal.c reads literals. */
#include <stdarg.h>

#include "parity.h"
#include "ouro/port.h"

static void write_text(void *context, const char *text, size_t bytes)
{
    (void)context;
    for (size_t i = 0; i < bytes; i++) ouro_port_put((uint8_t)text[i]);
}

/* Print the error and clear it; false if there was none. */
static bool said_error(void)
{
    const char *message = "";
    enum ouro_error_kind kind = ouro_error_get(&message);

    if (kind == OURO_NO_ERROR) return false;
    t_print(ouro_error_name(kind));
    t_print(": ");
    t_print(message);
    ouro_error_clear();
    return true;
}

static void say_ref(ouro_ref ref, bool as_str)
{
    if (!ref) {
        if (!said_error()) t_print("None");
        return;
    }
    int status = (as_str ? ouro_str_of : ouro_repr)(ref, write_text, NULL);
    if (status < 0) (void)said_error();
}

/* Leave out the digits behind "0x"; *context is where in that the text is. */
static void write_hidden(void *context, const char *text, size_t bytes)
{
    unsigned *place = context;
    for (size_t i = 0; i < bytes; i++) {
        char c = text[i];
        bool is_digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        if (*place == 2 && is_digit) continue;
        if (*place == 2) t_print("...");
        *place = *place == 1 && c == 'x' ? 2 : c == '0';
        ouro_port_put((uint8_t)c);
    }
}

static void say_without_addresses(ouro_ref ref)
{
    unsigned place = 0;
    if (ouro_repr(ref, write_hidden, &place) < 0) (void)said_error();
}

static void say_status(int status, const char *const words[2])
{
    if (status >= 0)
        t_print(words[status != 0]);
    else if (!said_error())
        t_print("failed without an error");
}

void say(const char *format, ...)
{
    static const char *const truths[] = {"False", "True"}, *const nones[] = {"None", "?"};
    va_list arguments;

    va_start(arguments, format);
    for (; *format != '\0'; format++) {
        if (*format != '%') {
            ouro_port_put((uint8_t)*format);
            continue;
        }
        ouro_ref ref;
        switch (*++format) {
        case 'r': say_ref(va_arg(arguments, ouro_ref), false); break;
        case 'R':
        case 'S':
            ref = va_arg(arguments, ouro_ref);
            say_ref(ref, *format == 'S');
            ouro_xdecref(ref);
            break;
        case 'x': say_without_addresses(va_arg(arguments, ouro_ref)); break;
        case 'd': t_print_int(va_arg(arguments, int)); break;
        case 's': t_print(va_arg(arguments, const char *)); break;
        case 't': say_status(va_arg(arguments, int), truths); break;
        case 'n': say_status(va_arg(arguments, int), nones); break;
        default: ouro_port_put((uint8_t)*format); break;
        }
    }
    va_end(arguments);
    t_print("\n");
    ouro_error_clear();
}

void say_items(const char *label, ouro_ref iterator)
{
    t_print(label);
    for (ouro_ref item; iterator && (item = ouro_iter_next(iterator)) != NULL;) {
        t_print(" ");
        say_ref(item, false);
        ouro_decref(item);
    }
    if (ouro_error_get(NULL) != OURO_NO_ERROR) t_print(" ");
    (void)said_error();
    t_print("\n");
    ouro_xdecref(iterator);
}

static ouro_ref bound(int number) { return number == NONE ? OURO_NONE : ouro_int_new(number); }

ouro_ref cut(ouro_ref sequence, int start, int stop, int step)
{
    ouro_ref slice = ouro_slice_new(bound(start), bound(stop), bound(step));
    ouro_ref part = slice ? ouro_slice_of(sequence, slice) : NULL;

    ouro_xdecref(slice);
    return part;
}

void settle(void)
{
    while (ouro_gc_step(1000) > 0) {}
}

int parity_run(const struct section *sections, size_t count)
{
    int status = 0;

    for (size_t i = 0; i < count; i++) {
        t_restart(SIZE_MAX);
        t_print("== ");
        t_print(sections[i].name);
        t_print("\n");
        sections[i].run();
        const char *broken = ouro_diag_verify();
        if (!broken) continue;
        t_print(broken);
        t_print("\n");
        status = 1;
    }
    return status;
}
