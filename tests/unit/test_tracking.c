/* SPDX-License-Identifier: MIT
 * test_tracking.c - which tuples and dicts the collector watches: CPython's tests of test_tuple and
 * test_dict under their names, then what becomes of a dict that gets something to watch while a
 * cycle runs, at each of its steps. */
#include "gc_objects.h"
#include "object.h"
#include "ouro.h"
#include "t.h"

enum { MANY = 100 }; /* more than a node or two */

static bool is_intact(void)
{
    const char *broken = ouro_diag_verify();
    return T_TEXT(broken ? broken : "intact", "intact");
}
static bool is_tracked(ouro_ref ref) { return ouro_gc_is_tracked(ref); }

/* Nested containers can take several collections to untrack.  Steals. */
static bool is_untracked_later(ouro_ref ref)
{
    for (int i = 0; i < 4; i++) (void)ouro_gc_collect(2);
    bool is = T_CHECK(!is_tracked(ref));
    ouro_decref(ref);
    return is;
}
/* Steals. */
static bool stays_tracked(ouro_ref ref)
{
    bool is = T_CHECK(is_tracked(ref));
    for (int i = 0; i < 4; i++) (void)ouro_gc_collect(2);
    is = T_CHECK(is_tracked(ref)) && is;
    ouro_decref(ref);
    return is;
}

/* ---- what tests are made of; all new references ---- */

static ouro_ref text(const char *utf8) { return ouro_str_from(utf8); }
static ouro_ref tuple_of_one(ouro_ref item)
{
    ouro_ref tuple = ouro_tuple_of(1, item);
    ouro_decref(item);
    return tuple;
}
static ouro_ref tuple_of_two(ouro_ref a, ouro_ref b)
{
    ouro_ref tuple = ouro_tuple_of(2, a, b);
    ouro_decref(a);
    ouro_decref(b);
    return tuple;
}
static ouro_ref list_of(ouro_ref item)
{
    ouro_ref list = ouro_list_new();
    T_EQ(ouro_list_append(list, item), 0);
    ouro_decref(item);
    return list;
}
/* Steals both. */
static void put(ouro_ref dict, ouro_ref key, ouro_ref value)
{
    T_EQ(ouro_dict_set(dict, key, value), 0);
    ouro_decref(key);
    ouro_decref(value);
}
static ouro_ref dict_of(ouro_ref key, ouro_ref value)
{
    ouro_ref dict = ouro_dict_new();
    put(dict, key, value);
    return dict;
}
/* {0: 0, 1: 1, ...}, of floats so that they are objects. */
static ouro_ref dict_of_atoms(int n)
{
    ouro_ref dict = ouro_dict_new();
    for (int i = 0; i < n; i++) put(dict, ouro_int_new(i), ouro_float_new(i + 0.5));
    return dict;
}
/* n times the same; steals. */
static ouro_ref tuple_of_many(int n, ouro_ref item)
{
    struct ouro_tuple_builder builder;
    ouro_tuple_begin(&builder);
    for (int i = 0; i < n; i++) T_EQ(ouro_tuple_add(&builder, item), 0);
    ouro_decref(item);
    return ouro_tuple_end(&builder);
}

/* ---- CPython's test_tuple ---- */

static void tuple_test_track_literals(void)
{
    ouro_ref x = ouro_float_new(1.5);
    is_untracked_later(OURO_EMPTY_TUPLE);
    is_untracked_later(tuple_of_one(ouro_int_new(1)));
    is_untracked_later(tuple_of_two(ouro_int_new(1), text("a")));
    is_untracked_later(tuple_of_two(tuple_of_two(OURO_NONE, OURO_TRUE), OURO_EMPTY_TUPLE));
    is_untracked_later(
        tuple_of_two(tuple_of_two(ouro_int_new(1), x), tuple_of_two(text("b"), text("c"))));

    /* Of mutable elements: always tracked, even if those elements are not tracked right now. */
    stays_tracked(tuple_of_one(ouro_list_new()));
    stays_tracked(tuple_of_one(list_of(ouro_int_new(1))));
    stays_tracked(tuple_of_one(ouro_dict_new()));
    stays_tracked(tuple_of_one(ouro_set_new()));
    stays_tracked(tuple_of_two(ouro_float_new(1.5), ouro_list_new()));
}

