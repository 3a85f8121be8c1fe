/* SPDX-License-Identifier: MIT
 * search_size.c - how much an object reaches, and how much of that nothing else does.
 *
 * What is reached without the object is met first; what is then met from it would go with it. */
#include "search.h"

#include "ouro/diag.h"

/* All that is met from now on is met from the target, and counts. */
static enum ouro_search_status begin_adding(struct ouro_search *s)
{
    s->is_adding = true;
    s->objects = 1;
    s->bytes = (uint32_t)object_plain_bytes(s->target);
    if (type_of(s->target)->refs) search_queue(s, s->target, false);
    return OURO_SEARCH_DONE;
}
static enum ouro_search_status no_object(struct ouro_search *s)
{
    s->at = s->counted = 0;
    return OURO_SEARCH_DONE;
}

static const struct search_plan retained = {
    {search_clear, search_count, search_roots, search_spread, begin_adding, search_spread,
     no_object, search_confirm, search_clear},
};
static const struct search_plan deep = {
    {search_clear, begin_adding, search_spread, search_clear},
};

void ouro_search_retained(struct ouro_search *s, ouro_ref of)
{
    search_begin(s, &retained, of, NULL);
    s->is_counted = true;
}

size_t ouro_diag_retained(ouro_ref of, uint32_t *objects)
{
    struct ouro_search search;
    ouro_search_retained(&search, of);
    int result = search_run(&search, NULL, NULL);
    if (objects) *objects = search.objects;
    return result < 0 ? SIZE_MAX : search.bytes;
}

size_t ouro_diag_deepsize(ouro_ref of)
{
    struct ouro_search search;
    search_begin(&search, &deep, of, NULL);
    return search_run(&search, NULL, NULL) < 0 ? SIZE_MAX : search.bytes;
}
