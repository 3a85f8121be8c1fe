/* SPDX-License-Identifier: MIT
 * equal.c - Python's == : numbers, strings, containers, deep nesting, no memory. */
#include <string.h>

#include "object.h"
#include "ouro.h"
#include "t.h"
#include "unit_types.h"

/* Both are dropped. */
static int compare(ouro_ref a, ouro_ref b)
{
    int answer = ouro_equal(a, b);
    T_EQ(ouro_equal(b, a), answer);
    ouro_decref(a);
    ouro_decref(b);
    return answer;
}
static ouro_ref list_of(unsigned n, ouro_ref item)
{
    ouro_ref list = ouro_list_new();
    for (unsigned i = 0; i < n; i++) T_EQ(ouro_list_append(list, item), 0);
    ouro_decref(item);
    return list;
}

static void numbers(void)
{
    T_EQ(compare(ouro_int_new(1), ouro_int_new(1)), 1);
    T_EQ(compare(ouro_int_new(1), ouro_int_new(2)), 0);
    T_EQ(compare(ouro_int_new(1), OURO_TRUE), 1);
    T_EQ(compare(ouro_int_new(0), OURO_FALSE), 1);
    T_EQ(compare(ouro_int_new(0), OURO_NONE), 0);
    T_EQ(compare(ouro_int_new(2), ouro_float_new(2.0)), 1);
    T_EQ(compare(OURO_TRUE, ouro_float_new(1.0)), 1);
    T_EQ(compare(ouro_float_new(0.0), ouro_float_new(-0.0)), 1);
    T_EQ(compare(ouro_int_new(INT64_MAX), ouro_float_new(9223372036854775808.0)), 0);
    T_EQ(compare(ouro_int_new(((int64_t)1 << 53) + 1), ouro_float_new(9007199254740992.0)), 0);
    T_EQ(compare(ouro_int_new(INT64_MIN), ouro_float_new(-9223372036854775808.0)), 1);
    T_EQ(compare(ouro_int_new(INT64_MAX), ouro_int_new(INT64_MAX)), 1);
    T_EQ(compare(ouro_float_new(0.1), ouro_float_new(0.1)), 1);
}

static void nan_equals_nothing_but_is_itself(void)
{
    static const uint64_t bits = 0x7ff8000000000000u;
    double nan;
    memcpy(&nan, &bits, sizeof nan);
    T_EQ(compare(ouro_float_new(nan), ouro_float_new(nan)), 0);
    ouro_ref ref = ouro_float_new(nan);
    T_EQ(ouro_equal(ref, ref), 0);
    T_EQ(compare(list_of(1, ouro_own(ref)), list_of(1, ouro_own(ref))), 1); /* as in CPython */
    ouro_decref(ref);
}

static void strings_and_other_types(void)
{
    T_EQ(compare(ouro_str_from("a"), ouro_str_from("a")), 1);
    T_EQ(compare(ouro_str_from("a"), ouro_str_from("b")), 0);
    T_EQ(compare(ouro_str_from("a"), ouro_str_from("aa")), 0);
    T_EQ(compare(ouro_str_from("1"), ouro_int_new(1)), 0);
    T_EQ(compare(ouro_list_new(), ouro_dict_new()), 0);
    T_EQ(compare(ouro_list_new(), OURO_NONE), 0);
    T_EQ(compare(ouro_dict_new(), ouro_str_from("")), 0);
    T_EQ(compare(OURO_NONE, OURO_NONE), 1);
}

static void lists(void)
{
    T_EQ(compare(ouro_list_new(), ouro_list_new()), 1);
    for (unsigned n = 1; n < 300; n = n * 2 + 1) {
        T_EQ(compare(list_of(n, ouro_int_new(1)), list_of(n, OURO_TRUE)), 1);
        T_EQ(compare(list_of(n, ouro_int_new(1)), list_of(n + 1, ouro_int_new(1))), 0);
        ouro_ref other = list_of(n, ouro_int_new(1));
        T_EQ(ouro_list_set(other, -1, ouro_int_new(2)), 0);
        T_EQ(compare(list_of(n, ouro_int_new(1)), other), 0);
    }
    ouro_ref nested = list_of(3, list_of(2, ouro_str_from("x")));
    T_EQ(compare(ouro_own(nested), list_of(3, list_of(2, ouro_str_from("x")))), 1);
    T_EQ(compare(nested, list_of(3, list_of(2, ouro_str_from("y")))), 0);
}

