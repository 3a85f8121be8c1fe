/* SPDX-License-Identifier: MIT
 * views.c - a dict's views, what they share with sets, the rest of what sets can do, and the names
 * of iterators. */
#include "ouro/abstract.h"
#include "parity.h"

/* A set in the order of its elements: CPython's own order is no part of the language. */
static void say_sorted(ouro_ref set)
{
    ouro_ref list = set ? ouro_list_from(set) : NULL;
    if (list && ouro_list_sort(list, false) == 0)
        say("%s %R", ouro_type_name(set), list);
    else
        say("%r", (void *)NULL);
}

static void views_follow_their_dict(void)
{
    ouro_ref dict = ouro_dict_new();
    ouro_ref views[] = {ouro_dict_keys(dict), ouro_dict_values(dict), ouro_dict_items(dict)};
    static const char *const keys[] = {"'a'", "2", "None", "(1, 'x')"};
    for (int n = 0; n <= (int)T_COUNT(keys); n++) {
        for (size_t i = 0; i < T_COUNT(views); i++)
            say("%r %d %t", views[i], (int)ouro_len(views[i]), ouro_truth(views[i]));
        if (n < (int)T_COUNT(keys)) (void)ouro_dict_set(dict, py(keys[n]), ouro_int_new(n * n));
    }
    (void)ouro_dict_del(dict, py("2"));
    for (size_t i = 0; i < T_COUNT(views); i++) {
        say_items(ouro_type_name(views[i]), ouro_iter(views[i]));
        say("%R", ouro_list_from(views[i]));
    }
    (void)ouro_dict_set(dict, py("'v'"), views[1]);
    say("%r", dict);
    (void)ouro_dict_set(dict, py("'v'"), views[2]);
    say("%r", dict);
    say("%r", views[2]);
}

static void what_is_in_a_view(void)
{
    ouro_ref dict = py("{'a': 1, 2: 'b', (): None, 1.5: []}");
    static const char *const things[] = {"'a'",      "1",           "2.0", "()",     "None",
                                         "('a', 1)", "(2, 'b')",    "[]",  "'b'",    "(1.5, [])",
                                         "(1.5, 0)", "('a', 1, 1)", "{}",  "('a',)", "('a', True)"};
    for (size_t i = 0; i < T_COUNT(things); i++) {
        ouro_ref thing = py(things[i]);
        say("%r %t", thing, ouro_contains(ouro_dict_keys(dict), thing));
        say("%t", ouro_contains(ouro_dict_values(dict), thing));
        say("%t", ouro_contains(ouro_dict_items(dict), thing));
    }
    say("%t", ouro_contains(ouro_dict_items(dict), py("([], 1)")));
}

static const enum ouro_arith operators[] = {OURO_AND, OURO_OR, OURO_SUB, OURO_XOR};

static void views_as_operands(void)
{
    ouro_ref dict = py("{1: 'a', 2: 'b', 3: 'c'}"), other = py("{3: 'c', 2: 'x', 4: 'd'}");
    ouro_ref keys = ouro_dict_keys(dict), items = ouro_dict_items(dict);
    ouro_ref others[] = {ouro_dict_keys(other),
                         ouro_set_from(py("(1, 7)")),
                         ouro_frozenset_from(py("(2,)")),
                         py("[3, 3, 4]"),
                         other,
                         py("()")};
    for (size_t i = 0; i < T_COUNT(operators); i++) {
        for (size_t k = 0; k < T_COUNT(others); k++) {
            say_sorted(ouro_arith(keys, operators[i], others[k]));
            say_sorted(ouro_arith(others[k], operators[i], keys));
        }
        say_sorted(ouro_arith(items, operators[i], ouro_dict_items(other)));
        say_sorted(ouro_arith(items, operators[i], py("[(1, 'a'), (5, 'e')]")));
        say("%R", ouro_arith(ouro_dict_values(dict), operators[i], ouro_dict_values(other)));
        say("%R", ouro_arith(keys, operators[i], py("5")));
    }
    say("%R", ouro_arith(keys, OURO_ADD, keys));
    say("%t %t", ouro_set_isdisjoint(keys, py("[4, 5]")), ouro_set_isdisjoint(keys, py("[4, 3]")));
    say("%t %t", ouro_set_isdisjoint(items, ouro_dict_items(other)),
        ouro_set_isdisjoint(items, ouro_dict_items(py("{3: 'd'}"))));
    say("%t", ouro_set_isdisjoint(keys, py("1")));
}

