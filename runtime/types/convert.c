/* SPDX-License-Identifier: MIT
 * convert.c - list(x) and tuple(x). */
#include "ouro/abstract.h"
#include "types/ops.h"

ouro_ref ouro_list_from(ouro_ref items)
{
    ouro_incref(items); /* before anything is collected: it may be borrowed from what dies */
    ouro_ref list = ouro_list_new();
    if (list && ouro_list_extend(list, items) < 0) {
        ouro_decref(list);
        list = NULL;
    }
    ouro_decref(items);
    return list;
}

static int add(void *builder, ouro_ref item) { return ouro_tuple_add(builder, item); }

ouro_ref ouro_tuple_from(ouro_ref items)
{
    struct ouro_tuple_builder builder;
    if (ouro_is_tuple(items)) return ouro_own(items);
    ouro_tuple_begin(&builder);
    if (each_item(items, add, &builder) == 0) return ouro_tuple_end(&builder);
    ouro_tuple_abandon(&builder);
    return NULL;
}
