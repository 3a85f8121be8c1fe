/* SPDX-License-Identifier: MIT
 * collector.c - drives and paces the cycle collector, one piece of work at a time.
 *
 * Nothing here runs for longer than its budget but collector_finish(), which ouro_gc_collect() and
 * an exhausted arena ask for. */
#include "collector.h"

#include "ouro/diag.h"
#include "pageset.h"
#include "quarantine.h"
#include "weak.h"

typedef uint32_t piece_fn(uint32_t limit);

enum {
    DEBT_MOST = 1 << 30,
    PIECE_UNITS = 3, /* what entering a phase's function counts, where a call may do so twice */
};

static const struct {
    const char *name;
    piece_fn *piece;
} phases[OURO_GC_PHASES] = {
    [OURO_GC_IDLE] = {"idle", NULL},
    [OURO_GC_COUNT] = {"count", collector_count},
    [OURO_GC_MARK] = {"mark", collector_mark},
    [OURO_GC_KEEP] = {"keep", collector_keep},
    [OURO_GC_WEAK] = {"weak", collector_weak},
    [OURO_GC_FINALIZE] = {"finalize", collector_finalize},
    [OURO_GC_RELABEL] = {"relabel", collector_relabel},
    [OURO_GC_CUT] = {"cut", collector_cut},
    [OURO_GC_SAVE] = {"save", collector_save},
    [OURO_GC_FREE] = {"free", collector_free},
    [OURO_GC_FREEZE] = {"freeze", collector_freeze},
    [OURO_GC_UNFREEZE] = {"unfreeze", collector_unfreeze},
    [OURO_GC_SEARCH] = {"search", NULL},
};

const char *ouro_gc_phase_name(enum ouro_gc_phase phase)
{
    return phase < OURO_GC_PHASES ? phases[phase].name : "?";
}
enum ouro_gc_phase ouro_gc_get_phase(void) { return (enum ouro_gc_phase)ouro_heap->gc.phase; }

/* ---- the cursor ---- */

/* At a change of phase. */
static void validate(void)
{
    if (!OURO_VALIDATE) return;
    const char *broken = ouro_diag_verify();
    if (broken) ouro_port_panic(broken);
}

void collector_begin(enum ouro_gc_phase phase)
{
    ouro_heap->gc.phase = (uint8_t)phase;
    ouro_heap->gc.now.cursor_page = ouro_heap->gc.now.cursor_cell = 0;
    if (phase >= OURO_GC_COUNT && phase <= OURO_GC_FREEZE) collector_set_pace(&ouro_heap->gc);
    if (phase == OURO_GC_FREE) ouro_heap->monitor.cycle.candidates = ouro_heap->gc.now.candidates;
    validate();
}

/* ---- what is owed ---- */

__attribute__((always_inline)) static inline void owe(struct gc *gc, size_t bytes)
{
    enum { GRANULES_MOST = 1 << 19 }; /* at a pace of 2^10 */
    const uint32_t granules = least((uint32_t)(bytes >> GRANULE_SHIFT), GRANULES_MOST);
    if (gc->now.debt < DEBT_MOST) gc->now.debt += (int32_t)(granules * gc->now.pace);
}
/* What the common paths took of the window is owed, and they may take no more. */
__attribute__((always_inline)) static inline void shut_window(struct heap *heap, int32_t left)
{
    struct gc *gc = &heap->gc;
    const int32_t taken = gc->window - left;
    if (taken > 0) gc->now.debt += (taken >> GRANULE_SHIFT) * (int32_t)gc->now.pace;
    gc->window = 0;
    gc->is_open = false;
    heap->headroom += left;
    heap->room = 0;
}
static __attribute__((noinline)) void settle_window(struct heap *heap)
{
    shut_window(heap, heap_room(heap));
}
/* ---- the driver ---- */

/* What is due, whatever was done; else a piece of the dead.  But to remove an entry is nearly all
 * that a call may do. */
