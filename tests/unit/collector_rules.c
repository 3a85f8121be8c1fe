/* SPDX-License-Identifier: MIT
 * collector_rules.c - moments that random operations hardly ever meet: user code that the collector
 * called drops, steps and looks when each rule of the collector matters most. */
#include "collector.h"
#include "ouro.h"
#include "t.h"

struct cell {
    struct ouro_obj header;
    ouro_ref next, other;
};
#define CELL_REFS (OURO_REF_BIT(struct cell, next) | OURO_REF_BIT(struct cell, other))

static void finalize(ouro_ref self);

OURO_TYPE_DEFINE(cell_type) = {
    .name = "cell",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct cell),
    .refs = CELL_REFS,
};
OURO_TYPE_DEFINE(dying_type) = {
    .name = "dying",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct cell),
    .refs = CELL_REFS,
    .finalize = finalize,
};
OURO_TYPE_DEFINE(kept_type) = {
    .name = "kept",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct cell),
    .refs = CELL_REFS,
    .is_uncollectable = true,
    .finalize = finalize,
};

/* As large as a weak reference with a callback. */
struct target {
    struct ouro_obj header;
    ouro_ref next, other, weak;
    void *unused[3];
};
OURO_TYPE_DEFINE(target_type) = {
    .name = "target",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct target),
    .refs = CELL_REFS,
    .weak_word = OURO_WEAK_WORD(struct target, weak),
};

static unsigned finalized;
static void (*at_finalize)(struct cell *self);
static ouro_ref global;

static struct cell *cell_of(ouro_ref ref) { return (struct cell *)(void *)ref; }
static void finalize(ouro_ref self)
{
    finalized++;
    if (at_finalize) at_finalize(cell_of(self));
}
static void begin(void (*action)(struct cell *))
{
    finalized = 0;
    at_finalize = action;
    global = NULL;
    ouro_gc_disable();
}
/* A new one; steals what it refers to. */
static ouro_ref make(const struct ouro_type *type, ouro_ref next, ouro_ref other)
{
    ouro_ref ref = ouro_obj_new(type);
    if (!T_CHECK(ref != NULL)) return NULL;
    cell_of(ref)->next = next;
    cell_of(ref)->other = other;
    return ref;
}
static bool is_intact(void)
{
    const char *broken = ouro_diag_verify();
    return T_TEXT(broken ? broken : "intact", "intact");
}
/* All is garbage: after so many cycles nothing is left. */
static void leaves_nothing(int cycles)
{
    while (ouro_gc_step(1000) > 0) {}
    for (; cycles > 0; cycles--) (void)ouro_gc_collect(2);
    T_EQ(object_count(), 0);
    is_intact();
}

/* Go on, a unit at a time, to a phase of the first or the second look. */
static bool step_to(enum ouro_gc_phase phase, bool is_second_look)
{
    const struct gc *gc = &ouro_heap->gc;
    while (gc->phase != phase || gc->now.is_second_look != is_second_look)
        if (!T_CHECK(ouro_gc_step(1) > 0)) return false;
    return true;
}

/* ---- callouts ---- */

static void drop_another_and_step(struct cell *self)
{
    (void)self;
    ouro_ref doomed = global;
    if (!doomed) return;
    global = NULL;
    ouro_decref(doomed);
    (void)ouro_gc_step(1000);
    T_EQ(finalized, 1); /* the other's has to wait */
}

static void waiting_finalizers_do_not_nest(void)
{
    begin(drop_another_and_step);
    ouro_ref first = make(&cell_type, make(&dying_type, NULL, NULL), NULL);
    global = make(&cell_type, make(&dying_type, NULL, NULL), NULL);
    ouro_decref(first); /* its finalizer waited on the dead queue: the collector calls it */
    while (ouro_gc_step(1000) > 0) {}
    T_EQ(finalized, 2);
    leaves_nothing(0);
}

/* ---- the flip of the second look ---- */

static void keep_next(struct cell *self) { global = ouro_take(&self->next); }

