/* SPDX-License-Identifier: MIT
 * test_weakref_containers.c - CPython's Lib/test/test_weakref.py on this runtime: dictionaries of
 * weak keys and values, and finalize.  Names and assertions are the originals'. */
#include <string.h>

#include "weak_objects.h"

enum { COUNT = 10 };

static ouro_ref objects_of[COUNT];

static ouro_ref make_weak_keyed_dict(void)
{
    ouro_ref dict = ouro_weakkeys_new();
    for (int i = 0; i < COUNT; i++) {
        objects_of[i] = make_object(i);
        T_EQ(ouro_weakkeys_set(dict, objects_of[i], object_of(objects_of[i])->arg), 0);
    }
    return dict;
}
static ouro_ref make_weak_valued_dict(void)
{
    ouro_ref dict = ouro_weakvalues_new();
    for (int i = 0; i < COUNT; i++) {
        objects_of[i] = make_object(i);
        T_EQ(ouro_weakvalues_set(dict, object_of(objects_of[i])->arg, objects_of[i]), 0);
    }
    return dict;
}
static void drop_objects(unsigned from)
{
    for (unsigned i = from; i < COUNT; i++) {
        ouro_xdecref(objects_of[i]);
        objects_of[i] = NULL;
    }
    settle();
}

/* Two dictionaries have the same items in the same order. */
static void are_alike(ouro_ref one, ouro_ref other)
{
    struct ouro_weak_walk x, y;
    ouro_ref key1, key2, value1, value2;
    T_EQ(ouro_weak_len(one), ouro_weak_len(other));
    ouro_weak_begin(&x, one);
    ouro_weak_begin(&y, other);
    unsigned n = 0;
    for (; ouro_weak_next(&x, &key1, &value1); n++) {
        if (!T_CHECK(ouro_weak_next(&y, &key2, &value2))) break;
        T_CHECK(key1 == key2 && value1 == value2);
        ouro_ref all[] = {key1, key2, value1, value2};
        for (unsigned i = 0; i < T_COUNT(all); i++) ouro_decref(all[i]);
    }
    T_EQ(n, ouro_weak_len(one));
    T_CHECK(!ouro_weak_next(&y, NULL, NULL));
    ouro_weak_end(&x);
    ouro_weak_end(&y);
}

static void test_weak_values(void)
{
    begin();
    ouro_ref dict = make_weak_valued_dict();
    for (unsigned i = 0; i < COUNT; i++) {
        T_EQ(ouro_weakref_count(objects_of[i]), 1);
        ouro_ref found = ouro_weakvalues_get(dict, object_of(objects_of[i])->arg);
        T_CHECK(found == objects_of[i]);
        ouro_decref(found);
    }
    ouro_ref copy = ouro_weakvalues_new();
    T_EQ(ouro_weak_update(copy, dict), 0);
    are_alike(dict, copy);
    ouro_decref(copy);
    T_EQ(ouro_weak_len(dict), COUNT);
    ouro_put(&objects_of[0], NULL);
    T_EQ(ouro_weak_len(dict), COUNT - 1);
    T_CHECK(ouro_weakvalues_get(dict, ouro_int_new(0)) == NULL);
    drop_objects(1);
    T_EQ(ouro_weak_len(dict), 0);
    ouro_decref(dict);
    T_EQ(objects(), 0);
    dict = ouro_weakvalues_new();
    T_CHECK(ouro_weakvalues_pop(dict, ouro_int_new(1)) == NULL);
    T_EQ(ouro_error_get(NULL), OURO_KEY_ERROR);
    ouro_ref c = make(&c_type);
    T_EQ(ouro_weakvalues_set(dict, ouro_int_new(2), c), 0);
    ouro_decref(c);
    ouro_error_clear();
    T_CHECK(ouro_weakvalues_get(dict, ouro_int_new(2)) == NULL);
    T_EQ(ouro_weakvalues_del(dict, ouro_int_new(2)), -1);
    T_EQ(ouro_error_get(NULL), OURO_KEY_ERROR);
    ouro_decref(dict);
    T_EQ(objects(), 0);
}

