/* SPDX-License-Identifier: MIT
 * collector_model.c - random operations against the collector's model (algorithm.c).
 *
 * A random mutator, whose finalizers revive, allocate, step the collector and start cycles; between
 * any two operations the collector does a few of its smallest units of work.  An oracle that shares
 * no code with it (plain reachability) checks that it is
 *   sound      nothing the mutator can reach is freed, queued as dead, or condemned, and
 *   complete   once the mutator rests, a few cycles free all that cannot be reached.
 *   told       the callback hears of each cycle's start and end in turn.
 * Then each rule R1..R18 is removed in turn, and that must be caught.
 *
 *   collector_model                          the test, as TAP (SEED and SCALE in the environment)
 *   collector_model OPERATIONS SEED [RULE]   one run with a rule removed, 0 for none
 *
 * The random decisions cover, on purpose, what hurts: slow mutators, slow draining, references
 * that move without being counted, weak references read after the flip. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

enum { PLAY_DEPTH = 12, REST_STEPS = 1000000 };

struct settings settings;

static bool is_resting; /* nothing is made or frozen any more */
static jmp_buf caught;
static const char *violation;

/* A property does not hold: end the run. */
_Noreturn void violate(const char *what)
{
    violation = what;
    longjmp(caught, 1);
}

unsigned below(unsigned n)
{
    settings.random ^= settings.random << 13;
    settings.random ^= settings.random >> 7;
    settings.random ^= settings.random << 17;
    return (unsigned)(settings.random >> 33) % n;
}
static bool one_in(unsigned n) { return below(n) == 0; }

/* ---- the mutator ---- */

static struct object *own(struct object *o)
{
    raise_count(o);
    return o;
}
static void put(struct object **field, struct object *owned)
{
    struct object *old = *field;
    *field = owned;
    if (old) lower_count(old, false);
}
static struct object *allocate(void)
{
    unsigned place = below(OBJECTS), page = place / PAGE;
    if (w.carved[page] == 0) w.carved[page] = 1 + (int)below(3);
    place -= place % PAGE % (unsigned)w.carved[page];
    struct object *o = &w.heap[place];
    if (o->exists) return NULL;
    *o = (struct object){.exists = true, .references = 1, .label = w.nursery};
    o->slots = (int)below(SLOTS + 1);
    if (o->slots == 0) o->label = UNTRACKED;
    o->is_fixed = one_in(4);
    o->is_dict = !o->is_fixed && one_in(4);
    if (o->is_dict) o->label = UNTRACKED;
    o->has_finalizer = !o->is_fixed && !o->is_dict && one_in(5);
    for (int i = 0; i < o->slots && o->is_fixed; i++) {
        struct object *child = w.local[below(LOCALS)];
        if (child) o->slot[i] = own(child);
    }
    return o;
}
/* R4: the way to an object other than a counted reference; the condemned are refused.  A weak
 * reference that is there in a second look was made since WEAK: its target may be held. */
static struct object *weak_adopt(struct object *o)
{
    if (!o || !o->exists || o->dead) return NULL;
    if (rule(4) && o->candidate && cycle_of(o)->phase >= WEAK) return NULL;
    return own(o);
}
static struct object *adopt(struct object *o)
{
    return rule(4) && o->candidate && is_after_flip(o) ? NULL : weak_adopt(o);
}
/* R2: a reference moves with no count changed, so what it refers to is touched. */
static void note_move(struct object *o)
{
    if (o && rule(2)) touch(o);
}
/* Insert at the front of a list of two nodes: moves inside a node need nothing. */
static void shift_across(struct object *left, struct object *right)
{
    struct object *last = right->slot[right->slots - 1], *crosses = left->slot[left->slots - 1];
    for (int i = right->slots - 1; i > 0; i--) right->slot[i] = right->slot[i - 1];
    for (int i = left->slots - 1; i > 0; i--) left->slot[i] = left->slot[i - 1];
    right->slot[0] = crosses;
    left->slot[0] = NULL;
    note_move(crosses);
    note_store(right, crosses);
    if (last) lower_count(last, false);
}
static void read_weak(struct object **to)
{
    /* After the flip, when it matters, try hard to get hold of something. */
    unsigned tries = w.now.phase >= WEAK || w.now.is_second_look ? WEAKS : one_in(4) ? 1u : 0u;
    for (; tries > 0; tries--) {
        struct object *o = weak_adopt(w.weak[below(WEAKS)]);
        if (!o) continue;
        put(to, o);
        return;
    }
}
static void mutate(void)
{
    struct object **a = &w.local[below(LOCALS)], **b = &w.local[below(LOCALS)], *o = *a, *n;
    struct object **field = o && o->slots > 0 ? &o->slot[below((unsigned)o->slots)] : NULL;
    struct object **variable = o && !o->is_fixed ? field : NULL;

    switch (below(13)) {
    case 0:
    case 1:
        if ((n = allocate()) != NULL) put(a, n);
        break;
    case 2: put(a, NULL); break;
    case 3:
        if (*b) put(a, own(*b));
        break;
    case 4:
    case 5:
        if (!variable || !*b) break;
        note_store(o, *b);
        put(variable, own(*b));
        break;
    case 6:
        if (field && *field) put(b, own(*field));
        break;
    case 7: /* take a reference out of a field */
        if (!variable || !*variable || *b) break;
        n = *variable;
        *variable = NULL;
        note_move(n);
        *b = n;
        break;
    case 8: /* give a local's reference to a field: the local was outside, nothing is hidden */
        if (!variable || *variable || !*b || *b == o) break;
        note_store(o, *b);
        *variable = *b;
        *b = NULL;
        break;
    case 9:
        if (o && one_in(4)) w.weak[below(WEAKS)] = o;
        break;
    case 10: read_weak(a); break;
    case 11:
        if (variable && *b && o != *b && (*b)->slots > 0 && !(*b)->is_fixed) shift_across(o, *b);
        break;
    default: /* get_objects() */
        if (settings.may_revive && one_in(4) && (n = adopt(&w.heap[below(OBJECTS)])) != NULL)
            put(a, n);
        break;
    }
}

