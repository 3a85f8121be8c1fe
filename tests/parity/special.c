/* SPDX-License-Identifier: MIT
 * special.c - special methods of classes: len, bool, iteration, subscripts, operators, order. */
#include <string.h>

#include "parity.h"

OURO_USE_SPECIAL_METHODS;

static const char *const names[] = {"add",    "sub",    "mul", "truediv", "floordiv", "mod",
                                    "lshift", "rshift", "and", "or",      "xor"};
enum { OPERATORS = T_COUNT(names) };
static const char *const orders[] = {"lt", "le", "eq", "gt", "ge"};

/* ---- classes ---- */

/* Define a method whose function closes over something. */
static void define(ouro_ref class, const char *prefix, const char *name,
                   const struct ouro_function_def *def, ouro_ref closure)
{
    ouro_ref full = ouro_str_format("__%s%s__", prefix, name);
    ouro_ref function = ouro_function_new(def, closure ? closure : full);
    (void)ouro_attr_set(class, full, function);
    ouro_decref(function);
    ouro_decref(full);
}

/* Tells its name, which it closes over, and the arguments. */
static ouro_ref tells(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    ouro_ref name = ouro_function_closure(function);
    return argc == 1 ? ouro_tuple_of(1, name) : ouro_tuple_of(2, name, argv[1]);
}
static const struct ouro_function_def tells_def = {.name = "f", .call = tells, .most = 3};

/* Answers what it closes over. */
static ouro_ref answers(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)argc;
    (void)argv;
    return ouro_own(ouro_function_closure(function));
}
static const struct ouro_function_def answers_def = {.name = "f", .call = answers, .most = 3};

static ouro_ref write_name(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function;
    (void)argc;
    return ouro_str_format("<%s>", ouro_type_name(argv[0]));
}
static const struct ouro_function_def repr_def = {.name = "f", .call = write_name, .most = 1};

static ouro_ref make(const char *name, ouro_ref base)
{
    ouro_ref class = ouro_class_new(name, base);
    define(class, "", "repr", &repr_def, NULL);
    return class;
}
static ouro_ref instance(ouro_ref class) { return ouro_call(class, 0, NULL); }

/* An instance of a class whose only method answers just that; steals it. */
static ouro_ref answering(const char *method, ouro_ref answer)
{
    ouro_ref class = ouro_class_new("C", NULL);
    define(class, "", method, &answers_def, answer);
    ouro_ref made = instance(class);
    ouro_decref(class);
    return made;
}
static ouro_ref dull(void) { return answering("x", py("1")); }

/* ---- sections ---- */

static void say_len(ouro_ref thing)
{
    ptrdiff_t n = ouro_len(thing);
    if (n < 0)
        say("%R", (ouro_ref)NULL);
    else
        say("%d", n > 9 ? 9 : (int)n);
}

static void lengths(void)
{
    static const char *const answered[] = {
        "0", "3", "True", "-1", "2.5", "None", "4611686018427387904", "[1]"};
    for (size_t i = 0; i < T_COUNT(answered); i++) {
        ouro_ref thing = answering("len", py(answered[i]));
        if (i == 6) { /* lengths have 31 bits here */
            say("%d\nTrue", 9);
            continue;
        }
        say_len(thing);
        say("%t", ouro_truth(thing));
    }
    say_len(dull());
    say("%t", ouro_truth(dull()));
}

static void truths(void)
{
    static const char *const answered[] = {"True", "False", "1", "0", "None", "''", "[]", "2.0"};
    for (size_t i = 0; i < T_COUNT(answered); i++)
        say("%t", ouro_truth(answering("bool", py(answered[i]))));
    ouro_ref both = ouro_class_new("Both", NULL);
    define(both, "", "bool", &answers_def, OURO_FALSE);
    define(both, "", "len", &answers_def, py("3"));
    say("%t %d", ouro_truth(instance(both)), (int)ouro_len(instance(both)));
    say("%t", ouro_truth(answering("bool", OURO_TRUE)) && ouro_truth(answering("len", py("1"))));
}

static ouro_ref count_down(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    int64_t n = 0;
    (void)function;
    (void)argc;
    ouro_ref left = ouro_attr_get_string(argv[0], "n");
    (void)ouro_int_get(left, &n);
    if (n == 0) return NULL;
    if (n == 13) {
        ouro_error_set(OURO_VALUE_ERROR, "13");
        return NULL;
    }
    (void)ouro_attr_set_string(argv[0], "n", ouro_int_new(n - 1));
    return ouro_int_new(n - 1);
}
static ouro_ref itself(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function;
    (void)argc;
    return ouro_own(argv[0]);
}

