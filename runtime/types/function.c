/* SPDX-License-Identifier: MIT
 * function.c - the function type: C code, described in flash, and one reference to what it closes
 * over.  A call checks the number of arguments and goes on to the C code, nothing else. */
#include "types/function.h"

#include "types/ops.h"

struct function {
    struct ouro_obj header;
    ouro_ref closure;
    const struct ouro_function_def *def;
};

static struct function *function_of(ouro_ref ref) { return expect(ref, OURO_TYPE_FUNCTION); }

const char *function_name(ouro_ref callable)
{
    if (ouro_type_index(callable) != OURO_TYPE_FUNCTION) return ouro_type_name(callable);
    return function_of(callable)->def->name;
}

/* ---- wrong numbers of arguments, in CPython's words ---- */

SELDOM static void too_many(const struct ouro_function_def *def, unsigned argc)
{
    const char *plural = def->most == 1 ? "" : "s", *verb = argc == 1 ? "was" : "were";
    if (def->least == def->most)
        error_about(OURO_TYPE_ERROR, "%s() takes %d positional argument%s but %d %s given",
                    def->name, def->most, plural, (int)argc, verb);
    else
        error_about(OURO_TYPE_ERROR,
                    "%s() takes from %d to %d positional arguments but %d %s given", def->name,
                    def->least, def->most, (int)argc, verb);
}

/* Name number `n` of a list separated by spaces, and its length. */
static const char *parameter(const char *names, unsigned n, size_t *length)
{
    for (; n > 0 && *names; n--) {
        names += strcspn(names, " ");
        names += strspn(names, " ");
    }
    *length = strcspn(names, " ");
    return names;
}

/* After what they are: "'a'", "'a' and 'b'", "'a', 'b', and 'c'", the parameters from `argc` on. */
SELDOM static void too_few(const struct ouro_function_def *def, unsigned argc)
{
    unsigned missing = def->least - argc;
    char *at = ouro_heap->error_text;
    (void)write_format(error_append, &at, "%s() missing %u required positional argument%s",
                       def->name, missing, missing == 1 ? "" : "s");
    for (unsigned i = 0; def->parameters && i < missing; i++) {
        size_t length;
        const char *name = parameter(def->parameters, argc + i, &length);
        (void)write_text(error_append, &at,
                         i == 0            ? ": '"
                         : i + 1 < missing ? ", '"
                         : missing == 2    ? " and '"
                                           : ", and '");
        error_append(&at, name, length);
        error_append(&at, "'", 1);
    }
    error_made(OURO_TYPE_ERROR, at);
}

/* ---- calling ---- */

static ouro_ref function_call(ouro_ref self, unsigned argc, const ouro_ref *argv)
{
    const struct ouro_function_def *def = function_of(self)->def;
    if (argc < def->least)
        too_few(def, argc);
    else if (argc > def->most && def->most != OURO_VARIADIC)
        too_many(def, argc);
    else
        return def->call(self, argc, argv);
    return NULL;
}

ouro_ref function_call_bound(ouro_ref function, ouro_ref self, unsigned argc, const ouro_ref *argv)
{
    ouro_ref all[OURO_ARGUMENTS_MOST];
    if (argc >= OURO_ARGUMENTS_MOST)
        return error_about(OURO_TYPE_ERROR, "%s() takes %d arguments at most",
                           function_name(function), OURO_ARGUMENTS_MOST);
    all[0] = self;
    for (unsigned i = 0; i < argc; i++) all[i + 1] = argv[i];
    return ouro_call(function, argc + 1, all);
}

/* ---- the type ---- */

static int function_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    (void)part;
    return write_format(write, context, "<function %s at 0x%p>", function_of(self)->def->name,
                        self);
}

static const struct ouro_ops function_ops = {.repr = function_repr, .call = function_call};
const struct ouro_type ouro_function_type = {
    .name = "function",
    .index = OURO_TYPE_FUNCTION,
    .size_bytes = sizeof(struct function),
    .refs = OURO_REF_BIT(struct function, closure),
    .ops = &function_ops,
};

ouro_ref ouro_function_new(const struct ouro_function_def *def, ouro_ref closure)
{
    const ouro_ref refs[] = {closure};
    ouro_ref ref = object_holding(&ouro_function_type, 1, refs);
    if (ref) function_of(ref)->def = def;
    return ref;
}

ouro_ref ouro_function_closure(ouro_ref function) { return function_of(function)->closure; }

int function_def(ouro_ref holder, const char *name, const struct ouro_function_def *def)
{
    ouro_ref function = ouro_function_new(def, NULL);
    int result = function ? ouro_attr_set_string(holder, name, function) : -1;
    ouro_xdecref(function);
    return result;
}
