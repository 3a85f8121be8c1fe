/* SPDX-License-Identifier: MIT
 * arithmetic.c - arithmetic, truth, subscripts and membership of all kinds of objects. */
#include <string.h>

#include "parity.h"

static const char *const signs[] = {"+", "-", "*", "/", "//", "%", "<<", ">>", "&", "|", "^"};

/* What repr() or the error of each result is, a row for each value and sign. */
static void say_part(ouro_ref ref, bool is_last)
{
    const char *message;
    ouro_ref text = NULL;
    if (ref) {
        text = ouro_repr_str(ref);
        t_print(ouro_str_bytes(text, NULL));
    } else {
        t_print(ouro_error_name(ouro_error_get(&message)));
        t_print(": ");
        t_print(message);
        ouro_error_clear();
    }
    t_print(is_last ? "\n" : "; ");
    ouro_xdecref(text);
    ouro_xdecref(ref);
}

static ouro_ref apply(ouro_ref a, int op, ouro_ref b)
{
    if (op == OURO_ADD) return ouro_add(a, b);
    return op == OURO_SUB ? ouro_sub(a, b) : ouro_arith(a, (enum ouro_arith)op, b);
}

static void table(int first, int last, const char *literal)
{
    ouro_ref values = py(literal);
    size_t n = ouro_list_len(values);
    for (int op = first; op <= last; op++) {
        for (size_t i = 0; i < n; i++) {
            ouro_ref a = ouro_list_get(values, (ptrdiff_t)i);
            t_print(signs[op]);
            t_print("; ");
            say_part(ouro_own(a), false);
            for (size_t k = 0; k < n; k++)
                say_part(apply(a, op, ouro_list_get(values, (ptrdiff_t)k)), k + 1 == n);
        }
    }
    ouro_decref(values);
}

static void ints(void)
{
    static const char *const values =
        "[0, 1, -1, 7, -7, 3, -3, 255, 1073741823, -1073741824, 1073741824, 2147483648]";
    table(OURO_ADD, OURO_MUL, values);
    table(OURO_FLOORDIV, OURO_MOD, values);
    table(OURO_AND, OURO_XOR, values);
}

static void quotients_of_ints(void)
{
    table(OURO_DIV, OURO_DIV,
          "[0, 1, -1, 7, -7, 3, 255, 1000000007, -1073741824, 9007199254740992]");
}

static void shifts(void)
{
    static const char *const values[] = {
        "0", "1", "-1", "5", "-5", "1073741823", "1099511627776", "-1099511627776"};
    static const int by[] = {0, 1, 3, 20, -1};
    for (int op = OURO_LSHIFT; op <= OURO_RSHIFT; op++) {
        for (size_t i = 0; i < T_COUNT(values); i++) {
            ouro_ref a = py(values[i]);
            t_print(signs[op]);
            t_print("; ");
            say_part(ouro_own(a), false);
            for (size_t k = 0; k < T_COUNT(by); k++)
                say_part(apply(a, op, ouro_int_new(by[k])), k + 1 == T_COUNT(by));
            ouro_ref most = apply(a, OURO_RSHIFT, ouro_int_new(63));
            ouro_ref more = apply(a, OURO_RSHIFT, ouro_int_new(64));
            say("%R %R %R", most, more, apply(a, OURO_RSHIFT, ouro_int_new(1000)));
        }
    }
    ouro_ref high = apply(py("1"), OURO_LSHIFT, py("62"));
    ouro_ref low = apply(py("-2"), OURO_LSHIFT, py("62"));
    say("%R %R %R", high, low, apply(py("0"), OURO_LSHIFT, py("1000")));
}

static void floats(void)
{
    table(OURO_ADD, OURO_DIV, "[0.0, -0.0, 1.5, -2.5, 1e300, 1e-300, 0.1, inf, -inf, nan]");
}

static void quotients_of_floats(void)
{
    table(OURO_FLOORDIV, OURO_MOD,
          "[0.0, -0.0, 1.5, -2.5, 7.0, -7.0, 0.1, -0.3, 1e300, -1e-300, 5e-324, inf, -inf, nan]");
}

