/* SPDX-License-Identifier: MIT
 * set.c - set and frozenset: every function, every error, sizes, order and exhaustion. */
#include <string.h>

#include "object.h"
#include "ouro.h"
#include "t.h"
#include "unit_types.h"

/* {first, first + step, ...}, n of them. */
static ouro_ref numbers(int first, int n, int step)
{
    ouro_ref set = ouro_set_new();
    for (int i = 0; i < n; i++)
        if (!T_EQ(ouro_set_add(set, number(first + i * step)), 0)) break;
    return set;
}
static ouro_ref frozen(ouro_ref set) /* steals */
{
    ouro_ref result = ouro_frozenset_from(set);
    ouro_decref(set);
    return result;
}

static char text[200];
static void append(void *context, const char *piece, size_t bytes)
{
    (void)context;
    strncat(text, piece, bytes);
}
static const char *repr(ouro_ref ref)
{
    text[0] = '\0';
    T_EQ(ouro_repr(ref, append, NULL), 0);
    return text;
}

static void elements_come_back(void)
{
    for (int n = 0; n < 300; n += n < 20 ? 1 : 37) {
        ouro_ref set = numbers(0, n, 3);
        T_EQ(ouro_set_len(set), n);
        for (int i = 0; i < 3 * n; i++)
            if (!T_EQ(ouro_set_contains(set, number(i)), i % 3 == 0)) return;
        for (int i = 0; i < n; i++) T_EQ(ouro_set_add(set, number(3 * i)), 0); /* again */
        T_EQ(ouro_set_len(set), n);
        for (int i = 0; i < n; i += 2) T_EQ(ouro_set_discard(set, number(3 * i)), 1);
        T_EQ(ouro_set_discard(set, number(1)), 0);
        size_t at = 0;
        ouro_ref key;
        for (int i = 1; i < n; i += 2)
            if (!T_CHECK(ouro_set_next(set, &at, &key) && key == number(3 * i))) return;
        T_CHECK(!ouro_set_next(set, &at, &key));
        ouro_decref(set);
    }
    settle();
    T_EQ(objects(), 0);
}

static void equal_elements_are_one(void)
{
    ouro_ref set = numbers(10, 20, 1), one = ouro_float_new(1.0), text_ = ouro_str_from("a");
    T_EQ(ouro_set_add(set, number(1)), 0);
    T_EQ(ouro_set_add(set, one), 0);
    T_EQ(ouro_set_add(set, OURO_TRUE), 0);
    T_EQ(ouro_set_add(set, text_), 0);
    ouro_ref other = ouro_str_from("a");
    T_EQ(ouro_set_add(set, other), 0);
    T_EQ(ouro_set_len(set), 22);
    T_EQ(ouro_diag_refcount(one), 1);
    T_EQ(ouro_diag_refcount(other), 1);
    T_EQ(ouro_diag_refcount(text_), 2);
    ouro_ref popped = ouro_set_pop(set);
    T_CHECK(popped == text_);
    ouro_decref(popped);
    ouro_decref(one);
    ouro_decref(text_);
    ouro_decref(other);
    ouro_decref(set);
    settle();
    T_EQ(objects(), 0);
}

static void errors(void)
{
    ouro_ref set = numbers(0, 2, 1), list = ouro_list_new();
    T_EQ(ouro_set_add(set, list), -1);
    fails(OURO_TYPE_ERROR, "unhashable type: 'list'");
    T_EQ(ouro_set_contains(set, set), -1);
    fails(OURO_TYPE_ERROR, "unhashable type: 'set'");
    T_EQ(ouro_set_discard(set, set), -1);
    fails(OURO_TYPE_ERROR, "unhashable type: 'set'");
    T_CHECK(ouro_set_from(number(1)) == NULL);
    fails(OURO_TYPE_ERROR, "'int' object is not iterable");
    T_EQ(ouro_list_append(list, set), 0);
    T_CHECK(ouro_frozenset_from(list) == NULL);
    fails(OURO_TYPE_ERROR, "unhashable type: 'set'");
    ouro_set_clear(set);
    T_CHECK(ouro_set_pop(set) == NULL);
    fails(OURO_KEY_ERROR, "'pop from an empty set'");
    T_EQ(ouro_compare(set, list, OURO_LT), -1);
    fails(OURO_TYPE_ERROR, "'<' not supported between instances of 'set' and 'list'");
    ouro_decref(list);
    ouro_decref(set);
    settle();
    T_EQ(objects(), 0);
}

