/* SPDX-License-Identifier: MIT
 * module.c - modules: attributes, functions, what they say of themselves. */
#include <string.h>

#include "repr_text.h"
#include "unit_types.h"

static ouro_ref twice(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    int64_t n = 0;
    (void)function;
    (void)argc;
    return ouro_int_get(argv[0], &n) < 0 ? NULL : ouro_int_new(2 * n);
}
static const struct ouro_function_def twice_def = {"twice", twice, "n", 1, 1};

static void attributes(void)
{
    ouro_ref m = ouro_module_new("led"), name = ouro_intern("pin", 3);
    T_CHECK(ouro_attr_get(m, name) == NULL);
    fails(OURO_ATTRIBUTE_ERROR, "module 'led' has no attribute 'pin'");
    T_EQ(ouro_attr_set(m, name, ouro_int_new(13)), 0);
    T_CHECK(ouro_attr_get(m, name) == ouro_int_new(13));
    T_CHECK(ouro_dict_get(ouro_module_dict(m), name) == ouro_int_new(13));
    T_EQ(ouro_attr_has(m, name), 1);
    T_EQ(ouro_attr_del(m, name), 0);
    T_EQ(ouro_attr_has(m, name), 0);
    T_EQ(ouro_attr_del(m, name), -1);
    fails(OURO_ATTRIBUTE_ERROR, "'module' object has no attribute 'pin'");
    T_CHECK(ouro_attr_get(m, OURO_NONE) == NULL);
    fails(OURO_TYPE_ERROR, "attribute name must be string, not 'NoneType'");
    ouro_ref own = ouro_attr_get_string(m, "__name__"), dict = ouro_attr_get_string(m, "__dict__");
    T_TEXT(ouro_str_bytes(own, NULL), "led");
    T_CHECK(dict == ouro_module_dict(m));
    ouro_decref(dict);
    ouro_decref(own);
    ouro_decref(name);
    ouro_decref(m);
}

static void functions(void)
{
    ouro_ref m = ouro_module_new("math"), name = ouro_intern("twice", 5), four = ouro_int_new(4);
    T_EQ(ouro_module_def(m, &twice_def), 0);
    T_CHECK(ouro_call_method(m, name, 1, &four) == ouro_int_new(8)); /* not bound: no self */
    ouro_decref(name);
    ouro_decref(m);
}

static void repr_and_weak_references(void)
{
    ouro_ref m = ouro_module_new("it's"), weak = ouro_weakref_new(m);
    T_TEXT(repr(m), "<module \"it's\">");
    ouro_attr_set_string(m, "self", m);
    ouro_decref(m);
    T_CHECK(ouro_gc_collect(2) > 0); /* a module that refers to itself */
    T_CHECK(ouro_weakref_get(weak) == OURO_NONE);
    ouro_decref(weak);
    T_CHECK(ouro_module_new("\xff") == NULL);
    T_EQ(ouro_error_get(NULL), OURO_VALUE_ERROR);
    ouro_error_clear();
}

static const struct t_test tests[] = {
    T_SMALL(attributes),
    T_SMALL(functions),
    T_SMALL(repr_and_weak_references),
};
int main(void) { return t_run(tests, T_COUNT(tests)); }
