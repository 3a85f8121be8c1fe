/* SPDX-License-Identifier: MIT
 * algorithm.c - the incremental cycle collector as an executable specification.
 *
 * The algorithm alone: of budgets only that a visit may be left half-way, of thresholds nothing, of
 * pages only that they come and go.  Every object of S, the set under collection (a generation and
 * all younger ones), goes through
 *   COUNT     becomes a candidate; counts, in each child, the references from inside S
 *   MARK      more references than counted: held from outside, so live with all it refers to
 *   (flip)    all scanned, nothing gray, nothing dead: what is still a candidate is garbage
 *   WEAK      weak references to garbage are cleared
 *   FINALIZE  finalizers run, once in an object's life
 *   RELABEL   if garbage was touched since the flip: it gets a label of its own, and COUNT and MARK
 *             run once more over just that, to tell what was revived
 *   CUT       references from garbage to anything else are dropped
 *   FREE      garbage is freed, what survived moves to the next generation
 * and FREEZE and UNFREEZE, between two cycles, change labels.  The rules R1..R11, and R12 and on
 * about pages, untracked objects, budgets, callbacks and freezing, that let it run one unit at a
 * time between any two operations of the mutator stand where they act, each behind rule(N) so that
 * a test can remove it.
 */
#include <stddef.h>

#include "model.h"

struct world w;

/* ---- queues ---- */

bool is_parked(const struct object *o) { return (w.parked.labels_of_s >> o->label & 1u) != 0u; }
/* R18: what touches an object goes by the cycle that it is in S of. */
struct cycle *cycle_of(const struct object *o)
{
    return is_parked(o) && rule(18) ? &w.parked : &w.now;
}

static struct object *with_id(int id)
{
    must(id >= 0 && id < OBJECTS, "a queue is torn");
    return &w.heap[id];
}
static void push_gray(struct cycle *cycle, struct object *o)
{
    o->on_gray = true;
    o->gc = NIL;
    if (cycle->gray_head == NIL)
        cycle->gray_head = id_of(o);
    else
        with_id(cycle->gray_tail)->gc = id_of(o);
    cycle->gray_tail = id_of(o);
}
static struct object *pop_gray(void)
{
    struct object *o = with_id(w.now.gray_head);
    w.now.gray_head = o->gc;
    o->on_gray = false;
    return o;
}
static void push_dead(struct object *o)
{
    o->gc = w.dead_head;
    w.dead_head = id_of(o);
}

/* ---- touching and dying ---- */

static bool is_in_s(const struct object *o)
{
    return o->exists && !o->dead && (w.now.labels_of_s >> o->label & 1u) != 0u;
}
static bool is_flipped(const struct cycle *cycle)
{
    return cycle->phase >= WEAK || cycle->is_second_look;
}
bool is_after_flip(const struct object *o) { return is_flipped(cycle_of(o)); }

