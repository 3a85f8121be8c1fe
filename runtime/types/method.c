/* SPDX-License-Identifier: MIT
 * method.c - the bound method type: a function and the object that it is to be called with. */
#include "hash.h"
#include "types/function.h"
#include "types/ops.h"

struct method {
    struct ouro_obj header;
    ouro_ref function, self;
};

static struct method *method_of(ouro_ref ref) { return (struct method *)(void *)ref; }

/* Its text goes around that of `self`, which the walker writes as the only item. */
static int method_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    if (part != OURO_END) {
        const char *name = function_name(method_of(self)->function);
        (void)write_format(write, context, "<bound method %s of ", name);
    }
    if (part == OURO_AGAIN) (void)write_text(write, context, "...");
    if (part != OURO_BEGIN) (void)write_text(write, context, ">");
    return 0;
}

static bool method_next(ouro_ref self, size_t *position, ouro_ref *key, ouro_ref *item)
{
    (void)key;
    if (*position) return false;
    *position = 1;
    *item = method_of(self)->self;
    return true;
}

static int method_hash(ouro_ref self, uint32_t *hash)
{
    *hash = hash_bytes(&method_of(self)->function, 2 * sizeof(ouro_ref));
    return 0;
}

/* As in CPython, it is the same `self` that counts, not an equal one. */
static int method_compare(ouro_ref self, ouro_ref other, enum ouro_op op)
{
    const struct method *a = method_of(self), *b = method_of(other);
    if (op != OURO_EQ || ouro_type_index(other) != OURO_TYPE_METHOD) return OURO_NOT_IMPLEMENTED;
    return a->function == b->function && a->self == b->self;
}

static ouro_ref method_call(ouro_ref self, unsigned argc, const ouro_ref *argv)
{
    const struct method *method = method_of(self);
    return function_call_bound(method->function, method->self, argc, argv);
}

static const struct ouro_ops method_ops = {
    .repr = method_repr,
    .hash = method_hash,
    .compare = method_compare,
    .next = method_next,
    .call = method_call,
};
const struct ouro_type ouro_method_type = {
    .name = "method",
    .index = OURO_TYPE_METHOD,
    .size_bytes = sizeof(struct method),
    .refs = OURO_REF_BIT(struct method, function) | OURO_REF_BIT(struct method, self),
    .ops = &method_ops,
};

ouro_ref ouro_method_new(ouro_ref function, ouro_ref self)
{
    const ouro_ref refs[] = {function, self};
    return object_holding(&ouro_method_type, 2, refs);
}

ouro_ref ouro_method_function(ouro_ref ref)
{
    return ((struct method *)expect(ref, OURO_TYPE_METHOD))->function;
}
ouro_ref ouro_method_self(ouro_ref ref)
{
    return ((struct method *)expect(ref, OURO_TYPE_METHOD))->self;
}
