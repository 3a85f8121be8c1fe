/* SPDX-License-Identifier: MIT
 * hostile.c - a program that does everything at once, and what the accounts say between any two
 * operations.
 *
 * Objects of many sizes, containers, texts and blocks come and go; finalizers, callbacks and who
 * writes what is told of cycles do the same inside, start cycles and step; all that can be turned
 * is turned (tests/switches.h). After each operation room, debt and window have to be consistent;
 * now and then the program does nothing but make objects, and the running cycle has to end. */
#include <string.h>

#include "collector.h"
#include "ouro.h"
#include "switches.h"
#include "t.h"

enum {
    ROOTS = 40,
    WEAKS = 20,
    BLOCKS = 8,
    DEEP = 3, /* calls of the program's inside one another */
    OPERATIONS = OURO_CHECK >= 2 ? 10000 : 20000,
    ENDS_EVERY = 2000,
    ENDS_BY = 400000, /* births */
    VERIFY_EVERY = 16,
    STAMP = 0x5a5a1234,
};

struct node {
    struct ouro_obj header;
    ouro_ref a, b;
    uint32_t stamp;
    ouro_ref weak;
};
struct pair {
    struct ouro_obj header;
    ouro_ref a, b;
};
struct wide {
    struct ouro_obj header;
    ouro_ref slot[SLOTS_MAX];
    uint32_t unused[20];
};

static void finalize(ouro_ref self);

#define NODE_REFS (OURO_REF_BIT(struct node, a) | OURO_REF_BIT(struct node, b))
OURO_TYPE_DEFINE(node_type) = {
    .name = "node",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct node),
    .refs = NODE_REFS,
    .weak_word = OURO_WEAK_WORD(struct node, weak),
};
OURO_TYPE_DEFINE(dying_type) = {
    .name = "dying",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct node),
    .refs = NODE_REFS,
    .weak_word = OURO_WEAK_WORD(struct node, weak),
    .finalize = finalize,
};
OURO_TYPE_DEFINE(pair_type) = {
    .name = "pair",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct pair),
    .refs = OURO_REF_BIT(struct pair, a) | OURO_REF_BIT(struct pair, b),
};
OURO_TYPE_DEFINE(wide_type) = {
    .name = "wide",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct wide),
    .refs = (1u << SLOTS_MAX) - 1u,
};

static ouro_ref roots[ROOTS], weaks[WEAKS];
static void *blocks[BLOCKS];
static unsigned depth;
static bool is_quiet; /* make objects, and run no code of the program's but that */
static uint32_t called, written;
static struct switches sums; /* of all arenas */

static uint64_t rng;
static unsigned rnd(unsigned n)
{
    rng ^= rng << 13;
    rng ^= rng >> 7;
    rng ^= rng << 17;
    return (unsigned)(rng >> 11) % n;
}

static ouro_ref some_root(void)
{
    ouro_ref ref = roots[rnd(ROOTS)];
    return ref ? ref : OURO_NONE;
}

/* Refers to a root, and often to itself. */
static ouro_ref make_fixed(const struct ouro_type *type)
{
    ouro_ref ref = ouro_obj_new(type), *field = ref ? slot(ref, 0) : NULL;
    if (!ref) return NULL;
    field[0] = ouro_own(some_root());
    if (rnd(3) == 0) field[1] = ouro_own(ref);
    if (type == &node_type || type == &dying_type) ((struct node *)(void *)ref)->stamp = STAMP;
    return ref;
}
static ouro_ref make_container(unsigned items)
{
    ouro_ref ref = rnd(2) ? ouro_list_new() : ouro_dict_new();
    bool is_list = ref && ouro_type_index(ref) == OURO_TYPE_LIST;
    for (unsigned i = 0; ref && i < items; i++) {
        if (is_list)
            (void)ouro_list_append(ref, some_root());
        else
            (void)ouro_dict_set(ref, ouro_int_new((int)i), some_root());
    }
    return ref;
}
static ouro_ref make_text(void)
{
    char text[700];
    memset(text, 'x', sizeof text);
    return ouro_str_new(text, rnd(2) ? rnd(30) : rnd(sizeof text));
}
static ouro_ref make(void)
{
    static const struct ouro_type *const types[] = {&pair_type, &node_type, &dying_type,
                                                    &wide_type};
    const unsigned kind = rnd(is_quiet ? 12 : 24);
    ouro_ref ref;
    if (kind < 18)
        ref = make_fixed(types[kind < 12 ? kind / 6 : 2 + kind % 2]);
    else if (kind < 22)
        ref = make_container(rnd(20));
    else
        ref = kind == 22 ? make_text() : ouro_tuple_of(3, some_root(), some_root(), OURO_NONE);
    if (!ref) ouro_error_clear();
    return ref;
}

