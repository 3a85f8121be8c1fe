/* SPDX-License-Identifier: MIT
 * class.c - classes: what they define, derive and answer; their instances' hooks. */
#include <string.h>

#include "ouro.h"
#include "t.h"
#include "unit_types.h"

static void collect_all(void)
{
    while (ouro_gc_step(1000) > 0) {}
    (void)ouro_gc_collect(2);
}

static char text[160];
static size_t length;
static void write_text(void *context, const char *piece, size_t bytes)
{
    (void)context;
    if (length + bytes >= sizeof text) bytes = sizeof text - 1 - length;
    memcpy(text + length, piece, bytes);
    length += bytes;
    text[length] = '\0';
}
static const char *repr(ouro_ref ref)
{
    length = 0;
    text[0] = '\0';
    return ouro_repr(ref, write_text, NULL) == 0 ? text : "failed";
}
static const char *str(ouro_ref ref)
{
    length = 0;
    text[0] = '\0';
    return ouro_str_of(ref, write_text, NULL) == 0 ? text : "failed";
}
/* The repr without its addresses: each becomes "@". */
static const char *shape(ouro_ref ref)
{
    char *at = (char *)(uintptr_t)repr(ref);
    while ((at = strstr(at, "0x"))) {
        size_t digits = strspn(at + 2, "0123456789abcdef");
        *at++ = '@';
        memmove(at, at + 1 + digits, strlen(at + 1 + digits) + 1);
    }
    return text;
}

/* ---- functions for the classes below ---- */

static ouro_ref name_x; /* "x" */

static ouro_ref init(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function;
    (void)argc;
    return ouro_attr_set(argv[0], name_x, argv[1]) < 0 ? NULL : OURO_NONE;
}
static ouro_ref get_x(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function;
    (void)argc;
    return ouro_attr_get(argv[0], name_x);
}
static ouro_ref equal_x(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)argc;
    ouro_ref mine = get_x(function, 1, argv), other = get_x(function, 1, argv + 1);
    int answer = mine && other ? ouro_equal(mine, other) : -1;
    ouro_xdecref(mine);
    ouro_xdecref(other);
    return answer < 0 ? NULL : ouro_bool(answer);
}
static ouro_ref less_x(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)argc;
    ouro_ref mine = get_x(function, 1, argv), other = get_x(function, 1, argv + 1);
    int answer = mine && other ? ouro_compare(mine, other, OURO_LT) : -1;
    ouro_xdecref(mine);
    ouro_xdecref(other);
    return answer < 0 ? NULL : ouro_bool(answer);
}
static ouro_ref five(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function;
    (void)argc;
    (void)argv;
    return ouro_int_new(5);
}
static ouro_ref hello(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function;
    (void)argc;
    (void)argv;
    return ouro_str_from("hello");
}
static ouro_ref add(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    int64_t sum = 0, number;
    (void)function;
    for (unsigned i = 1; i < argc; i++) {
        if (ouro_int_get(argv[i], &number) < 0) return NULL;
        sum += number;
    }
    return ouro_int_new(sum);
}

static const struct ouro_function_def init_def = {"C.__init__", init, "self x", 2, 2},
                                      get_x_def = {"C.get_x", get_x, "self", 1, 1},
                                      five_def = {"C.five", five, "self", 1, 1},
                                      equal_def = {"C.__eq__", equal_x, "self other", 2, 2},
                                      less_def = {"C.__lt__", less_x, "self other", 2, 2},
                                      hello_def = {"C.hello", hello, "self", 1, 1},
                                      add_def = {"C.add", add, "self", 1, OURO_VARIADIC};

static ouro_ref new_class(ouro_ref base)
{
    name_x = ouro_str_from("x");
    ouro_ref class = ouro_class_new("C", base);
    T_EQ(ouro_class_def(class, "__init__", &init_def), 0);
    T_EQ(ouro_class_def(class, "get_x", &get_x_def), 0);
    return class;
}
static ouro_ref make(ouro_ref class, int x)
{
    ouro_ref argument = ouro_int_new(x), o = ouro_call(class, 1, &argument);
    T_CHECK(o != NULL);
    return o;
}
static void drop(ouro_ref class)
{
    ouro_decref(class);
    ouro_decref(name_x);
    collect_all();
    T_EQ(objects(), 0);
}