static void test_weak_keys(void)
{
    begin();
    ouro_ref dict = make_weak_keyed_dict();
    for (int i = 0; i < COUNT; i++) {
        T_EQ(ouro_weakref_count(objects_of[i]), 1);
        T_CHECK(ouro_weakkeys_get(dict, objects_of[i]) == ouro_int_new(i));
    }
    ouro_ref copy = ouro_weakkeys_new();
    T_EQ(ouro_weak_update(copy, dict), 0);
    are_alike(dict, copy);
    ouro_decref(copy);
    T_EQ(ouro_weak_len(dict), COUNT);
    ouro_put(&objects_of[0], NULL);
    T_EQ(ouro_weak_len(dict), COUNT - 1);
    drop_objects(1);
    T_EQ(ouro_weak_len(dict), 0);
    ouro_ref o = make_object(42), text = ouro_str_from("What is the meaning of the universe?");
    T_EQ(ouro_weakkeys_set(dict, o, text), 0);
    T_CHECK(ouro_weakkeys_has(dict, o));
    T_CHECK(!ouro_weakkeys_has(dict, ouro_int_new(34)));
    ouro_decref(text);
    ouro_decref(o);
    ouro_decref(dict);
    T_EQ(objects(), 0);
}

/* N objects in cycles, in a dictionary of which a walk has begun; one may be held by the walk. */
static void check_len_cycles(ouro_ref dict, bool has_weak_keys)
{
    struct ouro_weak_walk walk;
    ouro_ref key, value;
    for (unsigned i = 0; i < 20; i++) {
        ouro_ref item = make(&c_type);
        set(&object_of(item)->a, item);
        T_EQ(has_weak_keys ? ouro_weakkeys_set(dict, item, ouro_int_new(1))
                           : ouro_weakvalues_set(dict, ouro_int_new(1), item),
             0);
        ouro_decref(item);
    }
    ouro_weak_begin(&walk, dict);
    T_CHECK(ouro_weak_next(&walk, &key, &value));
    (void)ouro_gc_collect(2);
    T_EQ(ouro_weak_len(dict), 1);
    ouro_decref(key);
    ouro_decref(value);
    ouro_weak_end(&walk);
    (void)ouro_gc_collect(2);
    T_EQ(ouro_weak_len(dict), 0);
    ouro_decref(dict);
    T_EQ(objects(), 0);
}
static void test_weak_keyed_len_cycles(void)
{
    begin();
    check_len_cycles(ouro_weakkeys_new(), true);
}
static void test_weak_valued_len_cycles(void)
{
    begin();
    check_len_cycles(ouro_weakvalues_new(), false);
}

static unsigned count_rest(struct ouro_weak_walk *walk)
{
    ouro_ref key;
    unsigned n = 0;
    for (; ouro_weak_next(walk, &key, NULL); n++) ouro_decref(key);
    return n;
}

/* Implicit removal does not disturb a walk; then explicit changes while one is under way. */
static void test_weak_keys_destroy_while_iterating(void)
{
    begin();
    ouro_ref dict = make_weak_keyed_dict(), key;
    struct ouro_weak_walk walk;
    for (unsigned left = COUNT; left > COUNT - 4; left--) {
        ouro_weak_begin(&walk, dict);
        T_CHECK(ouro_weak_next(&walk, &key, NULL));
        ouro_decref(key);
        drop_objects(left - 1);
        (void)ouro_gc_collect(2);
        T_EQ(ouro_weak_len(dict), left - 1);
        T_EQ(count_rest(&walk), left - 2);
        ouro_weak_end(&walk);
        T_EQ(ouro_weak_len(dict), left - 1);
    }
    unsigned left = COUNT - 4;
    for (unsigned turn = 0; turn < 4; turn++) { /* a key dies; one equal to it is made */
        ouro_weak_begin(&walk, dict);
        T_CHECK(ouro_weak_next(&walk, NULL, NULL));
        drop_objects(--left);
        ouro_ref k = make_object((int)left), v = ouro_int_new((int)left);
        T_CHECK(!ouro_weakkeys_has(dict, k));
        if (turn == 1) T_EQ(ouro_weakkeys_del(dict, k), -1);
        if (turn == 2) T_CHECK(ouro_weakkeys_pop(dict, k) == NULL);
        if (turn == 1 || turn == 2) T_EQ(ouro_error_get(NULL), OURO_KEY_ERROR);
        T_CHECK(!ouro_weakkeys_has(dict, k));
        if (turn == 3) {
            T_EQ(ouro_weakkeys_set(dict, k, v), 0);
            T_CHECK(ouro_weakkeys_get(dict, k) == v);
            T_EQ(ouro_weak_len(dict), left + 1);
            ouro_weak_clear(dict);
            T_EQ(ouro_weak_len(dict), 0);
        }
        ouro_decref(k);
        ouro_weak_end(&walk);
    }
    T_EQ(ouro_weak_len(dict), 0);
    drop_objects(0);
    T_EQ(ouro_weak_len(dict), 0);
    ouro_decref(dict);
    T_EQ(objects(), 0);
}