/* ---- what a program may do ---- */

static void inside(void);
static int call_back(ouro_ref weakref, ouro_ref context)
{
    (void)weakref;
    (void)context;
    inside();
    return 0;
}
static void hear(void *context, const char *text, size_t bytes)
{
    (void)context;
    (void)text;
    (void)bytes;
    written++;
    if (rnd(4) == 0) ouro_xdecref(make());
    if (rnd(4) == 0) (void)ouro_gc_step(1 + rnd(30));
}

static void refer_weakly(void)
{
    ouro_ref weak = ouro_weakref_new_with(some_root(), rnd(2) ? call_back : NULL, NULL);
    if (weak)
        ouro_put(&weaks[rnd(WEAKS)], weak);
    else
        ouro_error_clear(); /* some cannot have one */
}
static void change_block(void)
{
    void **block = &blocks[rnd(BLOCKS)];
    if (*block) {
        ouro_mem_free(*block);
        *block = NULL;
        return;
    }
    void *made = ouro_mem_alloc(1 + rnd(3000));
    if (!made) ouro_error_clear();
    if (*block)
        ouro_mem_free(made); /* a finalizer was faster */
    else
        *block = made;
}
static void do_something(void)
{
    switch (rnd(14)) {
    case 0:
    case 1: (void)ouro_gc_start((int)rnd(3)); break;
    case 2: (void)collector_start_old(); break;
    case 3: (void)ouro_gc_step(1 + rnd(30)); break;
    case 4: (void)ouro_gc_idle(); break;
    case 5: refer_weakly(); break;
    case 6: change_block(); break;
    case 7: ouro_diag_reset_peak(); break;
    case 8: ouro_gc_set_debug(rnd(2) ? OURO_GC_DEBUG_STATS | OURO_GC_DEBUG_COLLECTABLE : 0); break;
    default: switches_turn();
    }
}
static void inside(void)
{
    if (depth == DEEP) return;
    depth++;
    called++;
    for (unsigned i = rnd(6); i > 0; i--) ouro_put(&roots[rnd(ROOTS)], make());
    if (rnd(3) == 0 && !is_quiet) do_something();
    ouro_xdecref(make());
    T_CHECK(!(ouro_heap->gc.callouts && ouro_heap->gc.is_open));
    depth--;
}
static void finalize(ouro_ref self)
{
    T_CHECK(((struct node *)(void *)self)->stamp == STAMP);
    inside();
    if (rnd(8) == 0) ouro_put(&roots[rnd(ROOTS)], ouro_own(self));
}

/* ---- what has to hold ---- */

static const char *broken(void)
{
    const struct heap *heap = ouro_heap;
    const struct gc *gc = &heap->gc;
    enum { DEBT_MOST = (1 << 30) + (1 << 29) };
    if (heap->headroom < 0 || heap_room(heap) < 0) return "less room than none";
    if (heap_used_bytes(heap) > heap->peak_bytes) return "more in use than at the peak";
    if (gc->now.debt < 0 || gc->now.debt > DEBT_MOST) return "the debt is no number";
    if (!gc->is_open && gc->window) return "a window that is shut";
    if (gc->phase != OURO_GC_IDLE && gc->trigger) return "a trigger while a cycle runs";
    if (gc->is_traced && heap->room >= 0) return "room while traced";
    if (!gc->is_open) return NULL;
    if (gc->phase == OURO_GC_IDLE || gc->phase == OURO_GC_SEARCH) return "a window, and no cycle";
    if (gc->dead_head || gc->due_head || heap->monitor.due) return "a window, and somebody waits";
    return gc->trigger || gc->is_traced || gc->callouts ? "a window, and somebody looks" : NULL;
}
static bool holds(uint32_t operation)
{
    const char *what = broken();
    if (!what && operation % VERIFY_EVERY == 0) what = ouro_diag_verify();
    if (!what) return true;
    t_note("failed at operation", operation);
    return T_TEXT(what, "intact");
}

