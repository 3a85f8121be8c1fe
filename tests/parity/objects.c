/* SPDX-License-Identifier: MIT
 * objects.c - what all objects share: repr, ==, order, hash, len, iteration; and modules. */
#include "parity.h"

static const char *const kinds[] = {"None",  "bool",      "int",   "float", "str",
                                    "tuple", "list",      "dict",  "set",   "frozenset",
                                    "bytes", "bytearray", "range", "slice"};
enum { KINDS = T_COUNT(kinds) };

static void make_things(ouro_ref things[KINDS])
{
    static const char *const literals[] = {"None", "True", "3",      "1.5", "'text'",
                                           "(1,)", "[2]",  "{3: 4}", "{5}"};
    size_t i = 0;
    for (; i < T_COUNT(literals); i++) things[i] = py(literals[i]);
    things[i++] = ouro_frozenset_from(py("[6]"));
    things[i++] = ouro_bytes_new("7", 1);
    things[i++] = ouro_bytearray_new("8", 1);
    things[i++] = ouro_range_new(0, 9, 1);
    things[i++] = ouro_slice_new(py("1"), py("2"), py("3"));
}

static void say_order(enum ouro_op op)
{
    ouro_ref x[KINDS], y[KINDS];
    make_things(x);
    make_things(y);
    for (size_t i = 0; i < KINDS; i++)
        for (size_t k = 0; k < KINDS; k++)
            say("%s %s %t", kinds[i], kinds[k], ouro_compare(x[i], y[k], op));
}
static void order_of_all_kinds(void) { say_order(OURO_LT); }
static void order_of_all_kinds_downwards(void) { say_order(OURO_GE); }

static ouro_ref answers(ouro_ref x, const ouro_ref *things, enum ouro_op op)
{
    ouro_ref row = ouro_list_new();
    for (size_t i = 0; i < KINDS; i++)
        (void)ouro_list_append(row, ouro_bool(ouro_compare(x, things[i], op) == 1));
    return row;
}

static void equality_of_all_kinds(void)
{
    ouro_ref x[KINDS];
    make_things(x);
    for (size_t i = 0; i < KINDS; i++)
        say("%s %R %R", kinds[i], answers(x[i], x, OURO_EQ), answers(x[i], x, OURO_NE));
}

static void say_len(ouro_ref x)
{
    int n = (int)ouro_len(x);
    if (n < 0)
        say("%n", n);
    else
        say("%d", n);
}

static void what_all_kinds_can_do(void)
{
    ouro_ref things[KINDS], nothing = ouro_intern("nothing", 7);
    uint32_t hash;
    make_things(things);
    for (size_t i = 0; i < KINDS; i++) {
        ouro_ref x = things[i];
        say("%s %s", kinds[i], ouro_type_name(x));
        say("%n", ouro_hash(x, &hash));
        say_len(x);
        ouro_ref iterator = ouro_iter(x);
        say("%n", iterator ? 0 : -1);
        say("%R", ouro_call(x, 0, NULL));
        say("%R", ouro_attr_get(x, nothing));
        say("%n", ouro_attr_set(x, nothing, py("1")));
        say("%n", ouro_attr_del(x, nothing));
    }
}

/* ---- reprs ---- */

static ouro_ref first_argument(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function, (void)argc;
    return ouro_own(argv[0]);
}
static const struct ouro_function_def
    f_def = {.name = "f", .call = first_argument, .parameters = "x", .least = 1, .most = 1},
    method_def = {.name = "C.f", .call = first_argument, .parameters = "x", .least = 1, .most = 1};

static ouro_ref one_step(ouro_ref generator, ouro_ref *locals, uint16_t *state, ouro_ref sent)
{
    (void)generator, (void)locals;
    return sent && (*state)++ == 0 ? ouro_int_new(1) : NULL;
}
static const struct ouro_generator_def one_def = {.name = "one", .step = one_step};

