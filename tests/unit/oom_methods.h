/* SPDX-License-Identifier: MIT
 * oom_methods.h - a table like that in oom_operations.h: methods of texts, numbers, dicts. */
#ifndef OOM_METHODS_H
#define OOM_METHODS_H

#include "unit/oom_operations.h"

/* A text of n letters and commas, and a comma: strs, or bytearrays where n is odd. */
static void a_text(struct world *w, unsigned n)
{
    char text[64];
    for (unsigned i = 0; i < n; i++) text[i] = i % 5 ? 'a' : ',';
    w->a = n % 2 ? ouro_bytearray_new(text, n) : ouro_str_new(text, n);
    w->b = n % 2 ? ouro_bytearray_new(",", 1) : ouro_str_from(",");
}
static bool str_split(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_str_split(w->a, w->b, -1));
}
static bool str_rsplit(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_str_rsplit(w->a, NULL, 3));
}
static bool str_splitlines(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_str_splitlines(w->a, true));
}
static bool str_partition(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_str_partition(w->a, w->b));
}
static bool str_replace(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_str_replace(w->a, w->b, w->a, -1));
}
static bool str_strip(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_str_strip(w->a, w->b, OURO_STRIP_BOTH));
}
static bool str_upper(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_str_upper(w->a));
}
static void some_arrays(struct world *w, unsigned n)
{
    a_text(w, 33);
    w->c = ouro_list_new();
    for (unsigned i = 0; i < n; i++) T_EQ(ouro_list_append(w->c, w->a), 0);
}
static bool bytes_join(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_bytes_join(w->b, w->c));
}
static bool bytes_hex(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_bytes_hex(w->a));
}
static void a_hex(struct world *w, unsigned n)
{
    (void)n;
    w->a = ouro_str_from("00 ff 10 abcdef");
}
static bool bytes_fromhex(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_bytes_fromhex(w->a));
}

static void two_numbers(struct world *w, unsigned n)
{
    w->a = n ? ouro_int_new((int64_t)1 << 40) : ouro_float_new(1.5);
    w->b = n ? ouro_int_new(-(int64_t)n) : ouro_float_new(-3.5);
    w->c = ouro_int_new((int64_t)1 << 50);
}
static bool power(struct world *w, unsigned n)
{
    return got(w, ouro_pow(w->a, n == 1 ? ouro_int_new(1) : w->b, NULL));
}
static bool power_mod(struct world *w, unsigned n)
{
    return got(w, ouro_pow(w->a, ouro_int_new(n), w->c));
}
static bool divide_both(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_divmod(w->a, w->b));
}
static bool negative(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_negative(w->a));
}
static void digits(struct world *w, unsigned n)
{
    w->a = ouro_str_from(n ? "123456789012345678" : "1_000.5");
}
static bool number_from(struct world *w, unsigned n)
{
    return got(w, n ? ouro_int_from(w->a) : ouro_float_from(w->a));
}

static bool dict_from(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_dict_from(w->a));
}
static bool dict_fromkeys(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_dict_fromkeys(w->a, w->b));
}
static bool dict_union(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_dict_union(w->a, w->a));
}
static void a_range(struct world *w, unsigned n)
{
    w->a = ouro_range_new(0, n, 1);
    w->b = ouro_slice_new(ouro_int_new(1), OURO_NONE, ouro_int_new(2));
}
static bool range_slice(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_range_slice(w->a, w->b));
}
static void pairs_of(struct world *w, unsigned n)
{
    w->a = ouro_list_new();
    for (unsigned i = 0; i < n; i++) {
        ouro_ref pair = ouro_tuple_of(2, ouro_int_new(i), OURO_NONE);
        T_EQ(ouro_list_append(w->a, pair), 0);
        ouro_decref(pair);
    }
}

static const struct operation methods[] = {
    {"str_split", a_text, str_split, 40, 0},
    {"str_split, bytearray", a_text, str_split, 41, 0},
    {"str_rsplit", a_text, str_rsplit, 40, 0},
    {"str_splitlines", a_text, str_splitlines, 40, 0},
    {"str_partition", a_text, str_partition, 40, 0},
    {"str_partition, bytearray", a_text, str_partition, 41, 0},
    {"str_replace", a_text, str_replace, 40, 0},
    {"str_strip", a_text, str_strip, 41, 0},
    {"str_upper", a_text, str_upper, 40, 0},
    {"bytes_join", some_arrays, bytes_join, 20, 0},
    {"bytes_hex", a_text, bytes_hex, 41, 0},
    {"bytes_fromhex", a_hex, bytes_fromhex, 0, 0},
    {"pow of floats", two_numbers, power, 0, 0},
    {"pow of ints", two_numbers, power, 1, 0},
    {"pow, negative", two_numbers, power, 2, 0},
    {"pow, modulo", two_numbers, power_mod, 1, 0},
    {"divmod of floats", two_numbers, divide_both, 0, 0},
    {"divmod of ints", two_numbers, divide_both, 7, 0},
    {"negative", two_numbers, negative, 1, 0},
    {"int_from", digits, number_from, 1, 0},
    {"float_from", digits, number_from, 0, 0},
    {"dict_from", a_dict, dict_from, 20, 0},
    {"dict_from, pairs", pairs_of, dict_from, 20, 0},
    {"dict_fromkeys", a_list, dict_fromkeys, 20, 0},
    {"dict_union", a_dict, dict_union, 20, 0},
    {"range_slice", a_range, range_slice, 20, 0},
};

#endif