static void steps_below(unsigned limit)
{
    for (unsigned k = below(limit); k > 0; k--) step();
}
/* One thing that a finalizer of `o` may do; `field` is one of its own, not empty. */
static void play_with_field(struct object *o, struct object **field, bool may_nest)
{
    struct object **global = &w.global[below(GLOBALS)], *n;

    switch (below(4)) {
    case 0:
        if (settings.may_revive) put(global, own(*field));
        break;
    case 1: put(field, NULL); break;
    case 2: /* takes a child out, and keeps it */
        if (!settings.may_revive) break;
        n = *field;
        *field = NULL;
        touch(n);
        put(global, n);
        break;
    default: /* only looks */
        n = own(*field);
        if (may_nest) steps_below(9);
        lower_count(n, false);
        break;
    }
    must(o->exists && !o->dead, "an object was freed under its finalizer");
}
void play_finalizer(struct object *o)
{
    bool may_nest = w.finalizers < PLAY_DEPTH;

    for (unsigned turns = below(rule(8) ? 3 : 9); turns > 0; turns--) {
        struct object **field = o->slots > 0 ? &o->slot[below((unsigned)o->slots)] : NULL, *n;
        switch (below(11)) {
        case 0:
            if (settings.may_revive) put(&w.global[below(GLOBALS)], own(o));
            break;
        case 1:
            if (may_nest) steps_below(30);
            break;
        case 2: drain_dead(); break;
        case 3:
            if (field && (n = allocate()) != NULL) put(field, n);
            break;
        case 4:
            if (settings.may_revive) w.weak[below(WEAKS)] = o;
            break;
        case 5:
            if (may_nest) mutate();
            break;
        case 6: (void)start((int)below(3)); break;
        default:
            if (field && *field) play_with_field(o, field, may_nest);
            break;
        }
        must(o->exists && !o->dead, "an object was freed under its finalizer");
    }
}

/* A callback does what a finalizer may do, but for what it does to its object. */
void play_callback(enum event event, int generation)
{
    if (event == STARTED) {
        must(w.heard_count < 2, "a callback is told out of turn");
        w.heard[w.heard_count++] = generation;
    } else {
        must(w.heard_count > 0 && w.heard[--w.heard_count] == generation,
             "a callback is told out of turn");
    }
    if (is_resting) return;
    for (unsigned turns = below(4); turns > 0; turns--) {
        if (one_in(4)) (void)start((int)below(3));
        if (one_in(60)) freeze();
        if (w.finalizers < PLAY_DEPTH) steps_below(20);
        mutate();
    }
}

/* ---- the oracle ---- */

static bool reached[OBJECTS];

static void reach(struct object *const *roots, int count)
{
    for (int i = 0; i < count; i++) {
        const struct object *o = roots[i];
        if (!o) continue;
        must(o->exists && !o->dead, "a reachable object was freed");
        if (reached[id_of(o)]) continue;
        reached[id_of(o)] = true;
        must(!o->candidate || (is_parked(o) ? &w.parked : &w.now)->phase < CUT,
             "a reachable object is condemned");
        must(settings.may_revive || !o->finalized, "the mutator can see a finalized object");
        reach(o->slot, o->slots);
    }
}
static void check(bool is_at_rest)
{
    memset(reached, 0, sizeof reached);
    reach(w.local, LOCALS);
    reach(w.global, GLOBALS);
    for (int i = 0; i < WEAKS; i++)
        must(!w.weak[i] || w.weak[i]->exists, "a weak reference dangles");
    for (int i = 0; i < OBJECTS; i++) {
        const struct object *o = &w.heap[i];
        if (is_at_rest) must(!o->exists || reached[i], "garbage is left");
        if (w.now.phase == IDLE && o->exists && !o->dead) {
            must(!o->candidate && !o->live && !o->on_gray, "a mark of an old cycle is left");
        }
        for (int k = 0; k < o->slots && o->exists && o->label == UNTRACKED; k++)
            must(!o->slot[k] || !may_be_tracked(o->slot[k]), "the untracked refers to the tracked");
    }
}