/* Order does not matter, keys are compared as keys. */
static void dicts(void)
{
    for (int n = 1; n < 60; n += 11) {
        ouro_ref up = ouro_dict_new(), down = ouro_dict_new();
        for (int i = 0; i < n; i++) {
            ouro_ref real = ouro_float_new(n - 1 - i), inner = list_of(1, ouro_int_new(i));
            T_EQ(ouro_dict_set(up, ouro_int_new(i), inner), 0);
            ouro_decref(inner);
            inner = list_of(1, ouro_int_new(n - 1 - i));
            T_EQ(ouro_dict_set(down, real, inner), 0);
            ouro_decref(inner);
            ouro_decref(real);
        }
        T_EQ(ouro_equal(up, down), 1);
        T_EQ(ouro_dict_set(down, ouro_int_new(0), OURO_NONE), 0);
        T_EQ(ouro_equal(up, down), 0);
        T_EQ(ouro_dict_del(down, ouro_int_new(0)), 0);
        T_EQ(ouro_equal(up, down), 0);
        T_EQ(ouro_dict_set(down, OURO_NONE, OURO_NONE), 0); /* as many, but another key */
        T_EQ(compare(up, down), 0);
    }
}

static ouro_ref deep(unsigned levels, ouro_ref core)
{
    for (unsigned i = 0; i < levels; i++) core = list_of(1, core);
    return core;
}

static void deep_nesting(void)
{
    enum { DEEP = 100000 };
    ouro_gc_disable();
    ouro_ref a = deep(DEEP, ouro_int_new(1)), b = deep(DEEP, ouro_float_new(1.0));
    T_EQ(ouro_equal(a, b), 1);
    ouro_decref(b);
    settle();
    b = deep(DEEP, ouro_int_new(2));
    T_EQ(compare(a, b), 0);
    settle();
    struct ouro_mem_stats stats;
    ouro_diag_mem(&stats);
    T_EQ(stats.objects, 0);
}

static void containers_in_themselves(void)
{
    ouro_ref a = list_of(2, ouro_int_new(1)), b = list_of(2, ouro_int_new(1));
    T_EQ(ouro_list_set(a, 1, a), 0);
    T_EQ(ouro_equal(a, a), 1); /* identity comes first */
    T_EQ(ouro_equal(a, b), 0);
    T_EQ(ouro_list_set(b, 1, b), 0);
    T_EQ(ouro_equal(a, b), -1);
    T_EQ(ouro_error_get(NULL), OURO_RUNTIME_ERROR);
    ouro_error_clear();
    ouro_list_clear(a);
    T_EQ(compare(a, ouro_own(a)), 1);
    T_CHECK(ouro_list_pop(b, 0) == ouro_int_new(1));
    ouro_list_clear(b);
    ouro_decref(b);
}

/* What is nested deeper than 16 levels needs memory; the rest does not. */
static void out_of_memory(void)
{
    t_restart(sizeof(void *) * 4 * 1024); /* 16 KiB on a board, where objects are smaller */
    ouro_ref a = deep(100, ouro_int_new(1)), b = deep(100, OURO_TRUE);
    ouro_ref c = deep(16, ouro_int_new(1)), d = deep(16, OURO_TRUE), fill = ouro_list_new();
    while (ouro_list_append(fill, OURO_NONE) == 0) {}
    ouro_error_clear();
    T_EQ(ouro_equal(a, b), -1);
    T_EQ(ouro_error_get(NULL), OURO_MEMORY_ERROR);
    ouro_error_clear();
    T_CHECK(ouro_diag_verify() == NULL);
    T_EQ(compare(c, d), 1);
    ouro_decref(fill);
    settle();
    T_EQ(compare(a, b), 1);
    settle();
}

static const struct t_test tests[] = {
    T_SMALL(numbers),
    T_SMALL(nan_equals_nothing_but_is_itself),
    T_SMALL(strings_and_other_types),
    T_SMALL(lists),
    T_TEST(dicts),
    T_TEST(deep_nesting),
    T_SMALL(containers_in_themselves),
    T_TEST(out_of_memory),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
