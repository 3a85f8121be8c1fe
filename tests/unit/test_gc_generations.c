/* SPDX-License-Identifier: MIT
 * test_gc_generations.c - CPython's Lib/test/test_gc.py on this runtime: generations, counts,
 * thresholds, freezing, resurrection, and weak references in cycles.
 *
 * The tests have the names and assertions of the originals. */
#include "gc_objects.h"

static ouro_ref global;
static unsigned calls;

/* ---- counts and generations ---- */

static void test_get_count(void)
{
    begin();
    uint32_t before[3], after[3];
    ouro_gc_collect(2);
    ouro_gc_get_count(before);
    ouro_ref x = ouro_list_new();
    ouro_gc_get_count(after);
    T_CHECK(before[1] == 0 && before[2] == 0);
    T_CHECK(after[1] == 0 && after[2] == 0);
    T_CHECK(before[0] < 5);
    T_CHECK(after[0] > before[0]);
    ouro_decref(x);
}

static void test_collect_generations(void)
{
    begin();
    uint32_t count[3];
    ouro_gc_collect(2);
    ouro_ref x = ouro_list_new();
    ouro_gc_collect(0);
    ouro_gc_get_count(count);
    T_CHECK(count[1] == 1 && count[2] == 0);
    ouro_gc_collect(1);
    ouro_gc_get_count(count);
    T_CHECK(count[1] == 0 && count[2] == 1);
    ouro_gc_collect(2);
    ouro_gc_get_count(count);
    T_CHECK(count[1] == 0 && count[2] == 0);
    ouro_decref(x);
}

static void test_threshold_zero(void)
{
    begin();
    uint32_t threshold[3];
    ouro_gc_get_threshold(threshold);
    ouro_gc_enable();
    ouro_gc_set_threshold(0, threshold[1], threshold[2]);
    for (unsigned i = 0; i < 50000; i++) ouro_decref(ouro_list_new());
    ouro_ref keep = ouro_list_new();
    for (unsigned i = 0; i < 2000; i++) {
        ouro_ref item = ouro_list_new();
        T_EQ(ouro_list_append(keep, item), 0);
        ouro_decref(item);
    }
    ouro_decref(keep);
    struct ouro_gc_stats stats = gc_stats();
    T_EQ(stats.collections[0] + stats.collections[1] + stats.collections[2], 0);
}

static void test_indirect_calls_with_gc_disabled(void)
{
    begin();
    for (unsigned i = 0; i < 10000; i++) {
        ouro_ref list = ouro_list_new();
        if (i % 5 == 0) T_EQ(ouro_list_append(list, list), 0);
        ouro_decref(list);
    }
    struct ouro_gc_stats stats = gc_stats();
    T_EQ(stats.collections[0] + stats.collections[1] + stats.collections[2], 0);
}

/* ---- get_objects ---- */

static bool is_in(ouro_ref wanted, int generation)
{
    struct ouro_gc_cursor cursor;
    bool is_there = false;
    T_EQ(ouro_gc_objects(&cursor, generation), 0);
    for (ouro_ref o; (o = ouro_gc_next(&cursor)); ouro_decref(o)) {
        T_CHECK(!ouro_type_of(o)->is_hidden);
        is_there |= o == wanted;
    }
    return is_there;
}
static unsigned how_many(int generation)
{
    struct ouro_gc_cursor cursor;
    unsigned n = 0;
    T_EQ(ouro_gc_objects(&cursor, generation), 0);
    for (ouro_ref o; (o = ouro_gc_next(&cursor)); ouro_decref(o)) n++;
    return n;
}

static void test_get_objects(void)
{
    begin();
    ouro_gc_collect(2);
    ouro_ref l = ouro_list_new();
    T_CHECK(is_in(l, OURO_GC_ALL));
    ouro_decref(l);
}