/* ---- runs ---- */

static void come_to_rest(void)
{
    long steps = 0;
    is_resting = true;
    for (int round = 0; round <= 40; round++) {
        for (; w.now.phase != IDLE || w.due; step())
            must(++steps < REST_STEPS, "a cycle does not end");
        while (drain_dead()) must(++steps < REST_STEPS, "the dead queue does not end");
        if (round == 20) unfreeze(); /* what is frozen is not collected */
        if (round < 40) (void)start(2);
    }
    check(true);
}
/* Both speeds vary: a slow mutator finds a broken R2, slow draining a broken R3. */
static void play(long operations)
{
    unsigned pace = 6, laziness = 2;
    is_resting = false;

    for (long i = 0; i < operations; i++) {
        mutate();
        if (one_in(300)) {
            pace = 1 + below(8) + (one_in(3) ? below(400) : 0);
            laziness = 1 + (one_in(2) ? below(60) : 0);
        }
        steps_below(pace + 1);
        if (one_in(laziness)) drain_dead();
        if (!w.is_disabled && one_in(25)) (void)(one_in(3) ? start_old() : start((int)below(3)));
        if (one_in(500)) w.is_disabled = one_in(2);
        if (one_in(400)) (one_in(4) ? freeze : unfreeze)();
        if (i % 8 == 0) check(false);
    }
    come_to_rest();
}
/* Returns what was violated, NULL if nothing was. */
static const char *run(long operations, unsigned seed, bool may_revive, int removed_rule)
{
    settings = (struct settings){88172645463325252u ^ (uint64_t)(seed + 1u) * 0x9E3779B97F4A7C15u,
                                 removed_rule, may_revive};
    w = (struct world){.dead_head = NIL};
    w.now.gray_head = w.now.gray_tail = w.parked.gray_head = w.parked.gray_tail = NIL;
    violation = NULL;
    if (setjmp(caught) == 0) play(operations);
    return violation;
}

static int report(int number, bool good, const char *what)
{
    printf("%sok %d - %s\n", good ? "" : "not ", number, what);
    fflush(stdout);
    return good ? 0 : 1;
}
static int sound_and_complete(int number, long operations, unsigned seed, bool may_revive)
{
    const char *found = NULL;
    unsigned last = seed + 4;

    for (; seed < last && !found; seed++) found = run(operations, seed, may_revive, 0);
    if (found) printf("# seed %u: %s\n", seed - 1, found);
    return report(number, !found,
                  may_revive ? "sound and complete"
                             : "sound and complete, finalizers never revive");
}
static int removal_is_caught(int number, long operations, unsigned seed, int removed)
{
    char name[32];
    const char *found = NULL;
    unsigned tries = 0;

    for (; tries < 80 && !found; tries++) {
        found = run(operations, seed + tries / 2, tries % 2 == 0, removed);
    }
    if (found) printf("# seed %u: %s\n", seed + (tries - 1) / 2, found);
    snprintf(name, sizeof name, "R%d removed is caught", removed);
    return report(number, found != NULL, name);
}

static unsigned from_environment(const char *name)
{
    const char *text = getenv(name);
    return text && *text != '\0' ? (unsigned)strtoul(text, NULL, 10) : 1u;
}

int main(int argc, char **argv)
{
    if (argc > 2) {
        long operations = strtol(argv[1], NULL, 10);
        unsigned seed = (unsigned)strtoul(argv[2], NULL, 10);
        const char *found = run(operations, seed, true, argc > 3 ? atoi(argv[3]) : 0);
        puts(found ? found : "sound and complete");
        return found ? 1 : 0;
    }
    unsigned seed = from_environment("SEED"), scale = from_environment("SCALE");
    long operations = 200000L * scale;
    int failed = 0;

    printf("1..%d\n# SEED %u, %ld operations a run\n", RULES + 2, seed, operations);
    failed += sound_and_complete(1, operations, seed, true);
    failed += sound_and_complete(2, operations, seed, false);
    for (int r = 1; r <= RULES; r++) failed += removal_is_caught(r + 2, 200000L, seed, r);
    return failed == 0 ? 0 : 1;
}
