/* SPDX-License-Identifier: MIT
 * list_take.c - what a slice takes of a list; two lists in a row. */
#include "types/ops.h"

/* Append what is taken of a list; NULL and no list any more: that failed. */
static ouro_ref add(ouro_ref list, ouro_ref from, ptrdiff_t at, ptrdiff_t step, size_t count)
{
    for (; list && count > 0; count--, at += step) {
        if ((size_t)at >= ouro_list_len(from)) continue; /* a finalizer made it shorter */
        if (ouro_list_append(list, ouro_list_get(from, at)) < 0) ouro_put(&list, NULL);
    }
    return list;
}

ouro_ref list_take(ouro_ref self, struct ouro_span span)
{
    return add(ouro_list_new(), self, span.start, span.step, span.count);
}

/* Not by ouro_list_extend(): that would link iterators, and with them tuples. */
ouro_ref list_concat(ouro_ref self, ouro_ref other)
{
    if (ouro_type_index(other) != OURO_TYPE_LIST) return error_concat(self, other);
    ouro_incref(self); /* what is collected on the way may drop the last other references */
    ouro_incref(other);
    ouro_ref sum = add(ouro_list_new(), self, 0, 1, ouro_list_len(self));
    sum = add(sum, other, 0, 1, ouro_list_len(other));
    ouro_decref(other);
    ouro_decref(self);
    return sum;
}
