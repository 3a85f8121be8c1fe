/* SPDX-License-Identifier: MIT
 * path.c - who holds an object: the shortest chain, all referrers, and what would go with it. */
#include "object.h"
#include "search_text.h"

static void through_containers(void)
{
    ouro_ref config = ouro_dict_new();
    ouro_ref rooms = in_dict(config, "rooms", ouro_list_new());
    for (unsigned i = 0; i < 3; i++) in_list(rooms, ouro_list_new());
    ouro_ref class = ouro_class_new("Room", NULL);
    ouro_ref room = in_list(rooms, ouro_instance_new(class));
    ouro_ref next = in_attr(room, "next", ouro_list_new());
    ouro_ref names = ouro_dict_new();
    in_dict(names, "config", config);

    T_TEXT(path_to(next, names), "config['rooms'][3].next");
    T_TEXT(path_to(rooms, names), "config['rooms']");
    T_TEXT(path_to(config, names), ""); /* its own name is no news */
    T_TEXT(path_to(next, NULL), "OUTSIDE*1['config']['rooms'][3].next");
    T_TEXT(path_to(names, NULL), "OUTSIDE*1");
    ouro_decref(names);
    ouro_decref(class);
}

static void through_tuples_and_sets(void)
{
    enum { MANY = 1000 };
    struct ouro_tuple_builder builder;
    ouro_ref leaf = ouro_list_new(), text = ouro_str_from("text");
    ouro_ref pair = ouro_tuple_of(2, OURO_NONE, leaf);
    ouro_decref(leaf);
    ouro_tuple_begin(&builder);
    for (unsigned i = 0; i < MANY; i++)
        T_EQ(ouro_tuple_add(&builder, i == 777 ? pair : OURO_NONE), 0);
    ouro_ref large = ouro_tuple_end(&builder);
    ouro_decref(pair);
    T_TEXT(path_to(leaf, NULL), "OUTSIDE*1[777][1]");
    ouro_decref(large);

    ouro_ref set = ouro_set_new();
    T_EQ(ouro_set_add(set, text), 0);
    ouro_decref(text);
    T_TEXT(path_to(text, NULL), "OUTSIDE*1<member>");
    T_TEXT(referents_of(set), "<member> ");
    ouro_decref(set);
}

static void through_keys_of_all_kinds(void)
{
    ouro_ref dict = ouro_dict_new(), at = ouro_tuple_of(2, ouro_int_new(3), ouro_int_new(-4));
    ouro_ref deep = ouro_tuple_of(1, at), value = ouro_list_new();
    T_EQ(ouro_dict_set(dict, at, value), 0);
    T_TEXT(referrers_of(value, NULL), "[(3, -4)] OUTSIDE*1 ");
    T_EQ(ouro_dict_del(dict, at), 0);
    T_EQ(ouro_dict_set(dict, deep, value), 0);
    T_CHECK(strncmp(referrers_of(value, NULL), "[<tuple at 0x", 13) == 0);
    T_CHECK(strncmp(referrers_of(deep, NULL), "<member> OUTSIDE*1 ", 19) == 0);
    ouro_decref(deep);
    ouro_decref(at);
    ouro_decref(value);
    ouro_decref(dict);
}

/* 300 entries: trees of nodes three levels high. */
static void through_large_containers(void)
{
    enum { MANY = 300 };
    char name[] = "k000";
    ouro_ref dict = ouro_dict_new(), list = ouro_list_new(), leaf[2] = {0};
    for (unsigned i = 0; i < MANY; i++) {
        name[1] = (char)('0' + i / 100);
        name[2] = (char)('0' + i / 10 % 10);
        name[3] = (char)('0' + i % 10);
        ouro_ref in = in_dict(dict, name, ouro_list_new());
        if (i == 217) leaf[0] = in;
        in = in_list(list, ouro_list_new());
        if (i == 288) leaf[1] = in;
    }
    T_TEXT(path_to(leaf[0], NULL), "OUTSIDE*1['k217']");
    T_TEXT(path_to(leaf[1], NULL), "OUTSIDE*1[288]");
    T_TEXT(referrers_of(leaf[0], NULL), "['k217'] ");
    T_TEXT(referrers_of(leaf[1], NULL), "[288] ");
    ouro_decref(dict);
    ouro_decref(list);
}

static ouro_ref call(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function;
    (void)argc;
    (void)argv;
    return OURO_NONE;
}
static const struct ouro_function_def def = {.name = "f", .call = call};