static uint32_t drain(uint32_t units, uint32_t done)
{
    ouro_ref due = ouro_heap->gc.due_head;
    bool may_run = due && (done == 0 || ouro_type_index(due) != OURO_TYPE_WEAKENTRY);
    uint32_t spent = may_run ? weak_run_due() : 0;
    return spent || done >= units ? spent : drain_dead(units - done);
}

/* Empty pages that are not merged with their neighbours while a cycle runs. */
static inline uint32_t spares_kept(const struct heap *heap)
{
    return SPARES_KEPT + heap->arena.pages / 64;
}

/* One piece of the running cycle.  Returns units; 0: nothing to do, or not now. */
static uint32_t advance(uint32_t limit)
{
    const struct gc *gc = &ouro_heap->gc;
    if (!phases[gc->phase].piece) return 0;
    if (gc->phase >= OURO_GC_KEEP && gc->callouts && RULE(7)) return 0;
    return phases[gc->phase].piece(limit);
}

void collector_time(void)
{
    struct gc_monitor *monitor = &ouro_heap->monitor;
    if (!monitor->clock) return;
    uint64_t now = monitor->clock();
    if (ouro_heap->gc.phase != OURO_GC_IDLE) monitor->cycle.duration += now - monitor->timed;
    monitor->timed = now;
}

static uint64_t begin_timing(struct gc_monitor *monitor)
{
    if (!ouro_heap->gc.callouts) monitor->timed = monitor->clock();
    return monitor->timed;
}
static void end_timing(struct gc_monitor *monitor, uint64_t began, uint32_t units)
{
    collector_time();
    if (monitor->timed - began > monitor->longest_step && units < UINT32_MAX)
        monitor->longest_step = (uint32_t)(monitor->timed - began);
}

uint32_t ouro_gc_step(uint32_t units)
{
    OURO_THREAD_ONLY();
    struct gc *gc = &ouro_heap->gc;
    struct gc_monitor *monitor = &ouro_heap->monitor;
    const uint8_t parked_phase = gc->parked_phase;
    uint32_t done = 0;
    uint64_t began = monitor->clock ? begin_timing(monitor) : 0;
    gc->has_called_out = false;                /* one finalizer a call */
    if (gc->is_open) settle_window(ouro_heap); /* for what is called meanwhile */
    while (done < units && !gc->has_called_out) {
        uint32_t left = units - done, spent = 0;
        if ((gc->dead_head || gc->due_head) && RULE(3)) spent = drain(units, done);
        if (spent == 0 && monitor->due) spent = monitor_call_due();
        if (spent == 0) spent = pool_tidy(gc->phase ? spares_kept(ouro_heap) : 0);
        if (spent == 0) spent = advance(left);
        if (spent == 0) break;
        spent += PIECE_UNITS;
        done += spent;
        gc->now.paid += spent;                /* now: its cycle may be over in this call */
        if (done + SLOTS_MAX >= units) break; /* a piece's first visit may exceed that */
    }
    /* What was done for another cycle, which is over now, pays nothing of what is owed to this. */
    if (gc->parked_phase == parked_phase)
        gc->now.debt -= (int32_t)(least(done, (uint32_t)gc->now.debt / 16) * 16);
    if (gc->phase == OURO_GC_IDLE) collector_set_trigger();
    ouro_heap->figures.units += done;
    if (done > ouro_heap->figures.longest_step && units < UINT32_MAX)
        ouro_heap->figures.longest_step = done;
    if (monitor->clock) end_timing(monitor, began, units);
    return done;
}

void collector_finish(void)
{
    /* What is asked for at once breaks a search off. */
    struct gc *gc = &ouro_heap->gc;
    if (gc->phase == OURO_GC_SEARCH) collector_begin(OURO_GC_IDLE);
    gc->now.expected = gc->parked.expected = 0; /* learn nothing from a cycle that is cut short */
    while (ouro_gc_step(UINT32_MAX) > 0) {}
}

