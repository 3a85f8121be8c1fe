/* SPDX-License-Identifier: MIT
 * search.h - questions about the heap as a whole, answered in steps and in constant memory: who
 * holds an object, what would go with it, what there is.
 *
 * A search keeps its notes in the headers of the objects themselves, in the field that the
 * collector leaves alone between two cycles.  So it needs nothing but its struct, works in an arena
 * that is full, and while one is under way no cycle starts by itself: garbage in cycles waits.  A
 * running cycle is finished first.  What is asked for at once, ouro_gc_collect() or memory when
 * none is left, breaks a search off; so does beginning another.
 *
 *   struct ouro_search search;
 *   ouro_search_path(&search, object, NULL);
 *   while ((status = ouro_search_step(&search, 100)) <= OURO_SEARCH_FOUND) {
 *       if (status == OURO_SEARCH_FOUND) ouro_edge_write(&search.edge, write, context);
 *       ... the program goes on ...
 *   }
 *   ouro_search_end(&search);
 *
 * The program may do anything between two steps.  An edge that is told is there when it is told;
 * whether the answer is that of a heap that nobody changed meanwhile, `is_exact` says.
 *
 * What says nothing of its cost is O(1). */
#ifndef OURO_SEARCH_H
#define OURO_SEARCH_H

#include "ouro/core.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- edges: one reference, and where it is ---- */

enum ouro_edge_kind {
    OURO_EDGE_OUTSIDE, /* no object holds it: C code does, or the runtime.  Seen by comparing
                        * counts; `number` says how many there are, `places` where they may be */
    OURO_EDGE_NAME,    /* `key` is its name in the namespace */
    OURO_EDGE_FIELD,   /* `text` is the name of the attribute or field; NULL: word `number` */
    OURO_EDGE_INDEX,   /* item `number` of a list or tuple */
    OURO_EDGE_KEY,     /* the value under `key` */
    OURO_EDGE_MEMBER,  /* a member of a set, or itself a key */
};
/* Where C memory holds the object's address (see ouro_port_memory()).  A word there may be a copy
 * that counts for nothing: borrowed, or left behind. */
enum ouro_place {
    OURO_PLACE_RUNTIME, /* a table of the runtime, named as such */
    OURO_PLACE_GLOBAL,  /* a global or static variable */
    OURO_PLACE_STACK,   /* the C stack above the call that asks */
    OURO_PLACES
};
struct ouro_places {
    uint32_t words;
    const void *at; /* the last of them: on the stack, that of the outermost call */
};

struct ouro_edge {
    enum ouro_edge_kind kind;
    ouro_ref holder; /* NULL: OUTSIDE.  Borrowed, as all here, until something changes */
    ouro_ref to;
    ouro_ref key;
    const char *text;
    uint32_t text_bytes;
    uint32_t number;
    struct ouro_places places[OURO_PLACES]; /* OUTSIDE */
};

/* Write an edge as Python would: name, .field, [3], ['key'], and <member>; of OUTSIDE the object
 * itself, <list at 0x...>.  So the edges of a path, one after the other, are an expression.  Runs
 * no code of the program's: a key that is not made of atoms is written by its type and address. */
void ouro_edge_write(const struct ouro_edge *edge, ouro_write_fn *write, void *context);

/* Write where the references of an OUTSIDE edge are, as far as its `number` goes: `C stack at
 * 0x...`, `global variable at 0x...` (and its name, if the image has a table of names), or which
 * table of the runtime; with `perhaps`, if more words were found than references are left; and for
 * references that were not found `a register, or memory that is not declared`. */
void ouro_edge_write_places(const struct ouro_edge *edge, ouro_write_fn *write, void *context);

/* ---- searches ---- */

enum ouro_search_status {
    OURO_SEARCH_GOES_ON,
    OURO_SEARCH_FOUND,  /* an edge is told; the next step goes on from there */
    OURO_SEARCH_DONE,   /* all is told */
    OURO_SEARCH_BROKEN, /* broken off, with RuntimeError: see above; or the program took apart what
                         * had been found */
};

struct ouro_census;

