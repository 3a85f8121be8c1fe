/* SPDX-License-Identifier: MIT
 * test_gc_asking.c - CPython's Lib/test/test_gc.py on this runtime: what can be asked about objects
 * and cycles.  The tests have the names and assertions of the originals. */
#include "gc_objects.h"

/* ---- asking ---- */

struct sum {
    int64_t total;
    unsigned count;
};
static int add_up(ouro_ref ref, void *context)
{
    struct sum *sum = context;
    int64_t value;
    if (T_EQ(ouro_int_get(ref, &value), 0)) sum->total += value;
    sum->count++;
    return 0;
}
static void refers_to(ouro_ref ref, unsigned count, int64_t total)
{
    struct sum sum = {0, 0};
    T_EQ(ouro_gc_referents(ref, add_up, &sum), 0);
    T_EQ(sum.count, count);
    T_EQ(sum.total, total);
}
static ouro_ref number(int n) { return ouro_int_new(n); }

static void test_get_referents(void)
{
    begin();
    ouro_ref alist = ouro_list_new(), adict = ouro_dict_new();
    for (int i = 1; i <= 5; i += 2) T_EQ(ouro_list_append(alist, number(i)), 0);
    refers_to(alist, 3, 9);
    ouro_ref atuple = ouro_tuple_of(3, number(1), number(3), number(5));
    refers_to(atuple, 3, 9);
    T_EQ(ouro_dict_set(adict, number(1), number(3)), 0);
    T_EQ(ouro_dict_set(adict, number(5), number(7)), 0);
    refers_to(adict, 4, 16);
    ouro_ref text = ouro_str_from("a"), real = ouro_float_new(4.5);
    refers_to(number(1), 0, 0);
    refers_to(text, 0, 0);
    refers_to(real, 0, 0);
    refers_to(OURO_NONE, 0, 0);
    for (int i = 0; i < 1000; i++) { /* through all the nodes of large ones */
        T_EQ(ouro_list_append(alist, number(i)), 0);
        T_EQ(ouro_dict_set(adict, number(i), number(i)), 0);
    }
    refers_to(alist, 1003, 9 + 499500);
    refers_to(adict, 2000, 2 * 499500);
    ouro_decref(alist);
    ouro_decref(adict);
    ouro_decref(atuple);
    ouro_decref(text);
    ouro_decref(real);
}

static int count_it(ouro_ref ref, void *context)
{
    (void)ref;
    ++*(unsigned *)context;
    return 0;
}
static void test_get_referrers(void)
{
    begin();
    ouro_ref target = ouro_list_new(), list = ouro_list_new(), dict = ouro_dict_new();
    ouro_ref both = ouro_tuple_of(2, target, list), class = make_class("A", NULL);
    ouro_ref a = make_instance(class);
    unsigned count = 0;
    T_EQ(ouro_gc_referrers(target, count_it, &count), 0);
    T_EQ(count, 1);
    for (int i = 0; i < 500; i++) T_EQ(ouro_list_append(list, i == 400 ? target : number(i)), 0);
    for (int i = 0; i < 50; i++) T_EQ(ouro_dict_set(dict, number(i), i ? number(1) : target), 0);
    set(a, "x", target);
    count = 0;
    T_EQ(ouro_gc_referrers(target, count_it, &count), 0);
    T_EQ(count, 4);
    T_EQ(ouro_diag_refcount(target), 5);
    ouro_decref(both);
    ouro_decref(dict);
    ouro_decref(list);
    ouro_decref(a);
    count = 0;
    T_EQ(ouro_gc_referrers(target, count_it, &count), 0);
    T_EQ(count, 0);
    ouro_decref(target);
    ouro_decref(class);
}

static void is_tracked(ouro_ref ref, bool wanted)
{
    T_EQ(ouro_gc_is_tracked(ref), wanted);
    ouro_decref(ref);
}
static void test_is_tracked(void)
{
    begin();
    is_tracked(OURO_NONE, false);
    is_tracked(ouro_int_new(1), false);
    is_tracked(ouro_int_new(INT64_MAX), false);
    is_tracked(ouro_float_new(1.0), false);
    is_tracked(OURO_TRUE, false);
    is_tracked(OURO_FALSE, false);
    is_tracked(ouro_str_from("a"), false);
    is_tracked(OURO_EMPTY_TUPLE, false);
    is_tracked(ouro_bytes_new("a", 1), false);
    is_tracked(ouro_bytearray_new("a", 1), false);
    is_tracked(ouro_module_new("m"), true);
    ouro_ref class = make_class("UserClass", NULL);
    ouro_ref slots = ouro_class_new_slots("UserClassSlots", NULL, "");
    is_tracked(make_instance(class), true);
    is_tracked(make_instance(slots), true);
    is_tracked(slots, true);
    is_tracked(class, true);
    is_tracked(ouro_list_new(), true);
    is_tracked(ouro_set_new(), true);
}

static ouro_ref storage;
static void lazarus_del(ouro_ref self) { T_EQ(ouro_list_append(storage, self), 0); }
DEL(lazarus_def, lazarus_del);