uint32_t collector_drain(uint32_t units)
{
    struct gc *gc = &ouro_heap->gc;
    uint32_t done = 0, spent;
    gc->has_called_out = false;
    while (!gc->has_called_out && (spent = drain(units, done)) > 0) done += spent;
    ouro_heap->figures.units += done;
    collector_set_trigger();
    return done;
}

void collector_drain_some(void)
{
    const struct gc *gc = &ouro_heap->gc;
    if (gc->dead_head || gc->due_head) (void)collector_drain(gc->release_units);
}

/* ---- when ---- */

/* Are the old to be looked at?  CPython: if those not yet looked at are a quarter of those that
 * were, lest building a large heap take time in the square of its size.  But not later than what F
 * leaves for them. */
static bool is_old_due(const struct gc *gc)
{
    if (gc->promoted > gc->limits.promoted) return true;
    return gc->count[2] > gc->threshold[2] && gc->old_pending > gc->old_total / 4;
}

void heap_set_trigger(struct heap *heap, uint32_t trigger)
{
    settle_window(heap);
    heap->gc.trigger = trigger;
    if (trigger == 0) heap->room = -ROOM_NONE;
}
SELDOM void heap_pass_peak(struct heap *heap)
{
    if (heap_room(heap) != 0) heap_set_trigger(heap, heap->gc.trigger);
    heap_note_peak(heap);
}
void collector_allocated(size_t bytes)
{
    struct heap *heap = ouro_heap;
    if (heap->gc.is_open && heap->room >= 0) {
        settle_window(heap);
        heap->gc.is_open = true;
    }
    owe(&heap->gc, bytes);
}

static inline uint32_t units_owed(const struct gc *gc) { return (uint32_t)gc->now.debt / 16; }

void collector_set_trigger(void)
{
    struct gc *gc = &ouro_heap->gc;
    uint32_t trigger = gc->enabled && gc->threshold[0] ? gc->limits.young + 1 : UINT32_MAX;
    if (gc->is_watched || gc->dead_head || gc->due_head || ouro_heap->monitor.due) trigger = 0;
    heap_set_trigger(ouro_heap, trigger);
}

/* A cycle over the young may interrupt one over the old where that looks or frees: not where it
 * deals with what it condemned, nor afterwards if that got the label CONDEMNED. */
static bool may_interrupt(const struct gc *gc)
{
    enum { WHERE = 1 << OURO_GC_COUNT | 1 << OURO_GC_MARK | 1 << OURO_GC_CUT | 1 << OURO_GC_FREE };
    return gc->now.s_sets == 1u << GEN2 && !gc->now.is_second_look && (WHERE >> gc->phase & 1);
}

/* The generation that is due; -1: none. */
static int generation_due(const struct gc *gc)
{
    uint32_t young = young_count(gc);
    if (young <= gc->limits.young || !gc->enabled || gc->threshold[0] == 0) return -1;
    if (gc->phase == OURO_GC_IDLE && is_old_due(gc)) return 2;
    if (gc->phase != OURO_GC_IDLE)
        return gc->aging > 4 * gc->limits.aging && gc->aging > gc->aged ? 1 : 0;
    return gc->count[1] > gc->threshold[1] || gc->aging > gc->limits.aging ? 1 : 0;
}

/* ---- starting ---- */

/* What is born from now on is of this half, and its pages have to join that half's set. */
static void set_nursery(struct gc *gc, unsigned half)
{
    pool_settle();
    gc->nursery = (uint8_t)half;
    gc->birth_page = 1u << (PAGE_SETS_SHIFT + half);
    gc->birth_flags = OURO_COUNT_ONE | half << FLAG_LABEL_SHIFT | FLAG_FINALIZED;
    pool_slow_down(1);
}

/* The sets that a cycle takes, if the youngest are in it: then births go to the other half. */
static uint32_t take_young(struct gc *gc, int generation)
{
    uint32_t sets = 1u << gc->nursery;
    if (generation >= 1) sets |= 1u << GEN1;
    if (generation >= 2) sets |= 1u << GEN2;
    set_nursery(gc, gc->nursery ^ 1u);
    return sets;
}

