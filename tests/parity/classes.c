/* SPDX-License-Identifier: MIT
 * classes.c - functions, closures, methods, classes, instances and what they fail with. */
#include "parity.h"

static ouro_ref add(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    int64_t a = 0, b = 0;
    (void)function, (void)argc;
    if (ouro_int_get(argv[0], &a) < 0 || ouro_int_get(argv[1], &b) < 0) return NULL;
    return ouro_int_new(a + b);
}
static const struct ouro_function_def add_def = {
    .name = "add", .call = add, .parameters = "a b", .least = 2, .most = 2};

static ouro_ref none(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function, (void)argc, (void)argv;
    return OURO_NONE;
}
static const struct ouro_function_def one_def = {
    .name = "one", .call = none, .parameters = "x", .least = 1, .most = 1};
static const struct ouro_function_def three_def = {
    .name = "three", .call = none, .parameters = "x y z", .least = 3, .most = 3};

static void calls(void)
{
    ouro_ref f = ouro_function_new(&add_def, NULL), one = ouro_function_new(&one_def, NULL);
    ouro_ref three = ouro_function_new(&three_def, NULL);
    ouro_ref numbers[] = {py("1"), py("2"), py("3"), py("4")};
    for (unsigned n = 0; n <= 4; n++) say("%R", ouro_call(f, n, numbers));
    for (unsigned n = 0; n <= 2; n++) say("%R", ouro_call(one, n, numbers));
    for (unsigned n = 0; n <= 4; n++) say("%R", ouro_call(three, n, numbers));
    static const char *const things[] = {"1", "'a'", "None", "[]", "{}", "(1,)", "1.5"};
    for (size_t i = 0; i < T_COUNT(things); i++) say("%R", ouro_call(py(things[i]), 0, NULL));
}

/* Adds its argument to what it closes over. */
static ouro_ref more(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    ouro_ref cell = ouro_function_closure(function);
    int64_t sum = 0, step = 0;
    (void)argc;
    (void)ouro_int_get(ouro_cell_get(cell), &sum);
    (void)ouro_int_get(argv[0], &step);
    ouro_ref result = ouro_int_new(sum + step);
    ouro_cell_set(cell, result);
    return result;
}
static const struct ouro_function_def more_def = {
    .name = "more", .call = more, .parameters = "step", .least = 1, .most = 1};

static void closures(void)
{
    ouro_ref cell = ouro_cell_new(py("10")), other = ouro_cell_new(py("0"));
    ouro_ref f = ouro_function_new(&more_def, cell), g = ouro_function_new(&more_def, cell);
    ouro_ref h = ouro_function_new(&more_def, other), one = py("1");
    for (int i = 0; i < 3; i++) {
        say("%R", ouro_call(f, 1, &one));
        say("%R", ouro_call(g, 1, &one));
        say("%R", ouro_call(h, 1, &one));
    }
    say("%r %r", ouro_cell_get(cell), ouro_cell_get(other));
    say("%t %t", ouro_function_closure(f) == ouro_function_closure(g), f == g);
    say("%t %t", ouro_equal(f, f), ouro_equal(f, g));
}

static ouro_ref point_init(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function, (void)argc;
    if (ouro_attr_set_string(argv[0], "x", argv[1]) < 0) return NULL;
    return ouro_attr_set_string(argv[0], "y", argv[2]) < 0 ? NULL : OURO_NONE;
}
static ouro_ref point_repr(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function, (void)argc, (void)argv;
    return ouro_str_from("a point");
}
static ouro_ref pair_of(ouro_ref self)
{
    return ouro_tuple_of(2, ouro_attr_get_string(self, "x"), ouro_attr_get_string(self, "y"));
}
static ouro_ref point_eq(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function, (void)argc;
    return ouro_bool(ouro_equal(pair_of(argv[0]), pair_of(argv[1])) == 1);
}
static ouro_ref point_lt(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function, (void)argc;
    return ouro_bool(ouro_compare(pair_of(argv[0]), pair_of(argv[1]), OURO_LT) == 1);
}
static ouro_ref point_hash(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function, (void)argc;
    return ouro_attr_get_string(argv[0], "x");
}
#define METHOD(function, python, count, names)                                                     \
    static const struct ouro_function_def function##_def = {.name = (python),                      \
                                                            .call = (function),                    \
                                                            .parameters = (names),                 \
                                                            .least = (count),                      \
                                                            .most = (count)}
METHOD(point_init, "Point.__init__", 3, "self x y");
METHOD(point_repr, "Point.__repr__", 1, "self");
METHOD(point_eq, "Point.__eq__", 2, "self other");
METHOD(point_lt, "Point.__lt__", 2, "self other");
METHOD(point_hash, "Point.__hash__", 1, "self");

static ouro_ref make_point_class(void)
{
    ouro_ref class_ = ouro_class_new("Point", NULL);
    (void)ouro_class_def(class_, "__init__", &point_init_def);
    (void)ouro_class_def(class_, "__repr__", &point_repr_def);
    (void)ouro_class_def(class_, "__eq__", &point_eq_def);
    (void)ouro_class_def(class_, "__lt__", &point_lt_def);
    (void)ouro_class_def(class_, "__hash__", &point_hash_def);
    return class_;
}
static ouro_ref point(ouro_ref class_, int x, int y)
{
    return ouro_call(class_, 2, (ouro_ref[]){ouro_int_new(x), ouro_int_new(y)});
}