static void through_a_closure(void)
{
    ouro_ref big = ouro_list_new(), cell = ouro_cell_new(big);
    ouro_ref function = ouro_function_new(&def, cell);
    ouro_decref(big);
    ouro_decref(cell);
    T_TEXT(path_to(big, NULL), "OUTSIDE*1.closure.cell_contents");
    ouro_decref(function);
}

static ouro_ref step(ouro_ref generator, ouro_ref *locals, uint16_t *state, ouro_ref sent)
{
    (void)generator;
    (void)locals;
    *state = 1;
    (void)sent;
    return NULL;
}
static const struct ouro_generator_def generator_def = {.name = "g", .step = step, .locals = 3};

static void through_a_generator(void)
{
    ouro_ref leaf = ouro_list_new(), locals[] = {OURO_NONE, OURO_NONE, leaf};
    ouro_ref generator = ouro_generator_new(&generator_def, 3, locals);
    ouro_decref(leaf);
    T_TEXT(path_to(leaf, NULL), "OUTSIDE*1.locals[2]");
    ouro_decref(generator);
}

static int call_back(ouro_ref weakref, ouro_ref context)
{
    (void)weakref;
    (void)context;
    return 0;
}

/* They do not hold their targets, but what stands beside them. */
static void through_weak_types(void)
{
    ouro_ref class = ouro_class_new("C", NULL), key = ouro_instance_new(class);
    ouro_ref leaf = ouro_list_new(), keys = ouro_weakkeys_new(), context = ouro_list_new();
    ouro_ref proxy = ouro_proxy_new_with(key, call_back, context);
    ouro_ref weakref = ouro_weakref_new_with(key, call_back, context);
    T_EQ(ouro_weakkeys_set(keys, key, leaf), 0);
    ouro_decref(leaf);
    ouro_decref(context);
    T_TEXT(path_to(leaf, NULL), "OUTSIDE*1.data<member>.item");
    T_TEXT(referrers_of(context, NULL), ".context .context ");
    T_CHECK(strstr(referents_of(keys), ".data .token ") == told);
    ouro_decref(weakref);
    ouro_decref(proxy);
    ouro_decref(keys);
    ouro_decref(key);
    ouro_decref(class);
}

static void through_attributes(void)
{
    ouro_ref class = ouro_class_new("C", NULL), leaf = ouro_list_new();
    ouro_ref slotted = ouro_class_new_slots("S", NULL, "left right");
    ouro_ref one = ouro_instance_new(class), two = ouro_instance_new(slotted);
    T_EQ(ouro_attr_set_string(one, "a", OURO_NONE), 0);
    T_EQ(ouro_attr_set_string(one, "b", leaf), 0);
    T_EQ(ouro_attr_set_string(two, "right", leaf), 0);
    T_CHECK(strstr(referrers_of(leaf, NULL), ".b ") && strstr(told, ".right ")); /* in any order */
    ouro_ref weakref = ouro_weakref_new(one); /* moves its values behind an anchor */
    T_CHECK(strstr(referrers_of(leaf, NULL), ".b ") && strstr(told, ".right "));
    T_EQ(strlen(told), strlen(".b .right OUTSIDE*1 "));
    T_TEXT(referents_of(one), ".a .b .__class__ ");
    T_TEXT(referents_of(two), ".right .__class__ ");
    ouro_decref(weakref);
    ouro_decref(one);
    ouro_decref(two);
    ouro_decref(leaf);
    ouro_decref(class);
    ouro_decref(slotted);
}

static void attributes_that_came_late(void)
{
    char name[] = "a0";
    ouro_ref class = ouro_class_new("C", NULL), one = ouro_instance_new(class), last = NULL;
    for (unsigned i = 0; i < 20; i++) {
        name[1] = (char)('a' + i);
        last = in_attr(one, name, ouro_list_new());
    }
    T_TEXT(path_to(last, NULL), "OUTSIDE*1.__dict__['at']");
    ouro_decref(one);
    ouro_decref(class);
}

/* ---- outside, weak, shortest ---- */

static void c_variables_are_told_by_count(void)
{
    ouro_ref list = ouro_list_new(), text = ouro_str_from("held by C");
    T_TEXT(path_to(list, NULL), "OUTSIDE*1");
    ouro_incref(list);
    T_TEXT(path_to(list, NULL), "OUTSIDE*2");
    T_TEXT(path_to(text, NULL), "OUTSIDE*1");
    T_TEXT(path_to(ouro_int_new(5), NULL), "");
    T_TEXT(path_to(OURO_NONE, NULL), "");
    ouro_decref(list);
    ouro_decref(list);
    ouro_decref(text);
}

