/* SPDX-License-Identifier: MIT
 * collector.c - random operations on the runtime's collector, against a reachability oracle.
 *
 * Every object has a shadow in plain C arrays, kept up by the mutator itself; the oracle walks the
 * shadows alone and shares nothing with the runtime.
 *   SOUND     what the shadows say is reachable is an intact, live object with the same slots
 *   COMPLETE  when the mutator pauses and the collector may finish, nothing else is left, and every
 *             reference count is exactly the number of references
 * Finalizers do their worst: revive, drop, take, store, allocate, step, collect.  In the
 * second mode they revive nothing; then no mutator may ever see a finalized object (R10).  All
 * that can be turned is turned in mid-cycle (tests/switches.h). */
#include <string.h>

#include "collector.h"
#include "ouro.h"
#include "switches.h"
#include "t.h"

enum {
    SLOTS = 6,
    IDS = 600,
    LOCALS = 12,
    GLOBALS = 4,
    WEAKS = 32,
    OPERATIONS = 500000, /* in each of the two modes */
    TELL_EVERY = 5000000,
    TABLES = 3
};

struct cell {
    struct ouro_obj header;
    ouro_ref slot[SLOTS];
    ouro_ref weak;
    uint32_t id, check;
};

static void finalize(ouro_ref self);

OURO_TYPE_DEFINE(plain_type) = {
    .name = "plain",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct cell),
    .refs = (1u << SLOTS) - 1u,
    .weak_word = OURO_WEAK_WORD(struct cell, weak),
};
OURO_TYPE_DEFINE(dying_type) = {
    .name = "dying",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct cell),
    .refs = (1u << SLOTS) - 1u,
    .weak_word = OURO_WEAK_WORD(struct cell, weak),
    .finalize = finalize,
};

enum { NONE = 0 }; /* ids start at 1 */
struct shadow {
    bool is_used, is_reached, is_finalized;
    ouro_ref ref;
    uint16_t slot[SLOTS];
    uint32_t held; /* references from what is reached, counted by the oracle */
};
static struct shadow shadows[IDS];
static uint16_t locals[LOCALS], globals[GLOBALS], queue[IDS];
static ouro_ref weaks[WEAKS];
static uint16_t weak_ids[WEAKS];
static bool has_callback[WEAKS], was_called[WEAKS];
static ouro_ref tables[TABLES];    /* WeakSet, WeakKeyDictionary, WeakValueDictionary of cells */
static struct ouro_weak_walk walk; /* one that is left under way */
static struct ouro_gc_cursor cursor;
static uint32_t callbacks, saved_before; /* the last settling */
static bool is_reviving;
static unsigned depth;   /* finalizers on the stack */
static unsigned leaving; /* finalizers that have yet to hide their objects */
static uint64_t rng;

static uint32_t interrupted[OURO_GC_PHASES]; /* how often, by the phase of the old cycle */
static uint32_t births, common_births;       /* those of the common path note no caller */

static unsigned rnd(unsigned n)
{
    rng ^= rng << 13;
    rng ^= rng >> 7;
    rng ^= rng << 17;
    return (unsigned)((rng >> 11) % n);
}

static struct cell *cell_of(ouro_ref ref) { return (struct cell *)(void *)ref; }
static ouro_ref ref_of(uint16_t id) { return shadows[id].ref; }
static uint32_t check_for(uint32_t id) { return (id + 1) * 2654435761u; }

/* ---- the oracle ---- */

static bool is_intact(uint16_t id)
{
    const struct shadow *shadow = &shadows[id];
    const struct cell *cell = cell_of(shadow->ref);
    if (!T_EQ(cell->id, id) || !T_EQ(cell->check, check_for(id))) return false;
    if (!T_CHECK(ouro_diag_refcount(shadow->ref) > 0)) return false;
    for (unsigned i = 0; i < SLOTS; i++)
        if (!T_CHECK(cell->slot[i] == (shadow->slot[i] ? ref_of(shadow->slot[i]) : NULL)))
            return false;
    return is_reviving || T_CHECK(!ouro_gc_is_finalized(shadow->ref));
}

static unsigned reach(uint16_t id, unsigned end)
{
    if (id == NONE) return end;
    shadows[id].held++;
    if (shadows[id].is_reached) return end;
    shadows[id].is_reached = true;
    queue[end] = id;
    return end + 1;
}