static void tuple_test_track_dynamic(void)
{
    for (int n = 1; n <= MANY; n += 11) {
        is_untracked_later(tuple_of_many(n, text("a")));
        is_untracked_later(tuple_of_many(n, tuple_of_one(text("a"))));
        stays_tracked(tuple_of_many(n, ouro_list_new()));
        stays_tracked(tuple_of_many(n, dict_of(text("a"), ouro_int_new(1))));
        stays_tracked(tuple_of_many(n, tuple_of_one(ouro_list_new())));
    }
}

/* test_bug7466: one that is being built meanwhile. */
static void tuple_test_bug7466(void)
{
    struct ouro_tuple_builder builder;
    ouro_tuple_begin(&builder);
    for (int i = 0; i < MANY; i++) {
        T_CHECK(ouro_gc_collect(2) >= 0);
        T_EQ(ouro_tuple_add(&builder, ouro_int_new(i)), 0);
        if (!is_intact()) return;
    }
    is_untracked_later(ouro_tuple_end(&builder));

    /* What was let go of is tracked again. */
    ouro_tuple_begin(&builder);
    for (int i = 0; i < 3 * MANY; i++) {
        if (i < MANY || i % 40 == 0) T_CHECK(ouro_gc_collect(2) >= 0);
        ouro_ref item = i < MANY ? ouro_int_new(i) : ouro_list_new();
        T_EQ(ouro_tuple_add(&builder, item), 0);
        ouro_decref(item);
        if (!is_intact()) return;
    }
    stays_tracked(ouro_tuple_end(&builder));
}

/* ---- CPython's test_dict ---- */

static void dict_test_track_literals(void)
{
    ouro_ref d;
    is_untracked_later(ouro_dict_new());
    d = dict_of(ouro_float_new(1.5), OURO_EMPTY_TUPLE);
    put(d, text("a"), ouro_float_new(1.5));
    put(d, tuple_of_two(ouro_int_new(1), OURO_NONE), ouro_int_new(1));
    is_untracked_later(d);
    d = dict_of(ouro_int_new(1), text("a"));
    T_CHECK(!is_tracked(d)); /* at once */
    is_untracked_later(d);

    stays_tracked(dict_of(ouro_int_new(1), ouro_list_new()));
    stays_tracked(dict_of(ouro_int_new(1), tuple_of_one(ouro_list_new())));
    stays_tracked(dict_of(ouro_int_new(1), ouro_dict_new()));
    stays_tracked(dict_of(ouro_int_new(1), ouro_set_new()));
}

static void dict_test_track_dynamic(void)
{
    ouro_ref d = ouro_dict_new(), w = ouro_list_new();
    put(d, ouro_int_new(1), text("a"));
    T_CHECK(!is_tracked(d));
    put(d, text("a"), ouro_int_new(2));
    T_CHECK(!is_tracked(d));
    put(d, tuple_of_two(ouro_int_new(1), text("o")), ouro_int_new(3));
    is_untracked_later(ouro_own(d));
    T_CHECK(!is_tracked(d));
    is_untracked_later(ouro_dict_copy(d));
    put(d, ouro_int_new(4), ouro_own(w));
    stays_tracked(ouro_own(d));
    stays_tracked(ouro_dict_copy(d));
    put(d, ouro_int_new(4), OURO_NONE);
    is_untracked_later(ouro_own(d));
    is_untracked_later(ouro_dict_copy(d));
    ouro_decref(d);

    /* dd isn't tracked right now, but it may change, and so d has to be. */
    ouro_ref dd = ouro_dict_new();
    d = dict_of(ouro_int_new(1), ouro_own(dd));
    is_untracked_later(ouro_own(dd));
    stays_tracked(ouro_own(d));
    put(dd, ouro_int_new(1), d);
    stays_tracked(dd);

    d = dict_of(text("x"), text("y"));
    dd = ouro_dict_new();
    T_EQ(ouro_dict_update(dd, d), 0);
    is_untracked_later(dd);
    T_CHECK(!is_tracked(d));
    dd = dict_of(text("w"), w);
    T_EQ(ouro_dict_update(d, dd), 0);
    ouro_decref(dd);
    stays_tracked(d);
    (void)ouro_gc_collect(2);
    T_EQ(object_count(), 0);
}

