/* SPDX-License-Identifier: MIT
 * exception.h - errors as objects, and what is released whatever happens.
 *
 * The error state (ouro/core.h) is a kind and a message; an exception is the same as an object, to
 * be kept, passed on and raised again.
 *
 *   OURO_WITH(file, context) { ... file.value ... }     `with context as file`
 *   OURO_AUTO(ouro_ref x) = ouro_list_new();            dropped on every way out of the block
 *
 * What says nothing of its cost is O(1). */
#ifndef OURO_EXCEPTION_H
#define OURO_EXCEPTION_H

#include "ouro/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- exceptions ---- */

/* New reference to an exception; 24 bytes.
 *   message  a str, of which it takes a reference of its own; NULL: none
 *   cause    what was being handled, NULL: nothing; a reference of its own
 *   NULL     MemoryError, or TypeError if the message is no str */
ouro_ref ouro_exception_new(enum ouro_error_kind kind, ouro_ref message, ouro_ref cause);
/* The parts of an exception, borrowed, NULL where there is none; OURO_NO_ERROR for what is no
 * exception. */
enum ouro_error_kind ouro_exception_kind(ouro_ref exception);
ouro_ref ouro_exception_message(ouro_ref exception);
ouro_ref ouro_exception_cause(ouro_ref exception);
/* Takes a reference of its own; NULL: none.  A MemoryError that lies in flash has none. */
void ouro_exception_set_cause(ouro_ref exception, ouro_ref cause);

/* Take the error that is set as an object, and clear it: a new reference, NULL if none is set. What
 * was raised as an object comes back as the same.  Where there is no memory for one it is a
 * MemoryError, which lies in flash.  Collects. */
ouro_ref ouro_error_catch(void);
/* Set the error state to an exception; takes a reference of its own, which is held until another
 * one is raised or caught.  Collects nothing. */
void ouro_error_raise(ouro_ref exception);

/* ---- contexts: what is entered and left ---- */

/* Enter and leave for C code; const, in flash. */
struct ouro_context_def {
    const char *name; /* of the type, for repr */
    /* What `as` names, a new reference; NULL with the error set: it is not entered.  NULL in place
     * of the function: the context's value. */
    ouro_ref (*enter)(ouro_ref value);
    /* `error` is the exception on whose way it is left, NULL: none; borrowed.  Returns 1 to end
     * that exception here, else 0, or -1 with an error set. */
    int (*leave)(ouro_ref value, ouro_ref error);
};
/* New reference to a context, 16 bytes; takes a reference of its own to the value (may be NULL).
 * NULL: MemoryError. */
ouro_ref ouro_context_new(const struct ouro_context_def *def, ouro_ref value);

/* Enter a context, or any object that has __enter__ and __exit__: what `as` names, a new reference,
 * or NULL with TypeError or what it failed with.  O(1) and its own. */
ouro_ref ouro_enter(ouro_ref context);
/* Leave it, because of the error that is set, or of none.  An error it ends is cleared.  __exit__
 * gets (exception, exception, None), or None three times.  Returns 0, or -1 with an error set: that
 * one, or a new one whose cause it is. */
int ouro_leave(ouro_ref context);

/* ---- release on every way out of a block: its end, return, break, goto ---- */

static inline void ouro_auto_release(ouro_ref *variable)
{
    if (*variable) ouro_decref(*variable);
}
/* OURO_AUTO(ouro_ref x) = new reference or NULL; */
#define OURO_AUTO(declaration) declaration __attribute__((cleanup(ouro_auto_release)))

struct ouro_with {
    ouro_ref context, value; /* value: borrowed by the block */
    bool is_open;
};
static inline struct ouro_with ouro_with_enter(ouro_ref context)
{
    struct ouro_with with = {context, ouro_enter(context), false};
    with.is_open = with.value != NULL;
    if (with.is_open) ouro_incref(context);
    return with;
}
static inline void ouro_with_leave(struct ouro_with *with)
{
    if (!with->value) return;
    (void)ouro_leave(with->context);
    ouro_decref(with->value);
    ouro_decref(with->context);
}
/* Run the block that follows inside a context (borrowed); it is not run if entering fails.  The
 * error state says how it went.  `break` leaves the block, and only that. */
#define OURO_WITH(name, context)                                                                   \
    for (struct ouro_with name                                                                     \
         __attribute__((cleanup(ouro_with_leave))) = ouro_with_enter(context);                     \
         (name).is_open; (name).is_open = false)

#ifdef __cplusplus
}
#endif
#endif
