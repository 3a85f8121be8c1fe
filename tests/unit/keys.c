/* SPDX-License-Identifier: MIT
 * keys.c - keys with code of their own: __eq__ and __hash__ that change the table, that lie, that
 * are the same for all; and walks over tables that are nearly all holes. */
#include <string.h>

#include "ouro.h"
#include "ouro/port.h"
#include "t.h"
#include "unit_types.h"
#include "types/table.h"

/* ---- a class of keys ---- */

/* What the hooks do besides; the dict or set that they do it to, borrowed. */
static struct {
    ouro_ref table;
    void (*in_eq)(ouro_ref table), (*in_hash)(ouro_ref table);
    unsigned asked_eq, asked_hash;
    int64_t hash_offset;
    bool fails;
} world;

/* Slots of a key: what it equals by, its hash. */
static int64_t field(ouro_ref key, unsigned i)
{
    int64_t value = -1;
    ouro_ref held = ouro_slot_get(key, i);
    if (held) (void)ouro_int_get(held, &value);
    return value;
}

static ouro_ref key_eq(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function;
    (void)argc;
    world.asked_eq++;
    if (world.in_eq) world.in_eq(world.table);
    if (world.fails) {
        ouro_error_set(OURO_VALUE_ERROR, "no comparison today");
        return NULL;
    }
    bool is_key = ouro_class_of(argv[1]) == ouro_class_of(argv[0]);
    return ouro_bool(is_key && field(argv[0], 0) == field(argv[1], 0));
}
static ouro_ref key_hash(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function;
    (void)argc;
    world.asked_hash++;
    if (world.in_hash) world.in_hash(world.table);
    return ouro_int_new(field(argv[0], 1) + world.hash_offset);
}
static const struct ouro_function_def eq_def = {"Key.__eq__", key_eq, "self other", 2, 2},
                                      hash_def = {"Key.__hash__", key_hash, "self", 1, 1};

static ouro_ref class;
static void begin(void)
{
    memset(&world, 0, sizeof world);
    class = ouro_class_new_slots("Key", NULL, "value hash");
    T_EQ(ouro_class_def(class, "__eq__", &eq_def), 0);
    T_EQ(ouro_class_def(class, "__hash__", &hash_def), 0);
}
static void finish(void)
{
    memset(&world, 0, sizeof world);
    ouro_decref(class);
    (void)ouro_gc_collect(2);
    T_EQ(objects(), 0);
    T_CHECK(ouro_diag_verify() == NULL);
}
static ouro_ref key(int64_t value, int64_t hash)
{
    ouro_ref ref = ouro_instance_new(class);
    T_EQ(ouro_slot_set(ref, 0, number(value)), 0);
    T_EQ(ouro_slot_set(ref, 1, number(hash)), 0);
    return ref;
}
static void set(ouro_ref dict, int64_t value, int64_t hash)
{
    ouro_ref ref = key(value, hash);
    T_EQ(ouro_dict_set(dict, ref, number(value)), 0);
    ouro_decref(ref);
}
static ouro_ref get(ouro_ref dict, int64_t value, int64_t hash)
{
    ouro_ref ref = key(value, hash), found = ouro_dict_get(dict, ref);
    ouro_decref(ref);
    return found;
}

/* ---- hashes ---- */

/* However many there are, each is found; one that has another hash is missed without a ==. */
static void one_hash_for_all(void)
{
    static const int sizes[] = {2, 8, 9, 15, 16, 17, 31, 120};
    for (unsigned s = 0; s < T_COUNT(sizes); s++) {
        begin();
        ouro_ref dict = ouro_dict_new();
        int n = sizes[s];
        for (int i = 0; i < n; i++) set(dict, i, 7);
        for (int i = 0; i < 40; i++) set(dict, 1000 + i, 100 + i); /* and others beside */
        T_EQ(ouro_dict_len(dict), n + 40);
        for (int i = 0; i < n; i++) T_CHECK(get(dict, i, 7) == number(i));
        for (int i = 0; i < 40; i++) T_CHECK(get(dict, 1000 + i, 100 + i) == number(1000 + i));
        world.asked_eq = 0;
        T_CHECK(get(dict, 3, 8) == NULL);
        T_EQ(world.asked_eq, 0);
        for (int i = 0; i < n; i += 2) {
            ouro_ref ref = key(i, 7);
            T_EQ(ouro_dict_del(dict, ref), 0);
            ouro_decref(ref);
        }
        for (int i = 0; i < n; i++) T_CHECK(get(dict, i, 7) == (i % 2 ? number(i) : NULL));
        T_CHECK(ouro_diag_verify() == NULL);
        ouro_decref(dict);
        finish();
    }
}

