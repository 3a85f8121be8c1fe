/* SPDX-License-Identifier: MIT
 * collector_walk.h - how a phase walks over the members of S, a piece at a time.
 *
 * Between pieces the cursor is a page number and a place in the page, never an address, since pages
 * come and go.  Within a piece it is a local of the phase, so that the compiler can keep it in
 * registers. */
#ifndef OURO_RUNTIME_COLLECTOR_WALK_H
#define OURO_RUNTIME_COLLECTOR_WALK_H

#include "collector.h"

struct walk {
    uint8_t *cell, *end; /* the next to look at; behind the page's last; NULL: between pages */
    uint32_t bytes;      /* of a cell */
    uint32_t members;    /* whom flags tell to be a member of S and alive: see is_member() */
    int32_t left, limit; /* units; `left` may end below 0 */
    int32_t turn;        /* what going on to the next page counts, at most */
    bool has_some;       /* on this page; MARK: candidates */
    /* The type of the last member: most are of the type of the one before. */
    uint32_t index, refs;
    int32_t slots; /* words up to the last reference */
    int32_t cost;  /* what has to be left for the next visit */
    uint32_t pair; /* CUT: see heap.h */
    bool is_odd;   /* and whether that type is a weak reference's, or part of another object */
};

/* What going on to the next page counts; where page sets change; ending a phase; the garbage of a
 * page; and where the next page is far, besides. */
enum { TURN_UNITS = 10, LAST_TURN_UNITS = 16, END_UNITS = 10, RUN_UNITS = 6, FAR_UNITS = 4 };
/* The cursor goes on to the next page of S.
 *   returns  units; 0: at the end of S */
int32_t walk_next_page(void);

/* Pass by a cell that holds no member, and all others up to the next one that does, or the end; no
 * further than what `left` units pay for. */
uint8_t *walk_pass(uint8_t *cell, const uint8_t *end, uint32_t bytes, uint32_t members,
                   int32_t left);
/* Two cells of the smallest class are a unit, and stopping is one. */
static inline int32_t pass_units(const uint8_t *from, const uint8_t *to)
{
    return (int32_t)((uint32_t)(to - from) + 32) >> 5;
}

/* Stand before the cursor's cell of its page. */
static inline void walk_face(struct walk *walk, const struct gc *gc)
{
    struct page *page = page_address(gc->now.cursor_page);
    walk->bytes = pool_cell_bytes[page->class];
    walk->cell = (uint8_t *)page + (gc->now.cursor_cell << GRANULE_SHIFT);
    walk->end = (uint8_t *)page + PAGE_HEADER_BYTES + page->carved * walk->bytes;
}
/* Take up the walk where the cursor stands. */
static inline struct walk walk_begin(uint32_t limit)
{
    const struct gc *gc = &ouro_heap->gc;
    struct walk walk = {.members = gc->now.s_members, .turn = TURN_UNITS, .cost = 1};
    walk.left = walk.limit = limit < INT32_MAX ? (int32_t)limit : INT32_MAX;
    if (gc->now.cursor_cell > 0) walk_face(&walk, gc);
    return walk;
}
/* Put the cursor where the walk got to.  Returns units spent. */
uint32_t walk_pause(const uint8_t *cell, int32_t spent);
#define WALK_PAUSE(walk) walk_pause((walk).cell, (walk).limit - (walk).left)

/* Units spent, those for ending the phase included. */
static inline uint32_t walk_spent(const struct walk *walk)
{
    return (uint32_t)(walk->limit - walk->left) + END_UNITS;
}
static inline bool walk_is_at_end(const struct walk *walk) { return !walk->cell; }

/* Go on to the next page of S.  Returns false at the end of S, or when the budget is used up. */
static inline bool walk_turn(struct walk *walk)
{
    if (walk->cell != walk->end) return false; /* MARK does not pass by more than it can pay for */
    if (walk->cell && walk->left < walk->turn - 3 && walk->left < walk->limit) return false;
    if (walk->has_some) ouro_heap->gc.now.has_some = true;
    walk->has_some = false;
    int32_t units = walk_next_page();
    walk->cell = NULL;
    if (units == 0) return false;
    walk->left -= units;
    walk_face(walk, &ouro_heap->gc);
    return true;
}

/* The member of S at hand, or the next.  It stays at hand until walk_on().
 *   returns  NULL at the end of S, or when the budget is used up */
static inline ouro_ref walk_at(struct walk *walk)
{
    do {
        while (walk->cell != walk->end) {
            if (walk->left < walk->cost) return NULL;
            ouro_ref o = (ouro_ref)(void *)walk->cell;
            if (is_member(walk->members, peek_word(&o->count_flags))) return o;
            walk->cell = walk_pass(walk->cell, walk->end, walk->bytes, walk->members, walk->left);
            walk->left -= pass_units((uint8_t *)o, walk->cell);
        }
    } while (walk_turn(walk));
    return NULL;
}
static inline void walk_on(struct walk *walk) { walk->cell += walk->bytes; }

/* The same for a phase that looks at headers: it is paid for. */
static inline ouro_ref walk_header(struct walk *walk)
{
    ouro_ref o = walk_at(walk);
    if (o) walk->left--; /* or a budget of one unit would end here, again and again */
    return o;
}

/* Let walk.refs and walk.slots be those of a type. */
static inline bool walk_know(struct walk *walk, uint32_t index)
{
    if (index == walk->index) return false;
    walk->index = index;
    walk->refs = type_at(index)->refs;
    walk->slots = 32 - __builtin_clz(walk->refs);
    return true;
}

/* The same for a phase that looks at slots: walk.refs says which, and they are paid for.  What is
 * too much for the rest of the budget waits for the next piece, unless nothing was done before. */
static inline ouro_ref walk_slots(struct walk *walk)
{
    ouro_ref o = walk_at(walk);
    if (!o) return NULL;
    if (walk_know(walk, o->type_gc >> TYPE_SHIFT)) {
        walk->cost = walk->slots + 1;
        walk->cost += (walk->cost + 3) >> 2;
        if (walk->left < walk->cost && walk->left < walk->limit) return NULL;
    }
    walk->left -= walk->cost;
    return o;
}

#endif