static void dict_test_copy_maintains_tracking(void)
{
    ouro_ref class = make_class("A", NULL);
    ouro_ref all[] = {ouro_dict_new(), dict_of(text("a"), ouro_int_new(1)),
                      dict_of(make_instance(class), text("val"))};
    for (unsigned i = 0; i < T_COUNT(all); i++) {
        ouro_ref copy = ouro_dict_copy(all[i]);
        T_EQ(is_tracked(copy), is_tracked(all[i]));
        T_EQ(is_tracked(copy), i == 2);
        ouro_decref(copy);
        ouro_decref(all[i]);
    }
    ouro_decref(class);
}

/* ---- large ones ---- */

/* Not a node of a dict of atoms is tracked, whatever is done to it. */
static void large_dicts_of_atoms_are_never_tracked(void)
{
    ouro_gc_disable();
    ouro_ref d = ouro_dict_new();
    for (int i = 0; i < 5 * MANY; i++) {
        put(d, ouro_int_new(i), text("a"));
        if (i % 3) put(d, ouro_int_new(i), OURO_NONE);
    }
    for (int i = 0; i < 4 * MANY; i++) {
        ouro_ref key = ouro_int_new(i);
        T_EQ(ouro_dict_del(d, key), 0);
        put(d, ouro_int_new(5 * MANY + i), ouro_float_new(i));
    }
    uint32_t counts[3];
    ouro_gc_get_count(counts);
    T_EQ(counts[0], 0);
    T_CHECK(!is_tracked(d));
    ouro_decref(d);
    is_intact();
}

/* What leads to a container is tracked, the rest of the dict is not, and all of it goes again. */
static void a_large_dict_is_tracked_in_part(void)
{
    ouro_gc_disable();
    ouro_ref d = dict_of_atoms(5 * MANY);
    uint32_t before[3], after[3];
    ouro_gc_get_count(before);
    put(d, ouro_int_new(7), list_of(ouro_own(d))); /* in place of a float */
    T_CHECK(is_tracked(d));
    is_intact();
    ouro_gc_get_count(after);
    T_CHECK(after[0] - before[0] < 8); /* the dict, its head, a way of 3 nodes; a list of 1 node */
    put(d, ouro_int_new(7), OURO_NONE);
    is_untracked_later(ouro_own(d));
    put(d, ouro_int_new(8), ouro_own(d)); /* garbage now */
    ouro_decref(d);
    is_intact();
    T_EQ(ouro_gc_collect(2), 1);
    T_EQ(object_count(), 0);
}

/* ---- while a cycle runs ---- */

static ouro_ref d, x;

/* A dict that nobody watches, and a list that only a local refers to.  Also garbage. */
static void make_both(int entries)
{
    ouro_gc_disable();
    d = dict_of_atoms(entries);
    ouro_ref garbage = list_of(text("g"));
    T_EQ(ouro_list_append(garbage, garbage), 0);
    ouro_decref(garbage);
    x = list_of(dict_of(text("k"), list_of(text("core"))));
    T_CHECK(!is_tracked(d));
}
static bool is_whole(ouro_ref list)
{
    char core[8] = "";
    ouro_ref inner = ouro_dict_get(ouro_list_get(list, 0), OURO_NONE);
    T_CHECK(inner == NULL);
    size_t position = 0;
    ouro_ref key, value;
    if (!T_CHECK(ouro_dict_next(ouro_list_get(list, 0), &position, &key, &value))) return false;
    size_t bytes;
    const char *utf8 = ouro_str_bytes(ouro_list_get(value, 0), &bytes);
    T_EQ(bytes, 4);
    memcpy(core, utf8, 4);
    return T_TEXT(core, "core");
}

