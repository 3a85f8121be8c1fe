/* SPDX-License-Identifier: MIT
 * instance_ops.c - the types of instances, and what their classes define about repr, ==, hash,
 * calls and the end of life.
 *
 * An instance is born as if its finalizer had run already, unless its class has __del__: so nothing
 * but the making of instances has to ask the class. */
#include "collector.h"
#include "hash.h"
#include "types/attr.h"
#include "types/class.h"
#include "types/function.h"
#include "types/ops.h"
#include "types/special.h"

static ouro_ref hook_of(ouro_ref self, enum hook hook)
{
    return class_hook(as_class(*class_word(self)), hook);
}

ouro_ref class_call_hook(ouro_ref function, ouro_ref self, unsigned argc, const ouro_ref *argv)
{
    const void *caller = ouro_heap->caller;
    ouro_incref(function);
    ouro_ref result = function_call_bound(function, self, argc, argv);
    ouro_decref(function);
    ouro_heap->caller = caller;
    return result;
}

/* ---- text ---- */

/* Write what __repr__ or __str__ returns. */
static int write_hook(ouro_ref self, enum hook hook, ouro_write_fn *write, void *context)
{
    ouro_ref text = class_call_hook(hook_of(self, hook), self, 0, NULL);
    if (!text) return -1;
    size_t bytes;
    bool is_str = ouro_type_index(text) == OURO_TYPE_STR;
    if (is_str) {
        const char *at = ouro_str_bytes(text, &bytes);
        write(context, at, bytes);
    } else {
        error_about(OURO_TYPE_ERROR, "%s returned non-string (type %T)",
                    hook == HOOK_STR ? "__str__" : "__repr__", text);
    }
    ouro_decref(text);
    return is_str ? 0 : -1;
}

static int instance_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    (void)part;
    if (hook_of(self, HOOK_REPR)) return write_hook(self, HOOK_REPR, write, context);
    ouro_ref name = as_class(*class_word(self))->name;
    return write_format(write, context, "<%s%S object at 0x%p>", class_prefix(name), name, self);
}

static int instance_str(ouro_ref self, ouro_write_fn *write, void *context)
{
    if (hook_of(self, HOOK_STR)) return write_hook(self, HOOK_STR, write, context);
    return instance_repr(self, OURO_BEGIN, write, context);
}

/* ---- comparing and hashing ---- */

/* By __eq__ or __lt__ of the one, or else of the other. */
static int instance_compare(ouro_ref self, ouro_ref other, enum ouro_op op)
{
    if (special_compare) return special_compare(self, other, op);
    enum hook asked = op == OURO_EQ ? HOOK_EQ : HOOK_LT;
    ouro_ref hook = op == OURO_EQ || op == OURO_LT ? hook_of(self, asked) : NULL;
    if (hook) return truth(class_call_hook(hook, self, 1, &other));
    hook = (op == OURO_EQ || op == OURO_GT) && is_instance(other) ? hook_of(other, asked) : NULL;
    if (hook) return truth(class_call_hook(hook, other, 1, &self));
    return OURO_NOT_IMPLEMENTED;
}

static int instance_hash(ouro_ref self, uint32_t *hash)
{
    ouro_ref hook = hook_of(self, HOOK_HASH);
    if (!hook && hook_of(self, HOOK_EQ)) {
        error_about(OURO_TYPE_ERROR, "unhashable type: '%T'", self);
        return -1;
    }
    if (!hook) {
        *hash = hash_bytes(&self, sizeof self);
        return 0;
    }
    ouro_heap->hashed_by_code++;
    ouro_ref number = class_call_hook(hook, self, 0, NULL);
    if (!number) return -1;
    unsigned type = ouro_type_index(number);
    bool is_hash = (type == OURO_TYPE_INT || type == OURO_TYPE_BOOL) && hash_key(number, hash);
    if (!is_hash) ouro_error_set(OURO_TYPE_ERROR, "__hash__ method should return an integer");
    ouro_decref(number);
    return is_hash ? 0 : -1;
}

