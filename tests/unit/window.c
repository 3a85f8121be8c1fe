/* SPDX-License-Identifier: MIT
 * window.c - what the common paths may take while a cycle runs, and who closes that window.
 *
 * The accounts are right whatever happens while it is open, nobody who waits is forgotten, and what
 * was taken is owed. */
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

enum { NEVER = 1 << 30, MANY = 100000, SLOW = 1, BELOW_PEAK = 2048 };

static struct gc *gc;
static ouro_ref chain;

static struct node *node_of(ouro_ref ref) { return (struct node *)(void *)ref; }

/* A node in front of a chain. */
static void keep(ouro_ref *head)
{
    ouro_ref ref = ouro_obj_new(&node_type);
    if (!T_CHECK(ref != NULL)) return;
    node_of(ref)->next = *head;
    *head = ref;
}
static void keep_many(unsigned count)
{
    while (count-- > 0) keep(&chain);
}
static void begin(size_t arena)
{
    t_restart(arena);
    gc = &ouro_heap->gc;
    chain = NULL;
    ouro_gc_disable(); /* cycles start where the tests say so */
}
/* A cycle over the young that takes its time, and what is allocated meanwhile has a window. */
static void open_window(void)
{
    T_CHECK(ouro_gc_start(0));
    gc->now.pace = SLOW;
    gc->limits.young = NEVER;
    gc->limits.late = UINT32_MAX;
    ouro_mem_free(ouro_mem_alloc(BELOW_PEAK));
    for (unsigned i = 0; i < MANY && gc->window == 0; i++) keep(&chain);
    T_CHECK(gc->window > 0);
}

/* Whatever happens while a window is open. */
static bool is_skipped(void)
{
    if (OURO_CHECK >= 2) t_skip("test builds take no common path");
    return OURO_CHECK >= 2;
}

/* Else nothing here nor in the random tests says anything about them: a birth by them notes no
 * caller, a death in the current page gives its bytes to `room`. */
static void common_paths_are_taken(void)
{
    enum { BIRTHS = 1000, FEW = BIRTHS / 10 };
    if (is_skipped()) return;
    begin(SIZE_MAX);
    ouro_mem_free(ouro_mem_alloc(BIRTHS * 2 * sizeof(struct node)));
    unsigned long_births = 0, long_deaths = 0;
    for (unsigned i = 0; i < BIRTHS; i++) {
        ouro_heap->caller = NULL;
        keep(&chain);
        ouro_ref other = ouro_obj_new(&node_type);
        int32_t headroom = ouro_heap->headroom;
        ouro_decref(other);
        long_births += ouro_heap->caller != NULL;
        long_deaths += ouro_heap->headroom != headroom;
    }
    t_note("births by the long way", long_births);
    t_note("deaths", long_deaths);
    T_CHECK(long_births < FEW && long_deaths < FEW);
}

/* Pools borrow pages of blocks, also by a call that nobody pays in. */
static void a_page_is_lent(void)
{
    enum { ARENA = 64 * 1024, BLOCK = 1500, BEFORE = 400, AFTER = 300 };
    if (is_skipped()) return;
    begin(ARENA);
    keep_many(BEFORE);
    void *block = block_take(AFTER * 2 * sizeof(struct node)), *wall = block_take(8);
    while (block_take(BLOCK)) {}
    while (block_take(8)) {}
    if (!T_CHECK(block && wall)) return;
    block_give(block);
    open_window();
    uint32_t lent = ouro_heap->blocks.region_pages;
    for (unsigned i = 0; i < AFTER; i++) {
        keep(&chain);
        if (!T_CHECK(heap_used_bytes(ouro_heap) < ARENA)) break;
    }
    T_CHECK(ouro_heap->blocks.region_pages != lent);
    T_CHECK(gc->phase != OURO_GC_IDLE);
    T_CHECK(ouro_diag_verify() == NULL);
    t_restart(SIZE_MAX);
}

/* What was taken is owed when the window is closed. */
static void what_was_taken_is_owed(void)
{
    enum { OLDER = 400, BIRTHS = 4 };
    if (is_skipped()) return;
    begin(SIZE_MAX);
    keep_many(OLDER);
    open_window();
    int32_t debt = gc->now.debt;
    size_t used = heap_used_bytes(ouro_heap) - (size_t)(gc->window - heap_room(ouro_heap));
    keep_many(BIRTHS);
    used = heap_used_bytes(ouro_heap) - used;
    T_EQ(gc->now.debt, debt); /* by the common path */
    collector_set_trigger();
    T_EQ(gc->window, 0);
    T_EQ(gc->now.debt - debt, (int32_t)(used >> GRANULE_SHIFT) * SLOW);
}

