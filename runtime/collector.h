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
/* Making an object begins with paying while a cycle runs or the dead wait, and when a cycle is due;
 * while a program traces, too, so that none is made or dropped by the common paths.  To be called
 * when any of that changes. */
void collector_set_trigger(void);
/* A cycle ends, or the threshold changes: how many may be born before a cycle is due. */
void collector_set_young(void);
/* A cycle ends, or the first is yet to begin: what is due when. */
void collector_set_limits(struct gc *gc);
/* A cycle ends: a lesson for the pace of the next. */
void collector_learn_units(struct gc *gc);
/* A cycle begins: objects that it will look at. */
uint32_t collector_expects(const struct gc *gc);
/* Of 16 that are born, so many survive: then a cycle over the young that interrupted another is to
 * end soon; or there is hardly anything to find, and it had better not interrupt. */
enum { MANY_SURVIVE = 3, NEARLY_ALL_SURVIVE = 12 };
/* A phase begins, or an interrupted cycle goes on: units owed for each granule allocated, times 16,
 * and when it is late. */
void collector_set_pace(struct gc *gc);
static inline uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }
/* Memory was handed out: the debt grows. */
void collector_allocated(size_t bytes);
/* Start a cycle if one is due, and work off debt: at most so many units.  May run a finalizer. */
void collector_pay(uint32_t units);
/* A page is given back: a cursor that stands there goes on to the next. */
static inline void cycle_page_gone(struct cycle *cycle, uint32_t page)
{
    if (page != cycle->cursor_page) return;
    cycle->cursor_page++;
    cycle->cursor_cell = 0;
}
static inline void collector_page_gone(uint32_t page)
{
    cycle_page_gone(&ouro_heap->gc.now, page);
    cycle_page_gone(&ouro_heap->gc.parked, page);
}
/* Make room: each round tries harder.  Drain and trim, within a few times what a call may pay; then
 * it is forced: drain and trim all, finish the cycle, collect all.
 *   returns  false when there is nothing left to try */
bool collector_relieve(unsigned *round);
/* Drain the dead queue by what one call may spend. */
void collector_drain_some(void);
/* Drain the dead queue for up to `units`.  Returns units. */
uint32_t collector_drain(uint32_t units);
/* A candidate was touched (R1): it is live, and past COUNT it is gray. */
void collector_make_live(ouro_ref o);
/* A candidate is buried: it is none any more. */
void collector_lose(ouro_ref o);
/* Is the object condemned?  Candidates are from the flip to the end of their cycle. */
bool collector_condemns(ouro_ref o);

/* Has the class of an instance a finalizer?  If not, the instance was born FINALIZED.  In
 * types/instance_ops.c; weak, since a program may have no instances. */
__attribute__((weak)) bool instance_has_finalizer(ouro_ref instance);

/* Start a cycle, or the pass FREEZE.  False if one is running, or callbacks have not heard of the
 * end of the last one. */
bool collector_start(int generation, enum ouro_gc_phase phase);
/* Start a cycle over the old alone: what is young stays outside, so that cycles over the young may
 * interrupt it.  False as above. */
bool collector_start_old(void);
/* Finish the running cycle, drain the dead, call what is due.  O(heap). */
void collector_finish(void);
/* The time since the last call is the running cycle's. */
void collector_time(void);

/* ---- of what a program may not use: NULL then ---- */

/* gc_monitor.c: a cycle starts; it ends; call the next callback (monitor.due).  The last returns
 * units, or 0 if that has to wait for a callout to end. */
__attribute__((weak)) void monitor_start(void);
__attribute__((weak)) void monitor_stop(void);
__attribute__((weak)) uint32_t monitor_call_due(void);
/* An object is freed, with OURO_GC_DEBUG_COLLECTABLE. */
__attribute__((weak)) void monitor_collectable(ouro_ref o);
/* gc_garbage.c: in KEEP, something is found to be uncollectable; at exit, tell of all of it. */
__attribute__((weak)) void garbage_found(ouro_ref o);
__attribute__((weak)) void garbage_report(void);

/* ---- for the phases ---- */

/* Flags have DEAD right below the label, and no free cell is in S: so one shift of a word with a
 * bit for each value of the two answers what a phase asks about each cell and each reference. */
static inline uint32_t members_of(uint32_t labels)
{
    labels = (labels | labels << 4) & 0x0f0fu;
    labels = (labels | labels << 2) & 0x3333u;
    return (labels | labels << 1) & 0x5555u;
}
static inline bool is_member(uint32_t members, uint32_t flags)
{
    _Static_assert(FLAG_DEAD << 1 == 1u << FLAG_LABEL_SHIFT, "DEAD lies right below the label");
    return (members >> (flags >> (FLAG_LABEL_SHIFT - 1) & 15u) & 1u) != 0;
}

/* Of two objects that have these flags in common both are candidates of a cycle, or none is. */
enum { FLAGS_ALIKE = STATE_MASK | FLAG_DEAD | FLAG_LABEL };

/* Is it the interrupted cycle that the object is in S of? */
static inline bool is_parked(ouro_ref o)
{
    return is_member(ouro_heap->gc.parked.s_members, o->count_flags);
}
/* The phase of the cycle that a member of S is in. */
static inline enum ouro_gc_phase phase_of(ouro_ref o)
{
    const struct gc *gc = &ouro_heap->gc;
    return (enum ouro_gc_phase)(is_parked(o) ? gc->parked_phase : gc->phase);
}
/* The cycle is over; the one that it interrupted goes on, if any. */
void collector_end(void);
/* Enter a phase. */
void collector_begin(enum ouro_gc_phase phase);
/* Take objects off the gray list and make what they refer to live, for up to `left` units.
 *   returns  what is left of them; may be below 0 */
int32_t collector_drain_gray(int32_t left);
/* True when nothing gray or dead is left and the collector may change the world (R3, R7). */
bool collector_is_settled(void);

/* A piece of each phase: up to `limit` >= 1 units, and the rest of the last visit.
 *   returns  units spent; 0: it has to wait for a callout to end */
uint32_t collector_count(uint32_t limit);
uint32_t collector_mark(uint32_t limit);
__attribute__((weak)) uint32_t collector_keep(uint32_t limit);
uint32_t collector_weak(uint32_t limit);
uint32_t collector_finalize(uint32_t limit);
uint32_t collector_relabel(uint32_t limit);
uint32_t collector_cut(uint32_t limit);
__attribute__((weak)) uint32_t collector_save(uint32_t limit);
uint32_t collector_free(uint32_t limit);
__attribute__((weak)) uint32_t collector_freeze(uint32_t limit);
__attribute__((weak)) uint32_t collector_unfreeze(uint32_t limit);
/* The next phase once it is known what is garbage: WEAK if that matters, else CUT or SAVE. */
void collector_begin_reclaiming(void);
void collector_begin_cut(void);

#endif
