/* SPDX-License-Identifier: MIT
 * number.c - int and float.  An int of 31 bits is immediate; a wider one is boxed, up to 64. */
#include "hash.h"
#include "ouro/diag.h"
#include "types/ops.h"

struct boxed {
    struct ouro_obj header;
    uint32_t word[2]; /* an int64_t or a double, low word first */
};
extern const struct ouro_type ouro_int_type, ouro_float_type;

static ouro_ref box(const struct ouro_type *type, const void *value)
{
    ouro_ref ref = leaf_new(type, sizeof(struct boxed));
    if (ref) memcpy(((struct boxed *)(void *)ref)->word, value, sizeof(uint64_t));
    return ref;
}

static void unbox(ouro_ref ref, void *value)
{
    memcpy(value, ((struct boxed *)(void *)ref)->word, sizeof(uint64_t));
}

HOT_WHOLE ouro_ref ouro_int_new(int64_t value)
{
    if (value >= -(1 << 30) && value < 1 << 30)
        return (ouro_ref)(uintptr_t)((uint32_t)value << 1 | 1u);
    OURO_THREAD_ONLY();
    return box(&ouro_int_type, &value);
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

ouro_ref ouro_float_new(double value)
{
    OURO_THREAD_ONLY();
    return box(&ouro_float_type, &value);
}

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

/* ---- operations ---- */

static bool is_float(ouro_ref ref) { return ouro_type_index(ref) == OURO_TYPE_FLOAT; }
static bool is_number(ouro_ref ref)
{
    unsigned type = ouro_type_index(ref);
    return type == OURO_TYPE_INT || type == OURO_TYPE_BOOL || type == OURO_TYPE_FLOAT;
}

static bool is_in_range(double value)
{
    return value >= -9223372036854775808.0 && value < 9223372036854775808.0;
}

static int order_of_floats(double a, double b)
{
    if (a == b) return 0;
    return a < b ? -1 : a > b ? 1 : 2;
}

/* Exact, as in Python: no int is rounded. */
static int order_of_mixed(int64_t a, double b)
{
    if (!is_in_range(b)) return order_of_floats(0, b);
    int64_t whole = (int64_t)b;
    if (a != whole) return a < whole ? -1 : 1;
    return order_of_floats((double)whole, b); /* what is behind the point */
}

int number_compare(ouro_ref self, ouro_ref other, enum ouro_op op)
{
    double x, y;
    int64_t i = 0, j = 0;
    int order;
    if (!is_number(other)) return OURO_NOT_IMPLEMENTED;
    if (is_float(self)) {
        unbox(self, &x);
        if (is_float(other)) {
            unbox(other, &y);
            order = order_of_floats(x, y);
        } else {
            (void)ouro_int_get(other, &j);
            order = order_of_mixed(j, x);
            if (order != 2) order = -order;
        }
    } else {
        (void)ouro_int_get(self, &i);
        if (is_float(other)) {
            unbox(other, &y);
            order = order_of_mixed(i, y);
        } else {
            (void)ouro_int_get(other, &j);
            order = i < j ? -1 : i > j;
        }
    }
    return answer_for(op, order);
}

int number_hash(ouro_ref self, uint32_t *hash)
{
    double real;
    int64_t whole = 0;
    if (is_float(self)) {
        unbox(self, &real);
        whole = is_in_range(real) ? (int64_t)real : 0;
        if ((double)whole != real) {
            *hash = hash_bytes(&real, sizeof real);
            return 0;
        }
    } else {
        (void)ouro_int_get(self, &whole);
    }
    *hash = hash_int(whole);
    return 0;
}

static int int_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    char number[24];
    int64_t whole = 0;
    (void)part;
    (void)ouro_int_get(self, &whole);
    write(context, number, ouro_format_int(number, whole));
    return 0;
}

static int float_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    char number[32];
    double real;
    (void)part;
    unbox(self, &real);
    write(context, number, ouro_format_float(number, real));
    return 0;
}

static const struct ouro_ops int_ops = {
    .repr = int_repr,
    .hash = number_hash,
    .compare = number_compare,
};
static const struct ouro_ops float_ops = {
    .repr = float_repr,
    .hash = number_hash,
    .compare = number_compare,
};

const struct ouro_type ouro_int_type = {
    .name = "int",
    .index = OURO_TYPE_INT,
    .size_bytes = sizeof(struct boxed),
    .ops = &int_ops,
};
const struct ouro_type ouro_float_type = {
    .name = "float",
    .index = OURO_TYPE_FLOAT,
    .size_bytes = sizeof(struct boxed),
    .ops = &float_ops,
};
