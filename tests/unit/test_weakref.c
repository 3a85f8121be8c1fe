/* SPDX-License-Identifier: MIT
 * test_weakref.c - CPython's Lib/test/test_weakref.py on this runtime: ref and proxy.
 *
 * The tests have the names and assertions of the originals; where these define classes with methods
 * there are types and callbacks in C, and a method's self is the callback's context.  Containers
 * and finalize are in test_weakref_containers.c. */
#include <string.h>

#include "weak_objects.h"

static ouro_ref global;

static void test_basic_ref(void)
{
    begin();
    ouro_ref o = make(&c_type), ref = ouro_weakref_new(o), o2 = ouro_weakref_get(ref);
    T_CHECK(o2 != OURO_NONE);
    T_CHECK(o == o2);
    ouro_decref(o2);
    ouro_decref(o);
    T_CHECK(ouro_weakref_get(ref) == OURO_NONE);
    ouro_decref(ref);
    T_EQ(objects(), 0);
}

static void test_basic_callback(void)
{
    begin();
    ouro_ref o = make(&c_type), ref = ouro_weakref_new_with(o, count_call, NULL);
    ouro_decref(o);
    T_EQ(calls, 1);
    T_CHECK(is_dead(ref));
    ouro_decref(ref);
    T_EQ(objects(), 0);
}

static void test_multiple_callbacks(void)
{
    begin();
    ouro_ref o = make(&c_type);
    ouro_ref ref1 = ouro_weakref_new_with(o, count_call, NULL);
    ouro_ref ref2 = ouro_weakref_new_with(o, count_call, NULL);
    drop(o);
    T_CHECK(is_dead(ref1));
    T_CHECK(is_dead(ref2));
    T_EQ(calls, 2);
    ouro_decref(ref1);
    ouro_decref(ref2);
}

/* All references are dead before the first callback is called. */
static int call_global(ouro_ref weakref, ouro_ref context)
{
    T_CHECK(is_dead(global));
    return count_call(weakref, context);
}
static void test_multiple_selfref_callbacks(void)
{
    begin();
    ouro_ref c = make(&c_type);
    global = ouro_weakref_new_with(c, call_global, NULL);
    ouro_ref ref1 = ouro_weakref_new_with(c, call_global, NULL);
    drop(c);
    T_EQ(calls, 2);
    ouro_decref(ref1);
    ouro_put(&global, NULL);
}

static void is_reference_error(ouro_ref proxy)
{
    const char *message;
    ouro_error_clear();
    T_CHECK(ouro_proxy_get(proxy) == NULL);
    T_EQ(ouro_error_get(&message), OURO_REFERENCE_ERROR);
    T_TEXT(message, "weakly-referenced object no longer exists");
    T_TEXT(ouro_error_name(OURO_REFERENCE_ERROR), "ReferenceError");
    T_CHECK(ouro_attr_get_string(proxy, "bar") == NULL);
    T_EQ(ouro_error_get(NULL), OURO_REFERENCE_ERROR);
    ouro_error_clear();
}
static void test_proxy_ref(void)
{
    begin();
    ouro_ref o = make(&c_type);
    ouro_ref ref1 = ouro_proxy_new_with(o, count_call, NULL);
    ouro_ref ref2 = ouro_proxy_new_with(o, count_call, NULL);
    drop(o);
    is_reference_error(ref1);
    is_reference_error(ref2);
    o = make(&c_type);
    ouro_ref ref3 = ouro_proxy_new(o);
    drop(o);
    is_reference_error(ref3);
    T_EQ(calls, 2);
    ouro_decref(ref1);
    ouro_decref(ref2);
    ouro_decref(ref3);
    T_EQ(objects(), 0);
}

static void test_ref_reuse(void)
{
    begin();
    for (unsigned order = 0; order < 2; order++) {
        ouro_ref o = make(&c_type), ref1 = order ? NULL : ouro_weakref_new(o);
        ouro_ref proxy = ouro_proxy_new(o);
        if (order) ref1 = ouro_weakref_new(o);
        ouro_ref ref2 = ouro_weakref_new(o);
        T_CHECK(ref1 == ref2);
        T_EQ(ouro_weakref_count(o), 2);
        ouro_decref(proxy);
        T_EQ(ouro_weakref_count(o), 1);
        ouro_decref(ref1);
        ouro_decref(ref2);
        ouro_decref(o);
        T_EQ(objects(), 0);
    }
}

