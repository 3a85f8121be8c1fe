/* SPDX-License-Identifier: MIT
 * abstract.h - what CPython's abstract object layer does with objects of any kind: truth, items,
 * arithmetic, conversions.
 *
 * A program that knows what it has calls the type's own functions, which are quicker.
 *
 * What says nothing of its cost is O(1). */
#ifndef OURO_ABSTRACT_H
#define OURO_ABSTRACT_H

#include "ouro/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* bool(ref): 0 for None, False, zeros and what has a len() of 0, else 1.  As
 * ouro_len(). */
int ouro_truth(ouro_ref ref);

/* ---- items: of a list, tuple, str, range or bytes-like object by int or slice, of a dict by key
 * ---- */

/* self[key]: a new reference; NULL with IndexError, KeyError, TypeError or MemoryError.  O(1), but
 * O(n) by a slice, and of a str that is not ASCII. */
ouro_ref ouro_item_get(ouro_ref self, ouro_ref key);
/* self[key] = value, of a list, dict, bytearray or memoryview; by slices nothing is set.  0, or -1
 * with an error, as for the type's own function. */
int ouro_item_set(ouro_ref self, ouro_ref key, ouro_ref value);
/* del self[key], of a list, O(n - key), or dict, O(1). */
int ouro_item_del(ouro_ref self, ouro_ref key);
/* item in self: 1, 0, or -1 with an error.  O(1) of a dict, set or range of ints; else O(n), and of
 * an iterator it uses up what is before the item. */
int ouro_contains(ouro_ref self, ouro_ref item);

/* Where an item is among those of any object, and how often: by ==, identity first.  -1 with an
 * error; ValueError: it is not there.  O(n). */
ptrdiff_t ouro_sequence_index(ouro_ref self, ouro_ref item);
ptrdiff_t ouro_sequence_count(ouro_ref self, ouro_ref item);

/* ---- arithmetic of int, bool and float; + and * of sequences; - & | ^ of sets and views ---- */

enum ouro_arith {
    OURO_ADD,
    OURO_SUB,
    OURO_MUL,
    OURO_DIV,      /* a / b is a float; ints beyond 2^53 are rounded to one first */
    OURO_FLOORDIV, /* rounded down, as in Python */
    OURO_MOD,      /* has the sign of b */
    OURO_LSHIFT,
    OURO_RSHIFT,
    OURO_AND,
    OURO_OR,
    OURO_XOR,
};

/* a `op` b: a new reference; of bools an int, of an int and a float a float.
 *   NULL  TypeError; ZeroDivisionError; ValueError (a negative shift); OverflowError where an int
 *         would need more than 64 bits, which Python's may have; MemoryError
 *   cost  O(1), but for the remainder of floats: O(difference of their exponents), and for what
 *         makes a sequence or a set: O(its length) */
ouro_ref ouro_arith(ouro_ref a, enum ouro_arith op, ouro_ref b);

/* The same, for operations other than OURO_DIV: a program that does not call ouro_arith() and has
 * no float links no float. */
ouro_ref ouro_add_slow(ouro_ref a, enum ouro_arith op, ouro_ref b);

/* The same, quick where both and the result are ints of 31 bits. */
static inline ouro_ref ouro_add(ouro_ref a, ouro_ref b)
{
    int32_t sum;
    if (((uintptr_t)a & (uintptr_t)b & 1u) != 0 &&
        !__builtin_add_overflow((int32_t)(uintptr_t)a, (int32_t)(uintptr_t)b - 1, &sum))
        return (ouro_ref)(uintptr_t)(uint32_t)sum;
    return ouro_add_slow(a, OURO_ADD, b);
}
static inline ouro_ref ouro_sub(ouro_ref a, ouro_ref b)
{
    int32_t difference;
    if (((uintptr_t)a & (uintptr_t)b & 1u) != 0 &&
        !__builtin_sub_overflow((int32_t)(uintptr_t)a, (int32_t)(uintptr_t)b - 1, &difference))
        return (ouro_ref)(uintptr_t)(uint32_t)difference;
    return ouro_add_slow(a, OURO_SUB, b);
}

/* ---- conversions ---- */

/* list(items), tuple(items): of what any object gives when it is iterated; a tuple is returned as
 * it is.  New reference; NULL with TypeError, MemoryError or the iterator's error.  O(n). */
ouro_ref ouro_list_from(ouro_ref items);
ouro_ref ouro_tuple_from(ouro_ref items);
/* repr(ref), str(ref) as a str.  New reference; NULL with MemoryError, or what a method of the
 * program's failed with.  O(n). */
ouro_ref ouro_repr_str(ouro_ref ref);
ouro_ref ouro_str_str(ouro_ref ref);
/* A str made of a format, %s, %d and %u, and what goes into it, which has to stay as it is though
 * code of the program's may run.  New reference; NULL with MemoryError, or ValueError where that is
 * not UTF-8.  O(n). */
ouro_ref ouro_str_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* separator.join(items): the strs that any object gives when it is iterated, and the separator
 * between them.  New reference; NULL with TypeError, MemoryError or the iterator's error.  O(n). */
ouro_ref ouro_str_join(ouro_ref separator, ouro_ref items);
/* a + b of two strs.  New reference; NULL with MemoryError or TypeError.  O(n). */
ouro_ref ouro_str_concat(ouro_ref a, ouro_ref b);

#ifdef __cplusplus
}
#endif
#endif