/* As in CPython: once for each operation, never for the keys that are there already. */
static void hash_is_asked_once(void)
{
    begin();
    ouro_ref dict = ouro_dict_new(), k, v;
    for (int i = 0; i < 300; i++) set(dict, i, i);
    T_EQ(world.asked_hash, 300);
    T_CHECK(get(dict, 5, 5) == number(5));
    T_EQ(world.asked_hash, 301);
    world.asked_hash = 0;
    for (int i = 0; i < 250; i++) { /* holes are closed meanwhile */
        T_EQ(ouro_dict_popitem(dict, &k, &v), 0);
        T_CHECK(v == number(299 - i));
        ouro_decref(k);
    }
    ouro_ref copy = ouro_dict_copy(dict);
    T_EQ(world.asked_hash, 50);
    for (int i = 0; i < 50; i++) T_CHECK(get(copy, i, i) == number(i));
    ouro_decref(dict);
    ouro_decref(copy);
    finish();
}

/* Another hash than before: the key is not found, and nothing else happens. */
static void a_hash_that_changes(void)
{
    begin();
    ouro_ref dict = ouro_dict_new(), k, v;
    for (int i = 0; i < 100; i++) set(dict, i, i);
    world.hash_offset = 1 << 20;
    for (int i = 0; i < 100; i++) T_CHECK(get(dict, i, i) == NULL);
    for (int i = 100; i < 200; i++) set(dict, i, i);
    T_EQ(ouro_dict_len(dict), 200);
    world.hash_offset = 0;
    for (int i = 0; i < 100; i++) T_CHECK(get(dict, i, i) == number(i));
    for (int i = 0; i < 200; i++) {
        T_EQ(ouro_dict_popitem(dict, &k, &v), 0);
        T_CHECK(v == number(199 - i));
        ouro_decref(k);
    }
    T_EQ(ouro_dict_len(dict), 0);
    ouro_decref(dict);
    finish();
}

/* ---- code that changes the table ---- */

static void clear(ouro_ref table) { ouro_dict_clear(table); }
static void grow(ouro_ref table)
{
    static int fresh = 1000;
    for (int i = 0; i < 3; i++, fresh++)
        T_EQ(ouro_dict_set(table, number(fresh), number(fresh)), 0);
}
static void shrink(ouro_ref table)
{
    ouro_ref k, v;
    for (int i = 0; i < 3 && ouro_dict_len(table) > 0; i++) {
        T_EQ(ouro_dict_popitem(table, &k, &v), 0);
        ouro_decref(k);
        ouro_decref(v);
    }
}
static void refill(ouro_ref table)
{
    void (*in_eq)(ouro_ref) = world.in_eq, (*in_hash)(ouro_ref) = world.in_hash;
    world.in_eq = world.in_hash = NULL;
    ouro_dict_clear(table);
    for (int i = 0; i < 20; i++) set(table, i + 5000, 7);
    world.in_eq = in_eq;
    world.in_hash = in_hash;
}
static void collect(ouro_ref table)
{
    (void)table;
    (void)ouro_gc_collect(2);
}

