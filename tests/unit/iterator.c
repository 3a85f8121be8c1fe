/* SPDX-License-Identifier: MIT
 * iterator.c - iterators over every kind of object, and over what changes meanwhile. */
#include <string.h>

#include "object.h"
#include "ouro.h"
#include "t.h"
#include "unit_types.h"

/* The next is this number. */
static bool gives(ouro_ref iterator, int number)
{
    ouro_ref item = ouro_iter_next(iterator);
    bool is_right = T_CHECK(item == ouro_int_new(number));
    ouro_xdecref(item);
    return is_right;
}
static bool is_at_end(ouro_ref iterator)
{
    return T_CHECK(ouro_iter_next(iterator) == NULL) && T_EQ(ouro_error_get(NULL), OURO_NO_ERROR);
}

static ouro_ref list_to(int n)
{
    ouro_ref list = ouro_list_new();
    for (int i = 0; i < n; i++) T_EQ(ouro_list_append(list, ouro_int_new(i)), 0);
    return list;
}

static void sequences(void)
{
    for (int n = 0; n < 300; n = n * 3 + 1) {
        ouro_ref list = list_to(n), items[300];
        for (int i = 0; i < n; i++) items[i] = ouro_int_new(i);
        ouro_ref all[] = {list, ouro_tuple_new((size_t)n, items), ouro_range_new(0, n, 1)};
        for (size_t k = 0; k < T_COUNT(all); k++) {
            ouro_ref iterator = ouro_iter(all[k]), same = ouro_iter(iterator);
            T_CHECK(same == iterator);
            ouro_decref(same);
            T_EQ(ouro_len(all[k]), n);
            for (int i = 0; i < n && gives(iterator, i); i++) {}
            (void)is_at_end(iterator);
            (void)is_at_end(iterator);
            ouro_decref(iterator);
            ouro_decref(all[k]);
        }
    }
    settle();
}

static void dict_keys(void)
{
    for (int n = 1; n < 100; n = n * 3 + 1) {
        ouro_ref dict = ouro_dict_new();
        for (int i = 0; i < n; i++) T_EQ(ouro_dict_set(dict, ouro_int_new(i), OURO_NONE), 0);
        ouro_ref iterator = ouro_iter(dict);
        for (int i = 0; i < n; i++) (void)gives(iterator, i);
        (void)is_at_end(iterator);
        ouro_decref(iterator);
        ouro_decref(dict);
    }
}