static void make_live(struct object *o)
{
    struct cycle *cycle = cycle_of(o);
    o->candidate = false;
    o->live = true;
    if (is_flipped(cycle)) o->revived = cycle->touched_since_flip = true;
    if (cycle->phase == COUNT)
        o->pending = true; /* its field holds a count; the scan of MARK queues it */
    else
        push_gray(cycle, o);
}
/* R1: whoever changes the reference count of a candidate makes it live, at once. */
void touch(struct object *o)
{
    if (o->candidate && rule(1)) make_live(o);
}
static void clear_weak(const struct object *o)
{
    for (int i = 0; i < WEAKS; i++) {
        if (w.weak[i] == o) w.weak[i] = NULL;
    }
}
static void leave_page(struct cycle *cycle, int page)
{
    if (cycle->cursor > page * PAGE && cycle->cursor < (page + 1) * PAGE && rule(12))
        cycle->cursor = (page + 1) * PAGE;
}
/* R12: the cursor leaves a page that is given back, since its cells will begin elsewhere. */
static void give_page_back(int page)
{
    for (int i = page * PAGE; i < (page + 1) * PAGE; i++) {
        if (w.heap[i].exists) return;
    }
    w.carved[page] = 0;
    leave_page(&w.now, page);
    leave_page(&w.parked, page);
}
static void release(struct object *o)
{
    must(!o->is_held, "an object was freed while it was worked on");
    *o = (struct object){0};
    give_page_back(id_of(o) / PAGE);
}
/* R5: the dead wait on one queue only; what is on the gray queue changes over when it is popped. */
static void bury(struct object *o)
{
    clear_weak(o);
    o->dead = true;
    o->candidate = o->pending = false;
    if (!o->on_gray || !rule(5)) push_dead(o);
}
static void run_finalizer(struct object *o, bool by_collector)
{
    o->finalized = o->is_held = true;
    o->owed_finalizer = false;
    w.callouts += by_collector;
    w.finalizers++;
    play_finalizer(o);
    w.callouts -= by_collector;
    w.finalizers--;
    o->is_held = false;
}
/* Leave S: a new-born as far as the running cycle can tell. */
static void leave_s(struct object *o)
{
    for (int i = 0; i < o->slots; i++) {
        if (o->slot[i]) touch(o->slot[i]);
    }
    o->candidate = o->live = o->pending = o->revived = false;
    if (o->label != UNTRACKED) o->label = w.nursery;
}
/* The last reference is gone. */
static void die(struct object *o, bool in_collector)
{
    if (!o->has_finalizer || o->finalized) {
        bury(o);
        return;
    }
    if (!settings.may_revive) clear_weak(o);
    if (in_collector || w.finalizers >= FINALIZER_DEPTH) { /* R9: leaves S, waits for its turn */
        o->owed_finalizer = true;
        if (rule(9)) leave_s(o);
        bury(o);
        return;
    }
    if (rule(6))
        touch(o); /* R6: its finalizer may revive it */
    else
        o->candidate = false;
    o->references = 1;
    run_finalizer(o, false);
    if (--o->references > 0)
        touch(o);
    else
        bury(o);
}
void raise_count(struct object *o)
{
    must(o->exists && !o->dead, "a reference to a dead object was copied");
    touch(o);
    o->references++;
}
void lower_count(struct object *o, bool in_collector)
{
    must(o->exists && !o->dead && o->references > 0, "a dead object was let go once more");
    if (--o->references > 0)
        touch(o);
    else
        die(o, in_collector);
}

/* What is not tracked may refer to atoms only, which are not; a dict among them may change. */
bool may_be_tracked(const struct object *o) { return o->label != UNTRACKED || o->is_dict; }
/* R14: an untracked object that gets a reference to one that may be tracked is as new-born. */
void note_store(struct object *o, const struct object *child)
{
    if (o->label == UNTRACKED && child && may_be_tracked(child) && rule(14)) o->label = w.nursery;
}

/* One dead object: run the finalizer that it is owed, or let go of its children and free it. */
bool drain_dead(void)
{
    if (w.dead_head == NIL) return false;
    struct object *o = with_id(w.dead_head);
    if (o->owed_finalizer && w.callouts > 0) return false;
    w.dead_head = o->gc;
    if (o->owed_finalizer) {
        o->dead = false;
        o->references = 1;
        if (rule(9) && o->label != UNTRACKED) o->label = w.nursery;
        run_finalizer(o, true);
        if (--o->references > 0)
            touch(o);
        else
            bury(o);
        return true;
    }
    o->is_held = true;
    w.callouts++;
    for (int i = 0; i < o->slots; i++) {
        struct object *child = o->slot[i];
        o->slot[i] = NULL;
        if (child) lower_count(child, true);
    }
    o->is_held = false;
    w.callouts--;
    release(o);
    return true;
}
/* Of the running cycle. */
static bool is_candidate_now(const struct object *o)
{
    return o->candidate && (!is_parked(o) || !rule(18));
}
static bool drain_gray(void)
{
    if (w.now.gray_head == NIL) return false;
    struct object *o = with_id(w.now.gray_head);
    unsigned budget = below(SLOTS);
    for (int i = 0; i < o->slots && !o->dead; i++) {
        if (!o->slot[i] || !is_candidate_now(o->slot[i])) continue;
        make_live(o->slot[i]);
        if (budget-- == 0 && rule(15)) return true; /* R15: it is looked at again */
        if (budget > SLOTS) break;
    }
    (void)pop_gray();
    if (o->dead) push_dead(o); /* R5 */
    return true;
}
/* R3, R7: the phase may change only if no gray and no dead object is left (the dead still own
 * counted references) and no code of the user that the collector called is on the stack. */