static void test_proxy_reuse(void)
{
    begin();
    ouro_ref o = make(&c_type), proxy1 = ouro_proxy_new(o), ref = ouro_weakref_new(o);
    ouro_ref proxy2 = ouro_proxy_new(o);
    T_CHECK(proxy1 == proxy2);
    ouro_decref(proxy1);
    ouro_decref(proxy2);
    ouro_decref(ref);
    ouro_decref(o);
}

/* CPython's check_proxy(): a change of either is seen by the other. */
static void check_proxy(ouro_ref o, ouro_ref proxy)
{
    ouro_ref sides[][2] = {{o, proxy}, {proxy, o}}, foo = ouro_str_from("foo");
    for (unsigned i = 0; i < T_COUNT(sides); i++) {
        for (int value = 1; value <= 2; value++) {
            T_EQ(ouro_attr_set(sides[i][0], foo, ouro_int_new(value)), 0);
            T_CHECK(ouro_attr_get(sides[i][1], foo) == ouro_int_new(value));
        }
        T_EQ(ouro_attr_del(sides[i][0], foo), 0);
        T_EQ(ouro_attr_has(sides[i][1], foo), 0);
    }
    ouro_decref(foo);
}
static void test_basic_proxy(void)
{
    begin();
    ouro_ref class = ouro_class_new("C", NULL), instance = ouro_instance_new(class);
    ouro_ref proxy = ouro_proxy_new(instance);
    check_proxy(instance, proxy);
    ouro_decref(proxy);
    ouro_decref(instance);
    ouro_decref(class);
    ouro_ref o = make_object(1), p = ouro_proxy_new(o), found = ouro_proxy_get(p);
    T_CHECK(found == o);
    ouro_decref(found);
    ouro_ref o2 = make_object(1), p2 = ouro_proxy_new(o2), o3 = make_object(2);
    T_EQ(ouro_equal(p, p2), 1);
    T_EQ(ouro_equal(p, o2), 1);
    T_EQ(ouro_equal(p, o3), 0);
    ouro_decref(o);
    T_EQ(ouro_equal(p, p2), -1);
    T_EQ(ouro_error_get(NULL), OURO_REFERENCE_ERROR);
    ouro_error_clear();
    ouro_ref all[] = {p, p2, o2, o3};
    for (unsigned i = 0; i < T_COUNT(all); i++) ouro_decref(all[i]);
    T_EQ(objects(), 0);
}

static void test_shared_ref_without_callback(void)
{
    begin();
    ouro_ref o = make_object(1);
    ouro_ref p1 = ouro_weakref_new_with(o, NULL, NULL), p2 = ouro_weakref_new_with(o, NULL, NULL);
    T_CHECK(p1 == p2);
    ouro_decref(p1);
    ouro_decref(p2);
    p1 = ouro_weakref_new(o);
    p2 = ouro_weakref_new_with(o, NULL, NULL);
    T_CHECK(p1 == p2);
    ouro_decref(p1);
    ouro_decref(p2);
    p1 = ouro_weakref_new_with(o, NULL, NULL);
    p2 = ouro_weakref_new(o);
    T_CHECK(p1 == p2);
    ouro_decref(p1);
    ouro_decref(p2);
    ouro_decref(o);
    T_EQ(objects(), 0);
}

/* CPython's deletes an item, for which there is no method here: an attribute, then. */
static void test_proxy_deletion(void)
{
    begin();
    ouro_ref class = ouro_class_new("Foo", NULL), g = ouro_instance_new(class);
    ouro_ref f = ouro_proxy_new(g), result = ouro_str_from("result");
    T_EQ(ouro_attr_del(f, result), -1);
    T_EQ(ouro_error_get(NULL), OURO_ATTRIBUTE_ERROR);
    ouro_error_clear();
    T_EQ(ouro_attr_set(g, result, OURO_TRUE), 0);
    T_EQ(ouro_attr_del(f, result), 0);
    T_EQ(ouro_attr_has(g, result), 0);
    ouro_ref all[] = {result, f, g, class};
    for (unsigned i = 0; i < T_COUNT(all); i++) ouro_decref(all[i]);
    T_EQ(objects(), 0);
}

static void test_proxy_hash(void)
{
    begin();
    ouro_ref obj = make_object(42), proxy = ouro_proxy_new(obj);
    uint32_t hash;
    T_EQ(ouro_hash(proxy, &hash), -1);
    T_EQ(ouro_error_get(NULL), OURO_TYPE_ERROR);
    ouro_decref(proxy);
    ouro_decref(obj);
}

