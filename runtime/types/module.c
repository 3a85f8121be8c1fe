/* SPDX-License-Identifier: MIT
 * module.c - the module type: attributes in a dict, and a name. */
#include "ouro/module.h"

#include "types/attr.h"
#include "types/function.h"
#include "types/ops.h"

struct module {
    struct ouro_obj header;
    ouro_ref name, dict, weak;
};

extern const struct ouro_type ouro_module_type;

static struct module *module_of(ouro_ref ref) { return expect(ref, OURO_TYPE_MODULE); }

ouro_ref ouro_module_new(const char *name)
{
    ouro_ref str = ouro_str_from(name), dict = str ? ouro_dict_new() : NULL;
    ouro_ref ref = dict ? ouro_obj_new(&ouro_module_type) : NULL;
    if (!ref) {
        ouro_xdecref(dict);
        ouro_xdecref(str);
        return NULL;
    }
    module_of(ref)->name = str;
    module_of(ref)->dict = dict;
    return ref;
}

ouro_ref ouro_module_dict(ouro_ref module) { return module_of(module)->dict; }

int ouro_module_def(ouro_ref module, const struct ouro_function_def *def)
{
    return function_def(module, def->name, def);
}

/* ---- operations ---- */

static ouro_ref module_get_attr(ouro_ref self, ouro_ref name)
{
    const struct module *module = module_of(self);
    if (!attr_is_name(name)) return NULL;
    ouro_ref value = ouro_dict_get(module->dict, name);
    const char *text = ouro_str_bytes(name, NULL);
    if (!value && strcmp(text, "__name__") == 0) value = module->name;
    if (!value && strcmp(text, "__dict__") == 0) value = module->dict;
    if (value) return ouro_own(value);
    return error_about(OURO_ATTRIBUTE_ERROR, "module '%S' has no attribute '%s'", module->name,
                       text);
}

static int module_set_attr(ouro_ref self, ouro_ref name, ouro_ref value)
{
    ouro_ref dict = module_of(self)->dict;
    if (!attr_is_name(name)) return -1;
    if (value) return ouro_dict_set(dict, name, value);
    if (ouro_dict_get(dict, name)) return ouro_dict_del(dict, name);
    (void)attr_missing(self, name);
    return -1;
}

static int module_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    (void)part;
    (void)write_text(write, context, "<module ");
    (void)str_repr(module_of(self)->name, OURO_BEGIN, write, context);
    return write_text(write, context, ">");
}

static const struct ouro_ops module_ops = {
    .repr = module_repr,
    .get_attr = module_get_attr,
    .set_attr = module_set_attr,
};
const struct ouro_type ouro_module_type = {
    .name = "module",
    .index = OURO_TYPE_MODULE,
    .size_bytes = sizeof(struct module),
    .refs = OURO_REF_BIT(struct module, name) | OURO_REF_BIT(struct module, dict),
    .weak_word = OURO_WEAK_WORD(struct module, weak),
    .ops = &module_ops,
};
