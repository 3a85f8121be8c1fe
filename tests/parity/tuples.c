/* SPDX-License-Identifier: MIT
 * tuples.c - tuple: items, slices, sums, repr, order, hashes, as keys. */
#include "parity.h"

static void index(void)
{
    ouro_ref tuple = py("(10, 20, 30)");
    for (int i = -4; i <= 3; i++) say("%d %r", i, ouro_tuple_get(tuple, i));
    say("%d %d", (int)ouro_tuple_len(tuple), (int)ouro_len(py("()")));
    say("%r", ouro_tuple_get(py("()"), 0));
}

static void repr(void)
{
    static const char *const texts[] = {
        "()",
        "(1,)",
        "(1, 2)",
        "('a', (1, 2), [])",
        "((),)",
        "(None, True)",
        "((1,), (2,))",
        "[(), ()]",
        "{(1, 2): (3,)}",
        "('\\'',)",
        "(1.0, -0.0)",
        "(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18)"};
    for (size_t i = 0; i < T_COUNT(texts); i++) say("%R", py(texts[i]));
}

static void slices(void)
{
    static const int cuts[][3] = {{NONE, NONE, NONE}, {1, 3, NONE},     {-3, NONE, NONE},
                                  {NONE, -2, NONE},   {NONE, NONE, -1}, {17, 1, -3},
                                  {30, 40, NONE},     {3, 1, NONE},     {0, 100, 7},
                                  {-100, 100, NONE},  {NONE, NONE, 5},  {-1, -9, -2}};
    struct ouro_tuple_builder builder;
    ouro_tuple_begin(&builder);
    for (int i = 0; i < 20; i++) (void)ouro_tuple_add(&builder, ouro_int_new(i));
    ouro_ref tuple = ouro_tuple_end(&builder);
    for (size_t i = 0; i < T_COUNT(cuts); i++)
        say("%R", cut(tuple, cuts[i][0], cuts[i][1], cuts[i][2]));
    say("%R", cut(tuple, NONE, NONE, 0));
    ouro_ref whole = cut(tuple, NONE, NONE, NONE);
    say("%t", whole == tuple);
    say("%t", cut(tuple, 5, 5, NONE) == py("()"));
}

static void sums(void)
{
    static const char *const sides[] = {"()", "(1,)", "(2, 3)", "[1]", "'x'"};
    ouro_ref a = py("('a', 'b')");
    for (size_t i = 0; i < T_COUNT(sides); i++) {
        say("%R", ouro_tuple_concat(a, py(sides[i])));
        say("%R", ouro_tuple_concat(py("()"), py(sides[i])));
    }
    ouro_ref sum = ouro_tuple_concat(a, py("()"));
    say("%t", sum == a);
    sum = a;
    for (int i = 0; i < 4; i++) sum = ouro_tuple_concat(sum, sum);
    say("%r %d", sum, (int)ouro_tuple_len(sum));
}

static void equality_and_order(void)
{
    static const char *const tuples[] = {"()",      "(1,)",    "(1, 2)",  "(2,)", "(1.0,)",
                                         "(True,)", "((1,),)", "(None,)", "[1]",  "('a',)"};
    for (size_t i = 0; i < T_COUNT(tuples); i++) {
        for (size_t k = 0; k < T_COUNT(tuples); k++) {
            ouro_ref a = py(tuples[i]), b = py(tuples[k]);
            say("%s %s %t %t", tuples[i], tuples[k], ouro_equal(a, b), ouro_compare(a, b, OURO_NE));
            say("%t", ouro_compare(a, b, OURO_LE));
            say("%t", ouro_compare(a, b, OURO_GT));
        }
    }
}

static void as_keys(void)
{
    static const char *const keys[] = {"()",      "(1,)",   "(1.0,)",    "(True,)",
                                       "(1, 2)",  "(2, 1)", "((1,), 2)", "('a',)",
                                       "(None,)", "(0,)",   "(-0.0,)",   "(False,)"};
    ouro_ref dict = ouro_dict_new();
    for (size_t i = 0; i < T_COUNT(keys); i++) (void)ouro_dict_set(dict, py(keys[i]), py(keys[i]));
    for (size_t i = 0; i < T_COUNT(keys); i++) say("%r", ouro_dict_get(dict, py(keys[i])));
    say("%d %r", (int)ouro_dict_len(dict), dict);
    say("%r", ouro_dict_get(dict, py("(3,)")));
    say("%r", ouro_dict_get(dict, py("([],)")));
}

static void identity(void)
{
    ouro_ref a = py("(1, 2)"), items[] = {py("1"), py("2")}, b = ouro_tuple_new(2, items);
    say("%t %t", a == b, ouro_equal(a, b));
    say("%t", py("()") == ouro_tuple_new(0, NULL));
    ouro_ref list = py("[]"), t = ouro_tuple_of(2, list, list);
    say("%t", ouro_tuple_get(t, 0) == ouro_tuple_get(t, 1));
    say("%d", (int)ouro_diag_refcount(list) + 1);
    (void)ouro_list_append(list, ouro_int_new(1));
    say("%r", t);
    ouro_ref part = cut(t, 1, NONE, NONE);
    say("%d", (int)ouro_diag_refcount(list) + 1);
    ouro_decref(t);
    settle();
    say("%d", (int)ouro_diag_refcount(list) + 1);
    say("%r", part);
    say("%t", ouro_equal(part, ouro_tuple_of(1, list)));
    ouro_decref(part);
    settle();
    say("%r", list);
    say("%s", ouro_type_name(a));
}

static const struct section sections[] = {
    SECTION(index),
    SECTION(repr),
    SECTION(slices),
    SECTION(sums),
    SECTION(equality_and_order),
    SECTION(as_keys),
    SECTION(identity),
};
PARITY_MAIN(sections)
