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

ouro_ref ouro_tuple_from(ouro_ref items)
{
    struct ouro_tuple_builder builder;
    if (ouro_is_tuple(items)) return ouro_own(items);
    ouro_ref iterator = ouro_iter(items), item;
    bool is_good = iterator != NULL;
    ouro_tuple_begin(&builder);
    while (is_good && (item = ouro_iter_next(iterator))) {
        is_good = ouro_tuple_add(&builder, item) == 0;
        ouro_decref(item);
    }
    is_good = is_good && ouro_error_get(NULL) == OURO_NO_ERROR;
    ouro_xdecref(iterator);
    if (is_good) return ouro_tuple_end(&builder);
    ouro_tuple_abandon(&builder);
    return NULL;
}
