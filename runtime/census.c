/* SPDX-License-Identifier: MIT
 * census.c - how many objects of which type there are, and what they take; and what changed.
 *
 * Nodes count for the objects that they are part of.  Large leaves are in no cell: they are met
 * where an object refers to them.  What is left of the bytes in use is C code's. */
#include "search.h"
#include "types/ops.h"

static const char others[] = "(other types)", of_c[] = "C memory"; /* two rows are theirs */

/* The row of a name, perhaps a new one. */
static struct ouro_census_row *row_of(struct ouro_census *census, const char *name)
{
    char cut[OURO_CENSUS_NAME] = {0};
    size_t bytes = strlen(name);
    memcpy(cut, name, bytes < sizeof cut ? bytes : sizeof cut - 1);
    for (uint32_t i = 0; i < census->count; i++)
        if (memcmp(census->rows[i].name, cut, sizeof cut) == 0) return &census->rows[i];
    bool is_full = census->count >= OURO_CENSUS_ROWS - 2;
    if (is_full && strcmp(name, others) != 0 && strcmp(name, of_c) != 0)
        return row_of(census, others);
    struct ouro_census_row *row = &census->rows[census->count++];
    *row = (struct ouro_census_row){.objects = 0};
    memcpy(row->name, cut, sizeof cut);
    return row;
}

/* What an object is part of, itself if it is not. */
static ouro_ref owner_of(ouro_ref o)
{
    enum { DEEPEST = 24 };
    for (unsigned depth = 0; depth < DEEPEST && search_is_hidden(o); depth++) {
        ouro_ref owner = search_at(search_link(o));
        if (!owner) break;
        o = owner;
    }
    return o;
}

/* Add an object, to what `part` is part of: itself, or what refers to it. */
static void add(struct ouro_search *s, ouro_ref o, ouro_ref part)
{
    ouro_ref owner = owner_of(part);
    struct ouro_census_row *row = row_of(s->census, ouro_type_name(owner));
    int32_t bytes = (int32_t)object_spent_bytes(o);
    row->objects += owner == o;
    row->bytes += bytes;
    s->bytes += (uint32_t)bytes;
    s->units += s->census->count;
}

static enum ouro_search_status census_add(struct ouro_search *s)
{
    for (ouro_ref o; (o = search_walk(s));) {
        if (!search_is_bucket(o)) add(s, o, o);
        for (uint32_t refs = search_slots(s, o); refs; refs &= refs - 1) {
            unsigned i = (unsigned)__builtin_ctz(refs);
            ouro_ref child = *slot(o, i);
            if (search_has_bucket(o, i)) add(s, child, o);
            if (!search_counts(child) || type_of(child)->refs || (gc_field(child) & SEARCH_MET) ||
                page_is_pool(page_number(child)))
                continue;
            set_gc_field(child, SEARCH_MET | IS_BLOCK);
            add(s, child, child);
        }
    }
    return search_walked(s);
}

static enum ouro_search_status census_rest(struct ouro_search *s)
{
    int32_t rest = (int32_t)((uint32_t)heap_used_bytes(ouro_heap) - s->bytes);
    if (rest) row_of(s->census, of_c)->bytes = rest;
    return OURO_SEARCH_DONE;
}

static const struct search_plan plan = {
    {search_clear, search_owners, census_add, census_rest},
};

void ouro_search_census(struct ouro_search *s, struct ouro_census *census)
{
    search_begin(s, &plan, NULL, NULL);
    s->census = census;
    census->count = 0;
}

int ouro_diag_census(struct ouro_census *census)
{
    struct ouro_search search;
    ouro_search_census(&search, census);
    int result = search_run(&search, NULL, NULL);
    ouro_census_sort(census);
    return result;
}

/* ---- comparing ---- */

void ouro_census_subtract(struct ouro_census *census, const struct ouro_census *earlier)
{
    for (uint32_t i = 0; i < earlier->count; i++) {
        struct ouro_census_row *row = row_of(census, earlier->rows[i].name);
        row->objects -= earlier->rows[i].objects;
        row->bytes -= earlier->rows[i].bytes;
    }
    uint32_t left = 0;
    for (uint32_t i = 0; i < census->count; i++)
        if (census->rows[i].objects || census->rows[i].bytes)
            census->rows[left++] = census->rows[i];
    census->count = left;
    ouro_census_sort(census);
}

static int32_t size_of(const struct ouro_census_row *row)
{
    return row->bytes < 0 ? -row->bytes : row->bytes;
}

void ouro_census_sort(struct ouro_census *census)
{
    for (uint32_t i = 1; i < census->count; i++) {
        struct ouro_census_row row = census->rows[i];
        uint32_t to = i;
        for (; to > 0 && size_of(&census->rows[to - 1]) < size_of(&row); to--)
            census->rows[to] = census->rows[to - 1];
        census->rows[to] = row;
    }
}
