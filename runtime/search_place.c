/* SPDX-License-Identifier: MIT
 * search_place.c - where in C memory the references lie that no object holds.
 *
 * Counts say how many there are, not whose.  So words are compared with the object's address: those
 * of static data, and of the stack above whoever asks; of the runtime's own those that hold a
 * reference.  A word that is found may be a copy that holds nothing, borrowed or left behind: what
 * the counts leave open is told as such. */
#include "search.h"

#include "ouro/diag.h"
#include "ouro/port.h"
#include "types/ops.h"
#include "weak.h"

enum { WORDS_AT_ONCE = 8 };

/* ---- tables of the runtime ---- */

/* The references that the runtime itself holds.  Its other words may be copies. */
static const struct {
    size_t offset; /* in struct heap */
    const char *name;
} tables[] = {
    {offsetof(struct heap, error_value), "the current exception"},
    {offsetof(struct heap, monitor.garbage), "gc.garbage"},
    {offsetof(struct heap, interned), "the table of interned strings"},
    {offsetof(struct heap, gc.due_head), "the queue of callbacks"},
    {offsetof(struct heap, finalize_newest), "the list of finalizes"},
};
enum { TABLES = sizeof tables / sizeof tables[0] };

static ouro_ref *table_at(unsigned i)
{
    return (ouro_ref *)(void *)((uint8_t *)ouro_heap + tables[i].offset);
}

static void look_at_tables(struct ouro_search *s)
{
    struct ouro_places *found = &s->edge.places[OURO_PLACE_RUNTIME];
    for (unsigned i = 0; i < TABLES; i++) {
        if (*table_at(i) != s->edge.to) continue;
        found->words++;
        found->at = table_at(i);
    }
    if (found->words > 0 || ouro_type_index(s->edge.to) != OURO_TYPE_FINALIZE) return;
    if (!ouro_finalize_is_alive(s->edge.to)) return;
    found->words = 1; /* a link of the list holds it */
    found->at = &ouro_heap->finalize_newest;
}

/* ---- memory of C code ---- */

/* The i-th range of words.  False: there are no more. */
static bool range_of(const struct ouro_search *s, unsigned i, struct ouro_memory *range)
{
    if (!ouro_port_memory || !ouro_port_memory(i, range)) return false;
    if (range->is_stack && range->start < s->floor) range->start = s->floor;
    return true;
}

/* The arena may lie in static data. */
static const uintptr_t *skip_arena(const uintptr_t *at)
{
    const uint8_t *end = ouro_heap->arena.base + (size_t)ouro_heap->arena.pages * PAGE_BYTES;
    bool is_inside = (uintptr_t)at - (uintptr_t)ouro_heap < (uintptr_t)end - (uintptr_t)ouro_heap;
    return is_inside ? (const uintptr_t *)(const void *)end : at;
}

/* Compare up to the end of a range, or of the budget. */
BLIND static void look_through(struct ouro_search *s, const struct ouro_memory *range)
{
    struct ouro_places *found =
        &s->edge.places[range->is_stack ? OURO_PLACE_STACK : OURO_PLACE_GLOBAL];
    const uintptr_t to = (uintptr_t)s->edge.to;
    const uintptr_t *at = s->word && s->word >= range->start ? s->word : range->start;
    for (; at < range->end && s->units < s->limit; s->units += 2) {
        at = skip_arena(at);
        const uintptr_t *stop = at < range->end ? range->end : at;
        if (stop - at > WORDS_AT_ONCE) stop = at + WORDS_AT_ONCE;
        for (; at < stop; at++) {
            if (*at != to || (uintptr_t)at - (uintptr_t)s < sizeof *s) continue; /* its own */
            found->words++;
            found->at = at;
        }
    }
    s->word = at;
}

enum ouro_search_status search_places(struct ouro_search *s)
{
    struct ouro_memory range;
    if (!s->edge.to) return OURO_SEARCH_DONE;
    if (s->range == 0 && !s->word) look_at_tables(s);
    while (range_of(s, s->range, &range)) {
        look_through(s, &range);
        if (s->word < range.end) return OURO_SEARCH_GOES_ON;
        s->range++;
        s->word = NULL;
    }
    ouro_ref top = s->at ? search_at(s->at) : s->target;
    if (top != s->edge.to) return search_break();
    s->pass++;
    return OURO_SEARCH_FOUND;
}

/* ---- writing ---- */

static const char *table_name(const void *at)
{
    unsigned i = 0;
    while (i < TABLES - 1 && at != table_at(i)) i++;
    return tables[i].name;
}

static void write_place(enum ouro_place place, const void *at, ouro_write_fn *write, void *context)
{
    uint32_t start;
    const char *name = NULL;
    switch (place) {
    case OURO_PLACE_STACK: (void)write_format(write, context, "C stack at 0x%p", at); return;
    case OURO_PLACE_GLOBAL: break;
    case OURO_PLACE_RUNTIME:
    case OURO_PLACES: (void)write_text(write, context, table_name(at)); return;
    }
    (void)write_format(write, context, "global variable at 0x%p", at);
    if (ouro_port_name) name = ouro_port_name((uint32_t)(uintptr_t)at, &start);
    if (name) (void)write_format(write, context, " (%s)", name);
}

void ouro_edge_write_places(const struct ouro_edge *edge, ouro_write_fn *write, void *context)
{
    uint32_t left = edge->number;
    const char *before = "";
    for (unsigned i = 0; i < OURO_PLACES && left > 0; i++) {
        const struct ouro_places *found = &edge->places[i];
        if (found->words == 0) continue;
        (void)write_text(write, context, before);
        write_place((enum ouro_place)i, found->at, write, context);
        if (found->words > left) (void)write_text(write, context, " perhaps");
        left -= found->words < left ? found->words : left;
        before = ", ";
    }
    if (left > 0)
        (void)write_format(write, context, "%sa register, or memory that is not declared", before);
}
