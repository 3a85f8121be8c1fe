/* SPDX-License-Identifier: MIT
 * search_place.c - where in C memory the references lie that no object holds.
 *
 * Counts say how many there are, not whose.  So the words of C memory are compared with the
 * object's address: those of the runtime, of static data, and of the stack above whoever asks.  A
 * word that is found may be a copy that holds nothing, borrowed or left behind: what the counts
 * leave open is told as such. */
#include "search.h"

#include "ouro/diag.h"
#include "ouro/port.h"
#include "types/ops.h"

enum { WORDS_AT_ONCE = 8 };

/* The i-th range of words.  False: there are no more. */
static bool range_of(const struct ouro_search *s, unsigned i, struct ouro_memory *range)
{
    if (i == 0) {
        *range = (struct ouro_memory){
            .start = (const uintptr_t *)(const void *)ouro_heap,
            .end = (const uintptr_t *)(const void *)(ouro_heap + 1),
        };
        return true;
    }
    if (!ouro_port_memory || !ouro_port_memory(i - 1, range)) return false;
    if (range->is_stack && range->start < s->floor) range->start = s->floor;
    return true;
}

static enum ouro_place place_of(unsigned i, const struct ouro_memory *range)
{
    if (i == 0) return OURO_PLACE_RUNTIME;
    return range->is_stack ? OURO_PLACE_STACK : OURO_PLACE_GLOBAL;
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
    struct ouro_places *found = &s->edge.places[place_of(s->range, range)];
    const uintptr_t to = (uintptr_t)s->edge.to;
    const uintptr_t *at = s->word && s->word >= range->start ? s->word : range->start;
    for (; at < range->end && s->units < s->limit; s->units += 2) {
        if (s->range > 0) at = skip_arena(at);
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

static const char *runtime_word(const void *at)
{
    const struct heap *heap = ouro_heap;
    if (at == &heap->error_value) return "the current exception";
    if (at == &heap->monitor.garbage) return "gc.garbage";
    return "the runtime's own tables";
}

static void write_place(enum ouro_place place, const void *at, ouro_write_fn *write, void *context)
{
    uint32_t start;
    const char *name = NULL;
    switch (place) {
    case OURO_PLACE_STACK: (void)write_format(write, context, "C stack at 0x%p", at); return;
    case OURO_PLACE_GLOBAL: break;
    case OURO_PLACE_RUNTIME:
    case OURO_PLACES: (void)write_text(write, context, runtime_word(at)); return;
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