/* A program that makes objects brings what runs to its end, whatever was turned. */
static uint32_t births_to_the_end(void)
{
    const struct gc *gc = &ouro_heap->gc;
    uint32_t births = 0, ended = 0;
    is_quiet = true;
    for (unsigned i = 0; i < ROOTS; i++) ouro_put(&roots[i], NULL);
    for (uint8_t generation = gc->now.generation; ended == 0 && births < ENDS_BY; births++) {
        ouro_put(&roots[rnd(ROOTS)], make());
        if (!holds(births * VERIFY_EVERY + 1)) break;
        /* Where cycles over the young follow one another, the next one will do. */
        ended = gc->phase == OURO_GC_IDLE || gc->now.generation != generation ||
                (gc->enabled && gc->phase == OURO_GC_COUNT && gc->now.generation < 2);
    }
    is_quiet = false;
    T_CHECK(ended);
    return births;
}

static void sum_up(void)
{
    sums.turned += switches.turned;
    sums.traced += switches.traced;
    sums.timed += switches.timed;
    sums.frozen += switches.frozen;
    sums.told += switches.told;
    sums.saved += switches.saved;
}

static void run(size_t arena)
{
    t_restart(arena);
    memset(roots, 0, sizeof roots);
    memset(weaks, 0, sizeof weaks);
    memset(blocks, 0, sizeof blocks);
    depth = called = written = 0;
    is_quiet = false;
    rng = 0x9e3779b97f4a7c15u * (uint64_t)t_seed();
    switches_start(rnd);
    ouro_gc_set_output(hear, NULL);
    uint32_t windows = 0, longest = 0, often = 20, operations = OPERATIONS * t_scale();
    for (uint32_t i = 1; i <= operations; i++) {
        if (i % 1000 == 0) often = 2 + rnd(rnd(2) ? 10 : 200);
        ouro_ref ref = rnd(10) ? make() : NULL;
        if (rnd(3))
            ouro_put(&roots[rnd(ROOTS)], ref);
        else
            ouro_xdecref(ref);
        windows += ouro_heap->gc.window > 0;
        if (rnd(often) == 0) do_something();
        if (!holds(i)) return;
        uint32_t births = i % ENDS_EVERY ? 0 : births_to_the_end();
        if (births > longest) longest = births;
    }
    t_note("calls of the program's", called);
    t_note("texts written", written);
    t_note("operations with an open window", windows);
    t_note("births to the end of a cycle", longest);
    sum_up();
    T_CHECK(called > 0 && written > 0 && (OURO_CHECK >= 2 || windows > 0));
    is_quiet = true;
    depth = DEEP; /* finalizers revive, and no more */
    switches_off();
    for (unsigned i = 0; i < BLOCKS; i++) ouro_mem_free(blocks[i]);
    for (unsigned i = 0; i < WEAKS; i++) ouro_put(&weaks[i], NULL);
    for (unsigned round = 0; round < 6; round++) {
        for (unsigned i = 0; i < ROOTS; i++) ouro_put(&roots[i], NULL);
        (void)ouro_gc_collect(2);
    }
    T_EQ(object_count(), SWITCHES_OBJECTS);
    T_CHECK(ouro_diag_verify() == NULL);
}

static void in_little_memory(void) { run((size_t)24 << 10); }
static void in_some(void) { run((size_t)96 << 10); }
static void in_plenty(void) { run((size_t)1 << 20); }
static void all_was_turned(void)
{
    switches = sums;
    switches_tell();
}

static const struct t_test tests[] = {
    T_TEST(in_little_memory),
    T_TEST(in_some),
    T_TEST(in_plenty),
    T_TEST(all_was_turned),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
