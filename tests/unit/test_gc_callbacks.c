/* SPDX-License-Identifier: MIT
 * test_gc_callbacks.c - CPython's tests of gc.callbacks, under their names; freezing in steps, a
 * collection by the clock, and a reference count that is too low.
 *
 * A callback is told of what CPython puts into `info`.  Here callbacks come one a step. */
#include "gc_objects.h"
#include "invariant.h"
#include "object.h"

struct kept {
    struct ouro_obj header;
    ouro_ref me;
};
static void never(ouro_ref self) { (void)self; }
OURO_TYPE_DEFINE(kept_type) = {
    .name = "Uncollectable",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct kept),
    .refs = OURO_REF_BIT(struct kept, me),
    .is_uncollectable = true,
    .finalize = never,
};

enum { VISITS = 16 };
struct visit {
    const struct ouro_gc_callback *callback;
    enum ouro_gc_event event;
    struct ouro_gc_info info;
};
static struct visit visits[VISITS];
static unsigned visited;
static bool cleans;

static void note(struct ouro_gc_callback *self, enum ouro_gc_event event,
                 const struct ouro_gc_info *info)
{
    if (T_CHECK(visited < VISITS))
        visits[visited++] = (struct visit){.callback = self, .event = event, .info = *info};
    T_EQ(ouro_gc_collect(2), 0); /* which is what CPython's collect() does there, too */
    if (!cleans || event != OURO_GC_STOP) return;
    ouro_ref garbage = ouro_gc_garbage();
    while (ouro_list_len(garbage) > 0) {
        ouro_ref kept = ouro_list_pop(garbage, -1);
        ouro_put(&((struct kept *)(void *)kept)->me, NULL);
        ouro_decref(kept);
    }
}
static struct ouro_gc_callback first = {.call = note}, second = {.call = note};

static void begin_with(struct ouro_gc_callback *one, struct ouro_gc_callback *other)
{
    begin();
    visited = 0;
    cleans = false;
    ouro_gc_collect(2);
    if (one) ouro_gc_add_callback(one);
    if (other) ouro_gc_add_callback(other);
}

static void test_collect(void)
{
    begin_with(&first, &second);
    ouro_gc_collect(2);
    if (!T_EQ(visited, 4)) return;
    for (unsigned i = 0; i < 4; i++) { /* each is called twice, in the order of adding */
        const struct visit *visit = &visits[i];
        T_CHECK(visit->callback == (i % 2 ? &second : &first));
        T_EQ(visit->event, i < 2 ? OURO_GC_START : OURO_GC_STOP);
        T_TEXT(ouro_gc_event_name(visit->event), i < 2 ? "start" : "stop");
        T_EQ(visit->info.generation, 2);
        T_EQ(visit->info.collected, 0);
        T_EQ(visit->info.uncollectable, 0);
    }
    T_CHECK(ouro_gc_remove_callback(&first));
    T_CHECK(!ouro_gc_remove_callback(&first));
    ouro_gc_add_callback(&second); /* it is there */
    ouro_gc_collect(0);
    T_EQ(visited, 6);
    T_CHECK(visits[4].callback == &second && visits[5].callback == &second);
    T_CHECK(ouro_gc_remove_callback(&second));
    ouro_gc_collect(2);
    T_EQ(visited, 6);
}

static void test_collect_generation(void)
{
    for (unsigned generation = 0; generation < 3; generation++) {
        begin_with(&first, NULL);
        ouro_gc_collect((int)generation);
        T_EQ(visited, 2);
        for (unsigned i = 0; i < visited; i++) T_EQ(visits[i].info.generation, generation);
        T_CHECK(ouro_gc_remove_callback(&first));
    }
}

static void leave_one(void)
{
    ouro_ref kept = ouro_obj_new(&kept_type);
    if (T_CHECK(kept != NULL)) ((struct kept *)(void *)kept)->me = kept;
}

