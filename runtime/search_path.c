/* SPDX-License-Identifier: MIT
 * search_path.c - the shortest chain of references that keeps an object alive.
 *
 * What is held from outside is queued, level 0; what it refers to is queued behind it, level 1, and
 * so on until the target is met.  The nodes of a container are of its own level and stand right
 * behind it.  Then the queue is turned round, up to where the target was met, and followed back:
 * the first object that it leads to, of the level above, that refers to the last one found, is
 * the next of the chain.  So everything is looked at a fixed number of times, however long the
 * chain. */
#include "search.h"
#include "types/ops.h"

/* The passes in their order. */
enum {
    CLEAR,
    COUNT,
    DIRECT,
    ROOTS,
    NAMES,
    SPREAD,
    MET,
    TURN,
    FOLLOW,
    CONFIRM,
    BEGIN,
    PLACES,
    TELL
};

/* There is no chain: all that can be told is who holds the target itself. */
static enum ouro_search_status without_chain(struct ouro_search *s)
{
    s->at = 0;
    s->pass = CONFIRM - 1;
    return OURO_SEARCH_DONE;
}

static enum ouro_search_status path_direct(struct ouro_search *s)
{
    uint32_t number = search_outside(s, s->target, s->counted);
    s->counted = 0;
    return number ? without_chain(s) : OURO_SEARCH_DONE;
}

/* The next name of the namespace and what it stands for. */
static bool next_name(struct ouro_search *s, ouro_ref *key, ouro_ref *value)
{
    s->units += 4;
    const struct ouro_ops *ops = s->names ? ops_of(s->names) : &no_ops;
    return ops->next && ops->next(s->names, &s->position, key, value);
}

/* What has a name is held from outside, too. */
static enum ouro_search_status path_names(struct ouro_search *s)
{
    ouro_ref key, value;
    while (s->units < s->limit) {
        if (!next_name(s, &key, &value)) {
            s->position = 0;
            return OURO_SEARCH_DONE;
        }
        bool is_new = search_counts(value) && type_of(value)->refs && gc_field(value) == 0;
        if (is_new && value != s->target && value != s->names) search_queue(s, value, false);
    }
    return OURO_SEARCH_GOES_ON;
}

/* Begin to turn the queue round, if the target was met. */
static enum ouro_search_status path_met(struct ouro_search *s)
{
    if (!s->waiting) return without_chain(s);
    s->last = s->at;
    s->at = s->first;
    s->back = 0;
    return OURO_SEARCH_DONE;
}

/* Each object of the queue is linked to the one before; the first to itself. */
static enum ouro_search_status path_turn(struct ouro_search *s)
{
    while (s->units < s->limit) {
        ouro_ref o = search_at(s->at);
        if (!o || !search_link(o) || s->met-- == 0) return search_break();
        uint32_t at = s->at, next = search_link(o);
        s->units += QUEUE_UNITS;
        bool is_end = at == s->last; /* of the chain, too: it is linked to itself from now on */
        search_set_link(o, s->back && !is_end ? s->back : at);
        if (is_end) return OURO_SEARCH_DONE;
        s->back = at;
        s->at = next;
    }
    return OURO_SEARCH_GOES_ON;
}

/* `at` is the last found of the chain, which is linked downwards; `back` is what may be before. */
static enum ouro_search_status path_follow(struct ouro_search *s)
{
    while (s->units < s->limit) {
        ouro_ref below = search_at(s->at), o = search_at(s->back);
        if (!below || (s->back && !o)) return search_break();
        bool is_part = search_is_hidden(below);
        if (s->level == 0 && (!is_part || !s->back)) return OURO_SEARCH_DONE;
        if (!s->back) return search_break();
        uint32_t back = s->back;
        s->back = search_next(o, back);
        s->units += QUEUE_UNITS;
        if ((search_is_odd(o) == search_is_odd(below)) != is_part) continue;
        s->units += SLOTS_MAX;
        if (search_slot(o, 0, below) == 32) continue;
        search_set_link(o, s->at);
        s->at = back;
        s->level -= !is_part;
    }
    return OURO_SEARCH_GOES_ON;
}

/* ---- telling ---- */

/* Where the chain begins: `at`, or the target itself. */
static enum ouro_search_status path_begin(struct ouro_search *s)
{
    ouro_ref top = s->at ? search_at(s->at) : s->target, key, value;
    if (!top) return search_break();
    while (top != s->target && next_name(s, &key, &value)) {
        if (value == top) {
            s->edge = (struct ouro_edge){OURO_EDGE_NAME, .holder = s->names, .to = top, .key = key};
            s->pass = TELL;
            return OURO_SEARCH_FOUND;
        }
        if (s->units >= s->limit) return OURO_SEARCH_GOES_ON;
    }
    uint32_t number = search_outside(s, top, s->counted);
    if (number == 0) return OURO_SEARCH_DONE; /* and nothing is told, or the part that is left */
    s->edge = (struct ouro_edge){OURO_EDGE_OUTSIDE, .to = top, .number = number};
    return OURO_SEARCH_DONE;
}

/* Follow the chain to the next visible object. */
static enum ouro_search_status path_tell(struct ouro_search *s)
{
    struct search_way way = {.holder = search_at(s->at)};
    if (!s->at) return OURO_SEARCH_DONE;
    for (ouro_ref o = way.holder, to;; o = to) {
        uint32_t next = o ? search_next(o, s->at) : 0;
        if (!o || !search_link(o)) return search_break();
        to = next ? search_at(next) : s->target;
        unsigned i = to ? search_slot(o, 0, to) : 32;
        if (i == 32) return search_break();
        s->units += SLOTS_MAX;
        if (o == way.holder) {
            way.word = i;
        } else {
            way.node = o;
            way.slot = i;
            way.index = way.index << 4 | i;
        }
        s->at = next;
        if (next && search_is_hidden(to)) continue;
        s->edge = search_edge(&way, to);
        return OURO_SEARCH_FOUND;
    }
}

static const struct search_plan plan = {
    {[CLEAR] = search_clear,
     [COUNT] = search_count,
     [DIRECT] = path_direct,
     [ROOTS] = search_roots,
     [NAMES] = path_names,
     [SPREAD] = search_spread,
     [MET] = path_met,
     [TURN] = path_turn,
     [FOLLOW] = path_follow,
     [CONFIRM] = search_confirm,
     [BEGIN] = path_begin,
     [PLACES] = search_places,
     [TELL] = path_tell},
};

void ouro_search_path(struct ouro_search *s, ouro_ref of, ouro_ref names)
{
    search_begin(s, &plan, of, names);
    s->is_path = true;
}

int ouro_diag_path(ouro_ref of, ouro_ref names, ouro_edge_fn *visit, void *context)
{
    struct ouro_search search;
    ouro_search_path(&search, of, names);
    search.floor = STACK();
    return search_run(&search, visit, context);
}