static void reprs_with_addresses(void)
{
    ouro_ref class_ = ouro_class_new("C", NULL), o = ouro_instance_new(class_);
    ouro_ref tuple = ouro_tuple_of(1, o), dict = ouro_dict_new(), list = ouro_list_new();
    (void)ouro_list_append(list, o);
    (void)ouro_list_append(list, tuple);
    (void)ouro_list_append(list, dict);
    (void)ouro_dict_set(dict, py("1"), o);
    say("%x %x", o, list);
    say("%x %x %x", ouro_function_new(&f_def, NULL), ouro_generator_new(&one_def, 0, NULL),
        ouro_memoryview_of(ouro_bytes_new("x", 1)));
    (void)ouro_class_def(class_, "f", &method_def);
    ouro_ref method = ouro_attr_get_string(o, "f");
    say("%x", method);
    say("%x %x %x", ouro_cell_new(py("5")), ouro_cell_new(NULL), ouro_cell_new(py("'x'")));
    ouro_ref r = ouro_weakref_new(o), p = ouro_proxy_new(o), both = ouro_list_new();
    say("%x", r);
    say("%x", p);
    (void)ouro_list_append(both, r);
    (void)ouro_list_append(both, p);
    say("%x", both);
    say("%x", class_);
    ouro_ref held[] = {tuple, dict, list, method, o};
    for (size_t i = 0; i < T_COUNT(held); i++) ouro_decref(held[i]);
    settle();
    say("%x", r);
    say("%x", p);
    say("%t", ouro_compare(r, r, OURO_LT));
    say("%R", ouro_attr_get_string(r, "nothing"));
    say_len(r);
}

static int append_to(ouro_ref list, ouro_ref item)
{
    int result = ouro_list_append(list, item);
    ouro_decref(list);
    ouro_decref(item);
    return result;
}

static void modules_have_names(void)
{
    ouro_ref m = ouro_module_new("tools"), x = ouro_intern("x", 1), d = ouro_dict_new(), five;
    say("%r %S", m, ouro_attr_get_string(m, "__name__"));
    say("%R", ouro_attr_get(m, x));
    say("%n", ouro_attr_set(m, x, py("1")));
    say("%R", ouro_attr_get(m, x));
    (void)ouro_attr_set_string(m, "y", py("[1]"));
    say("%n", append_to(ouro_attr_get_string(m, "y"), ouro_attr_get(m, x)));
    say("%R %t %t", ouro_attr_get_string(m, "y"), ouro_attr_has(m, py("'y'")),
        ouro_attr_has(m, py("'z'")));
    say("%n", ouro_attr_del(m, x));
    say("%R", ouro_attr_get(m, x));
    say("%n", ouro_attr_del(m, x));
    (void)ouro_module_def(m, &method_def);
    five = py("5");
    ouro_ref f = ouro_attr_get_string(m, "C.f");
    say("%R", ouro_call(f, 1, &five));
    say("%R", ouro_call(f, 0, NULL));
    (void)ouro_dict_set(d, m, py("1"));
    say("%s %t %t %r", ouro_type_name(m), ouro_equal(m, m), ouro_equal(m, ouro_module_new("tools")),
        ouro_dict_get(d, m));
    say("%R", ouro_call(m, 0, NULL));
    say("%t", ouro_compare(m, m, OURO_LT));
    say_len(m);
    say("%R", ouro_attr_get(m, five));
    (void)ouro_dict_del(ouro_module_dict(m), py("'C.f'"));
    say("%r", ouro_module_dict(m));
    ouro_ref r = ouro_weakref_new(m), target = ouro_weakref_get(r);
    say("%t", target == m);
    ouro_decref(target);
    (void)ouro_dict_del(d, m);
    ouro_decref(m);
    settle();
    say("%t", ouro_weakref_get(r) == OURO_NONE);
}

/* ---- nesting ---- */

static ouro_ref in_list(ouro_ref x)
{
    ouro_ref list = ouro_list_new();
    (void)ouro_list_append(list, x);
    return list;
}
static ouro_ref in_tuple(ouro_ref x) { return ouro_tuple_of(1, x); }
static ouro_ref in_dict(ouro_ref x)
{
    ouro_ref dict = ouro_dict_new();
    (void)ouro_dict_set(dict, py("'k'"), x);
    return dict;
}
static ouro_ref in_both(ouro_ref x)
{
    ouro_ref list = py("[1]"), tuple = ouro_tuple_of(2, x, ouro_int_new(2));
    (void)ouro_list_append(list, tuple);
    ouro_decref(tuple);
    return list;
}
static ouro_ref nest(ouro_ref (*kind)(ouro_ref x))
{
    ouro_ref x = OURO_NONE;
    for (int i = 0; i < 40; i++) {
        ouro_ref outer = kind(x);
        ouro_decref(x);
        x = outer;
    }
    return x;
}