static void test_collect_garbage(void)
{
    ouro_ref garbage = ouro_gc_garbage();
    begin_with(&first, NULL);
    leave_one();
    leave_one();
    ouro_ref class = make_class("C", NULL);
    (void)make_loop(class);
    T_EQ(ouro_gc_collect(2), 3);
    T_EQ(visited, 2);
    T_EQ(visits[0].info.collected, 0); /* nothing is known at the start */
    T_EQ(visits[1].info.collected, 1);
    T_EQ(visits[1].info.uncollectable, 2);
    T_CHECK(visits[1].info.candidates >= 3);
    T_EQ(ouro_list_len(garbage), 2);
    for (unsigned i = 0; i < 2; i++)
        T_CHECK(ouro_type_of(ouro_list_get(garbage, (ptrdiff_t)i)) == &kept_type);
    ouro_list_clear(garbage); /* they keep themselves, so that the next cycle finds them again */
    cleans = true;
    T_EQ(ouro_gc_collect(2), 2);
    T_EQ(visited, 4);
    T_EQ(visits[3].info.collected, 0);
    T_EQ(visits[3].info.uncollectable, 2);
    T_EQ(ouro_list_len(garbage), 0); /* the callback has taken them out, and apart */
    T_EQ(ouro_gc_collect(2), 0);
    T_EQ(visits[5].info.uncollectable, 0);
    T_CHECK(ouro_gc_remove_callback(&first));
    ouro_decref(class);
}

static bool is_intact(void) { return t_is_intact(ouro_diag_verify()); }
static bool names(const char *id) { return t_names(ouro_diag_verify(), id); }

/* CPython asserts that no reference count is below the references that it found.  One that is
 * dropped once too often is refused at once: tests/panic/double_release.c.  What the panic says of
 * the object, tests/panic/test_refcount_errors.c holds. */
static void test_refcount_errors(void)
{
    begin();
    ouro_ref class = make_class("C", NULL), loop = make_loop(class);
    T_CHECK(ouro_gc_start(2));
    while (ouro_gc_get_phase() == OURO_GC_COUNT && T_CHECK(ouro_gc_step(1) > 0)) {}
    T_EQ(ouro_gc_get_phase(), OURO_GC_MARK);
    is_intact();
    if (T_CHECK(gc_field(loop) == 0 || refcount(loop) == gc_field(loop)))
        T_BREAK("G9", loop->type_gc, loop->type_gc + 2);
    while (ouro_gc_step(1000) > 0) {}
    ouro_decref(class);
}

/* ---- ours ---- */

/* An error of a callback's is reported, as CPython's is unraisable; whoever collects sees none, and
 * keeps the one that was set. */
static unsigned reported;
static void report(enum ouro_error_kind kind, const char *message, ouro_ref where)
{
    T_EQ(kind, OURO_VALUE_ERROR);
    T_TEXT(message, "no");
    T_CHECK(where == NULL);
    reported++;
}
static void fail(struct ouro_gc_callback *self, enum ouro_gc_event event,
                 const struct ouro_gc_info *info)
{
    (void)self;
    (void)info;
    T_EQ(ouro_error_get(NULL), OURO_NO_ERROR);
    if (event == OURO_GC_STOP) ouro_error_set(OURO_VALUE_ERROR, "no");
}
static void an_error_of_a_callback_is_reported(void)
{
    static struct ouro_gc_callback failing = {.call = fail};
    begin_with(&failing, &first);
    ouro_error_set_hook(report);
    reported = 0;
    T_EQ(ouro_gc_collect(2), 0);
    T_EQ(ouro_error_get(NULL), OURO_NO_ERROR);
    ouro_error_set(OURO_KEY_ERROR, "mine");
    T_EQ(ouro_gc_collect(2), 0);
    const char *message;
    T_EQ(ouro_error_get(&message), OURO_KEY_ERROR);
    T_TEXT(message, "mine");
    T_EQ(reported, 2);
    T_EQ(visited, 4); /* the others are called all the same */
    ouro_error_clear();
    ouro_error_set_hook(NULL);
    T_CHECK(ouro_gc_remove_callback(&failing) && ouro_gc_remove_callback(&first));
}

/* A callback that makes more garbage than a cycle waits for: no other cycle starts before it is
 * done, or a collection would never end. */