static void mixed_numbers(void)
{
    table(OURO_ADD, OURO_MOD, "[True, False, 2, -3, 0.5, -4.0, 0]");
    table(OURO_AND, OURO_XOR, "[True, False, 2]");
    table(OURO_LSHIFT, OURO_LSHIFT, "[True, False, 2]");
}

static void operands_that_are_no_numbers(void)
{
    for (int op = OURO_ADD; op <= OURO_XOR; op++) {
        say("%R", apply(py("1"), op, op == OURO_MUL ? OURO_NONE : py("'a'")));
        say("%R", apply(py("1.5"), op, OURO_NONE));
        say("%R", apply(OURO_NONE, op, py("2")));
        say("%R", apply(py("{}"), op, ouro_set_new()));
    }
    for (int op = OURO_LSHIFT; op <= OURO_XOR; op++) {
        say("%R", apply(py("1"), op, py("2.0")));
        say("%R", apply(py("1.5"), op, py("2")));
    }
}

static void truth(void)
{
    static const char *const literals[] = {
        "None", "True", "False", "0",  "1",    "-1", "0.0",  "-0.0", "1e-300", "nan",
        "''",   "'a'",  "'0'",   "()", "(0,)", "[]", "[[]]", "{}",   "{0: 0}", "10000000000"};
    for (size_t i = 0; i < T_COUNT(literals); i++) say("%t", ouro_truth(py(literals[i])));
    ouro_ref others[] = {ouro_bytes_new("", 0),
                         ouro_bytes_new("a", 1),
                         ouro_bytearray_new("", 0),
                         ouro_bytearray_new("", 1),
                         ouro_range_new(0, 0, 1),
                         ouro_range_new(0, 3, 1),
                         ouro_set_new(),
                         ouro_frozenset_from(py("[1]")),
                         ouro_slice_new(OURO_NONE, py("0"), OURO_NONE),
                         ouro_memoryview_of(ouro_bytes_new("", 0))};
    for (size_t i = 0; i < T_COUNT(others); i++) say("%t", ouro_truth(others[i]));
}

static ouro_ref answer_of(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function, (void)argc;
    return ouro_attr_get_string(argv[0], "answer");
}
static const struct ouro_function_def eq_def = {
    .name = "Odd.__eq__", .call = answer_of, .least = 2, .most = 2};

static void answers_taken_as_truth(void)
{
    static const char *const literals[] = {"None", "True", "0",  "2",   "0.0", "0.5",
                                           "''",   "'x'",  "[]", "[0]", "()",  "{}"};
    ouro_ref class_ = ouro_class_new("Odd", NULL);
    (void)ouro_class_def(class_, "__eq__", &eq_def);
    for (size_t i = 0; i < T_COUNT(literals); i++) {
        ouro_ref odd = ouro_instance_new(class_), list = ouro_list_new();
        (void)ouro_attr_set_string(odd, "answer", py(literals[i]));
        (void)ouro_list_append(list, odd);
        say("%t %t %t", ouro_equal(odd, py("1")), ouro_compare(odd, py("1"), OURO_NE),
            ouro_contains(list, py("5")));
        say("%t %t", ouro_equal(odd, py("5")), ouro_equal(list, py("[1]")));
    }
}

/* ---- items ---- */

static ouro_ref bytes(const char *text) { return ouro_bytes_new(text, strlen(text)); }
static ouro_ref array_of(const char *text) { return ouro_bytearray_new(text, strlen(text)); }

enum { CONTAINERS = 12 };
static void make_containers(ouro_ref all[CONTAINERS])
{
    size_t i = 0;
    all[i++] = py("[1, 2, 3]");
    all[i++] = py("(4, 5)");
    all[i++] = py("'aé€z'");
    all[i++] = bytes("xyz");
    all[i++] = array_of("ab");
    all[i++] = ouro_memoryview_of(bytes("cd"));
    all[i++] = ouro_range_new(10, 20, 2);
    all[i++] = py("{'k': 'v', 1: 2}");
    all[i++] = py("{7}");
    all[i++] = OURO_NONE;
    all[i++] = py("5");
    all[i++] = py("1.5");
}