static void nested_deeply(void)
{
    static ouro_ref (*const in[])(ouro_ref x) = {in_list, in_tuple, in_dict, in_both};
    for (size_t i = 0; i < T_COUNT(in); i++) {
        ouro_ref x = nest(in[i]), y = nest(in[i]), z = in[i](y);
        say("%r", x);
        say("%t %t", ouro_equal(x, y), ouro_compare(x, y, OURO_NE));
        say("%t %t", ouro_equal(x, z), ouro_compare(x, z, OURO_NE));
    }
}

static void cycles_of_all_kinds(void)
{
    ouro_ref x = ouro_list_new(), d = ouro_dict_new();
    (void)ouro_dict_set(d, py("'list'"), x);
    (void)ouro_list_append(x, d);
    (void)ouro_list_append(x, ouro_tuple_of(2, x, d));
    say("%r", x);
    say("%r", d);
    say("%R", ouro_tuple_of(1, x));
    (void)ouro_dict_set(d, py("1"), d);
    say("%r", d);
    say("%r", x);
    ouro_ref inner = ouro_list_new(), t = ouro_tuple_of(1, inner);
    (void)ouro_list_append(inner, t);
    say("%r %r", t, inner);
    ouro_ref y = py("[[]]"), y0 = ouro_list_get(y, 0), zero = ouro_dict_new();
    (void)ouro_list_append(y0, y);
    say("%r %r", y, y0);
    ouro_ref twice = ouro_list_new();
    (void)ouro_list_append(twice, y);
    (void)ouro_list_append(twice, y);
    (void)ouro_dict_set(zero, py("0"), y);
    say("%r %r", twice, zero);
    uint32_t hash;
    say("%n", ouro_hash(t, &hash));
    ouro_ref fresh = ouro_list_new();
    for (int i = 0; i < 4; i++) (void)ouro_list_append(fresh, i % 2 ? y : t);
    say("%r", fresh);
}

static int next_is_in(ouro_ref it, ouro_ref set)
{
    ouro_ref item = ouro_iter_next(it);
    int result = item ? ouro_set_contains(set, item) : -1;
    ouro_xdecref(item);
    return result;
}

static void sets_change_while_one_walks(void)
{
    ouro_ref s = py("{1, 2, 3}"), it = ouro_iter(s), rest = ouro_list_new();
    say("%t", next_is_in(it, s));
    (void)ouro_set_add(s, py("4"));
    say("%R", ouro_iter_next(it));
    say("%R", ouro_iter_next(it));
    it = ouro_iter(s);
    say("%t", next_is_in(it, s));
    (void)ouro_set_discard(s, py("4"));
    (void)ouro_set_discard(s, py("3"));
    say("%R", ouro_iter_next(it));
    it = ouro_iter(s);
    ouro_set_clear(s);
    say("%R", ouro_iter_next(it));
    (void)ouro_set_update(s, py("(5, 6)"));
    it = ouro_iter(s);
    (void)ouro_set_discard(s, py("5"));
    (void)ouro_set_add(s, py("7"));
    (void)ouro_list_extend(rest, it);
    (void)ouro_list_sort(rest, false);
    say("%r", rest);
    say("%R", ouro_iter_next(it));
    it = ouro_iter(ouro_frozenset_from(py("[1]")));
    ouro_ref first = ouro_iter_next(it), second = ouro_iter_next(it);
    say("%R %R %R", first, second, ouro_iter_next(it));
    ouro_ref a = ouro_set_from(py("'abc'")), all = ouro_list_new();
    (void)ouro_list_extend(all, a);
    for (size_t i = 0; i < 3; i++) (void)ouro_set_discard(a, ouro_list_get(all, (ptrdiff_t)i));
    say("%r", a);
}

static const struct section sections[] = {
    SECTION(order_of_all_kinds),
    SECTION(order_of_all_kinds_downwards),
    SECTION(equality_of_all_kinds),
    SECTION(what_all_kinds_can_do),
    SECTION(reprs_with_addresses),
    SECTION(modules_have_names),
    SECTION(nested_deeply),
    SECTION(cycles_of_all_kinds),
    SECTION(sets_change_while_one_walks),
};
PARITY_MAIN(sections)
