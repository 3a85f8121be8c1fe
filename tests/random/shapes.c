/* SPDX-License-Identifier: MIT
 * shapes.c - lists, dicts, caches, generators and cells with finalizers in rings of all kinds,
 * against an oracle that walks over plain shadows.
 *
 * Each thing has a number and a link to another one.  What the shadows say is reachable tells its
 * number and leads to the right one; when all is dropped, nothing is left.  Arenas are from 8 KiB,
 * so that memory runs out all the time, to 4 MiB.  All that can be turned is turned in mid-cycle
 * (tests/switches.h); callbacks allocate and start cycles, finalizers revive. */
#include <string.h>

#include "collector.h"
#include "ouro.h"
#include "switches.h"
#include "t.h"

enum { THINGS = 200, ROOTS = 40, WEAKS = 8, OPERATIONS = 40000, NONE = 0 };
enum kind { LIST, DICT, CACHE, GENERATOR, CELL };
enum { KINDS = CELL + 1 };

struct cell {
    struct ouro_obj header;
    ouro_ref number, link, weak;
};
static void finalize(ouro_ref self);
OURO_TYPE_DEFINE(cell_type) = {
    .name = "cell",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct cell),
    .refs = OURO_REF_BIT(struct cell, number) | OURO_REF_BIT(struct cell, link),
    .weak_word = OURO_WEAK_WORD(struct cell, weak),
    .finalize = finalize,
};

struct thing {
    enum kind kind;
    uint16_t link;
    bool is_used, is_reached;
};
static struct thing things[THINGS];
static ouro_ref roots[ROOTS], weaks[WEAKS];
static uint16_t root_of[ROOTS];
static ouro_ref revived; /* by a finalizer: for the program to drop */
static unsigned interrupted, without_memory, revivals, called;
static bool is_over;
static uint64_t rng;

static unsigned rnd(unsigned n)
{
    rng ^= rng << 13;
    rng ^= rng >> 7;
    rng ^= rng << 17;
    return (unsigned)((rng >> 11) % n);
}
static struct cell *cell_of(ouro_ref ref) { return (struct cell *)(void *)ref; }

/* Start a cycle of any kind; it may interrupt one over the old. */
static void start_some(void)
{
    (void)(rnd(2) ? ouro_gc_start((int)rnd(3)) : collector_start_old());
    interrupted += ouro_heap->gc.parked_phase != OURO_GC_IDLE;
}

static void finalize(ouro_ref self)
{
    T_CHECK(ouro_is_immediate(cell_of(self)->number));
    if (is_over || rnd(3)) return;
    ouro_ref old = revived;
    revived = ouro_own(self);
    revivals++;
    if (old) ouro_decref(old);
    if (rnd(4) == 0) start_some();
    if (rnd(4) == 0) switches_turn();
    (void)ouro_gc_step(rnd(30));
}
static int call(ouro_ref weakref, ouro_ref context)
{
    (void)context;
    T_CHECK(ouro_weakref_get(weakref) == OURO_NONE);
    called++;
    ouro_xdecref(ouro_list_new());
    ouro_error_clear();
    if (rnd(2)) start_some();
    if (rnd(4) == 0) switches_turn();
    return 0;
}

/* None: its number; an int: its link, borrowed from its locals; anything else becomes its link. */
static ouro_ref step(ouro_ref generator, ouro_ref *locals, uint16_t *state, ouro_ref sent)
{
    (void)generator;
    if (!sent) return NULL;
    if (*state == 0 || sent == OURO_NONE) {
        *state = 1;
        return ouro_own(locals[0]);
    }
    if (!ouro_is_immediate(sent)) ouro_put(&locals[1], ouro_own(sent));
    return ouro_own(locals[1] ? locals[1] : OURO_NONE);
}
static const struct ouro_generator_def steps = {.name = "steps", .step = step, .locals = 2};

/* ---- things: new references, or NULL when there is no memory ---- */

