/* SPDX-License-Identifier: MIT
 * special.c - special methods.  (What they do is compared with CPython by tests/parity/special.c.)
 * Here: who holds what, what fails, what an evil method may do, and what a look-up costs. */
#include "object.h"
#include "ouro/port.h"
#include "unit_types.h"

OURO_USE_SPECIAL_METHODS;

static ouro_ref give_self(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function;
    (void)argc;
    return ouro_own(argv[0]);
}
static const struct ouro_function_def self_def = {.name = "f", .call = give_self, .most = 3};

static ouro_ref fail(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function;
    (void)argc;
    (void)argv;
    ouro_error_set(OURO_VALUE_ERROR, "no");
    return NULL;
}
static const struct ouro_function_def fail_def = {.name = "f", .call = fail, .most = 3};

static const char *const all[] = {"__len__",     "__bool__",    "__iter__",    "__next__",
                                  "__getitem__", "__setitem__", "__delitem__", "__contains__",
                                  "__add__",     "__radd__",    "__getattr__", "__le__"};

/* An instance of a class that defines all of these alike, which nobody else holds. */
static ouro_ref instance(const struct ouro_function_def *def)
{
    ouro_ref class = ouro_class_new("C", NULL);
    for (unsigned i = 0; i < T_COUNT(all); i++) T_EQ(ouro_class_def(class, all[i], def), 0);
    ouro_ref made = ouro_instance_new(class);
    ouro_decref(class);
    return made;
}
static void drop(ouro_ref self)
{
    ouro_decref(self);
    settle();
    (void)ouro_gc_collect(2);
    T_EQ(objects(), 0);
}

static void refuses(bool has_failed)
{
    T_CHECK(has_failed);
    fails(OURO_VALUE_ERROR, "no");
}

static void errors_come_through(void)
{
    ouro_ref self = instance(&fail_def), one = number(1);
    refuses(ouro_len(self) == -1);
    refuses(ouro_truth(self) == -1);
    refuses(!ouro_iter(self));
    refuses(!ouro_iter_next(self));
    refuses(!ouro_list_from(self));
    refuses(!ouro_set_from(self));
    refuses(!ouro_item_get(self, one));
    refuses(ouro_item_set(self, one, one) == -1);
    refuses(ouro_item_del(self, one) == -1);
    refuses(ouro_contains(self, one) == -1);
    refuses(!ouro_arith(self, OURO_ADD, one));
    refuses(!ouro_arith(one, OURO_ADD, self));
    refuses(ouro_compare(self, one, OURO_LE) == -1);
    refuses(!ouro_attr_get_string(self, "x"));
    drop(self);
}

static void answers_are_new_references(void)
{
    ouro_ref self = instance(&self_def), one = number(1);
    ouro_ref answers[] = {ouro_iter(self), ouro_iter_next(self), ouro_item_get(self, one),
                          ouro_arith(self, OURO_ADD, one), ouro_attr_get_string(self, "x")};
    T_EQ(ouro_diag_refcount(self), 1 + T_COUNT(answers));
    for (unsigned i = 0; i < T_COUNT(answers); i++) {
        T_CHECK(answers[i] == self);
        ouro_decref(answers[i]);
    }
    T_EQ(ouro_item_set(self, one, one), 0);
    T_EQ(ouro_item_del(self, one), 0);
    T_EQ(ouro_len(self), -1);
    fails(OURO_TYPE_ERROR, "'C' object cannot be interpreted as an integer");
    T_EQ(ouro_truth(self), -1);
    fails(OURO_TYPE_ERROR, "__bool__ should return bool, returned C");
    T_EQ(ouro_diag_refcount(self), 1);
    drop(self);
}

/* ---- methods that take away what they stand on ---- */