/* ---- making and calling ---- */

static void a_class_makes_instances(void)
{
    ouro_ref class = new_class(NULL), o = make(class, 7), other = make(class, 8);
    T_CHECK(ouro_class_of(o) == class && ouro_class_of(class) == NULL);
    T_EQ(ouro_isinstance(o, class), 1);
    T_EQ(ouro_isinstance(OURO_NONE, class), 0);
    T_TEXT(ouro_type_name(o), "C");
    T_TEXT(ouro_type_name(class), "type");
    ouro_ref name = ouro_str_from("get_x");
    T_CHECK(ouro_call_method(o, name, 0, NULL) == ouro_int_new(7));
    T_CHECK(ouro_call_method(other, name, 0, NULL) == ouro_int_new(8));
    ouro_ref method = ouro_attr_get(o, name);
    T_EQ(ouro_type_index(method), OURO_TYPE_METHOD);
    ouro_ref function = ouro_attr_get(class, name);
    T_EQ(ouro_type_index(function), OURO_TYPE_FUNCTION);
    T_CHECK(ouro_call(function, 1, &other) == ouro_int_new(8));
    ouro_decref(o);
    T_CHECK(ouro_call(method, 0, NULL) == ouro_int_new(7)); /* it holds its self */
    ouro_decref(method);
    ouro_decref(function);
    ouro_decref(name);
    ouro_decref(other);
    drop(class);
}

static void wrong_calls(void)
{
    ouro_ref class = new_class(NULL), bare = ouro_class_new("Bare", NULL);
    ouro_ref two[2] = {OURO_NONE, OURO_NONE};
    T_CHECK(ouro_call(class, 0, NULL) == NULL);
    fails(OURO_TYPE_ERROR, "C.__init__() missing 1 required positional argument: 'x'");
    T_CHECK(ouro_call(class, 2, two) == NULL);
    fails(OURO_TYPE_ERROR, "C.__init__() takes 2 positional arguments but 3 were given");
    T_CHECK(ouro_call(bare, 1, two) == NULL);
    fails(OURO_TYPE_ERROR, "Bare() takes no arguments");
    ouro_ref o = ouro_call(bare, 0, NULL);
    T_CHECK(ouro_call(o, 0, NULL) == NULL);
    fails(OURO_TYPE_ERROR, "'Bare' object is not callable");
    T_EQ(ouro_class_def(bare, "__init__", &five_def), 0);
    T_CHECK(ouro_call(bare, 0, NULL) == NULL);
    fails(OURO_TYPE_ERROR, "__init__() should return None, not 'int'");
    T_CHECK(ouro_class_new("D", o) == NULL);
    fails(OURO_TYPE_ERROR, "bases must be types");
    ouro_decref(o);
    ouro_decref(bare);
    drop(class);
}

static void many_arguments(void)
{
    ouro_ref class = ouro_class_new("C", NULL), name = ouro_str_from("add"), argv[16];
    T_EQ(ouro_class_def(class, "add", &add_def), 0);
    T_EQ(ouro_class_def(class, "__call__", &add_def), 0);
    ouro_ref o = ouro_call(class, 0, NULL);
    for (int i = 0; i < 16; i++) argv[i] = ouro_int_new(1 << i);
    T_CHECK(ouro_call_method(o, name, 15, argv) == ouro_int_new(0x7fff));
    T_CHECK(ouro_call(o, 3, argv) == ouro_int_new(7));
    T_CHECK(ouro_call_method(o, name, 16, argv) == NULL);
    fails(OURO_TYPE_ERROR, "C.add() takes 16 arguments at most");
    ouro_decref(o);
    ouro_decref(class);
    ouro_decref(name);
    collect_all();
    T_EQ(objects(), 0);
}

/* ---- deriving ---- */