/* Copied, since picolibc's memset() takes five instructions a byte. */
static const struct cycle no_cycle;
static const struct ouro_gc_info no_info;

static void begin_cycle(struct gc *gc, int generation, uint32_t sets, enum ouro_gc_phase phase)
{
    struct gc_monitor *monitor = &ouro_heap->monitor;
    bool is_kept = generation == 0 || (generation == 1 && gc->parked_phase != OURO_GC_IDLE);
    gc->now = no_cycle;
    gc->now.generation = (uint8_t)generation;
    gc->now.to = is_kept ? GEN1 : GEN2;
    gc->now.s_sets = sets;
    gc->now.s_members = members_of(sets);
    gc->now.expected = collector_expects(gc);
    gc->now.births = young_count(gc);
    if (sets != 1u << GEN2) young_set(gc, 0);
    if (sets & 1u << GEN1) gc->count[1] = gc->aging = gc->aged = 0;
    if (sets & 1u << GEN2) gc->count[2] = gc->old_total = gc->old_pending = gc->promoted = 0;
    if (generation < 2) gc->count[generation + 1]++;
    monitor->cycle = no_info;
    monitor->cycle.generation = gc->now.generation;
    collector_begin(phase);
    collector_set_trigger();
    if (phase == OURO_GC_COUNT && monitor_start) monitor_start(); /* who writes may go on with it */
}

static void park(struct gc *gc)
{
    gc->parked = gc->now;
    gc->parked_phase = gc->phase;
    ouro_heap->monitor.parked = ouro_heap->monitor.cycle;
}

void collector_end(void)
{
    struct gc *gc = &ouro_heap->gc;
    bool is_resumed = gc->parked_phase != OURO_GC_IDLE;
    ouro_assert(!gc->now.gray_head);
    collector_learn_units(gc);
    collector_set_limits(gc);
    gc->now = gc->parked;
    gc->parked = no_cycle;
    gc->phase = gc->parked_phase;
    gc->parked_phase = OURO_GC_IDLE;
    if (is_resumed) {
        ouro_heap->monitor.cycle = ouro_heap->monitor.parked;
        collector_set_pace(gc);
    }
    validate();
}

/* R16: whoever finishes a cycle would never be done, if what that calls began another. */
static bool may_start(const struct gc *gc) { return !ouro_heap->monitor.due && !gc->callouts; }

bool collector_start(int generation, enum ouro_gc_phase phase)
{
    OURO_THREAD_ONLY();
    struct gc *gc = &ouro_heap->gc;
    if (generation < 0 || generation > 2 || !may_start(gc)) return false;
    if (gc->phase != OURO_GC_IDLE) {
        if (generation == 2 || !may_interrupt(gc)) return false;
        park(gc);
    }
    begin_cycle(gc, generation, take_young(gc, generation), phase);
    return true;
}

bool ouro_gc_start(int generation)
{
    OURO_THREAD_ONLY();
    return collector_start(generation, OURO_GC_COUNT);
}

bool collector_start_old(void)
{
    struct gc *gc = &ouro_heap->gc;
    if (gc->phase != OURO_GC_IDLE || !may_start(gc)) return false;
    begin_cycle(gc, 2, 1u << GEN2, OURO_GC_COUNT);
    return true;
}

static bool is_anybody_waiting(const struct heap *heap)
{
    return heap->gc.dead_head || heap->gc.due_head || heap->monitor.due;
}

/* Start a cycle if one is due; not while the dead wait. */
static bool start_if_due(const struct gc *gc)
{
    if (gc->phase != OURO_GC_IDLE && !may_interrupt(gc)) return false;
    int generation = generation_due(gc);
    if (generation < 0 || gc->dead_head) return false;
    return generation == 2 ? collector_start_old() : ouro_gc_start(generation);
}

/* May a call pay more than its budget, if more is owed?  When so much floats that the running cycle
 * is late. */