static void test_get_objects_generations(void)
{
    begin();
    ouro_gc_collect(2);
    ouro_ref l = ouro_list_new();
    T_EQ(ouro_list_append(l, l), 0);
    for (int at = 0; at < 3; at++) {
        for (int generation = 0; generation < 3; generation++)
            T_EQ(is_in(l, generation), generation == at);
        T_EQ(ouro_gc_collect(at), 0);
    }
    T_CHECK(is_in(l, 2) && !is_in(l, 0) && !is_in(l, 1));
    ouro_decref(l);
    T_EQ(ouro_gc_collect(2), 1);
}

static void test_get_objects_arguments(void)
{
    begin();
    struct ouro_gc_cursor cursor;
    const char *message;
    ouro_ref young = ouro_list_new(), old = ouro_list_new();
    T_EQ(how_many(OURO_GC_ALL), how_many(0) + how_many(1) + how_many(2));
    T_EQ(ouro_gc_objects(&cursor, 1000), -1);
    T_EQ(ouro_error_get(&message), OURO_VALUE_ERROR);
    T_TEXT(message,
           "generation parameter must be less than the number of available generations (3)");
    T_EQ(ouro_gc_objects(&cursor, -1000), -1);
    T_EQ(ouro_error_get(&message), OURO_VALUE_ERROR);
    T_TEXT(message, "generation parameter cannot be negative");
    ouro_error_clear();
    ouro_decref(young);
    ouro_decref(old);
}

static void ask_for_all(ouro_ref self)
{
    unsigned count = 0;
    T_CHECK(!is_in(self, OURO_GC_ALL));
    T_CHECK(is_in(global, OURO_GC_ALL));
    struct ouro_gc_cursor cursor;
    T_EQ(ouro_gc_objects(&cursor, OURO_GC_ALL), 0);
    for (ouro_ref o; (o = ouro_gc_next(&cursor)); ouro_decref(o)) count++;
    T_CHECK(count > 0);
    calls++;
}
DEL(ask_def, ask_for_all);

static void test_get_objects_during_gc(void)
{
    begin();
    calls = 0;
    global = ouro_list_new();
    ouro_ref class = make_class("A", &ask_def);
    (void)make_loop(class);
    T_EQ(ouro_gc_collect(2), 1);
    T_EQ(calls, 1);
    ouro_put(&global, NULL);
    ouro_decref(class);
}

/* ---- freezing ---- */

static void test_freeze(void)
{
    begin();
    ouro_ref l = ouro_list_new(), class = make_class("A", NULL);
    T_CHECK(ouro_gc_freeze());
    T_CHECK(ouro_gc_get_freeze_count() > 0);
    T_CHECK(!is_in(l, OURO_GC_ALL) && ouro_gc_is_tracked(l));
    T_CHECK(ouro_gc_unfreeze());
    T_EQ(ouro_gc_get_freeze_count(), 0);
    T_CHECK(is_in(l, 2));
    ouro_decref(l);
    ouro_decref(class);
}

static void test_traverse_frozen_objects(void)
{
    begin();
    ouro_ref frozen = ouro_list_new();
    ouro_ref trash = ouro_list_new();
    T_CHECK(ouro_gc_freeze());
    T_EQ(ouro_list_append(trash, frozen), 0);
    ouro_ref young = ouro_list_new(); /* not frozen, in a cycle that refers to what is */
    T_EQ(ouro_list_append(young, young), 0);
    T_EQ(ouro_list_append(young, frozen), 0);
    ouro_decref(young);
    T_EQ(ouro_gc_collect(2), 1);
    T_EQ(ouro_list_append(frozen, trash), 0);
    ouro_decref(frozen);
    ouro_decref(trash);
    T_EQ(ouro_gc_collect(2), 0); /* a frozen cycle is not looked at */
    T_EQ(ouro_gc_get_freeze_count(), 2);
    T_CHECK(ouro_gc_unfreeze());
    T_EQ(ouro_gc_collect(2), 2);
    T_EQ(objects(), 0);
}

/* ---- resurrection ---- */

static ouro_ref survivors; /* a list */
static void survive(ouro_ref self)
{
    calls++;
    T_EQ(ouro_list_append(survivors, self), 0);
}
DEL(survive_def, survive);

