/* SPDX-License-Identifier: MIT
 * lists.c - list: items, changes, sort, slices, repr, order. */
#include "parity.h"

static void index(void)
{
    ouro_ref list = py("[10, 20, 30]");
    for (int i = -4; i <= 3; i++) say("%d %r", i, ouro_list_get(list, i));
    for (int i = -4; i <= 3; i++) {
        say("%n", ouro_list_set(list, i, ouro_int_new(i)));
        say("%r", list);
    }
    say("%d", (int)ouro_list_len(list));
}

static void insert(void)
{
    ouro_ref list = ouro_list_new();
    for (int i = -5; i <= 5; i++) {
        say("%n", ouro_list_insert(list, i, ouro_int_new(i)));
        say("%r", list);
    }
    for (int i = 0; i < 20; i++) (void)ouro_list_insert(list, 3, ouro_int_new(i));
    say("%r", list);
}

static void pop(void)
{
    ouro_ref list = py("[1, 2, 3, 4, 5, 6, 7]");
    static const int at[] = {-1, 0, 2, -2, 5, -9, 0, -1, 0, 0};
    for (size_t i = 0; i < T_COUNT(at); i++) {
        say("%R", ouro_list_pop(list, at[i]));
        say("%r", list);
    }
}

static void extend_and_reverse(void)
{
    static const char *const tails[] = {"[]",  "[1]",  "(2, 3)", "'xyz'", "{'k': 1}",
                                        "{7}", "None", "[1, 2]", "1.5",   "()"};
    ouro_ref list = ouro_list_new();
    for (size_t i = 0; i < T_COUNT(tails); i++) {
        say("%n", ouro_list_extend(list, py(tails[i])));
        say("%r", list);
        ouro_list_reverse(list);
        say("%r", list);
    }
    say("%n", ouro_list_extend(list, list));
    say("%r", list);
    ouro_list_clear(list);
    say("%r %d", list, (int)ouro_list_len(list));
}

static void sort(void)
{
    static const char *const lists[] = {
        "[]",
        "[1]",
        "[3, 1, 2]",
        "[2.5, 1, True, 0.5, False]",
        "['b', 'a', '', 'B', 'ab']",
        "[(2, 'x'), (1, 'y'), (1, 'x'), (1,)]",
        "[[3], [1, 2], [1], []]",
        "[5, 4, 3, 2, 1, 0, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 9, 8, 7, 6, 5, 4, 3, 2, 1]",
        "[1, True, 1.0, 0, False, 0.0]",
        "[1, 'a']",
        "[None, None]",
    };
    for (size_t i = 0; i < T_COUNT(lists); i++) {
        ouro_ref list = py(lists[i]);
        say("%n", ouro_list_sort(list, false));
        say("%r", list);
        list = py(lists[i]);
        say("%n", ouro_list_sort(list, true));
        say("%r", list);
    }
}

static void slices(void)
{
    static const int cuts[][3] = {
        {NONE, NONE, NONE}, {1, 3, NONE},   {-3, NONE, NONE}, {NONE, -2, NONE}, {NONE, NONE, -1},
        {17, 1, -3},        {30, 40, NONE}, {3, 1, NONE},     {0, 100, 7},      {-100, 100, NONE},
        {NONE, NONE, 5},    {-1, -9, -2},   {100, NONE, -6},  {NONE, 0, -8}};
    ouro_ref list = ouro_list_new();
    for (int i = 0; i < 20; i++) (void)ouro_list_append(list, ouro_int_new(i));
    for (size_t i = 0; i < T_COUNT(cuts); i++)
        say("%R", cut(list, cuts[i][0], cuts[i][1], cuts[i][2]));
    say("%R", cut(list, NONE, NONE, 0));
    say("%R", ouro_slice_of(list, ouro_slice_new(py("'x'"), OURO_NONE, OURO_NONE)));
    ouro_ref whole = cut(list, NONE, NONE, NONE);
    say("%t %t", whole == list, ouro_equal(whole, list));
}

static void cycles(void)
{
    ouro_ref a = py("[1]"), b = py("[2]");
    (void)ouro_list_append(a, a);
    say("%r", a);
    (void)ouro_list_append(a, b);
    (void)ouro_list_append(b, a);
    say("%r", a);
    say("%r", b);
    ouro_ref pair = ouro_tuple_of(2, a, b);
    say("%r", pair);
    ouro_ref dict = ouro_dict_new();
    (void)ouro_dict_set(dict, py("'self'"), dict);
    (void)ouro_dict_set(dict, py("'list'"), a);
    say("%r", dict);
    (void)ouro_list_append(b, dict);
    say("%r", dict);
    say("%r", a);
    ouro_ref c = py("[]"), twice = py("[]");
    (void)ouro_list_append(twice, c);
    (void)ouro_list_append(twice, c);
    say("%r", twice);
    ouro_ref t = ouro_tuple_of(1, c);
    (void)ouro_list_append(c, t);
    say("%r", c);
    say("%r", t);
    say("%r", twice);
}

static void equality_and_order(void)
{
    static const char *const lists[] = {"[]",     "[1]",   "[1, 2]", "[2]",  "[1.0]",
                                        "[True]", "[[1]]", "[None]", "(1,)", "['a']"};
    for (size_t i = 0; i < T_COUNT(lists); i++) {
        for (size_t k = 0; k < T_COUNT(lists); k++) {
            ouro_ref a = py(lists[i]), b = py(lists[k]);
            say("%s %s %t %t", lists[i], lists[k], ouro_equal(a, b), ouro_compare(a, b, OURO_NE));
            say("%t", ouro_compare(a, b, OURO_LT));
            say("%t", ouro_compare(a, b, OURO_GE));
        }
    }
}

static void unhashable(void)
{
    static const char *const keys[] = {"[]", "{}",       "([],)", "(1, {})", "{1}", "(1, (2, [3]))",
                                       "()", "(1, 'a')", "None",  "1.5",     "'s'"};
    for (size_t i = 0; i < T_COUNT(keys); i++) {
        uint32_t hash;
        say("%n", ouro_hash(py(keys[i]), &hash));
        say("%n", ouro_dict_set(ouro_dict_new(), py(keys[i]), OURO_NONE));
    }
}

static void iteration_while_it_changes(void)
{
    ouro_ref list = py("[1, 2, 3]"), it = ouro_iter(list);
    say("%R", ouro_iter_next(it));
    (void)ouro_list_append(list, ouro_int_new(4));
    say("%R", ouro_iter_next(it));
    ouro_decref(ouro_list_pop(list, 0));
    say("%R", ouro_iter_next(it));
    say("%R", ouro_iter_next(it));
    (void)ouro_list_append(list, ouro_int_new(5));
    say("%R", ouro_iter_next(it));
    ouro_ref other = ouro_iter(list);
    say("%R", ouro_iter_next(other));
    ouro_list_clear(list);
    say("%R", ouro_iter_next(other));
    ouro_ref growing = py("[0]"), third = ouro_iter(growing);
    for (int i = 1; i < 6; i++) {
        say("%R", ouro_iter_next(third));
        (void)ouro_list_append(growing, ouro_int_new(i));
    }
    say_items("rest", third);
    say("%t", ouro_iter(other) == other);
}

static const struct section sections[] = {
    SECTION(index),      SECTION(insert),
    SECTION(pop),        SECTION(extend_and_reverse),
    SECTION(sort),       SECTION(slices),
    SECTION(cycles),     SECTION(equality_and_order),
    SECTION(unhashable), SECTION(iteration_while_it_changes),
};
PARITY_MAIN(sections)