/* Walk the shadows from the roots.  Returns the number reached, or -1 when one is not intact. */
static int walk_shadows(void)
{
    unsigned end = 0;
    for (unsigned i = 0; i < IDS; i++) shadows[i].is_reached = false, shadows[i].held = 0;
    for (unsigned i = 0; i < LOCALS; i++) end = reach(locals[i], end);
    for (unsigned i = 0; i < GLOBALS; i++) end = reach(globals[i], end);
    for (unsigned i = 0; i < end; i++) {
        if (!is_intact(queue[i])) return -1;
        for (unsigned k = 0; k < SLOTS; k++) end = reach(shadows[queue[i]].slot[k], end);
    }
    return (int)end;
}

/* ---- what mutators do ---- */

static void drop(uint16_t id)
{
    if (id) ouro_decref(ref_of(id));
}
static uint16_t own(uint16_t id)
{
    ouro_incref(ref_of(id));
    return id;
}
/* Put an owned id in a root and drop what was there. */
static void set_root(uint16_t *root, uint16_t id)
{
    uint16_t old = *root;
    *root = id;
    drop(old);
}
static void set_slot(uint16_t id, unsigned i, uint16_t value)
{
    shadows[id].slot[i] = value;
    ouro_put(&cell_of(ref_of(id))->slot[i], value ? ref_of(value) : NULL);
}
static uint16_t take_slot(uint16_t id, unsigned i)
{
    uint16_t value = shadows[id].slot[i];
    shadows[id].slot[i] = NONE;
    (void)ouro_take(&cell_of(ref_of(id))->slot[i]);
    return value;
}

static uint16_t allocate(void)
{
    uint16_t id = (uint16_t)(1 + rnd(IDS - 1));
    if (shadows[id].is_used) return NONE;
    shadows[id].is_used = true; /* before a finalizer that runs inside can want it */
    const struct ouro_type *type = rnd(5) == 0 ? &dying_type : &plain_type;
    ouro_heap->caller = NULL;
    ouro_ref ref = ouro_obj_new(type);
    if (!T_CHECK(ref != NULL)) return NONE;
    births++;
    common_births += !ouro_heap->caller;
    shadows[id] = (struct shadow){.is_used = true, .ref = ref};
    cell_of(ref)->id = id;
    cell_of(ref)->check = check_for(id);
    return id;
}

/* Insert at 0 of a list that is made of two nodes: inside a node references just move (R2). */
static void shift_across(uint16_t left, uint16_t right)
{
    struct cell *l = cell_of(ref_of(left)), *r = cell_of(ref_of(right));
    uint16_t last = take_slot(right, SLOTS - 1);
    memmove(&r->slot[1], &r->slot[0], (SLOTS - 1) * sizeof r->slot[0]);
    memmove(&shadows[right].slot[1], &shadows[right].slot[0], (SLOTS - 1) * sizeof(uint16_t));
    r->slot[0] = NULL;
    ouro_move(&r->slot[0], &l->slot[SLOTS - 1]);
    shadows[right].slot[0] = shadows[left].slot[SLOTS - 1];
    memmove(&l->slot[1], &l->slot[0], (SLOTS - 1) * sizeof l->slot[0]);
    memmove(&shadows[left].slot[1], &shadows[left].slot[0], (SLOTS - 1) * sizeof(uint16_t));
    l->slot[0] = NULL;
    shadows[left].slot[0] = NONE;
    drop(last);
}

static int called(ouro_ref weakref, ouro_ref context);

static void make_weak(uint16_t id)
{
    unsigned at = rnd(WEAKS);
    bool calls = rnd(2);
    (void)own(id); /* or it may die, and its callback run, before the table below knows of it */
    ouro_ref weak = ouro_weakref_new_with(ref_of(id), calls ? called : NULL, NULL);
    if (!T_CHECK(weak != NULL)) return;
    ouro_ref old = weaks[at]; /* now: making one may have run code that made others */
    weaks[at] = weak;
    weak_ids[at] = id;
    has_callback[at] = calls;
    was_called[at] = false;
    ouro_xdecref(old);
    drop(id);
}

/* ---- weak containers: sets of cells ---- */

