/* SPDX-License-Identifier: MIT
 * weakref.h - CPython's weakref module: ref, proxy, finalize, and containers that keep nothing
 * alive.
 *
 * A weak reference leads to an object without a count.  It reads as dead from the moment at which
 * the object's count falls to 0 and its finalizer has not revived it, or at which the collector has
 * found it to be garbage.  Callbacks run later, newest first, one a call, in ouro_decref, in what
 * makes objects and in ouro_gc_step; one that fails is reported (ouro_error_set_hook), and nobody
 * else hears of it.
 *
 * What says nothing of its cost is O(1). */
#ifndef OURO_WEAKREF_H
#define OURO_WEAKREF_H

#include "ouro/core.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- ref ---- */

/* Called when the object of a weak reference is gone.
 *   weakref  borrowed; reads as None, as do all others to the object
 *   context  what was given with it, borrowed; NULL if that was
 *   returns  0, or -1 with the error set */
typedef int ouro_weak_fn(ouro_ref weakref, ouro_ref context);

/* A weak reference; the one that there is already, if any.  New reference.  O(1).
 *   NULL   TypeError when the type has no room for one, or MemoryError */
ouro_ref ouro_weakref_new(ouro_ref target);
/* New reference to one with a callback, an object of its own.  It holds a reference to `context`,
 * which may be NULL. The callback is not called if the weak reference is gone, or garbage, before
 * the object is. */
ouro_ref ouro_weakref_new_with(ouro_ref target, ouro_weak_fn *callback, ouro_ref context);
/* A callback that calls its context, a function or any other callable, with the weak reference. */
int ouro_weakref_call(ouro_ref weakref, ouro_ref callable);
/* The object, a new reference, or None (immortal) once it is dead or found to be garbage. */
ouro_ref ouro_weakref_get(ouro_ref weakref);
/* The callback that is still to be called, and its context (borrowed; may be NULL), or NULL. */
ouro_weak_fn *ouro_weakref_callback(ouro_ref weakref, ouro_ref *context);

/* How many weak references there are to an object, those of proxies, finalizes and containers
 * included; 0 where there can be none.  O(n). */
size_t ouro_weakref_count(ouro_ref target);
/* The weak references to an object, newest first, behind those without a callback.
 *   weakref  NULL: begin; else what the last call returned, and the caller still holds
 *   returns  new reference, or NULL at the end.  O(1), and one step for each that is dying */
ouro_ref ouro_weakref_next(ouro_ref target, ouro_ref weakref);

/* ---- proxy: is called, compared and asked for attributes as its object; cannot be hashed ---- */

/* New references, as of ouro_weakref_new(); NULL: TypeError or MemoryError. */
ouro_ref ouro_proxy_new(ouro_ref target);
ouro_ref ouro_proxy_new_with(ouro_ref target, ouro_weak_fn *callback, ouro_ref context);
/* The object, a new reference; NULL with ReferenceError once it is gone. */
ouro_ref ouro_proxy_get(ouro_ref proxy);

/* ---- finalize: a call when an object is gone, or at exit, whichever comes first ---- */

/* What it calls; `context` is borrowed.  Returns a new reference, or NULL with the error set. */
typedef ouro_ref ouro_finalize_fn(ouro_ref context);

/* New reference; the runtime holds another until it was called or detached.  A `context` that leads
 * to the target keeps it alive.  NULL: TypeError or MemoryError.  O(1). */
ouro_ref ouro_finalize_new(ouro_ref target, ouro_finalize_fn *call, ouro_ref context);
/* An ouro_finalize_fn that calls its context, a callable, without arguments.  New reference. */
ouro_ref ouro_finalize_call_context(ouro_ref callable);
/* Is it still to be called? */
bool ouro_finalize_is_alive(ouro_ref finalize);
/* Call it now, unless it is dead.  What it returned, a new reference; None if it was dead; NULL
 * with an error. */