/* Whatever it is: every operation ends, the table is sound, nothing is lost. */
static void tables_change_while_they_are_searched(void)
{
    static void (*const deeds[])(ouro_ref) = {clear, grow, shrink, refill, collect};
    static const int sizes[] = {1, 3, 8, 12, 40};
    for (unsigned d = 0; d < T_COUNT(deeds); d++) {
        for (unsigned at = 0; at < 2 * T_COUNT(sizes); at++) {
            int n = sizes[at / 2];
            begin();
            ouro_ref dict = world.table = ouro_dict_new();
            for (int i = 0; i < n; i++) set(dict, i, 7);
            *(at % 2 ? &world.in_eq : &world.in_hash) = deeds[d];
            for (int i = 0; i < 12; i++) {
                ouro_ref ref = key(i * 7 % (n + 3), 7);
                (void)ouro_dict_get(dict, ref);
                ouro_error_clear();
                (void)ouro_dict_set(dict, ref, OURO_NONE);
                ouro_error_clear();
                ouro_xdecref(i % 2 ? ouro_dict_pop(dict, ref) : NULL);
                ouro_error_clear();
                T_EQ(ouro_diag_refcount(ref) <= 2, true);
                ouro_decref(ref);
                if (!T_CHECK(ouro_diag_verify() == NULL)) return;
            }
            ouro_decref(dict);
            finish();
        }
    }
}

/* A change every time: the search gives up. */
static void searches_that_never_end(void)
{
    begin();
    ouro_ref dict = world.table = ouro_dict_new(), ref = key(3, 7);
    for (int i = 0; i < 20; i++) set(dict, i, 7);
    world.in_eq = refill;
    T_CHECK(ouro_dict_get(dict, ref) == NULL);
    T_EQ(ouro_error_get(NULL), OURO_RUNTIME_ERROR);
    ouro_error_clear();
    ouro_decref(ref);
    ouro_decref(dict);
    finish();
}

static void comparisons_that_fail(void)
{
    for (int n = 2; n <= 40; n += 19) {
        begin();
        ouro_ref dict = ouro_dict_new(), ref = key(1, 7);
        for (int i = 0; i < n; i++) set(dict, i, 7);
        world.fails = true;
        T_CHECK(ouro_dict_get(dict, ref) == NULL);
        T_EQ(ouro_error_get(NULL), OURO_VALUE_ERROR);
        T_EQ(ouro_dict_set(dict, ref, OURO_NONE), -1);
        T_EQ(ouro_dict_del(dict, ref), -1);
        T_EQ(ouro_dict_len(dict), n);
        T_EQ(ouro_diag_refcount(ref), 1);
        ouro_error_clear();
        ouro_decref(ref);
        ouro_decref(dict);
        finish();
    }
}

/* One set's search empties the other, whose element is being looked for. */
static void clear_set(ouro_ref set) { ouro_set_clear(set); }
static void sets_that_change_each_other(void)
{
    begin();
    ouro_ref a = ouro_set_new(), b = ouro_set_new();
    for (int i = 0; i < 30; i++) {
        ouro_ref x = key(i, 7), y = key(i, 7);
        T_EQ(ouro_set_add(a, x), 0);
        T_EQ(ouro_set_add(b, y), 0);
        ouro_decref(x);
        ouro_decref(y);
    }
    world.table = a;
    world.in_eq = clear_set;
    ouro_xdecref(ouro_set_intersection(a, b));
    ouro_error_clear();
    T_EQ(ouro_set_len(a), 0);
    T_EQ(ouro_set_len(b), 30);
    T_CHECK(ouro_diag_verify() == NULL);
    ouro_decref(a);
    ouro_decref(b);
    finish();
}

/* ---- holes ---- */

/* Instructions that a walk's first step takes. */
static uint64_t first_step(ouro_ref dict)
{
    size_t at = 0;
    uint64_t before = ouro_port_instructions();
    T_CHECK(ouro_dict_next(dict, &at, NULL, NULL));
    return ouro_port_instructions() - before;
}

/* From the front one goes, at the back one comes, or from the back; the first and the last are
 * always near. */
