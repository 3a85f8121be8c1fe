/* SPDX-License-Identifier: MIT
 * special.h - what the functions for any object ask classes of the program's: their special
 * methods.
 *
 * A program that does not say OURO_USE_SPECIAL_METHODS does not link special.c: then the weak
 * functions of these names are all, which stand where the others are called. */
#ifndef OURO_RUNTIME_SPECIAL_H
#define OURO_RUNTIME_SPECIAL_H

#include "ouro/abstract.h"

/* In the order of special.c's names; those of operators in the order of enum ouro_arith and enum
 * ouro_op. */
enum special {
    SPECIAL_ARITH,
    SPECIAL_POW = SPECIAL_ARITH + OURO_XOR + 1,
    SPECIAL_DIVMOD,
    SPECIAL_COMPARE,
    SPECIAL_LEN = SPECIAL_COMPARE + OURO_GE + 1,
    SPECIAL_BOOL,
    SPECIAL_ITER,
    SPECIAL_NEXT,
    SPECIAL_GETITEM,
    SPECIAL_SETITEM,
    SPECIAL_DELITEM,
    SPECIAL_CONTAINS,
    SPECIAL_GETATTR,
    SPECIAL_NEG,
    SPECIAL_POS,
    SPECIAL_INVERT,
    SPECIAL_ABS,
    SPECIAL_INT,
    SPECIAL_FLOAT,
    SPECIAL_INDEX,
};

#define UNLESS_SPECIAL __attribute__((weak))

/* What is left to be done with an object whose type has nothing for it: ask the class of an
 * instance, or fail, as the functions behind them do.  They return what the public functions do. */
ptrdiff_t special_len(ouro_ref self), no_len(ouro_ref self);
int special_truth(ouro_ref self), truth_by_length(ouro_ref self);
ouro_ref special_iter(ouro_ref self), no_iter(ouro_ref self);
ouro_ref special_next(ouro_ref self), no_next(ouro_ref self);
ouro_ref special_get(ouro_ref self, ouro_ref key), no_items(ouro_ref self);
/* self[key] = value; NULL: del self[key]. */
int special_set(ouro_ref self, ouro_ref key, ouro_ref value);
int no_set(ouro_ref self, ouro_ref key, ouro_ref value);
ouro_ref special_attr(ouro_ref self, ouro_ref name);

/* References to these are weak.  False: self is no instance, or its class has no such method; else
 * *result is the answer: a new reference or NULL; 1, 0 or -1. */
#pragma weak special_call
#pragma weak special_contains
#pragma weak special_binary
#pragma weak special_compare

/* Any method with one argument, or none: NULL. */
bool special_call(ouro_ref self, enum special special, ouro_ref argument, ouro_ref *result);
bool special_contains(ouro_ref self, ouro_ref item, int *result);
/* a `special` b, by a's method or the reflected one of b. */
bool special_binary(ouro_ref a, enum special special, ouro_ref b, ouro_ref *result);
/* self `op` other of an instance: 1, 0, -1 or OURO_NOT_IMPLEMENTED. */
int special_compare(ouro_ref self, ouro_ref other, enum ouro_op op);

#endif