static int join(uint16_t id)
{
    ouro_ref ref = ref_of(id), number = ouro_int_new(id);
    switch (rnd(TABLES)) {
    case 0: return ouro_weakset_add(tables[0], ref);
    case 1: return ouro_weakkeys_set(tables[1], ref, number);
    default: return ouro_weakvalues_set(tables[2], number, ref);
    }
}
static void leave(uint16_t id, unsigned table)
{
    if (table == 0) (void)ouro_weakset_discard(tables[0], ref_of(id));
    if (table == 1) (void)ouro_weakkeys_del(tables[1], ref_of(id));
    if (table == 2) (void)ouro_weakvalues_del(tables[2], ouro_int_new(id));
    ouro_error_clear();
}
static uint16_t id_in(ouro_ref ref)
{
    uint16_t id = (uint16_t)cell_of(ref)->id;
    T_CHECK(id < IDS && ref_of(id) == ref && cell_of(ref)->check == check_for(id));
    return id;
}
/* Go on with the walk, or begin or end one; an owned id, or NONE. */
static uint16_t walk_on(void)
{
    ouro_ref key, value;
    if (leaving) return NONE;
    if (!walk.container) ouro_weak_begin(&walk, tables[rnd(TABLES)]);
    bool has_values = walk.container == tables[2];
    if (rnd(9) && ouro_weak_next(&walk, has_values ? NULL : &key, has_values ? &value : NULL))
        return id_in(has_values ? value : key);
    ouro_weak_end(&walk);
    return NONE;
}

/* The next one of what get_objects() tells; an owned id, or NONE.  Where nothing is revived, what
 * all was saved of is finalized, and so is what a finalizer has yet to let go of. */
static uint16_t list_next(void)
{
    if (!is_reviving && (depth > 0 || switches.saved > saved_before)) return NONE;
    ouro_ref ref = ouro_gc_next(&cursor);
    if (!ref) T_EQ(ouro_gc_objects(&cursor, (int)rnd(4) - 1), 0);
    if (!ref) return NONE;
    bool is_cell = ouro_type_of(ref) == &plain_type || ouro_type_of(ref) == &dying_type;
    if (is_cell) return id_in(ref);
    ouro_decref(ref);
    return NONE;
}

/* Follow a weak reference; an owned id, or NONE. */
static uint16_t follow_weak(void)
{
    unsigned at = rnd(WEAKS);
    if (!weaks[at] || leaving) return NONE;
    ouro_ref ref = ouro_weakref_get(weaks[at]);
    if (ref == OURO_NONE) return NONE;
    T_CHECK(ref == ref_of(weak_ids[at]));
    return weak_ids[at];
}

static bool is_past_flip(void) { return ouro_gc_get_phase() >= OURO_GC_WEAK; }

static void mutate(void)
{
    uint16_t *a = &locals[rnd(LOCALS)], *b = &locals[rnd(LOCALS)], n;
    unsigned i = rnd(SLOTS);
    switch (rnd(15)) {
    case 0:
    case 1:
        if ((n = allocate()) != NONE) set_root(a, n);
        break;
    case 2: set_root(a, NONE); break;
    case 3:
        if (*b) set_root(a, own(*b));
        break;
    case 4:
    case 5:
        if (*a && *b) set_slot(*a, i, own(*b));
        break;
    case 6:
        if (*a && shadows[*a].slot[i]) set_root(b, own(shadows[*a].slot[i]));
        break;
    case 7:
        if (*a && !*b && shadows[*a].slot[i]) *b = take_slot(*a, i);
        break;
    case 8: /* give: the local's reference becomes the field's */
        if (*a && *b && a != b && *a != *b && !shadows[*a].slot[i]) {
            shadows[*a].slot[i] = *b;
            cell_of(ref_of(*a))->slot[i] = ref_of(*b);
            *b = NONE;
        }
        break;
    case 9:
        if (*a && rnd(4) == 0) make_weak(*a);
        break;
    case 10: /* after the flip, when it matters most, try hard to get hold of something */
        for (unsigned k = is_past_flip() ? WEAKS : rnd(4) == 0; k > 0; k--)
            if ((n = follow_weak()) != NONE) {
                set_root(a, n);
                break;
            }
        break;
    case 11:
        if (*a && *b && *a != *b) shift_across(*a, *b);
        break;
    case 12:
        if (*a && rnd(4) == 0) T_EQ(join(*a), 0);
        if (*b && rnd(8) == 0) leave(*b, rnd(TABLES));
        break;
    case 13:
        if (rnd(3) == 0 && (n = walk_on()) != NONE) set_root(a, n);
        break;
    case 14:
        if (rnd(10) == 0 && (n = list_next()) != NONE) set_root(a, n);
        break;
    default: break;
    }
}

/* Start a cycle of any kind; it may interrupt one over the old. */
static void start_some(void)
{
    int generation = (int)rnd(5);
    (void)(generation < 3 ? ouro_gc_start(generation) : collector_start_old());
    interrupted[ouro_heap->gc.parked_phase]++;
}