static void bases_are_looked_through(void)
{
    ouro_ref base = new_class(NULL), derived = ouro_class_new("D", base);
    ouro_ref name = ouro_str_from("get_x"), other = ouro_class_new("E", NULL);
    ouro_ref o = make(derived, 3);
    T_CHECK(ouro_class_base(derived) == base && ouro_class_base(base) == NULL);
    T_EQ(ouro_issubclass(derived, base), 1);
    T_EQ(ouro_issubclass(base, base), 1);
    T_EQ(ouro_issubclass(base, derived), 0);
    T_EQ(ouro_isinstance(o, base), 1);
    T_EQ(ouro_isinstance(o, other), 0);
    T_EQ(ouro_isinstance(o, o), -1);
    fails(OURO_TYPE_ERROR, "isinstance() arg 2 must be a type");
    T_EQ(ouro_issubclass(o, base), -1);
    fails(OURO_TYPE_ERROR, "issubclass() arg 1 must be a class");
    T_EQ(ouro_issubclass(base, OURO_NONE), -1);
    fails(OURO_TYPE_ERROR, "issubclass() arg 2 must be a class");
    T_CHECK(ouro_call_method(o, name, 0, NULL) == ouro_int_new(3));
    T_EQ(ouro_class_def(derived, "get_x", &five_def), 0); /* overrides */
    T_CHECK(ouro_call_method(o, name, 0, NULL) == ouro_int_new(5));
    T_EQ(ouro_attr_del(derived, name), 0);
    T_CHECK(ouro_call_method(o, name, 0, NULL) == ouro_int_new(3));
    ouro_decref(o);
    ouro_decref(name);
    ouro_decref(other);
    ouro_decref(derived);
    drop(base);
}

static void depth_is_bounded(void)
{
    ouro_ref class = new_class(NULL);
    ouro_ref name = ouro_str_from("get_x"), root = class;
    ouro_incref(root);
    for (int i = 0; i < 15; i++) {
        ouro_ref derived = ouro_class_new("D", class);
        T_CHECK(derived != NULL);
        ouro_decref(class);
        class = derived;
    }
    T_CHECK(ouro_class_new("D", class) == NULL);
    fails(OURO_TYPE_ERROR, "more than 15 bases");
    ouro_ref o = make(class, 9);
    T_EQ(ouro_isinstance(o, root), 1);
    T_CHECK(ouro_call_method(o, name, 0, NULL) == ouro_int_new(9));
    ouro_decref(o);
    ouro_decref(root);
    ouro_decref(name);
    drop(class);
}

static void class_attributes(void)
{
    ouro_ref class = ouro_class_new("lib.C", NULL), x = ouro_str_from("x"), o, name;
    T_EQ(ouro_attr_has(class, x), 0);
    T_CHECK(ouro_attr_get(class, x) == NULL);
    fails(OURO_ATTRIBUTE_ERROR, "type object 'C' has no attribute 'x'");
    T_EQ(ouro_attr_del(class, x), -1);
    fails(OURO_ATTRIBUTE_ERROR, "type object 'C' has no attribute 'x'");
    T_EQ(ouro_attr_set(class, x, ouro_int_new(1)), 0);
    T_EQ(ouro_attr_has(class, x), 1);
    o = ouro_call(class, 0, NULL);
    T_CHECK(ouro_attr_get(o, x) == ouro_int_new(1));
    T_EQ(ouro_attr_set(o, x, ouro_int_new(2)), 0); /* hides it */
    T_CHECK(ouro_attr_get(o, x) == ouro_int_new(2));
    T_CHECK(ouro_attr_get(class, x) == ouro_int_new(1));
    T_EQ(ouro_attr_del(o, x), 0);
    T_CHECK(ouro_attr_get(o, x) == ouro_int_new(1));
    T_EQ(ouro_attr_del(o, x), -1);
    fails(OURO_ATTRIBUTE_ERROR, "'C' object has no attribute 'x'");
    name = ouro_attr_get_string(class, "__name__");
    T_TEXT(ouro_str_bytes(name, NULL), "C");
    ouro_decref(name);
    name = ouro_attr_get_string(o, "__class__");
    T_CHECK(name == class);
    ouro_decref(name);
    T_EQ(ouro_attr_set(class, OURO_NONE, x), -1);
    fails(OURO_TYPE_ERROR, "attribute name must be string, not 'NoneType'");
    T_CHECK(ouro_attr_get(class, OURO_NONE) == NULL);
    fails(OURO_TYPE_ERROR, "attribute name must be string, not 'NoneType'");
    ouro_decref(o);
    ouro_decref(x);
    ouro_decref(class);
    collect_all();
    T_EQ(objects(), 0);
}