static void pop_empties(void)
{
    for (int n = 1; n < 200; n *= 3) {
        ouro_ref set = numbers(0, n, 1);
        for (int i = n - 1; i >= 0; i--)
            if (!T_CHECK(ouro_set_pop(set) == number(i))) return;
        T_EQ(ouro_set_len(set), 0);
        settle();
        T_EQ(objects(), 1);
        ouro_decref(set);
    }
}

static void algebra(void)
{
    static const struct {
        ouro_ref (*operation)(ouro_ref a, ouro_ref b);
        const char *text;
    } rows[] = {
        {ouro_set_union, "{0, 1, 2, 3, 4, 5}"},
        {ouro_set_intersection, "{2, 3}"},
        {ouro_set_difference, "{0, 1}"},
        {ouro_set_symmetric_difference, "{0, 1, 4, 5}"},
    };
    ouro_ref a = numbers(0, 4, 1), b = frozen(numbers(2, 4, 1));
    for (unsigned i = 0; i < T_COUNT(rows); i++) {
        ouro_ref result = rows[i].operation(a, b);
        T_TEXT(repr(result), rows[i].text);
        ouro_decref(result);
    }
    ouro_ref left = ouro_set_intersection(b, a), copy = ouro_set_copy(b);
    T_TEXT(repr(left), "frozenset({2, 3})"); /* the left one's type */
    T_EQ(ouro_equal(copy, b), 1);
    T_EQ(ouro_set_update(a, b), 0);
    T_EQ(ouro_set_update(a, a), 0);
    T_EQ(ouro_set_len(a), 6);
    ouro_decref(left);
    ouro_decref(copy);
    ouro_decref(a);
    ouro_decref(b);
    settle();
    T_EQ(objects(), 0);
}

static void comparing(void)
{
    ouro_ref a = numbers(0, 30, 1), b = frozen(numbers(29, 30, -1)), c = numbers(0, 12, 2);
    ouro_ref d = numbers(100, 3, 1);
    T_EQ(ouro_equal(a, b), 1);
    T_EQ(ouro_equal(b, a), 1);
    T_EQ(ouro_compare(a, b, OURO_NE), 0);
    T_EQ(ouro_compare(a, b, OURO_LE), 1);
    T_EQ(ouro_compare(a, b, OURO_LT), 0);
    T_EQ(ouro_compare(c, a, OURO_LT), 1);
    T_EQ(ouro_compare(a, c, OURO_GT), 1);
    T_EQ(ouro_compare(a, c, OURO_LE), 0);
    T_EQ(ouro_compare(d, a, OURO_LE), 0);
    T_EQ(ouro_compare(d, a, OURO_GE), 0);
    T_EQ(ouro_equal(a, OURO_NONE), 0);
    T_EQ(ouro_set_issubset(c, a), 1);
    T_EQ(ouro_set_issubset(a, c), 0);
    T_EQ(ouro_set_isdisjoint(a, d), 1);
    T_EQ(ouro_set_isdisjoint(a, c), 0);
    ouro_decref(a);
    ouro_decref(b);
    ouro_decref(c);
    ouro_decref(d);
}

