/* SPDX-License-Identifier: MIT
 * gc.h - the cycle collector: CPython's gc module, in steps. */
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
    OURO_GC_WEAK,
    OURO_GC_FINALIZE,
    OURO_GC_RELABEL,
    OURO_GC_CUT,
    OURO_GC_FREE,
    OURO_GC_PHASES,
};

/* Run a cycle over `generation` (0..2) and all younger ones to its end, draining the dead first.
 *   returns  objects found unreachable and freed, containers' inner nodes not counted;
 *            0 when called from a finalizer that the collector runs (R7);
 *            -1 with ValueError for another generation
 *   cost     O(n): the one call that is not bounded */
ptrdiff_t ouro_gc_collect(int generation);

/* Do up to `units` units of work: drain the dead, advance the running cycle.  Starts no cycle.
 *   returns  units done; 0 when there is nothing to do
 *   cost     O(units), at most 32 units more than asked for */
uint32_t ouro_gc_step(uint32_t units);

/* Start a cycle over `generation` unless one is running.  O(1).  True if it started. */
bool ouro_gc_start(int generation);

/* Units that one allocation may spend on the cycle, and that one decref may spend on the dead
 * queue: OURO_ALLOC_UNITS and OURO_RELEASE_UNITS unless set.  Both at least 1.  Half of it: pauses
 * half as long, and garbage floats for longer. */
void ouro_gc_set_budget(uint32_t alloc_units, uint32_t release_units);

/* Automatic starts on and off; a running cycle is finished either way. */
void ouro_gc_enable(void);
void ouro_gc_disable(void);
bool ouro_gc_isenabled(void);

void ouro_gc_set_threshold(uint32_t t0, uint32_t t1, uint32_t t2);
void ouro_gc_get_threshold(uint32_t threshold[3]);
void ouro_gc_get_count(uint32_t count[3]);

struct ouro_gc_stats {
    uint32_t collections[3]; /* cycles completed, by generation */
    uint32_t collected[3];   /* objects freed by them, hidden nodes not counted */
    uint32_t freed_by_count; /* objects freed because their count fell to 0 */
    uint32_t resurrected;    /* objects a finalizer revived */
    uint32_t forced;         /* cycles finished at once because memory ran out */
    uint32_t overflowed;     /* reference counts that overflowed: objects made immortal */
    uint32_t longest_step_units;
    uint64_t units; /* work done since ouro_init */
};
void ouro_gc_get_stats(struct ouro_gc_stats *stats);

/* Is the object watched by the collector (it has references, and no untracking took place)? */
bool ouro_gc_is_tracked(ouro_ref ref);
/* Has its finalizer run? */
bool ouro_gc_is_finalized(ouro_ref ref);

enum ouro_gc_phase ouro_gc_get_phase(void);
const char *ouro_gc_phase_name(enum ouro_gc_phase phase);

#ifdef __cplusplus
}
#endif
#endif
