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
/* Making an object begins with paying while a cycle runs or the dead wait, and when a cycle is due.
 * To be called when any of that changes. */
void collector_set_trigger(void);
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

/* Has the class of an instance a finalizer?  If not, the instance was born FINALIZED.  In
 * types/instance_ops.c; weak, since a program may have no instances. */
__attribute__((weak)) bool instance_has_finalizer(ouro_ref instance);

/* ---- for the phases ---- */

static inline bool in_s(ouro_ref o)
{
    return (ouro_heap->gc.s_labels >> label(o) & 1u) != 0 && !has_flag(o, FLAG_DEAD);
}
/* The same for what a slot holds. */
static inline bool slot_in_s(ouro_ref ref) { return ref && !ouro_is_immediate(ref) && in_s(ref); }

/* A piece's walk over the members of S: the cursor, taken into a local for as long as no user code
 * runs, and the piece's account of units. */
struct walk {
    uint8_t *cell; /* the next to look at */
    uint32_t left; /* cells of the page from there on */
    uint32_t bytes, labels;
    uint32_t units, limit;
};
/* Take up the walk where the cursor stands. */
struct walk collector_walk(uint32_t units, uint32_t limit);
/* Go on to the next page, for 2 units or 4.  False at the end of S. */
bool collector_next_page(struct walk *walk);
/* Put the cursor where the walk got to.  Returns units spent. */
uint32_t collector_pause(const struct walk *walk);

/* The next member of S; a unit for each cell looked at, empty ones too.
 *   returns  NULL with units < limit at the end of S, with units >= limit before it */
static inline ouro_ref walk_next(struct walk *walk)
{
    while (walk->units < walk->limit) {
        if (walk->left == 0) {
            if (!collector_next_page(walk)) return NULL;
            continue;
        }
        ouro_ref o = (ouro_ref)(void *)walk->cell;
        uint32_t flags = peek_word(&o->count_flags);
        walk->cell += walk->bytes;
        walk->left--;
        walk->units++;
        if (flags & FLAG_DEAD) continue;
        if (walk->labels >> (flags >> FLAG_LABEL_SHIFT & 7u) & 1u) return o;
    }
    return NULL;
}
/* The member just returned is to be looked at again. */
static inline void walk_back(struct walk *walk)
{
    walk->cell -= walk->bytes;
    walk->left++;
}
/* Is there room in the budget for the slots of the member just returned?  If not, and something was
 * done before it, it is left for the next piece, and what is left of the budget is lost. */
static inline bool walk_fits(struct walk *walk, ouro_ref o)
{
    uint32_t slots = 32u - (uint32_t)__builtin_clz(type_of(o)->refs); /* or fewer */
    if (walk->units + slots <= walk->limit || walk->units == 1) return true;
    walk_back(walk);
    walk->units = walk->limit;
    return false;
}
static inline bool walk_is_at_end(const struct walk *walk) { return walk->units < walk->limit; }

/* Enter a phase. */
void collector_begin(enum ouro_gc_phase phase);
/* For each reference of an object, in the order of its words; costs a unit each. */
#define FOR_EACH_SLOT(field, o)                                                                    \
    for (uint32_t refs_ = type_of(o)->refs; refs_; refs_ &= refs_ - 1)                             \
        for (ouro_ref *field = slot(o, (unsigned)__builtin_ctz(refs_)); field; field = NULL)
/* Pop gray objects and make what they refer to live, for up to `limit` units.  Returns units. */
uint32_t collector_drain_gray(uint32_t limit);
/* True when nothing gray or dead is left and the collector may change the world (R3, R7). */
bool collector_is_settled(void);

/* A piece of each phase: up to `limit` >= 1 units, and the rest of the last visit.
 *   returns  units spent; 0: it has to wait for a callout to end */
uint32_t collector_count(uint32_t limit);
uint32_t collector_mark(uint32_t limit);
uint32_t collector_weak(uint32_t limit);
uint32_t collector_finalize(uint32_t limit);
uint32_t collector_relabel(uint32_t limit);
uint32_t collector_cut(uint32_t limit);
uint32_t collector_free(uint32_t limit);

#endif
