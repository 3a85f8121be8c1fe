/* SPDX-License-Identifier: MIT
 * test_weakset.c - CPython's Lib/test/test_weakset.py on this runtime; names and assertions are the
 * originals'. */
#include "weak_objects.h"

enum { ITEMS = 3 };
static ouro_ref items[ITEMS], s;

static ouro_ref set_up(void)
{
    begin();
    s = ouro_weakset_new();
    for (int i = 0; i < ITEMS; i++) {
        items[i] = make_object('a' + i);
        T_EQ(ouro_weakset_add(s, items[i]), 0);
    }
    return s;
}
static void tear_down(void)
{
    for (unsigned i = 0; i < ITEMS; i++) ouro_xdecref(items[i]);
    ouro_decref(s);
    settle();
    T_EQ(objects(), 0);
}

static void test_len_cycles(void)
{
    begin();
    ouro_ref set1 = ouro_weakset_new(), key;
    struct ouro_weak_walk walk;
    for (unsigned i = 0; i < 20; i++) {
        ouro_ref item = make(&c_type);
        set(&object_of(item)->a, item);
        T_EQ(ouro_weakset_add(set1, item), 0);
        ouro_decref(item);
    }
    ouro_weak_begin(&walk, set1);
    T_CHECK(ouro_weak_next(&walk, &key, NULL));
    (void)ouro_gc_collect(2);
    T_EQ(ouro_weak_len(set1), 1);
    ouro_decref(key);
    ouro_weak_end(&walk);
    (void)ouro_gc_collect(2);
    T_EQ(ouro_weak_len(set1), 0);
    ouro_decref(set1);
    T_EQ(objects(), 0);
}

static void test_weak_destroy_while_iterating(void)
{
    (void)set_up();
    ouro_ref key;
    struct ouro_weak_walk walk;
    ouro_weak_begin(&walk, s);
    T_CHECK(ouro_weak_next(&walk, &key, NULL));
    ouro_decref(key);
    ouro_put(&items[ITEMS - 1], NULL);
    (void)ouro_gc_collect(2);
    unsigned n = 0;
    for (; ouro_weak_next(&walk, &key, NULL); n++) ouro_decref(key);
    T_EQ(n, ITEMS - 2);
    ouro_weak_end(&walk);
    T_EQ(ouro_weak_len(s), ITEMS - 1);
    tear_down();
}

static void test_gc(void)
{
    begin();
    ouro_ref set1 = ouro_weakset_new(), first = NULL;
    for (unsigned i = 0; i < 200; i++) {
        ouro_ref elem = make(&c_type);
        set(&object_of(elem)->a, set1);
        set(&object_of(elem)->b, elem);
        object_of(elem)->c = ouro_weakset_new();
        T_EQ(ouro_weakset_add(object_of(elem)->c, elem), 0);
        T_EQ(ouro_weakset_add(set1, elem), 0);
        if (i == 0)
            first = elem;
        else
            ouro_decref(elem);
    }
    T_EQ(ouro_weak_len(set1), 200);
    (void)ouro_gc_collect(2);
    T_EQ(ouro_weak_len(set1), 1);
    ouro_decref(first);
    ouro_decref(set1);
    (void)ouro_gc_collect(2);
    T_EQ(objects(), 0);
}

static void test_add(void)
{
    (void)set_up();
    ouro_ref x = make_object('Q'), twin = make_object('Q');
    T_EQ(ouro_weakset_add(s, x), 0);
    T_CHECK(ouro_weakset_has(s, x));
    T_EQ(ouro_weakset_add(s, x), 0);
    T_EQ(ouro_weakset_add(s, twin), 0);
    T_EQ(ouro_weak_len(s), ITEMS + 1);
    ouro_ref list = ouro_list_new();
    T_EQ(ouro_weakset_add(s, list), -1);
    T_EQ(ouro_error_get(NULL), OURO_TYPE_ERROR);
    ouro_decref(list);
    ouro_decref(twin);
    T_EQ(ouro_weak_len(s), ITEMS + 1); /* the one that came first is the member */
    drop(x);
    T_EQ(ouro_weak_len(s), ITEMS);
    tear_down();
}

static void test_discard(void)
{
    (void)set_up();
    ouro_ref a = make_object('a'), q = make_object('Q'), list = ouro_list_new();
    T_EQ(ouro_weakset_discard(s, a), 0);
    T_CHECK(!ouro_weakset_has(s, a));
    T_EQ(ouro_weakset_discard(s, q), 0);
    T_EQ(ouro_weakset_discard(s, list), -1);
    T_EQ(ouro_error_get(NULL), OURO_TYPE_ERROR);
    T_EQ(ouro_weak_len(s), ITEMS - 1);
    T_EQ(ouro_weakset_remove(s, a), -1);
    T_EQ(ouro_error_get(NULL), OURO_KEY_ERROR);
    ouro_decref(list);
    ouro_decref(q);
    ouro_decref(a);
    tear_down();
}

static void test_pop(void)
{
    (void)set_up();
    for (unsigned i = 0; i < ITEMS; i++) {
        ouro_ref elem = ouro_weakset_pop(s);
        if (!T_CHECK(elem != NULL)) break;
        T_CHECK(!ouro_weakset_has(s, elem));
        ouro_decref(elem);
    }
    T_CHECK(ouro_weakset_pop(s) == NULL);
    T_EQ(ouro_error_get(NULL), OURO_KEY_ERROR);
    tear_down();
}

static void test_clear(void)
{
    (void)set_up();
    ouro_weak_clear(s);
    T_EQ(ouro_weak_len(s), 0);
    T_CHECK(!ouro_weakset_has(s, items[0]));
    ouro_put(&items[0], NULL);
    T_EQ(ouro_weak_len(s), 0);
    tear_down();
}

static const struct t_test tests[] = {
    T_TEST(test_len_cycles), T_TEST(test_weak_destroy_while_iterating),
    T_TEST(test_gc),         T_TEST(test_add),
    T_TEST(test_discard),    T_TEST(test_pop),
    T_TEST(test_clear),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
