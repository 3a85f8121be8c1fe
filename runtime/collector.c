/* SPDX-License-Identifier: MIT
 * collector.c - drives and paces the cycle collector, one piece of work at a time.
 *
 * Nothing here runs for longer than its budget but collector_finish(), which ouro_gc_collect() and
 * an exhausted arena ask for. */
#include "collector.h"

#include <string.h>

#include "ouro/diag.h"
#include "pageset.h"
#include "quarantine.h"

OURO_COLD_FILE

typedef uint32_t piece_fn(uint32_t limit);

static const struct {
    const char *name;
    piece_fn *piece;
} phases[OURO_GC_PHASES] = {
    [OURO_GC_IDLE] = {"idle", NULL},
    [OURO_GC_COUNT] = {"count", collector_count},
    [OURO_GC_MARK] = {"mark", collector_mark},
    [OURO_GC_WEAK] = {"weak", collector_weak},
    [OURO_GC_FINALIZE] = {"finalize", collector_finalize},
    [OURO_GC_RELABEL] = {"relabel", collector_relabel},
    [OURO_GC_CUT] = {"cut", collector_cut},
    [OURO_GC_FREE] = {"free", collector_free},
};

const char *ouro_gc_phase_name(enum ouro_gc_phase phase)
{
    return phase < OURO_GC_PHASES ? phases[phase].name : "?";
}
enum ouro_gc_phase ouro_gc_get_phase(void) { return (enum ouro_gc_phase)ouro_heap->gc.phase; }

bool collector_is_past_flip(void)
{
    return ouro_heap->gc.phase >= OURO_GC_WEAK || ouro_heap->gc.is_second_look;
}

/* ---- the cursor ---- */

void collector_begin(enum ouro_gc_phase phase)
{
    ouro_heap->gc.phase = (uint8_t)phase;
    ouro_heap->gc.cursor_page = ouro_heap->gc.cursor_cell = 0;
    if (OURO_CHECK >= 3) {
        const char *broken = ouro_diag_verify();
        if (broken) ouro_port_panic(broken, __FILE__, __LINE__);
    }
}

/* ---- the driver ---- */

/* One piece of the running cycle.  Returns units; 0: nothing to do, or not now. */
static uint32_t advance(uint32_t limit)
{
    const struct gc *gc = &ouro_heap->gc;
    if (gc->phase == OURO_GC_IDLE) return 0;
    if (gc->phase >= OURO_GC_WEAK && gc->callouts && RULE(7)) return 0;
    return phases[gc->phase].piece(limit);
}

uint32_t ouro_gc_step(uint32_t units)
{
    OURO_THREAD_ONLY();
    struct gc *gc = &ouro_heap->gc;
    uint32_t done = 0;
    gc->has_called_out = false; /* one finalizer a call */
    while (done < units && !gc->has_called_out) {
        uint32_t left = units - done, spent = 0;
        if ((gc->dead_head || gc->due_head) && RULE(3))
            spent = drain_dead(left); /* the dead first */
        if (spent == 0) spent = advance(left);
        if (spent == 0) break;
        done += spent;
        if (done + SLOTS_MAX >= units) break; /* a piece's first visit may exceed that */
    }
    if (gc->phase == OURO_GC_IDLE) collector_set_trigger();
    ouro_heap->figures.units += done;
    if (done > ouro_heap->figures.longest_step && units < UINT32_MAX)
        ouro_heap->figures.longest_step = done;
    return done;
}

static void finish(void)
{
    while (ouro_gc_step(UINT32_MAX) > 0) {}
}

void collector_drain(uint32_t units)
{
    struct gc *gc = &ouro_heap->gc;
    uint32_t done = 0, spent;
    gc->has_called_out = false;
    while (done < units && !gc->has_called_out && (spent = drain_dead(units - done)) > 0)
        done += spent;
    ouro_heap->figures.units += done;
    collector_set_trigger();
}

void collector_drain_some(void)
{
    const struct gc *gc = &ouro_heap->gc;
    if (gc->dead_head || gc->due_head) collector_drain(gc->release_units);
}

/* ---- starting ---- */

