/* SPDX-License-Identifier: MIT
 * steps.c - the smallest piece of work: with a budget of 1 unit and 100,000 objects of every shape
 * that costs much at once, no step of any phase, no change of phase, no start, no idle call and no
 * allocation does more than 32 units, nor takes more instructions than so many units can.
 *
 * The collector's own account of units is held against the board's count of instructions, which
 * knows nothing of it. */
#include "heap.h"
#include "ouro.h"
#include "t.h"

enum {
    MANY = 100000,
    WIDE = 16,
    MOST_UNITS = 32,
    /* As reached. */
    MOST_INSTRUCTIONS = 1000,
    MOST_WITH_APPEND = 1600, /* to the list of garbage, which a program sees */
};

struct wide {
    struct ouro_obj header;
    ouro_ref slot[WIDE];
};
struct cell {
    struct ouro_obj header;
    ouro_ref next, other, weak;
};
#define CELL_REFS (OURO_REF_BIT(struct cell, next) | OURO_REF_BIT(struct cell, other))

static void finalize(ouro_ref self);

OURO_TYPE_DEFINE(wide_type) = {
    .name = "wide",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct wide),
    .refs = (1u << WIDE) - 1u,
};
OURO_TYPE_DEFINE(cell_type) = {
    .name = "cell",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct cell),
    .refs = CELL_REFS,
    .weak_word = OURO_WEAK_WORD(struct cell, weak),
};
OURO_TYPE_DEFINE(dying_type) = {
    .name = "dying",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct cell),
    .refs = CELL_REFS,
    .weak_word = OURO_WEAK_WORD(struct cell, weak),
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

static struct cell *cell_of(ouro_ref ref) { return (struct cell *)(void *)ref; }

static ouro_ref revived;
static unsigned finalized;
static void finalize(ouro_ref self)
{
    finalized++;
    if (finalized == 1) revived = ouro_own(self); /* so that RELABEL has work */
}

/* ---- what is looked at ---- */

static ouro_ref made(const struct ouro_type *type)
{
    ouro_ref ref = ouro_obj_new(type);
    T_CHECK(ref != NULL);
    return ref;
}

/* A ring of cells, among them wide objects that refer to 16 cells of their own, tuples of 16 atoms
 * and of 16 cells.  The caller owns the first. */
static ouro_ref make_ring(const struct ouro_type *type, unsigned n)
{
    ouro_ref first = made(type), last = first;
    for (unsigned i = 1; i < n; i++) {
        ouro_ref cell = made(type);
        cell_of(last)->next = cell;
        last = cell;
        if (i % 64 == 0) {
            ouro_ref wide = made(&wide_type), items[WIDE];
            for (unsigned k = 0; k < WIDE; k++) {
                ((struct wide *)(void *)wide)->slot[k] = made(&cell_type);
                items[k] = i % 128 == 0 ? ouro_int_new((int)k) : ouro_own(first);
            }
            ouro_ref tuple = ouro_tuple_new(WIDE, items);
            for (unsigned k = 0; k < WIDE; k++) ouro_decref(items[k]);
            ((struct wide *)(void *)wide)->slot[0] = NULL;
            cell_of(cell)->other = i % 3 ? wide : tuple;
            ouro_decref(i % 3 ? tuple : wide);
        }
    }
    cell_of(last)->next = ouro_own(first);
    return first;
}

static unsigned called;
static int note_call(ouro_ref weakref, ouro_ref context)
{
    (void)weakref;
    (void)context;
    called++;
    return 0;
}
/* Weak references to each of the first n of a ring, with callbacks; the caller owns the list. */
static ouro_ref watch(ouro_ref ring, unsigned n)
{
    ouro_ref list = ouro_list_new();
    for (unsigned i = 0; i < n; i++, ring = cell_of(ring)->next)
        for (unsigned k = 0; k < 3; k++) {
            ouro_ref weak = ouro_weakref_new_with(ring, note_call, NULL);
            T_EQ(ouro_list_append(list, weak), 0);
            ouro_decref(weak);
        }
    return list;
}

/* ---- how it is measured ---- */

static struct longest {
    uint64_t instructions;
    uint32_t units;
    int phase;
} longest;
static unsigned seen; /* phases */

static uint64_t begun, units_before;
static void measure(void)
{
    units_before = ouro_heap->figures.units;
    begun = ouro_port_instructions();
}
static bool is_short(uint64_t most_instructions, int phase)
{
    uint64_t instructions = ouro_port_instructions() - begun;
    uint32_t units = (uint32_t)(ouro_heap->figures.units - units_before);
    if (instructions > longest.instructions) {
        longest.instructions = instructions;
        longest.phase = phase;
    }
    if (units > longest.units) longest.units = units;
    bool is_timed = OURO_CHECK < 2; /* else each phase begins with a look at all */
    if (units <= MOST_UNITS && (!is_timed || instructions <= most_instructions)) return true;
    t_note(ouro_gc_phase_name((enum ouro_gc_phase)phase), (int64_t)instructions);
    t_note("  units", units);
    return T_CHECK(false);
}

