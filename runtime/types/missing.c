/* SPDX-License-Identifier: MIT
 * missing.c - the KeyError of a key that is not there: repr() of the key, as in CPython.
 *
 * Of keys without attributes and of those whose items have neither attributes nor items, that is:
 * repr() of the others may need memory, or run code of the program's.  Costs no more than hashing
 * the key did. */
#include "types/ops.h"

/* What only a program that prints links. */
#pragma weak ouro_repr

static bool is_plain(const struct ouro_ops *ops)
{
    return ops->repr && !ops->next && !ops->get_attr;
}
static bool has_plain_items(ouro_ref key, const struct ouro_ops *ops)
{
    ouro_ref item;
    for (size_t position = 0; ops->next(key, &position, NULL, &item);)
        if (!is_plain(ops_of(item))) return false;
    return true;
}

void error_missing(ouro_ref key)
{
    const struct ouro_ops *ops = ops_of(key);
    char *at = ouro_heap->error_text;
    if (is_plain(ops))
        (void)ops->repr(key, OURO_BEGIN, error_append, &at);
    else if (ouro_repr && ops->repr && ops->next && has_plain_items(key, ops))
        (void)ouro_repr(key, error_append, &at);
    else
        (void)write_text(error_append, &at, "key not found");
    error_made(OURO_KEY_ERROR, at);
}
