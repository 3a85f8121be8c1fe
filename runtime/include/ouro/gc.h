/* SPDX-License-Identifier: MIT
 * gc.h - the cycle collector: CPython's gc module, in steps.
 *
 * What says nothing of its cost is O(1). */
#ifndef OURO_GC_H
#define OURO_GC_H

#include "ouro/core.h"

#ifdef __cplusplus
extern "C" {
#endif

enum ouro_gc_phase {
    OURO_GC_IDLE,
    OURO_GC_COUNT,
    OURO_GC_MARK,
    OURO_GC_KEEP, /* only where something is uncollectable */
    OURO_GC_WEAK,
    OURO_GC_FINALIZE,
    OURO_GC_RELABEL,
    OURO_GC_CUT,
    OURO_GC_SAVE, /* before CUT, with OURO_GC_DEBUG_SAVEALL */
    OURO_GC_FREE,
    OURO_GC_FREEZE, /* these two are no cycles, but passes that go their way in steps like one */
    OURO_GC_UNFREEZE,
    OURO_GC_SEARCH, /* none of the collector's: no cycle starts meanwhile (search.h) */
    OURO_GC_PHASES,
};

/* Run a cycle over `generation` (0..2) and all younger ones to its end, draining the dead first.
 *   returns  objects found unreachable: collected and uncollectable, containers' inner nodes not
 *            counted; 0 when called from a finalizer or a callback that the collector runs (R7);
 *            -1 with ValueError for another generation
 *   cost     O(n): the one call that is not bounded */
ptrdiff_t ouro_gc_collect(int generation);

/* Do up to `units` units of work: drain the dead, advance the running cycle.  Starts no cycle.
 *   returns  units done; 0 when there is nothing to do
 *   cost     O(units), at most 32 units more than asked for */
uint32_t ouro_gc_step(uint32_t units);

/* Start a cycle over `generation` unless one is running, or a finalizer or callback that the
 * collector runs.  O(1).  True if it started. */
bool ouro_gc_start(int generation);

/* For idle time: start a cycle if one is due, and do one unit.  Returns units; 0: nothing to do. */
uint32_t ouro_gc_idle(void);

/* Start a cycle over everything unless one is running, and work for so many instructions by the
 * clock, at most a step of 8 units more; without a clock, a unit counts as 40 instructions.
 *   returns  true when the cycle has ended; never where it cannot: in a finalizer or callback that
 *            it calls itself */
bool ouro_gc_collect_for(uint32_t instructions);

/* Units that one allocation may spend on the cycle, and that one decref may spend on the dead
 * queue: OURO_ALLOC_UNITS and OURO_RELEASE_UNITS unless set.  Both at least 1; of the first, more
 * than 4096 count as 4096.  Half of it: pauses half as long, and garbage floats for longer. */
void ouro_gc_set_budget(uint32_t alloc_units, uint32_t release_units);

/* Automatic starts on and off; a running cycle is finished either way, and memory that runs out
 * forces one. */
void ouro_gc_enable(void);
void ouro_gc_disable(void);
bool ouro_gc_isenabled(void);

/* A cycle over generation 0 starts when more than t0 tracked objects, nodes counted, were born than
 * died since the last one began (0: none starts), or earlier, lest too much float; over generation
 * 1 after more than t1 of these, over generation 2 after more than t2 of those, if what came there
 * meanwhile is more than a quarter of what was there.  The counts: how far each has got. */
void ouro_gc_set_threshold(uint32_t t0, uint32_t t1, uint32_t t2);
void ouro_gc_get_threshold(uint32_t threshold[3]);
void ouro_gc_get_count(uint32_t count[3]);

struct ouro_gc_stats {
    uint32_t collections[3];   /* cycles completed, by generation */
    uint32_t collected[3];     /* objects freed by them, hidden nodes not counted */
    uint32_t uncollectable[3]; /* objects found unreachable and kept: see ouro_gc_garbage() */
    uint32_t candidates[3];    /* objects that they looked at, hidden nodes counted */
    uint64_t duration[3];      /* instructions spent on them, by the clock; 0 without one */
    uint32_t freed_by_count;   /* objects freed because their count fell to 0, nodes counted */
    uint32_t resurrected;      /* objects that finalizers revived, all these reach, nodes too */
    uint32_t forced;           /* work on the whole heap at once because memory ran out */
    uint32_t overflowed;       /* reference counts that overflowed: objects made immortal */
    uint32_t float_peak;       /* objects that one cycle found unreachable, at most: so many were
                                * garbage at the same time */
    uint32_t longest_step_units;
    uint32_t longest_step_instructions; /* by the clock; what was asked for at once left out */
    uint64_t units;                     /* work done since ouro_init */
};
void ouro_gc_get_stats(struct ouro_gc_stats *stats);

/* What tells the instructions executed so far, ouro_port_instructions() for one; NULL, the default:
 * nothing is timed. */
void ouro_gc_set_clock(uint64_t (*clock)(void));

/* ---- objects ---- */

/* Is the object watched by the collector?  Those without references are not, nor are dicts of them,
 * and tuples and dicts once cycles have found nothing in them that is, or may come to be. */
bool ouro_gc_is_tracked(ouro_ref ref);
/* Has its finalizer run? */
bool ouro_gc_is_finalized(ouro_ref ref);

/* Walk through the tracked objects of a generation, but for frozen ones, those found to be garbage
 * and hidden nodes.  Anything may be made or freed meanwhile: what was there all the time is met
 * once, what is made meanwhile may be met. */
struct ouro_gc_cursor {
    uint32_t page, cell;
    int generation;
};
enum { OURO_GC_ALL = -1 };
/* Begin with a generation, or with all of them.  0, or -1 with ValueError. */
int ouro_gc_objects(struct ouro_gc_cursor *cursor, int generation);
/* The next one, a new reference; NULL at the end.  O(pages and cells passed over). */
ouro_ref ouro_gc_next(struct ouro_gc_cursor *cursor);

/* Called with a borrowed reference; what it returns other than 0 ends the walk, which returns it.
 */
typedef int ouro_gc_visit_fn(ouro_ref ref, void *context);
/* What an object refers to directly, or by nodes of its own; not changed meanwhile.  O(n). */
int ouro_gc_referents(ouro_ref of, ouro_gc_visit_fn *visit, void *context);
/* The objects that refer directly to this one, of those that ouro_gc_next() gives.  O(heap). */
int ouro_gc_referrers(ouro_ref to, ouro_gc_visit_fn *visit, void *context);

/* ---- the permanent generation, which cycles leave alone ---- */

/* Move all tracked objects there; or all that are there to generation 2.  O(heap); a running cycle
 * is finished first.  False from within a finalizer or callback that the collector runs. */
bool ouro_gc_freeze(void);
bool ouro_gc_unfreeze(void);
/* The same in steps: those of ouro_gc_step(), allocations and idle time.  What is born meanwhile is
 * not frozen.  O(1).  False, and nothing happens, while a cycle or another pass is running. */
bool ouro_gc_freeze_start(void);
bool ouro_gc_unfreeze_start(void);
/* How many objects are frozen, hidden nodes not counted.  O(heap). */
uint32_t ouro_gc_get_freeze_count(void);

/* ---- callbacks: told when a cycle starts, and when it has ended ---- */

enum ouro_gc_event { OURO_GC_START, OURO_GC_STOP };
const char *ouro_gc_event_name(enum ouro_gc_event event); /* "start", "stop" */

struct ouro_gc_info {
    uint32_t generation;
    uint32_t collected, uncollectable, candidates; /* 0 at the start */
    uint64_t duration;                             /* instructions, by the clock; or 0 */
};

/* Called one a step, in the order in which they were added, and before the cycle goes on.  It may
 * do what a finalizer may; a collection that it asks for does nothing, no cycle starts meanwhile,
 * and an error that it leaves set is reported (ouro_error_set_hook), of no object. */
struct ouro_gc_callback {
    void (*call)(struct ouro_gc_callback *self, enum ouro_gc_event event,
                 const struct ouro_gc_info *info);
    struct ouro_gc_callback *next; /* the runtime's */
};
/* The struct stays the caller's, and must live until it is removed.  Add: one that is there stays
 * where it is.  Remove: false if it was not there.  O(callbacks). */
void ouro_gc_add_callback(struct ouro_gc_callback *callback);
bool ouro_gc_remove_callback(struct ouro_gc_callback *callback);
/* The first of them, or NULL; the others by `next`. */
struct ouro_gc_callback *ouro_gc_callbacks(void);

/* ---- debugging ---- */

enum {
    OURO_GC_DEBUG_STATS = 1,
    OURO_GC_DEBUG_COLLECTABLE = 2,
    OURO_GC_DEBUG_UNCOLLECTABLE = 4,
    OURO_GC_DEBUG_SAVEALL = 32,
    OURO_GC_DEBUG_LEAK = 38,
};
/* What to tell about each cycle, in CPython's words, but that the time is in instructions.  With
 * STATS a start is O(heap), since all generations are counted.  SAVEALL needs a program that calls
 * ouro_gc_garbage() somewhere. */
void ouro_gc_set_debug(unsigned flags);
unsigned ouro_gc_get_debug(void);
/* Where that goes; NULL, the default: nowhere.  `write` may allocate; the cycle that is told of
 * goes on when it is back. */
void ouro_gc_set_output(ouro_write_fn *write, void *context);

/* The list of what was found unreachable and kept: objects whose type is_uncollectable; with
 * SAVEALL all of them.  Taken out of it, they are the program's again.  Made by the first call, or
 * with what is first kept.  Borrowed; NULL: MemoryError. */
ouro_ref ouro_gc_garbage(void);

enum ouro_gc_phase ouro_gc_get_phase(void);
const char *ouro_gc_phase_name(enum ouro_gc_phase phase);

#ifdef __cplusplus
}
#endif
#endif