static void code_points(void)
{
    static const char *const points[] = {"a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "z"};
    ouro_ref text = ouro_str_from("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z");
    ouro_ref iterator = ouro_iter(text);
    T_EQ(ouro_len(text), 5);
    ouro_decref(text); /* the iterator keeps it */
    for (unsigned i = 0; i < 5; i++) {
        ouro_ref point = ouro_iter_next(iterator);
        if (!T_CHECK(point)) return;
        T_TEXT(ouro_str_bytes(point, NULL), points[i]);
        ouro_decref(point);
    }
    (void)is_at_end(iterator);
    ouro_decref(iterator);
}

/* As CPython: a list may grow and shrink, and the end is for good. */
static void lists_may_change(void)
{
    ouro_ref list = list_to(2), iterator = ouro_iter(list);
    (void)gives(iterator, 0);
    T_EQ(ouro_list_append(list, ouro_int_new(7)), 0);
    (void)gives(iterator, 1);
    (void)gives(iterator, 7);
    (void)is_at_end(iterator);
    T_EQ(ouro_diag_refcount(list), 1); /* it let go of it */
    T_EQ(ouro_list_append(list, ouro_int_new(8)), 0);
    (void)is_at_end(iterator);
    ouro_decref(iterator);
    iterator = ouro_iter(list);
    (void)gives(iterator, 0);
    ouro_list_clear(list);
    (void)is_at_end(iterator);
    ouro_decref(iterator);
    ouro_decref(list);
    settle();
}

/* Change a list in one of many ways. */
static void change(ouro_ref list, uint32_t way)
{
    ptrdiff_t n = (ptrdiff_t)ouro_list_len(list), at = n ? (ptrdiff_t)(way / 16) % n : 0;
    switch (way % 16) {
    case 0: ouro_xdecref(ouro_list_pop(list, at)); break;
    case 1: T_EQ(ouro_list_insert(list, at, ouro_int_new(way / 16)), 0); break;
    case 2: T_EQ(ouro_list_sort(list, false), 0); break;
    case 3: ouro_list_reverse(list); break;
    case 4:
        if (way / 16 % 8 == 0) ouro_list_clear(list); /* and as many again, on other nodes */
        for (ptrdiff_t i = 0; i < n && way / 16 % 8 == 0; i++)
            T_EQ(ouro_list_append(list, ouro_int_new(-i)), 0);
        break;
    case 5: (void)ouro_list_set(list, at, OURO_TRUE); break;
    case 6:
    case 7:
        for (ptrdiff_t i = 0; i < 20 && ouro_list_len(list) > 30; i++)
            ouro_decref(ouro_list_pop(list, -1));
        break;
    default: T_EQ(ouro_list_append(list, ouro_int_new(way / 16)), 0);
    }
    ouro_error_clear();
}

/* Whatever happens to the list meanwhile, a walk gives item 0, 1, 2... as they are then. */
static void walks_see_lists_as_they_are(void)
{
    uint32_t rng = t_seed();
    for (int round = 0; round < 60; round++) {
        ouro_ref list = list_to(round * 3), iterator = ouro_iter(list), item;
        size_t at = 0;
        OURO_LIST_FOR(item, list)
        {
            if (!T_CHECK(item == ouro_list_get(list, (ptrdiff_t)at++))) return;
            ouro_ref same = ouro_iter_next(iterator);
            if (!T_CHECK(same == item)) return;
            ouro_decref(same);
            for (rng = rng * 1664525u + 1013904223u; rng >> 30 == 0 && at < 400;
                 rng = rng * 1664525u + 1013904223u)
                change(list, rng >> 8 & 0xffff);
        }
        T_CHECK(at >= ouro_list_len(list));
        (void)is_at_end(iterator);
        ouro_decref(iterator);
        ouro_decref(list);
    }
    settle();
}

static void expect_error(ouro_ref result, enum ouro_error_kind kind, const char *text)
{
    const char *message = "";
    T_CHECK(result == NULL);
    T_EQ(ouro_error_get(&message), kind);
    T_TEXT(message ? message : "", text);
    ouro_error_clear();
}

static void dicts_may_not_change_their_size(void)
{
    static const char text[] = "dictionary changed size during iteration";
    ouro_ref dict = ouro_dict_new();
    for (int i = 0; i < 4; i++) T_EQ(ouro_dict_set(dict, ouro_int_new(i), OURO_NONE), 0);
    ouro_ref iterator = ouro_iter(dict), other = ouro_iter(dict);
    (void)gives(iterator, 0);
    T_EQ(ouro_dict_set(dict, ouro_int_new(1), OURO_TRUE), 0); /* another value: that is allowed */
    (void)gives(iterator, 1);
    T_EQ(ouro_dict_set(dict, ouro_int_new(9), OURO_TRUE), 0);
    expect_error(ouro_iter_next(iterator), OURO_RUNTIME_ERROR, text);
    T_EQ(ouro_dict_del(dict, ouro_int_new(9)), 0);
    expect_error(ouro_iter_next(iterator), OURO_RUNTIME_ERROR, text); /* for good */
    (void)gives(other, 0);
    ouro_decref(iterator);
    ouro_decref(other);
    ouro_decref(dict);
    settle();
}

/* An iterator over a view, which is dropped. */
static ouro_ref iterate(ouro_ref view)
{
    ouro_ref iterator = ouro_iter(view);
    ouro_decref(view);
    return iterator;
}

static void values_and_items(void)
{
    for (int n = 0; n < 40; n += 13) {
        ouro_ref dict = ouro_dict_new();
        for (int i = 0; i < n; i++) T_EQ(ouro_dict_set(dict, ouro_int_new(i), ouro_int_new(-i)), 0);
        ouro_ref values = iterate(ouro_dict_values(dict)), items = iterate(ouro_dict_items(dict));
        ouro_ref item;
        for (int i = 0; i < n; i++) {
            (void)gives(values, -i);
            if (!T_CHECK((item = ouro_iter_next(items)))) break;
            T_CHECK(ouro_tuple_get(item, 0) == ouro_int_new(i));
            T_CHECK(ouro_tuple_get(item, 1) == ouro_int_new(-i));
            ouro_decref(item);
        }
        (void)is_at_end(values);
        (void)is_at_end(items);
        ouro_decref(values);
        ouro_decref(items);
        values = iterate(ouro_dict_values(dict));
        T_EQ(ouro_dict_set(dict, OURO_NONE, OURO_NONE), 0);
        expect_error(ouro_iter_next(values), OURO_RUNTIME_ERROR,
                     "dictionary changed size during iteration");
        ouro_decref(values);
        ouro_decref(dict);
    }
    settle();
}

static void sets_may_not_either(void)
{
    ouro_ref set = ouro_set_new();
    for (int i = 0; i < 30; i++) T_EQ(ouro_set_add(set, ouro_int_new(i)), 0);
    ouro_ref iterator = ouro_iter(set);
    for (int i = 0; i < 15; i++) (void)gives(iterator, i);
    T_EQ(ouro_set_add(set, ouro_int_new(99)), 0);
    expect_error(ouro_iter_next(iterator), OURO_RUNTIME_ERROR, "Set changed size during iteration");
    ouro_decref(iterator);
    ouro_decref(set);
    settle();
}

static void errors(void)
{
    ouro_ref list = ouro_list_new(), slice = ouro_slice_new(OURO_NONE, OURO_NONE, OURO_NONE);
    expect_error(ouro_iter(ouro_int_new(1)), OURO_TYPE_ERROR, "'int' object is not iterable");
    expect_error(ouro_iter(OURO_NONE), OURO_TYPE_ERROR, "'NoneType' object is not iterable");
    expect_error(ouro_iter(slice), OURO_TYPE_ERROR, "'slice' object is not iterable");
    expect_error(ouro_iter_next(list), OURO_TYPE_ERROR, "'list' object is not an iterator");
    T_EQ(ouro_len(ouro_int_new(1)), -1);
    expect_error(NULL, OURO_TYPE_ERROR, "object of type 'int' has no len()");
    T_EQ(ouro_len(slice), -1);
    expect_error(NULL, OURO_TYPE_ERROR, "object of type 'slice' has no len()");
    ouro_decref(list);
    ouro_decref(slice);
}

static void a_cycle_through_an_iterator_is_found(void)
{
    ouro_ref list = ouro_list_new(), iterator = ouro_iter(list);
    T_EQ(ouro_list_append(list, iterator), 0);
    ouro_decref(iterator);
    ouro_decref(list);
    T_EQ(ouro_gc_collect(2), 2);
}

/* ---- an iterator of one's own ---- */

struct countdown {
    struct ouro_obj header;
    int32_t left;
};
static ouro_ref countdown_advance(ouro_ref self)
{
    struct countdown *c = (struct countdown *)(void *)self;
    return c->left > 0 ? ouro_int_new(c->left--) : NULL;
}
static const struct ouro_ops countdown_ops = {.advance = countdown_advance};
OURO_TYPE_DEFINE(countdown_type) = {
    .name = "countdown",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct countdown),
    .ops = &countdown_ops,
};

static void own_iterators(void)
{
    ouro_ref count = ouro_obj_new(&countdown_type), iterator = ouro_iter(count);
    ((struct countdown *)(void *)count)->left = 3;
    T_CHECK(iterator == count);
    for (int i = 3; i > 0; i--) (void)gives(iterator, i);
    (void)is_at_end(iterator);
    ouro_decref(iterator);
    ouro_decref(count);
}

static const struct t_test tests[] = {
    T_TEST(sequences),
    T_TEST(dict_keys),
    T_TEST(code_points),
    T_TEST(lists_may_change),
    T_TEST(walks_see_lists_as_they_are),
    T_TEST(dicts_may_not_change_their_size),
    T_TEST(values_and_items),
    T_TEST(sets_may_not_either),
    T_TEST(errors),
    T_TEST(a_cycle_through_an_iterator_is_found),
    T_TEST(own_iterators),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
