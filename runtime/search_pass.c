/* SPDX-License-Identifier: MIT
 * search_pass.c - the passes that searches have in common: clear, count, roots, spread, confirm. */
#include "search.h"

/* A sum that changes when the object does: its count, and what it refers to. */
static uint32_t digest(ouro_ref o)
{
    enum { FACTOR = 0x01000193 };
    uint32_t sum = (uint32_t)(uintptr_t)o * FACTOR + refcount(o);
    for (uint32_t refs = type_of(o)->refs; refs; refs &= refs - 1)
        sum = sum * FACTOR + (uint32_t)(uintptr_t)*slot(o, (unsigned)__builtin_ctz(refs));
    return sum ^ sum >> 15;
}

static void clear_leaf(ouro_ref leaf) { set_gc_field(leaf, gc_field(leaf) & IS_BLOCK); }

/* Large leaves are in no cell: they are cleared where they are referred to. */
enum ouro_search_status search_clear(struct ouro_search *s)
{
    for (ouro_ref o; (o = search_walk(s));) {
        s->sum += digest(o);
        if (!type_of(o)->refs) {
            if (!search_is_bucket(o)) clear_leaf(o);
            continue;
        }
        set_gc_field(o, 0);
        for (uint32_t refs = search_slots(s, o); refs; refs &= refs - 1) {
            ouro_ref child = *slot(o, (unsigned)__builtin_ctz(refs));
            if (search_counts(child) && !type_of(child)->refs) clear_leaf(child);
        }
    }
    return search_walked(s);
}

enum ouro_search_status search_count(struct ouro_search *s)
{
    for (ouro_ref o; (o = search_walk(s));) {
        for (uint32_t refs = search_slots(s, o); refs; refs &= refs - 1) {
            ouro_ref child = *slot(o, (unsigned)__builtin_ctz(refs));
            s->counted += child == s->target;
            if (!search_counts(child)) continue;
            bool is_leaf = !type_of(child)->refs;
            if (is_leaf && !s->is_counted) continue;
            uint32_t one = is_leaf ? SEARCH_LEAF_ONE : 1;
            if (search_link(child) + one <= SEARCH_NUMBER) child->type_gc += one;
        }
    }
    return search_walked(s);
}

/* ---- the queue ---- */

void search_queue(struct ouro_search *s, ouro_ref o, bool is_odd)
{
    uint32_t number = search_number(o);
    set_gc_field(o, number | (is_odd ? SEARCH_ODD : 0));
    ouro_ref last = s->waiting ? search_at(s->last) : NULL;
    if (last)
        search_set_link(last, number);
    else
        s->at = number;
    if (s->met++ == 0) s->first = number;
    s->last = number;
    s->waiting++;
}

/* A part of an object of the same level: it is next. */
static void queue_part(struct ouro_search *s, ouro_ref o, uint32_t at, ouro_ref part)
{
    uint32_t number = search_number(part), next = search_next(o, at);
    set_gc_field(part, (gc_field(o) & SEARCH_ODD) | (next ? next : number));
    search_set_link(o, number);
    if (!next) s->last = number;
    s->waiting++;
    s->met++;
}

enum ouro_search_status search_roots(struct ouro_search *s)
{
    for (ouro_ref o; (o = search_walk(s));) {
        uint32_t counted = search_link(o);
        if (!type_of(o)->refs) continue;
        set_gc_field(o, 0);
        if (o == s->target || o == s->names) continue;
        s->units++;
        if (!search_outside(s, o, counted)) continue;
        s->units += QUEUE_UNITS;
        search_queue(s, o, false);
    }
    return search_walked(s);
}

/* ---- spreading ---- */

static void add(struct ouro_search *s, ouro_ref o)
{
    s->objects += !search_is_hidden(o);
    s->bytes += (uint32_t)object_plain_bytes(o);
}

/* A leaf is met; it is not added if somebody outside holds it. */
static void meet_leaf(struct ouro_search *s, ouro_ref leaf)
{
    if (gc_field(leaf) & SEARCH_MET) return;
    if (s->is_adding && s->is_counted &&
        search_outside(s, leaf, search_link(leaf) / SEARCH_LEAF_ONE))
        return;
    set_gc_field(leaf, gc_field(leaf) | SEARCH_MET);
    if (s->is_adding) add(s, leaf);
}

/* Meet what an object refers to.  True: that is the target, and it is looked for. */
static bool spread_from(struct ouro_search *s, ouro_ref o, uint32_t at)
{
    for (uint32_t refs = search_slots(s, o); refs; refs &= refs - 1) {
        unsigned i = (unsigned)__builtin_ctz(refs);
        ouro_ref child = *slot(o, i);
        if (s->is_adding && search_has_bucket(o, i)) add(s, child);
        if (!search_counts(child) || child == s->names) continue;
        if (child == s->target) {
            if (s->is_path) return true;
        } else if (!type_of(child)->refs) {
            if (!s->is_path) meet_leaf(s, child);
        } else if (gc_field(child) == 0) {
            s->units += QUEUE_UNITS;
            if (search_is_hidden(child))
                queue_part(s, o, at, child);
            else
                search_queue(s, child, !search_is_odd(o));
            if (s->is_adding) add(s, child);
        }
    }
    return false;
}

enum ouro_search_status search_spread(struct ouro_search *s)
{
    while (s->waiting && s->units < s->limit) {
        ouro_ref o = search_at(s->at);
        if (!o || !search_link(o)) return search_break();
        s->units += QUEUE_UNITS;
        if (search_is_odd(o) != s->is_odd) {
            s->is_odd = !s->is_odd;
            s->level++;
        }
        if (spread_from(s, o, s->at)) return OURO_SEARCH_DONE;
        if (--s->waiting) s->at = search_link(o);
    }
    return s->waiting ? OURO_SEARCH_GOES_ON : OURO_SEARCH_DONE;
}

enum ouro_search_status search_confirm(struct ouro_search *s)
{
    ouro_ref to = s->at ? search_at(s->at) : s->target;
    if (!to) return search_break();
    for (ouro_ref o; (o = search_walk(s));) {
        s->check_sum += digest(o);
        unsigned i = 0;
        for (uint32_t refs = search_slots(s, o); refs; i++, refs >>= 1)
            s->counted += (refs & 1u) && *slot(o, i) == to;
    }
    if (search_walked(s) != OURO_SEARCH_DONE) return OURO_SEARCH_GOES_ON;
    s->is_exact = s->sum == s->check_sum;
    return OURO_SEARCH_DONE;
}
