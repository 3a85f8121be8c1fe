/* SPDX-License-Identifier: MIT
 * pacing.c - when cycles start, how fast they go, and how much a call pays: each part of what may
 * float (Pacing in DESIGN) is seen in what the collector does.
 *
 * Births stand for time; bounds leave room for what an object takes more or less than the average
 * that the collector goes by. */
#include "collector.h"
#include "ouro.h"
#include "t.h"

struct node {
    struct ouro_obj header;
    ouro_ref next, other, weak;
};
OURO_TYPE_DEFINE(node_type) = {
    .name = "node",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct node),
    .refs = OURO_REF_BIT(struct node, next) | OURO_REF_BIT(struct node, other),
    .weak_word = OURO_WEAK_WORD(struct node, weak),
};

enum {
    ARENA = OURO_CHECK >= 2 ? 512 * 1024 : 256 * 1024,
    NEVER = 1 << 30,
    MANY = 100000,
    ONE_CALL = OURO_ALLOC_UNITS + 20, /* with what its last visit takes more */
};

static ouro_ref chain;
static struct gc *gc;

static struct node *node_of(ouro_ref ref) { return (struct node *)(void *)ref; }
static size_t used(void) { return heap_used_bytes(ouro_heap); }
static size_t arena(void) { return (size_t)ouro_heap->arena.pages << PAGE_SHIFT; }
static uint32_t cycles(int generation) { return ouro_heap->figures.collections[generation]; }

static void keep(void)
{
    ouro_ref ref = ouro_obj_new(&node_type);
    if (!T_CHECK(ref != NULL)) return;
    node_of(ref)->next = chain;
    chain = ref;
}
static void make_garbage(void)
{
    ouro_ref ref = ouro_obj_new(&node_type);
    if (!T_CHECK(ref != NULL)) return;
    node_of(ref)->other = ouro_own(ref);
    ouro_decref(ref);
}
/* Time goes by: what is born stays, since what dies at once owes nothing. */
static uint32_t births_until_idle(void)
{
    uint32_t births = 0;
    for (; gc->phase != OURO_GC_IDLE && births < MANY; births++) make_garbage();
    return births;
}
/* Bytes and units of objects are those of boards at CHECK=0 and 1. */
static bool is_skipped(void)
{
    if (OURO_CHECK < 2 && !OURO_POISON) return false;
    t_skip("what an object takes is that of boards at CHECK=0 and 1");
    return true;
}

/* An arena of which so many percent are old and alive; no cycle starts but for what floats. */
static void begin(unsigned percent)
{
    t_restart(ARENA);
    chain = NULL;
    gc = &ouro_heap->gc;
    ouro_gc_disable();
    while (used() < arena() / 100 * percent) keep();
    T_CHECK(ouro_gc_collect(2) == 0);
    ouro_gc_set_threshold(NEVER, NEVER, NEVER);
    ouro_gc_enable();
}
static void end(void)
{
    T_EQ(ouro_heap->figures.forced, 0);
    t_restart(SIZE_MAX);
}
/* Objects that a part of F is, by what is in use. */
static uint32_t part_of(unsigned share)
{
    return (uint32_t)(gc->limits.bound / (used() / object_count()) / share);
}

static void what_may_float(void)
{
    begin(20);
    T_EQ(gc->limits.bound, used() / 2 + arena() / 16);
    end();
    begin(75);
    T_EQ(gc->limits.bound, (arena() - used()) / 2);
    end();
}

/* ---- when ---- */

static void the_young_are_due_after_an_eighth(void)
{
    begin(30);
    uint32_t births = 0, part = part_of(8);
    for (; gc->phase == OURO_GC_IDLE && births < MANY; births++) make_garbage();
    T_CHECK(births >= part && births <= part + 3);
    T_EQ(gc->now.generation, 0);
    end();
}

static void what_survives_is_due_after_an_eighth_and_the_old_after_three(void)
{
    if (is_skipped()) return;
    begin(30);
    uint32_t before[3] = {cycles(0), cycles(1), cycles(2)}, births = 0, part = part_of(8);
    for (; cycles(1) == before[1] && births < MANY; births++) keep();
    T_CHECK(cycles(0) - before[0] >= 1 && cycles(0) - before[0] <= 3);
    t_note("births until what survived is due", births);
    t_note("of F / 8", part);
    T_CHECK(births > 2 * part && births <= 6 * part);
    T_EQ(cycles(2), before[2]);
    for (; gc->now.s_sets != 1u << GEN2 && births < MANY; births++) keep();
    T_CHECK(births > 3 * part && births <= 10 * part);
    end();
}

/* ---- how fast ---- */

/* The old are looked at: births meanwhile. */
static uint32_t births_beside_the_old(unsigned survival)
{
    gc->survival = (uint8_t)survival;
    T_CHECK(collector_start_old());
    uint32_t births = births_until_idle();
    T_CHECK(ouro_gc_collect(1) >= 0);
    return births;
}