static uint32_t expected_units(const struct gc *gc, int generation)
{
    uint32_t young = gc->count[0], all = object_count();
    uint32_t objects = generation == 0   ? young
                       : generation == 1 ? young + gc->threshold[0] * (gc->threshold[1] + 1)
                                         : all;
    if (objects > all) objects = all;
    /* COUNT looks at each word, MARK may count it twice, and FREE takes 2 for a survivor. */
    size_t average = all ? heap_used_bytes(ouro_heap) / all : 0;
    uint32_t words = average / 4 < SLOTS_MAX ? (uint32_t)average / 4 : SLOTS_MAX; /* or text */
    return objects * (4 + 3 * words) + 64;
}

/* A cycle over the young ends before as many are born again: 16 units for an object of 2 or 3
 * granules. */
enum { LEAST_PACE = 6 * 16 };

/* Units for each granule allocated, times 16, so that what floats stays within F: k >= 2W / F, with
 * F = min(live/2 + arena/16, half of what is free). */
static uint32_t pace_for(uint32_t work)
{
    const struct heap *heap = ouro_heap;
    size_t arena = (size_t)heap->arena.pages << PAGE_SHIFT, live = heap_used_bytes(heap);
    size_t bound = live / 2 + arena / 16, free_half = arena > live ? (arena - live) / 2 : 0;
    if (free_half < bound) bound = free_half;
    uint32_t granules = (uint32_t)(bound >> (GRANULE_SHIFT + 1)) + 1;
    uint32_t pace = work / granules < 64 ? work * 16 / granules : 64 * 16;
    return pace < LEAST_PACE ? LEAST_PACE : pace;
}

/* What is born from now on is of this half, and its pages have to join that half's set. */
static void set_nursery(struct gc *gc, unsigned half)
{
    gc->nursery = (uint8_t)half;
    gc->birth_flags = OURO_COUNT_ONE | half << FLAG_LABEL_SHIFT;
    memset(ouro_heap->fast[0], 0, sizeof ouro_heap->fast[0]);
}

void collector_set_trigger(void)
{
    struct gc *gc = &ouro_heap->gc;
    if (gc->phase != OURO_GC_IDLE || gc->dead_head || gc->due_head)
        gc->trigger = 0;
    else
        gc->trigger = gc->enabled && gc->threshold[0] ? gc->threshold[0] + 1 : UINT32_MAX;
}

bool ouro_gc_start(int generation)
{
    OURO_THREAD_ONLY();
    struct gc *gc = &ouro_heap->gc;
    if (gc->phase != OURO_GC_IDLE || generation < 0 || generation > 2) return false;
    ouro_assert(!gc->gray_head);
    gc->pace = pace_for(expected_units(gc, generation));
    gc->debt = 0;
    gc->s_labels = 1u << gc->nursery;
    if (generation >= 1) gc->s_labels |= 1u << GEN1;
    if (generation >= 2) gc->s_labels |= 1u << GEN2;
    gc->s_sets = gc->s_labels;
    set_nursery(gc, gc->nursery ^ 1u);
    gc->generation = (uint8_t)generation;
    gc->is_second_look = gc->was_touched = false;
    gc->candidates = 0;
    if (generation == 2) gc->old_total = gc->old_pending = 0;
    if (generation < 2) gc->count[generation + 1]++;
    for (int i = 0; i <= generation; i++) gc->count[i] = 0;
    collector_begin(OURO_GC_COUNT);
    collector_set_trigger();
    return true;
}

/* CPython's choice: the oldest generation over its threshold; all only if the long-lived objects
 * not yet looked at are a quarter of those that were. */
static int generation_due(const struct gc *gc)
{
    if (!gc->enabled || gc->threshold[0] == 0 || gc->count[0] <= gc->threshold[0]) return -1;
    if (gc->count[2] > gc->threshold[2] && gc->old_pending > gc->old_total / 4) return 2;
    return gc->count[1] > gc->threshold[1] ? 1 : 0;
}

void collector_pay(void)
{
    struct gc *gc = &ouro_heap->gc;
    if (gc->phase == OURO_GC_IDLE) {
        int generation = generation_due(gc);
        if (generation >= 0) ouro_gc_start(generation);
    }
    /* A call too small to matter is not made: what is owed adds up to a whole one. */
    if (!gc->dead_head && !gc->due_head && gc->debt / 16 < gc->alloc_units) return;
    uint32_t done = ouro_gc_step(gc->alloc_units);
    gc->debt -= done * 16 < gc->debt ? done * 16 : gc->debt;
}

