/* SPDX-License-Identifier: MIT
 * types.h - the built-in types: None, bool, int, float, str, list, dict. */
#ifndef OURO_TYPES_H
#define OURO_TYPES_H

#include "ouro/core.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- objects in flash: immortal, no memory, incref and decref leave them alone ---- */

extern const struct ouro_obj ouro_none_object, ouro_false_object, ouro_true_object;
#define OURO_NONE  ((ouro_ref)(uintptr_t)&ouro_none_object)
#define OURO_FALSE ((ouro_ref)(uintptr_t)&ouro_false_object)
#define OURO_TRUE  ((ouro_ref)(uintptr_t)&ouro_true_object)

/* Borrowed, but immortal: no need to count. */
static inline ouro_ref ouro_bool(bool value) { return value ? OURO_TRUE : OURO_FALSE; }

/* ---- int: 31 bits immediate, boxed up to 64 ---- */

/* New reference; immediate (no memory) for -2^30 .. 2^30-1.  NULL: MemoryError. */
ouro_ref ouro_int_new(int64_t value);
/* 0 and the value, or -1 with TypeError.  True and False count as 1 and 0, as in Python. */
int ouro_int_get(ouro_ref ref, int64_t *value);

/* ---- float: an IEEE 754 double ---- */

ouro_ref ouro_float_new(double value);
/* 0 and the value (an int is converted), or -1 with TypeError. */
int ouro_float_get(ouro_ref ref, double *value);

/* ---- str: immutable UTF-8, length and hash cached ---- */

/* New reference to a string of these bytes.
 *   utf8   valid UTF-8 (surrogates may stand for themselves, as in Python); may hold zero bytes
 *   NULL   MemoryError, or ValueError when the bytes are not UTF-8 */
ouro_ref ouro_str_new(const char *utf8, size_t bytes);
/* The same for a C string. */
ouro_ref ouro_str_from(const char *utf8);
/* The bytes of a str (borrowed, followed by a zero byte) and their number; NULL with TypeError. */
const char *ouro_str_bytes(ouro_ref str, size_t *bytes);
/* A string whose bytes the caller fills in before anybody else sees it: *buffer has room for
 * `bytes`.  The caller vouches for valid UTF-8.  New reference; NULL: MemoryError. */
ouro_ref ouro_str_alloc(size_t bytes, char **buffer);

/* ---- list: a tree of nodes of 16, indexed by shifts; no append ever copies the list ---- */

ouro_ref ouro_list_new(void);
size_t ouro_list_len(ouro_ref list);
/* Item i, borrowed.  i < 0 counts from the end.  NULL with IndexError.  O(depth), depth <= 5. */
ouro_ref ouro_list_get(ouro_ref list, ptrdiff_t i);
/* Replace item i; takes a reference of its own.  0, or -1 with IndexError.  O(depth). */
int ouro_list_set(ouro_ref list, ptrdiff_t i, ouro_ref item);
/* Append; takes a reference of its own.  0, or -1 with MemoryError.  O(depth). */
int ouro_list_append(ouro_ref list, ouro_ref item);
/* Insert before position i (clamped, as in Python).  O(n - i). */
int ouro_list_insert(ouro_ref list, ptrdiff_t i, ouro_ref item);
/* Remove and return item i: a new reference.  O(n - i); at the end O(depth).  NULL: IndexError. */
ouro_ref ouro_list_pop(ouro_ref list, ptrdiff_t i);
/* Drop every item; the nodes die through the dead queue. */
void ouro_list_clear(ouro_ref list);

/* ---- dict: insertion-ordered; no insert ever rehashes the table ---- */

ouro_ref ouro_dict_new(void);
size_t ouro_dict_len(ouro_ref dict);
/* Value of a key, borrowed; NULL without an error when it is missing, with TypeError when the key
 * cannot be hashed.  O(1). */
ouro_ref ouro_dict_get(ouro_ref dict, ouro_ref key);
/* Set; takes references of its own to key and value.  0, or -1 with MemoryError or TypeError. */
int ouro_dict_set(ouro_ref dict, ouro_ref key, ouro_ref value);
/* Remove.  0, or -1 with KeyError or TypeError. */
int ouro_dict_del(ouro_ref dict, ouro_ref key);
/* Walk in insertion order: start with *position = 0; true while there is an entry.  Borrowed. */
bool ouro_dict_next(ouro_ref dict, size_t *position, ouro_ref *key, ouro_ref *value);
void ouro_dict_clear(ouro_ref dict);

/* ---- weakref: does not keep its object alive ---- */

/* New reference to a weak reference; NULL with TypeError when the type has no room for one, or
 * MemoryError. */
ouro_ref ouro_weakref_new(ouro_ref target);
/* The object, a new reference, or None (immortal) once it is dead or found to be garbage (R4). */
ouro_ref ouro_weakref_get(ouro_ref weakref);

/* ---- any object ---- */

/* Python's hash(): equal values, equal hashes, across int, bool and float.  -1 with TypeError for
 * list and dict, else 0 and the hash. */
int ouro_hash(ouro_ref ref, uint32_t *hash);
/* Python's == : 1, 0, or -1 with an error.  No recursion; nesting costs memory from the arena. */
int ouro_equal(ouro_ref a, ouro_ref b);
/* repr() as CPython prints it, piece by piece; cycles as [...] and {...}.
 *   cost    O(n); the C stack stays flat, nesting takes memory from the arena
 *   returns 0, or -1 with MemoryError (part of the text may have been written) */
int ouro_repr(ouro_ref ref, ouro_write_fn *write, void *context);

#ifdef __cplusplus
}
#endif
#endif
