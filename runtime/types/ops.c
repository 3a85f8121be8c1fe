/* SPDX-License-Identifier: MIT
 * ops.c - the operations of types that have none of their own, and of those with an identity. */
#include "types/ops.h"

#include "hash.h"
#include "types/special.h"

const struct ouro_ops no_ops = {0};
extern inline const struct ouro_ops *ops_of(ouro_ref ref);

const char *ouro_type_name(ouro_ref ref)
{
    const struct ouro_ops *ops = ops_of(ref);
    return ops->type_name ? ops->type_name(ref) : ouro_type_of(ref)->name;
}

ouro_ref error_concat(ouro_ref a, ouro_ref b)
{
    return error_about(OURO_TYPE_ERROR, "can only concatenate %T (not \"%T\") to %T", a, b, a);
}

int ouro_identity_compare(ouro_ref self, ouro_ref other, enum ouro_op op)
{
    return op == OURO_EQ ? self == other : OURO_NOT_IMPLEMENTED;
}

int ouro_identity_hash(ouro_ref self, uint32_t *hash)
{
    *hash = hash_bytes(&self, sizeof self);
    return 0;
}

ouro_ref ouro_iterate_items(ouro_ref self, size_t *position)
{
    ouro_ref key = NULL, item;
    const struct ouro_ops *ops = ops_of(self);
    if (!ops->next || !ops->next(self, position, &key, &item)) return NULL;
    return ouro_own(key ? key : item);
}

ptrdiff_t no_len(ouro_ref ref)
{
    error_about(OURO_TYPE_ERROR, "object of type '%T' has no len()", ref);
    return -1;
}
UNLESS_SPECIAL ptrdiff_t special_len(ouro_ref ref) { return no_len(ref); }

ptrdiff_t ouro_len(ouro_ref ref)
{
    const struct ouro_ops *ops = ops_of(ref);
    if (ops->len && ops->iterate) { /* a slice counts its fields, but has no len() */
        size_t n = ops->len(ref);
        if (n <= PTRDIFF_MAX) return (ptrdiff_t)n;
        ouro_error_set(OURO_OVERFLOW_ERROR, "Python int too large to convert to C ssize_t");
        return -1;
    }
    return special_len(ref);
}
