/* SPDX-License-Identifier: MIT
 * generator.h - generators: a C function that goes on where it stopped.
 *
 *   static ouro_ref squares(ouro_ref generator, ouro_ref *locals, uint16_t *state, ouro_ref sent)
 *   {
 *       int64_t n = *state;
 *       if (!sent || n == 10) return NULL;     (closed, or at the end)
 *       ++*state;
 *       return ouro_int_new(n * n);
 *   }
 *   static const struct ouro_generator_def squares_def = {.name = "squares", .step = squares};
 *
 * A generator is its own iterator: ouro_iter_next() gives what it yields.
 *
 * What says nothing of its cost is O(1). */
#ifndef OURO_GENERATOR_H
#define OURO_GENERATOR_H

#include "ouro/types.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { OURO_LOCALS_MOST = 14 };

/* What a generator does; const, in flash. */
struct ouro_generator_def {
    const char *name; /* as Python's __qualname__ */
    /* Run to the next yield.
     *   locals   its variables, NULL at first but for those given; change them by ouro_put() and
     *            ouro_take()
     *   state    0 at first, then what the last step left there: where to go on
     *   sent     borrowed: None, or what was sent.  NULL: an exception comes out of the yield where
     *            it stopped.  It is the error that is set; if none is, the generator is being
     *            closed, and has to end
     *   returns  what it yields, a new reference; NULL at its end, with an error set or not */
    ouro_ref (*step)(ouro_ref generator, ouro_ref *locals, uint16_t *state, ouro_ref sent);
    uint8_t locals;   /* how many, 0 .. 14 */
    bool has_cleanup; /* close it when it dies: step does more at its end than drop its locals */
};

/* New reference to a generator that has not begun; 16 bytes and 4 a local.
 *   def   lives for ever
 *   argv  argc references for the first of its locals; takes references of its own
 *   NULL  MemoryError */
ouro_ref ouro_generator_new(const struct ouro_generator_def *def, unsigned argc,
                            const ouro_ref *argv);
/* The same as ouro_iter_next(), and gives the generator a value (None if it has not begun, else
 * TypeError).  ValueError if it is running already.  These three cost what the step does. */
ouro_ref ouro_generator_send(ouro_ref generator, ouro_ref value);
/* The error that is set comes out of the yield where the generator stopped.  Returns what it yields
 * next, a new reference, or NULL: at its end, or with an error, as a rule that very one. */
ouro_ref ouro_generator_throw(ouro_ref generator);
/* End it: its step has a last run if it began, then its locals are dropped.
 *   returns  0, or -1 with ValueError if it is running, RuntimeError if it yields instead, or what
 *            its step failed with */
int ouro_generator_close(ouro_ref generator);

#ifdef __cplusplus
}
#endif
#endif