struct ouro_search {
    struct ouro_edge edge; /* FOUND */
    uint32_t objects;      /* DONE, of retained: nodes not counted */
    uint32_t bytes;        /* rounding and nodes included */
    bool is_exact;         /* as far as can be told, nothing changed meanwhile: of a path from its
                            * first edge on, else when DONE */
    /* The runtime's own. */
    bool has_begun, is_path, is_counted, is_adding, is_odd;
    uint8_t pass;
    enum ouro_search_status status;
    const struct search_plan *plan;
    ouro_ref target, names; /* held */
    struct ouro_census *census;
    uint32_t units, limit;
    uint32_t page, cell, cell_bytes; /* the walk over the heap; within a step, in its page: */
    uint8_t *here, *end;
    uint32_t first, last, at, back; /* objects, by number */
    uint32_t waiting, met, level, slot, counted, sum, check_sum;
    size_t position;
    unsigned range;                /* of C memory */
    const uintptr_t *word, *floor; /* the next word of it; where the stack of who asks begins */
};

/* Begin to look for the shortest chain of references that keeps an object alive: from a reference
 * that no object holds, down to it.  Told are its edges in that order, the first one OUTSIDE or a
 * NAME; none if nothing holds the object, or if it is immediate or in flash.  Of an object that is
 * held from outside itself, that is all.
 *   names    a dict, or NULL: what it holds is told as NAME; but names of the object itself, which
 *            whoever asks knows, hold nothing here
 *   cost     O(heap) in all: each object looked at seven times at most */
void ouro_search_path(struct ouro_search *search, ouro_ref of, ouro_ref names);

/* Begin to look for everything that holds an object: an edge each, and one OUTSIDE for all that no
 * object holds.  O(heap): each object looked at three times. */
void ouro_search_referrers(struct ouro_search *search, ouro_ref of, ouro_ref names);

/* Begin to count what would go if nothing held the object any more: what cannot be reached but
 * through it, cycles included.  O(heap): each object looked at five times. */
void ouro_search_retained(struct ouro_search *search, ouro_ref of);

/* Go on for up to `units`: an object, or a slot of one, counts 1, more if it has to be queued.
 * First the dead are drained, and a running cycle goes on, for as much again.
 *   cost     O(units), at most 64 units more; 80 instructions a unit at most
 *   collects what is dead, and a cycle that was running: finalizers may run */
enum ouro_search_status ouro_search_step(struct ouro_search *search, uint32_t units);

/* Let go of everything; cycles may start again.  Every search that was begun must be ended. */
void ouro_search_end(struct ouro_search *search);

/* ---- the same at once ---- */

/* Called with each edge; what it returns other than 0 ends the search. */
typedef int ouro_edge_fn(const struct ouro_edge *edge, void *context);

/* Return how many edges were told, or -1 with RuntimeError: called from a finalizer or callback.
 * O(heap). */
int ouro_diag_path(ouro_ref of, ouro_ref names, ouro_edge_fn *visit, void *context);
int ouro_diag_referrers(ouro_ref of, ouro_ref names, ouro_edge_fn *visit, void *context);
/* What an object refers to directly, or by nodes of its own; it must not be changed meanwhile.
 * O(n); runs nothing else. */
int ouro_diag_referents(ouro_ref of, ouro_edge_fn *visit, void *context);
/* Bytes that would go, the object's own included, and how many objects (may be NULL).  SIZE_MAX
 * with RuntimeError as above; 0 for what is immediate or in flash.  O(heap). */
size_t ouro_diag_retained(ouro_ref of, uint32_t *objects);

/* ---- census: how many objects of which type ---- */

enum { OURO_CENSUS_ROWS = 24, OURO_CENSUS_NAME = 20 };

struct ouro_census_row {
    char name[OURO_CENSUS_NAME]; /* the type's, an instance's class's; cut off */
    int32_t objects;
    int32_t bytes; /* their nodes included */
};
/* A copy of nothing but numbers and names, to be kept and compared.  The rows add up to
 * ouro_mem_stats.used_bytes: "C memory" is what C code was given, and objects of more than 504
 * bytes that only C code holds; "(other types)" is what there was no row for. */
struct ouro_census {
    uint32_t count;
    struct ouro_census_row rows[OURO_CENSUS_ROWS];
};

/* Begin to count.  The census is the caller's, and complete when the search is done.  O(heap): each
 * object looked at three times. */
void ouro_search_census(struct ouro_search *search, struct ouro_census *census);
/* At once, most bytes first.  0, or -1 as above.  O(heap). */
int ouro_diag_census(struct ouro_census *census);
/* `census` becomes what it has more than an earlier one, rows without a change left out. */
void ouro_census_subtract(struct ouro_census *census, const struct ouro_census *earlier);
/* Most bytes first, gained or lost. */
void ouro_census_sort(struct ouro_census *census);

#ifdef __cplusplus
}
#endif
#endif