/* Where a call may pay what is owed. */
static void the_old_take_half_of_what_may_float(void)
{
    enum { ENOUGH = 200, ALL = 16 };
    begin(30);
    ouro_gc_disable();
    ouro_gc_set_budget(ENOUGH, ENOUGH);
    uint32_t part = part_of(8), births = births_beside_the_old(ALL);
    t_note("births while the old are looked at", births);
    t_note("of F / 2", 4 * part);
    T_CHECK(births >= part && births <= 4 * part);
    uint32_t quarter = births_beside_the_old(ALL / 4); /* then it may take its time */
    t_note("where a quarter survives", quarter);
    T_CHECK(quarter > births + births / 2 && quarter <= 16 * part);
    end();
}

/* What a cycle takes for an object is learnt: with a weak reference S is looked at twice more. */
static void the_pace_goes_by_what_cycles_took(void)
{
    enum { ENOUGH = 200, ALL = 16, CYCLES = 6 };
    begin(30);
    ouro_gc_disable();
    ouro_gc_set_budget(ENOUGH, ENOUGH);
    uint32_t part = part_of(8), births = 0, plain = gc->limits.units[1];
    for (unsigned i = 0; i < CYCLES; i++) {
        ouro_ref ring = ouro_obj_new(&node_type);
        ouro_ref weak = ouro_weakref_new_with(ring, NULL, NULL);
        node_of(ring)->next = ouro_own(ring);
        T_EQ(ouro_gc_collect(1), 0);
        ouro_decref(ring); /* old garbage */
        births = births_beside_the_old(ALL);
        T_CHECK(ouro_weakref_get(weak) == OURO_NONE);
        ouro_decref(weak);
    }
    t_note("births", births);
    t_note("of F / 2", 4 * part);
    t_note("units of an object, times 16", gc->limits.units[1]);
    T_CHECK(gc->limits.units[1] != plain);
    T_CHECK(births >= part && births <= 4 * part);
    end();
}

static void the_young_take_until_the_next_are_due(void)
{
    enum { DUE = 300 };
    if (is_skipped()) return;
    begin(50);
    ouro_gc_set_threshold(DUE, NEVER, NEVER);
    for (uint32_t births = 0; gc->phase == OURO_GC_IDLE && births < MANY; births++) make_garbage();
    ouro_gc_disable();
    uint32_t births = births_until_idle();
    t_note("births while the young are looked at", births);
    T_CHECK(births > DUE / 4 && births <= DUE + DUE / 8);
    end();
}

static void what_survives_is_measured(void)
{
    enum { BIRTHS = 400 };
    static const unsigned every[] = {2, 4, 8};
    for (unsigned i = 0; i < T_COUNT(every); i++) {
        begin(30);
        ouro_gc_disable();
        for (unsigned k = 0; k < BIRTHS; k++) k % every[i] ? make_garbage() : keep();
        T_CHECK(ouro_gc_start(0));
        collector_finish();
        T_CHECK(gc->survival >= 16 / every[i] && gc->survival <= 16 / every[i] + 1);
        end();
    }
}

/* ---- how much a call pays ---- */

/* Units of the longest of the steps that so many births take. */
static uint32_t longest_of(unsigned births)
{
    ouro_heap->figures.longest_step = 0;
    for (unsigned i = 0; i < births && gc->phase != OURO_GC_IDLE; i++) make_garbage();
    return ouro_heap->figures.longest_step;
}

static void calls_pay_more_when_memory_is_short(void)
{
    enum { FEW = 100, OWED = 1 << 20, ALL = 16 };
    if (is_skipped()) return;
    begin(60);
    ouro_gc_disable();
    gc->survival = ALL;
    T_CHECK(collector_start_old());
    gc->now.debt = OWED; /* whatever is owed, there is time */
    T_CHECK(longest_of(FEW) <= ONE_CALL);
    while (used() <= gc->limits.late) make_garbage();
    T_CHECK(gc->phase != OURO_GC_IDLE);
    const uint32_t late = OURO_ALLOC_UNITS * gc->limits.halves / 2;
    T_CHECK(late >= 2 * OURO_ALLOC_UNITS);
    gc->now.debt = 0; /* no more than is owed */
    gc->now.pace = 1;
    T_CHECK(longest_of(FEW) <= ONE_CALL);
    gc->now.debt = OWED;
    uint32_t longest = longest_of(FEW);
    T_CHECK(longest >= late - 20 && longest <= late + ONE_CALL - OURO_ALLOC_UNITS);
    end();
}

