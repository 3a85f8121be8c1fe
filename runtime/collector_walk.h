/* SPDX-License-Identifier: MIT
 * collector_walk.h - how a phase walks over the members of S, a piece at a time.
 *
 * Between pieces the cursor is a page number and a place in the page, never an address, since pages
 * come and go.  Within a piece it is a local of the phase, so that the compiler can keep it in
 * registers: nothing here takes its address. */
#ifndef OURO_RUNTIME_COLLECTOR_WALK_H
#define OURO_RUNTIME_COLLECTOR_WALK_H

#include "collector.h"

struct walk {
    uint8_t *cell, *end; /* the next to look at; behind the page's last; NULL: between pages */
    uint32_t bytes;      /* of a cell */
    uint32_t labels;     /* of S */
    uint32_t units, limit;
};

/* Take up the walk where the cursor stands, with `units` spent of `limit`. */
struct walk walk_begin(uint32_t units, uint32_t limit);
/* What going on to the next page counts; in FREE, where page sets change; a page given back. */
enum { TURN_UNITS = 4, FREE_TURN_UNITS = 8, GONE_UNITS = 8 };
/* Go on to the next page.  At the end of S, `cell` is NULL. */
struct walk walk_turn(struct walk walk);
/* Put the cursor where the walk got to.  Returns `units`. */
uint32_t walk_pause(const uint8_t *cell, uint32_t units);

/* The next member of S; a unit for each cell looked at, empty ones too.
 *   returns  NULL at the end of S, or when the budget is used up */
static inline ouro_ref walk_next(struct walk *walk)
{
    for (;;) {
        while (walk->cell != walk->end) {
            if (walk->units >= walk->limit) return NULL;
            ouro_ref o = (ouro_ref)(void *)walk->cell;
            uint32_t flags = peek_word(&o->count_flags);
            walk->cell += walk->bytes;
            walk->units++;
            if (flags & FLAG_DEAD) continue;
            if (walk->labels >> (flags >> FLAG_LABEL_SHIFT & 7u) & 1u) return o;
        }
        if (walk->units >= walk->limit && walk->cell) return NULL;
        *walk = walk_turn(*walk);
        if (!walk->cell) return NULL;
    }
}
static inline bool walk_is_at_end(const struct walk *walk) { return !walk->cell; }

/* The member just returned is to be looked at again. */
static inline void walk_back(struct walk *walk) { walk->cell -= walk->bytes; }

/* Is there room in the budget for the slots of the member just returned?  If not, and something was
 * done before it, it is left for the next piece, and what is left of the budget is lost. */
static inline bool walk_fits(struct walk *walk, uint32_t refs)
{
    uint32_t slots = 32u - (uint32_t)__builtin_clz(refs); /* or fewer */
    if (walk->units + slots <= walk->limit || walk->units == 1) return true;
    walk_back(walk);
    walk->units = walk->limit;
    return false;
}

#endif
