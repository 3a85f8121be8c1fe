/* SPDX-License-Identifier: MIT
 * proxy.c - weak references that stand for their object: ReferenceError once it is gone.
 *
 * A proxy is compared and written (str) as its object is, and unhashable, as in CPython. */
#include <string.h>

#include "hash.h"
#include "ouro/classes.h"
#include "ouro/types.h"
#include "weak.h"

static const struct ouro_ops ops;

const struct ouro_type ouro_proxy_type = {
    .name = "weakref.ProxyType",
    .index = OURO_TYPE_PROXY,
    .size_bytes = SHARED_WEAKREF_BYTES,
    .ops = &ops,
};
const struct ouro_type proxycall_type = {
    .name = "weakref.ProxyType",
    .index = OURO_TYPE_PROXYCALL,
    .size_bytes = sizeof(struct weakref),
    .refs = OURO_REF_BIT(struct weakref, context),
    .ops = &ops,
};

static bool is_proxy(ouro_ref ref) { return !ouro_is_immediate(ref) && type_of(ref)->ops == &ops; }

ouro_ref ouro_proxy_new(ouro_ref target) { return weak_make(&ouro_proxy_type, target); }

ouro_ref ouro_proxy_new_with(ouro_ref target, ouro_weak_fn *callback, ouro_ref context)
{
    if (!callback) return ouro_proxy_new(target);
    return weak_make_calling(&proxycall_type, target, callback, context);
}

ouro_ref ouro_proxy_get(ouro_ref proxy)
{
    ouro_require_that(is_proxy(proxy), "a proxy was expected");
    ouro_ref target = weak_target(proxy);
    if (!target) ouro_error_set(OURO_REFERENCE_ERROR, "weakly-referenced object no longer exists");
    return target;
}

/* Either side may be a proxy. */
static int compare(ouro_ref self, ouro_ref other, enum ouro_op op)
{
    ouro_ref a = is_proxy(self) ? ouro_proxy_get(self) : ouro_own(self);
    ouro_ref b = a && is_proxy(other) ? ouro_proxy_get(other) : ouro_own(other);
    int result = !a || !b ? -1 : ouro_compare(a, b, op);
    ouro_xdecref(a);
    ouro_xdecref(b);
    return result;
}

static int str(ouro_ref self, ouro_write_fn *write, void *context)
{
    ouro_ref target = ouro_proxy_get(self);
    if (!target) return -1;
    int result = ouro_str_of(target, write, context);
    ouro_decref(target);
    return result;
}

static ouro_ref call(ouro_ref self, unsigned argc, const ouro_ref *argv)
{
    ouro_ref target = ouro_proxy_get(self);
    if (!target) return NULL;
    ouro_ref result = ouro_call(target, argc, argv);
    ouro_decref(target);
    return result;
}

static ouro_ref get_attr(ouro_ref self, ouro_ref name)
{
    ouro_ref target = ouro_proxy_get(self);
    if (!target) return NULL;
    ouro_ref value = ouro_attr_get(target, name);
    ouro_decref(target);
    return value;
}

static int set_attr(ouro_ref self, ouro_ref name, ouro_ref value)
{
    ouro_ref target = ouro_proxy_get(self);
    if (!target) return -1;
    int result = value ? ouro_attr_set(target, name, value) : ouro_attr_del(target, name);
    ouro_decref(target);
    return result;
}

static const struct ouro_ops ops = {
    .repr = weak_repr,
    .str = str,
    .compare = compare,
    .call = call,
    .get_attr = get_attr,
    .set_attr = set_attr,
};