static ouro_ref make_list(ouro_ref number)
{
    ouro_ref list = ouro_list_new();
    if (list && !ouro_list_append(list, number) && !ouro_list_append(list, OURO_NONE)) return list;
    ouro_xdecref(list);
    return NULL;
}
static ouro_ref make_cache(ouro_ref number)
{
    ouro_ref cache = ouro_cache_new(20, 0, NULL);
    if (cache && !ouro_cache_set(cache, ouro_int_new(0), number) &&
        !ouro_cache_set(cache, ouro_int_new(1), OURO_NONE))
        return cache;
    ouro_xdecref(cache);
    return NULL;
}
static ouro_ref make_dict(ouro_ref number)
{
    ouro_ref dict = ouro_dict_new();
    if (dict && !ouro_dict_set(dict, ouro_int_new(0), number) &&
        !ouro_dict_set(dict, ouro_int_new(1), OURO_NONE))
        return dict;
    ouro_xdecref(dict);
    return NULL;
}
static ouro_ref make_generator(ouro_ref number)
{
    ouro_ref generator = ouro_generator_new(&steps, 1, &number);
    if (generator) ouro_xdecref(ouro_iter_next(generator)); /* up to its first yield */
    return generator;
}
static ouro_ref make_cell(ouro_ref number)
{
    ouro_ref cell = ouro_obj_new(&cell_type);
    if (cell) cell_of(cell)->number = number;
    return cell;
}
static ouro_ref make(enum kind kind, unsigned id)
{
    ouro_ref number = ouro_int_new((int)id);
    return kind == LIST        ? make_list(number)
           : kind == DICT      ? make_dict(number)
           : kind == CACHE     ? make_cache(number)
           : kind == GENERATOR ? make_generator(number)
                               : make_cell(number);
}

/* One item more behind the two that count; false: no memory. */
static bool fatten(enum kind kind, ouro_ref ref, unsigned n)
{
    if (kind == LIST) return ouro_list_append(ref, OURO_TRUE) == 0;
    if (kind == DICT) return ouro_dict_set(ref, ouro_int_new((int)n + 1), OURO_TRUE) == 0;
    return kind == CACHE && n < 18 && !ouro_cache_set(ref, ouro_int_new((int)n + 1), OURO_TRUE);
}

static ouro_ref own_or_none(ouro_ref ref) { return ouro_own(ref ? ref : OURO_NONE); }
static ouro_ref ask(enum kind kind, ouro_ref ref, unsigned what)
{
    switch (kind) {
    case LIST: return ouro_own(ouro_list_get(ref, (ptrdiff_t)what));
    case DICT: return ouro_own(ouro_dict_get(ref, ouro_int_new((int)what)));
    case CACHE: return ouro_cache_get(ref, ouro_int_new((int)what));
    case GENERATOR: return ouro_generator_send(ref, what ? ouro_int_new(1) : OURO_NONE);
    case CELL:
    default: return own_or_none(what ? cell_of(ref)->link : cell_of(ref)->number);
    }
}
/* False: no memory, and nothing changed. */
static bool link_to(enum kind kind, ouro_ref ref, ouro_ref to)
{
    ouro_ref was;
    switch (kind) {
    case LIST: return ouro_list_set(ref, 1, to) == 0;
    case DICT: return ouro_dict_set(ref, ouro_int_new(1), to) == 0;
    case CACHE: return ouro_cache_set(ref, ouro_int_new(1), to) == 0;
    case GENERATOR:
        was = ouro_generator_send(ref, to);
        ouro_xdecref(was);
        return was != NULL;
    case CELL:
    default: ouro_put(&cell_of(ref)->link, ouro_own(to)); return true;
    }
}

/* ---- the oracle ---- */

/* From each root on, as far as it goes, each thing tells its number. */
static bool is_as_shadows(void)
{
    for (unsigned i = 0; i < THINGS; i++) things[i].is_reached = false;
    for (unsigned i = 0; i < ROOTS; i++) {
        uint16_t id = root_of[i];
        if (!id) continue;
        ouro_ref ref = ouro_own(roots[i]);
        while (id && !things[id].is_reached) {
            ouro_ref number = ask(things[id].kind, ref, 0);
            if (!T_CHECK(number == ouro_int_new(id))) return false;
            things[id].is_reached = true;
            ouro_ref next = ask(things[id].kind, ref, 1);
            ouro_decref(ref);
            id = things[id].link;
            ref = next;
            if (!T_CHECK(id ? next && !ouro_is_immediate(next) : next == OURO_NONE)) return false;
        }
        ouro_decref(ref);
    }
    for (unsigned i = 0; i < THINGS; i++) things[i].is_used = things[i].is_reached;
    return true;
}

/* ---- what is done ---- */

