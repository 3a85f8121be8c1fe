/* SPDX-License-Identifier: MIT
 * items.c - index, count and remove; dicts of pairs, keys and dicts; slices of ranges. */
#include <string.h>

#include "parity.h"

/* The error that is set, as say() writes it, cleared. */
static ouro_ref error_text(void)
{
    const char *message = "";
    enum ouro_error_kind kind = ouro_error_get(&message);
    ouro_error_clear();
    return ouro_str_format("%s: %s", ouro_error_name(kind), message);
}
/* A position as an int, or the error in its place. */
static ouro_ref position(int64_t at) { return at < 0 ? error_text() : ouro_int_new(at); }

static void index_and_count(void)
{
    ouro_ref nan = py("nan");
    ouro_ref all[] = {py("[]"),
                      py("[1, 2, 1]"),
                      py("(1.0, 'a', None)"),
                      py("'abcab'"),
                      py("{'a': 1, 'b': 2}"),
                      ouro_range_new(0, 5, 1),
                      ouro_bytes_new("aba", 3),
                      py("[[1], [1]]"),
                      ouro_list_new()};
    for (size_t i = 0; i < 2; i++) (void)ouro_list_append(all[8], nan);
    ouro_ref items[] = {py("1"), py("'a'"), py("'b'"), OURO_NONE, py("97"), py("[1]"), nan};
    for (size_t i = 0; i < T_COUNT(all); i++)
        for (size_t k = 0; k < T_COUNT(items); k++) {
            ouro_ref at = position(ouro_sequence_index(all[i], items[k]));
            say("%S %S", at, position(ouro_sequence_count(all[i], items[k])));
        }
    say("%S", position(ouro_sequence_index(py("5"), py("1"))));
    say("%S", position(ouro_sequence_count(OURO_NONE, py("1"))));
}

static void list_remove(void)
{
    ouro_ref items = py("[1, 2.0, 'a', True, None, [1], 2]");
    static const char *const removed[] = {"1", "2",   "'a'",  "[1]", "1",
                                          "1", "'x'", "None", "2",   "None"};
    for (size_t i = 0; i < T_COUNT(removed); i++) {
        say("%n", ouro_list_remove(items, py(removed[i])));
        say("%r", items);
    }
}

static void dict_from(void)
{
    static const char *const items[] = {"[]",
                                        "{'a': 1}",
                                        "[('a', 1), ['b', 2], 'cd']",
                                        "(('x', 1), ('x', 2))",
                                        "[1]",
                                        "[(1, 2, 3)]",
                                        "['a']",
                                        "5",
                                        "None",
                                        "[('a', 1), (1,)]",
                                        "[([], 1)]"};
    for (size_t i = 0; i < T_COUNT(items); i++) say("%R", ouro_dict_from(py(items[i])));
    say("%R", ouro_dict_from(ouro_iter(py("[('k', 'v')]"))));
    say("%R", ouro_dict_from(py("'ab'")));
}

static void dict_merge(void)
{
    ouro_ref base = py("{'a': 1, 'b': 2}");
    ouro_ref others[] = {py("{'b': 3, 'c': 4}"), py("[('a', 9), ('d', 5)]"), py("{}"), base};
    for (size_t i = 0; i < T_COUNT(others); i++)
        for (int overrides = 1; overrides >= 0; overrides--) {
            ouro_ref dict = ouro_dict_copy(base);
            (void)ouro_dict_merge(dict, others[i], overrides);
            say("%R", dict);
        }
    ouro_ref dict = ouro_dict_from(base);
    say("%n", ouro_dict_merge(dict, py("[('z', 1), 3]"), true));
    say("%r", dict);
    say("%n", ouro_dict_merge(dict, py("3"), true));
    say("%R %R %R", ouro_dict_union(py("{1: 2, 3: 4}"), py("{3: 5, 6: 7}")),
        ouro_dict_union(py("{}"), py("{}")), ouro_dict_union(base, base));
    say("%r", base);
}

static void dict_fromkeys(void)
{
    ouro_ref keys[] = {
        py("'abca'"), py("[1, 2, 1.0]"), py("{'x': 1}"), py("()"),       ouro_range_new(0, 3, 1),
        OURO_NONE,    py("5"),           py("[[]]"),     py("[1, [2]]"), py("{3}")};
    for (size_t i = 0; i < T_COUNT(keys); i++) say("%R", ouro_dict_fromkeys(keys[i], py("0")));
}

static const int64_t ranges[][3] = {{0, 5, 1}, {1, 10, 3}, {10, 0, -2},
                                    {0, 0, 1}, {5, 1, 1},  {-3, 3, 1}};
static ouro_ref range(size_t i) { return ouro_range_new(ranges[i][0], ranges[i][1], ranges[i][2]); }
static ouro_ref sliced(ouro_ref r, int start, int stop, int step)
{
    static const char *const none = "None";
    ouro_ref bounds[3];
    const int numbers[] = {start, stop, step};
    for (size_t i = 0; i < 3; i++)
        bounds[i] = numbers[i] == NONE ? py(none) : ouro_int_new(numbers[i]);
    ouro_ref slice = ouro_slice_new(bounds[0], bounds[1], bounds[2]);
    ouro_ref part = ouro_range_slice(r, slice);
    ouro_decref(slice);
    return part;
}

static void range_slices(void)
{
    static const int bounds[] = {NONE, 0, 1, 3, -1, -2, 100, -100};
    for (size_t i = 0; i < T_COUNT(ranges); i++)
        for (size_t k = 0; k < T_COUNT(bounds); k++)
            for (size_t m = 0; m < T_COUNT(bounds); m++) {
                ouro_ref r = range(i);
                say("%R %R %R %R %R", sliced(r, bounds[k], bounds[m], NONE),
                    sliced(r, bounds[k], bounds[m], 1), sliced(r, bounds[k], bounds[m], 2),
                    sliced(r, bounds[k], bounds[m], -1), sliced(r, bounds[k], bounds[m], -3));
                ouro_decref(r);
            }
    ouro_ref big = ouro_range_new(INT64_C(1) << 40, INT64_C(1) << 62, 12345);
    say("%R %R", sliced(big, 5, -5, 7), sliced(big, NONE, NONE, -1));
    say("%R", sliced(range(0), NONE, NONE, 0));
    say("%R", ouro_range_slice(range(0), ouro_slice_new(py("'a'"), OURO_NONE, OURO_NONE)));
    say("%R", ouro_range_slice(range(0), ouro_slice_new(OURO_NONE, py("1.5"), OURO_NONE)));
}

static void range_index(void)
{
    static const int values[] = {-3, 0, 1, 4, 10, 5};
    for (size_t i = 0; i < T_COUNT(ranges); i++)
        for (size_t k = 0; k < T_COUNT(values); k++)
            say("%S", position(ouro_range_index(range(i), values[k])));
}

static const struct section sections[] = {
    SECTION(index_and_count), SECTION(list_remove),  SECTION(dict_from),   SECTION(dict_merge),
    SECTION(dict_fromkeys),   SECTION(range_slices), SECTION(range_index),
};
PARITY_MAIN(sections)
