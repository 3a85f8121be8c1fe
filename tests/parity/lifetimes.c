/* SPDX-License-Identifier: MIT
 * lifetimes.c - counts, the moment and order of finalizers, cycles, what collect() returns.
 *
 * Objects are instances of a class whose __del__ says their name. */
#include "parity.h"

static ouro_ref class_, kept;

static ouro_ref say_name(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function, (void)argc;
    say("del %S", ouro_attr_get_string(argv[0], "name"));
    return OURO_NONE;
}
static ouro_ref revive(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function, (void)argc;
    say("revive %S", ouro_attr_get_string(argv[0], "name"));
    ouro_put(&kept, ouro_own(argv[0]));
    return OURO_NONE;
}
static const struct ouro_function_def del_def = {
    .name = "C.__del__", .call = say_name, .least = 1, .most = 1};
static const struct ouro_function_def revive_def = {
    .name = "C.__del__", .call = revive, .least = 1, .most = 1};

static void begin(const struct ouro_function_def *def)
{
    ouro_gc_disable();
    kept = NULL;
    class_ = ouro_class_new("C", NULL);
    if (def) (void)ouro_class_def(class_, "__del__", def);
}
static ouro_ref make(const char *name)
{
    ouro_ref o = ouro_instance_new(class_), text = ouro_str_from(name);
    (void)ouro_attr_set_string(o, "name", text);
    ouro_decref(text);
    return o;
}
static void drop(ouro_ref ref)
{
    ouro_decref(ref);
    settle();
}
/* To append and let go. */
static void put(ouro_ref list, ouro_ref item)
{
    (void)ouro_list_append(list, item);
    ouro_decref(item);
}
static void say_collect(void) { say("collected %d", (int)ouro_gc_collect(2)); }

static void counts(void)
{
    ouro_ref x = py("[]"), y = x;
    say("%d", (int)ouro_getrefcount(x));
    ouro_incref(y);
    say("%d", (int)ouro_getrefcount(x));
    ouro_ref list = ouro_list_new();
    for (int i = 0; i < 3; i++) (void)ouro_list_append(list, x);
    say("%d", (int)ouro_getrefcount(x));
    ouro_ref tuple = ouro_tuple_of(2, x, x);
    say("%d", (int)ouro_getrefcount(x));
    drop(ouro_list_pop(list, -1));
    say("%d", (int)ouro_getrefcount(x));
    (void)ouro_list_set(list, 0, OURO_NONE);
    say("%d", (int)ouro_getrefcount(x));
    ouro_ref part = cut(list, NONE, NONE, -1);
    say("%d", (int)ouro_getrefcount(x));
    drop(part);
    drop(list);
    say("%d", (int)ouro_getrefcount(x));
    ouro_ref inner = ouro_tuple_of(1, tuple);
    say("%d %d", (int)ouro_getrefcount(x), (int)ouro_getrefcount(tuple));
    drop(tuple);
    drop(inner);
    say("%d", (int)ouro_getrefcount(x));
    drop(y);
    say("%d", (int)ouro_getrefcount(x));
    ouro_ref it = ouro_iter(x);
    say("%d", (int)ouro_getrefcount(x));
    ouro_xdecref(ouro_iter_next(it));
    say("%d", (int)ouro_getrefcount(x));
}

static void finalizers_run_at_the_last_reference(void)
{
    begin(&del_def);
    ouro_ref a = make("a"), b = make("b"), list = ouro_list_new();
    drop(a);
    say("a is gone");
    (void)ouro_list_append(list, b);
    drop(b);
    say("b is in the list");
    ouro_list_clear(list);
    settle();
    say("cleared");
    put(list, make("c"));
    (void)ouro_list_set(list, 0, OURO_NONE);
    settle();
    say("replaced");
    put(list, make("d"));
    drop(ouro_list_pop(list, -1));
    say("popped");
    put(list, make("e"));
    drop(list);
    say("the end");
}

static void order_in_containers(void)
{
    static const char *const names[] = {"a", "b", "c", "d"};
    begin(&del_def);
    ouro_ref items[4], list = ouro_list_new(), dict = ouro_dict_new();
    for (int i = 0; i < 4; i++) put(list, make(names[i]));
    drop(list);
    say("list");
    for (int i = 0; i < 4; i++) {
        ouro_ref o = make(names[i]);
        (void)ouro_dict_set(dict, ouro_int_new(i), o);
        ouro_decref(o);
    }
    drop(dict);
    say("dict");
    for (int i = 0; i < 4; i++) items[i] = make(names[i]);
    ouro_ref tuple = ouro_tuple_new(4, items);
    for (int i = 0; i < 4; i++) ouro_decref(items[i]);
    drop(tuple);
    say("tuple");
}

static void chains_die_from_the_head(void)
{
    static const char *const names[] = {"a", "b", "c", "d", "e"};
    begin(&del_def);
    ouro_ref head = OURO_NONE;
    for (int i = 0; i < 5; i++) {
        ouro_ref o = make(names[i]);
        (void)ouro_attr_set_string(o, "next", head);
        ouro_decref(head);
        head = o;
    }
    say("made");
    drop(head);
    say("dropped");
    ouro_ref outer = make("outer"), inner = make("inner"), list = ouro_list_new();
    (void)ouro_list_append(list, inner);
    ouro_decref(inner);
    (void)ouro_attr_set_string(outer, "list", list);
    ouro_decref(list);
    drop(outer);
    say("end");
}

