/* SPDX-License-Identifier: MIT
 * weakrefs.c - weak references, proxies, finalize, weak containers: when, and in which order. */
#include "parity.h"

static ouro_ref class_;

static void begin(void)
{
    ouro_gc_disable();
    class_ = ouro_class_new("C", NULL);
}
static ouro_ref make(void) { return ouro_instance_new(class_); }
static void drop(ouro_ref ref)
{
    ouro_decref(ref);
    settle();
}
static int is_dead(ouro_ref weakref)
{
    ouro_ref target = ouro_weakref_get(weakref);
    ouro_decref(target);
    return target == OURO_NONE;
}
static int say_called(ouro_ref weakref, ouro_ref context)
{
    say("called %r, dead %t", context, is_dead(weakref));
    return 0;
}
static ouro_ref with(ouro_ref target, int number)
{
    return ouro_weakref_new_with(target, say_called, ouro_int_new(number));
}

static void reading(void)
{
    begin();
    ouro_ref o = make(), r = ouro_weakref_new(o), again = ouro_weakref_new(o), got;
    say("%t", r == again);
    say("%d", (int)ouro_weakref_count(o));
    say("%d", (int)ouro_getrefcount(o));
    got = ouro_weakref_get(r);
    say("%t", got == o);
    say("%d", (int)ouro_getrefcount(o));
    drop(o);
    say("%t", is_dead(r));
    drop(got);
    say("%t", is_dead(r));
    say("%t", is_dead(again));
    static const char *const things[] = {"1", "'a'", "None", "[]", "{}", "(1,)", "1.5", "{1}"};
    for (size_t i = 0; i < T_COUNT(things); i++)
        if (i != 7) say("%R", ouro_weakref_new(py(things[i])));
}

static void order_of_callbacks(void)
{
    begin();
    ouro_ref o = make(), refs[5];
    for (int i = 0; i < 5; i++) refs[i] = with(o, i);
    say("%d", (int)ouro_weakref_count(o));
    drop(refs[2]);
    say("%d", (int)ouro_weakref_count(o));
    drop(o);
    say("%t %t", is_dead(refs[0]), is_dead(refs[4]));
    o = make();
    ouro_ref plain = ouro_weakref_new(o), first = with(o, 10), second = with(o, 11);
    say("%t %t", plain == first, first == second);
    (void)ouro_attr_set_string(o, "me", o);
    drop(o);
    say("a cycle");
    say("%d", (int)ouro_gc_collect(2));
    say("%t %t %t", is_dead(plain), is_dead(first), is_dead(second));
}

static void equality_of_references(void)
{
    begin();
    ouro_ref a = make(), b = make(), x = ouro_weakref_new(a), y = with(a, 1),
             z = ouro_weakref_new(b);
    uint32_t hash_a = 0, hash_x = 0;
    say("%t %t", ouro_equal(x, y), ouro_equal(x, z));
    say("%t %t", x == y, ouro_compare(x, z, OURO_NE));
    (void)ouro_hash(a, &hash_a);
    (void)ouro_hash(x, &hash_x);
    say("%t", hash_a == hash_x);
    say("%t %t", ouro_equal(y, y), ouro_compare(y, x, OURO_NE));
    drop(a);
    say("%t %t", ouro_equal(x, y), ouro_equal(x, x));
    uint32_t later = 0;
    say("%n", ouro_hash(x, &later));
    say("%t", later == hash_x);
    say("%n", ouro_hash(y, &later));
    drop(b);
    say("%t", ouro_equal(x, z));
    say("end");
}

static void proxies(void)
{
    begin();
    ouro_ref o = make(), p = ouro_proxy_new(o);
    (void)ouro_attr_set_string(o, "x", py("5"));
    say("%R", ouro_attr_get_string(p, "x"));
    say("%n", ouro_attr_set_string(p, "y", py("6")));
    say("%R", ouro_attr_get_string(o, "y"));
    say("%R", ouro_attr_get_string(p, "z"));
    say("%t", ouro_proxy_new(o) == p);
    say("%d", (int)ouro_weakref_count(o));
    say("%t", ouro_equal(p, p));
    drop(o);
    say("%R", ouro_attr_get_string(p, "x"));
    say("%n", ouro_attr_set_string(p, "x", OURO_NONE));
    say("%t", ouro_proxy_get(p) ? 1 : -1);
}

static ouro_ref ordered_lt(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function, (void)argc;
    say("asked");
    return ouro_bool(argv[1] != argv[0]);
}
static const struct ouro_function_def lt_def = {
    .name = "Ordered.__lt__", .call = ordered_lt, .least = 2, .most = 2};