__attribute__((always_inline)) static inline bool late(const struct heap *heap, int32_t headroom)
{
    return heap->peak_bytes - (uint32_t)headroom > heap->gc.limits.late;
}

/* What is allocated before a whole call's payment is owed may be taken by the common paths, and
 * what the call itself takes, if that is no more than 16 bytes, whatever is owed; but not beyond
 * what makes the next cycle due.  While the window is open, to pay is all that a call has to look
 * after; whatever else comes up shuts it. */
__attribute__((always_inline)) static inline void open_window(struct heap *heap, uint32_t units)
{
    struct gc *gc = &heap->gc;
    uint32_t young = young_count(gc);
    int32_t headroom = heap->headroom + heap_room(heap),
            left = (int32_t)(units * 16) - gc->now.debt;
    uint32_t births = gc->limits.young > young ? gc->limits.young - young : 0;
    if (heap->spares > spares_kept(heap) || (births == 0 && may_interrupt(gc))) return;
    if (births == 0 && left > 0) { /* the next cycle is due */
        gc->now.debt += left;
        left = 0;
    }
    gc->is_open = true;
    heap->headroom = headroom;
    heap->room = -ROOM_NONE;
    if (left <= 0) return; /* all calls pay */
    uint32_t granules = ((uint32_t)left / (gc->now.pace + 1) | 1u) + 1;
    if (births) granules = least(granules, 2 * births);
    int32_t bytes = (int32_t)(granules << GRANULE_SHIFT);
    if (bytes > headroom) bytes = headroom;
    gc->window = heap->room = bytes;
    heap->headroom = headroom - bytes;
}

/* Start a cycle if one is due, or else pay, a sixth less: so much does looking cost. */
static __attribute__((noinline)) void look_and_pay(struct heap *heap, uint32_t units,
                                                   uint32_t enough)
{
    const struct gc *gc = &heap->gc;
    if (start_if_due(gc)) return; /* enough for one call */
    /* No less than a whole call's: it adds up.  But a budget larger than usual is not waited for,
     * or a small heap's cycle might never go on. */
    uint32_t owed = units_owed(gc);
    if (gc->phase != OURO_GC_IDLE && !gc->dead_head && late(heap, heap->headroom + heap_room(heap)))
        units = units * gc->limits.halves / 2;
    if (is_anybody_waiting(heap))
        ouro_gc_step(units);
    else if (owed >= enough)
        ouro_gc_step(least(units - units / 6, owed));
    if (is_anybody_waiting(heap) || gc->is_traced || gc->is_open || gc->callouts) return;
    if (phases[gc->phase].piece && !heap->monitor.clock) open_window(heap, enough);
}

/* One piece of the running cycle.  Returns whether that is still all that is to be done. */
__attribute__((always_inline)) static inline bool pay_piece(struct heap *heap, uint32_t units)
{
    struct gc *gc = &heap->gc;
    uint32_t done = phases[gc->phase].piece(units);
    heap->figures.units += done;
    if (done > heap->figures.longest_step) heap->figures.longest_step = done;
    /* When the cycle is over, this is of the one that goes on: it hardly matters. */
    gc->now.paid += done;
    int32_t debt = gc->now.debt - (int32_t)(done * 16);
    gc->now.debt = debt > 0 ? debt : 0;
    if (gc->phase == OURO_GC_IDLE) {
        collector_set_trigger();
        return false;
    }
    return heap->room >= 0; /* or somebody shut it */
}

void collector_pay(uint32_t units)
{
    struct heap *heap = ouro_heap;
    struct gc *gc = &heap->gc;
    const uint32_t enough = least(units, OURO_ALLOC_UNITS);
    if (!gc->is_open) {
        look_and_pay(heap, units, enough);
        return;
    }
    shut_window(heap, heap_room(heap));
    uint32_t owed = units_owed(gc);
    if (owed > units && late(heap, heap->headroom)) units = units * gc->limits.halves / 2;
    if (owed < enough || pay_piece(heap, least(units, owed))) open_window(heap, enough);
}