static ouro_ref begin_lazarus(void)
{
    begin();
    calls = 0;
    survivors = ouro_list_new();
    return make_class("Lazarus", &survive_def);
}
static void end_lazarus(ouro_ref class)
{
    ouro_put(&survivors, NULL);
    ouro_decref(class);
    collect_all();
    T_EQ(objects(), 0);
}

static void test_resurrection_only_happens_once_per_object(void)
{
    ouro_ref class = begin_lazarus();
    (void)make_loop(class);
    T_EQ(calls, 0);
    T_EQ(ouro_gc_collect(2), 0);
    T_EQ(calls, 1);
    T_EQ(ouro_list_len(survivors), 1);
    ouro_list_clear(survivors);
    T_EQ(calls, 1);
    T_EQ(ouro_gc_collect(2), 1);
    T_EQ(calls, 1);
    end_lazarus(class);
}

static void test_resurrection_is_transitive(void)
{
    ouro_ref class = begin_lazarus(), cargo_class = make_class("Cargo", NULL);
    ouro_ref laz = make_instance(class), cargo = make_loop(cargo_class);
    set(laz, "cargo", cargo);
    set(cargo, "laz", laz);
    ouro_decref(laz);
    ouro_gc_collect(2);
    T_EQ(ouro_list_len(survivors), 1);
    ouro_ref instance = ouro_list_pop(survivors, 0);
    ouro_ref found = ouro_attr_get_string(instance, "cargo");
    T_CHECK(found == cargo);
    ouro_ref me = ouro_attr_get_string(found, "me");
    T_CHECK(me == cargo);
    ouro_decref(me);
    ouro_decref(found);
    ouro_decref(instance);
    ouro_decref(cargo_class);
    end_lazarus(class);
}

static void test_resurrection_does_not_block_cleanup_of_other_objects(void)
{
    enum { MANY = 100 };
    ouro_ref Z = begin_lazarus(), A = make_class("A", NULL);
    for (unsigned round = 0; round < 2; round++) {
        uint32_t before = gc_stats().collected[2];
        for (unsigned i = 0; i < MANY; i++) (void)make_loop(A);
        if (round == 1) (void)make_loop(Z);
        T_EQ(ouro_gc_collect(2), MANY);
        T_EQ(gc_stats().collected[2] - before, MANY);
        T_EQ(gc_stats().uncollectable[2], 0);
        if (round == 1) continue;
        before = gc_stats().collected[2];
        (void)make_loop(Z);
        T_EQ(ouro_gc_collect(2), 0); /* merely resurrected */
        T_EQ(gc_stats().collected[2] - before, 0);
    }
    ouro_list_clear(survivors);
    T_EQ(ouro_gc_collect(2), 2);
    ouro_decref(A);
    end_lazarus(Z);
}

/* ---- weak references in cycles ---- */

static int count_call(ouro_ref weakref, ouro_ref context)
{
    (void)weakref;
    (void)context;
    calls++;
    return 0;
}

/* What the garbage reaches through an object that does not say so: its weak reference, garbage
 * itself, is not called. */
struct mute {
    struct ouro_obj header;
    ouro_ref value; /* no reference as far as the collector knows */
};
static void mute_finalize(ouro_ref self) { ouro_put(&((struct mute *)(void *)self)->value, NULL); }
OURO_TYPE_DEFINE(mute_type) = {
    .name = "ContainerNoGC",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct mute),
    .finalize = mute_finalize,
};

static void test_trash_weakref_clear(void)
{
    begin();
    calls = 0;
    ouro_ref Z = make_class("Z", NULL), A = make_class("A", NULL), a = ouro_own(make_loop(A));
    ouro_ref y = ouro_obj_new(&mute_type), z = make_instance(Z);
    ((struct mute *)(void *)y)->value = z;
    ouro_ref wz = ouro_weakref_new_with(z, count_call, NULL), wr_cycle = ouro_list_new();
    give(a, "y", y);
    set(a, "wz", wz);
    T_EQ(ouro_list_append(wr_cycle, wz), 0);
    T_EQ(ouro_list_append(wr_cycle, wr_cycle), 0);
    ouro_gc_collect(2);
    T_EQ(calls, 0);
    ouro_decref(wz);
    ouro_decref(wr_cycle);
    ouro_decref(a);
    T_CHECK(ouro_gc_collect(2) >= 2);
    T_EQ(calls, 0);
    ouro_decref(Z);
    ouro_decref(A);
    collect_all();
    T_EQ(objects(), 0);
}

