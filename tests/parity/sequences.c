/* SPDX-License-Identifier: MIT
 * sequences.c - range, slices, + and *, set and frozenset, iterators. */
#include "parity.h"

static const int ranges[][3] = {{0, 5, 1},  {0, 0, 1},     {5, 0, 1}, {5, 0, -1}, {1, 10, 3},
                                {-3, 4, 2}, {10, -10, -7}, {0, 6, 2}, {0, 5, 2},  {3, 4, 100}};
static ouro_ref range(size_t i) { return ouro_range_new(ranges[i][0], ranges[i][1], ranges[i][2]); }

static void ranges_are_sequences(void)
{
    for (size_t i = 0; i < T_COUNT(ranges); i++) {
        ouro_ref r = range(i);
        say("%r %d", r, (int)ouro_range_len(r));
        say_items("items", ouro_iter(r));
        for (int k = -3; k < 3; k++) say("%R", ouro_range_get(r, k));
        for (int k = -2; k < 6; k++) say("%t", ouro_range_contains(r, k));
    }
    say("%R", ouro_range_new(0, 1, 0));
}

static bool is_view(ouro_ref thing) { return ouro_type_index(thing) == OURO_TYPE_MEMORYVIEW; }

static void sums_and_products(void)
{
    ouro_ref x = ouro_bytes_new("xy", 2), empty = ouro_bytes_new("", 0);
    ouro_ref z = ouro_bytearray_new("z", 1), m = ouro_bytes_new("m", 1);
    ouro_ref things[] = {
        py("[1, 2]"), py("[]"),   py("(1, 2)"), py("()"),  py("'ab'"), py("''"),
        py("'é'"),    x,          empty,        z,         py("3"),    py("0"),
        py("-1"),     py("True"), OURO_NONE,    py("1.5"), py("{}"),   ouro_memoryview_of(m)};
    for (size_t i = 0; i < T_COUNT(things); i++) {
        for (size_t k = 0; k < T_COUNT(things); k++) {
            ouro_ref a = things[i], b = things[k];
            if ((!is_view(a) && !is_view(b)) || a == x || a == empty || a == z)
                say("%R", ouro_arith(a, OURO_ADD, b));
            if (!is_view(a) && !is_view(b)) say("%R", ouro_arith(a, OURO_MUL, b));
        }
    }
    ouro_ref all = ouro_list_from(ouro_range_new(0, 40, 1)), tuple = ouro_tuple_from(all);
    ouro_ref twice = ouro_add(all, all), other = ouro_list_from(all);
    (void)ouro_list_extend(other, all);
    say("%t %t", ouro_equal(twice, other), ouro_add(tuple, OURO_EMPTY_TUPLE) != tuple);
    ouro_ref thrice = ouro_arith(all, OURO_MUL, ouro_int_new(3));
    say("%t %d", ouro_equal(thrice, ouro_add(twice, all)),
        (int)ouro_len(ouro_arith(tuple, OURO_MUL, ouro_int_new(5))));
}

static void ranges_compare_as_sequences(void)
{
    for (size_t i = 0; i < T_COUNT(ranges); i++) {
        for (size_t k = 0; k < T_COUNT(ranges); k++) {
            ouro_ref a = range(i), b = range(k);
            uint32_t x = 0, y = 0;
            (void)ouro_hash(a, &x);
            (void)ouro_hash(b, &y);
            say("%t %t", ouro_equal(a, b), ouro_equal(a, b) == 0 || x == y);
        }
    }
    say("%t", ouro_compare(range(0), range(1), OURO_LT));
    say("%t", ouro_equal(range(0), py("[0, 1, 2, 3, 4]")));
}

static void slice_objects(void)
{
    static const char *const parts[] = {"None", "1", "-2", "0", "100"};
    ouro_ref other = ouro_slice_new(py("1"), py("2"), py("3"));
    for (size_t i = 0; i < T_COUNT(parts); i++) {
        ouro_ref s = ouro_slice_new(py(parts[i]), py(parts[4 - i]), py(parts[(i + 1) % 5]));
        struct ouro_span span;
        uint32_t hash;
        say("%r", s);
        say("%n", ouro_slice_span(s, 10, &span));
        say("%t %t", ouro_equal(s, other), ouro_equal(s, s));
        say("%n", ouro_hash(s, &hash));
    }
    say("%t", ouro_equal(other, ouro_slice_new(py("1"), py("2"), py("3"))));
    say("%s", ouro_type_name(other));
    struct ouro_span span;
    say("%n", ouro_slice_span(ouro_slice_new(py("1.5"), OURO_NONE, OURO_NONE), 10, &span));
    say("%n", ouro_slice_span(ouro_slice_new(OURO_NONE, OURO_NONE, py("0")), 10, &span));
}

