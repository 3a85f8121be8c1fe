/* SPDX-License-Identifier: MIT
 * bytes.c - bytes, bytearray and memoryview: repr, indices, slices, order, and who owns memory. */
#include <string.h>

#include "parity.h"

static const struct {
    const char *data;
    size_t n;
} texts[] = {
    {"", 0},
    {"abc", 3},
    {"'", 1},
    {"\"", 1},
    {"'\"", 2},
    {"\n\r\t\\", 4},
    {"\0\1\x1f ~\x7f", 6},
    {"\x80\xff", 2},
    {"it's \"so\"", 9},
    {"\x1e\x1f !\"#$%&'()*+,-./0123456789:;", 30},
};

static ouro_ref bytes(const char *text) { return ouro_bytes_new(text, strlen(text)); }
static ouro_ref array_of(const char *text) { return ouro_bytearray_new(text, strlen(text)); }
static ouro_ref view_of(ouro_ref bytes_like)
{
    ouro_ref view = ouro_memoryview_of(bytes_like);
    ouro_decref(bytes_like);
    return view;
}
#define DATA "abcdefghi"

static void bytes_repr(void)
{
    for (size_t i = 0; i < T_COUNT(texts); i++) {
        ouro_ref data = ouro_bytes_new(texts[i].data, texts[i].n);
        say("%r %S %d", data, ouro_own(data), (int)ouro_len(data));
    }
}

static void bytearray_repr(void)
{
    for (size_t i = 0; i < T_COUNT(texts); i++)
        say("%R", ouro_bytearray_new(texts[i].data, texts[i].n));
}

/* A byte, or NULL with an error. */
static ouro_ref byte_at(ouro_ref thing, ptrdiff_t i)
{
    int byte = ouro_bytes_get(thing, i);
    return byte < 0 ? NULL : ouro_int_new(byte);
}

static void bytes_index(void)
{
    static const int indices[] = {0, 8, 9, -1, -9, -10};
    ouro_ref things[] = {bytes(DATA), array_of(DATA), view_of(bytes(DATA)),
                         view_of(array_of(DATA))};
    for (size_t i = 0; i < T_COUNT(things); i++)
        for (size_t k = 0; k < T_COUNT(indices); k++)
            say("%d %R", indices[k], byte_at(things[i], indices[k]));
}

static ouro_ref cut_off(ouro_ref thing, const char *start, const char *stop, const char *step)
{
    ouro_ref slice = ouro_slice_new(py(start), py(stop), py(step));
    ouro_ref part = ouro_slice_of(thing, slice);
    ouro_decref(slice);
    return part;
}

static void bytes_slices(void)
{
    static const int cuts[][3] = {{NONE, NONE, -1}, {1, 4, NONE}, {-3, NONE, NONE}, {NONE, NONE, 2},
                                  {8, 1, -3},       {5, 2, NONE}, {-100, 100, 4},   {NONE, -3, -1},
                                  {100, NONE, -2},  {3, 3, 1}};
    ouro_ref data = bytes(DATA), array = array_of(DATA);
    for (size_t i = 0; i < T_COUNT(cuts); i++) {
        const int *c = cuts[i];
        say("%R %R", cut(data, c[0], c[1], c[2]), cut(array, c[0], c[1], c[2]));
    }
    say("%R", cut(data, NONE, NONE, 0));
    say("%R", cut_off(array, "1", "'x'", "None"));
    say("%t", cut(data, NONE, NONE, NONE) == data);
}

static void memoryview_slices(void)
{
    static const int cuts[][3] = {{1, 4, NONE},      {-3, NONE, NONE}, {5, 2, NONE},
                                  {-100, 100, NONE}, {3, 3, 1},        {NONE, -3, NONE},
                                  {100, NONE, NONE}};
    ouro_ref view = view_of(bytes(DATA));
    for (size_t i = 0; i < T_COUNT(cuts); i++) {
        ouro_ref part = cut(view, cuts[i][0], cuts[i][1], cuts[i][2]);
        say("%d", (int)ouro_len(part));
        say_items("items", ouro_iter(part));
        ouro_decref(part);
    }
    say_items("inner", ouro_iter(cut(cut(view, 2, 8, NONE), 1, 4, NONE)));
    say("%R", cut(view, NONE, NONE, 0));
}

static void bytes_order(void)
{
    static const char *const words[] = {"", "a", "ab", "b", "\xff"};
    static const char *const others[] = {"1", "'ab'", "None", "[97]"};
    for (size_t i = 0; i < T_COUNT(words); i++) {
        for (size_t k = 0; k < T_COUNT(words); k++) {
            ouro_ref a = bytes(words[i]), b = array_of(words[k]);
            say("%t %t %t %t %t %t", ouro_equal(a, b), ouro_compare(a, b, OURO_NE),
                ouro_compare(a, b, OURO_LT), ouro_compare(b, a, OURO_LT),
                ouro_compare(a, b, OURO_LE), ouro_compare(b, a, OURO_GE));
        }
    }
    ouro_ref a = bytes("ab"), b = array_of("ab");
    for (size_t i = 0; i < T_COUNT(others); i++) {
        ouro_ref thing = py(others[i]);
        say("%t", ouro_compare(a, thing, OURO_LT));
        say("%t", ouro_compare(thing, b, OURO_GE));
        say("%t %t", ouro_equal(a, thing), ouro_compare(b, thing, OURO_NE));
    }
}