static void drop_root(unsigned i)
{
    ouro_ref ref = roots[i];
    roots[i] = NULL;
    root_of[i] = NONE;
    ouro_xdecref(ref);
}
static void ran_out(void)
{
    ouro_error_clear();
    without_memory++;
    drop_root(rnd(ROOTS));
}
static void create(void)
{
    uint16_t id = (uint16_t)(1 + rnd(THINGS - 1));
    unsigned i = rnd(ROOTS);
    if (things[id].is_used) return;
    enum kind kind = (enum kind)rnd(KINDS);
    ouro_ref ref = make(kind, id);
    if (!ref) {
        ran_out();
        return;
    }
    for (unsigned n = rnd(4) ? rnd(16) : rnd(100); n > 0 && fatten(kind, ref, n); n--) {}
    ouro_error_clear();
    drop_root(i);
    things[id] = (struct thing){.kind = kind, .is_used = true};
    roots[i] = ref;
    root_of[i] = id;
}
static void join(void)
{
    unsigned a = rnd(ROOTS), b = rnd(ROOTS);
    if (!root_of[a] || !root_of[b]) return;
    uint16_t id = root_of[a], to = root_of[b];
    if (link_to(things[id].kind, roots[a], roots[b]))
        things[id].link = to;
    else
        ran_out();
}
static void follow(void)
{
    unsigned a = rnd(ROOTS), b = rnd(ROOTS);
    uint16_t id = root_of[a];
    if (!id || !things[id].link) return;
    ouro_ref next = ask(things[id].kind, roots[a], 1);
    uint16_t to = things[id].link;
    drop_root(b);
    roots[b] = next;
    root_of[b] = to;
}
static void watch(void)
{
    unsigned a = rnd(ROOTS), w = rnd(WEAKS);
    if (!root_of[a] || things[root_of[a]].kind != CELL) return;
    ouro_ref weak = ouro_weakref_new_with(roots[a], rnd(3) ? call : NULL, NULL), old = weaks[w];
    weaks[w] = weak;
    ouro_xdecref(old);
    if (!weak) ran_out();
}
static void collect_some(void)
{
    switch (rnd(12)) {
    case 0:
    case 1:
    case 2: switches_turn(); break;
    case 3: start_some(); break;
    case 4: (void)ouro_gc_collect((int)rnd(3)); break;
    default: (void)ouro_gc_step(rnd(4) ? rnd(8) : rnd(200));
    }
    if (rnd(20)) return;
    ouro_ref old = revived;
    revived = NULL;
    ouro_xdecref(old);
}

/* All is dropped: nothing is left. */
static bool is_complete(void)
{
    is_over = true;
    for (unsigned i = 0; i < ROOTS; i++) drop_root(i);
    for (unsigned i = 0; i < WEAKS; i++) {
        ouro_ref old = weaks[i];
        weaks[i] = NULL;
        ouro_xdecref(old);
    }
    ouro_ref old = revived;
    revived = NULL;
    ouro_xdecref(old);
    switches_off();
    for (unsigned i = 0; i < 4; i++) (void)ouro_gc_collect(2);
    memset(things, 0, sizeof things);
    is_over = false;
    const char *broken = ouro_diag_verify();
    return T_EQ(object_count(), SWITCHES_OBJECTS) && T_TEXT(broken ? broken : "intact", "intact");
}

static void run(size_t arena)
{
    t_restart(arena);
    interrupted = without_memory = revivals = called = 0;
    switches_start(rnd);
    uint32_t operations = OPERATIONS * t_scale();
    for (uint32_t i = 0; i < operations; i++) {
        switch (rnd(8)) {
        case 0:
        case 1: create(); break;
        case 2:
        case 3: join(); break;
        case 4: follow(); break;
        case 5: drop_root(rnd(ROOTS)); break;
        case 6: watch(); break;
        default: collect_some();
        }
        bool is_good = i % 8 || is_as_shadows();
        if (is_good && (i + 1) % 2000 == 0) is_good = is_complete();
        if (is_good) continue;
        t_note("failed at operation", (int64_t)i);
        return;
    }
    t_note("calls without memory", without_memory);
    t_note("revivals", revivals);
    t_note("callbacks", called);
    t_note("with an old cycle interrupted", interrupted);
    switches_tell();
    T_CHECK(revivals > 0 && called > 0 && interrupted > 0);
    (void)is_complete();
    t_restart(SIZE_MAX);
}

enum { KIB = OURO_CHECK >= 2 ? 2048 : 1024 };
static void in_8_kib(void) { run((size_t)8 * KIB); }
static void in_16_kib(void) { run((size_t)16 * KIB); }
static void in_64_kib(void) { run((size_t)64 * KIB); }
static void in_4_mib(void) { run((size_t)4096 * KIB); }

static const struct t_test tests[] = {
    T_TEST(in_8_kib),
    T_TEST(in_16_kib),
    T_TEST(in_64_kib),
    T_TEST(in_4_mib),
};

int main(void)
{
    rng = 0x9e3779b97f4a7c15u * (uint64_t)t_seed();
    return t_run(tests, T_COUNT(tests));
}