/* A callback sees that all weak references to its object are dead, and does its worst, too. */
static int called(ouro_ref weakref, ouro_ref context)
{
    T_CHECK(context == NULL && ouro_weakref_get(weakref) == OURO_NONE);
    callbacks++;
    for (unsigned i = 0; i < WEAKS; i++)
        if (weaks[i] == weakref) {
            T_CHECK(!was_called[i] && has_callback[i]);
            was_called[i] = true;
        }
    depth++;
    for (unsigned turns = depth < 8 ? rnd(3) : 0; turns > 0; turns--) mutate();
    (void)ouro_gc_step(depth < 8 ? rnd(rnd(3) ? 60 : 3000) : 0);
    depth--;
    return 0;
}

/* The finalizer may use `self` as long as it runs: somebody holds it. */
static void worst(uint16_t self)
{
    unsigned i = rnd(SLOTS);
    uint16_t child = shadows[self].slot[i], n;
    switch (rnd(9)) {
    case 0:
        if (is_reviving) set_root(&globals[rnd(GLOBALS)], own(self));
        break;
    case 1:
        if (is_reviving && child) set_root(&globals[rnd(GLOBALS)], own(child));
        break;
    case 2:
        if (child) set_slot(self, i, NONE);
        break;
    case 3: (void)ouro_gc_step(depth < 8 ? rnd(rnd(3) ? 60 : 3000) : 0); break;
    case 4:
        if (is_reviving && child) set_root(&globals[rnd(GLOBALS)], take_slot(self, i));
        break;
    case 5:
        if ((n = allocate()) != NONE) set_slot(self, i, n);
        break;
    case 6:
        if (is_reviving) make_weak(self);
        break;
    case 7:
        if (depth < 8) mutate();
        break;
    case 8:
        if (child) { /* only looks */
            (void)own(child);
            (void)ouro_gc_step(depth < 8 ? rnd(20) : 0);
            drop(child);
        }
        if (rnd(4) == 0) start_some();
        if (rnd(16) == 0) (void)ouro_gc_collect((int)rnd(3));
        break;
    default: break;
    }
}

static void finalize(ouro_ref ref)
{
    uint16_t self = (uint16_t)cell_of(ref)->id;
    T_CHECK(self < IDS && ref_of(self) == ref && !shadows[self].is_finalized);
    shadows[self].is_finalized = true;
    depth++;
    /* At count 0 weak references outlive the finalizer, as in CPython: not where none may revive,
     * nor for what runs while they are dropped. */
    leaving++;
    for (unsigned i = 0; i < WEAKS && !is_reviving; i++) {
        if (!weaks[i] || weak_ids[i] != self) continue;
        ouro_ref weak = weaks[i];
        weaks[i] = NULL;
        ouro_decref(weak);
    }
    for (unsigned i = 0; i < TABLES && !is_reviving; i++) leave(self, i);
    leaving--;
    for (unsigned turns = rnd(4); turns > 0; turns--) worst(self);
    depth--;
    T_EQ(cell_of(ref)->check, check_for(self)); /* not freed under its own finalizer */
}

/* ---- the run ---- */

static unsigned live_weaks(void)
{
    unsigned n = 0;
    for (unsigned i = 0; i < WEAKS; i++) {
        bool is_shared = false; /* those without callback are */
        for (unsigned k = 0; k < i; k++) is_shared |= weaks[k] == weaks[i];
        n += weaks[i] && !is_shared;
        if (!weaks[i] || !has_callback[i]) continue;
        ouro_ref found = ouro_weakref_get(weaks[i]);
        T_EQ(was_called[i], found == OURO_NONE);
        ouro_decref(found);
    }
    return n;
}

/* The tables hold what is reached, as many as they say, and are emptied; two objects a table are
 * left. */
static void check_tables(void)
{
    if (walk.container) ouro_weak_end(&walk);
    for (unsigned i = 0; i < TABLES; i++) {
        ouro_ref key, value;
        uint32_t members = 0;
        ouro_weak_begin(&walk, tables[i]);
        for (; ouro_weak_next(&walk, &key, &value); members++) {
            T_CHECK(shadows[id_in(i == 2 ? value : key)].is_reached);
            ouro_decref(key);
            ouro_xdecref(value);
        }
        ouro_weak_end(&walk);
        T_EQ(ouro_weak_len(tables[i]), members);
        ouro_weak_clear(tables[i]);
    }
    while (ouro_gc_step(1000) > 0) {}
}

