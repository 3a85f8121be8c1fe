/* SPDX-License-Identifier: MIT
 * list_take.c - what a slice takes of a list; two lists in a row. */
#include "types/ops.h"

ouro_ref list_take(ouro_ref self, struct ouro_span span)
{
    ouro_ref part = ouro_list_new();
    ptrdiff_t at = span.start;
    for (size_t i = 0; part && i < span.count; i++, at += span.step) {
        if ((size_t)at >= ouro_list_len(self)) continue; /* a finalizer made it shorter */
        if (ouro_list_append(part, ouro_list_get(self, at)) == 0) continue;
        ouro_decref(part);
        part = NULL;
    }
    return part;
}

ouro_ref list_concat(ouro_ref self, ouro_ref other)
{
    if (ouro_type_index(other) != OURO_TYPE_LIST) return error_concat(self, other);
    ouro_incref(other); /* what is collected on the way may drop the last other reference */
    ouro_ref sum = ouro_list_from(self);
    if (sum && ouro_list_extend(sum, other) < 0) {
        ouro_decref(sum);
        sum = NULL;
    }
    ouro_decref(other);
    return sum;
}
