/* SPDX-License-Identifier: MIT
 * search.h - what searches over the whole heap are made of: passes, each in steps.
 *
 * What a search knows of an object stands in its gc field, which is free between cycles; a phase
 * of the collector's, OURO_GC_SEARCH, sees to that.  First it holds the number of references from
 * objects.  Of an object with references it then holds a *link*: the number of another such object,
 * by page and cell, which takes 20 bits, and a bit that tells even levels from odd.  0: not met. An
 * object that is last in a list links to itself. Of a leaf it goes on to hold the number, beside a
 * bit for having been met; the lowest bit is not the search's (IS_BLOCK).  Leaves are cleared in
 * the end, since they die faster then.
 *
 * The program runs between two steps, so that a link is believed only as far as it leads to a
 * living object (search_at), and lists are as long as was counted. */
#ifndef OURO_RUNTIME_SEARCH_H
#define OURO_RUNTIME_SEARCH_H

#include "object.h"
#include "ouro/search.h"
#include "types/index.h"

enum {
    SEARCH_CELL_BITS = 5, /* of a number: 1 + cell of the page */
    SEARCH_ODD = 1 << 20, /* in a link: the level is odd */
    SEARCH_MET = 1 << 20, /* of a leaf */
    SEARCH_LEAF_ONE = 2,  /* of a leaf: one reference */
    SEARCH_NUMBER = SEARCH_ODD - 1,
    QUEUE_UNITS = 3, /* an object is queued, or looked at in the queue */
};

/* A pass returns GOES_ON when the budget is used up, DONE when the next pass may begin. */
typedef enum ouro_search_status search_pass(struct ouro_search *search);

struct search_plan {
    search_pass *pass[14]; /* ends with NULL */
};

/* Begin by a plan; `of` and `names` (may be NULL) are held from now on. */
void search_begin(struct ouro_search *search, const struct search_plan *plan, ouro_ref of,
                  ouro_ref names);
/* Go on to the end, calling `visit` (may be NULL) with each edge.  Returns how many, or -1. */
int search_run(struct ouro_search *search, ouro_edge_fn *visit, void *context);
/* The program took apart what was found. */
enum ouro_search_status search_break(void);

/* ---- numbers and links ---- */

/* The number of an object with references. */
uint32_t search_number(ouro_ref o);
/* The living object of a number; NULL: there is none any more. */
ouro_ref search_at(uint32_t number);

static inline uint32_t search_link(ouro_ref o) { return gc_field(o) & SEARCH_NUMBER; }
/* The link of an object that has one; 0: it is the last. */
static inline uint32_t search_next(ouro_ref o, uint32_t number)
{
    return search_link(o) == number ? 0 : search_link(o);
}
static inline bool search_is_odd(ouro_ref o) { return (gc_field(o) & SEARCH_ODD) != 0; }
static inline void search_set_link(ouro_ref o, uint32_t number)
{
    set_gc_field(o, (gc_field(o) & SEARCH_ODD) | number);
}

static inline bool search_is_hidden(ouro_ref o) { return type_of(o)->is_hidden; }
/* A bucket of an index keeps figures of its own in its gc field: no notes are taken of it.  It is
 * part of the one object that refers to it, from slots side by side. */
static inline bool search_is_bucket(ouro_ref o) { return o->type_gc >> TYPE_SHIFT == INDEX_BUCKET; }
/* Is it an object of the heap that notes are taken of? */
static inline bool search_counts(ouro_ref ref)
{
    return ref && is_counted(ref) && !search_is_bucket(ref);
}
/* Is slot i of an object the first that refers to a bucket of the heap? */
static inline bool search_has_bucket(ouro_ref o, unsigned i)
{
    ouro_ref child = *slot(o, i);
    bool is_bucket = child && is_counted(child) && search_is_bucket(child);
    return is_bucket && (i == 0 || *slot(o, i - 1) != child);
}

/* ---- walking ---- */

/* The next living object in a cell; NULL at the end of the heap, or of the budget. */
ouro_ref search_walk(struct ouro_search *search);
/* DONE at the end of the heap, and the next walk begins anew; else GOES_ON. */
enum ouro_search_status search_walked(struct ouro_search *search);
/* The slots of an object that hold references, as bits; they are paid for. */
uint32_t search_slots(struct ouro_search *search, ouro_ref o);
/* The first slot from `i` on that refers to `to`; 32: none. */
unsigned search_slot(ouro_ref o, unsigned i, ouro_ref to);

/* References to an object, of those that its count tells, that are neither the search's own nor
 * among `counted`; for ever: UINT32_MAX. */
uint32_t search_outside(const struct ouro_search *search, ouro_ref o, uint32_t counted);

/* ---- passes that several plans have ---- */

search_pass search_clear;   /* there are no notes */
search_pass search_count;   /* counted are references from objects; `counted`: to the target */
search_pass search_roots;   /* queued is what is held from outside, but the target and the names */
search_pass search_spread;  /* met is all that the queue leads to, without the target */
search_pass search_confirm; /* has anything changed since search_clear()?  Counted are references
                             * to the object `at`, or the target */
search_pass search_places;  /* of `edge`, which is OUTSIDE if there is one: told when looked for */
search_pass search_owners;  /* the link of a hidden object leads to its owner */

/* Queue an object that was not met yet. */
void search_queue(struct ouro_search *search, ouro_ref o, bool is_odd);

/* ---- edges ---- */

/* The way from a visible object to a reference: a word of its own, or by its nodes. */
struct search_way {
    ouro_ref holder;
    unsigned word; /* of the holder */
    ouro_ref node; /* NULL, or the last node, and the slot in it */
    unsigned slot;
    uint32_t index; /* the slots on the way through nodes, four bits each */
};
/* Describe the reference `to` at the end of a way. */
struct ouro_edge search_edge(const struct search_way *way, ouro_ref to);

#endif
