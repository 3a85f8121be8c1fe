/* SPDX-License-Identifier: MIT
 * weak.h - weak references, as counting and the collector see them.
 *
 * An object's weak references form a list headed by a word that its type declares; HAS_WEAK in the
 * header says that the list is not empty.  First come those that are shared (one weakref and one
 * proxy without callback), then the others, newest first.  A weak reference to a dead object reads
 * as None at once (DEAD in the header); the list is taken apart later, a weak reference a unit.
 * Those with a callback then wait on the queue of what is due, which holds a reference to each. */
#ifndef OURO_RUNTIME_WEAK_H
#define OURO_RUNTIME_WEAK_H

#include "object.h"
#include "ouro/types.h"
#include "ouro/weakref.h"

struct weakref {
    struct ouro_obj header;
    ouro_ref target;     /* not counted; NULL once it is cut off */
    ouro_ref next, prev; /* weak references to the same object; then, the next one due */
    uint32_t hash;       /* the target's, kept after it; 0: not asked for yet */
    /* Of those that do something when the target is gone: */
    ouro_ref context; /* of the callback; of a container's entry, its token */
    union {
        ouro_weak_fn *callback;
        ouro_finalize_fn *call; /* of a finalize */
        ouro_ref item;          /* of a container's entry: the value of a weak key, or reversed */
    } then;
};
enum { SHARED_WEAKREF_BYTES = offsetof(struct weakref, context) };

static inline struct weakref *weakref_of(ouro_ref ref) { return (struct weakref *)(void *)ref; }
static inline bool is_weakref(ouro_ref ref) { return is_weak_type((unsigned)ouro_type_index(ref)); }

/* The table of interned strings refers weakly to each; no list of weak references heads it. */
static inline bool is_interned(ouro_ref o)
{
    return o->type_gc >> TYPE_SHIFT == OURO_TYPE_STR && has_flag(o, FLAG_HAS_WEAK);
}
/* An interned string is dead: take it out of the table.  O(1); intern.c, linked with what interns.
 */
__attribute__((weak)) void str_forget(ouro_ref str);

/* ---- weak.c ---- */

/* The word that heads an object's list of weak references.
 *   is_wanted  if it has to be made first, make it: may collect
 *   returns    NULL if there is none; with MemoryError, or without an error if it cannot have one
 */
ouro_ref *weak_head(ouro_ref o, bool is_wanted);

/* Cut off weak references of an object that is dead or garbage, for up to `limit` units.  Returns
 * units. */
uint32_t clear_weak(ouro_ref o, uint32_t limit);

/* A weak reference is freed: take it off its object's list.  O(1). */
void weakref_unlink(ouro_ref weakref);

/* Run the first callback that is due, if any may run now.  Returns units, or 0. */
uint32_t weak_run_due(void);

/* R4: a new reference to an object found by an uncounted way, or NULL if it is dead or condemned.
 */
ouro_ref adopt(ouro_ref o);
/* The same for what a weak reference led to that was not cut off. */
ouro_ref weak_adopt(ouro_ref o);
/* The same for what a weak reference leads to. */
ouro_ref weak_target(ouro_ref weakref);

/* ---- types/weakref.c ---- */

/* Hash and == of their targets. */
extern const struct ouro_ops weakref_ops;

/* A weak reference of some type to an object, which the caller holds if something is due of it; its
 * other fields zeroed.  That of types without callback is the one that there is, if any.  New
 * reference, or NULL with TypeError or MemoryError.
 */
ouro_ref weak_make(const struct ouro_type *type, ouro_ref target);
/* One with a callback, of a type of that size.  NULL as above. */
ouro_ref weak_make_calling(const struct ouro_type *type, ouro_ref target, ouro_weak_fn *callback,
                           ouro_ref context);
/* Write "<name at 0x...; to 'type' at 0x...>". */
int weak_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context);

/* ---- of types that a program may not have ---- */

/* An entry's target is cut off: its container counts it.  Returns if it is to be removed. */
__attribute__((weak)) bool weakentry_died(ouro_ref entry);
/* It is due: remove it.  Returns units. */
__attribute__((weak)) uint32_t weakentry_remove(ouro_ref entry);
/* Call those for exit. */
__attribute__((weak)) void ouro_finalize_run_all(void);
__attribute__((weak)) bool ouro_finalize_is_alive(ouro_ref finalize);
/* A finalize is due.  Returns 0, or -1 with the error set. */
__attribute__((weak)) int finalize_run(ouro_ref finalize);
/* The word of an instance's list.  See weak_head(). */
__attribute__((weak)) ouro_ref *instance_weak_head(ouro_ref instance, bool is_wanted);

#endif
