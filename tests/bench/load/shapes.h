/* SPDX-License-Identifier: MIT
 * shapes.h - what a program may keep alive, and a loop that makes garbage beside it.
 *
 * A shape grows piece by piece until it has its share of the arena.  What it does not want itself
 * (a chain has 100,000 nodes at most) ballast takes: a chain of tuples.  A turn of the loop makes
 * acyclic and cyclic garbage, and then does what the shape does with its live data.  All calls go
 * through the meter.  Everything lives in the globals of shapes.c: one shape at a time. */
#ifndef SHAPES_H
#define SHAPES_H

#include "meter.h"

enum { SHAPE_MANY = 100000 };

struct shape {
    const char *name;
    /* Make what there is one of.  May be NULL. */
    void (*begin)(void);
    /* Grow by at most so many bytes; false: it will not. */
    bool (*grow)(size_t room);
    /* A turn of the loop's share; NULL: live data is left alone. */
    void (*turn)(void);
    uint32_t drops; /* so many times the loop is to drop everything */
};
extern const struct shape *const shapes[];
extern const unsigned shape_count;
/* One ring of pairs, linked both ways; left alone unless turned. */
extern const struct shape shape_rings;

/* How many pieces the shape has grown by, ballast not counted. */
extern uint32_t shape_size;
/* How many times it dropped everything. */
extern uint32_t shape_drops;

/* Two references: tuples as a program may define them. */
struct pair {
    struct ouro_obj header;
    ouro_ref first, second;
};
extern const struct ouro_type pair_type;
static inline struct pair *pair_of(ouro_ref ref) { return (struct pair *)(void *)ref; }

/* Start afresh in an arena of so many bytes, nothing alive. */
void shape_restart(const struct shape *shape, size_t arena_bytes);
/* Bytes that anything can live in, and how many of them are taken: neither free nor control. */
size_t shape_room(void);
size_t shape_taken(void);
/* Grow the shape until it takes so many percent of the room, ballast included.
 *   returns  false if memory ran out before */
bool shape_fill(unsigned percent);
/* What keeps it alive, weak containers and classes not counted; borrowed. */
enum { SHAPE_ROOTS = 2 };
void shape_roots(ouro_ref roots[SHAPE_ROOTS]);
/* A turn of the loop: 80 bytes of acyclic garbage, 48 of cyclic garbage, now and then a list or
 * a dict that holds itself; and the shape's own. */
void shape_turn(const struct shape *shape);

/* A ring of so many pairs, one reference each to the next, dropped at once. */
void shape_make_ring(unsigned length);

/* A random number below a limit; the same ones after each shape_restart(). */
uint32_t shape_random(uint32_t limit);

#endif