static void weak_references_hold_nothing(void)
{
    ouro_ref class = ouro_class_new("C", NULL), one = ouro_instance_new(class);
    ouro_ref weakref = ouro_weakref_new(one), list = ouro_list_new();
    T_EQ(ouro_list_append(list, weakref), 0);
    T_EQ(ouro_list_append(list, one), 0);
    T_TEXT(referrers_of(one, NULL), "[1] OUTSIDE*1 ");
    ouro_decref(one);
    T_TEXT(path_to(one, NULL), "OUTSIDE*1[1]");
    ouro_decref(weakref);
    ouro_decref(list);
    ouro_decref(class);
}

static void the_shortest_of_several(void)
{
    ouro_ref names = ouro_dict_new(), far = in_dict(names, "far", ouro_list_new());
    ouro_ref leaf = ouro_list_new(), in = far;
    for (unsigned i = 0; i < 5; i++) in = in_list(in, ouro_list_new());
    T_EQ(ouro_list_append(in, leaf), 0);
    T_TEXT(path_to(leaf, names), "OUTSIDE*1"); /* this function's own */
    ouro_decref(leaf);
    T_TEXT(path_to(leaf, names), "far[0][0][0][0][0][0]");
    ouro_ref near = in_dict(names, "near", ouro_dict_new());
    T_EQ(ouro_list_append(in_dict(near, "x", ouro_list_new()), leaf), 0);
    T_TEXT(path_to(leaf, names), "near['x'][0]");
    in_dict(names, "leaf", ouro_own(leaf));
    T_TEXT(path_to(leaf, names), "near['x'][0]");
    T_TEXT(referrers_of(leaf, names), "[0] [0] leaf ");
    ouro_decref(names);
}

/* Hops through the nodes of a large dict do not count. */
static void nodes_are_no_hops(void)
{
    enum { MANY = 3000 };
    ouro_ref names = ouro_dict_new(), dict = in_dict(names, "dict", ouro_dict_new());
    ouro_ref leaf = ouro_list_new(), hop = in_dict(names, "hop", ouro_list_new());
    for (unsigned i = 0; i < MANY; i++)
        T_EQ(ouro_dict_set(dict, ouro_int_new((int)i), OURO_NONE), 0);
    T_EQ(ouro_dict_set(dict, ouro_int_new(MANY), leaf), 0);
    T_EQ(ouro_list_append(in_list(hop, ouro_list_new()), leaf), 0);
    ouro_decref(leaf);
    T_TEXT(path_to(leaf, names), "dict[3000]");
    ouro_decref(names);
}

static void cycles(void)
{
    ouro_gc_disable();
    ouro_ref a = ouro_list_new(), b = in_list(a, ouro_list_new());
    T_EQ(ouro_list_append(b, a), 0);
    T_TEXT(path_to(b, NULL), "OUTSIDE*1[0]");
    ouro_decref(a);
    T_TEXT(path_to(b, NULL), ""); /* garbage: they hold each other, and nobody else does */
    T_TEXT(referrers_of(b, NULL), "[0] ");
    T_EQ(ouro_gc_collect(2), 2);
}

/* ---- what would go ---- */

static void retained_is_what_nobody_shares(void)
{
    uint32_t objects;
    ouro_ref all = ouro_list_new(), mine = in_list(all, ouro_list_new());
    ouro_ref shared = in_list(mine, ouro_list_new()), text = ouro_str_from("shared by C");
    size_t empty = ouro_diag_sizeof(shared);
    T_EQ(ouro_diag_retained(mine, &objects), ouro_diag_sizeof(mine) + empty);
    T_EQ(objects, 2);
    T_EQ(ouro_list_append(all, shared), 0);
    T_EQ(ouro_diag_retained(mine, &objects), ouro_diag_sizeof(mine));
    T_EQ(objects, 1);
    in_list(mine, ouro_own(text));
    T_EQ(ouro_diag_retained(mine, &objects), ouro_diag_sizeof(mine));
    size_t of_text = ouro_diag_sizeof(text);
    ouro_decref(text);
    T_EQ(ouro_diag_retained(mine, &objects), ouro_diag_sizeof(mine) + of_text);
    T_EQ(objects, 2);

    ouro_ref a = in_list(mine, ouro_list_new()), b = in_list(a, ouro_list_new());
    T_EQ(ouro_list_append(b, a), 0); /* a cycle goes, too */
    size_t before = ouro_diag_retained(mine, &objects);
    T_EQ(before, ouro_diag_sizeof(mine) + of_text + 2 * ouro_diag_sizeof(a));
    T_EQ(objects, 4);
    T_EQ(ouro_diag_retained(all, NULL), ouro_diag_deepsize(all));
    T_EQ(ouro_diag_retained(ouro_int_new(1), &objects), 0);

    struct ouro_mem_stats first, last; /* and it does go */
    ouro_diag_mem(&first);
    T_EQ(ouro_list_set(all, 0, OURO_NONE), 0);
    ouro_gc_collect(2);
    ouro_diag_mem(&last);
    if (OURO_CHECK < 2) T_EQ(first.used_bytes - last.used_bytes, before);
    ouro_decref(all);
}