static void views_compare_as_sets(void)
{
    static const char *const dicts[] = {"{}", "{1: 'a'}", "{1: 'b'}", "{2: 'x', 1: 'a'}"};
    for (size_t i = 0; i < T_COUNT(dicts); i++) {
        ouro_ref left[] = {ouro_dict_keys(py(dicts[i])), ouro_dict_items(py(dicts[i]))};
        for (size_t k = 0; k < T_COUNT(dicts); k++) {
            ouro_ref right[] = {ouro_dict_keys(py(dicts[k])), ouro_dict_items(py(dicts[k]))};
            for (size_t v = 0; v < 2; v++)
                say("%t %t %t %t %t %t", ouro_equal(left[v], right[v]),
                    ouro_compare(left[v], right[v], OURO_NE),
                    ouro_compare(left[v], right[v], OURO_LT),
                    ouro_compare(left[v], right[v], OURO_LE),
                    ouro_compare(left[v], right[v], OURO_GT),
                    ouro_compare(left[v], right[v], OURO_GE));
        }
        say("%t %t", ouro_equal(left[0], ouro_set_from(py("[1]"))),
            ouro_compare(ouro_set_from(py("[1]")), left[0], OURO_LE));
    }
    ouro_ref dict = py("{1: 2}"), values = ouro_dict_values(dict);
    uint32_t hash;
    say("%t %t", ouro_equal(values, values), ouro_equal(values, ouro_dict_values(dict)));
    say("%t", ouro_equal(ouro_dict_keys(dict), py("[1]")));
    say("%t", ouro_compare(ouro_dict_keys(dict), py("[1]"), OURO_LT));
    say("%t", ouro_compare(values, values, OURO_LT));
    say("%n", ouro_hash(ouro_dict_keys(dict), &hash));
    say("%n", ouro_hash(ouro_dict_items(dict), &hash));
    say("%n", ouro_hash(values, &hash));
}

static void views_while_the_dict_changes(void)
{
    ouro_ref dict = py("{1: 'a', 2: 'b', 3: 'c'}");
    ouro_ref iterators[] = {ouro_iter(ouro_dict_keys(dict)), ouro_iter(ouro_dict_values(dict)),
                            ouro_iter(ouro_dict_items(dict)), ouro_iter(dict)};
    for (size_t i = 0; i < T_COUNT(iterators); i++) say("%R", ouro_iter_next(iterators[i]));
    (void)ouro_dict_set(dict, py("2"), py("'B'"));
    for (size_t i = 0; i < T_COUNT(iterators); i++) say("%R", ouro_iter_next(iterators[i]));
    (void)ouro_dict_set(dict, py("4"), py("'d'"));
    for (size_t i = 0; i < T_COUNT(iterators); i++) say("%R", ouro_iter_next(iterators[i]));
    (void)ouro_dict_del(dict, py("4"));
    for (size_t i = 0; i < T_COUNT(iterators); i++) say("%R", ouro_iter_next(iterators[i]));
}

static void other_keys_of_the_same_number(void)
{
    ouro_ref dict = ouro_dict_new();
    for (int i = 0; i < 12; i++) (void)ouro_dict_set(dict, ouro_int_new(i), ouro_int_new(i * i));
    ouro_ref views[] = {ouro_dict_keys(dict), ouro_dict_values(dict), ouro_dict_items(dict), dict};
    for (int i = 0; i < 4; i++) {
        ouro_ref it = ouro_iter(views[i]);
        say("%R", ouro_iter_next(it));
        (void)ouro_dict_del(dict, ouro_int_new(i));
        (void)ouro_dict_set(dict, ouro_int_new(i + 12), OURO_NONE);
        say_items("rest", ouro_own(it));
        say_items("no more", it);
    }
    ouro_ref it = ouro_iter(dict), key;
    int given = 0;
    int64_t number = 0;
    while ((key = ouro_iter_next(it))) {
        given++;
        (void)ouro_int_get(key, &number);
        (void)ouro_dict_del(dict, key);
        (void)ouro_dict_set(dict, ouro_int_new(number + 12), OURO_NONE);
    }
    const char *message;
    (void)ouro_error_get(&message);
    say("RuntimeError: %s %d", message, given);
    say("%d", (int)ouro_dict_len(dict));
}

