/* SPDX-License-Identifier: MIT
 * test_gc.c - CPython's Lib/test/test_gc.py on this runtime: what cycles find, and what they tell.
 *
 * The tests have the names and assertions of the originals; classes with methods are made by hand.
 * Resurrection, generations and callbacks are in test_gc_generations.c and test_gc_callbacks.c. */
#include "gc_objects.h"

static ouro_ref global, other_global;
static unsigned calls;

static void forget(ouro_ref *field) { ouro_put(field, NULL); }

/* ---- cycles of each type ---- */

static void test_list(void)
{
    begin();
    ouro_ref l = ouro_list_new();
    T_EQ(ouro_list_append(l, l), 0);
    ouro_gc_collect(2);
    ouro_decref(l);
    T_EQ(ouro_gc_collect(2), 1);
}

static void test_dict(void)
{
    begin();
    ouro_ref d = ouro_dict_new();
    T_EQ(ouro_dict_set(d, ouro_int_new(1), d), 0);
    ouro_gc_collect(2);
    ouro_decref(d);
    T_EQ(ouro_gc_collect(2), 1);
}

static void test_tuple(void)
{
    begin();
    ouro_ref l = ouro_list_new(), t = ouro_tuple_of(1, l);
    T_EQ(ouro_list_append(l, t), 0);
    ouro_gc_collect(2);
    ouro_decref(t);
    ouro_decref(l);
    T_EQ(ouro_gc_collect(2), 2);
}

static void test_class(void)
{
    begin();
    ouro_ref class = make_class("A", NULL);
    set(class, "a", class);
    ouro_gc_collect(2);
    ouro_decref(class);
    T_CHECK(ouro_gc_collect(2) != 0);
    T_EQ(objects(), 0);
}

static void test_instance(void)
{
    begin();
    ouro_ref class = make_class("A", NULL), a = make_instance(class);
    set(a, "a", a);
    ouro_gc_collect(2);
    ouro_decref(a);
    T_CHECK(ouro_gc_collect(2) != 0);
    ouro_decref(class);
}

static void test_newinstance(void)
{
    begin();
    ouro_ref A = make_class("A", NULL), B = ouro_class_new("B", A);
    ouro_ref a = make_instance(B);
    set(a, "a", a);
    ouro_gc_collect(2);
    ouro_decref(a);
    T_CHECK(ouro_gc_collect(2) != 0);
    ouro_decref(B);
    give(A, "a", make_instance(A));
    ouro_gc_collect(2);
    ouro_decref(A);
    T_CHECK(ouro_gc_collect(2) != 0);
    T_EQ(ouro_gc_collect(2), 0);
    T_EQ(objects(), 0);
}

static ouro_ref do_nothing(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function;
    (void)argc;
    (void)argv;
    return OURO_NONE;
}
static const struct ouro_function_def nothing_def = {
    .name = "f", .call = do_nothing, .least = 0, .most = OURO_VARIADIC};

static void test_method(void)
{
    begin();
    ouro_ref class = make_class("A", NULL);
    T_EQ(ouro_class_def(class, "__init__", &nothing_def), 0);
    ouro_ref a = make_instance(class);
    give(a, "init", ouro_attr_get_string(a, "__init__"));
    ouro_gc_collect(2);
    ouro_decref(a);
    T_CHECK(ouro_gc_collect(2) != 0);
    ouro_decref(class);
    T_EQ(objects(), 0);
}

static void test_function(void)
{
    begin();
    ouro_ref cell = ouro_cell_new(NULL), f = ouro_function_new(&nothing_def, cell);
    ouro_cell_set(cell, f);
    ouro_gc_collect(2);
    ouro_decref(cell);
    ouro_decref(f);
    T_EQ(ouro_gc_collect(2), 2); /* the function and its cell */
}

/* A late finalizer asks for an object of the cycle that is being taken apart, by a weak reference
 * made after those of the cycle were cut off.  CPython hands it out, and it must be whole; here it
 * reads as dead. */