/* ---- calling ---- */

static ouro_ref instance_call(ouro_ref self, unsigned argc, const ouro_ref *argv)
{
    ouro_ref hook = hook_of(self, HOOK_CALL);
    return hook ? class_call_hook(hook, self, argc, argv) : attr_not_callable(self);
}

static const char *instance_type_name(ouro_ref self) { return class_name(*class_word(self)); }

/* ---- the end ---- */

static void instance_finalize(ouro_ref self)
{
    ouro_ref hook = hook_of(self, HOOK_DEL);
    if (!hook) return;
    struct error_state before;
    error_save(&before);
    ouro_ref result = class_call_hook(hook, self, 0, NULL);
    if (!result) error_report(hook);
    ouro_xdecref(result);
    error_restore(&before);
}

/* ---- the types ---- */

static const struct ouro_ops instance_ops = {
    .repr = instance_repr,
    .str = instance_str,
    .hash = instance_hash,
    .compare = instance_compare,
    .call = instance_call,
    .get_attr = instance_get_attr,
    .set_attr = instance_set_attr,
    .type_name = instance_type_name,
};

struct instance {
    struct ouro_obj header;
    ouro_ref values, class;
};
const struct ouro_type ouro_instance_type = {
    .name = "object",
    .index = OURO_TYPE_INSTANCE,
    .size_bytes = sizeof(struct instance),
    .refs = OURO_REF_BIT(struct instance, values) | OURO_REF_BIT(struct instance, class),
    .weak_word = OURO_WEAK_BY_ANCHOR,

    .drops_forward = true,
    .finalize = instance_finalize,
    .ops = &instance_ops,
};

/* Room for 2 k + 1 slots, and the class behind. */
#define SLOTTED(k)                                                                                 \
    {                                                                                              \
        .name = "object", .index = OURO_TYPE_SLOTTED + (k),                                        \
        .size_bytes = sizeof(struct ouro_obj) + 2 * ((k) + 1) * sizeof(ouro_ref),                  \
        .refs = (4u << 2 * (k)) - 1u, .weak_word = OURO_WEAK_BY_ANCHOR, .drops_forward = true,     \
        .finalize = instance_finalize, .ops = &instance_ops                                        \
    }
const struct ouro_type slotted_types[SLOTTED_TYPES] = {
    SLOTTED(0), SLOTTED(1), SLOTTED(2), SLOTTED(3), SLOTTED(4), SLOTTED(5), SLOTTED(6), SLOTTED(7)};

ouro_ref ouro_instance_new(ouro_ref ref)
{
    const struct class *class = as_class(ref);
    bool is_slotted = (class->flags & CLASS_IS_SLOTTED) != 0;
    const struct ouro_type *type =
        is_slotted ? &slotted_types[class->names / 2] : &ouro_instance_type;
    ouro_incref(ref); /* what is collected meanwhile must not take it */
    ouro_ref instance = object_new(type, type->size_bytes);
    if (!instance) {
        ouro_decref(ref);
        return NULL;
    }
    *class_word(instance) = ref;
    if (!(class->flags & CLASS_FINALIZES)) {
        instance->count_flags |= FLAG_FINALIZED;
        ouro_heap->gc.special--;
    }
    return instance;
}

bool instance_has_finalizer(ouro_ref self)
{
    return (as_class(*class_word(self))->flags & CLASS_FINALIZES) != 0;
}

ouro_ref ouro_class_of(ouro_ref ref) { return is_instance(ref) ? *class_word(ref) : NULL; }

int ouro_isinstance(ouro_ref ref, ouro_ref class)
{
    if (ouro_type_index(class) != OURO_TYPE_CLASS) {
        ouro_error_set(OURO_TYPE_ERROR, "isinstance() arg 2 must be a type");
        return -1;
    }
    ouro_ref of = ouro_class_of(ref);
    return of ? ouro_issubclass(of, class) : 0;
}