static void special_methods(void)
{
    ouro_ref class_ = make_point_class(), p = point(class_, 1, 2), q = point(class_, 1, 2);
    ouro_ref r = point(class_, 0, 9), dict = ouro_dict_new(), list = ouro_list_new();
    say("%r %S", p, ouro_own(p));
    say("%t %t", ouro_equal(p, q), p == q);
    say("%t %t", ouro_compare(p, q, OURO_NE), ouro_compare(p, r, OURO_NE));
    say("%t %t", ouro_compare(r, p, OURO_LT), ouro_compare(r, p, OURO_GT));
    say("%t", ouro_compare(r, p, OURO_LE));
    say("%n", ouro_dict_set(dict, p, py("'first'")));
    say("%r", ouro_dict_get(dict, q));
    say("%r", ouro_dict_get(dict, r));
    say("%r", dict);
    (void)ouro_list_append(list, p);
    (void)ouro_list_append(list, r);
    say("%n", ouro_list_sort(list, false));
    say("%t", ouro_list_get(list, 0) == r);
    say("%r", list);
    say("%R", ouro_call(class_, 0, NULL));
    say("%R", ouro_call(class_, 1, &p));
    say("%R", ouro_call(p, 0, NULL));
}

static void attributes(void)
{
    ouro_ref class_ = ouro_class_new("C", NULL), o = ouro_call(class_, 0, NULL);
    say("%R", ouro_attr_get_string(o, "x"));
    say("%n", ouro_attr_set_string(o, "x", py("1")));
    say("%R", ouro_attr_get_string(o, "x"));
    say("%n", ouro_attr_set_string(class_, "y", py("'of the class'")));
    say("%R", ouro_attr_get_string(o, "y"));
    say("%n", ouro_attr_set_string(o, "y", py("'of the instance'")));
    say("%R %R", ouro_attr_get_string(o, "y"), ouro_attr_get_string(class_, "y"));
    say("%n", ouro_attr_del(o, py("'y'")));
    say("%R", ouro_attr_get_string(o, "y"));
    say("%n", ouro_attr_del(o, py("'y'")));
    say("%t %t", ouro_attr_has(o, py("'x'")), ouro_attr_has(o, py("'z'")));
    say("%R", ouro_attr_get_string(class_, "z"));
    say("%R", ouro_attr_get_string(py("1"), "z"));
    say("%R", ouro_attr_get_string(py("[]"), "z"));
    say("%n", ouro_attr_set_string(py("1"), "z", OURO_NONE));
    say("%n", ouro_attr_set_string(py("'s'"), "z", OURO_NONE));
    say("%R", ouro_attr_get(o, py("1")));
}

static void slots(void)
{
    ouro_ref class_ = ouro_class_new_slots("S", NULL, "a b"), o = ouro_call(class_, 0, NULL);
    say("%R", ouro_attr_get_string(o, "a"));
    say("%n", ouro_attr_set_string(o, "a", py("1")));
    say("%R", ouro_attr_get_string(o, "a"));
    say("%n", ouro_attr_set_string(o, "c", py("1")));
    say("%R", ouro_attr_get_string(o, "c"));
    say("%n", ouro_attr_del(o, py("'a'")));
    say("%R", ouro_attr_get_string(o, "a"));
    say("%n", ouro_attr_del(o, py("'a'")));
    say("%t %t", ouro_attr_has(o, py("'a'")), ouro_attr_has(o, py("'b'")));
    say("%R", ouro_weakref_new(o));
    ouro_ref derived = ouro_class_new("D", class_), d = ouro_call(derived, 0, NULL);
    say("%n", ouro_attr_set_string(d, "c", py("3")));
    say("%n", ouro_attr_set_string(d, "b", py("2")));
    say("%R %R", ouro_attr_get_string(d, "b"), ouro_attr_get_string(d, "c"));
}

static ouro_ref say_base(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function, (void)argc, (void)argv;
    return ouro_str_from("base");
}
METHOD(say_base, "Base.who", 1, "self");
static ouro_ref say_derived(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function, (void)argc, (void)argv;
    return ouro_str_from("derived");
}
METHOD(say_derived, "Derived.who", 1, "self");

static void inheritance(void)
{
    ouro_ref base = ouro_class_new("Base", NULL), derived = ouro_class_new("Derived", base);
    ouro_ref b = ouro_call(base, 0, NULL), d = ouro_call(derived, 0, NULL);
    ouro_ref who = ouro_intern("who", 3), one = py("1");
    (void)ouro_class_def(base, "who", &say_base_def);
    say("%R %R", ouro_call_method(b, who, 0, NULL), ouro_call_method(d, who, 0, NULL));
    (void)ouro_class_def(derived, "who", &say_derived_def);
    say("%R %R", ouro_call_method(b, who, 0, NULL), ouro_call_method(d, who, 0, NULL));
    say("%t %t", ouro_isinstance(d, base), ouro_isinstance(b, derived));
    say("%t %t", ouro_issubclass(derived, base), ouro_issubclass(base, derived));
    say("%t", ouro_issubclass(base, base));
    say("%t", ouro_isinstance(one, base));
    say("%t", ouro_issubclass(one, base));
    say("%R", ouro_call_method(d, who, 1, &one));
    say("%R", ouro_call(ouro_attr_get(base, who), 1, &d));
    say("%R", ouro_call(ouro_attr_get(base, who), 0, NULL));
    say("%R", ouro_call_method(d, ouro_intern("nobody", 6), 0, NULL));
    ouro_ref method = ouro_attr_get(d, who), again = ouro_attr_get(d, who);
    say("%t %t", ouro_equal(method, again), method == again);
    say("%R", ouro_call(method, 0, NULL));
    say("%r %r", base, derived);
    say("%R", ouro_call(base, 1, &one));
}

static const struct section sections[] = {
    SECTION(calls),      SECTION(closures), SECTION(special_methods),
    SECTION(attributes), SECTION(slots),    SECTION(inheritance),
};
PARITY_MAIN(sections)