static ouro_ref late_ref;
static void late_del(ouro_ref self)
{
    (void)self;
    calls++;
    global = ouro_weakref_get(late_ref);
}
static void cyclic_del(ouro_ref self)
{
    ouro_ref func = ouro_attr_get_string(self, "func");
    late_ref = ouro_weakref_new(func);
    ouro_decref(func);
    forget(&other_global);
}
DEL(late_def, late_del);
DEL(cyclic_def, cyclic_del);

/* Steals the class.
 *   at_first  what the first cycle frees of the two */
static void drop_with_late_reference(ouro_ref func_class, int at_first)
{
    ouro_ref late_class = make_class("LateFin", &late_def);
    ouro_ref cyclic_class = make_class("Cyclic", &cyclic_def);
    other_global = make_instance(late_class);
    ouro_ref cyc = make_instance(cyclic_class), func = make_instance(func_class);
    set(cyc, "func", func);
    set(cyc, "latefin", other_global);
    set(func, "module", cyc);
    ouro_decref(cyc);
    ouro_decref(func);
    calls = 0;
    T_EQ(ouro_gc_collect(2), at_first);
    T_CHECK(other_global == NULL); /* cyc was finalized */
    T_EQ(calls, at_first / 2);
    (void)ouro_gc_collect(2);
    T_EQ(calls, 1);
    T_CHECK(global == OURO_NONE);
    forget(&global);
    forget(&late_ref);
    ouro_decref(late_class);
    ouro_decref(cyclic_class);
    ouro_decref(func_class);
    collect_all();
    T_EQ(objects(), 0);
}

static void test_function_tp_clear_leaves_consistent_state(void)
{
    begin();
    drop_with_late_reference(ouro_class_new_slots("Func", NULL, "module __weakref__"), 2);
}

/* An instance gets an anchor with its first weak reference, and that is not garbage yet: so all of
 * it lives until the next cycle, which calls no finalizer again. */
static void a_late_reference_to_an_instance_takes_a_cycle_more(void)
{
    begin();
    drop_with_late_reference(make_class("Func", NULL), 0);
}

/* ---- garbage ---- */

struct uncollectable {
    struct ouro_obj header;
    ouro_ref partner;
};
static void legacy_finalize(ouro_ref self)
{
    (void)self;
    calls++;
}
static int legacy_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    (void)part;
    bool is_first = ((struct uncollectable *)(void *)self)->partner != NULL;
    write(context, is_first ? "<X 'first'>" : "<X 'second'>", is_first ? 11 : 12);
    return 0;
}
static const struct ouro_ops legacy_ops = {.repr = legacy_repr};
OURO_TYPE_DEFINE(legacy_type) = {
    .name = "X",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct uncollectable),
    .refs = OURO_REF_BIT(struct uncollectable, partner),
    .is_uncollectable = true,
    .finalize = legacy_finalize,
    .ops = &legacy_ops,
};
static ouro_ref *partner_of(ouro_ref ref)
{
    return &((struct uncollectable *)(void *)ref)->partner;
}

static void test_legacy_finalizer(void)
{
    begin();
    calls = 0;
    ouro_ref a = ouro_obj_new(&legacy_type), class = make_class("B", NULL);
    *partner_of(a) = ouro_own(a);
    ouro_gc_collect(2);
    ouro_decref(a);
    (void)make_loop(class);
    T_EQ(ouro_gc_collect(2), 2);
    T_EQ(gc_stats().uncollectable[2], 1);
    T_EQ(calls, 0);
    ouro_ref garbage = ouro_gc_garbage();
    T_EQ(ouro_list_len(garbage), 1);
    T_CHECK(ouro_list_get(garbage, 0) == a);
    T_EQ(ouro_gc_collect(2), 0); /* it is found once */
    ouro_put(partner_of(a), NULL);
    ouro_decref(ouro_list_pop(garbage, 0));
    T_EQ(calls, 1);
    ouro_decref(class);
    T_EQ(objects(), 1); /* the list */
}