static void large_texts_are_counted(void)
{
    char *text;
    ouro_ref list = ouro_list_new(), large = ouro_str_alloc(5000, &text);
    if (!T_CHECK(large != NULL)) return;
    memset(text, 'x', 5000);
    size_t bytes = ouro_diag_sizeof(large);
    T_TEXT(path_to(large, NULL), "OUTSIDE*1");
    T_EQ(ouro_list_append(list, large), 0);
    T_EQ(ouro_diag_retained(list, NULL), ouro_diag_sizeof(list));
    T_EQ(ouro_diag_deepsize(list), ouro_diag_sizeof(list) + bytes);
    T_TEXT(referrers_of(large, NULL), "[0] OUTSIDE*1 ");
    ouro_decref(large);
    T_EQ(ouro_diag_retained(list, NULL), ouro_diag_sizeof(list) + bytes);
    T_TEXT(path_to(large, NULL), "OUTSIDE*1[0]");
    ouro_decref(list);
}

/* The gc field of a leaf says how it dies: 0 in a cell, IS_BLOCK in a block. */
static void leaves_are_left_as_they_were(void)
{
    char *text;
    ouro_ref list = ouro_list_new(), leaf[] = {ouro_float_new(0.5), ouro_str_alloc(2000, &text)};
    memset(text, 'x', 2000);
    uint32_t field[] = {gc_field(leaf[0]), gc_field(leaf[1])};
    for (unsigned i = 0; i < 2; i++) in_list(list, leaf[i]);
    for (unsigned kind = 0; kind < 5; kind++) {
        struct ouro_census census;
        if (kind == 0) (void)ouro_diag_retained(list, NULL);
        if (kind == 1) (void)ouro_diag_deepsize(list);
        if (kind == 2) (void)path_to(leaf[1], NULL);
        if (kind == 3) (void)referrers_of(leaf[1], NULL);
        if (kind == 4) T_EQ(ouro_diag_census(&census), 0);
        T_EQ(gc_field(leaf[0]), field[0]);
        T_CHECK((gc_field(leaf[1]) & IS_BLOCK) == (field[1] & IS_BLOCK));
    }
    ouro_decref(list);
}

/* Broken off after any number of steps, a search leaves leaves that still know where they are. */
static void leaves_of_a_search_broken_off(void)
{
    char *text;
    for (unsigned steps = 1; steps < 40; steps++) {
        struct ouro_search search;
        ouro_ref list = ouro_list_new(), leaf[2];
        leaf[0] = in_list(list, ouro_float_new(0.5));
        leaf[1] = in_list(list, ouro_str_alloc(2000, &text));
        memset(text, 'x', 2000);
        ouro_search_retained(&search, list);
        for (unsigned i = 0; i < steps; i++) (void)ouro_search_step(&search, 4);
        ouro_search_end(&search);
        T_CHECK((gc_field(leaf[0]) & IS_BLOCK) == 0 && (gc_field(leaf[1]) & IS_BLOCK) != 0);
        ouro_decref(list);
        if (!T_CHECK(ouro_diag_verify() == NULL)) return;
    }
}

static const struct t_test tests[] = {
    T_SMALL(through_containers),
    T_TEST(through_tuples_and_sets),
    T_SMALL(through_keys_of_all_kinds),
    T_TEST(through_large_containers),
    T_SMALL(through_a_closure),
    T_SMALL(through_a_generator),
    T_SMALL(through_weak_types),
    T_SMALL(through_attributes),
    T_SMALL(attributes_that_came_late),
    T_SMALL(c_variables_are_told_by_count),
    T_SMALL(weak_references_hold_nothing),
    T_SMALL(the_shortest_of_several),
    T_TEST(nodes_are_no_hops),
    T_SMALL(cycles),
    T_SMALL(retained_is_what_nobody_shares),
    T_TEST(large_texts_are_counted),
    T_TEST(leaves_are_left_as_they_were),
    T_SMALL(leaves_of_a_search_broken_off),
};
int main(void) { return t_run(tests, T_COUNT(tests)); }
