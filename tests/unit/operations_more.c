/* SPDX-License-Identifier: MIT
 * operations_more.c - what rarer operations may cost, in instructions, at any size: on average and
 * at most, collector and dead queue as they come.
 *
 * The same as operations.c, of what takes out of containers, makes small objects and looks things
 * up through something else.  On boards only, and at CHECK=0 and 1. */
#include "call_clock.h"

/* Decrement what a call gave when its clock has stopped. */
#define MEASURE_NEW(call)                                                                          \
    do {                                                                                           \
        begin();                                                                                   \
        ouro_ref made = (call);                                                                    \
        end();                                                                                     \
        if (!made) failures++;                                                                     \
        ouro_decref(made);                                                                         \
    } while (0)

static uint32_t failures;

/* Keys in an order that is not theirs; 7919 is a prime. */
static ouro_ref key_of(ouro_ref keys, uint32_t i)
{
    return ouro_list_get(keys, (ptrdiff_t)((uint64_t)i * 7919 % MANY));
}
#define FOR_KEYS(statement)                                                                        \
    for (uint32_t i = 0; i < MANY; i++) {                                                          \
        ouro_ref key = key_of(keys, i);                                                            \
        statement;                                                                                 \
    }

/* Strs whose hash is known. */
static ouro_ref make_keys(void)
{
    ouro_ref keys = ouro_list_new();
    for (uint32_t i = 0; i < MANY; i++) {
        char text[16] = "key";
        ouro_ref key = ouro_str_new(text, 3 + ouro_format_int(text + 3, i));
        uint32_t hash;
        T_EQ(ouro_hash(key, &hash), 0);
        T_EQ(ouro_list_append(keys, key), 0);
        ouro_decref(key);
    }
    return keys;
}

static void taking_out_of_dicts(void)
{
    if (is_skipped()) return;
    ouro_ref keys = make_keys(), dict = ouro_dict_new();
    start();
    FOR_KEYS(MEASURE(ouro_dict_setdefault(dict, key, OURO_NONE)));
    check("dict setdefault", 780, 1900);
    FOR_KEYS(MEASURE(ouro_dict_setdefault(dict, key, OURO_NONE)));
    check("  of what is there", 190, 340);
    T_EQ(ouro_dict_len(dict), MANY);
    FOR_KEYS(MEASURE_NEW(ouro_dict_pop(dict, key)));
    check("dict pop", 820, 1550);
    T_EQ(ouro_dict_len(dict), 0);
    FOR_KEYS(T_EQ(ouro_dict_set(dict, key, OURO_NONE), 0));
    start();
    for (uint32_t i = 0; i < MANY; i++) {
        ouro_ref key, value;
        begin();
        int got = ouro_dict_popitem(dict, &key, &value);
        end();
        T_CHECK(got >= 0);
        ouro_decref(key);
        ouro_decref(value);
    }
    check("dict popitem", 850, 1600);
    T_EQ(ouro_dict_len(dict), 0);
    T_EQ(failures, 0);
    ouro_decref(keys);
    ouro_decref(dict);
}

static void taking_out_of_sets(void)
{
    if (is_skipped()) return;
    ouro_ref keys = make_keys(), set = ouro_set_new();
    FOR_KEYS(T_EQ(ouro_set_add(set, key), 0));
    start();
    FOR_KEYS(MEASURE(ouro_set_discard(set, key)));
    check("set discard", 800, 1450);
    T_EQ(ouro_set_len(set), 0);
    FOR_KEYS(T_EQ(ouro_set_add(set, key), 0));
    start();
    FOR_KEYS((void)key; MEASURE_NEW(ouro_set_pop(set)));
    check("set pop", 830, 1750);
    T_EQ(ouro_set_len(set), 0);
    T_EQ(failures, 0);
    ouro_decref(keys);
    ouro_decref(set);
}

static void getting_from_caches(void)
{
    if (is_skipped()) return;
    ouro_ref keys = make_keys(), cache = ouro_cache_new(MANY, 0, NULL);
    FOR_KEYS(T_EQ(ouro_cache_set(cache, key, OURO_NONE), 0));
    start();
    FOR_KEYS(MEASURE_NEW(ouro_cache_get(cache, key)));
    check("cache get", 280, 430);
    T_EQ(failures, 0);
    ouro_decref(keys);
    ouro_decref(cache);
}