uint32_t ouro_gc_idle(void)
{
    (void)start_if_due(&ouro_heap->gc);
    return ouro_gc_step(1);
}

/* Give back what is kept for convenience. */
static void trim(void)
{
    quarantine_flush();
    pool_trim();
}

/* Drain the dead, then trim.  Returns whether there was anything to do. */
static bool make_room(uint32_t units)
{
    uint32_t done = collector_drain(units);
    quarantine_flush();
    if (done < units) done += pool_trim_some(units - done);
    return done > 0;
}

bool collector_relieve(unsigned *round)
{
    enum { PIECES = 3 }; /* what a call may do, its own work being done */
    struct gc *gc = &ouro_heap->gc;
    if (*round < PIECES) {
        if (make_room(gc->alloc_units)) {
            ++*round;
            return true;
        }
        *round = PIECES;
    }
    if (*round == PIECES && !gc->dead_head && !gc->due_head && !ouro_heap->spares) ++*round;
    switch ((*round)++) {
    case PIECES:
        ouro_heap->figures.forced++;
        while (make_room(UINT32_MAX)) {}
        return true;
    case PIECES + 1:
        if (gc->callouts) return false;
        if (gc->phase == OURO_GC_IDLE) ouro_gc_start(2);
        ouro_heap->figures.forced++;
        collector_finish();
        trim();
        return true;
    case PIECES + 2:
        ouro_heap->figures.forced++;
        if (gc->callouts || !ouro_gc_start(2)) return false;
        collector_finish();
        trim();
        return true;
    default: return false;
    }
}

/* ---- public ---- */

ptrdiff_t ouro_gc_collect(int generation)
{
    OURO_THREAD_ONLY();
    struct gc *gc = &ouro_heap->gc;
    if (generation < 0 || generation > 2) {
        ouro_error_set(OURO_VALUE_ERROR, "invalid generation");
        return -1;
    }
    if (gc->callouts) return 0;
    const uint32_t *collected = &ouro_heap->figures.collected[generation];
    const uint32_t *uncollectable = &ouro_heap->monitor.uncollectable[generation];
    collector_finish();
    uint32_t before = *collected + *uncollectable;
    if (ouro_gc_start(generation)) collector_finish();
    trim(); /* the spare pages too, as CPython empties its free lists */
    return (ptrdiff_t)(*collected + *uncollectable - before);
}

void collector_init(void)
{
    struct gc *gc = &ouro_heap->gc;
    /* A small arena cannot wait for 700 objects: four for each of its pages. */
    uint32_t scaled = ouro_heap->arena.pages * 4;
    gc->enabled = true;
    gc->alloc_units = OURO_ALLOC_UNITS;
    gc->release_units = OURO_RELEASE_UNITS;
    set_nursery(gc, HALF_A);
    gc->threshold[0] = scaled < OURO_THRESHOLD0 ? scaled : OURO_THRESHOLD0;
    gc->threshold[1] = OURO_THRESHOLD1;
    gc->threshold[2] = OURO_THRESHOLD2;
    gc->now.generation = 2; /* of the limits, all */
    collector_set_limits(gc);
    gc->now.generation = 0;
    gc->survival = 16;
    gc->limits.units[0] = gc->limits.units[1] = 16 * 16;
    collector_set_trigger();
}

void ouro_gc_set_budget(uint32_t alloc_units, uint32_t release_units)
{
    enum { ALLOC_UNITS_MOST = 4096 }; /* as in config.h; a few times it is no overflow */
    ouro_require(alloc_units > 0 && release_units > 0);
    ouro_heap->gc.alloc_units = least(alloc_units, ALLOC_UNITS_MOST);
    ouro_heap->gc.release_units = release_units;
}

static void set_enabled(bool to)
{
    ouro_heap->gc.enabled = to;
    collector_set_trigger();
}
void ouro_gc_enable(void) { set_enabled(true); }
void ouro_gc_disable(void) { set_enabled(false); }
bool ouro_gc_isenabled(void) { return ouro_heap->gc.enabled; }