/* Between two units of a cycle, `n` of them after its start, the list moves into the dict.  It has
 * to stay; and once the dict is garbage itself, both have to go.  False: the cycle is shorter. */
static bool moves_in(int entries, int n, bool is_replacing)
{
    make_both(entries);
    T_CHECK(ouro_gc_start(2));
    for (int i = 0; i < n; i++) (void)ouro_gc_step(1);
    bool is_running = ouro_gc_get_phase() != OURO_GC_IDLE;
    ouro_ref key = ouro_int_new(is_replacing ? entries / 2 : entries);
    T_EQ(ouro_dict_set(d, key, x), 0);
    ouro_decref(x);
    T_CHECK(is_tracked(d));
    while (ouro_gc_step(1) > 0) {}
    bool is_good = T_CHECK(ouro_dict_get(d, key) == x) && is_whole(x) && is_intact();

    T_EQ(ouro_list_append(x, d), 0);
    ouro_decref(d);
    for (int i = 0; i < 3; i++) (void)ouro_gc_collect(2);
    return T_EQ(object_count(), 0) && is_good && is_running;
}

static void a_dict_becomes_tracked_at_any_step(void)
{
    int n = 0;
    while (moves_in(3, n, n % 2)) n++;
    T_CHECK(n > 20);
    t_note("steps beside a small dict", n);
    for (n = 0; moves_in(MANY, n, n % 2);) n++;
    T_CHECK(n > 20);
    t_note("steps beside a large one", n);
}

/* The same when an entry moves within the dict, as holes are closed: nothing is counted then. */
static void entries_move_at_any_step(void)
{
    for (int n = 0, is_running = true; is_running && n < 400; n++) {
        make_both(MANY);
        put(d, ouro_int_new(MANY), x);
        for (int i = 0; i < MANY; i++) T_EQ(ouro_dict_del(d, ouro_int_new(i)), 0);
        T_CHECK(ouro_gc_start(2));
        for (int i = 0; i < n; i++) (void)ouro_gc_step(1);
        is_running = ouro_gc_get_phase() != OURO_GC_IDLE;
        for (int i = 0; i < MANY; i++) put(d, ouro_int_new(i), OURO_NONE);
        while (ouro_gc_step(1) > 0) {}
        T_CHECK(ouro_dict_get(d, ouro_int_new(MANY)) == x);
        bool is_good = is_whole(x) && is_intact();
        ouro_decref(d);
        (void)ouro_gc_collect(2);
        if (!T_EQ(object_count(), 0) || !is_good) return;
    }
}

/* And from a part that is tracked to one that is not. */
static void entries_move_to_what_is_not_tracked(void)
{
    enum { KEPT = 3 };
    for (int last = MANY - 1; last >= KEPT; last -= 6) {
        make_both(MANY);
        put(d, ouro_int_new(MANY), x);
        for (int i = MANY - 1; i > last; i--) T_EQ(ouro_dict_del(d, ouro_int_new(i)), 0);
        T_CHECK(ouro_gc_start(2));
        for (int i = last; i >= KEPT; i--) {
            T_EQ(ouro_dict_del(d, ouro_int_new(i)), 0);
            (void)ouro_gc_step(1);
            if (!is_intact()) return;
        }
        while (ouro_gc_step(1) > 0) {}
        T_CHECK(ouro_dict_get(d, ouro_int_new(MANY)) == x);
        bool is_good = is_whole(x) && is_intact();
        ouro_decref(d);
        (void)ouro_gc_collect(2);
        if (!T_EQ(object_count(), 0) || !is_good) return;
    }
}

/* ---- lists: always tracked, unlike the nodes in them ---- */

static ouro_ref list_of_atoms(int n)
{
    ouro_ref list = ouro_list_new();
    for (int i = 0; i < n; i++) {
        ouro_ref item = i % 2 ? text("a") : ouro_float_new(i);
        T_EQ(ouro_list_append(list, item), 0);
        ouro_decref(item);
    }
    return list;
}

