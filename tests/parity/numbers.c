/* SPDX-License-Identifier: MIT
 * numbers.c - None, bool, int and float: repr, ==, order, hashes, identity. */
#include "parity.h"

static void int_repr(void)
{
    static const char *const texts[] = {
        "0",          "-1",          "255",        "1073741823",          "-1073741824",
        "1073741824", "-1073741825", "4294967296", "9223372036854775807", "-9223372036854775808"};
    for (size_t i = 0; i < T_COUNT(texts); i++) {
        ouro_ref x = py(texts[i]);
        say("%r %S", x, ouro_own(x));
        ouro_decref(x);
    }
}

static void float_repr(void)
{
    static const char *const texts[] = {"0.0",
                                        "-0.0",
                                        "1.0",
                                        "0.1",
                                        "1e16",
                                        "123456789012345.6",
                                        "1e-5",
                                        "0.0001",
                                        "1e15",
                                        "1.5e300",
                                        "5e-324",
                                        "inf",
                                        "-inf",
                                        "nan",
                                        "3.141592653589793",
                                        "1e22",
                                        "100.0",
                                        "2.5e-10",
                                        "1.7976931348623157e308"};
    for (size_t i = 0; i < T_COUNT(texts); i++) say("%R", py(texts[i]));
}

static void constants(void)
{
    say("%r %r %r", OURO_NONE, OURO_TRUE, OURO_FALSE);
    say("%S %S %S", OURO_NONE, OURO_TRUE, OURO_FALSE);
    static const char *const pairs[][2] = {{"None", "None"}, {"None", "False"}, {"True", "1"},
                                           {"False", "0"},   {"True", "1.0"},   {"True", "2"},
                                           {"None", "0"},    {"True", "True"},  {"False", "0.0"}};
    for (size_t i = 0; i < T_COUNT(pairs); i++)
        say("%t", ouro_equal(py(pairs[i][0]), py(pairs[i][1])));
    say("%s %s %s", ouro_type_name(OURO_NONE), ouro_type_name(OURO_TRUE),
        ouro_type_name(ouro_int_new(1)));
}

static const char *const values[] = {"0",    "1",          "-1",  "True",         "1.0", "0.5",
                                     "-0.0", "1073741824", "inf", "1073741824.0", "nan", "'a'"};

/* Every value with every other, a row each. */
static void table(int (*cell)(ouro_ref a, ouro_ref b))
{
    for (size_t i = 0; i < T_COUNT(values); i++) {
        ouro_ref row = ouro_list_new();
        for (size_t k = 0; k < T_COUNT(values); k++) {
            int is = cell(py(values[i]), py(values[k]));
            ouro_error_clear();
            (void)ouro_list_append(row, is < 0 ? OURO_NONE : ouro_bool(is));
        }
        say("%s %R", values[i], row);
    }
}
static int less(ouro_ref a, ouro_ref b) { return ouro_compare(a, b, OURO_LT); }
static int at_least(ouro_ref a, ouro_ref b) { return ouro_compare(a, b, OURO_GE); }
static int same_hash(ouro_ref a, ouro_ref b)
{
    uint32_t x, y;
    if (ouro_equal(a, b) != 1) return 1;
    return ouro_hash(a, &x) == 0 && ouro_hash(b, &y) == 0 && x == y;
}
static void equality(void) { table(ouro_equal); }
static void order(void)
{
    table(less);
    table(at_least);
}
static void equal_values_have_equal_hashes(void) { table(same_hash); }

static void order_errors(void)
{
    static const char *const pairs[][2] = {
        {"1", "'a'"}, {"None", "None"}, {"None", "1"}, {"1.5", "'a'"}, {"'a'", "1"}, {"1", "None"},
        {"[]", "1"},  {"(1,)", "[1]"},  {"{}", "{}"},  {"True", "''"}, {"1", "(1,)"}};
    for (size_t i = 0; i < T_COUNT(pairs); i++) {
        ouro_ref a = py(pairs[i][0]), b = py(pairs[i][1]);
        say("%t", ouro_compare(a, b, OURO_LT));
        say("%t", ouro_compare(a, b, OURO_GE));
        say("%t %t", ouro_compare(a, b, OURO_EQ), ouro_compare(a, b, OURO_NE));
    }
}

static void wide_and_narrow(void)
{
    static const char *const texts[] = {
        "1073741823",          "1073741824",       "-1073741824",        "-1073741825",
        "4611686018427387904", "9007199254740993", "9223372036854775807"};
    for (size_t i = 0; i < T_COUNT(texts); i++) {
        ouro_ref x = py(texts[i]), y = py(texts[i]);
        double value;
        (void)ouro_float_get(x, &value);
        ouro_ref f = ouro_float_new(value);
        say("%t %t %t", ouro_equal(x, y), ouro_compare(x, y, OURO_LE), ouro_compare(x, y, OURO_LT));
        say("%r %t %t %t", f, ouro_equal(x, f), ouro_compare(x, f, OURO_LT),
            ouro_compare(f, x, OURO_LT));
    }
}

static void small_ints_are_one_object(void)
{
    for (int i = -5; i <= 6; i++) {
        ouro_ref a = ouro_int_new(i), b = py("[0]");
        (void)ouro_list_set(b, 0, a);
        say("%d %t %t", i, a == ouro_int_new(i), ouro_list_get(b, 0) == a);
    }
    say("%t", OURO_TRUE == ouro_bool(1 == 1));
}

static void nan_in_containers(void)
{
    ouro_ref nan = py("nan"), list = py("[0, 0]"), other = py("[0, 0]"), dict = py("{}");
    (void)ouro_list_set(list, 0, nan);
    (void)ouro_list_set(other, 0, nan);
    say("%t %t", ouro_equal(nan, nan), ouro_compare(nan, nan, OURO_NE));
    say("%t", ouro_equal(list, other));
    say("%t", ouro_equal(list, py("[nan, 0]")));
    say("%t %t", ouro_compare(list, other, OURO_LT), ouro_compare(list, other, OURO_LE));
    (void)ouro_dict_set(dict, nan, ouro_int_new(1));
    say("%r", ouro_dict_get(dict, nan));
    say("%r", ouro_dict_get(dict, py("nan")));
    (void)ouro_dict_set(dict, py("nan"), ouro_int_new(2));
    say("%r %d", dict, (int)ouro_dict_len(dict));
    ouro_ref set = py("{0}");
    (void)ouro_set_add(set, nan);
    (void)ouro_set_add(set, nan);
    say("%d", (int)ouro_set_len(set));
    (void)ouro_set_add(set, py("nan"));
    say("%d", (int)ouro_set_len(set));
    say("%t", ouro_set_contains(set, nan));
    say("%t", ouro_set_contains(set, py("nan")));
}

static const struct section sections[] = {
    SECTION(int_repr),          SECTION(float_repr),      SECTION(constants),
    SECTION(equality),          SECTION(order),           SECTION(equal_values_have_equal_hashes),
    SECTION(order_errors),      SECTION(wide_and_narrow), SECTION(small_ints_are_one_object),
    SECTION(nan_in_containers),
};
PARITY_MAIN(sections)