void collector_allocated(size_t bytes)
{
    struct gc *gc = &ouro_heap->gc;
    /* At most 2^21 granules at 2^10 each: below 2^31 a sum cannot overflow. */
    if (gc->debt < 1u << 31) gc->debt += (uint32_t)(bytes >> GRANULE_SHIFT) * gc->pace;
}

/* Give back what is kept for convenience. */
static void trim(void)
{
    quarantine_flush();
    pool_trim();
}

bool collector_relieve(unsigned *round)
{
    struct gc *gc = &ouro_heap->gc;
    switch ((*round)++) {
    case 0:
        while (gc->dead_head && drain_dead(UINT32_MAX) > 0) {}
        trim();
        return true;
    case 1:
        if (gc->callouts) return false;
        if (gc->phase == OURO_GC_IDLE) ouro_gc_start(2);
        ouro_heap->figures.forced++;
        finish();
        trim();
        return true;
    case 2:
        ouro_heap->figures.forced++;
        if (gc->callouts || !ouro_gc_start(2)) return false;
        finish();
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
    finish();
    uint32_t before = ouro_heap->figures.collected[generation];
    if (ouro_gc_start(generation)) finish();
    trim(); /* the spare pages too, as CPython empties its free lists */
    return (ptrdiff_t)(ouro_heap->figures.collected[generation] - before);
}

void collector_init(void)
{
    struct gc *gc = &ouro_heap->gc;
    /* A small arena cannot wait for 700 objects: two of its pages' worth each. */
    uint32_t scaled = ouro_heap->arena.pages * 2;
    gc->enabled = true;
    gc->alloc_units = OURO_ALLOC_UNITS;
    gc->release_units = OURO_RELEASE_UNITS;
    set_nursery(gc, HALF_A);
    gc->threshold[0] = scaled < OURO_THRESHOLD0 ? scaled : OURO_THRESHOLD0;
    gc->threshold[1] = OURO_THRESHOLD1;
    gc->threshold[2] = OURO_THRESHOLD2;
    collector_set_trigger();
}

void ouro_gc_set_budget(uint32_t alloc_units, uint32_t release_units)
{
    ouro_require(alloc_units > 0 && release_units > 0);
    ouro_heap->gc.alloc_units = alloc_units;
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

void ouro_gc_set_threshold(uint32_t t0, uint32_t t1, uint32_t t2)
{
    ouro_heap->gc.threshold[0] = t0;
    ouro_heap->gc.threshold[1] = t1;
    ouro_heap->gc.threshold[2] = t2;
    collector_set_trigger();
}
void ouro_gc_get_threshold(uint32_t threshold[3])
{
    for (unsigned i = 0; i < 3; i++) threshold[i] = ouro_heap->gc.threshold[i];
}
void ouro_gc_get_count(uint32_t count[3])
{
    for (unsigned i = 0; i < 3; i++) count[i] = ouro_heap->gc.count[i];
}

void ouro_gc_get_stats(struct ouro_gc_stats *stats)
{
    *stats = (struct ouro_gc_stats){
        .freed_by_count = ouro_heap->figures.freed_by_count,
        .resurrected = ouro_heap->figures.resurrected,
        .forced = ouro_heap->figures.forced,
        .overflowed = ouro_heap->figures.overflowed,
        .longest_step_units = ouro_heap->figures.longest_step,
        .units = ouro_heap->figures.units,
    };
    for (unsigned i = 0; i < 3; i++) {
        stats->collections[i] = ouro_heap->figures.collections[i];
        stats->collected[i] = ouro_heap->figures.collected[i];
    }
}

bool ouro_gc_is_tracked(ouro_ref ref) { return is_counted(ref) && label(ref) != UNTRACKED; }

bool ouro_gc_is_finalized(ouro_ref ref)
{
    if (!is_counted(ref) || !has_flag(ref, FLAG_FINALIZED)) return false;
    unsigned type = ouro_type_index(ref);
    bool is_instance = type >= OURO_TYPE_INSTANCE && type < OURO_TYPE_ANCHOR;
    return !is_instance || instance_has_finalizer(ref);
}