static void what_has_no_items(void)
{
    static const char *const things[] = {"1", "1.5", "None", "True", "'a'", "[]", "()", "{}"};
    for (size_t i = 0; i < T_COUNT(things); i++) {
        ouro_ref thing = py(things[i]);
        ptrdiff_t length = ouro_len(thing);
        say(length < 0 ? "%n" : "%d", (int)length);
        say_items("items", ouro_iter(thing));
    }
    say("%R", ouro_range_get(ouro_range_new(0, 3, 1), 3));
    say("%R", ouro_range_get(ouro_range_new(0, 3, 1), -4));
}

/* The elements of a set in their order: CPython's own order is no part of the language. */
static void say_sorted(ouro_ref set)
{
    ouro_ref list = ouro_list_new();
    if (!set) {
        say("%r", set);
        return;
    }
    (void)ouro_list_extend(list, set);
    say("%n %d", ouro_list_sort(list, false), (int)ouro_len(set));
    say("%s %R", ouro_type_name(set), list);
}

static void set_changes(void)
{
    ouro_ref set = ouro_set_new();
    say("%r", set);
    static const char *const keys[] = {"1", "2", "1.0", "True", "3", "[]", "2"};
    for (size_t i = 0; i < T_COUNT(keys); i++) {
        say("%n", ouro_set_add(set, py(keys[i])));
        say_sorted(set);
    }
    say("%t", ouro_set_contains(set, py("2.0")));
    say("%t", ouro_set_contains(set, py("'2'")));
    say("%t", ouro_set_contains(set, py("{}")));
    say("%n", ouro_set_update(set, py("[7, 8, 7]")));
    say_sorted(set);
    say("%n", ouro_set_update(set, py("5")));
    (void)ouro_set_discard(set, py("8"));
    (void)ouro_set_discard(set, py("9"));
    say_sorted(set);
    ouro_set_clear(set);
    say("%r", set);
    say("%R", ouro_set_pop(set));
    say_sorted(ouro_set_from(py("'hello'")));
    say_sorted(ouro_set_from(ouro_range_new(0, 9, 2)));
    say("%R %R", ouro_frozenset_from(NULL), ouro_frozenset_from(py("(1,)")));
    say("%R", ouro_frozenset_from(py("[[]]")));
}

static const char *const sets[] = {"[]", "[1]", "[1, 2]", "[2, 3, 4]", "[1, 2, 3, 4]"};
static void set_algebra(void)
{
    for (size_t i = 0; i < T_COUNT(sets); i++) {
        for (size_t k = 0; k < T_COUNT(sets); k++) {
            ouro_ref a = ouro_set_from(py(sets[i])), b = ouro_frozenset_from(py(sets[k]));
            say_sorted(ouro_set_union(a, b));
            say_sorted(ouro_set_intersection(b, a));
            say_sorted(ouro_set_difference(a, b));
            say_sorted(ouro_set_symmetric_difference(b, a));
        }
    }
}

static void set_comparisons(void)
{
    for (size_t i = 0; i < T_COUNT(sets); i++) {
        for (size_t k = 0; k < T_COUNT(sets); k++) {
            ouro_ref a = ouro_set_from(py(sets[i])), b = ouro_frozenset_from(py(sets[k]));
            say("%t %t %t %t", ouro_equal(a, b), ouro_compare(a, b, OURO_LT),
                ouro_compare(a, b, OURO_LE), ouro_compare(a, b, OURO_GE));
            say("%t %t", ouro_set_issubset(a, b), ouro_set_isdisjoint(a, b));
        }
    }
    say("%t", ouro_compare(ouro_set_new(), py("[]"), OURO_LT));
    say("%t", ouro_equal(ouro_set_new(), py("[]")));
}

static void frozensets_as_keys(void)
{
    ouro_ref dict = ouro_dict_new();
    for (size_t i = 0; i < T_COUNT(sets); i++)
        say("%n", ouro_dict_set(dict, ouro_frozenset_from(py(sets[i])), ouro_int_new((int)i)));
    static const char *const others[] = {"()", "{1: 0}", "(2, 1)", "(4, 3, 2)", "(4, 2, 1, 3, 1)"};
    for (size_t i = 0; i < T_COUNT(others); i++)
        say("%r", ouro_dict_get(dict, ouro_frozenset_from(py(others[i]))));
    say("%r", ouro_dict_get(dict, ouro_set_new()));
    ouro_ref frozen = ouro_frozenset_from(py("(1,)"));
    say("%t %t", ouro_frozenset_from(frozen) == frozen, ouro_set_copy(frozen) == frozen);
}

static const struct section sections[] = {
    SECTION(ranges_are_sequences),

    SECTION(sums_and_products),    SECTION(ranges_compare_as_sequences),
    SECTION(slice_objects),        SECTION(what_has_no_items),
    SECTION(set_changes),          SECTION(set_algebra),
    SECTION(set_comparisons),      SECTION(frozensets_as_keys),
};
PARITY_MAIN(sections)
