/* SPDX-License-Identifier: MIT
 * generator.c - the generator type: a step function in flash, where it stopped, and its locals.
 *
 * One function resumes it, whatever for: next, send, throw, close and the end of its life differ in
 * what is sent.  There is a type for each even number of locals: an odd one leaves a word of a
 * granule empty. */
#include "ouro/generator.h"

#include "types/ops.h"

enum status { FRESH, SUSPENDED, RUNNING, FINISHED };

struct generator {
    struct ouro_obj header;
    const struct ouro_generator_def *def;
    uint16_t state;
    uint8_t status; /* enum status */
    ouro_ref locals[];
};

enum { TYPES = OURO_LOCALS_MOST / 2 + 1 };
extern const struct ouro_type generator_types[TYPES];

static struct generator *generator_of(ouro_ref ref)
{
    if (ouro_type_index(ref) - OURO_TYPE_GENERATOR >= (unsigned)TYPES)
        expect_failed(OURO_TYPE_GENERATOR);
    return (struct generator *)(void *)ref;
}

ouro_ref ouro_generator_new(const struct ouro_generator_def *def, unsigned argc,
                            const ouro_ref *argv)
{
    ouro_require_that(def->locals <= OURO_LOCALS_MOST && argc <= def->locals,
                      "a generator has 14 locals at most, and no more arguments than locals");
    ouro_ref ref = object_holding(&generator_types[(def->locals + 1u) / 2], argc, argv);
    if (!ref) return NULL;
    generator_of(ref)->def = def;
    if (!def->has_cleanup) { /* no more to its end than to that of a tuple */
        ref->count_flags |= FLAG_FINALIZED;
        ouro_heap->gc.special--;
    }
    return ref;
}

static void finish(struct generator *g)
{
    g->status = FINISHED;
    for (unsigned i = g->def->locals; i-- > 0;) ouro_put(&g->locals[i], NULL);
}

/* Run to the next yield; what comes out of the generator is a new reference, or NULL at its end. */
static ouro_ref resume(ouro_ref self, ouro_ref sent)
{
    struct generator *g = generator_of(self);
    if (g->status == RUNNING) return error_null(OURO_VALUE_ERROR, "generator already executing");
    if (g->status == FINISHED) return NULL;
    if (g->status == FRESH && sent != OURO_NONE) {
        if (sent)
            ouro_error_set(OURO_TYPE_ERROR,
                           "can't send non-None value to a just-started generator");
        else
            finish(g); /* nothing of it has run, so that nothing can catch anything */
        return NULL;
    }
    ouro_incref(self); /* what it does may drop the last other reference to it */
    g->status = RUNNING;
    ouro_ref item = g->def->step(self, g->locals, &g->state, sent);
    g->status = SUSPENDED;
    if (!item) finish(g);
    ouro_decref(self);
    return item;
}

static ouro_ref generator_advance(ouro_ref self) { return resume(self, OURO_NONE); }

ouro_ref ouro_generator_send(ouro_ref generator, ouro_ref value)
{
    ouro_error_clear();
    return resume(generator, value);
}

ouro_ref ouro_generator_throw(ouro_ref generator)
{
    ouro_require_that(ouro_error_get(NULL) != OURO_NO_ERROR, "there is no error to throw");
    return resume(generator, NULL);
}

int ouro_generator_close(ouro_ref generator)
{
    ouro_error_clear();
    ouro_ref item = resume(generator, NULL);
    if (item) {
        ouro_decref(item);
        ouro_error_set(OURO_RUNTIME_ERROR, "generator ignored GeneratorExit");
    }
    return ouro_error_get(NULL) == OURO_NO_ERROR ? 0 : -1;
}

/* ---- operations ---- */

static void generator_finalize(ouro_ref self)
{
    struct error_state before;
    error_save(&before);
    if (ouro_generator_close(self) < 0) error_report(self);
    error_restore(&before);
}

static int generator_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    (void)part;
    const char *name = generator_of(self)->def->name;
    return write_format(write, context, "<generator object %s at 0x%p>", name, self);
}

static const struct ouro_ops generator_ops = {
    .repr = generator_repr,
    .advance = generator_advance,
};

/* Room for 2 k locals. */
#define LOCALS(k)                                                                                  \
    {                                                                                              \
        .name = "generator", .index = OURO_TYPE_GENERATOR + (k),                                   \
        .size_bytes = sizeof(struct generator) + 2 * (k) * sizeof(ouro_ref),                       \
        .refs = ((1u << 2 * (k)) - 1u) * OURO_REF_BIT(struct generator, locals[0]),                \
        .finalize = generator_finalize, .ops = &generator_ops                                      \
    }
const struct ouro_type generator_types[TYPES] = {LOCALS(0), LOCALS(1), LOCALS(2), LOCALS(3),
                                                 LOCALS(4), LOCALS(5), LOCALS(6), LOCALS(7)};