static void test_saveall(void)
{
    begin();
    ouro_gc_collect(2);
    ouro_ref garbage = ouro_gc_garbage(), l = ouro_list_new();
    T_EQ(ouro_list_len(garbage), 0);
    T_EQ(ouro_list_append(l, l), 0);
    unsigned debug = ouro_gc_get_debug();
    ouro_gc_set_debug(debug | OURO_GC_DEBUG_SAVEALL);
    ouro_decref(l);
    ouro_gc_collect(2);
    ouro_gc_set_debug(debug);
    T_EQ(ouro_list_len(garbage), 1);
    ouro_ref obj = ouro_list_pop(garbage, 0);
    T_CHECK(obj == l);
    T_EQ(ouro_list_len(obj), 1); /* alive and whole */
    T_CHECK(ouro_list_get(obj, 0) == obj);
    ouro_decref(obj);
    T_EQ(ouro_gc_collect(2), 1);
}

/* ---- finalizers that collect ---- */

static void del_that_allocates(ouro_ref self)
{
    for (unsigned i = 0; i < 5; i++) ouro_decref(ouro_list_new());
    T_EQ(ouro_attr_has(self, ouro_int_new(1)), -1);
    ouro_error_clear();
    calls++;
}
DEL(allocating_def, del_that_allocates);

static void test_del(void)
{
    begin();
    calls = 0;
    ouro_ref class = make_class("A", &allocating_def);
    uint32_t threshold[3];
    ouro_gc_get_threshold(threshold);
    ouro_gc_enable();
    ouro_gc_set_threshold(1, threshold[1], threshold[2]);
    ouro_decref(make_instance(class));
    ouro_gc_disable();
    ouro_gc_set_threshold(threshold[0], threshold[1], threshold[2]);
    T_EQ(calls, 1);
    ouro_decref(class);
}

static void ouch_del(ouro_ref self)
{
    (void)self;
    if (++calls % 17 == 0) ouro_gc_collect(2);
}
DEL(ouch_def, ouch_del);

/* A container of the last one and an Ouch: a list, a tuple, a dict. */
static ouro_ref nest(unsigned kind, ouro_ref inside, ouro_ref ouch)
{
    ouro_ref out;
    if (kind == 0) {
        out = ouro_list_new();
        T_EQ(ouro_list_append(out, inside), 0);
        T_EQ(ouro_list_append(out, ouch), 0);
    } else if (kind == 1) {
        out = ouro_tuple_of(2, inside, ouch);
    } else {
        out = ouro_dict_new();
        T_EQ(ouro_dict_set(out, ouro_int_new(1), inside), 0);
        T_EQ(ouro_dict_set(out, ouro_int_new(2), ouch), 0);
    }
    ouro_decref(inside);
    ouro_decref(ouch);
    return out;
}

static void test_trashcan(void)
{
    enum { DEEP = 150 };
    begin();
    calls = 0;
    ouro_gc_enable();
    ouro_ref class = make_class("Ouch", &ouch_def);
    for (unsigned count = 0; count < 2; count++) {
        for (unsigned kind = 0; kind < 3; kind++) {
            ouro_ref t = ouro_list_new();
            for (unsigned i = 0; i < DEEP; i++) t = nest(kind, t, make_instance(class));
            ouro_decref(t);
        }
    }
    ouro_gc_disable();
    ouro_decref(class);
    T_EQ(objects(), 0);
    T_EQ(calls, 2 * 3 * DEEP);
}

/* __getattr__ is never asked for by a collection. */
static ouro_ref boom_getattr(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function;
    (void)argc;
    calls++;
    (void)ouro_attr_del(argv[0], argv[1]);
    return NULL;
}
static const struct ouro_function_def getattr_def = {
    .name = "__getattr__", .call = boom_getattr, .least = 2, .most = 2};

static void test_boom(void)
{
    begin();
    calls = 0;
    ouro_ref class = make_class("Boom", NULL);
    T_EQ(ouro_class_def(class, "__getattr__", &getattr_def), 0);
    ouro_ref a = make_instance(class), b = make_instance(class);
    set(a, "attr", b);
    set(b, "attr", a);
    ouro_gc_collect(2);
    ouro_decref(a);
    ouro_decref(b);
    T_EQ(ouro_gc_collect(2), 2);
    T_EQ(calls, 0);
    T_EQ(ouro_list_len(ouro_gc_garbage()), 0);
    ouro_decref(class);
}