static void test_getweakrefcount(void)
{
    begin();
    ouro_ref o = make(&c_type), ref1 = ouro_weakref_new(o);
    ouro_ref ref2 = ouro_weakref_new_with(o, count_call, NULL);
    T_EQ(ouro_weakref_count(o), 2);
    ouro_ref proxy1 = ouro_proxy_new(o), proxy2 = ouro_proxy_new_with(o, count_call, NULL);
    T_EQ(ouro_weakref_count(o), 4);
    ouro_decref(ref1);
    ouro_decref(ref2);
    ouro_decref(proxy1);
    ouro_decref(proxy2);
    T_EQ(ouro_weakref_count(o), 0);
    T_EQ(ouro_weakref_count(ouro_int_new(1)), 0);
    ouro_decref(o);
    T_EQ(calls, 0);
}

/* The list of weak references is just `only`, or empty for NULL. */
static void refs_are(ouro_ref o, ouro_ref only)
{
    ouro_ref found = ouro_weakref_next(o, NULL);
    T_CHECK(found == only);
    if (!found) return;
    T_CHECK(ouro_weakref_next(o, found) == NULL);
    ouro_decref(found);
}
static void test_getweakrefs(void)
{
    begin();
    ouro_ref o = make(&c_type);
    ouro_ref ref1 = ouro_weakref_new_with(o, count_call, NULL);
    ouro_ref ref2 = ouro_weakref_new_with(o, count_call, NULL);
    ouro_decref(ref1);
    refs_are(o, ref2);
    ouro_decref(o);
    ouro_decref(ref2);
    o = make(&c_type);
    ref1 = ouro_weakref_new_with(o, count_call, NULL);
    ref2 = ouro_weakref_new_with(o, count_call, NULL);
    ouro_decref(ref2);
    refs_are(o, ref1);
    ouro_decref(ref1);
    refs_are(o, NULL);
    refs_are(ouro_int_new(1), NULL);
    ouro_decref(o);
}

/* An error that is set while a callback runs is still set behind it. */
static int remove_key(ouro_ref weakref, ouro_ref dict)
{
    T_EQ(ouro_error_get(NULL), OURO_VALUE_ERROR);
    T_EQ(ouro_dict_del(dict, weakref), -1); /* it is not hashed, and its object is gone */
    calls++;
    return 0;
}
static void test_callbacks_protected(void)
{
    begin();
    const char *message;
    ouro_ref data = ouro_dict_new();
    for (unsigned turn = 0; turn < 2; turn++) {
        ouro_ref f = make(&c_type), ref = ouro_weakref_new_with(f, remove_key, data);
        ouro_error_format(OURO_VALUE_ERROR, "bogus %d", turn);
        ouro_decref(f);
        T_EQ(ouro_error_get(&message), OURO_VALUE_ERROR);
        T_TEXT(message, turn ? "bogus 1" : "bogus 0");
        ouro_decref(ref);
    }
    T_EQ(calls, 2);
    ouro_error_clear();
    ouro_decref(data);
    T_EQ(objects(), 0);
}

static int collect(ouro_ref weakref, ouro_ref context)
{
    (void)ouro_gc_collect(2);
    return count_call(weakref, context);
}
static void test_sf_bug_840829(void)
{
    begin();
    ouro_ref c = make(&c_type), wr = ouro_weakref_new_with(c, collect, NULL);
    drop(c);
    ouro_decref(wr);
    ouro_ref c1 = make(&c_type);
    object_of(c1)->a = make(&c_type);
    wr = ouro_weakref_new_with(object_of(c1)->a, collect, NULL);
    ouro_ref c2 = make(&c_type);
    object_of(c2)->a = c1;
    drop(c2);
    T_EQ(calls, 2);
    ouro_decref(wr);
    T_EQ(objects(), 0);
}

static int unwanted(ouro_ref weakref, ouro_ref context)
{
    (void)weakref;
    T_CHECK(object_of(context)->a != NULL);
    log_add("unwanted");
    return 0;
}
static void test_callback_in_cycle(void)
{
    begin();
    ouro_ref j = make(&c_type), i = make(&c_type);
    set(&object_of(j)->a, j); /* as a class that its __mro__ refers to */
    set(&object_of(i)->a, j);
    object_of(i)->b = ouro_weakref_new_with(j, unwanted, i);
    ouro_decref(i);
    ouro_decref(j);
    T_EQ(ouro_gc_collect(2), 3);
    T_TEXT(log_text, "");
    T_EQ(objects(), 0);
}