static bool is_settled(void)
{
    if (drain_gray()) return false;
    if (rule(3) && (drain_dead() || w.dead_head != NIL)) return false;
    if (rule(7) && w.callouts > 0) return false;
    return w.now.gray_head == NIL && (!rule(3) || w.dead_head == NIL);
}

/* ---- phases: each step visits one object of S ---- */

static struct object *next_of_s(void)
{
    while (w.now.cursor < OBJECTS) {
        int size = w.carved[w.now.cursor / PAGE];
        if (size == 0) {
            w.now.cursor += PAGE - w.now.cursor % PAGE;
            continue;
        }
        must(w.now.cursor % PAGE % size == 0, "the cursor stands inside an object");
        struct object *o = &w.heap[w.now.cursor];
        w.now.cursor += size;
        if (is_in_s(o)) return o;
    }
    return NULL;
}
static void enter(enum phase phase)
{
    w.now.phase = phase;
    w.now.cursor = 0;
}
static unsigned labels_up_to(int generation)
{
    return (generation >= 1 ? 1u << GEN1 : 0u) | (generation >= 2 ? 1u << GEN2 : 0u);
}
/* R16: not before the callback has heard of the last one's end.  R17: one pass at a time. */
static bool may_start(void)
{
    if (w.due && rule(16)) return false;
    return w.now.phase == IDLE;
}
/* Where a cycle over the old looks or frees; not where it deals with what it condemned, nor
 * afterwards if that got the label CONDEMNED. */