static ouro_ref WRs[2], ouch; /* a list */
static int ask_weakrefs(ouro_ref weakref, ouro_ref context)
{
    (void)weakref;
    (void)context;
    ouro_list_clear(ouch);
    for (unsigned i = 0; i < 2; i++) {
        ouro_ref found = WRs[i] ? ouro_weakref_get(WRs[i]) : OURO_NONE;
        T_EQ(ouro_list_append(ouch, found), 0);
        ouro_decref(found);
    }
    return 0;
}
static void ouch_is(size_t count)
{
    T_EQ(ouro_list_len(ouch), count);
    for (size_t i = 0; i < count; i++) T_CHECK(ouro_list_get(ouch, (ptrdiff_t)i) == OURO_NONE);
}

static void test_bug1055820b(void)
{
    begin();
    ouro_ref class = make_class("C1055820", NULL), Cs[2];
    ouch = ouro_list_new();
    for (int i = 0; i < 2; i++) {
        Cs[i] = ouro_own(make_loop(class));
        set(Cs[i], "i", ouro_int_new(i));
        WRs[i] = ouro_weakref_new_with(Cs[i], ask_weakrefs, NULL);
    }
    ouro_gc_collect(2);
    T_EQ(ouro_list_len(ouch), 0);
    for (int i = 0; i < 2; i++) ouro_decref(Cs[i]);
    T_EQ(ouro_gc_collect(2), 2);
    ouch_is(2);
    for (int i = 0; i < 2; i++) ouro_put(&WRs[i], NULL);
    ouro_put(&ouch, NULL);
    ouro_decref(class);
    T_EQ(objects(), 0);
}

static void ask_in_del(ouro_ref self) { (void)ask_weakrefs(self, NULL); }
DEL(ask_weakrefs_def, ask_in_del);

/* Something old whose end is noticed hangs on young garbage; what notices asks for other garbage.
 * A cycle starts by itself. */
static void notice_an_old_one(const struct ouro_function_def *del)
{
    begin();
    uint32_t threshold[3];
    ouro_gc_get_threshold(threshold);
    ouro_ref class = make_class("C1055820", NULL), D = make_class("D", del);
    ouro_ref c0 = ouro_own(make_loop(D)), junk = ouro_list_new();
    ouch = ouro_list_new();
    ouro_gc_collect(2); /* c0 is in generation 2 */
    ouro_ref c1 = make_loop(class), c2 = make_loop(class);
    set(c1, "keep_c0_alive", c0);
    set(c0, "me", OURO_NONE); /* only c1 keeps it alive */
    WRs[0] = ouro_weakref_new(c2);
    ouro_ref c0wr = del ? NULL : ouro_weakref_new_with(c0, ask_weakrefs, NULL);
    ouro_decref(c0);
    unsigned i;
    ouro_gc_enable();
    for (i = 0; i < 10000 && gc_stats().collections[0] == 0; i++) {
        if (ouro_gc_get_phase() == OURO_GC_IDLE) T_EQ(ouro_list_len(ouch), 0);
        ouro_ref item = ouro_list_new();
        T_EQ(ouro_list_append(junk, item), 0);
        ouro_decref(item);
    }
    ouro_gc_disable();
    T_CHECK(i < 10000);
    while (ouro_gc_step(1000) > 0) {}
    T_EQ(gc_stats().collections[2], 1); /* a young one found it */
    ouch_is(2);
    ouro_put(&WRs[0], NULL);
    ouro_put(&ouch, NULL);
    ouro_xdecref(c0wr);
    ouro_decref(junk);
    ouro_decref(class);
    ouro_decref(D);
    collect_all();
    T_EQ(objects(), 0);
}
static void test_bug1055820c(void) { notice_an_old_one(NULL); }
static void test_bug1055820d(void) { notice_an_old_one(&ask_weakrefs_def); }

