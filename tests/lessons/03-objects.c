/* SPDX-License-Identifier: MIT
 * 03-objects.c - identity, type and value; the same small int is the same object. */
#include "lesson.h"

static unsigned id(ouro_ref ref) { return (unsigned)ouro_diag_id(ref); }

/* Section 3, block 1. */
static void identity_of_ints(void)
{
    tell("Every object has an identity, a type and a value.  A variable is none of them:\n"
         "it refers to an object, and several variables may refer to the same one.");
    enter("a = 42");
    ouro_ref a = ouro_int_new(42);
    enter("b = 42");
    ouro_ref b = ouro_int_new(42);
    enter("c = a");
    ouro_ref c = ouro_own(a);
    ask("print(id(a) == id(b))", ouro_diag_id(a) == ouro_diag_id(b));
    ask("print(id(a) == id(c))", ouro_diag_id(a) == ouro_diag_id(c));
    note("Here id(a) is %x: 42 shifted left, and bit 0 set.  A small int is in\n"
         "the reference itself and takes %u bytes of memory.",
         ouro_diag_id(a), (unsigned)ouro_diag_sizeof(a));
    CHECK(a == b && a == c && ouro_is_immediate(a));
    CHECK(ouro_diag_sizeof(a) == 0);
    ouro_decref(a);
    ouro_decref(b);
    ouro_decref(c);
}

static void identity_and_equality(void)
{
    tell("Two lists of equal value are two objects, at two addresses:");
    enter("x = [42]");
    ouro_ref x = list_of(1, ouro_int_new(42));
    enter("y = [42]");
    ouro_ref y = list_of(1, ouro_int_new(42));
    ask("x == y", ouro_equal(x, y) == 1);
    ask("x is y", x == y);
    note("id(x) is %x, id(y) %x: the addresses of their headers.", ouro_diag_id(x),
         ouro_diag_id(y));
    enter("x[0] is y[0]");
    say("%t", ouro_list_get(x, 0) == ouro_list_get(y, 0));
    CHECK(x != y && ouro_equal(x, y) == 1);
    CHECK(id(x) % 8 == 0 && id(y) % 8 == 0);
    drop(x);
    drop(y);
}

static ouro_ref nothing(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function, (void)argc, (void)argv;
    return OURO_NONE;
}
static const struct ouro_function_def nothing_def = {.name = "f", .call = nothing};

static void types(void)
{
    tell("Literally everything is an object: functions and classes, too, and None.");
    enter("def f(): pass");
    enter("class C: pass");
    enter("things = [42, 4.5, 'text', [1], None, f, C, C()]");
    ouro_ref c = ouro_class_new("C", NULL), text = ouro_str_from("text");
    ouro_ref things =
        list_of(8, ouro_int_new(42), ouro_float_new(4.5), text, list_of(1, ouro_int_new(1)),
                OURO_NONE, ouro_function_new(&nothing_def, NULL), c, ouro_instance_new(c));
    enter("print(*[type(thing).__name__ for thing in things])");
    say("%s %s %s %s %s %s %s %s", ouro_type_name(ouro_list_get(things, 0)),
        ouro_type_name(ouro_list_get(things, 1)), ouro_type_name(ouro_list_get(things, 2)),
        ouro_type_name(ouro_list_get(things, 3)), ouro_type_name(ouro_list_get(things, 4)),
        ouro_type_name(ouro_list_get(things, 5)), ouro_type_name(ouro_list_get(things, 6)),
        ouro_type_name(ouro_list_get(things, 7)));
    note("The header of each is %u bytes: type, reference count, and what the\n"
         "collector notes there.  4.5 takes %u bytes, 'text' %u, [1] %u.",
         (unsigned)sizeof(struct ouro_obj), (unsigned)ouro_diag_sizeof(ouro_list_get(things, 1)),
         (unsigned)ouro_diag_sizeof(text), (unsigned)ouro_diag_sizeof(ouro_list_get(things, 3)));
    CHECK(ouro_class_of(ouro_list_get(things, 7)) == c);
    drop(things);
}

LESSON(3, "identity, type, value")
{
    identity_of_ints();
    identity_and_equality();
    types();
}
