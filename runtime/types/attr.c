/* SPDX-License-Identifier: MIT
 * attr.c - calling any object, and its attributes: on to what its type can do. */
#include "ouro/classes.h"
#include "types/attr.h"

const char *ouro_type_name(ouro_ref ref)
{
    const struct ouro_type *type = ouro_type_of(ref);
    return type->ops && type->ops->type_name ? type->ops->type_name(ref) : type->name;
}

SELDOM void attr_not_callable(ouro_ref ref)
{
    ouro_error_format(OURO_TYPE_ERROR, "'%s' object is not callable", ouro_type_name(ref));
}

ouro_ref ouro_call(ouro_ref callable, unsigned argc, const ouro_ref *argv)
{
    const struct ouro_ops *ops = ouro_type_of(callable)->ops;
    if (ops && ops->call) return ops->call(callable, argc, argv);
    attr_not_callable(callable);
    return NULL;
}

ouro_ref ouro_call_method(ouro_ref self, ouro_ref name, unsigned argc, const ouro_ref *argv)
{
    ouro_ref method = ouro_attr_get(self, name);
    ouro_ref result = method ? ouro_call(method, argc, argv) : NULL;
    ouro_xdecref(method);
    return result;
}

/* ---- attributes ---- */

SELDOM bool attr_is_name(ouro_ref name)
{
    if (ouro_type_index(name) == OURO_TYPE_STR) return true;
    ouro_error_format(OURO_TYPE_ERROR, "attribute name must be string, not '%s'",
                      ouro_type_name(name));
    return false;
}

SELDOM void attr_missing(ouro_ref self, ouro_ref name)
{
    if (attr_is_name(name))
        ouro_error_format(OURO_ATTRIBUTE_ERROR, "'%s' object has no attribute '%s'",
                          ouro_type_name(self), ouro_str_bytes(name, NULL));
}

ouro_ref ouro_attr_get(ouro_ref self, ouro_ref name)
{
    const struct ouro_ops *ops = ouro_type_of(self)->ops;
    if (ops && ops->get_attr) return ops->get_attr(self, name);
    attr_missing(self, name);
    return NULL;
}

/* `value` NULL: delete. */
static int set(ouro_ref self, ouro_ref name, ouro_ref value)
{
    const struct ouro_ops *ops = ouro_type_of(self)->ops;
    if (ops && ops->set_attr) return ops->set_attr(self, name, value);
    attr_missing(self, name);
    return -1;
}

int ouro_attr_set(ouro_ref self, ouro_ref name, ouro_ref value)
{
    ouro_require(value != NULL);
    return set(self, name, value);
}

int ouro_attr_del(ouro_ref self, ouro_ref name) { return set(self, name, NULL); }

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
    ouro_ref str = ouro_str_from(name);
    ouro_ref value = str ? ouro_attr_get(self, str) : NULL;
    ouro_xdecref(str);
    return value;
}

int ouro_attr_set_string(ouro_ref self, const char *name, ouro_ref value)
{
    ouro_incref(value); /* it may be borrowed from what dies while the name is made */
    ouro_ref str = ouro_str_from(name);
    int result = str ? ouro_attr_set(self, str, value) : -1;
    ouro_xdecref(str);
    ouro_decref(value);
    return result;
}
