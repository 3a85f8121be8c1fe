/* SPDX-License-Identifier: MIT
 * weak.h - weak references, as counting and the collector see them.
 *
 * An object's weak references form a list headed by a word that its type declares; HAS_WEAK in the
 * header says that the list is not empty.  A weak reference to a dead object reads as None at once
 * (DEAD in the header); the list is taken apart later, a weak reference a unit. */
#ifndef OURO_RUNTIME_WEAK_H
#define OURO_RUNTIME_WEAK_H

#include "object.h"

/* The table of interned strings refers weakly to each; no list of weak references heads it. */
static inline bool is_interned(ouro_ref o)
{
    return o->type_gc >> TYPE_SHIFT == OURO_TYPE_STR && has_flag(o, FLAG_HAS_WEAK);
}
/* An interned string is dead: take it out of the table.  O(1); intern.c, linked with what interns.
 */
__attribute__((weak)) void str_forget(ouro_ref str);

/* Cut off up to `limit` weak references of an object.  Returns how many it cut: units. */
uint32_t clear_weak(ouro_ref o, uint32_t limit);

/* A weak reference is freed: take it off its object's list.  O(1). */
void weakref_unlink(ouro_ref weakref);

/* R4: a new reference to an object found by an uncounted way, or NULL if it is dead or condemned.
 */
ouro_ref adopt(ouro_ref o);

#endif