static void revived_once(void)
{
    begin(&revive_def);
    ouro_ref o = make("x");
    drop(o);
    say("%t", kept != NULL);
    say("%S", ouro_attr_get_string(kept, "name"));
    say("%d", (int)ouro_getrefcount(kept));
    say("%t", ouro_gc_is_finalized(kept));
    ouro_put(&kept, NULL);
    settle();
    say("no second time");
    o = make("y");
    say("%t", ouro_gc_is_finalized(o));
    (void)ouro_attr_set_string(o, "me", o);
    drop(o);
    say("a cycle");
    say_collect();
    say("%t", kept != NULL);
    (void)ouro_attr_set_string(kept, "me", OURO_NONE);
    ouro_put(&kept, NULL);
    settle();
    say_collect();
}

static void what_collect_returns(void)
{
    begin(NULL);
    ouro_ref a = ouro_list_new(), b, c;
    say_collect();
    (void)ouro_list_append(a, a);
    drop(a);
    say_collect();
    a = ouro_dict_new();
    (void)ouro_dict_set(a, py("1"), a);
    drop(a);
    say_collect();
    a = ouro_list_new();
    b = ouro_tuple_of(1, a);
    (void)ouro_list_append(a, b);
    ouro_decref(a);
    drop(b);
    say_collect();
    a = ouro_list_new();
    b = ouro_list_new();
    c = ouro_list_new();
    (void)ouro_list_append(a, b);
    (void)ouro_list_append(b, c);
    (void)ouro_list_append(c, a);
    drop(a);
    drop(b);
    say_collect();
    drop(c);
    say_collect();
    a = ouro_list_new();
    for (int i = 0; i < 100; i++) (void)ouro_list_append(a, a);
    (void)ouro_list_append(a, py("[1, 2, [3]]"));
    ouro_decref(ouro_list_get(a, -1));
    drop(a);
    say_collect();
    say("%t", ouro_gc_collect(3) >= 0 ? 1 : -1);
    say("%d", (int)ouro_gc_collect(0));
    say("%t", ouro_gc_isenabled());
    ouro_gc_enable();
    say("%t", ouro_gc_isenabled());
}

static void finalizers_in_cycles(void)
{
    begin(&del_def);
    ouro_ref a = make("a"), outside = ouro_list_new(), list;
    (void)ouro_attr_set_string(a, "me", a);
    drop(a);
    say("dropped");
    settle();
    say("still there");
    (void)ouro_gc_collect(2);
    say("collected");
    a = make("b");
    list = ouro_list_new();
    (void)ouro_attr_set_string(a, "list", list);
    put(list, a);
    (void)ouro_list_append(outside, list);
    drop(list);
    (void)ouro_gc_collect(2);
    say("held from outside");
    ouro_list_clear(outside);
    settle();
    say("let go");
    (void)ouro_gc_collect(2);
    say("collected");
    a = make("c");
    (void)ouro_attr_set_string(a, "me", a);
    (void)ouro_attr_del(a, ouro_intern("me", 2));
    drop(a);
    say("the cycle was undone");
    (void)ouro_gc_collect(2);
    say("end");
}

static void what_is_tracked(void)
{
    static const char *const things[] = {"1",   "1.5",       "None",    "True", "'a'",        "[]",
                                         "[1]", "{'a': []}", "(1, [])", "{1}",  "10000000000"};
    begin(NULL);
    for (size_t i = 0; i < T_COUNT(things); i++)
        say("%s %t", things[i], ouro_gc_is_tracked(py(things[i])));
    say("%t", ouro_gc_is_tracked(make("x")));
    say("%t", ouro_gc_is_tracked(class_));
    say("%t %t", ouro_gc_is_finalized(py("[]")), ouro_gc_is_finalized(py("1")));
}

static void thresholds_and_counts(void)
{
    uint32_t t[3], count[3];
    begin(NULL);
    ouro_gc_get_threshold(t);
    say("(%d, %d, %d)", (int)t[0], (int)t[1], (int)t[2]);
    ouro_gc_set_threshold(100, 5, 3);
    ouro_gc_get_threshold(t);
    say("(%d, %d, %d)", (int)t[0], (int)t[1], (int)t[2]);
    (void)ouro_gc_collect(2);
    for (int generation = 0; generation < 2; generation++) {
        for (int i = 0; i < 3; i++) {
            (void)ouro_gc_collect(generation);
            ouro_gc_get_count(count);
            say("%d %d", (int)count[1], (int)count[2]);
        }
    }
    (void)ouro_gc_collect(2);
    ouro_gc_get_count(count);
    say("%d %d", (int)count[1], (int)count[2]);
    (void)ouro_gc_collect(0);
    ouro_gc_get_count(count);
    say("%d %d", (int)count[1], (int)count[2]);
}

static const struct section sections[] = {
    SECTION(counts),
    SECTION(finalizers_run_at_the_last_reference),
    SECTION(order_in_containers),
    SECTION(chains_die_from_the_head),
    SECTION(revived_once),
    SECTION(what_collect_returns),
    SECTION(finalizers_in_cycles),
    SECTION(what_is_tracked),
    SECTION(thresholds_and_counts),
};
PARITY_MAIN(sections)
