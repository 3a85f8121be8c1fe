/* SPDX-License-Identifier: MIT
 * ops.c - the operations of types that have none of their own, and of those with an identity. */
#include "types/ops.h"

#include <string.h>

#include "hash.h"
#include "ouro/diag.h"

const struct ouro_ops no_ops = {0};
extern inline const struct ouro_ops *ops_of(ouro_ref ref);

ouro_ref error_null(enum ouro_error_kind kind, const char *message)
{
    ouro_error_set(kind, message);
    return NULL;
}

int write_text(ouro_write_fn *write, void *context, const char *text)
{
    write(context, text, strlen(text));
    return 0;
}

const char *ouro_type_name(ouro_ref ref)
{
    const struct ouro_ops *ops = ops_of(ref);
    return ops->type_name ? ops->type_name(ref) : ouro_type_of(ref)->name;
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

int write_address(ouro_write_fn *write, void *context, ouro_ref ref)
{
    char digits[16];
    (void)write_text(write, context, " at 0x");
    write(context, digits, ouro_format_hex(digits, (uintptr_t)ref, 8));
    return 0;
}

ouro_ref ouro_iterate_items(ouro_ref self, size_t *position)
{
    ouro_ref key = NULL, item;
    const struct ouro_ops *ops = ops_of(self);
    if (!ops->next || !ops->next(self, position, &key, &item)) return NULL;
    return ouro_own(key ? key : item);
}

ptrdiff_t ouro_len(ouro_ref ref)
{
    const struct ouro_ops *ops = ops_of(ref);
    if (ops->len && ops->iterate) { /* a slice counts its fields, but has no len() */
        size_t n = ops->len(ref);
        if (n <= PTRDIFF_MAX) return (ptrdiff_t)n;
        ouro_error_set(OURO_OVERFLOW_ERROR, "Python int too large to convert to C ssize_t");
        return -1;
    }
    ouro_error_format(OURO_TYPE_ERROR, "object of type '%s' has no len()", ouro_type_name(ref));
    return -1;
}