ouro_ref ouro_finalize_call(ouro_ref finalize);
/* What it is about, as new references (*context may be NULL); false if it is dead. */
bool ouro_finalize_peek(ouro_ref finalize, ouro_ref *target, ouro_finalize_fn **call,
                        ouro_ref *context);
/* The same, and it will not be called any more. */
bool ouro_finalize_detach(ouro_ref finalize, ouro_ref *target, ouro_finalize_fn **call,
                          ouro_ref *context);
/* Is it called at exit?  True unless set. */
bool ouro_finalize_get_atexit(ouro_ref finalize);
void ouro_finalize_set_atexit(ouro_ref finalize, bool atexit);
/* Call those that are alive, last made first, those made meanwhile among them; errors are reported.
 * Those not for exit are dead afterwards.  O(n). */
void ouro_finalize_run_all(void);

/* ---- containers: an entry goes when its key (of a dictionary of values, its value) is gone ----
 */

/* Members are found as in a dict, by hash and ==, and kept in the order in which they came.  All of
 * these take references of their own; an int returned is 0, or -1 with the error set: TypeError for
 * what cannot be hashed or weakly referred to, KeyError, MemoryError. */

/* New references, NULL with MemoryError, to a WeakValueDictionary, WeakKeyDictionary, WeakSet. */
ouro_ref ouro_weakvalues_new(void);
ouro_ref ouro_weakkeys_new(void);
ouro_ref ouro_weakset_new(void);

/* For all three. */
size_t ouro_weak_len(ouro_ref container);
void ouro_weak_clear(ouro_ref container);
/* Put the members of a container of the same type into this one.  O(n). */
int ouro_weak_update(ouro_ref container, ouro_ref from);

/* Walk through a container.  Members that die meanwhile are passed over, and stay in their places
 * until the last walk has ended, so that no other is missed. */
struct ouro_weak_walk {
    ouro_ref container;
    size_t position;
};
void ouro_weak_begin(struct ouro_weak_walk *walk, ouro_ref container);
/* The next member, its key and its value (NULL for a set) as new references; either may be NULL if
 * not wanted.  False at the end.  O(1), and one step for each that died. */
bool ouro_weak_next(struct ouro_weak_walk *walk, ouro_ref *key, ouro_ref *value);
void ouro_weak_end(struct ouro_weak_walk *walk);

int ouro_weakvalues_set(ouro_ref dict, ouro_ref key, ouro_ref value);
/* New reference, since nobody else may hold it; NULL without an error if there is none. */
ouro_ref ouro_weakvalues_get(ouro_ref dict, ouro_ref key);
int ouro_weakvalues_del(ouro_ref dict, ouro_ref key);
/* Remove and return it: a new reference; NULL with KeyError. */
ouro_ref ouro_weakvalues_pop(ouro_ref dict, ouro_ref key);

int ouro_weakkeys_set(ouro_ref dict, ouro_ref key, ouro_ref value);
/* New reference; NULL without an error if there is none. */
ouro_ref ouro_weakkeys_get(ouro_ref dict, ouro_ref key);
bool ouro_weakkeys_has(ouro_ref dict, ouro_ref key);
int ouro_weakkeys_del(ouro_ref dict, ouro_ref key);
/* Remove and return it: a new reference; NULL with KeyError. */
ouro_ref ouro_weakkeys_pop(ouro_ref dict, ouro_ref key);

int ouro_weakset_add(ouro_ref set, ouro_ref member);
bool ouro_weakset_has(ouro_ref set, ouro_ref member);
/* Remove it if it is there. */
int ouro_weakset_discard(ouro_ref set, ouro_ref member);
/* The same with KeyError if it is not. */
int ouro_weakset_remove(ouro_ref set, ouro_ref member);
/* Remove and return any member: a new reference; NULL with KeyError if there is none. */
ouro_ref ouro_weakset_pop(ouro_ref set);

#ifdef __cplusplus
}
#endif
#endif