static ouro_ref countdown(int n)
{
    static const struct ouro_function_def next = {.name = "f", .call = count_down, .most = 1};
    static const struct ouro_function_def iter = {.name = "f", .call = itself, .most = 1};
    ouro_ref class = ouro_class_new("Countdown", NULL);
    define(class, "", "next", &next, NULL);
    define(class, "", "iter", &iter, NULL);
    ouro_ref made = instance(class);
    (void)ouro_attr_set_string(made, "n", ouro_int_new(n));
    return made;
}
static ouro_ref sorted_set(ouro_ref items)
{
    ouro_ref list = ouro_list_from(ouro_set_from(items));
    (void)ouro_list_sort(list, false);
    return list;
}

static void iteration(void)
{
    say("%R %R %R", ouro_list_from(countdown(4)), ouro_tuple_from(countdown(3)),
        sorted_set(countdown(3)));
    say("%t %t", ouro_contains(countdown(4), py("2")), ouro_contains(countdown(4), py("9")));
    ouro_ref whole = py("[0]");
    (void)ouro_list_extend(whole, countdown(2));
    say("%r", whole);
    (void)ouro_list_set_slice(whole, ouro_slice_new(py("1"), py("1"), OURO_NONE), countdown(3));
    say("%r", whole);
    say("%R", ouro_list_from(countdown(14)));
    say("%t", ouro_contains(countdown(15), py("5")));
    ouro_ref united[] = {ouro_arith(py("{1, 2}"), OURO_OR, ouro_set_from(countdown(4))),
                         ouro_set_union(py("{5}"), countdown(2))};
    for (size_t i = 0; i < 2; i++) ouro_put(&united[i], ouro_set_from(sorted_set(united[i])));
    say("%R %t %R", united[0], ouro_set_issubset(py("{1, 2}"), countdown(3)), united[1]);
    ouro_ref thing = countdown(2);
    say("%t", ouro_iter(thing) == thing);
    say("%R", ouro_iter_next(thing));
    say("%R", ouro_iter_next(thing));
    ouro_ref answered[] = {py("[]"), ouro_iter(py("[1]")), py("5"), OURO_NONE, countdown(1)};
    for (size_t i = 0; i < T_COUNT(answered); i++)
        say("%R", ouro_list_from(answering("iter", answered[i])));
    say("%R", ouro_iter(dull()));
    say("%R", ouro_iter_next(dull()));
    say("%R", ouro_list_from(dull()));
    say("%R", ouro_set_from(dull()));
    say("%t", ouro_contains(dull(), py("1")));
    say("%R", ouro_set_union(py("{1}"), dull()));
}

static ouro_ref written; /* a list of what was set and deleted */

static ouro_ref get_item(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function;
    (void)argc;
    return ouro_tuple_of(2, py("'get'"), argv[1]);
}
static ouro_ref set_item(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function;
    (void)argc;
    (void)ouro_list_append(written, ouro_tuple_of(3, py("'set'"), argv[1], argv[2]));
    return ouro_own(OURO_NONE);
}
static ouro_ref del_item(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function;
    (void)argc;
    if (ouro_equal(argv[1], py("'x'"))) {
        ouro_error_set(OURO_KEY_ERROR, "'x'");
        return NULL;
    }
    (void)ouro_list_append(written, ouro_tuple_of(2, py("'del'"), argv[1]));
    return ouro_own(OURO_NONE);
}

static void subscripts(void)
{
    static const struct ouro_function_def defs[] = {{.name = "f", .call = get_item, .most = 2},
                                                    {.name = "f", .call = set_item, .most = 3},
                                                    {.name = "f", .call = del_item, .most = 2}};
    static const char *const methods[] = {"getitem", "setitem", "delitem"};
    ouro_ref class = ouro_class_new("Record", NULL);
    written = ouro_list_new();
    for (size_t i = 0; i < 3; i++) define(class, "", methods[i], &defs[i], NULL);
    ouro_ref record = instance(class);
    say("%R %R %R %R", ouro_item_get(record, py("0")), ouro_item_get(record, py("'a'")),
        ouro_item_get(record, py("(1, 2)")), ouro_item_get(record, py("-1")));
    say("%R", ouro_item_get(record, ouro_slice_new(py("1"), py("2"), OURO_NONE)));
    (void)ouro_item_set(record, py("'k'"), py("5"));
    (void)ouro_item_set(record, py("1"), OURO_NONE);
    (void)ouro_item_del(record, py("3"));
    say("%r", written);
    say("%n", ouro_item_del(record, py("'x'")));
    say("%R", ouro_item_get(dull(), py("0")));
    say("%n", ouro_item_set(dull(), py("0"), py("1")));
    say("%n", ouro_item_del(dull(), py("'a'")));
    say("%R", ouro_item_get(record, ouro_slice_new(py("1"), py("2"), py("3"))));
    static const char *const answered[] = {"True", "0", "[]", "'yes'", "None"};
    for (size_t i = 0; i < T_COUNT(answered); i++)
        say("%t", ouro_contains(answering("contains", py(answered[i])), py("1")));
}

