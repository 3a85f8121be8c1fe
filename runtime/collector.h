/* SPDX-License-Identifier: MIT
 * collector.h - the cycle collector, as the rest of the runtime and its phases see it.
 *
 * collector.c drives and paces; collector_mark.c holds COUNT and MARK, which find out what is
 * garbage, collector_reclaim.c what is done about it.  The algorithm and its rules R1..R11 stand in
 * DESIGN.md. */
#ifndef OURO_RUNTIME_COLLECTOR_H
#define OURO_RUNTIME_COLLECTOR_H

#include "object.h"
#include "ouro/gc.h"

/* ---- for the rest of the runtime ---- */

void collector_init(void);
/* Memory was handed out: the debt grows. */
void collector_allocated(size_t bytes);
/* Start a cycle if one is due, and work off debt: at most OURO_ALLOC_UNITS.  May run a finalizer.
 */
void collector_pay(void);
/* Make room: each round tries harder (drain, trim, finish the cycle, collect all).
 *   returns  false when there is nothing left to try */
bool collector_relieve(unsigned *round);
/* Drain the dead queue by what one call may spend. */
void collector_drain_some(void);
/* Drain the dead queue for up to `units`. */
void collector_drain(uint32_t units);
/* A candidate was touched (R1): it is live, and past COUNT it is gray. */
void collector_make_live(ouro_ref o);
/* True from the flip to the end of the cycle: candidates are condemned. */
bool collector_is_past_flip(void);

/* ---- for the phases ---- */

static inline bool in_s(ouro_ref o)
{
    return (ouro_heap->gc.s_labels >> label(o) & 1u) != 0 && !has_flag(o, FLAG_DEAD);
}
/* The same for what a slot holds. */
static inline bool slot_in_s(ouro_ref ref) { return ref && !ouro_is_immediate(ref) && in_s(ref); }

/* Move the cursor to the next cell or page: one unit.
 *   member   receives the member of S that stood under it, or NULL
 *   returns  false, and no unit is spent, at the end of S */
bool collector_walk(ouro_ref *member);
/* Enter a phase. */
void collector_begin(enum ouro_gc_phase phase);
/* Units of a visit: one for the header and one a slot. */
static inline uint32_t visit_units(ouro_ref o)
{
    return 1u + (uint32_t)__builtin_popcount(type_of(o)->refs);
}
/* Pop one gray object and make what it refers to live.  Returns units; 0: the queue is empty. */
uint32_t collector_drain_gray(void);
/* True when nothing gray or dead is left and the collector may change the world (R3, R7). */
bool collector_is_settled(void);

/* One piece of each phase.  Returns units spent; 0: it has to wait. */
uint32_t collector_count(void);
uint32_t collector_mark(void);
uint32_t collector_weak(void);
uint32_t collector_finalize(void);
uint32_t collector_relabel(void);
uint32_t collector_cut(void);
uint32_t collector_free(void);

#endif