static void items_by_index(void)
{
    static const char *const keys[] = {"0",    "1",   "-1",   "2",   "-9", "9",
                                       "True", "'k'", "None", "1.0", "[]"};
    ouro_ref all[CONTAINERS];
    make_containers(all);
    for (size_t i = 0; i < CONTAINERS; i++)
        for (size_t k = 0; k < T_COUNT(keys); k++) {
            ouro_ref key = py(keys[k]);
            bool is_int = ouro_is_immediate(key) || key == OURO_TRUE;
            if (ouro_type_index(all[i]) == OURO_TYPE_RANGE && !is_int) continue; /* no slices */
            say("%R", ouro_item_get(all[i], key));
        }
}

static void items_are_set(void)
{
    static const char *const pairs[][2] = {{"0", "65"},   {"-1", "66"},   {"9", "67"},
                                           {"'k'", "68"}, {"None", "69"}, {"0", "256"},
                                           {"0", "'x'"},  {"0", "None"},  {"[]", "1"}};
    ouro_ref all[] = {py("[1, 2, 3]"),
                      py("{'k': 'v', 1: 2}"),
                      array_of("abc"),
                      ouro_memoryview_of(array_of("d")),
                      py("(1, 2)"),
                      py("'text'"),
                      bytes("bytes"),
                      py("{1}"),
                      ouro_range_new(0, 3, 1),
                      OURO_NONE,
                      py("5")};
    for (size_t i = 0; i < T_COUNT(all); i++) {
        for (size_t k = 0; k < T_COUNT(pairs); k++)
            say("%n", ouro_item_set(all[i], py(pairs[k][0]), py(pairs[k][1])));
        say("%r", ouro_type_index(all[i]) == OURO_TYPE_MEMORYVIEW ? OURO_NONE : all[i]);
    }
}

static void items_are_deleted(void)
{
    static const char *const keys[] = {"0", "-1", "9", "1", "'k'", "None", "[]"};
    ouro_ref all[] = {py("[1, 2, 3, 4]"), py("{'k': 'v', 1: 2}"),  py("(1, 2)"), py("'text'"),
                      py("{1}"),          ouro_range_new(0, 3, 1), OURO_NONE,    py("5")};
    for (size_t i = 0; i < T_COUNT(all); i++) {
        for (size_t k = 0; k < T_COUNT(keys); k++) say("%n", ouro_item_del(all[i], py(keys[k])));
        say("%r", all[i]);
    }
}

static void membership(void)
{
    static const char *const items[] = {"1",   "1.0",  "True", "4",  "'a'", "'é€'", "''",
                                        "'k'", "None", "[]",   "14", "15",  "120",  "300"};
    ouro_ref all[CONTAINERS];
    make_containers(all);
    for (size_t i = 0; i < CONTAINERS; i++) {
        for (size_t k = 0; k < T_COUNT(items); k++) say("%t", ouro_contains(all[i], py(items[k])));
        say("%t", ouro_contains(all[i], bytes("x")));
        say("%t", ouro_contains(all[i], bytes("yz")));
        say("%t", ouro_contains(all[i], py("-1")));
        say("%t", ouro_contains(all[i], py("7")));
    }
}

static void membership_of_iterators(void)
{
    ouro_ref it = ouro_iter(py("[1, 2, 3, 4, 5]")), nans = ouro_list_new(), nan = py("nan");
    int has_three = ouro_contains(it, py("3"));
    ouro_ref four = ouro_iter_next(it);
    int has_nine = ouro_contains(it, py("9"));
    say("%t %R %t %R", has_three, four, has_nine, ouro_iter_next(it));
    for (int n = 0; n < 8; n++) {
        it = ouro_iter(ouro_range_new(0, 5, 1));
        int has = ouro_contains(it, ouro_int_new(n));
        say("%t %R", has, ouro_list_from(it));
    }
    int value = ouro_contains(py("{'a': 5}"), py("5")),
        key = ouro_contains(py("{'a': 5}"), py("'a'"));
    say("%t %t %t", value, key, ouro_contains(py("{}"), py("[]")));
    (void)ouro_list_append(nans, nan);
    int pair = ouro_contains(py("[(1, 2)]"), py("(1, 2)"));
    say("%t %t %t", pair, ouro_contains(nans, nan), ouro_contains(nans, py("nan")));
}