/* Who owes much pays, however much room there is. */
static void who_takes_no_room_pays(void)
{
    enum { OLDER = 400, A_LEAF = 17 };
    if (is_skipped()) return;
    begin(SIZE_MAX);
    keep_many(OLDER);
    ouro_ref list = ouro_list_new();
    open_window();
    gc->now.debt = (int32_t)gc->alloc_units * 16;
    uint32_t paid = gc->now.paid;
    T_CHECK(ouro_heap->room > WINDOW_LEAST);
    for (unsigned i = 0; i < A_LEAF; i++) T_EQ(ouro_list_append(list, OURO_NONE), 0);
    T_CHECK(ouro_heap->room > WINDOW_LEAST);
    T_CHECK(gc->now.paid > paid);
    ouro_decref(list);
}

/* Where calls pay less than they owe, for ever so long, what is owed stays a number. */
static void the_debt_has_an_end(void)
{
    enum { OLDER = 400, BIRTHS = 200, MOST = 1 << 30, STEEP = 1 << 10 };
    begin(SIZE_MAX);
    keep_many(OLDER);
    open_window();
    ouro_gc_set_budget(1, 1);
    gc->now.pace = STEEP;
    gc->now.debt = MOST;
    for (unsigned i = 0; i < BIRTHS; i++) keep(&chain);
    T_CHECK(gc->phase != OURO_GC_IDLE);
    T_CHECK(gc->now.debt >= MOST / 2 && gc->now.debt <= MOST + MOST / 1024);
}

/* A window ends where the next cycle is due. */
static void the_next_cycle_is_not_late(void)
{
    enum { OLDER = 400, BIRTHS = 4 };
    if (is_skipped()) return;
    begin(SIZE_MAX);
    keep_many(OLDER);
    T_CHECK(ouro_gc_collect(2) >= 0);
    T_CHECK(collector_start_old());
    ouro_gc_enable();
    gc->now.pace = SLOW;
    gc->limits.late = UINT32_MAX;
    ouro_mem_free(ouro_mem_alloc(BELOW_PEAK));
    gc->limits.young = young_count(gc) + BIRTHS;
    collector_set_trigger();
    unsigned births = 0;
    for (; gc->parked_phase == OURO_GC_IDLE && births < MANY; births++) keep(&chain);
    T_CHECK(births >= BIRTHS + 2 &&
            births <= BIRTHS + 3); /* more than so many, and those that pay and start it */
}

/* What containers free of the current pages is room: that does not hold up a cycle that is due. */
static void room_is_no_reason_to_wait(void)
{
    enum { ARENA = 64 * 1024, OLDER = 2000, TURNS = 1000, ITEMS = 12, BIRTHS = 2, MOST = 100 };
    begin(ARENA);
    keep_many(OLDER * 16 / (unsigned)sizeof(struct node));
    T_CHECK(ouro_gc_collect(2) >= 0);
    ouro_gc_enable();
    uint32_t late = 0;
    for (unsigned i = 0; i < TURNS; i++) {
        ouro_ref list = ouro_list_new();
        for (unsigned k = 0; k < ITEMS; k++) T_EQ(ouro_list_append(list, k ? OURO_NONE : list), 0);
        ouro_decref(list);
        uint32_t young = young_count(gc), due = gc->limits.young + 1 + BIRTHS;
        if (gc->phase == OURO_GC_IDLE && young > due && young - due > late) late = young - due;
    }
    t_note("births that were late, at most", late);
    T_CHECK(late <= MOST); /* those born while the last cycle ran; 373 where room is a reason */
    if (OURO_CHECK < 2) T_EQ(ouro_heap->figures.forced, 0); /* red zones take room */
}

/* What dies on the gray list waits for the collector to come by: then it waits as all dead do. */
static void the_dead_are_not_forgotten(void)
{
    enum { OLDER = 400, LENGTH = 400, LATER = 200 };
    if (is_skipped()) return;
    begin(SIZE_MAX);
    keep_many(OLDER);
    ouro_ref dying = NULL;
    for (unsigned i = 0; i < LENGTH; i++) keep(&dying);
    open_window();
    while (gc->phase == OURO_GC_COUNT) (void)ouro_gc_step(1);
    T_EQ(gc->phase, OURO_GC_MARK);
    ouro_decref(ouro_own(dying));
    ouro_decref(dying);
    T_CHECK(gc->now.gray_head != 0 && gc->dead_head == 0);
    while (gc->now.gray_head) (void)ouro_gc_step(1);
    T_CHECK(gc->dead_head != 0);
    T_CHECK(ouro_heap->room < 0); /* all calls come by */
    uint32_t objects = object_count();
    for (unsigned i = 0; i < LATER; i++) ouro_decref(ouro_obj_new(&node_type));
    T_CHECK(object_count() <= objects - LENGTH / 2);
}

/* ---- what the pace goes by ---- */

