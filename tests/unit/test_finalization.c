/* SPDX-License-Identifier: MIT
 * test_finalization.c - CPython's Lib/test/test_finalization.py on this runtime: PEP 442.
 *
 * The tests have the names and assertions of the originals, but for the three about tp_del.  The
 * side effect of an object's finalizer hangs on its class: nothing, survive, or break its cycle. */
#include "gc_objects.h"

enum { MOST = 8 };

static ouro_ref survivors;                 /* a list */
static ouro_ref simple, lazarus, suicidal; /* classes */
static uintptr_t called[64];
static unsigned calls;

/* An attribute, borrowed; NULL if it is not set. */
static ouro_ref attr(ouro_ref self, const char *name)
{
    ouro_ref value = ouro_attr_get_string(self, name);
    ouro_xdecref(value);
    if (!value) ouro_error_clear();
    return value;
}
/* CPython's check_sanity() of a chain: who stands beside it refers back, unless it has let go. */
static void check_neighbour(ouro_ref self, const char *name, const char *back)
{
    ouro_ref beside = attr(self, name);
    if (attr(self, "suicided")) {
        T_CHECK(beside == OURO_NONE);
        return;
    }
    ouro_ref wanted = attr(beside, "suicided") ? OURO_NONE : self;
    T_CHECK(attr(beside, back) == wanted);
}
/* Is it whole? */
static void check_sanity(ouro_ref self)
{
    int64_t id = 0;
    T_EQ(ouro_int_get(attr(self, "id_"), &id), 0);
    T_EQ(id, (int64_t)((uintptr_t)self & 0xffffff));
    if (attr(self, "ref")) T_CHECK(attr(self, "ref") == self);
    if (!attr(self, "left")) return;
    check_neighbour(self, "left", "right");
    check_neighbour(self, "right", "left");
}
static void record(ouro_ref self)
{
    check_sanity(self);
    called[calls++ % 64] = (uintptr_t)self;
}
static void simple_del(ouro_ref self) { record(self); }
static void lazarus_del(ouro_ref self)
{
    record(self);
    T_EQ(ouro_list_append(survivors, self), 0);
}
static void suicidal_del(ouro_ref self)
{
    record(self);
    static const char *const names[] = {"ref", "left", "right"};
    set(self, "suicided", OURO_TRUE);
    for (unsigned i = 0; i < 3; i++)
        if (attr(self, names[i])) set(self, names[i], OURO_NONE);
}
DEL(simple_def, simple_del);
DEL(lazarus_def, lazarus_del);
DEL(suicidal_def, suicidal_del);

static void start(void)
{
    begin();
    calls = 0;
    survivors = ouro_list_new();
    simple = make_class("Simple", &simple_def);
    lazarus = make_class("Resurrector", &lazarus_def);
    suicidal = make_class("Suicidal", &suicidal_def);
}
static void finish(void)
{
    ouro_put(&survivors, NULL);
    ouro_put(&simple, NULL);
    ouro_put(&lazarus, NULL);
    ouro_put(&suicidal, NULL);
    collect_all();
    T_EQ(objects(), 0);
}

static ouro_ref make(ouro_ref class)
{
    ouro_ref self = make_instance(class);
    set(self, "id_", ouro_int_new((int64_t)((uintptr_t)self & 0xffffff)));
    return self;
}

/* Each of these was finalized, once, and no other. */
static void del_calls_are(const uintptr_t *ids, unsigned count)
{
    T_EQ(calls, count);
    for (unsigned i = 0; i < count; i++) {
        unsigned times = 0;
        for (unsigned k = 0; k < calls; k++) times += called[k] == ids[i];
        T_EQ(times, 1);
    }
}
static bool is_dead(ouro_ref weakref)
{
    ouro_ref found = ouro_weakref_get(weakref);
    ouro_decref(found);
    return found == OURO_NONE;
}

/* ---- one object ---- */

/* Drop an object, and see that it goes after it was finalized; or that it survives first. */
static void drop_one(ouro_ref s, bool survives, bool keeps_weakref)
{
    uintptr_t id = (uintptr_t)s;
    ouro_ref wr = ouro_weakref_new(s);
    ouro_decref(s);
    ouro_gc_collect(2);
    del_calls_are(&id, 1);
    T_EQ(ouro_list_len(survivors), survives);
    if (survives) T_CHECK((uintptr_t)ouro_list_get(survivors, 0) == id);
    T_EQ(is_dead(wr), !keeps_weakref);
    ouro_list_clear(survivors);
    ouro_gc_collect(2);
    del_calls_are(&id, 1);
    T_EQ(ouro_list_len(survivors), 0);
    T_CHECK(is_dead(wr));
    ouro_decref(wr);
}

static ouro_ref make_cycle(ouro_ref class)
{
    ouro_ref self = make(class);
    set(self, "ref", self);
    return self;
}