/* Step by step to the end of whatever runs.  `idle`: as the console does while it waits. */
static void go_on(bool idle)
{
    for (;;) {
        int phase = (int)ouro_gc_get_phase();
        bool appends = phase == OURO_GC_KEEP || phase == OURO_GC_SAVE;
        seen |= 1u << phase;
        measure();
        uint32_t done = idle ? ouro_gc_idle() : ouro_gc_step(1);
        if (!is_short(appends ? MOST_WITH_APPEND : MOST_INSTRUCTIONS, phase) || done == 0) return;
    }
}
static void start(bool is_started)
{
    T_CHECK(is_started);
    (void)is_short(MOST_INSTRUCTIONS, OURO_GC_IDLE);
}
static void report(void)
{
    t_note("units of the longest step", longest.units);
    t_note("instructions of the longest", (int64_t)longest.instructions);
    t_note(ouro_gc_phase_name((enum ouro_gc_phase)longest.phase), longest.phase);
}
static void begin(void)
{
    longest = (struct longest){0};
    seen = finalized = called = 0;
    revived = NULL;
    ouro_gc_disable();
    ouro_gc_set_budget(1, 1);
}
static void has_seen(unsigned phase) { T_CHECK((seen >> phase & 1u) != 0u); }

/* ---- the tests ---- */

static void every_phase_goes_in_small_steps(void)
{
    begin();
    T_CHECK(ouro_gc_garbage() != NULL);
    ouro_ref live = make_ring(&cell_type, MANY / 2), garbage = make_ring(&cell_type, MANY / 2);
    ouro_ref list = watch(garbage, 300);
    cell_of(garbage)->other = make_ring(&dying_type, 300);
    ouro_decref(garbage);
    for (unsigned round = 0; round < 3;
         round++) { /* the second finds the rest, the third nothing */
        measure();
        start(ouro_gc_start(2));
        go_on(round == 1);
        if (revived) ouro_decref(revived);
        revived = NULL;
    }
    T_EQ(finalized, 300);
    T_EQ(called, 900);

    ouro_gc_set_debug(OURO_GC_DEBUG_SAVEALL);
    ouro_decref(make_ring(&cell_type, 300));
    measure();
    start(ouro_gc_start(0));
    go_on(false);
    ouro_gc_set_debug(0);
    ouro_decref(make_ring(&kept_type, 300));
    measure();
    start(ouro_gc_start(2));
    go_on(false);
    for (unsigned phase = OURO_GC_COUNT; phase <= OURO_GC_FREE; phase++) has_seen(phase);
    ouro_decref(live);
    ouro_decref(list);
    go_on(true);
    report();
    t_restart(SIZE_MAX);
}

static void freezing_goes_in_small_steps(void)
{
    begin();
    ouro_ref live = make_ring(&cell_type, MANY);
    measure();
    start(ouro_gc_freeze_start());
    go_on(false);
    measure();
    start(ouro_gc_unfreeze_start());
    go_on(true);
    has_seen(OURO_GC_FREEZE);
    has_seen(OURO_GC_UNFREEZE);
    T_EQ(ouro_gc_get_freeze_count(), 0);
    ouro_decref(live);
    report();
    t_restart(SIZE_MAX);
}

/* While a cycle runs by the allocations alone, and at its start, and as all of it dies. */
static void allocating_does_one_step(void)
{
    begin();
    ouro_ref live = make_ring(&cell_type, MANY / 20);
    ouro_gc_set_threshold(100, 2, 2);
    ouro_gc_enable();
    for (unsigned i = 0; i < 2 * MANY && !(seen >> OURO_GC_FREE & 1u); i++) {
        measure();
        ouro_ref cell = made(&cell_type);
        seen |= 1u << ouro_gc_get_phase();
        if (!is_short(UINT32_MAX, OURO_GC_IDLE)) return;
        cell_of(cell)->other = ouro_own(cell);
        ouro_decref(cell);
    }
    has_seen(OURO_GC_FREE);
    measure();
    ouro_decref(live);
    (void)is_short(UINT32_MAX, OURO_GC_IDLE);
    report();
    t_restart(SIZE_MAX);
}

/* What idle time has done, allocations need not do: they wait until as much is owed again. */
static void idle_time_pays_for_allocations(void)
{
    begin();
    ouro_ref live = make_ring(&cell_type, MANY);
    ouro_gc_set_budget(48, 48);
    T_CHECK(ouro_gc_start(2));
    uint64_t paid[2];
    ouro_ref kept = NULL;
    for (int idles = 0; idles < 2; idles++) {
        uint64_t before = ouro_heap->figures.units, idle = 0;
        for (unsigned i = 0; i < 100; i++) {
            if (idles) idle += ouro_gc_idle(); /* which sees what is owed */
            while (idles && ouro_heap->gc.now.debt >= 16) idle += ouro_gc_idle();
            ouro_ref cell = made(&cell_type); /* kept: its death would be work, too */
            cell_of(cell)->other = kept;
            kept = cell;
        }
        paid[idles] = ouro_heap->figures.units - before - idle;
        T_CHECK(ouro_gc_get_phase() != OURO_GC_IDLE);
    }
    t_note("units that 100 allocations paid", (int64_t)paid[0]);
    T_CHECK(paid[0] > 100);
    T_EQ(paid[1], 0);
    ouro_decref(kept);
    ouro_decref(live);
    t_restart(SIZE_MAX);
}

static const struct t_test tests[] = {
    T_TEST(every_phase_goes_in_small_steps),
    T_TEST(freezing_goes_in_small_steps),
    T_TEST(allocating_does_one_step),
    T_TEST(idle_time_pays_for_allocations),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
