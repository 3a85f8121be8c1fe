/* SPDX-License-Identifier: MIT
 * set.h - set and frozenset.
 *
 * Elements keep the order of their insertion, are found in O(1) and told apart by ==, identity
 * first.  What takes elements from elsewhere is O(n) and fails with RuntimeError when a finalizer
 * changes the size of what they are taken from; what was added before that stays.
 *
 * What says nothing of its cost is O(1). */
#ifndef OURO_SET_H
#define OURO_SET_H

#include "ouro/core.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An empty set.  New reference; NULL with MemoryError. */
ouro_ref ouro_set_new(void);
/* A set, or a frozenset, of the items of any object that has some (of a mapping its keys).  O(n).
 *   items    NULL for an empty frozenset; a frozenset is returned as it is
 *   returns  new reference; NULL with MemoryError, RuntimeError, or TypeError when `items` or one
 *            of them will not do */
ouro_ref ouro_set_from(ouro_ref items);
ouro_ref ouro_frozenset_from(ouro_ref items);
/* Is it a set or a frozenset?  The functions below take either, but those that change one. */
bool ouro_is_anyset(ouro_ref ref);

size_t ouro_set_len(ouro_ref set);
/* 1, 0, or -1 with TypeError.  O(1). */
int ouro_set_contains(ouro_ref set, ouro_ref key);
/* Add, unless it is there; takes a reference of its own.  0, or -1 with MemoryError or TypeError.
 * O(1). */
int ouro_set_add(ouro_ref set, ouro_ref key);
/* Remove: 1, 0 if it was not there, or -1 with TypeError.  O(1). */
int ouro_set_discard(ouro_ref set, ouro_ref key);
/* The same for what has to be there: 0, or -1 with KeyError or TypeError. */
int ouro_set_remove(ouro_ref set, ouro_ref key);
/* Remove and return the youngest element: a new reference.  NULL with KeyError.  O(1). */
ouro_ref ouro_set_pop(ouro_ref set);
void ouro_set_clear(ouro_ref set);
/* Walk in insertion order: start with *position = 0; true while there is an element.  Borrowed. */
bool ouro_set_next(ouro_ref set, size_t *position, ouro_ref *key);
/* Add the items of any object, as ouro_set_from().  0 or -1.  O(n). */
int ouro_set_update(ouro_ref set, ouro_ref items);

/* In what follows `a` may also be a dict's view of keys or items (ouro_dict_keys()), and `b` any
 * object that has items. */

/* New references to a new set, or frozenset if `a` is one (whose copy is itself); NULL with
 * MemoryError, RuntimeError or TypeError.  O(length of both).  ouro_arith() has the operators - & |
 * ^. */
ouro_ref ouro_set_copy(ouro_ref a);
ouro_ref ouro_set_union(ouro_ref a, ouro_ref b);
ouro_ref ouro_set_intersection(ouro_ref a, ouro_ref b);
ouro_ref ouro_set_difference(ouro_ref a, ouro_ref b);
ouro_ref ouro_set_symmetric_difference(ouro_ref a, ouro_ref b);

/* The same with the result in a set itself: 0, or -1 with an error (nothing changed).  O(length of
 * both). */
int ouro_set_intersection_update(ouro_ref set, ouro_ref b);
int ouro_set_difference_update(ouro_ref set, ouro_ref b);
int ouro_set_symmetric_difference_update(ouro_ref set, ouro_ref b);

/* 1, 0, or -1 with an error.  Equality and proper subsets: ouro_compare().  O(length of both). */
int ouro_set_issubset(ouro_ref a, ouro_ref b);
int ouro_set_issuperset(ouro_ref a, ouro_ref b);
int ouro_set_isdisjoint(ouro_ref a, ouro_ref b);

#ifdef __cplusplus
}
#endif
#endif