static void test_is_finalized(void)
{
    begin();
    T_CHECK(!ouro_gc_is_finalized(ouro_int_new(3)));
    ouro_ref class = make_class("Lazarus", &lazarus_def), lazarus = make_instance(class);
    storage = ouro_list_new();
    T_CHECK(!ouro_gc_is_finalized(lazarus));
    ouro_decref(lazarus);
    ouro_gc_collect(2);
    lazarus = ouro_list_pop(storage, 0);
    T_CHECK(ouro_gc_is_finalized(lazarus));
    ouro_decref(lazarus);
    ouro_put(&storage, NULL);
    ouro_decref(class);
    T_EQ(objects(), 0);
}

/* ---- debugging ---- */

static bool matches(const char *text)
{
    for (const char *at = written; *text; text++) {
        if (*text != '#') {
            if (*at++ != *text) return false;
            continue;
        }
        if (*at < '0' || *at > '9') return false; /* a number */
        while (*at >= '0' && *at <= '9') at++;
    }
    return true;
}

static uint64_t tick(void)
{
    static uint64_t now;
    return now += 10;
}

static void test_gc_debug_stats(void)
{
    begin();
    ouro_ref first = ouro_list_new(), second = ouro_list_new();
    T_EQ(ouro_list_append(first, second), 0);
    T_EQ(ouro_list_append(second, first), 0);
    ouro_decref(second);
    ouro_gc_set_debug(OURO_GC_DEBUG_STATS);
    ouro_gc_collect(0);
    T_TEXT(written, "gc: collecting generation 0...\n"
                    "gc: objects in each generation: 2 0 0\n"
                    "gc: objects in permanent generation: 0\n"
                    "gc: done, 0 unreachable, 0 uncollectable, 0 instructions elapsed\n");
    write_from_start();
    ouro_decref(first);
    ouro_gc_set_clock(tick);
    ouro_gc_set_debug(OURO_GC_DEBUG_STATS | OURO_GC_DEBUG_COLLECTABLE);
    ouro_gc_collect(2);
    T_CHECK(matches("gc: collecting generation 2...\n"
                    "gc: objects in each generation: 0 2 0\n"
                    "gc: objects in permanent generation: 0\n"
                    "gc: collectable <list 0x"));
    const char *done = strstr(written, "gc: done");
    T_CHECK(done && strncmp(done, "gc: done, 2 unreachable, 0 uncollectable, ", 42) == 0);
    T_CHECK(gc_stats().duration[2] >= 10);
    ouro_gc_set_clock(NULL);
}

/* Whoever writes what is told may make objects, garbage among them, and ask for a collection. */
static void talk(void *context, const char *text, size_t bytes)
{
    (void)text;
    (void)bytes;
    unsigned *calls = context;
    ouro_ref list = ouro_list_new();
    T_EQ(ouro_list_append(list, list), 0);
    ouro_decref(list);
    (void)ouro_gc_step(50);
    if (++*calls % 8 == 0) T_EQ(ouro_gc_collect(0), 0); /* one runs: it is not asked for in vain */
}
static void who_writes_may_allocate(void)
{
    enum { MANY = 60 };
    unsigned calls = 0;
    begin();
    for (unsigned i = 0; i < MANY; i++) {
        ouro_ref list = ouro_list_new();
        T_EQ(ouro_list_append(list, list), 0);
        ouro_decref(list);
    }
    ouro_gc_set_output(talk, &calls);
    ouro_gc_set_debug(OURO_GC_DEBUG_STATS | OURO_GC_DEBUG_COLLECTABLE);
    T_EQ(ouro_gc_collect(2), MANY);
    T_CHECK(calls > MANY);
    T_CHECK(ouro_diag_verify() == NULL);
    ouro_gc_set_debug(0);
    T_CHECK(ouro_gc_collect(2) > MANY); /* what was made meanwhile */
    T_CHECK(ouro_diag_verify() == NULL);
    ouro_gc_set_output(NULL, NULL);
}

static void flags_have_their_values(void)
{
    begin();
    T_EQ(OURO_GC_DEBUG_STATS, 1);
    T_EQ(OURO_GC_DEBUG_COLLECTABLE, 2);
    T_EQ(OURO_GC_DEBUG_UNCOLLECTABLE, 4);
    T_EQ(OURO_GC_DEBUG_SAVEALL, 32);
    T_EQ(OURO_GC_DEBUG_LEAK, 2 | 4 | 32);
    T_CHECK(ouro_gc_garbage() != NULL);
    for (unsigned flags = 0; flags < 64; flags++) {
        ouro_gc_set_debug(flags);
        T_EQ(ouro_gc_get_debug(), flags);
    }
}

static void test_get_stats(void)
{
    begin();
    struct ouro_gc_stats old = gc_stats();
    ouro_gc_collect(0);
    struct ouro_gc_stats new = gc_stats();
    T_EQ(new.collections[0], old.collections[0] + 1);
    T_EQ(new.collections[1], old.collections[1]);
    T_EQ(new.collections[2], old.collections[2]);
    ouro_gc_collect(2);
    new = gc_stats();
    T_EQ(new.collections[0], old.collections[0] + 1);
    T_EQ(new.collections[1], old.collections[1]);
    T_EQ(new.collections[2], old.collections[2] + 1);
}

static const struct t_test tests[] = {
    T_TEST(test_get_referents),      T_TEST(test_get_referrers),      T_TEST(test_is_tracked),
    T_TEST(test_is_finalized),       T_TEST(test_gc_debug_stats),     T_TEST(test_get_stats),
    T_TEST(who_writes_may_allocate), T_TEST(flags_have_their_values),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