static void conversions(void)
{
    static const char *const literals[] = {"[1, 2]", "(3, 4)", "'abc'", "{'k': 1}"};
    static const char *const empty[] = {"()", "[]", "''"};
    ouro_ref (*const to[])(ouro_ref items) = {ouro_list_from, ouro_tuple_from};
    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; k < T_COUNT(literals); k++) say("%R", to[i](py(literals[k])));
        say("%R", to[i](ouro_range_new(0, i ? 30 : 3, 1)));
        say("%R", to[i](bytes("de")));
        for (size_t k = 0; k < T_COUNT(empty); k++) say("%R", to[i](py(empty[k])));
        say("%R", to[i](ouro_iter(py("[5, 6]"))));
        say("%R", to[i](OURO_NONE));
        say("%R", to[i](py("7")));
    }
    ouro_ref t = py("(1, 2)"), list = ouro_list_from(t), many = ouro_list_new();
    for (int i = 0; i < 40; i++) (void)ouro_list_append(many, py("0"));
    say("%t %t %t %d %t", ouro_tuple_from(t) == t, ouro_tuple_from(ouro_iter(t)) == t,
        ouro_tuple_from(py("[]")) == py("()"), (int)ouro_len(ouro_tuple_from(many)),
        ouro_equal(list, py("[1, 2]")));
}

static void say_text(ouro_ref x)
{
    ouro_ref repr = ouro_repr_str(x), str = ouro_str_str(x);
    say("%S %S %d %d", ouro_own(repr), ouro_own(str), (int)ouro_len(repr), (int)ouro_len(str));
    say("%r", repr);
    ouro_decref(repr);
    ouro_decref(str);
}

static void texts(void)
{
    static const char *const literals[] = {"None", "1.5", "\x27it\\'s\x27", "['a', ('b',)]",
                                           "{'k': {1: 'x'}}"};
    static const char *const pairs[][2] = {{"'a'", "'b'"}, {"''", "'é'"}, {"'x'", "''"},
                                           {"'€'", "'🐍'"}, {"'a'", "1"},  {"'a'", "None"},
                                           {"1", "'b'"}};
    for (size_t i = 0; i < T_COUNT(literals); i++) say_text(py(literals[i]));
    say_text(bytes("b"));
    say_text(ouro_range_new(0, 3, 1));
    say_text(py("''"));
    char accents[201] = {0};
    for (size_t i = 0; i < 200; i++) accents[i] = "é"[i % 2];
    say_text(ouro_str_from(accents));
    say_text(py("{1}"));
    ouro_ref thirty = ouro_list_from(ouro_range_new(0, 30, 1)), three = ouro_list_new();
    for (int i = 0; i < 3; i++) (void)ouro_list_append(three, thirty);
    say_text(three);
    ouro_ref s = py("'text'");
    say("%t", ouro_str_str(s) == s);
    for (size_t i = 0; i < T_COUNT(pairs); i++)
        say("%R", ouro_add(py(pairs[i][0]), py(pairs[i][1])));
}

static const struct section sections[] = {
    SECTION(ints),
    SECTION(quotients_of_ints),
    SECTION(shifts),
    SECTION(floats),
    SECTION(quotients_of_floats),
    SECTION(mixed_numbers),
    SECTION(operands_that_are_no_numbers),
    SECTION(truth),
    SECTION(answers_taken_as_truth),
    SECTION(items_by_index),
    SECTION(items_are_set),
    SECTION(items_are_deleted),
    SECTION(membership),
    SECTION(membership_of_iterators),
    SECTION(conversions),
    SECTION(texts),
};
PARITY_MAIN(sections)