/* From when on calls may pay more, by what the running cycle is over. */
static void who_may_be_late(void)
{
    enum { LITTLE = 1, SOME = 5, ALL = 16 };
    begin(70);
    struct limits *limits = &gc->limits;
    ouro_gc_disable();
    T_CHECK(limits->late_old < used() + limits->bound && limits->late_old >= used());
    T_CHECK(collector_start_old());
    T_EQ(limits->late, limits->late_old);
    static const unsigned survivals[] = {LITTLE, SOME, ALL};
    for (unsigned i = 0; i < T_COUNT(survivals); i++) {
        gc->survival = (uint8_t)survivals[i];
        keep();
        T_CHECK(ouro_gc_start(0));                   /* it interrupts the other */
        const bool is_urgent = survivals[i] == SOME; /* nor if it finds hardly anything */
        T_EQ(limits->late == limits->late_old, is_urgent);
        if (!is_urgent) T_EQ(limits->late, limits->base + limits->bound / 4 * 5);
        while (gc->parked_phase != OURO_GC_IDLE) (void)ouro_gc_step(OURO_ALLOC_UNITS);
    }
    T_EQ(limits->late, limits->late_old);
    collector_finish();
    T_CHECK(ouro_gc_start(2)); /* that the program asked for */
    T_EQ(limits->late, UINT32_MAX);
    end();
}

/* How much may float before an old cycle is late, and what calls pay then. */
static void lateness_goes_by_what_is_to_be_done(void)
{
    static const struct {
        unsigned percent, eighths, halves;
    } cells[] = {{20, 3, 5}, {50, 3, 5}, {75, 1, 8}, {92, 1, 5}};
    if (is_skipped()) return;
    for (unsigned i = 0; i < T_COUNT(cells); i++) {
        begin(cells[i].percent);
        const struct limits *limits = &gc->limits;
        T_EQ(limits->late_old, used() + limits->bound / 8 * cells[i].eighths);
        T_EQ(limits->halves_old, cells[i].halves);
        end();
    }
}

/* What live data was before the last cycle may live again. */
static void what_lived_before_counts(void)
{
    begin(60);
    const size_t before = used();
    ouro_decref(chain);
    chain = NULL;
    while (ouro_gc_collect(2) > 0 || gc->dead_head) {}
    T_CHECK(used() < before / 2);
    T_EQ(gc->limits.base, before);
    T_EQ(ouro_gc_collect(2), 0);
    T_EQ(gc->limits.base, used());
    end();
}

/* Objects of which few make a page: calls that have no free cell at hand pay less, but do pay. */
struct large {
    struct node node;
    char rest[80 - sizeof(struct node)];
};
struct larger {
    struct node node;
    char rest[240 - sizeof(struct node)];
};
#define LARGE_TYPE(kind)                                                                           \
    OURO_TYPE_DEFINE(kind##_type) = {                                                              \
        .name = #kind,                                                                             \
        .index = OURO_TYPE_USER,                                                                   \
        .size_bytes = sizeof(struct kind),                                                         \
        .refs = OURO_REF_BIT(struct node, next) | OURO_REF_BIT(struct node, other),                \
    }
LARGE_TYPE(large);
LARGE_TYPE(larger);

static void garbage_of_any_size_is_paid_for(void)
{
    enum { BIRTHS = 8000, SMALL_ARENA = ARENA / 2 };
    static const struct ouro_type *const types[] = {&node_type, &large_type, &larger_type};
    for (unsigned mixture = 1; mixture < 1u << T_COUNT(types); mixture++) {
        t_restart(SMALL_ARENA);
        for (unsigned i = 0; i < BIRTHS; i++) {
            unsigned kind = i % T_COUNT(types);
            while (!(mixture >> kind & 1u)) kind = (kind + 1) % T_COUNT(types);
            ouro_ref ref = ouro_obj_new(types[kind]);
            if (!T_CHECK(ref != NULL)) return;
            node_of(ref)->other = ouro_own(ref);
            ouro_decref(ref);
        }
        t_note("bytes in use at most", ouro_heap->peak_bytes);
        T_CHECK(ouro_heap->peak_bytes < SMALL_ARENA / 2);
        T_EQ(ouro_heap->figures.forced, 0);
    }
    t_restart(SIZE_MAX);
}

static const struct t_test tests[] = {
    T_TEST(what_may_float),
    T_TEST(the_young_are_due_after_an_eighth),
    T_TEST(what_survives_is_due_after_an_eighth_and_the_old_after_three),
    T_TEST(the_old_take_half_of_what_may_float),
    T_TEST(the_pace_goes_by_what_cycles_took),
    T_TEST(the_young_take_until_the_next_are_due),
    T_TEST(what_survives_is_measured),
    T_TEST(calls_pay_more_when_memory_is_short),
    T_TEST(who_may_be_late),
    T_TEST(lateness_goes_by_what_is_to_be_done),
    T_TEST(what_lived_before_counts),
    T_TEST(garbage_of_any_size_is_paid_for),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