static bool mutate;
static int compare_and_mutate(ouro_ref self, ouro_ref other, enum ouro_op op)
{
    int result = object_compare(self, other, op);
    for (unsigned i = COUNT; mutate && result == 1 && i-- > 0;) {
        if (!objects_of[i]) continue;
        ouro_put(&objects_of[i], NULL); /* the last that is left */
        break;
    }
    return result;
}
static const struct ouro_ops mutating_ops = {.hash = object_hash, .compare = compare_and_mutate};
/* clang-format off */
OBJECT_TYPE(mutating_type, "C"), .ops = &mutating_ops};
/* clang-format on */

static void test_weak_keyed_cascading_deletes(void)
{
    begin();
    ouro_ref d = ouro_weakkeys_new();
    mutate = false;
    for (int i = 0; i < 4; i++) {
        ouro_ref ref = objects_of[3 - i] = make(&mutating_type); /* in reverse order of the keys */
        object_of(ref)->arg = ouro_int_new(i);
        T_EQ(ouro_weakkeys_set(d, ref, ouro_int_new(i)), 0);
    }
    mutate = true;
    unsigned count = 0;
    for (unsigned i = 0; i < 4 && objects_of[i]; i++) {
        ouro_ref twin = make(&mutating_type); /* so that the dictionary has to compare */
        set(&object_of(twin)->arg, object_of(objects_of[i])->arg);
        count++;
        T_EQ(ouro_weakkeys_del(d, twin), 0);
        drop(twin);
    }
    mutate = false;
    drop_objects(0);
    T_EQ(ouro_weak_len(d), 0);
    T_EQ(count, 2);
    ouro_decref(d);
    T_EQ(objects(), 0);
}

/* ---- finalize ---- */

static ouro_ref add(ouro_ref list)
{
    int64_t sum = 0, number;
    for (size_t i = 0; i < ouro_list_len(list); i++) {
        T_EQ(ouro_int_get(ouro_list_get(list, (ptrdiff_t)i), &number), 0);
        sum += number;
    }
    calls++;
    return ouro_int_new(sum);
}
static void is_spent(ouro_ref f)
{
    ouro_ref target, context;
    ouro_finalize_fn *function;
    T_CHECK(ouro_finalize_call(f) == OURO_NONE);
    T_CHECK(ouro_finalize_call(f) == OURO_NONE);
    T_CHECK(!ouro_finalize_peek(f, &target, &function, &context));
    T_CHECK(!ouro_finalize_detach(f, &target, &function, &context));
    T_CHECK(!ouro_finalize_is_alive(f));
}
static void is_about(bool answer, ouro_ref a, ouro_ref list, ouro_ref target,
                     ouro_finalize_fn *function, ouro_ref context)
{
    if (!T_CHECK(answer)) return;
    T_CHECK(target == a && function == add && context == list);
    ouro_decref(target);
    ouro_decref(context);
}
static void test_finalize(void)
{
    begin();
    static const int numbers[] = {67, 43, 89};
    ouro_ref a = make(&c_type), list = ouro_list_new(), target = NULL, context = NULL;
    ouro_finalize_fn *function = NULL;
    for (unsigned i = 0; i < T_COUNT(numbers); i++)
        T_EQ(ouro_list_append(list, ouro_int_new(numbers[i])), 0);
    ouro_ref f = ouro_finalize_new(a, add, list);
    T_CHECK(ouro_finalize_is_alive(f));
    bool answer = ouro_finalize_peek(f, &target, &function, &context);
    is_about(answer, a, list, target, function, context);
    T_CHECK(ouro_finalize_call(f) == ouro_int_new(199));
    is_spent(f);
    T_EQ(calls, 1);
    ouro_decref(f);

    f = ouro_finalize_new(a, add, list);
    answer = ouro_finalize_peek(f, &target, &function, &context);
    is_about(answer, a, list, target, function, context);
    answer = ouro_finalize_detach(f, &target, &function, &context);
    is_about(answer, a, list, target, function, context);
    is_spent(f);
    T_EQ(calls, 1);
    ouro_decref(f);

    f = ouro_finalize_new(a, add, list);
    drop(a);
    is_spent(f);
    T_EQ(calls, 2);
    ouro_decref(f);
    T_EQ(ouro_diag_refcount(list), 1);
    ouro_decref(list);
    T_EQ(objects(), 0);
}