/* ---- text ---- */

static void texts(void)
{
    ouro_ref class = new_class(NULL), other = ouro_class_new("lib.D", NULL), o = make(class, 1);
    ouro_ref method = ouro_attr_get_string(o, "get_x"), slotted;
    ouro_ref function = ouro_attr_get_string(class, "get_x"), cell = ouro_cell_new(o);
    T_TEXT(repr(class), "<class '__main__.C'>");
    T_TEXT(repr(other), "<class 'lib.D'>");
    T_TEXT(shape(o), "<__main__.C object at @>");
    T_TEXT(str(o), repr(o));
    T_TEXT(shape(function), "<function C.get_x at @>");
    T_TEXT(shape(method), "<bound method C.get_x of <__main__.C object at @>>");
    T_TEXT(shape(cell), "<cell at @: C object at @>");
    ouro_cell_set(cell, NULL);
    T_TEXT(shape(cell), "<cell at @: empty>");
    slotted = ouro_call(other, 0, NULL);
    T_TEXT(shape(slotted), "<lib.D object at @>");
    T_EQ(ouro_class_def(class, "__repr__", &hello_def), 0);
    T_TEXT(repr(o), "hello");
    T_TEXT(str(o), "hello");
    T_TEXT(repr(method), "<bound method C.get_x of hello>");
    T_EQ(ouro_class_def(class, "__str__", &five_def), 0);
    T_TEXT(repr(o), "hello");
    T_TEXT(str(o), "failed");
    fails(OURO_TYPE_ERROR, "__str__ returned non-string (type int)");
    T_EQ(ouro_class_def(class, "__repr__", &five_def), 0);
    T_TEXT(repr(o), "failed");
    fails(OURO_TYPE_ERROR, "__repr__ returned non-string (type int)");
    ouro_decref(o);
    ouro_decref(method);
    ouro_decref(function);
    ouro_decref(cell);
    ouro_decref(slotted);
    ouro_decref(other);
    drop(class);
}

/* ---- comparing and hashing ---- */

static void instances_compare_by_identity(void)
{
    ouro_ref class = new_class(NULL), a = make(class, 1), b = make(class, 1),
             dict = ouro_dict_new();
    T_EQ(ouro_equal(a, a), 1);
    T_EQ(ouro_equal(a, b), 0);
    T_EQ(ouro_compare(a, b, OURO_NE), 1);
    T_EQ(ouro_dict_set(dict, a, ouro_int_new(1)), 0);
    T_EQ(ouro_dict_set(dict, b, ouro_int_new(2)), 0);
    T_CHECK(ouro_dict_get(dict, a) == ouro_int_new(1));
    T_EQ(ouro_dict_len(dict), 2);
    ouro_decref(dict);
    ouro_decref(a);
    ouro_decref(b);
    drop(class);
}

static void classes_compare_as_they_say(void)
{
    ouro_ref class = new_class(NULL), a = make(class, 1), b = make(class, 1), c = make(class, 2);
    uint32_t hash, other;
    T_EQ(ouro_class_def(class, "__eq__", &equal_def), 0);
    T_EQ(ouro_equal(a, b), 1);
    T_EQ(ouro_equal(a, c), 0);
    T_EQ(ouro_compare(a, c, OURO_NE), 1);
    T_EQ(ouro_equal(a, OURO_NONE), -1); /* its own error */
    fails(OURO_ATTRIBUTE_ERROR, "'NoneType' object has no attribute 'x'");
    T_EQ(ouro_hash(a, &hash), -1); /* as in Python: == without hash */
    fails(OURO_TYPE_ERROR, "unhashable type: 'C'");
    T_EQ(ouro_class_def(class, "__hash__", &get_x_def), 0);
    T_EQ(ouro_hash(a, &hash), 0);
    T_EQ(ouro_hash(b, &other), 0);
    T_EQ(hash, other);
    T_EQ(ouro_hash(ouro_int_new(1), &other), 0);
    T_EQ(hash, other);
    ouro_ref dict = ouro_dict_new();
    T_EQ(ouro_dict_set(dict, a, ouro_int_new(1)), 0);
    T_EQ(ouro_dict_set(dict, b, ouro_int_new(2)), 0);
    T_EQ(ouro_dict_len(dict), 1);
    T_CHECK(ouro_dict_get(dict, a) == ouro_int_new(2));
    T_CHECK(ouro_dict_get(dict, c) == NULL);
    T_EQ(ouro_class_def(class, "__hash__", &hello_def), 0);
    T_EQ(ouro_hash(a, &hash), -1);
    fails(OURO_TYPE_ERROR, "__hash__ method should return an integer");
    ouro_decref(dict);
    ouro_decref(a);
    ouro_decref(b);
    ouro_decref(c);
    drop(class);
}

