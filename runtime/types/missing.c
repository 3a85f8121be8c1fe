/* SPDX-License-Identifier: MIT
 * missing.c - the KeyError of a key that is not there: repr() of the key, as in CPython.
 *
 * Of keys without items and attributes, that is: repr() of the others may need memory, or run code
 * of the program's.  Costs no more than hashing the key did. */
#include "types/ops.h"

void error_missing(ouro_ref key)
{
    const struct ouro_ops *ops = ops_of(key);
    char *at = ouro_heap->error_text;
    if (ops->repr && !ops->next && !ops->get_attr)
        (void)ops->repr(key, OURO_BEGIN, error_append, &at);
    else
        (void)write_text(error_append, &at, "key not found");
    error_made(OURO_KEY_ERROR, at);
}