static void test_simple(void)
{
    start();
    drop_one(make(simple), false, false);
    finish();
}
static void test_simple_resurrect(void)
{
    start();
    drop_one(make(lazarus), true, true);
    finish();
}
static void test_self_cycle_simple(void)
{
    start();
    drop_one(make_cycle(simple), false, false);
    finish();
}
static void test_self_cycle_simple_resurrect(void)
{
    start();
    drop_one(make_cycle(lazarus), true, false);
    finish();
}
static void test_self_cycle_simple_suicide(void)
{
    start();
    drop_one(make_cycle(suicidal), false, false);
    finish();
}

/* ---- objects without references: the collector does not watch them ---- */

static bool is_reviving;
static void non_gc_finalize(ouro_ref self)
{
    called[calls++ % 64] = (uintptr_t)self;
    if (is_reviving) T_EQ(ouro_list_append(survivors, self), 0);
}
OURO_TYPE_DEFINE(non_gc_type) = {
    .name = "NonGC",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct ouro_obj) + 8,
    .finalize = non_gc_finalize,
};

static void drop_non_gc(bool revives)
{
    start();
    is_reviving = revives;
    ouro_ref s = ouro_obj_new(&non_gc_type);
    uintptr_t id = (uintptr_t)s;
    T_CHECK(!ouro_gc_is_tracked(s));
    ouro_decref(s);
    ouro_gc_collect(2);
    del_calls_are(&id, 1);
    T_EQ(ouro_list_len(survivors), revives);
    ouro_list_clear(survivors);
    ouro_gc_collect(2);
    del_calls_are(&id, 1); /* once, where CPython's objects without a header are finalized again */
    T_EQ(ouro_list_len(survivors), 0);
    finish();
}
static void test_non_gc(void) { drop_non_gc(false); }
static void test_non_gc_resurrect(void) { drop_non_gc(true); }

/* ---- cyclic chains: of each letter an object, linked both ways ---- */

static ouro_ref class_of(char letter)
{
    return letter == 's' ? simple : letter == 'r' ? lazarus : suicidal;
}

static bool survives(uintptr_t id)
{
    size_t i = 0;
    while (i < ouro_list_len(survivors) && (uintptr_t)ouro_list_get(survivors, (ptrdiff_t)i) != id)
        i++;
    return i < ouro_list_len(survivors);
}

static void check_chain(const char *letters)
{
    unsigned n = (unsigned)strlen(letters), reviving = 0;
    ouro_ref nodes[MOST], wrs[MOST];
    uintptr_t ids[MOST] = {0};
    start();
    for (unsigned i = 0; i < n; i++) {
        nodes[i] = make(class_of(letters[i]));
        ids[i] = (uintptr_t)nodes[i];
        wrs[i] = ouro_weakref_new(nodes[i]);
        reviving += letters[i] == 'r';
    }
    for (unsigned i = 0; i < n; i++) {
        set(nodes[i], "left", nodes[(i + n - 1) % n]);
        set(nodes[(i + n - 1) % n], "right", nodes[i]);
    }
    for (unsigned i = 0; i < n; i++) ouro_decref(nodes[i]);
    ouro_gc_collect(2);
    del_calls_are(ids, n);
    T_EQ(ouro_list_len(survivors), reviving);
    for (unsigned i = 0; i < n; i++) T_EQ(survives(ids[i]), letters[i] == 'r');
    for (unsigned i = 0; i < n; i++) T_CHECK(is_dead(wrs[i]));
    ouro_list_clear(survivors);
    ouro_gc_collect(2);
    del_calls_are(ids, n);
    T_EQ(ouro_list_len(survivors), 0);
    for (unsigned i = 0; i < n; i++) ouro_decref(wrs[i]);
    finish();
}

static void test_homogenous(void) { check_chain("sss"); }
static void test_homogenous_resurrect(void) { check_chain("rrr"); }
static void test_homogenous_suicidal(void) { check_chain("kkk"); }
static void test_heterogenous_suicidal_one(void) { check_chain("ksks"); }
static void test_heterogenous_suicidal_two(void) { check_chain("kkss"); }
static void test_heterogenous_resurrect_one(void) { check_chain("rsrs"); }
static void test_heterogenous_resurrect_two(void) { check_chain("rskrsk"); }
static void test_heterogenous_resurrect_three(void) { check_chain("rrsskk"); }

static const struct t_test tests[] = {
    T_TEST(test_simple),
    T_TEST(test_simple_resurrect),
    T_TEST(test_non_gc),
    T_TEST(test_non_gc_resurrect),
    T_TEST(test_self_cycle_simple),
    T_TEST(test_self_cycle_simple_resurrect),
    T_TEST(test_self_cycle_simple_suicide),
    T_TEST(test_homogenous),
    T_TEST(test_homogenous_resurrect),
    T_TEST(test_homogenous_suicidal),
    T_TEST(test_heterogenous_suicidal_one),
    T_TEST(test_heterogenous_suicidal_two),
    T_TEST(test_heterogenous_resurrect_one),
    T_TEST(test_heterogenous_resurrect_two),
    T_TEST(test_heterogenous_resurrect_three),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