static unsigned begun;
static void litter(struct ouro_gc_callback *self, enum ouro_gc_event event,
                   const struct ouro_gc_info *info)
{
    (void)self;
    (void)info;
    if (event == OURO_GC_START) begun++;
    if (begun > 8) return; /* lest a failing test hang */
    for (unsigned i = 0; i < 100; i++) {
        ouro_ref list = ouro_list_new();
        if (T_CHECK(list != NULL)) T_EQ(ouro_list_append(list, list), 0);
        ouro_decref(list);
    }
    T_CHECK(!ouro_gc_start(0));
}
static void a_callback_that_litters_lets_a_collection_end(void)
{
    static struct ouro_gc_callback littering = {.call = litter};
    begin_with(&littering, NULL);
    ouro_gc_enable();
    ouro_gc_set_threshold(10, 10, 10);
    begun = 0;
    T_EQ(ouro_gc_collect(2), 0);
    T_EQ(begun, 1);
    T_EQ(ouro_gc_collect(2), 200); /* what both calls of the first one left */
    T_EQ(begun, 2);
    T_CHECK(ouro_gc_remove_callback(&littering));
    T_EQ(ouro_gc_collect(2), 200);
    T_EQ(objects(), 0);
}

/* What is born while freezing goes on is not frozen, and no cycle starts meanwhile. */
static void freezing_goes_in_steps(void)
{
    enum { OBJECTS = 300 };
    begin_with(&first, NULL);
    ouro_ref list = ouro_list_new();
    for (unsigned i = 0; i < OBJECTS; i++) {
        ouro_ref inner = ouro_list_new();
        T_EQ(ouro_list_append(list, inner), 0);
        ouro_decref(inner);
    }
    T_CHECK(ouro_gc_freeze_start());
    T_CHECK(!ouro_gc_freeze_start() && !ouro_gc_start(2));
    ouro_ref late = ouro_list_new();
    unsigned steps = 0;
    while (ouro_gc_get_phase() == OURO_GC_FREEZE && T_CHECK(ouro_gc_step(8) > 0)) steps++;
    T_CHECK(steps > 10);
    T_EQ(ouro_gc_get_freeze_count(), OBJECTS + 1);
    T_CHECK(label(late) != PERMANENT && label(list) == PERMANENT);
    ouro_decref(ouro_list_pop(list, 0)); /* what is frozen still dies by its count */
    T_EQ(ouro_gc_get_freeze_count(), OBJECTS);
    T_CHECK(ouro_gc_unfreeze_start());
    for (steps = 0; ouro_gc_get_phase() == OURO_GC_UNFREEZE && T_CHECK(ouro_gc_step(8) > 0);)
        steps++;
    T_CHECK(steps > 10);
    T_EQ(ouro_gc_get_freeze_count(), 0);
    T_EQ(visited, 0); /* these are no collections */
    T_CHECK(ouro_gc_remove_callback(&first));
    ouro_decref(list);
    ouro_decref(late);
    T_EQ(objects(), 0);
    is_intact();
}

static uint64_t now;
static uint64_t tick(void) { return now += 100; }

/* It works for as long as it is told, takes up where it stopped, and says when the cycle ended. */
static void collect_for_ends_in_time(void)
{
    begin();
    ouro_ref class = make_class("C", NULL);
    for (unsigned i = 0; i < 100; i++) (void)make_loop(class);
    uint32_t before = objects();
    ouro_gc_set_clock(tick);
    unsigned calls = 0;
    uint64_t longest = 0;
    for (bool is_done = false; !is_done && calls < 10000; calls++) {
        uint64_t began = now;
        is_done = ouro_gc_collect_for(1000);
        if (now - began > longest) longest = now - began;
    }
    ouro_gc_set_clock(NULL);
    T_CHECK(calls > 3 && calls < 10000);
    T_CHECK(longest <= 2000);
    T_EQ(gc_stats().collected[2], 100);
    T_CHECK(objects() <= before - 100);
    ouro_decref(class);
    T_EQ(objects(), 0);
}

static const struct t_test tests[] = {
    T_TEST(test_collect),
    T_TEST(test_collect_generation),
    T_TEST(test_collect_garbage),
    T_TEST(test_refcount_errors),
    T_TEST(an_error_of_a_callback_is_reported),
    T_TEST(a_callback_that_litters_lets_a_collection_end),
    T_TEST(freezing_goes_in_steps),
    T_TEST(collect_for_ends_in_time),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
