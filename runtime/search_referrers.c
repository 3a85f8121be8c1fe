/* SPDX-License-Identifier: MIT
 * search_referrers.c - who refers to an object, and what it refers to.
 *
 * A walk over the heap meets the nodes of a container before it knows whose they are.  So a walk
 * before that notes in each node which object it is part of: from there on the way up is short. */
#include "search.h"

#include "ouro/diag.h"

enum { DEEPEST = 12 }; /* a tree of nodes, its head and an anchor */

enum ouro_search_status search_owners(struct ouro_search *s)
{
    for (ouro_ref o; (o = search_walk(s));) {
        for (uint32_t refs = search_slots(s, o); refs; refs &= refs - 1) {
            ouro_ref child = *slot(o, (unsigned)__builtin_ctz(refs));
            if (search_counts(child) && search_is_hidden(child))
                set_gc_field(child, search_number(o));
        }
    }
    return search_walked(s);
}

/* The way to slot i of an object, from what it is part of; from itself, if that is not to be told.
 */
static struct search_way way_to(ouro_ref o, unsigned i)
{
    struct search_way way = {.holder = o, .word = i};
    if (!search_is_hidden(o)) return way;
    way = (struct search_way){.node = o, .slot = i, .index = i};
    for (unsigned depth = 1; depth < DEEPEST; depth++) {
        ouro_ref owner = search_at(search_link(o));
        unsigned at = owner ? search_slot(owner, 0, o) : 32;
        if (at == 32) break;
        if (!search_is_hidden(owner)) {
            way.holder = owner;
            way.word = at;
            return way;
        }
        if (depth < 8) way.index |= (uint32_t)at << 4 * depth;
        o = owner;
    }
    return (struct search_way){.holder = way.node, .word = i};
}

/* The next slot of an object that refers to the target, if any. */
static bool tell_slot(struct ouro_search *s, ouro_ref o)
{
    unsigned i = search_slot(o, s->slot, s->target);
    if (i == 32) return false;
    s->slot = i + 1;
    s->counted++;
    struct search_way way = way_to(o, i);
    s->edge = search_edge(&way, s->target);
    if (way.holder == s->names && s->edge.kind == OURO_EDGE_KEY) s->edge.kind = OURO_EDGE_NAME;
    return true;
}

static enum ouro_search_status referrers_find(struct ouro_search *s)
{
    ouro_ref o = s->at ? search_at(s->at) : NULL;
    do {
        if (o && tell_slot(s, o)) {
            s->at = search_number(o);
            return OURO_SEARCH_FOUND;
        }
        s->slot = 0;
        while ((o = search_walk(s)) && !search_slots(s, o)) {}
    } while (o);
    s->at = 0;
    return search_walked(s);
}

/* What nobody was found for is held from outside. */
static enum ouro_search_status referrers_rest(struct ouro_search *s)
{
    uint32_t number = search_outside(s, s->target, s->counted);
    s->edge =
        (struct ouro_edge){OURO_EDGE_OUTSIDE, .to = number ? s->target : NULL, .number = number};
    return OURO_SEARCH_DONE;
}
static enum ouro_search_status referrers_told(struct ouro_search *s)
{
    s->at = 0;
    return OURO_SEARCH_DONE;
}

static const struct search_plan plan = {
    {search_clear, search_owners, referrers_find, referrers_rest, search_places, referrers_told},
};

void ouro_search_referrers(struct ouro_search *s, ouro_ref of, ouro_ref names)
{
    search_begin(s, &plan, of, names);
}

int ouro_diag_referrers(ouro_ref of, ouro_ref names, ouro_edge_fn *visit, void *context)
{
    struct ouro_search search;
    ouro_search_referrers(&search, of, names);
    search.floor = STACK();
    return search_run(&search, visit, context);
}

/* ---- referents ---- */

int ouro_diag_referents(ouro_ref of, ouro_edge_fn *visit, void *context)
{
    struct {
        ouro_ref o;
        uint32_t refs, index;
    } stack[DEEPEST];
    unsigned depth = 0;
    int edges = 0;
    if (ouro_is_immediate(of)) return 0;
    stack[depth].o = of;
    stack[depth].index = 0;
    stack[depth++].refs = type_of(of)->refs;
    while (depth > 0) {
        ouro_ref o = stack[depth - 1].o;
        uint32_t refs = stack[depth - 1].refs;
        if (!refs) {
            depth--;
            continue;
        }
        unsigned i = (unsigned)__builtin_ctz(refs);
        uint32_t index = depth > 1 ? stack[depth - 1].index << 4 | i : 0;
        ouro_ref child = *slot(o, i);
        stack[depth - 1].refs = refs & (refs - 1);
        if (!child) continue;
        if (ouro_is_immediate(child) || !search_is_hidden(child)) {
            unsigned word = 0;
            while (depth > 1 && *slot(of, word) != stack[1].o) word++;
            struct search_way way = {of, depth > 1 ? word : i, depth > 1 ? o : NULL, i, index};
            struct ouro_edge edge = search_edge(&way, child);
            edges++;
            if (visit(&edge, context)) return edges;
        } else if (type_of(child)->refs && depth < DEEPEST) {
            stack[depth].o = child;
            stack[depth].index = index;
            stack[depth++].refs = type_of(child)->refs;
        }
    }
    return edges;
}
