/* SPDX-License-Identifier: MIT
 * weakref.c - the weakref type: with a callback, or without and shared.
 *
 * Its hash is its object's and is kept after it; two are equal if their objects are, or, once one
 * of these is gone, if they are the same. */
#include "hash.h"
#include "ouro/classes.h"
#include "types/ops.h"
#include "weak.h"

/* ---- making ---- */

static bool is_shared(unsigned type)
{
    return type == OURO_TYPE_WEAKREF || type == OURO_TYPE_PROXY;
}

/* The weak reference of a type without callback, if there is one: a new reference. */
static ouro_ref find_shared(ouro_ref target, unsigned type)
{
    const ouro_ref *head = weak_head(target, false);
    for (ouro_ref at = head ? *head : NULL; at && is_shared(ouro_type_index(at));
         at = weakref_of(at)->next)
        if (ouro_type_index(at) == type) return ouro_own(at);
    return NULL;
}

static void link(ouro_ref ref, ouro_ref target)
{
    struct weakref *weak = weakref_of(ref);
    ouro_ref *where = weak_head(target, false);
    if (!*where) {
        target->count_flags |= FLAG_HAS_WEAK;
        ouro_heap->gc.special++;
    }
    for (;
         *where && ouro_type_index(ref) != OURO_TYPE_WEAKREF && is_shared(ouro_type_index(*where));
         where = &weakref_of(*where)->next)
        weak->prev = *where; /* two at most */
    weak->target = target;
    weak->next = *where;
    if (*where) weakref_of(*where)->prev = ref;
    *where = ref;
}

ouro_ref weak_make(const struct ouro_type *type, ouro_ref target)
{
    ouro_ref ref = is_shared(type->index) ? find_shared(target, type->index) : NULL;
    if (ref) return ref;
    ouro_error_clear();
    ouro_incref(target); /* what collects meanwhile must not take it */
    const ouro_ref *head = weak_head(target, false);
    if (!head && (head = weak_head(target, true)))
        ref = object_make(type, type->size_bytes); /* the call has paid */
    if (head && !ref)
        ref = object_new(type, type->size_bytes);
    else if (!head && ouro_error_get(NULL) == OURO_NO_ERROR)
        error_about(OURO_TYPE_ERROR, "cannot create weak reference to '%T' object", target);
    if (ref) {
        ouro_ref other = is_shared(type->index) ? find_shared(target, type->index) : NULL;
        if (other)
            ouro_put(&ref, other); /* a callback that ran meanwhile made one */
        else
            link(ref, target);
    }
    ouro_decref(target);
    return ref;
}

const struct ouro_type ouro_weakref_type = {
    .name = "weakref.ReferenceType",
    .index = OURO_TYPE_WEAKREF,
    .size_bytes = SHARED_WEAKREF_BYTES,
    .ops = &weakref_ops,
};
const struct ouro_type weakcall_type = {
    .name = "weakref.ReferenceType",
    .index = OURO_TYPE_WEAKCALL,
    .size_bytes = sizeof(struct weakref),
    .refs = OURO_REF_BIT(struct weakref, context),
    .ops = &weakref_ops,
};

ouro_ref ouro_weakref_new(ouro_ref target)
{
    OURO_THREAD_ONLY();
    return weak_make(&ouro_weakref_type, target);
}

ouro_ref weak_make_calling(const struct ouro_type *type, ouro_ref target, ouro_weak_fn *callback,
                           ouro_ref context)
{
    ouro_xincref(context); /* they may be borrowed from what is collected meanwhile */
    ouro_incref(target);
    ouro_ref ref = weak_make(type, target);
    if (ref) {
        weakref_of(ref)->context = context;
        weakref_of(ref)->then.callback = callback;
    } else {
        ouro_xdecref(context);
    }
    ouro_decref(target);
    return ref;
}

ouro_ref ouro_weakref_new_with(ouro_ref target, ouro_weak_fn *callback, ouro_ref context)
{
    if (!callback) return ouro_weakref_new(target);
    return weak_make_calling(&weakcall_type, target, callback, context);
}

int ouro_weakref_call(ouro_ref ref, ouro_ref callable)
{
    ouro_ref result = ouro_call(callable, 1, &ref);
    if (!result) return -1;
    ouro_decref(result);
    return 0;
}

/* ---- asking ---- */

ouro_ref ouro_weakref_get(ouro_ref ref)
{
    OURO_THREAD_ONLY();
    ouro_require_that(is_weakref(ref), "a weakref was expected");
    ouro_ref target = weak_target(ref);
    return target ? target : OURO_NONE;
}

ouro_weak_fn *ouro_weakref_callback(ouro_ref ref, ouro_ref *context)
{
    unsigned type = ouro_type_index(ref);
    ouro_require_that(is_weakref(ref), "a weakref was expected");
    ouro_ref target = weak_target(ref);
    bool is_to_come = target && (type == OURO_TYPE_WEAKCALL || type == OURO_TYPE_PROXYCALL);
    ouro_xdecref(target);
    if (context) *context = is_to_come ? weakref_of(ref)->context : NULL;
    return is_to_come ? weakref_of(ref)->then.callback : NULL;
}

size_t ouro_weakref_count(ouro_ref target)
{
    const ouro_ref *head = weak_head(target, false);
    size_t count = 0;
    for (ouro_ref at = head ? *head : NULL; at; at = weakref_of(at)->next)
        count += !has_flag(at, FLAG_DEAD);
    return count;
}

ouro_ref ouro_weakref_next(ouro_ref target, ouro_ref ref)
{
    const ouro_ref *head = weak_head(target, false);
    ouro_ref at = head ? *head : NULL, found = NULL;
    if (ref) at = weakref_of(ref)->target ? weakref_of(ref)->next : NULL;
    for (; at && !(found = adopt(at)); at = weakref_of(at)->next) {}
    return found;
}

/* ---- the protocol ---- */

static int hash(ouro_ref self, uint32_t *result)
{
    struct weakref *weak = weakref_of(self);
    if (!weak->hash) {
        ouro_ref target = weak_target(self);
        if (!target) {
            ouro_error_set(OURO_TYPE_ERROR, "weak object has gone away");
            return -1;
        }
        uint32_t own = 0;
        bool is_good = hash_key(target, &own);
        ouro_decref(target);
        if (!is_good) return -1;
        weak->hash = own ? own : 1;
    }
    *result = weak->hash;
    return 0;
}

static int compare(ouro_ref self, ouro_ref other, enum ouro_op op)
{
    if (op != OURO_EQ || ops_of(other) != &weakref_ops) return OURO_NOT_IMPLEMENTED;
    if (self == other) return 1;
    ouro_ref a = weak_target(self), b = weak_target(other);
    int result = a && b ? keys_equal(a, b) : 0;
    ouro_xdecref(a);
    ouro_xdecref(b);
    return result;
}

int weak_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    (void)part;
    ouro_ref target = weak_target(self);
    bool is_ref = ops_of(self) == &weakref_ops;
    if (!target && !is_ref) target = OURO_NONE;
    const char *format = !target  ? "<weakref at 0x%p; dead>"
                         : is_ref ? "<weakref at 0x%p; to '%T' at 0x%p>"
                                  : "<weakproxy at 0x%p to %T at 0x%p>";
    (void)write_format(write, context, format, self, target, target);
    ouro_xdecref(target);
    return 0;
}

const struct ouro_ops weakref_ops = {.repr = weak_repr, .hash = hash, .compare = compare};
