/* SPDX-License-Identifier: MIT
 * number.c - int.  One of 31 bits is immediate; a wider one is boxed, up to 64. */
#include "hash.h"
#include "ouro/diag.h"
#include "types/number.h"

extern const struct ouro_type ouro_int_type;

HOT_WHOLE ouro_ref ouro_int_new(int64_t value)
{
    if (value >= -(1 << 30) && value < 1 << 30)
        return (ouro_ref)(uintptr_t)((uint32_t)value << 1 | 1u);
    OURO_THREAD_ONLY();
    return box(&ouro_int_type, &value, STACK());
}

HOT_WHOLE int ouro_int_get(ouro_ref ref, int64_t *value)
{
    if (ouro_is_immediate(ref)) {
        *value = (int32_t)(uint32_t)(uintptr_t)ref >> 1;
        return 0;
    }
    switch (ouro_type_index(ref)) {
    case OURO_TYPE_INT: unbox(ref, value); return 0;
    case OURO_TYPE_BOOL: *value = ref == OURO_TRUE; return 0;
    default: ouro_error_set(OURO_TYPE_ERROR, "an integer is required"); return -1;
    }
}

/* ---- operations ---- */

int int_compare(ouro_ref self, ouro_ref other, enum ouro_op op)
{
    int64_t i = 0, j = 0;
    if (!is_int(other)) return OURO_NOT_IMPLEMENTED; /* a float knows how */
    (void)ouro_int_get(self, &i);
    (void)ouro_int_get(other, &j);
    return answer_for(op, i < j ? -1 : i > j);
}

int int_hash(ouro_ref self, uint32_t *hash)
{
    int64_t whole = 0;
    (void)ouro_int_get(self, &whole);
    *hash = hash_int(whole);
    return 0;
}

static int int_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    int64_t whole = 0;
    (void)part;
    (void)ouro_int_get(self, &whole);
    return write_format(write, context, "%D", whole);
}

static const struct ouro_ops int_ops = {
    .repr = int_repr,
    .hash = int_hash,
    .compare = int_compare,
};
const struct ouro_type ouro_int_type = {
    .name = "int",
    .index = OURO_TYPE_INT,
    .size_bytes = sizeof(struct boxed),
    .ops = &int_ops,
};