static void proxies_compare(void)
{
    begin();
    ouro_ref ordered = ouro_class_new("Ordered", NULL);
    (void)ouro_class_def(ordered, "__lt__", &lt_def);
    ouro_ref o = ouro_call(ordered, 0, NULL), other = make(), p = ouro_proxy_new(o);
    ouro_ref q = ouro_proxy_new(other), all[] = {o, p, other, q, py("1")}, proxies[] = {p, q};
    for (size_t i = 0; i < T_COUNT(all); i++) {
        for (size_t k = 0; k < T_COUNT(proxies); k++) {
            ouro_ref a = all[i], b = proxies[k];
            say("%t", ouro_compare(a, b, OURO_LT));
            say("%t", ouro_compare(b, a, OURO_GT));
            say("%t", ouro_compare(b, a, OURO_EQ));
            say("%t", ouro_compare(b, a, OURO_NE));
            say("%t", ouro_compare(a, b, OURO_GE));
        }
    }
    uint32_t hash;
    say("%t", ouro_truth(p));
    say("%n", ouro_hash(p, &hash));
    drop(o);
    say("%t", ouro_truth(p));
    say("%t", ouro_compare(p, q, OURO_LT));
    say("%t", ouro_equal(q, p));
    say("%R", ouro_str_str(p));
}

static ouro_ref say_finalized(ouro_ref context)
{
    say("finalize %r", context);
    return ouro_own(context);
}
static void finalizers(void)
{
    begin();
    ouro_ref o = make(), f = ouro_finalize_new(o, say_finalized, py("'one'"));
    ouro_ref g = ouro_finalize_new(o, say_finalized, py("'two'"));
    say("%t %t", ouro_finalize_is_alive(f), ouro_finalize_is_alive(g));
    drop(o);
    say("%t %t", ouro_finalize_is_alive(f), ouro_finalize_is_alive(g));
    say("%R", ouro_finalize_call(f));
    o = make();
    f = ouro_finalize_new(o, say_finalized, py("'three'"));
    say("%R", ouro_finalize_call(f));
    say("%R", ouro_finalize_call(f));
    say("%t", ouro_finalize_is_alive(f));
    drop(o);
    o = make();
    f = ouro_finalize_new(o, say_finalized, py("'four'"));
    ouro_ref target, context;
    ouro_finalize_fn *call;
    say("%t", ouro_finalize_detach(f, &target, &call, &context));
    ouro_decref(target);
    drop(o);
    say("%t", ouro_finalize_is_alive(f));
    say("end");
}

static void weak_values(void)
{
    begin();
    ouro_ref dict = ouro_weakvalues_new(), o = make(), p = make();
    say("%n", ouro_weakvalues_set(dict, py("'o'"), o));
    say("%n", ouro_weakvalues_set(dict, py("'p'"), p));
    say("%n", ouro_weakvalues_set(dict, py("'n'"), py("1")));
    say("%d", (int)ouro_weak_len(dict));
    say("%t", ouro_weakvalues_get(dict, py("'o'")) == o);
    ouro_decref(o);
    drop(o);
    say("%d", (int)ouro_weak_len(dict));
    say("%R", ouro_weakvalues_get(dict, py("'o'")));
    say("%n", ouro_weakvalues_del(dict, py("'o'")));
    say("%n", ouro_weakvalues_del(dict, py("'p'")));
    say("%d", (int)ouro_weak_len(dict));
    say("%R", ouro_weakvalues_pop(dict, py("'q'")));
}

static void weak_keys_and_sets(void)
{
    begin();
    ouro_ref dict = ouro_weakkeys_new(), set = ouro_weakset_new(), o = make(), p = make();
    say("%n", ouro_weakkeys_set(dict, o, py("'value'")));
    say("%n", ouro_weakkeys_set(dict, py("1"), py("'value'")));
    say("%n %n", ouro_weakset_add(set, o), ouro_weakset_add(set, p));
    say("%n", ouro_weakset_add(set, o));
    say("%n", ouro_weakset_add(set, py("'s'")));
    say("%d %d", (int)ouro_weak_len(dict), (int)ouro_weak_len(set));
    say("%R %t", ouro_weakkeys_get(dict, o), ouro_weakkeys_has(dict, p));
    drop(o);
    say("%d %d", (int)ouro_weak_len(dict), (int)ouro_weak_len(set));
    say("%t", ouro_weakset_has(set, p));
    say("%n", ouro_weakset_discard(set, p));
    say("%t", ouro_weakset_has(set, p));
    say("%R", ouro_weakset_pop(set));
    say("%d", (int)ouro_weak_len(set));
}

static const struct section sections[] = {
    SECTION(reading),     SECTION(order_of_callbacks), SECTION(equality_of_references),
    SECTION(proxies),     SECTION(proxies_compare),    SECTION(finalizers),
    SECTION(weak_values), SECTION(weak_keys_and_sets),
};
PARITY_MAIN(sections)
