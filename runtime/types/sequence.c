/* SPDX-License-Identifier: MIT
 * sequence.c - where an item is among others, and how often; by ==, identity first.
 *
 * == may be code of the program's, which may change what is gone through: that is walked as an
 * iterator walks over it, and the items are held. */
#include "ouro/abstract.h"
#include "types/ops.h"

struct count {
    ouro_ref item;
    ptrdiff_t seen, found;
    bool stops; /* at the first */
};

static int count_item(void *context, ouro_ref next)
{
    struct count *count = context;
    int same = next == count->item ? 1 : ouro_equal(next, count->item);
    if (same < 0) return -1;
    count->found += same;
    count->seen++;
    return same && count->stops;
}

/* Go through the items: 1 if that stopped, 0, or -1 with an error. */
static int go_through(ouro_ref self, struct count *count)
{
    ouro_incref(count->item);
    ouro_ref iterator = ouro_iter(self);
    if (!iterator && ouro_error_get(NULL) == OURO_TYPE_ERROR)
        error_about(OURO_TYPE_ERROR, "argument of type '%T' is not iterable", self);
    int result = iterator ? each_item(iterator, count_item, count) : -1;
    ouro_xdecref(iterator);
    ouro_decref(count->item);
    return result;
}

ptrdiff_t ouro_sequence_index(ouro_ref self, ouro_ref item)
{
    struct count count = {.item = item, .stops = true};
    int result = go_through(self, &count);
    if (result > 0) return count.seen - 1;
    if (result == 0) ouro_error_set(OURO_VALUE_ERROR, "sequence.index(x): x not in sequence");
    return -1;
}

ptrdiff_t ouro_sequence_count(ouro_ref self, ouro_ref item)
{
    struct count count = {.item = item};
    return go_through(self, &count) < 0 ? -1 : count.found;
}