static void weak_references(void)
{
    if (is_skipped()) return;
    ouro_ref class = ouro_class_new("C", NULL), things = ouro_list_new();
    ouro_ref weak = ouro_list_new(), values = ouro_weakvalues_new();
    for (uint32_t i = 0; i < MANY / 4; i++) {
        ouro_ref thing = ouro_instance_new(class);
        T_EQ(ouro_list_append(things, thing), 0);
        ouro_decref(thing);
    }
    stop_collecting();
    start();
    for (uint32_t i = 0; i < MANY / 4; i++) {
        ouro_ref thing = ouro_list_get(things, (ptrdiff_t)i), made;
        MEASURE(made = ouro_weakref_new(thing));
        T_EQ(ouro_list_append(weak, made), 0);
        ouro_decref(made);
    }
    check("weakref", 820, 1050);
    for (uint32_t i = 0; i < MANY / 4; i++) {
        ouro_ref reference = ouro_list_get(weak, (ptrdiff_t)i);
        MEASURE_NEW(ouro_weakref_get(reference));
    }
    check("  its object", 50, 52);
    for (uint32_t i = 0; i < MANY / 4; i++) {
        ouro_ref thing = ouro_list_get(things, (ptrdiff_t)i);
        MEASURE(ouro_weakvalues_set(values, ouro_int_new(i), thing));
    }
    check("weakvalues, set", 1310, 2250);
    for (uint32_t i = 0; i < MANY / 4; i++)
        MEASURE_NEW(ouro_weakvalues_get(values, ouro_int_new(i)));
    check("  get", 440, 600);
    T_EQ(failures, 0);
    ouro_gc_enable();
    ouro_ref all[] = {class, things, weak, values};
    for (unsigned i = 0; i < T_COUNT(all); i++) ouro_decref(all[i]);
}

static void bytes_that_change(void)
{
    if (is_skipped()) return;
    ouro_ref array = ouro_bytearray_new(NULL, 0), list = ouro_list_new();
    start();
    for (uint32_t i = 0; i < MANY; i++) MEASURE(ouro_bytearray_append(array, (int)(i & 255)));
    /* At most: where it grows, which copies its bytes; O(1) on average. */
    check("bytearray append", 85, 70000);
    T_EQ(ouro_len(array), MANY);
    ouro_ref view = ouro_memoryview_of(array);
    for (uint32_t i = 0; i < MANY / 4; i++) {
        ouro_ref slice = ouro_slice_new(ouro_int_new(i), ouro_int_new(MANY), OURO_NONE);
        MEASURE_NEW(ouro_slice_of(view, slice));
        ouro_decref(slice);
    }
    check("memoryview slice", 460, 480);
    ouro_decref(view);
    for (uint32_t i = MANY; i-- > 0;) MEASURE(ouro_bytearray_resize(array, i));
    check("bytearray, a byte less", 40, 42);
    T_EQ(ouro_len(array), 0);
    for (uint32_t i = 0; i < MANY; i++) MEASURE(ouro_list_insert(list, (ptrdiff_t)i, OURO_NONE));
    check("list insert at the end", 285, 1050);
    T_EQ(failures, 0);
    ouro_decref(array);
    ouro_decref(list);
}

static ouro_ref step(ouro_ref generator, ouro_ref *locals, uint16_t *state, ouro_ref sent)
{
    (void)generator;
    (void)locals;
    ++*state;
    return sent;
}

static void small_things(void)
{
    static const struct ouro_generator_def def = {.name = "generator", .step = step};
    if (is_skipped()) return;
    ouro_ref class = ouro_class_new("C", NULL), name = ouro_intern("name", 4);
    T_EQ(ouro_attr_set(class, name, OURO_TRUE), 0);
    for (unsigned depth = 0; depth < 4; depth++) {
        ouro_ref derived = ouro_class_new("D", class);
        ouro_decref(class);
        class = derived;
    }
    ouro_ref instance = ouro_instance_new(class);
    start();
    for (uint32_t i = 0; i < MANY / 4; i++) {
        ouro_ref made;
        MEASURE(made = ouro_generator_new(&def, 0, NULL));
        ouro_decref(made);
    }
    check("generator made", 200, 230);
    for (uint32_t i = 0; i < MANY / 4; i++) {
        ouro_ref made = ouro_generator_new(&def, 0, NULL);
        MEASURE(ouro_generator_close(made));
        ouro_decref(made);
    }
    check("generator closed", 70, 72);
    for (uint32_t i = 0; i < MANY / 4; i++) MEASURE_NEW(ouro_attr_get(instance, name));
    check("attribute of the fourth base", 470, 480);
    T_EQ(failures, 0);
    ouro_ref all[] = {class, name, instance};
    for (unsigned i = 0; i < T_COUNT(all); i++) ouro_decref(all[i]);
}

static const struct t_test tests[] = {
    T_TEST(taking_out_of_dicts), T_TEST(taking_out_of_sets), T_TEST(getting_from_caches),
    T_TEST(weak_references),     T_TEST(bytes_that_change),  T_TEST(small_things),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