static ouro_ref calculator(const char *name, ouro_ref base)
{
    ouro_ref class = make(name, base);
    for (size_t i = 0; i < OPERATORS; i++) {
        define(class, "", names[i], &tells_def, NULL);
        define(class, "r", names[i], &tells_def, NULL);
    }
    return class;
}

static void arithmetic(void)
{
    ouro_ref a = instance(calculator("A", NULL));
    for (enum ouro_arith op = OURO_ADD; op <= OURO_XOR; op++)
        say("%R %R %R %R %R %R %R %R %R", ouro_arith(a, op, py("1")), ouro_arith(py("1"), op, a),
            ouro_arith(a, op, a), ouro_arith(py("[]"), op, a), ouro_arith(py("()"), op, a),
            ouro_arith(a, op, py("{1}")), ouro_arith(py("{1}"), op, a),
            ouro_arith(py("2.5"), op, a), ouro_arith(OURO_NONE, op, a));
}

static void reflected_arithmetic(void)
{
    ouro_ref base = calculator("Base", NULL), plain = make("Plain", base);
    ouro_ref derived = make("Derived", base), right = make("Right", NULL);
    define(derived, "", "radd", &tells_def, NULL);
    define(derived, "", "sub", &tells_def, NULL);
    define(right, "", "radd", &tells_def, NULL);
    define(right, "", "rsub", &tells_def, NULL);
    ouro_ref things[] = {instance(base), instance(plain), instance(derived), instance(right)};
    for (size_t i = 0; i < 4; i++)
        for (size_t k = 0; k < 4; k++) {
            say("%R", ouro_arith(things[i], OURO_ADD, things[k]));
            say("%R", ouro_arith(things[i], OURO_SUB, things[k]));
        }
    say("%R %R", ouro_arith(things[3], OURO_MUL, things[0]),
        ouro_arith(things[0], OURO_MUL, things[3]));
    say("%R", ouro_arith(things[3], OURO_MUL, things[3]));
}

static void not_implemented(void)
{
    say("%r %s", OURO_NOTIMPLEMENTED, ouro_type_name(OURO_NOTIMPLEMENTED));
    ouro_ref class = make("Shy", NULL), other = make("A", NULL);
    for (size_t i = 0; i < OPERATORS; i++) {
        define(class, "", names[i], &answers_def, OURO_NOTIMPLEMENTED);
        define(class, "r", names[i], &answers_def, OURO_NOTIMPLEMENTED);
    }
    for (size_t i = 0; i < T_COUNT(orders); i++)
        define(class, "", orders[i], &answers_def, OURO_NOTIMPLEMENTED);
    define(other, "", "radd", &tells_def, NULL);
    define(other, "", "sub", &tells_def, NULL);
    define(other, "", "gt", &tells_def, NULL);
    ouro_ref shy = instance(class), a = instance(other), one = py("1");
    for (enum ouro_arith op = OURO_ADD; op <= OURO_XOR; op++) {
        say("%R", ouro_arith(shy, op, one));
        say("%R", ouro_arith(shy, op, shy));
    }
    say("%R %R", ouro_arith(shy, OURO_ADD, a), ouro_arith(a, OURO_SUB, shy));
    /* an answer is taken as yes or no here */
    say("('__gt__', %r) ('__gt__', %r)", shy, shy);
    for (enum ouro_op op = OURO_LT; op <= OURO_GE; op++) {
        say("%t", ouro_compare(shy, one, op));
        say("%t", ouro_compare(one, shy, op));
        say("%t", ouro_compare(shy, instance(class), op));
        say("%t", ouro_compare(shy, shy, op));
    }
}

/* ---- order ---- */

static const char *yes; /* names of the methods that answer True, in spaces */

/* Notes who was asked for what. */
static ouro_ref asked(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    char name[8] = " ";
    ouro_ref full = ouro_function_closure(function);
    (void)argc;
    (void)strncat(name, ouro_str_bytes(full, NULL) + 2, 2);
    ouro_ref text = ouro_str_from(name + 1);
    (void)ouro_list_append(written, ouro_tuple_of(2, ouro_str_from(ouro_type_name(argv[0])), text));
    ouro_decref(text);
    return ouro_own(ouro_bool(strstr(yes, strcat(name, " ")) != NULL));
}
static const struct ouro_function_def asked_def = {.name = "f", .call = asked, .most = 2};

