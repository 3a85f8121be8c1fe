/* SPDX-License-Identifier: MIT
 * context.c - entering and leaving: the context type, and any object with __enter__ and __exit__.
 *
 * What leaves gets the error as an object, and the error state to itself; afterwards that error is
 * raised again, ended, or the cause of a new one. */
#include "ouro/classes.h"
#include "ouro/exception.h"
#include "types/ops.h"

struct context {
    struct ouro_obj header;
    ouro_ref value;
    const struct ouro_context_def *def;
};

extern const struct ouro_type ouro_context_type;

static bool is_context(ouro_ref ref) { return ouro_type_index(ref) == OURO_TYPE_CONTEXT; }
static struct context *context_of(ouro_ref ref) { return (struct context *)(void *)ref; }

ouro_ref ouro_context_new(const struct ouro_context_def *def, ouro_ref value)
{
    const ouro_ref refs[] = {value};
    ouro_ref ref = object_holding(&ouro_context_type, 1, refs);
    if (ref) context_of(ref)->def = def;
    return ref;
}

/* Has its class a method?  If not, the TypeError of a `with`. */
static int has_method(ouro_ref self, const char *name, const char *what_is_missed)
{
    ouro_ref str = ouro_intern(name, strlen(name));
    if (!str) return -1;
    int has = ouro_type_index(self) == OURO_TYPE_CLASS ? 0 : ouro_attr_has(self, str);
    ouro_decref(str);
    if (has == 0)
        error_about(OURO_TYPE_ERROR, "'%T' object does not support the context manager protocol%s",
                    self, what_is_missed);
    return has > 0 ? 0 : -1;
}

static int has_exit(ouro_ref self)
{
    return has_method(self, "__exit__", " (missed __exit__ method)");
}

static ouro_ref call(ouro_ref self, const char *name, unsigned argc, const ouro_ref *argv)
{
    ouro_ref str = ouro_intern(name, strlen(name));
    ouro_ref result = str ? ouro_call_method(self, str, argc, argv) : NULL;
    ouro_xdecref(str);
    return result;
}

static ouro_ref enter(ouro_ref ref)
{
    if (has_method(ref, "__enter__", "") < 0 || has_exit(ref) < 0) return NULL;
    return call(ref, "__enter__", 0, NULL);
}

ouro_ref ouro_enter(ouro_ref ref)
{
    if (!is_context(ref)) return enter(ref);
    const struct context *context = context_of(ref);
    if (context->def->enter) return context->def->enter(context->value);
    return ouro_own(context->value ? context->value : OURO_NONE);
}

/* 1: the error ends here; 0; or -1 with an error. */
static int leave(ouro_ref ref, ouro_ref error)
{
    if (is_context(ref)) return context_of(ref)->def->leave(context_of(ref)->value, error);
    if (has_exit(ref) < 0) return -1;
    ouro_ref argv[3] = {error ? error : OURO_NONE, error ? error : OURO_NONE, OURO_NONE};
    return truth(call(ref, "__exit__", 3, argv));
}

/* The error that is set came up while this one was being handled. */
static void chain(ouro_ref error)
{
    ouro_ref newer = ouro_error_catch();
    if (!newer) return;
    ouro_exception_set_cause(newer, error);
    ouro_error_raise(newer);
    ouro_decref(newer);
}

int ouro_leave(ouro_ref ref)
{
    ouro_ref error = ouro_error_catch();
    int answer = leave(ref, error);
    if (error) {
        if (answer == 0) ouro_error_raise(error);
        if (answer < 0) chain(error);
        ouro_decref(error);
    }
    return ouro_error_get(NULL) == OURO_NO_ERROR ? 0 : -1;
}

/* ---- operations ---- */

static const char *context_type_name(ouro_ref self) { return context_of(self)->def->name; }

static int context_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    (void)part;
    return write_format(write, context, "<%T object at 0x%p>", self, self);
}

static const struct ouro_ops context_ops = {
    .repr = context_repr,
    .type_name = context_type_name,
};
const struct ouro_type ouro_context_type = {
    .name = "context",
    .index = OURO_TYPE_CONTEXT,
    .size_bytes = sizeof(struct context),
    .refs = OURO_REF_BIT(struct context, value),
    .ops = &context_ops,
};
