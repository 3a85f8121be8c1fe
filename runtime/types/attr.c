/* SPDX-License-Identifier: MIT
 * attr.c - calling any object, and its attributes: on to what its type can do. */
#include "types/attr.h"

#include "ouro/classes.h"
#include "types/ops.h"

SELDOM ouro_ref attr_not_callable(ouro_ref ref)
{
    return error_about(OURO_TYPE_ERROR, "'%T' object is not callable", ref);
}

ouro_ref ouro_call(ouro_ref callable, unsigned argc, const ouro_ref *argv)
{
    const struct ouro_ops *ops = ops_of(callable);
    return ops->call ? ops->call(callable, argc, argv) : attr_not_callable(callable);
}

/* ---- attributes ---- */

SELDOM bool attr_is_name(ouro_ref name)
{
    if (ouro_type_index(name) == OURO_TYPE_STR) return true;
    error_about(OURO_TYPE_ERROR, "attribute name must be string, not '%T'", name);
    return false;
}

SELDOM ouro_ref attr_missing(ouro_ref self, ouro_ref name)
{
    if (attr_is_name(name))
        error_about(OURO_ATTRIBUTE_ERROR, "'%T' object has no attribute '%S'", self, name);
    return NULL;
}

ouro_ref attr_get(ouro_ref self, ouro_ref name)
{
    const struct ouro_ops *ops = ops_of(self);
    return ops->get_attr ? ops->get_attr(self, name) : attr_missing(self, name);
}

int attr_set(ouro_ref self, ouro_ref name, ouro_ref value)
{
    const struct ouro_ops *ops = ops_of(self);
    if (ops->set_attr) return ops->set_attr(self, name, value);
    (void)attr_missing(self, name);
    return -1;
}

ouro_ref attr_call(ouro_ref self, ouro_ref name, unsigned argc, const ouro_ref *argv)
{
    ouro_ref callable = ouro_attr_get(self, name);
    ouro_ref result = callable ? ouro_call(callable, argc, argv) : NULL;
    ouro_xdecref(callable);
    return result;
}

/* A program that has instances links instance.c, which has these three in a quicker form. */
#define UNLESS_QUICKER __attribute__((weak))

UNLESS_QUICKER ouro_ref ouro_attr_get(ouro_ref self, ouro_ref name) { return attr_get(self, name); }

UNLESS_QUICKER int ouro_attr_set(ouro_ref self, ouro_ref name, ouro_ref value)
{
    ouro_require(value != NULL);
    return attr_set(self, name, value);
}

UNLESS_QUICKER ouro_ref ouro_call_method(ouro_ref self, ouro_ref name, unsigned argc,
                                         const ouro_ref *argv)
{
    return attr_call(self, name, argc, argv);
}

int ouro_attr_del(ouro_ref self, ouro_ref name) { return attr_set(self, name, NULL); }

int ouro_attr_has(ouro_ref self, ouro_ref name)
{
    ouro_ref value = ouro_attr_get(self, name);
    if (value) {
        ouro_decref(value);
        return 1;
    }
    if (ouro_error_get(NULL) != OURO_ATTRIBUTE_ERROR) return -1;
    ouro_error_clear();
    return 0;
}

ouro_ref ouro_attr_get_string(ouro_ref self, const char *name)
{
    ouro_ref str = ouro_intern(name, strlen(name));
    ouro_ref value = str ? ouro_attr_get(self, str) : NULL;
    ouro_xdecref(str);
    return value;
}

int ouro_attr_set_string(ouro_ref self, const char *name, ouro_ref value)
{
    ouro_incref(value); /* it may be borrowed from what dies while the name is made */
    ouro_ref str = ouro_intern(name, strlen(name));
    int result = str ? ouro_attr_set(self, str, value) : -1;
    ouro_xdecref(str);
    ouro_decref(value);
    return result;
}