static bool may_interrupt(int generation)
{
    bool looks_or_frees =
        w.now.phase == COUNT || w.now.phase == MARK || w.now.phase == CUT || w.now.phase == FREE;
    if (w.due && rule(16)) return false;
    return generation < 2 && w.now.labels == 1u << GEN2 && !w.now.is_second_look && looks_or_frees;
}
static void tell(enum event event)
{
    w.due = event;
    w.due_generation = w.now.generation;
}
static void begin(int generation, unsigned labels)
{
    w.now = (struct cycle){.phase = COUNT, .gray_head = NIL, .gray_tail = NIL};
    w.now.generation = generation;
    w.now.labels = w.now.labels_of_s = labels;
    tell(STARTED);
}
static unsigned take_young(void)
{
    enum label half = w.nursery;
    w.nursery = half == HALF_A ? HALF_B : HALF_A;
    return 1u << half;
}
bool start(int generation)
{
    if (may_interrupt(generation))
        w.parked = w.now;
    else if (!may_start())
        return false;
    else
        must(w.now.gray_head == NIL, "a cycle starts with gray objects left");
    begin(generation, take_young() | labels_up_to(generation));
    return true;
}
bool start_old(void)
{
    if (!may_start()) return false;
    must(w.now.gray_head == NIL, "a cycle starts with gray objects left");
    begin(2, 1u << GEN2);
    return true;
}
/* The one that was interrupted goes on, if any. */
static void end_cycle(void)
{
    tell(ENDED);
    w.now = w.parked;
    w.parked = (struct cycle){.gray_head = NIL, .gray_tail = NIL};
}
/* Freezing in the middle of a cycle would take marked objects out of S. */
void freeze(void)
{
    if (!may_start() && rule(17)) return;
    w.now.labels = w.now.labels_of_s = take_young() | labels_up_to(2);
    enter(FREEZE);
}
void unfreeze(void)
{
    if (!may_start() && rule(17)) return;
    w.now.labels = w.now.labels_of_s = 1u << PERMANENT;
    enter(UNFREEZE);
}
static void step_freeze(void)
{
    struct object *o = next_of_s();
    if (o)
        o->label = w.now.phase == FREEZE ? PERMANENT : GEN2;
    else {
        w.now.phase = IDLE;
        w.now.labels = w.now.labels_of_s = 0;
    }
}
static void see(struct object *o)
{
    if (o->candidate || o->live) return;
    o->candidate = true;
    o->gc = 0;
}
static void step_count(void)
{
    struct object *o = next_of_s();
    if (!o) {
        enter(MARK);
        return;
    }
    see(o);
    for (int i = 0; i < o->slots; i++) {
        struct object *child = o->slot[i];
        if (!child || !is_in_s(child) || child->live) continue;
        see(child);
        child->gc++;
    }
}
static void flip(void)
{
    if (!w.now.is_second_look) {
        enter(WEAK);
        return;
    }
    w.now.labels_of_s = 1u << CONDEMNED | w.now.labels;
    enter(CUT);
}
static void step_mark(void)
{
    if (drain_gray()) return;
    struct object *o = next_of_s();
    if (!o) {
        if (is_settled()) flip();
        return;
    }
    bool is_owed = w.now.is_second_look && o->has_finalizer && !o->finalized;
    if (o->pending) {
        o->pending = false;
        push_gray(&w.now, o);
    } else if (o->candidate && (o->references > o->gc || is_owed)) {
        make_live(o);
    }
}
/* R10: all weak references to garbage are cleared before the first finalizer runs. */
static void step_weak(void)
{
    struct object *o = next_of_s();
    if (!o)
        enter(FINALIZE);
    else if (o->candidate && rule(10))
        clear_weak(o);
}
static void finalize(struct object *o)
{
    if (!o->candidate || !o->has_finalizer || o->finalized) return;
    if (rule(8))
        o->references++; /* R8: held, not touched, while its finalizer runs */
    else {
        o->finalized = true;
        w.callouts++;
        w.finalizers++;
        play_finalizer(o);
        w.callouts--;
        w.finalizers--;
        return;
    }
    run_finalizer(o, true);
    if (--o->references == 0 && !o->candidate) bury(o); /* a candidate is left to FREE */
}
static void step_finalize(void)
{
    struct object *o = next_of_s();
    if (o) {
        if (!rule(10) && o->candidate) clear_weak(o);
        finalize(o);
    } else if (is_settled()) {
        enter(w.now.touched_since_flip ? RELABEL : CUT);
    }
}
static void step_relabel(void)
{
    if (drain_gray()) return;
    struct object *o = next_of_s();
    if (o) {
        if (!o->candidate && !o->revived) return;
        o->candidate = o->live = o->pending = o->revived = false;
        o->label = CONDEMNED;
    } else if (is_settled()) {
        w.now.labels_of_s = 1u << CONDEMNED;
        w.now.is_second_look = true;
        enter(COUNT);
    }
}
static void step_cut(void)
{
    struct object *o = next_of_s();
    if (!o) {
        enter(FREE);
        return;
    }
    if (!o->candidate) return;
    unsigned budget = below(SLOTS);
    for (int i = 0; i < o->slots; i++) {
        struct object *child = o->slot[i];
        if (!child || is_candidate_now(child)) continue;
        o->slot[i] = NULL;
        w.callouts++;
        lower_count(child, true);
        w.callouts--;
        if (budget-- > 0) continue;
        if (rule(15)) w.now.cursor = id_of(o); /* R15 */
        return;
    }
}
/* R13: what can not be in a cycle, as it is, is not looked at any more. */
static bool refers_to_untracked(const struct object *o)
{
    for (int i = 0; i < o->slots; i++) {
        if (o->slot[i] && may_be_tracked(o->slot[i])) return false;
    }
    return true;
}
/* R11: weak references are cleared once more; a finalizer may have made one. */
static void step_free(void)
{
    struct object *o = next_of_s();
    if (!o) {
        end_cycle();
        return;
    }
    if (o->candidate) {
        if (rule(11)) clear_weak(o);
        release(o);
        return;
    }
    must(!o->on_gray && !o->pending, "a survivor is still queued");
    o->live = o->revived = false;
    o->label = w.now.generation == 0 || w.parked.phase != IDLE ? GEN1 : GEN2;
    if ((o->is_fixed || o->is_dict) && (refers_to_untracked(o) || !rule(13))) o->label = UNTRACKED;
}
void step(void)
{
    static void (*const steps[])(void) = {
        [COUNT] = step_count,       [MARK] = step_mark,       [WEAK] = step_weak,
        [FINALIZE] = step_finalize, [RELABEL] = step_relabel, [CUT] = step_cut,
        [FREE] = step_free,         [FREEZE] = step_freeze,   [UNFREEZE] = step_freeze,
    };
    if (w.due) { /* a callback is user code (R7), and comes first */
        enum event event = w.due;
        if (w.callouts > 0) return;
        w.due = NOTHING;
        w.callouts++;
        play_callback(event, w.due_generation);
        w.callouts--;
        return;
    }
    if (w.now.phase == IDLE) return;
    if (w.now.phase >= WEAK && w.callouts > 0 && rule(7)) return; /* R7 */
    steps[w.now.phase]();
}