/* A budget may be so large that a call does all of a cycle: that tells what it took, too. */
static void a_cycle_in_one_call_is_learnt_from(void)
{
    enum { CYCLES = 12, BIRTHS = 300, ALL = 100000 };
    uint32_t units[2];
    for (unsigned i = 0; i < 2; i++) {
        begin(SIZE_MAX);
        for (unsigned k = 0; k < CYCLES; k++) {
            keep_many(BIRTHS);
            T_CHECK(ouro_gc_start(0));
            while (gc->phase != OURO_GC_IDLE) (void)ouro_gc_step(i == 0 ? OURO_ALLOC_UNITS : ALL);
        }
        units[i] = gc->limits.units[0];
        t_note("units of an object, times 16", units[i]);
    }
    T_CHECK(units[1] > units[0] - units[0] / 4 && units[1] < units[0] + units[0] / 4);
}

/* To freeze takes less than to collect. */
static void freezing_is_not_learnt_from(void)
{
    begin(SIZE_MAX);
    keep_many(1000);
    uint32_t before = gc->limits.units[1];
    T_CHECK(ouro_gc_freeze_start());
    while (gc->phase != OURO_GC_IDLE) (void)ouro_gc_step(OURO_ALLOC_UNITS);
    T_EQ(gc->limits.units[1], before);
}

/* Allocations are enough to bring it to its end, of what is dropped again, too. */
static void freezing_goes_on(void)
{
    enum { OLDER = 1000, ENOUGH = 4000 };
    begin(SIZE_MAX);
    keep_many(OLDER);
    T_CHECK(ouro_gc_freeze_start());
    unsigned births = 0;
    for (; gc->phase != OURO_GC_IDLE && births < ENOUGH; births++) ouro_decref(ouro_list_new());
    t_note("births", births);
    T_EQ(gc->phase, OURO_GC_IDLE);
    T_EQ(ouro_gc_get_freeze_count(), OLDER);
}
static void unfreezing_goes_on(void)
{
    enum { FROZEN = 1000, ENOUGH = 4000 };
    begin(SIZE_MAX);
    keep_many(FROZEN);
    T_CHECK(ouro_gc_freeze());
    T_CHECK(ouro_gc_unfreeze_start());
    unsigned births = 0;
    for (; gc->phase != OURO_GC_IDLE && births < ENOUGH; births++) keep(&chain);
    t_note("births", births);
    T_EQ(gc->phase, OURO_GC_IDLE);
    T_EQ(ouro_gc_get_freeze_count(), 0);
}

/* ---- within a call ---- */

static int32_t owed_inside;
static bool was_open_inside;
static int call_back(ouro_ref weakref, ouro_ref context)
{
    (void)weakref;
    (void)context;
    int32_t before = gc->now.debt;
    for (unsigned i = 0; i < 3; i++) keep(&chain);
    owed_inside = gc->now.debt - before;
    T_EQ(owed_inside,
         3 * (int32_t)((sizeof(struct node) + GRANULE_BYTES - 1) >> GRANULE_SHIFT) * SLOW);
    was_open_inside |= gc->is_open;
    return 0;
}

/* What a callback takes that a paying call runs is owed at once: no window is opened inside. */
static void what_a_callback_takes_is_owed(void)
{
    enum { OLDER = 400, CALLBACKS = 2, ENOUGH = 10 };
    ouro_ref weak[CALLBACKS];
    if (is_skipped()) return;
    begin(SIZE_MAX);
    keep_many(OLDER);
    ouro_ref target = ouro_obj_new(&node_type);
    for (unsigned i = 0; i < CALLBACKS; i++)
        weak[i] = ouro_weakref_new_with(target, call_back, NULL);
    open_window();
    ouro_decref(target);
    T_CHECK(gc->due_head != NULL); /* one a call */
    owed_inside = 0;
    was_open_inside = false;
    for (unsigned i = 0; i < ENOUGH && owed_inside <= 0; i++) keep(&chain);
    T_CHECK(owed_inside > 0 && !was_open_inside);
    for (unsigned i = 0; i < CALLBACKS; i++) ouro_decref(weak[i]);
}

/* A step that the program asks for shuts it, too: or what a finalizer makes would pay by a piece of
 * the phase that it is called in. */