/* ---- floating garbage ---- */

/* CPython's LinkedList, `__slots__ = "next", "prev", "surprise"`: `count` behind the first, each
 * between its neighbours.  The head, a new reference. */
enum { NEXT, PREV, SURPRISE };
static ouro_ref make_ll(ouro_ref class, unsigned count)
{
    ouro_ref head = make_instance(class);
    while (count-- > 0) {
        ouro_ref next = head;
        head = make_instance(class);
        T_EQ(ouro_slot_set(head, NEXT, next), 0);
        T_EQ(ouro_slot_set(next, PREV, head), 0);
        ouro_decref(next);
    }
    return head;
}

/* Cycles that refer to a long-lived list, made in a tight loop and dropped a few at a time, so that
 * some grow old.
 *   returns  how many more objects there were than at the start, at most */
static uint32_t make_cycles_fast(unsigned loops)
{
    enum { LIVE = 1000, LENGTH = 20, KEPT = 20 };
    begin();
    ouro_gc_enable();
    ouro_ref class = ouro_class_new_slots("LinkedList", NULL, "next prev surprise");
    ouro_ref head = make_ll(class, LIVE), olds = ouro_list_new();
    struct ouro_mem_stats stats;
    ouro_diag_mem(&stats);
    uint32_t before = stats.objects, most = 0;
    for (unsigned i = 0; i < loops; i++) {
        ouro_ref newhead = make_ll(class, LENGTH);
        T_EQ(ouro_slot_set(newhead, SURPRISE, head), 0);
        T_EQ(ouro_list_append(olds, newhead), 0);
        ouro_decref(newhead);
        if (ouro_list_len(olds) < KEPT) continue;
        ouro_diag_mem(&stats);
        if (stats.objects > before + most) most = stats.objects - before;
        ouro_list_clear(olds);
    }
    T_CHECK(most >= KEPT * LENGTH);
    if (OURO_CHECK < 2) T_EQ(gc_stats().forced, 0); /* red zones take room */
    T_CHECK(gc_stats().collections[2] > 0);         /* what grew old is found, too */
    ouro_gc_disable();
    ouro_decref(olds);
    ouro_decref(head);
    ouro_decref(class);
    collect_all();
    T_EQ(objects(), 0);
    return most;
}

/* CPython allows 27,000 more.  Here what may float grows with the arena: so small ones. */
static void test_incremental_gc_handles_fast_cycle_creation(void)
{
    enum { LIMIT = 27000, LOOPS = 20000 };
    for (size_t arena = 256u << 10; arena <= 1u << 20; arena *= 4) {
        t_restart(arena);
        uint32_t most = make_cycles_fast(LOOPS);
        t_note("new objects, at most", most);
        T_CHECK(most < LIMIT);
    }
}

static const struct t_test tests[] = {
    T_TEST(test_get_count),
    T_TEST(test_collect_generations),
    T_TEST(test_threshold_zero),
    T_TEST(test_indirect_calls_with_gc_disabled),
    T_TEST(test_get_objects),
    T_TEST(test_get_objects_generations),
    T_TEST(test_get_objects_arguments),
    T_TEST(test_get_objects_during_gc),
    T_TEST(test_freeze),
    T_TEST(test_traverse_frozen_objects),
    T_TEST(test_resurrection_only_happens_once_per_object),
    T_TEST(test_resurrection_is_transitive),
    T_TEST(test_resurrection_does_not_block_cleanup_of_other_objects),
    T_TEST(test_trash_weakref_clear),
    T_TEST(test_bug1055820b),
    T_TEST(test_bug1055820c),
    T_TEST(test_bug1055820d),
    T_TEST(test_incremental_gc_handles_fast_cycle_creation),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