static void drop_and_go_on_marking(struct cell *self)
{
    (void)self;
    ouro_ref doomed = global;
    if (!doomed) return;
    global = NULL;
    ouro_decref(doomed);
    (void)ouro_gc_step(1000);
    T_EQ(ouro_gc_get_phase(), OURO_GC_MARK);
}

/* R3: something dead, below a finalizer that waits, still refers to a ring that it was counted for.
 */
static void the_flip_waits_for_the_dead(void)
{
    begin(keep_next);
    ouro_ref x = make(&cell_type, NULL, NULL), y = make(&cell_type, x, NULL);
    cell_of(x)->next = y;
    ouro_ref revived = make(&cell_type, ouro_own(x), NULL);
    ouro_ref reviver = make(&dying_type, revived, NULL);
    cell_of(reviver)->other = reviver; /* nobody else has any of them */
    T_CHECK(ouro_gc_start(2));
    if (!step_to(OURO_GC_MARK, true)) return;
    T_CHECK(global == revived && is_candidate(revived) && is_candidate(x));

    cell_of(revived)->other = make(&dying_type, NULL, NULL);
    at_finalize = drop_and_go_on_marking;
    ouro_decref(make(&cell_type, make(&dying_type, NULL, NULL), NULL));
    T_CHECK(global == NULL);
    T_EQ(finalized, 2);
    while (ouro_heap->gc.dead_head && T_CHECK(ouro_gc_step(1) > 0)) {}
    T_EQ(finalized, 3);
    T_CHECK(!is_candidate(x)); /* the dead one has dropped it by now */
    leaves_nothing(2);
}

/* ---- what is owed ---- */

static void look_at_next(struct cell *self)
{
    if (self->next) ouro_decref(ouro_own(self->next));
}

/* Revived before its turn, and beside something uncollectable: it is finalized in the next cycle.
 */
static void finalizers_are_owed(void)
{
    begin(look_at_next);
    ouro_ref garbage = ouro_gc_garbage(), kept = make(&kept_type, NULL, NULL);
    cell_of(kept)->other = kept;
    ouro_ref early = make(&dying_type, NULL, NULL), late = make(&dying_type, NULL, NULL);
    T_CHECK(early < late);
    cell_of(early)->next = late;
    cell_of(late)->other = early;
    T_EQ(ouro_gc_collect(2), 1); /* what is kept */
    T_EQ(finalized, 1);
    T_EQ(ouro_gc_collect(2), 2);
    T_EQ(finalized, 2);
    T_EQ(ouro_list_len(garbage), 1);
    T_CHECK(ouro_list_get(garbage, 0) == kept);
    is_intact();
}

/* ---- the dead ---- */

/* What waits to be drained says that it is dead, whichever way it died. */
static void the_dead_say_so(void)
{
    begin(NULL);
    ouro_ref chain = NULL;
    for (int i = 0; i < 200; i++) chain = make(&cell_type, chain, NULL);
    ouro_gc_set_budget(1, 1);
    ouro_decref(chain);
    int waits = 0;
    for (; ouro_heap->gc.dead_head && is_intact(); waits++) (void)ouro_gc_step(1);
    T_CHECK(waits > 10);
    leaves_nothing(0);
}

/* ---- the second look ---- */

static unsigned listed(ouro_ref wanted)
{
    unsigned n = 0;
    struct ouro_gc_cursor cursor;
    T_EQ(ouro_gc_objects(&cursor, OURO_GC_ALL), 0);
    for (ouro_ref o; (o = ouro_gc_next(&cursor)); ouro_decref(o)) n += o == wanted;
    return n;
}

/* What was revived, and is held, is alive to weak references made since; what was not is told to
 * nobody. */