static void order(void)
{
    ouro_ref class = new_class(NULL), a = make(class, 1), b = make(class, 2);
    T_EQ(ouro_compare(a, b, OURO_LT), -1);
    fails(OURO_TYPE_ERROR, "'<' not supported between instances of 'C' and 'C'");
    T_EQ(ouro_class_def(class, "__lt__", &less_def), 0);
    T_EQ(ouro_compare(a, b, OURO_LT), 1);
    T_EQ(ouro_compare(b, a, OURO_LT), 0);
    T_EQ(ouro_compare(b, a, OURO_GT), 1); /* __lt__ of the other */
    T_EQ(ouro_compare(a, b, OURO_LE), -1);
    fails(OURO_TYPE_ERROR, "'<=' not supported between instances of 'C' and 'C'");
    ouro_decref(a);
    ouro_decref(b);
    drop(class);
}

static void bound_methods_compare_by_function_and_self(void)
{
    ouro_ref class = new_class(NULL), a = make(class, 1), b = make(class, 1);
    T_EQ(ouro_class_def(class, "__eq__", &equal_def), 0);
    ouro_ref one = ouro_attr_get_string(a, "get_x"), same = ouro_attr_get_string(a, "get_x");
    ouro_ref other = ouro_attr_get_string(b, "get_x");
    uint32_t hash, again;
    T_CHECK(one != same);
    T_EQ(ouro_equal(one, same), 1);
    T_EQ(ouro_equal(one, other), 0); /* although a == b */
    T_EQ(ouro_hash(one, &hash), 0);
    T_EQ(ouro_hash(same, &again), 0);
    T_EQ(hash, again);
    if (sizeof(void *) == 4) T_EQ(ouro_diag_sizeof(one), 16);
    ouro_decref(one);
    ouro_decref(same);
    ouro_decref(other);
    ouro_decref(a);
    ouro_decref(b);
    drop(class);
}

static void the_slot_of_weak_references_is_the_runtimes(void)
{
    ouro_ref class = ouro_class_new_slots("C", NULL, "a __weakref__"), o = ouro_instance_new(class);
    T_CHECK(ouro_slot_get(o, 1) == NULL);
    fails(OURO_INDEX_ERROR, "slot index out of range");
    ouro_ref weakref = ouro_weakref_new(o);
    T_EQ(ouro_slot_set(o, 1, ouro_int_new(1)), -1);
    fails(OURO_INDEX_ERROR, "slot index out of range");
    T_EQ(ouro_slot_set(o, 1, NULL), -1);
    fails(OURO_INDEX_ERROR, "slot index out of range");
    ouro_decref(o);
    T_CHECK(ouro_weakref_get(weakref) == OURO_NONE);
    ouro_decref(weakref);
    ouro_decref(class);
}

static const struct t_test tests[] = {
    T_TEST(a_class_makes_instances),
    T_TEST(wrong_calls),
    T_TEST(many_arguments),
    T_TEST(bases_are_looked_through),
    T_TEST(depth_is_bounded),
    T_TEST(class_attributes),
    T_TEST(texts),
    T_TEST(instances_compare_by_identity),
    T_TEST(classes_compare_as_they_say),
    T_TEST(order),
    T_TEST(bound_methods_compare_by_function_and_self),
    T_TEST(the_slot_of_weak_references_is_the_runtimes),
};
int main(void) { return t_run(tests, T_COUNT(tests)); }