/* What the methods of a set take is anything that can be iterated. */
static void methods_of_sets(void)
{
    static const char *const others[] = {"[2, 3, 3]", "(1,)", "{4: 0}", "'ab'", "[]", "[[]]", "7"};
    for (size_t i = 0; i < T_COUNT(others); i++) {
        ouro_ref a = ouro_set_from(py("[1, 2, 3]")), f = ouro_frozenset_from(a), b = py(others[i]);
        say_sorted(ouro_set_union(a, b));
        say_sorted(ouro_set_intersection(f, b));
        say_sorted(ouro_set_difference(f, b));
        say_sorted(ouro_set_symmetric_difference(f, py("[3, 4, 4]")));
        say("%t", ouro_set_issubset(a, b));
        say("%t", ouro_set_issuperset(a, b));
        say("%t", ouro_set_isdisjoint(a, b));
        say("%n", ouro_set_intersection_update(a, b));
        say_sorted(a);
        say("%n", ouro_set_update(a, py("[5, 6, 7]")));
        say("%n", ouro_set_difference_update(a, py("(6, 8)")));
        say_sorted(a);
        say("%n", ouro_set_symmetric_difference_update(a, py("(6, 7, 7)")));
        say_sorted(a);
    }
    ouro_ref set = ouro_set_from(py("'xy'"));
    static const char *const keys[] = {"'x'", "'x'", "1.5", "None", "('a', 'b')", "[]"};
    for (size_t i = 0; i + 2 < T_COUNT(keys); i++) say("%n", ouro_set_remove(set, py(keys[i])));
    say("%n", ouro_set_remove(set, py(keys[5])));
    say("%n", ouro_set_difference_update(set, set));
    say_sorted(set);
}

static void operators_of_sets(void)
{
    ouro_ref a = ouro_set_from(py("[1, 2]")), f = ouro_frozenset_from(py("[2, 3]"));
    ouro_ref others[] = {f, ouro_set_new(), py("[1]"), py("{1: 2}"), py("3"), OURO_NONE};
    for (size_t i = 0; i < T_COUNT(operators); i++) {
        for (size_t k = 0; k < T_COUNT(others); k++) {
            say_sorted(ouro_arith(a, operators[i], others[k]));
            say_sorted(ouro_arith(others[k], operators[i], f));
        }
    }
    say("%R", ouro_arith(a, OURO_ADD, a));
}

static void names_of_iterators(void)
{
    ouro_ref dict = py("{1: 2}"), text = ouro_bytes_new("ab", 2);
    ouro_ref things[] = {py("[1]"),
                         py("(1, 2)"),
                         py("()"),
                         dict,
                         ouro_dict_keys(dict),
                         ouro_dict_values(dict),
                         ouro_dict_items(dict),
                         ouro_set_from(py("[1]")),
                         ouro_frozenset_from(py("[1]")),
                         ouro_range_new(0, 2, 1),
                         text,
                         ouro_bytearray_new("a", 1)};
    for (size_t i = 0; i < T_COUNT(things); i++) {
        ouro_ref iterator = ouro_iter(things[i]);
        say("%s", ouro_type_name(iterator));
        say_items("items", ouro_own(iterator));
        say("%s %x", ouro_type_name(iterator), iterator);
    }
    say("%R", ouro_iter(OURO_NONE));
}

static const struct section sections[] = {
    SECTION(views_follow_their_dict),
    SECTION(what_is_in_a_view),
    SECTION(views_as_operands),
    SECTION(views_compare_as_sets),
    SECTION(views_while_the_dict_changes),
    SECTION(other_keys_of_the_same_number),
    SECTION(methods_of_sets),
    SECTION(operators_of_sets),
    SECTION(names_of_iterators),
};
PARITY_MAIN(sections)