static void what_was_revived_is_alive(void)
{
    begin(keep_next);
    ouro_ref target = make(&target_type, NULL, NULL), reviver = make(&dying_type, target, NULL);
    cell_of(reviver)->other = reviver;
    T_CHECK(ouro_gc_start(2));
    while (!global && T_CHECK(ouro_gc_step(1) > 0)) {}
    ouro_ref weak = ouro_weakref_new(target);
    if (!step_to(OURO_GC_COUNT, true)) return;
    T_EQ(listed(reviver), 0);
    while (!is_candidate(target) && T_CHECK(ouro_gc_step(1) > 0)) {}
    T_EQ(listed(reviver), 0);
    T_CHECK(is_candidate(target) && ouro_weakref_get(weak) == target);
    ouro_decref(target);
    (void)ouro_gc_collect(2);
    T_EQ(object_count(), 2); /* the target and what refers to it */
    T_CHECK(ouro_weakref_get(weak) == target);
    ouro_decref(target);
    ouro_decref(target); /* the one of its life */
    T_CHECK(ouro_weakref_get(weak) == OURO_NONE);
    ouro_decref(weak);
    leaves_nothing(0);
}

/* ---- counts that saturate ---- */

static void saturated_counts_stay(void)
{
    begin(NULL);
    ouro_ref counted = make(&cell_type, NULL, NULL);
    ouro_ref holder = make(&cell_type, ouro_own(counted), counted);
    cell_of(counted)->next = holder;
    T_CHECK(ouro_gc_start(2));
    while (!is_candidate(counted) && T_CHECK(ouro_gc_step(1) > 0)) {}
    counted->type_gc |= GC_MASK; /* as if 2^21 references had been seen */
    if (!step_to(OURO_GC_MARK, false)) return;
    T_CHECK(!is_candidate(counted));
    is_intact();
    leaves_nothing(1);
}

/* ---- what FREE does about weak references ---- */

static int never_called(ouro_ref weakref, ouro_ref context)
{
    (void)weakref, (void)context;
    T_CHECK(!"called");
    return 0;
}

/* Those that are garbage leave the lists of what lives, wherever they are among the garbage. */
static void weak_references_are_garbage(void)
{
    enum { EACH = 4 };
    begin(NULL);
    ouro_ref target = make(&target_type, NULL, NULL), garbage = NULL;
    for (unsigned i = 0; i < EACH; i++) {
        ouro_ref weak = ouro_weakref_new_with(target, never_called, NULL);
        garbage = make(&target_type, garbage, weak);
    }
    ouro_ref last = garbage;
    while (cell_of(last)->next) last = cell_of(last)->next;
    cell_of(last)->next = garbage; /* a ring */
    T_EQ(ouro_weakref_count(target), EACH);
    T_EQ(ouro_gc_collect(2), 2 * EACH);
    T_EQ(ouro_weakref_count(target), 0);
    is_intact();
    ouro_decref(target);
    leaves_nothing(0);
}

/* Nothing is due of one that was found to be garbage and is looked at once more. */
static void garbage_in_doubt_is_not_called(void)
{
    begin(keep_next);
    ouro_ref target = make(&target_type, NULL, NULL);
    ouro_ref weak = ouro_weakref_new_with(target, never_called, NULL);
    ouro_ref reviver = make(&dying_type, make(&cell_type, NULL, NULL), NULL);
    cell_of(reviver)->other = make(&cell_type, reviver, weak);
    T_CHECK(ouro_gc_start(2));
    if (!step_to(OURO_GC_COUNT, true)) return;
    while (!is_candidate(weak) && T_CHECK(ouro_gc_step(1) > 0)) {}
    T_CHECK(ouro_heap->gc.now.is_second_look);
    ouro_decref(target);
    T_CHECK(!ouro_heap->gc.due_head);
    ouro_decref(global);
    leaves_nothing(0);
}

static const struct t_test tests[] = {
    T_TEST(waiting_finalizers_do_not_nest),
    T_TEST(the_flip_waits_for_the_dead),
    T_TEST(finalizers_are_owed),
    T_TEST(the_dead_say_so),
    T_TEST(what_was_revived_is_alive),
    T_TEST(saturated_counts_stay),
    T_TEST(weak_references_are_garbage),
    T_TEST(garbage_in_doubt_is_not_called),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