/* The word in a str. */
static ouro_ref append_word(ouro_ref word)
{
    log_add(ouro_str_bytes(word, NULL));
    return OURO_NONE;
}
static ouro_ref finalize_word(ouro_ref target, ouro_finalize_fn *function, const char *word)
{
    ouro_ref text = ouro_str_from(word), f = ouro_finalize_new(target, function, text);
    T_CHECK(f != NULL);
    ouro_decref(text);
    return f;
}
static void test_order(void)
{
    begin();
    ouro_ref a = make(&c_type), f[5], target, context;
    ouro_finalize_fn *function;
    char name[] = "f0";
    for (unsigned i = 0; i < 5; i++) {
        name[1]++;
        f[i] = finalize_word(a, append_word, name);
    }
    ouro_decref(f[0]); /* they keep themselves alive */
    ouro_decref(f[3]);
    T_CHECK(ouro_finalize_is_alive(f[1]) && ouro_finalize_is_alive(f[2]));
    if (T_CHECK(ouro_finalize_detach(f[4], &target, &function, &context))) {
        ouro_decref(target);
        ouro_decref(context);
    }
    T_CHECK(!ouro_finalize_is_alive(f[4]));
    T_CHECK(ouro_finalize_call(f[4]) == OURO_NONE);
    log_add("A");
    (void)ouro_finalize_call(f[2]);
    T_CHECK(!ouro_finalize_is_alive(f[2]));
    log_add("B");
    (void)ouro_finalize_call(f[2]);
    log_add("C");
    drop(a);
    T_CHECK(!ouro_finalize_is_alive(f[1]));
    log_add("D");
    (void)ouro_finalize_call(f[1]);
    T_TEXT(log_text, "A f3 B C f4 f2 f1 D");
    ouro_decref(f[1]);
    ouro_decref(f[2]);
    ouro_decref(f[4]);
    T_EQ(objects(), 0);
}

static ouro_ref count_callback(ouro_ref context)
{
    (void)context;
    calls++;
    return OURO_NONE;
}
static void test_all_freed(void)
{
    begin();
    ouro_ref a = make(&c_type), callback = make(&c_type);
    ouro_ref f = ouro_finalize_new(a, count_callback, callback);
    ouro_ref wr_callback = ouro_weakref_new(callback), wr_f = ouro_weakref_new(f);
    ouro_decref(callback);
    ouro_decref(f);
    T_CHECK(!is_dead(wr_callback));
    T_CHECK(!is_dead(wr_f));
    drop(a);
    T_CHECK(is_dead(wr_callback));
    T_CHECK(is_dead(wr_f));
    T_EQ(calls, 1);
    ouro_decref(wr_callback);
    ouro_decref(wr_f);
    T_EQ(objects(), 0);
}

static ouro_ref cls;
static ouro_ref error(ouro_ref word)
{
    ouro_decref(finalize_word(cls, append_word, "g1"));
    log_add(ouro_str_bytes(word, NULL));
    ouro_error_set(OURO_VALUE_ERROR, "division by zero");
    return NULL;
}
static void report(enum ouro_error_kind kind, const char *message, ouro_ref where)
{
    T_EQ(kind, OURO_VALUE_ERROR);
    T_TEXT(message, "division by zero");
    T_TEXT(ouro_type_of(where)->name, "finalize");
    log_add("reported");
}
static void test_atexit(void)
{
    begin();
    ouro_error_set_hook(report);
    cls = make(&c_type);
    ouro_ref f1 = finalize_word(cls, append_word, "f1"), f2 = finalize_word(cls, append_word, "f2");
    ouro_ref f3 = finalize_word(cls, error, "f3"), f4 = finalize_word(cls, append_word, "f4");
    T_CHECK(ouro_finalize_get_atexit(f1));
    ouro_finalize_set_atexit(f2, false);
    T_CHECK(!ouro_finalize_get_atexit(f2));
    T_CHECK(ouro_finalize_get_atexit(f3) && ouro_finalize_get_atexit(f4));
    ouro_finalize_run_all();
    T_TEXT(log_text, "f4 f3 reported g1 f1");
    T_EQ(ouro_error_get(NULL), OURO_NO_ERROR);
    ouro_ref all[] = {f1, f2, f3, f4, cls};
    for (unsigned i = 0; i < T_COUNT(all); i++) ouro_decref(all[i]);
    T_TEXT(log_text, "f4 f3 reported g1 f1");
    T_EQ(objects(), 0);
}

static const struct t_test tests[] = {
    T_TEST(test_weak_values),
    T_TEST(test_weak_keys),
    T_TEST(test_weak_keyed_len_cycles),
    T_TEST(test_weak_valued_len_cycles),
    T_TEST(test_weak_keys_destroy_while_iterating),
    T_TEST(test_weak_keyed_cascading_deletes),
    T_TEST(test_finalize),
    T_TEST(test_order),
    T_TEST(test_all_freed),
    T_TEST(test_atexit),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