static void memoryviews_compared(void)
{
    ouro_ref array = array_of("abc"), view = view_of(bytes("abd")), abc = bytes("abc");
    ouro_ref one = py("1"), abd = bytes("abd");
    say("%t %t %t %t", ouro_equal(view, abd), ouro_equal(abd, view), ouro_equal(array, view),
        ouro_compare(view, array, OURO_NE));
    say("%t %t", ouro_equal(view, view_of(array_of("abd"))), ouro_equal(view, py("'abd'")));
    say("%t", ouro_compare(view, view, OURO_LT));
    say("%t", ouro_compare(view, abc, OURO_LT));
    say("%t", ouro_compare(abc, view, OURO_LT));
    say("%t", ouro_compare(abc, view, OURO_GE));
    say("%t", ouro_compare(array, view, OURO_LT));
    say("%t", ouro_compare(view, array, OURO_GT));
    say("%t", ouro_compare(view, array, OURO_LE));
    say("%t", ouro_compare(view, one, OURO_LT));
    say("%t", ouro_compare(one, view, OURO_LT));
    say("%t", ouro_compare(array, one, OURO_LT));
}

static int same_hash(ouro_ref a, ouro_ref b)
{
    uint32_t x, y;
    return ouro_hash(a, &x) == 0 && ouro_hash(b, &y) == 0 ? x == y : -1;
}

static void bytes_hashes(void)
{
    ouro_ref data = bytes(DATA), view = view_of(bytes(DATA)), array = array_of(DATA);
    ouro_ref d = ouro_dict_new();
    say("%t %t", same_hash(data, bytes(DATA)), same_hash(data, view));
    say("%t", same_hash(array, array));
    ouro_ref writable = ouro_memoryview_of(array);
    say("%t", same_hash(writable, writable));
    (void)ouro_dict_set(d, data, py("1"));
    say("%r", ouro_dict_get(d, ouro_bytes_concat(bytes("abc"), bytes("defghi"))));
    say("%r", ouro_dict_get(d, view));
    say("%r", ouro_dict_get(d, py("'abcdefghi'")));
    say("%r", ouro_dict_get(d, array_of("abc")));
    say("%n", ouro_dict_set(d, array_of(""), py("1")));
    say("%n", ouro_dict_set(d, bytes(""), py("2")));
    say("%n", ouro_dict_set(d, py("''"), py("3")));
    say("%r", d);
}

static void bytes_sums(void)
{
    static const char *const pairs[][2] = {{"", ""}, {"a", ""}, {"", "b"}, {"ab", "cd"}};
    static const char *const others[] = {"'x'", "1", "None", "[]"};
    for (size_t i = 0; i < T_COUNT(pairs); i++) {
        ouro_ref a = bytes(pairs[i][0]);
        say("%R", ouro_bytes_concat(a, bytes(pairs[i][1])));
        say("%R", ouro_bytes_concat(a, array_of(pairs[i][1])));
        say("%R", ouro_bytes_concat(a, view_of(bytes(pairs[i][1]))));
    }
    for (size_t i = 0; i < T_COUNT(others); i++)
        say("%R", ouro_bytes_concat(bytes("a"), py(others[i])));
}

static void bytearray_changes(void)
{
    static const int values[] = {99, 0, 255, 256, -1};
    static const int sets[][2] = {{0, 65}, {-1, 66}, {10, 67}, {-10, 68}, {0, 256}, {1, -1}};
    ouro_ref array = array_of("ab");
    for (size_t i = 0; i < T_COUNT(values); i++) {
        say("%n", ouro_bytearray_append(array, values[i]));
        say("%r %d", array, (int)ouro_len(array));
    }
    for (size_t i = 0; i < T_COUNT(sets); i++) {
        say("%n", ouro_bytes_set(array, sets[i][0], sets[i][1]));
        say("%r", array);
    }
}

static void bytearray_grows(void)
{
    ouro_ref array = array_of(""),
             more[] = {bytes(""), bytes("abc"), array_of("def"), view_of(bytes("ghi"))};
    for (size_t i = 0; i < T_COUNT(more); i++) {
        say("%n", ouro_bytearray_extend(array, more[i]));
        say("%r", array);
    }
    say("%n", ouro_bytearray_extend(array, array));
    say("%r", array);
    for (int i = 0; i < 100; i++) (void)ouro_bytearray_append(array, i);
    say("%d %d %d", (int)ouro_len(array), ouro_bytes_get(array, 50), ouro_bytes_get(array, -1));
    say("%r", array);
    say("%n", ouro_bytearray_extend(array, py("5")));
    say("%n", ouro_bytearray_extend(array, OURO_NONE));
}