static void comparisons(void)
{
    ouro_ref base = ouro_class_new("Base", NULL), derived = ouro_class_new("Derived", base),
             low = ouro_class_new("Low", NULL);
    for (size_t i = 0; i < T_COUNT(orders); i++) define(base, "", orders[i], &asked_def, NULL);
    define(derived, "", "gt", &asked_def, NULL);
    define(low, "", "lt", &asked_def, NULL);
    define(low, "", "le", &asked_def, NULL);
    ouro_ref things[] = {instance(base), instance(derived), instance(low), py("3")};
    static const char *const answered[] = {" lt ge eq ", " gt le "};
    for (size_t a = 0; a < 2; a++)
        for (enum ouro_op op = OURO_LT; op <= OURO_GE; op++)
            for (size_t i = 0; i < 4; i++)
                for (size_t k = 0; k < 4; k++) {
                    yes = answered[a];
                    written = ouro_list_new();
                    int answer = ouro_compare(things[i], things[k], op);
                    if (answer < 0)
                        say("%R %r", (ouro_ref)NULL, written);
                    else
                        say("%t %R", answer, written);
                }
}

/* ---- attributes ---- */

static ouro_ref made_up(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    const char *name = ouro_str_bytes(argv[1], NULL);
    (void)function;
    (void)argc;
    if (strncmp(name, "no", 2) != 0) return ouro_str_format("%s!", name);
    ouro_error_format(OURO_ATTRIBUTE_ERROR, "never %s", name);
    return NULL;
}

static void attributes_made_up(void)
{
    static const struct ouro_function_def def = {.name = "f", .call = made_up, .most = 2};
    ouro_ref class = ouro_class_new("Any", NULL);
    (void)ouro_class_def(class, "__getattr__", &def);
    (void)ouro_attr_set_string(class, "known", py("1"));
    ouro_ref any = instance(class);
    (void)ouro_attr_set_string(any, "own", py("2"));
    say("%S %S %S", ouro_attr_get_string(any, "known"), ouro_attr_get_string(any, "own"),
        ouro_attr_get_string(any, "other"));
    say("%R", ouro_attr_get_string(any, "nothing"));
    say("%t %t", ouro_attr_has(any, py("'x'")), ouro_attr_has(any, py("'now'")));
    (void)ouro_attr_set_string(any, "other", py("3"));
    say("%S", ouro_attr_get_string(any, "other"));
    (void)ouro_attr_del(any, py("'other'"));
    say("%S", ouro_attr_get_string(any, "other"));
    say("%R", ouro_attr_get_string(class, "other"));
    say("%R", ouro_attr_get_string(any, "b"));
    say("%R", ouro_attr_get(any, py("1")));
    say("%S", ouro_attr_get_string(ouro_attr_get_string(any, "__class__"), "__name__"));
    say("%R", ouro_attr_get_string(dull(), "y"));
}

static void instances_are_not_asked(void)
{
    static const char *const methods[] = {"__len__",     "__iter__",     "__add__",
                                          "__getitem__", "__contains__", "__bool__"};
    ouro_ref thing = dull(), one = py("1"), function = ouro_function_new(&tells_def, one);
    for (size_t i = 0; i < T_COUNT(methods); i++)
        (void)ouro_attr_set_string(thing, methods[i], function);
    say_len(thing);
    say("%R", ouro_iter(thing));
    say("%R", ouro_arith(thing, OURO_ADD, one));
    say("%R", ouro_arith(one, OURO_ADD, thing));
    say("%R", ouro_item_get(thing, py("0")));
    say("%t", ouro_contains(thing, one));
    say("%t", ouro_truth(thing));
    say("%R", ouro_iter_next(thing));
    say("%t", ouro_compare(thing, thing, OURO_LT));
    say("%t %t", ouro_compare(thing, thing, OURO_EQ), ouro_compare(thing, thing, OURO_NE));
}

static const struct section sections[] = {
    SECTION(lengths),
    SECTION(truths),
    SECTION(iteration),
    SECTION(subscripts),
    SECTION(arithmetic),
    SECTION(reflected_arithmetic),
    SECTION(not_implemented),
    SECTION(comparisons),
    SECTION(attributes_made_up),
    SECTION(instances_are_not_asked),
};
PARITY_MAIN(sections)