/* c2 leads to c1, but not the other way. */
static void reachable_one_way(const struct ouro_type *type)
{
    ouro_ref c1 = make(&c_type), c2 = make(type);
    set(&object_of(c2)->a, c2);
    set(&object_of(c2)->b, c1);
    object_of(c2)->c = ouro_weakref_new_with(c1, unwanted, c2);
    ouro_decref(c1);
    ouro_decref(c2);
    T_EQ(ouro_gc_collect(2), 3);
    T_TEXT(log_text, "");
    T_EQ(objects(), 0);
}
static void test_callback_reachable_one_way(void)
{
    begin();
    reachable_one_way(&c_type);
}
static void test_callback_different_classes(void)
{
    begin();
    reachable_one_way(&object_type);
}

static int went_away(ouro_ref weakref, ouro_ref context)
{
    (void)context;
    T_CHECK(is_dead(weakref));
    log_add("C went away");
    return 0;
}
static void test_callback_in_cycle_resurrection(void)
{
    begin();
    ouro_ref c1 = make(&c_type), c2 = make(&c_type), class = make(&c_type);
    set(&object_of(class)->a, class);
    set(&object_of(c1)->a, c2);
    set(&object_of(c2)->a, c1);
    set(&object_of(c1)->c, class);
    set(&object_of(c2)->c, class);
    object_of(c1)->b = ouro_weakref_new_with(c2, unwanted, c1);
    object_of(c2)->b = ouro_weakref_new_with(c1, unwanted, c2);
    ouro_ref wr = ouro_weakref_new_with(class, went_away, NULL);
    ouro_decref(c1);
    ouro_decref(c2);
    ouro_decref(class);
    T_TEXT(log_text, "");
    T_EQ(ouro_gc_collect(2), 5);
    T_TEXT(log_text, "C went away");
    T_CHECK(is_dead(wr));
    log_clear();
    T_EQ(ouro_gc_collect(2), 0);
    T_TEXT(log_text, "");
    ouro_decref(wr);
    T_EQ(objects(), 0);
}

static void test_callbacks_on_callback(void)
{
    begin();
    ouro_ref c = make(&c_type), d = make(&c_type), callback = make(&c_type);
    set(&object_of(callback)->a, c); /* the bound method c.cb */
    set(&object_of(c)->a, d);
    set(&object_of(d)->a, c);
    object_of(c)->b = ouro_weakref_new_with(d, unwanted, callback);
    object_of(d)->b = ouro_weakref_new_with(callback, unwanted, d);
    ouro_ref external = ouro_weakref_new_with(callback, went_away, NULL);
    ouro_ref found = ouro_weakref_get(external);
    T_CHECK(found == callback);
    ouro_decref(found);
    ouro_decref(callback);
    ouro_decref(c);
    ouro_decref(d);
    T_TEXT(log_text, "");
    T_CHECK(ouro_gc_collect(2) > 0);
    T_TEXT(log_text, "C went away");
    T_CHECK(is_dead(external));
    log_clear();
    T_EQ(ouro_gc_collect(2), 0);
    T_TEXT(log_text, "");
    ouro_decref(external);
    T_EQ(objects(), 0);
}

static void test_gc_during_ref_creation(void)
{
    begin();
    ouro_gc_enable();
    ouro_gc_set_threshold(1, 1, 1);
    (void)ouro_gc_collect(2);
    ouro_ref referenced = make(&c_type), a = make(&c_type);
    set(&object_of(a)->a, a);
    object_of(a)->b = ouro_weakref_new(referenced);
    ouro_decref(a); /* it is garbage while the next ones are made */
    a = make(&c_type);
    for (unsigned i = 0; i < 20; i++) {
        ouro_ref wr = ouro_weakref_new_with(referenced, count_call, NULL);
        T_CHECK(!is_dead(wr));
        ouro_decref(wr);
    }
    ouro_decref(a);
    ouro_decref(referenced);
    (void)ouro_gc_collect(2);
    T_EQ(calls, 0);
    T_EQ(objects(), 0);
}

static void refer_to(ouro_ref self) { global = ouro_weakref_new(self); }
static void test_ref_created_during_del(void)
{
    begin();
    at_finalize = refer_to;
    global = NULL;
    ouro_ref w = make(&dying_type);
    ouro_decref(w);
    if (T_CHECK(global != NULL)) T_CHECK(is_dead(global));
    ouro_put(&global, NULL);
    T_EQ(objects(), 0);
}