static void bytearray_is_looked_at(void)
{
    ouro_ref array = array_of("abc"), view = ouro_memoryview_of(array), data = bytes("abc");
    ouro_ref part = cut(view, 1, NONE, NONE);
    say("%n", ouro_bytearray_append(array, 100));
    say("%n", ouro_bytearray_resize(array, 1));
    say("%n", ouro_bytearray_extend(array, bytes("x")));
    say("%r", array);
    say("%n", ouro_bytes_set(view, 0, 65));
    say("%n", ouro_bytes_set(part, 1, 67));
    say("%n", ouro_bytes_set(part, 2, 68));
    say("%n", ouro_bytes_set(view, 0, 256));
    say("%r", array);
    say("%n", ouro_bytes_set(view_of(bytes("abc")), 0, 65));
    say("%n", ouro_bytes_set(data, 0, 65));
    ouro_decref(view);
    say("%n", ouro_bytearray_append(array, 100));
    ouro_decref(part);
    say("%n", ouro_bytearray_append(array, 100));
    say("%n", ouro_bytearray_resize(array, 6));
    say("%r", array);
    say("%n", ouro_bytearray_resize(array, 2));
    say("%r", array);
}

static void an_empty_array_is_looked_at(void)
{
    ouro_ref array = array_of(""), view = ouro_memoryview_of(array), nine = ouro_int_new(9);
    say("%d %R %t", (int)ouro_len(view), ouro_bytes_concat(view, view),
        ouro_equal(view, bytes("")));
    say("%n", ouro_bytearray_append(array, 1));
    say("%n", ouro_bytearray_extend(array, bytes("ab")));
    say("%n", ouro_bytearray_extend(array, bytes("")));
    say("%n", ouro_bytearray_resize(array, 0));
    say("%n", ouro_bytearray_resize(array, 2));
    say("%r", array);
    ouro_decref(view);
    say("%n", ouro_bytearray_append(array, 1));
    view = ouro_memoryview_of(array);
    say("%n", ouro_bytearray_extend(array, array_of("")));
    say("%n", ouro_bytearray_resize(array, 1));
    say("%n", ouro_bytearray_resize(array, 0));
    say("%n", ouro_item_set(array, nine, ouro_int_new(256)));
    say("%n", ouro_item_set(array, nine, ouro_int_new(255)));
    say("%n", ouro_item_set(view, nine, ouro_int_new(256)));
    say("%n", ouro_item_set(view, ouro_int_new(0), ouro_int_new(256)));
    say("%r", array);
}

static void bytes_iteration(void)
{
    static const char *const others[] = {"5", "'x'", "None", "[1]"};
    ouro_ref things[] = {bytes(""), bytes("ab\xff"), array_of("xyz"), view_of(bytes("123"))};
    for (size_t i = 0; i < T_COUNT(things); i++) say_items("items", ouro_iter(things[i]));
    ouro_ref array = array_of("ab"), it = ouro_iter(array);
    say("%R", ouro_iter_next(it));
    (void)ouro_bytearray_append(array, 99);
    ouro_ref second = ouro_iter_next(it), third = ouro_iter_next(it);
    say("%R %R %R", second, third, ouro_iter_next(it));
    (void)ouro_bytearray_append(array, 100);
    say("%R", ouro_iter_next(it));
    for (size_t i = 0; i < T_COUNT(others); i++) say("%R", ouro_memoryview_of(py(others[i])));
    say("%s %s %s", ouro_type_name(things[0]), ouro_type_name(array), ouro_type_name(things[3]));
}

static void owners_of_memory(void)
{
    ouro_ref data = bytes("some data"), other = bytes("other"), views[3];
    say("%d", (int)ouro_getrefcount(data));
    ouro_ref view = ouro_memoryview_of(data);
    say("%d", (int)ouro_getrefcount(data));
    ouro_ref part = cut(view, 2, 5, NONE);
    say_items("part", ouro_iter(part));
    ouro_decref(view);
    ouro_decref(data);
    say_items("part", ouro_iter(part));
    say("%d", (int)ouro_len(part));
    for (int i = 0; i < 3; i++) views[i] = ouro_memoryview_of(other);
    say("%d", 3);
    for (int i = 0; i < 3; i++) ouro_decref(views[i]);
    say("%d", (int)ouro_getrefcount(other));
    ouro_ref it = ouro_iter(other);
    say("%d", (int)ouro_getrefcount(other));
    say("%R", ouro_iter_next(it));
    ouro_ref whole = cut(other, NONE, NONE, NONE);
    say("%d %t", (int)ouro_getrefcount(other), whole == other);
    ouro_decref(it);
    say("%d", (int)ouro_getrefcount(other));
}

static const struct section sections[] = {
    SECTION(bytes_repr),           SECTION(bytearray_repr),    SECTION(bytes_index),
    SECTION(bytes_slices),         SECTION(memoryview_slices), SECTION(bytes_order),
    SECTION(memoryviews_compared), SECTION(bytes_hashes),      SECTION(bytes_sums),
    SECTION(bytearray_changes),    SECTION(bytearray_grows),   SECTION(bytearray_is_looked_at),
    SECTION(bytes_iteration),      SECTION(owners_of_memory),  SECTION(an_empty_array_is_looked_at),
};
PARITY_MAIN(sections)