static void large_lists_of_atoms_are_one_object(void)
{
    ouro_gc_disable();
    ouro_ref list = list_of_atoms(5 * MANY), copy = ouro_list_from(list);
    T_EQ(ouro_list_sort(copy, false), -1); /* a str and a float */
    ouro_error_clear();
    ouro_list_reverse(copy);
    for (int i = 0; i < MANY; i++) {
        T_EQ(ouro_list_insert(copy, i, OURO_NONE), 0);
        ouro_decref(ouro_list_pop(copy, 2 * i));
    }
    uint32_t counts[3];
    ouro_gc_get_count(counts);
    T_CHECK(counts[0] <= 4); /* those of the sort, too */
    T_CHECK(is_tracked(list));
    ouro_decref(list);
    ouro_decref(copy);
    is_intact();
}

static ouro_ref slice_from(int start)
{
    return ouro_slice_new(ouro_int_new(start), OURO_NONE, OURO_NONE);
}

/* The ways for an item into a list of atoms; each may move others from leaf to leaf. */
static void put_in(ouro_ref list, ouro_ref item, unsigned way)
{
    ouro_ref slice = slice_from(40), items = list_of(ouro_own(item));
    switch (way) {
    case 0: T_EQ(ouro_list_append(list, item), 0); break;
    case 1: T_EQ(ouro_list_insert(list, 0, item), 0); break;
    case 2: T_EQ(ouro_list_set(list, -10, item), 0); break;
    case 3: T_EQ(ouro_list_extend(list, items), 0); break;
    default: T_EQ(ouro_list_set_slice(list, slice, items), 0); break;
    }
    ouro_decref(slice);
    ouro_decref(items);
}
/* The ways to move it on. */
static void move_in(ouro_ref list, unsigned way)
{
    ouro_ref slice = ouro_slice_new(ouro_int_new(1), ouro_int_new(20), ouro_int_new(2));
    switch (way) {
    case 0: ouro_list_reverse(list); break;
    case 1:
        for (int i = 0; i < 20; i++) T_EQ(ouro_list_insert(list, 0, OURO_NONE), 0);
        break;
    case 2:
        for (int i = 0; i < 20; i++) ouro_decref(ouro_list_pop(list, 0));
        break;
    default: T_EQ(ouro_list_del_slice(list, slice), 0); break;
    }
    ouro_decref(slice);
}

/* A list in itself is found to be garbage, however it got there, at any length, and untracked dicts
 * count as what may be tracked. */
static void whatever_gets_into_a_list_is_tracked(void)
{
    static const int lengths[] = {60, 64, 256, 257, 5 * MANY};
    for (unsigned i = 0; i < T_COUNT(lengths) * 5 * 4; i++) {
        ouro_ref list = list_of_atoms(lengths[i / 20]), dict = ouro_dict_new();
        T_CHECK(!is_tracked(dict));
        put_in(list, dict, i % 5);
        is_intact();
        move_in(list, i / 5 % 4);
        is_intact();
        put_in(list, list, i % 5);
        put(dict, ouro_int_new(1), ouro_own(list));
        is_intact();
        ouro_decref(dict);
        ouro_decref(list);
        (void)ouro_gc_collect(2);
        if (!T_EQ(object_count(), 0) || !is_intact()) return;
    }
}

static const struct t_test tests[] = {
    T_TEST(tuple_test_track_literals),
    T_TEST(tuple_test_track_dynamic),
    T_TEST(tuple_test_bug7466),
    T_TEST(dict_test_track_literals),
    T_TEST(dict_test_track_dynamic),
    T_TEST(dict_test_copy_maintains_tracking),
    T_TEST(large_dicts_of_atoms_are_never_tracked),
    T_TEST(a_large_dict_is_tracked_in_part),
    T_TEST(a_dict_becomes_tracked_at_any_step),
    T_TEST(entries_move_at_any_step),
    T_TEST(entries_move_to_what_is_not_tracked),
    T_TEST(large_lists_of_atoms_are_one_object),
    T_TEST(whatever_gets_into_a_list_is_tracked),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