static void test_equality(void)
{
    begin();
    ouro_ref x = make_object(1), y = make_object(1), z = make_object(2);
    ouro_ref a = ouro_weakref_new(x), b = ouro_weakref_new(y), c = ouro_weakref_new(z);
    ouro_ref d = ouro_weakref_new_with(x, count_call, NULL);
    T_EQ(ouro_equal(a, b), 1);
    T_EQ(ouro_equal(a, c), 0);
    T_EQ(ouro_equal(a, d), 1);
    T_EQ(ouro_equal(a, x), 0);
    drop(x);
    drop(y);
    drop(z);
    ouro_ref all[] = {a, b, c, d};
    for (unsigned i = 0; i < T_COUNT(all); i++) {
        T_CHECK(is_dead(all[i]));
        for (unsigned k = 0; k < T_COUNT(all); k++) T_EQ(ouro_equal(all[i], all[k]), i == k);
    }
    for (unsigned i = 0; i < T_COUNT(all); i++) ouro_decref(all[i]);
    T_EQ(objects(), 0);
}

static void test_hashing(void)
{
    begin();
    ouro_ref x = make_object(42), y = make_object(42);
    ouro_ref a = ouro_weakref_new(x), b = ouro_weakref_new(y);
    uint32_t hash, wanted;
    T_EQ(ouro_hash(ouro_int_new(42), &wanted), 0);
    T_EQ(ouro_hash(a, &hash), 0);
    T_EQ(hash, wanted);
    ouro_decref(x);
    ouro_decref(y);
    hash = 0;
    T_EQ(ouro_hash(a, &hash), 0);
    T_EQ(hash, wanted);
    T_EQ(ouro_hash(b, &hash), -1);
    T_EQ(ouro_error_get(NULL), OURO_TYPE_ERROR);
    ouro_decref(a);
    ouro_decref(b);
}

static int look_at(ouro_ref weakref, ouro_ref other)
{
    (void)weakref;
    ouro_ref found = ouro_weakref_get(other);
    T_CHECK(found == OURO_NONE || ouro_diag_refcount(found) > 0);
    ouro_decref(found);
    calls++;
    return 0;
}
static void test_trashcan_16602(void)
{
    begin();
    ouro_ref d = ouro_weakkeys_new(), root = make(&c_type), c = root;
    for (unsigned n = 0; n < 100; n++) {
        ouro_ref child = make(&c_type), own = ouro_weakref_new(child);
        object_of(child)->a = ouro_weakref_new_with(c, look_at, own);
        ouro_decref(own);
        T_EQ(ouro_weakkeys_set(d, c, child), 0);
        ouro_decref(child); /* the dict's alone */
        c = child;
    }
    drop(root);
    (void)ouro_gc_collect(2);
    T_EQ(ouro_weak_len(d), 0);
    T_CHECK(calls > 0);
    ouro_decref(d);
    T_EQ(objects(), 0);
}

static void test_callback_attribute_after_deletion(void)
{
    begin();
    ouro_ref x = make_object(1), context = ouro_list_new(), found;
    ouro_ref ref = ouro_weakref_new_with(x, count_call, context);
    T_CHECK(ouro_weakref_callback(ref, &found) == count_call);
    T_CHECK(found == context);
    drop(x);
    T_CHECK(ouro_weakref_callback(ref, &found) == NULL);
    T_CHECK(found == NULL);
    T_EQ(ouro_diag_refcount(context), 1);
    ouro_decref(context);
    ouro_decref(ref);
}

static void test_callback_gcs(void)
{
    begin();
    ouro_ref x = make(&dying_type), ref1 = ouro_weakref_new_with(x, collect, NULL);
    drop(x);
    (void)ouro_gc_collect(2);
    T_EQ(calls, 1);
    ouro_decref(ref1);
    T_EQ(objects(), 0);
}

static const struct t_test tests[] = {
    T_TEST(test_basic_ref),
    T_TEST(test_basic_callback),
    T_TEST(test_multiple_callbacks),
    T_TEST(test_multiple_selfref_callbacks),
    T_TEST(test_proxy_ref),
    T_TEST(test_ref_reuse),
    T_TEST(test_proxy_reuse),
    T_TEST(test_basic_proxy),
    T_TEST(test_shared_ref_without_callback),
    T_TEST(test_proxy_deletion),
    T_TEST(test_proxy_hash),
    T_TEST(test_getweakrefcount),
    T_TEST(test_getweakrefs),
    T_TEST(test_callbacks_protected),
    T_TEST(test_sf_bug_840829),
    T_TEST(test_callback_in_cycle),
    T_TEST(test_callback_reachable_one_way),
    T_TEST(test_callback_different_classes),
    T_TEST(test_callback_in_cycle_resurrection),
    T_TEST(test_callbacks_on_callback),
    T_TEST(test_gc_during_ref_creation),
    T_TEST(test_ref_created_during_del),
    T_TEST(test_equality),
    T_TEST(test_hashing),
    T_TEST(test_trashcan_16602),
    T_TEST(test_callback_attribute_after_deletion),
    T_TEST(test_callback_gcs),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