static void the_ends_are_near(void)
{
    enum { MANY = 3000 };
    uint64_t most = 0;
    for (unsigned from_back = 0; from_back < 2; from_back++) {
        ouro_ref dict = ouro_dict_new(), k, v;
        for (int i = 0; i < MANY; i++) T_EQ(ouro_dict_set(dict, number(i), number(i)), 0);
        for (int i = 0; i < MANY - 1; i++) {
            if (from_back) {
                T_EQ(ouro_dict_popitem(dict, &k, &v), 0);
                if (!T_CHECK(k == number(MANY - 1 - i))) return;
            } else {
                size_t at = 0;
                T_CHECK(ouro_dict_next(dict, &at, &k, NULL));
                if (!T_CHECK(k == number(i))) return;
                T_EQ(ouro_dict_del(dict, k), 0);
            }
            uint64_t taken = first_step(dict);
            if (taken > most) most = taken;
        }
        T_EQ(ouro_dict_len(dict), 1);
        ouro_decref(dict);
        (void)ouro_gc_collect(2);
        T_EQ(objects(), 0);
    }
    t_note("instructions to the first entry, at most", (int64_t)most);
    if (sizeof(void *) == 4 && OURO_CHECK < 2) T_CHECK(most < 1000);
}

/* ---- keys and values that are borrowed from what the search clears ---- */

static void clear_list(ouro_ref list) { ouro_list_clear(list); }

static ouro_ref list_of(ouro_ref item)
{
    ouro_ref list = ouro_list_new();
    T_EQ(ouro_list_append(list, item), 0);
    ouro_decref(item);
    return list;
}

static void a_borrowed_value_is_held(void)
{
    for (int is_there = 0; is_there < 2; is_there++) {
        begin();
        ouro_ref dict = ouro_dict_new(), k = key(1, 1), other = key(1, 1);
        if (is_there) T_EQ(ouro_dict_set(dict, other, number(0)), 0);
        world.table = list_of(ouro_list_new());
        world.in_hash = clear_list;
        T_EQ(ouro_dict_set(dict, k, ouro_list_get(world.table, 0)), 0);
        T_EQ(ouro_list_len(world.table), 0);
        world.in_hash = NULL;
        T_EQ(ouro_diag_refcount(ouro_dict_get(dict, k)), 1);
        T_EQ(ouro_list_len(ouro_dict_get(dict, k)), 0);
        ouro_ref all[] = {world.table, dict, k, other};
        for (unsigned i = 0; i < T_COUNT(all); i++) ouro_decref(all[i]);
        finish();
    }
}

static void fails_for_a_dead_key(ouro_ref dict)
{
    const char *message;
    T_EQ(ouro_error_get(&message), OURO_RUNTIME_ERROR);
    T_TEXT(message, "dictionary or set changed while its keys were compared");
    ouro_error_clear();
    T_EQ(ouro_dict_len(dict), 1);
}

/* The last reference to a key goes while it is hashed, or compared: nothing is done with it. */
static void a_borrowed_key_that_dies_is_refused(void)
{
    begin();
    ouro_ref dict = ouro_dict_new(), held = key(1, 1);
    T_EQ(ouro_dict_set(dict, held, number(0)), 0);
    for (int in_eq = 0; in_eq < 2; in_eq++) {
        for (unsigned i = 0; i < 3; i++) {
            world.table = list_of(key(2, 1));
            *(in_eq ? &world.in_eq : &world.in_hash) = clear_list;
            ouro_ref borrowed = ouro_list_get(world.table, 0);
            if (i == 0) T_EQ(ouro_dict_set(dict, borrowed, number(1)), -1);
            if (i == 1) T_CHECK(ouro_dict_get(dict, borrowed) == NULL);
            if (i == 2) T_EQ(ouro_dict_del(dict, borrowed), -1);
            fails_for_a_dead_key(dict);
            world.in_eq = world.in_hash = NULL;
            ouro_decref(world.table);
        }
    }
    ouro_decref(dict);
    ouro_decref(held);
    finish();
}

static const struct t_test tests[] = {
    T_TEST(one_hash_for_all),
    T_TEST(hash_is_asked_once),
    T_TEST(a_hash_that_changes),
    T_TEST(tables_change_while_they_are_searched),
    T_TEST(searches_that_never_end),
    T_TEST(comparisons_that_fail),
    T_TEST(sets_that_change_each_other),
    T_TEST(the_ends_are_near),
    T_TEST(a_borrowed_value_is_held),
    T_TEST(a_borrowed_key_that_dies_is_refused),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