static ouro_ref undefine(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    ouro_ref class = ouro_class_of(argv[0]), name = ouro_str_from("__add__");
    (void)argc;
    T_EQ(ouro_attr_del(class, name), 0);
    ouro_decref(name);
    name = ouro_str_from("__radd__");
    T_EQ(ouro_attr_del(class, name), 0);
    ouro_decref(name);
    T_EQ(ouro_diag_refcount(function), 1); /* whoever called it */
    return ouro_own(OURO_NOTIMPLEMENTED);
}
static const struct ouro_function_def undefine_def = {.name = "f", .call = undefine, .most = 2};

static void a_method_may_delete_itself(void)
{
    ouro_ref self = instance(&self_def), base = ouro_class_of(self);
    ouro_ref derived = ouro_class_new("D", base);
    T_EQ(ouro_class_def(derived, "__add__", &undefine_def), 0);
    T_EQ(ouro_class_def(derived, "__radd__", &undefine_def), 0);
    ouro_ref other = ouro_instance_new(derived), sum = ouro_arith(self, OURO_ADD, other);
    T_CHECK(sum == self); /* the derived class first, then the base */
    ouro_decref(sum);
    T_CHECK(ouro_arith(other, OURO_ADD, self) == other); /* inherited by now */
    ouro_decref(other);
    ouro_decref(other);
    ouro_decref(derived);
    drop(self);
}

static void slots_have_methods_too(void)
{
    ouro_ref class = ouro_class_new_slots("C", NULL, "a b");
    T_EQ(ouro_class_def(class, "__getitem__", &self_def), 0);
    ouro_ref self = ouro_instance_new(class);
    T_CHECK(ouro_item_get(self, number(0)) == self);
    ouro_decref(self);
    ouro_decref(class);
    drop(self);
}

static void walks_hold_what_they_go_through(void)
{
    ouro_ref self = instance(&self_def); /* its items never end, and are itself */
    ouro_ref set = ouro_set_new();
    T_EQ(ouro_contains(self, number(1)), -1); /* what __contains__ answers is asked, too */
    fails(OURO_TYPE_ERROR, "__bool__ should return bool, returned C");
    ouro_ref class = ouro_class_of(self), name = ouro_str_from("__iter__");
    T_EQ(ouro_attr_del(class, name), 0);
    T_EQ(ouro_set_update(set, self), -1);
    fails(OURO_TYPE_ERROR, "'C' object is not iterable");
    T_EQ(ouro_diag_refcount(self), 1);
    ouro_decref(name);
    ouro_decref(set);
    drop(self);
}

/* Of a method of the class itself, of one that its 15th base defines, and of none. */
static void a_look_up_is_bounded(void)
{
    enum { OWN_MOST = 1200, INHERITED_MOST = 2400 };
    ouro_ref self = instance(&self_def), class = ouro_own(ouro_class_of(self));
    ouro_ref one = number(1), answers[2];
    uint64_t begun = ouro_port_instructions(), own, inherited;
    answers[0] = ouro_item_get(self, one);
    own = ouro_port_instructions() - begun;
    for (unsigned i = 0; i < 14; i++) {
        ouro_ref derived = ouro_class_new("D", class);
        ouro_decref(class);
        class = derived;
    }
    ouro_ref far = ouro_instance_new(class);
    begun = ouro_port_instructions();
    answers[1] = ouro_item_get(far, one);
    inherited = ouro_port_instructions() - begun;
    t_note("instructions, its own", (int64_t)own);
    t_note("instructions, inherited", (int64_t)inherited);
    if (OURO_CHECK == 1) T_CHECK(own < OWN_MOST && inherited < INHERITED_MOST);
    ouro_decref(answers[0]);
    ouro_decref(answers[1]);
    ouro_decref(far);
    ouro_decref(class);
    drop(self);
}

static const struct t_test tests[] = {
    T_TEST(errors_come_through),
    T_TEST(answers_are_new_references),
    T_TEST(a_method_may_delete_itself),
    T_TEST(slots_have_methods_too),
    T_TEST(walks_hold_what_they_go_through),
    T_TEST(a_look_up_is_bounded),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
