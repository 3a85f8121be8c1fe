/* SPDX-License-Identifier: MIT
 * number.c - int and float.  An int of 31 bits is immediate; a wider one is boxed, up to 64. */
#include <string.h>

#include "object.h"
#include "ouro/types.h"

struct boxed {
    struct ouro_obj header;
    uint32_t word[2]; /* an int64_t or a double, low word first */
};

const struct ouro_type ouro_int_type = {
    .name = "int",
    .index = OURO_TYPE_INT,
    .size_bytes = sizeof(struct boxed),
};
const struct ouro_type ouro_float_type = {
    .name = "float",
    .index = OURO_TYPE_FLOAT,
    .size_bytes = sizeof(struct boxed),
};

static ouro_ref box(const struct ouro_type *type, const void *value)
{
    ouro_ref ref = object_new(type, sizeof(struct boxed));
    if (ref) memcpy(((struct boxed *)(void *)ref)->word, value, sizeof(uint64_t));
    return ref;
}

static void unbox(ouro_ref ref, void *value)
{
    memcpy(value, ((struct boxed *)(void *)ref)->word, sizeof(uint64_t));
}

ouro_ref ouro_int_new(int64_t value)
{
    if (value >= -(1 << 30) && value < 1 << 30)
        return (ouro_ref)(uintptr_t)((uint32_t)value << 1 | 1u);
    return box(&ouro_int_type, &value);
}

int ouro_int_get(ouro_ref ref, int64_t *value)
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

ouro_ref ouro_float_new(double value) { return box(&ouro_float_type, &value); }

int ouro_float_get(ouro_ref ref, double *value)
{
    if (ouro_type_index(ref) == OURO_TYPE_FLOAT) {
        unbox(ref, value);
        return 0;
    }
    int64_t whole;
    if (ouro_int_get(ref, &whole) < 0) {
        ouro_error_set(OURO_TYPE_ERROR, "must be real number");
        return -1;
    }
    *value = (double)whole;
    return 0;
}