static void b_del(ouro_ref self)
{
    calls++;
    set(self, "attr", OURO_NONE);
}
DEL(b_def, b_del);

static void test_bug21435(void)
{
    begin();
    calls = 0;
    ouro_ref A = make_class("A", NULL), B = make_class("B", &b_def);
    ouro_ref a = make_instance(A), b = make_instance(B);
    give(b, "x", make_instance(A));
    set(a, "attr", b);
    set(b, "attr", a);
    ouro_decref(a);
    ouro_decref(b);
    ouro_gc_collect(2);
    T_EQ(calls, 1);
    ouro_decref(A);
    ouro_decref(B);
    collect_all();
    T_EQ(objects(), 0);
}

/* ---- at exit ---- */

static void leave_garbage(unsigned debug)
{
    t_restart(SIZE_MAX);
    begin();
    (void)ouro_gc_garbage();
    ouro_ref first = ouro_obj_new(&legacy_type);
    ouro_ref second = ouro_obj_new(&legacy_type), list = ouro_list_new();
    *partner_of(first) = list; /* a list that leads back, and to what is not in the cycle */
    T_EQ(ouro_list_append(list, first), 0);
    T_EQ(ouro_list_append(list, second), 0);
    ouro_decref(first);
    ouro_decref(second);
    ouro_gc_set_debug(debug);
    ouro_fini();
}

static void test_garbage_at_shutdown(void)
{
    leave_garbage(0);
    T_TEXT(written, "ResourceWarning: gc: 2 uncollectable objects at shutdown; use "
                    "gc.set_debug(gc.DEBUG_UNCOLLECTABLE) to list them\n");
    leave_garbage(OURO_GC_DEBUG_UNCOLLECTABLE);
    T_CHECK(strstr(written, "ResourceWarning: gc: 2 uncollectable objects at shutdown\n"));
    T_CHECK(strstr(written, "[<X 'first'>, <X 'second'>]\n"));
    T_CHECK(strstr(written, "gc: uncollectable <X 0x"));
    T_CHECK(strstr(written, "gc: uncollectable <list 0x"));
    leave_garbage(OURO_GC_DEBUG_SAVEALL);
    T_CHECK(!strstr(written, "uncollectable objects at shutdown"));
    t_restart(SIZE_MAX);
}

static void print_del(ouro_ref self)
{
    (void)self;
    write_text(NULL, "__del__ called", 14);
}
DEL(print_def, print_del);

static void test_gc_main_module_at_shutdown(void)
{
    begin();
    ouro_ref class = make_class("C", &print_def), l = ouro_list_new(), c = make_instance(class);
    T_EQ(ouro_list_append(l, c), 0);
    T_EQ(ouro_list_append(l, l), 0);
    ouro_decref(c);
    ouro_decref(l); /* the name goes */
    ouro_decref(class);
    T_TEXT(written, "");
    ouro_fini();
    T_TEXT(written, "__del__ called");
    T_EQ(objects(), 0);
}

static const struct t_test tests[] = {
    T_TEST(test_list),
    T_TEST(test_dict),
    T_TEST(test_tuple),
    T_TEST(test_class),
    T_TEST(test_instance),
    T_TEST(test_newinstance),
    T_TEST(test_method),
    T_TEST(test_legacy_finalizer),
    T_TEST(test_function),
    T_TEST(test_function_tp_clear_leaves_consistent_state),
    T_TEST(a_late_reference_to_an_instance_takes_a_cycle_more),
    T_TEST(test_saveall),
    T_TEST(test_del),
    T_TEST(test_trashcan),
    T_TEST(test_boom),
    T_TEST(test_bug21435),
    T_TEST(test_garbage_at_shutdown),
    T_TEST(test_gc_main_module_at_shutdown),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