static void frozensets_hash_by_their_elements(void)
{
    ouro_ref a = frozen(numbers(0, 20, 1)), b = frozen(numbers(19, 20, -1)), dict = ouro_dict_new();
    ouro_ref c = frozen(numbers(0, 19, 1)), set = ouro_set_new();
    uint32_t x = 0, y = 0, z = 0;
    T_EQ(ouro_hash(a, &x), 0);
    T_EQ(ouro_hash(b, &y), 0);
    T_EQ(ouro_hash(c, &z), 0);
    T_EQ(x, y);
    T_CHECK(x != z);
    T_EQ(ouro_dict_set(dict, a, OURO_TRUE), 0);
    T_CHECK(ouro_dict_get(dict, b) == OURO_TRUE);
    T_CHECK(ouro_dict_get(dict, c) == NULL);
    T_EQ(ouro_set_add(set, a), 0); /* sets of sets */
    T_EQ(ouro_set_add(set, c), 0);
    T_EQ(ouro_set_contains(set, b), 1);
    ouro_ref outer = frozen(set), same = ouro_frozenset_from(outer);
    T_CHECK(same == outer);
    T_EQ(ouro_hash(outer, &x), 0);
    ouro_ref refs[] = {a, b, c, dict, outer, same};
    for (unsigned i = 0; i < T_COUNT(refs); i++) ouro_decref(refs[i]);
    settle();
    T_EQ(objects(), 0);
}

static void from_other_things(void)
{
    ouro_ref list = ouro_list_new(), dict = ouro_dict_new();
    for (int i = 0; i < 5; i++) {
        T_EQ(ouro_list_append(list, number(i % 3)), 0);
        T_EQ(ouro_dict_set(dict, number(10 + i), OURO_NONE), 0);
    }
    ouro_ref set = ouro_set_from(list), keys = ouro_frozenset_from(dict);
    ouro_ref empty = ouro_frozenset_from(NULL), none = ouro_set_new();
    T_TEXT(repr(set), "{0, 1, 2}");
    T_TEXT(repr(keys), "frozenset({10, 11, 12, 13, 14})");
    T_TEXT(repr(empty), "frozenset()");
    T_TEXT(repr(none), "set()");
    T_EQ(ouro_equal(empty, none), 1);
    ouro_ref refs[] = {list, dict, set, keys, empty, none};
    for (unsigned i = 0; i < T_COUNT(refs); i++) ouro_decref(refs[i]);
    settle();
    T_EQ(objects(), 0);
}

static void sizes_on_a_32_bit_board(void)
{
    if (sizeof(void *) != 4) {
        t_skip("sizes are those of 32-bit addresses");
        return;
    }
    static const uint8_t bytes[] = {16, 32, 32, 40, 40, 56, 56, 56, 56};
    for (int n = 0; n <= 8; n++) {
        ouro_ref set = numbers(0, n, 1);
        T_EQ(ouro_diag_sizeof(set), bytes[n]);
        ouro_decref(set);
    }
}

static void memory_error_changes_nothing(void)
{
    t_restart(8 * 1024);
    ouro_ref set = ouro_set_new(), spare = ouro_float_new(0);
    int n = 0;
    while (ouro_set_add(set, number(n)) == 0) n++;
    fails(OURO_MEMORY_ERROR, "out of memory");
    ouro_decref(spare);
    ouro_ref key = ouro_float_new(n); /* equals what had no room */
    T_EQ(ouro_set_add(set, key), -1);
    fails(OURO_MEMORY_ERROR, "out of memory");
    T_EQ(ouro_diag_refcount(key), 1);
    T_EQ(ouro_set_len(set), n);
    for (int i = 0; i < n; i++)
        if (!T_EQ(ouro_set_contains(set, number(i)), 1)) break;
    T_CHECK(ouro_set_copy(set) == NULL);
    fails(OURO_MEMORY_ERROR, "out of memory");
    ouro_decref(key);
    ouro_decref(set);
    settle();
    T_EQ(objects(), 0);
}

static const struct t_test tests[] = {
    T_TEST(elements_come_back),
    T_TEST(equal_elements_are_one),
    T_TEST(errors),
    T_TEST(pop_empties),
    T_TEST(algebra),
    T_TEST(comparing),
    T_TEST(frozensets_hash_by_their_elements),
    T_TEST(from_other_things),
    T_TEST(sizes_on_a_32_bit_board),
    T_TEST(memory_error_changes_nothing),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