/* Let the collector finish, then see that it freed all that it should. */
static bool settle(void)
{
    switches_off();
    saved_before = switches.saved;
    for (unsigned round = 0; round < 40; round++) (void)ouro_gc_collect(2);
    int reached = walk_shadows();
    if (!T_CHECK(reached >= 0)) return false;
    check_tables();
    struct ouro_mem_stats mem;
    ouro_diag_mem(&mem);
    bool is_complete =
        T_EQ(mem.objects, (unsigned)reached + live_weaks() + 2 * TABLES + SWITCHES_OBJECTS);
    for (int i = 0; i < reached && is_complete; i++)
        is_complete = T_EQ(ouro_diag_refcount(ref_of(queue[i])), shadows[queue[i]].held);
    for (unsigned i = 0; i < IDS; i++)
        if (!shadows[i].is_reached) shadows[i].is_used = false;
    const char *broken = ouro_diag_verify();
    return T_TEXT(broken ? broken : "intact", "intact") && is_complete;
}

static void run(void)
{
    memset(shadows, 0, sizeof shadows);
    memset(locals, 0, sizeof locals);
    memset(globals, 0, sizeof globals);
    memset(weaks, 0, sizeof weaks);
    memset(interrupted, 0, sizeof interrupted);
    births = common_births = callbacks = saved_before = 0;
    T_EQ(ouro_gc_objects(&cursor, OURO_GC_ALL), 0);
    walk.container = NULL;
    switches_start(rnd);
    tables[0] = ouro_weakset_new();
    tables[1] = ouro_weakkeys_new();
    tables[2] = ouro_weakvalues_new();
    depth = 0;
    rng = 88172645463325252u ^ t_seed() * 0x9e3779b97f4a7c15u;
    ouro_gc_disable();
    uint32_t operations = OPERATIONS * t_scale(), windows = 0;
    unsigned pace = 6; /* it varies: a slow mutator finds a broken R2, slow draining an R3 */
    for (uint32_t i = 0; i < operations; i++) {
        if (rnd(300) == 0) {
            pace = 1 + rnd(8) + (rnd(3) == 0) * rnd(400);
            ouro_gc_set_budget(1 + rnd(8), 1 + rnd(2) * rnd(60));
            ouro_gc_set_threshold(1 + rnd(200), 1 + rnd(5), 1 + rnd(5));
            if (rnd(2)) /* cycles start by themselves, too, and allocations pay for them */
                ouro_gc_enable();
            else
                ouro_gc_disable();
        }
        mutate();
        windows += ouro_heap->gc.window > 0;
        for (unsigned k = rnd(pace + 1); k > 0; k--) (void)ouro_gc_step(1);
        if (rnd(50) == 0) start_some();
        if (rnd(200) == 0) switches_turn();
        bool is_good = i % 8 || walk_shadows() >= 0;
        if (is_good && (i + 1) % 3000 == 0) is_good = settle();
        if (is_good && (i + 1) % TELL_EVERY == 0) t_note("operations so far", (int64_t)i + 1);
        if (is_good) continue;
        t_note("failed at operation", (int64_t)i);
        return;
    }
    struct ouro_gc_stats stats;
    ouro_gc_get_stats(&stats);
    t_note("cycles", stats.collections[0] + stats.collections[1] + stats.collections[2]);
    t_note("freed by cycles", stats.collected[0] + stats.collected[1] + stats.collected[2]);
    t_note("freed by count", stats.freed_by_count);
    t_note("resurrected", stats.resurrected);
    t_note("callbacks", callbacks);
    t_note("births", births);
    t_note("by the common path", common_births);
    t_note("operations with an open window", windows);
    switches_tell();
    T_CHECK(callbacks > 0);
    T_CHECK(OURO_CHECK >= 2 || (common_births > births / 4 && windows > 0));
    T_CHECK(interrupted[OURO_GC_COUNT] + interrupted[OURO_GC_MARK] > 0);
    T_CHECK(interrupted[OURO_GC_CUT] + interrupted[OURO_GC_FREE] > 0);
    T_CHECK(stats.collected[2] > 0 && stats.collected[1] > 0 && stats.freed_by_count > 0);
    T_CHECK(!is_reviving || stats.resurrected > 0);
}

static void finalizers_do_their_worst(void)
{
    is_reviving = true;
    run();
}

static void finalizers_revive_nothing(void)
{
    is_reviving = false;
    run();
}

static const struct t_test tests[] = {
    T_TEST(finalizers_do_their_worst),
    T_TEST(finalizers_revive_nothing),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
