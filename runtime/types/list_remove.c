/* SPDX-License-Identifier: MIT
 * list_remove.c - an item out of a list, found by ==. */
#include "types/ops.h"

int ouro_list_remove(ouro_ref list, ouro_ref item)
{
    OURO_THREAD_ONLY();
    int same = 0;
    size_t i = 0;
    ouro_incref(list); /* == may be code of the program's, which may drop it */
    ouro_incref(item);
    for (; same == 0 && i < ouro_list_len(list); i++) {
        ouro_ref next = ouro_own(ouro_list_get(list, (ptrdiff_t)i));
        same = next == item ? 1 : ouro_equal(next, item);
        ouro_decref(next);
    }
    if (same > 0 && i <= ouro_list_len(list)) ouro_decref(ouro_list_pop(list, (ptrdiff_t)i - 1));
    if (same == 0) ouro_error_set(OURO_VALUE_ERROR, "list.remove(x): x not in list");
    ouro_decref(item);
    ouro_decref(list);
    return same > 0 ? 0 : -1;
}