static unsigned finalized;
static void finalize(ouro_ref self)
{
    (void)self;
    was_open_inside |= gc->is_open;
    keep_many(3);
    finalized++;
}
OURO_TYPE_DEFINE(dying_type) = {
    .name = "dying",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct node),
    .refs = OURO_REF_BIT(struct node, next) | OURO_REF_BIT(struct node, other),
    .finalize = finalize,
};
static void a_step_shuts_it(void)
{
    enum { DYING = 10 };
    if (is_skipped()) return;
    begin(SIZE_MAX);
    for (unsigned i = 0; i < DYING; i++) {
        ouro_ref ref = ouro_obj_new(&dying_type);
        node_of(ref)->next = ref;
    }
    open_window();
    finalized = 0;
    was_open_inside = false;
    bool was_open = false;
    while (gc->phase != OURO_GC_IDLE) {
        keep(&chain);
        was_open |= gc->is_open && gc->phase == OURO_GC_FINALIZE;
        (void)ouro_gc_step(OURO_ALLOC_UNITS);
    }
    T_EQ(finalized, DYING);
    T_CHECK(was_open && !was_open_inside);
}

/* ---- a program that makes no more than it drops ---- */

static void make_a_list(unsigned i)
{
    (void)i;
    ouro_decref(ouro_list_new());
}
static void make_a_tuple(unsigned i)
{
    const ouro_ref items[] = {ouro_int_new((int)i)};
    ouro_decref(ouro_tuple_new(1, items));
}
static void make_two(unsigned i)
{
    (void)i;
    ouro_ref two = NULL;
    keep(&two);
    keep(&two);
    ouro_decref(two);
}
/* A hundred live, more than a page has: the oldest goes. */
static void make_one_of_many(unsigned i)
{
    static ouro_ref many[100];
    ouro_ref *one = &many[i % T_COUNT(many)];
    if (i < T_COUNT(many)) *one = NULL;
    ouro_xdecref(*one);
    *one = ouro_obj_new(&node_type);
}

/* It starts no cycle; but one that runs comes to its end, unless all that the program does is to
 * make single small objects and drop each at once. */
static void temporaries_move_a_cycle_on(void)
{
    enum { OLDER = 500, RINGS = 500, ENOUGH = 3000 };
    void (*const make[])(unsigned) = {make_a_list, make_a_tuple, make_two, make_one_of_many};
    for (unsigned k = 0; k < T_COUNT(make); k++) {
        begin(SIZE_MAX);
        keep_many(OLDER);
        uint32_t before = object_count();
        for (unsigned i = 0; i < RINGS; i++) {
            ouro_ref ring = ouro_obj_new(&node_type);
            node_of(ring)->next = ring;
        }
        T_CHECK(ouro_gc_start(0));
        unsigned made = 0;
        for (; gc->phase != OURO_GC_IDLE && made < ENOUGH; made++) make[k](made);
        t_note("made before it ended", made);
        T_EQ(gc->phase, OURO_GC_IDLE);
        T_CHECK(object_count() < before + RINGS / 2);
    }
}

/* What garbage held of the old dies in CUT, with what hangs on it: so it waits. */
static void who_dies_in_a_piece_shuts_it(void)
{
    enum { GARBAGE = 40, LENGTH = 3 };
    if (is_skipped()) return;
    begin(SIZE_MAX);
    ouro_ref old[GARBAGE] = {NULL};
    for (unsigned i = 0; i < GARBAGE * LENGTH; i++) keep(&old[i % GARBAGE]);
    ouro_gc_collect(2);
    for (unsigned i = 0; i < GARBAGE; i++) {
        ouro_ref ref = ouro_obj_new(&node_type);
        node_of(ref)->next = ref;
        node_of(ref)->other = old[i];
    }
    open_window();
    unsigned waits = 0, cuts = 0;
    while (gc->phase != OURO_GC_IDLE) {
        bool was_open = gc->is_open;
        keep(&chain);
        if (gc->dead_head) T_CHECK(!gc->is_open && ouro_heap->room < 0);
        waits += was_open && gc->dead_head != 0;
        cuts += gc->phase == OURO_GC_CUT;
    }
    t_note("calls that left somebody waiting", waits);
    T_CHECK(waits > 0 && cuts > 0);
    ouro_decref(chain);
    ouro_gc_collect(2);
    T_EQ(object_count(), 0);
}

static const struct t_test tests[] = {
    T_TEST(a_page_is_lent),
    T_TEST(what_was_taken_is_owed),
    T_TEST(who_takes_no_room_pays),
    T_TEST(the_debt_has_an_end),
    T_TEST(the_next_cycle_is_not_late),
    T_TEST(room_is_no_reason_to_wait),
    T_TEST(the_dead_are_not_forgotten),
    T_TEST(a_cycle_in_one_call_is_learnt_from),
    T_TEST(freezing_is_not_learnt_from),
    T_TEST(freezing_goes_on),
    T_TEST(unfreezing_goes_on),
    T_TEST(what_a_callback_takes_is_owed),
    T_TEST(a_step_shuts_it),
    T_TEST(who_dies_in_a_piece_shuts_it),
    T_TEST(common_paths_are_taken),
    T_TEST(temporaries_move_a_cycle_on),
};
int main(void) { return t_run(tests, T_COUNT(tests)); }
