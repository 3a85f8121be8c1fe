/* SPDX-License-Identifier: MIT
 * number.h - what int and float share.
 *
 * A program that has no float links nothing of float.c: int leaves to float what floats are about.
 */
#ifndef OURO_RUNTIME_NUMBER_H
#define OURO_RUNTIME_NUMBER_H

#include "ouro/abstract.h"
#include "types/ops.h"
#include "types/special.h"

/* An int of more than 31 bits, or a float. */
struct boxed {
    struct ouro_obj header;
    uint32_t word[2]; /* an int64_t or a double, low word first */
};

static inline ouro_ref box(const struct ouro_type *type, const void *value, const void *stack)
{
    ouro_ref ref = (leaf_new)(type, sizeof(struct boxed), stack);
    if (ref) __builtin_memcpy(((struct boxed *)(void *)ref)->word, value, sizeof(uint64_t));
    return ref;
}
static inline void unbox(ouro_ref ref, void *value)
{
    __builtin_memcpy(value, ((struct boxed *)(void *)ref)->word, sizeof(uint64_t));
}

static inline bool is_float(ouro_ref ref) { return ouro_type_index(ref) == OURO_TYPE_FLOAT; }
static inline bool is_int(ouro_ref ref)
{
    unsigned type = ouro_type_index(ref);
    return type == OURO_TYPE_INT || type == OURO_TYPE_BOOL;
}

/* Arithmetic of two numbers as floats: a new reference, or NULL with the error set.  float.c */
ouro_ref float_arith(ouro_ref a, enum ouro_arith op, ouro_ref b) __attribute__((weak));

/* What is before the point of a float: false if that exceeds 64 bits, or there is no such number.
 * float.c */
bool float_whole(double x, int64_t *whole);

/* x ** y.  New reference, or NULL with an error.  float_power.c */
ouro_ref float_power(double x, double y);

/* Set ValueError: a format that has %d for the base, and repr() of a text.  Returns NULL.
 * int_from.c */
ouro_ref number_refuse(const char *format, int base, ouro_ref text);
/* int(x) or float(x) by a special method of x, or by __index__: a new reference; NULL with an
 * error, or without one if there is no such method.  int_from.c */
ouro_ref number_by_method(ouro_ref x, enum special special);

#endif
