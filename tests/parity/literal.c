/* SPDX-License-Identifier: MIT
 * literal.c - Python's literals as objects, by recursive descent.
 *
 * Knows what the pairs need: no comments, no lines, no operators but the sign of a number.  What it
 * cannot read ends the program: the pair is wrong then. */
#include <string.h>

#include "parity.h"
#include "ouro/port.h"

static _Noreturn void refuse(const char *at)
{
    t_print("cannot read this literal: ");
    t_print(at);
    t_print("\n");
    ouro_port_panic("a pair's literal" OURO_HERE);
}

static ouro_ref read_value(const char **at);

static bool skip(const char **at, char wanted)
{
    while (**at == ' ') (*at)++;
    if (**at != wanted) return false;
    (*at)++;
    while (**at == ' ') (*at)++;
    return true;
}

static unsigned read_hex(const char **at)
{
    unsigned value = 0;

    for (int i = 0; i < 2; i++) {
        char digit = *++*at;
        value = value * 16 + (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
    }
    return value;
}

/* \n \r \t \\ \' and \xNN below 0x80; all else is UTF-8 as it stands. */
static ouro_ref read_str(const char **at)
{
    char text[256];
    size_t n = 0;

    for ((*at)++; **at != '\''; (*at)++) {
        if (**at == '\0' || n == sizeof text) refuse(*at);
        if (**at != '\\') {
            text[n++] = **at;
            continue;
        }
        switch (*++*at) {
        case 'n': text[n++] = '\n'; break;
        case 'r': text[n++] = '\r'; break;
        case 't': text[n++] = '\t'; break;
        case 'x': text[n++] = (char)read_hex(at); break;
        default: text[n++] = **at; break;
        }
    }
    (*at)++;
    return ouro_str_new(text, n);
}

static ouro_ref read_number(const char **at)
{
    size_t n = strspn(*at, "+-.0123456789e");
    const char *text = *at;
    double value;

    if (n == 0 || !ouro_parse_float(text, n, &value)) refuse(text);
    *at += n;
    if (memchr(text, '.', n) || memchr(text, 'e', n)) return ouro_float_new(value);
    bool is_negative = *text == '-';
    uint64_t sum = 0;
    for (size_t i = is_negative; i < n; i++) sum = sum * 10 + (uint64_t)(text[i] - '0');
    return ouro_int_new((int64_t)(is_negative ? 0 - sum : sum));
}

static ouro_ref read_name(const char **at)
{
    static const char *const names[] = {"None", "True", "False", "inf", "-inf", "nan"};
    size_t i = 0;

    while (strncmp(*at, names[i], strlen(names[i])) != 0)
        if (++i == T_COUNT(names)) return read_number(at);
    *at += strlen(names[i]);
    switch (i) {
    case 0: return OURO_NONE;
    case 1: return OURO_TRUE;
    case 2: return OURO_FALSE;
    case 3: return ouro_float_new(__builtin_inf());
    case 4: return ouro_float_new(-__builtin_inf());
    default: return ouro_float_new(__builtin_nan(""));
    }
}

static ouro_ref read_items(const char **at, char end, bool *has_comma)
{
    ouro_ref list = ouro_list_new();

    *has_comma = false;
    while (!skip(at, end)) {
        ouro_ref item = read_value(at);
        (void)ouro_list_append(list, item);
        ouro_decref(item);
        if (skip(at, ',')) *has_comma = true;
    }
    return list;
}

static ouro_ref read_tuple(const char **at)
{
    struct ouro_tuple_builder builder;
    bool has_comma;
    ouro_ref list = read_items(at, ')', &has_comma), result;

    if (ouro_list_len(list) == 1 && !has_comma) {
        result = ouro_own(ouro_list_get(list, 0));
    } else {
        ouro_tuple_begin(&builder);
        for (size_t i = 0; i < ouro_list_len(list); i++)
            (void)ouro_tuple_add(&builder, ouro_list_get(list, (ptrdiff_t)i));
        result = ouro_tuple_end(&builder);
    }
    ouro_decref(list);
    return result;
}

static ouro_ref read_braces(const char **at)
{
    ouro_ref dict = NULL, set = NULL;

    do {
        if (skip(at, '}')) break;
        ouro_ref key = read_value(at);
        if (skip(at, ':')) {
            if (!dict) dict = ouro_dict_new();
            ouro_ref value = read_value(at);
            (void)ouro_dict_set(dict, key, value);
            ouro_decref(value);
        } else {
            if (!set) set = ouro_set_new();
            (void)ouro_set_add(set, key);
        }
        ouro_decref(key);
    } while (skip(at, ',') || !skip(at, '}'));
    return set ? set : dict ? dict : ouro_dict_new();
}

static ouro_ref read_value(const char **at)
{
    bool has_comma;

    (void)skip(at, ' ');
    if (**at == '\'') return read_str(at);
    if (skip(at, '(')) return read_tuple(at);
    if (skip(at, '[')) return read_items(at, ']', &has_comma);
    if (skip(at, '{')) return read_braces(at);
    return read_name(at);
}

ouro_ref py(const char *literal)
{
    const char *at = literal;
    ouro_ref value = read_value(&at);

    if (*at != '\0' || !value) refuse(literal);
    return value;
}
