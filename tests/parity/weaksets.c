/* SPDX-License-Identifier: MIT
 * weaksets.c - weak containers, finalize, proxies, and the order in which it is told who died. */
#include "parity.h"

static ouro_ref class_;

static ouro_ref name_of(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function, (void)argc;
    return ouro_attr_get_string(argv[0], "name");
}
static ouro_ref names_equal(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    ouro_ref a = name_of(function, argc, argv), b = name_of(function, argc, argv + 1);
    int result = ouro_equal(a, b);
    ouro_decref(a);
    ouro_decref(b);
    return result < 0 ? NULL : ouro_bool(result);
}
static ouro_ref length_of_name(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    ouro_ref name = name_of(function, argc, argv), length = ouro_int_new(ouro_len(name));
    ouro_decref(name);
    return length;
}
static ouro_ref say_del(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    say("del %S", name_of(function, argc, argv));
    return OURO_NONE;
}
static const struct ouro_function_def
    repr_def = {.name = "C.__repr__", .call = name_of, .least = 1, .most = 1},
    eq_def = {.name = "Equal.__eq__", .call = names_equal, .least = 2, .most = 2},
    hash_def = {.name = "Equal.__hash__", .call = length_of_name, .least = 1, .most = 1},
    del_def = {.name = "Del.__del__", .call = say_del, .least = 1, .most = 1};

static void begin(void)
{
    ouro_gc_disable();
    class_ = ouro_class_new("C", NULL);
    (void)ouro_class_def(class_, "__repr__", &repr_def);
}
static ouro_ref make(const char *name)
{
    ouro_ref o = ouro_instance_new(class_), text = ouro_str_from(name);
    (void)ouro_attr_set_string(o, "name", text);
    ouro_decref(text);
    return o;
}
/* One of each letter, in a list. */
static ouro_ref make_all(const char *letters)
{
    ouro_ref list = ouro_list_new();
    for (; *letters; letters++) {
        char name[2] = {*letters};
        ouro_ref o = make(name);
        (void)ouro_list_append(list, o);
        ouro_decref(o);
    }
    return list;
}
static ouro_ref at(ouro_ref list, int i) { return ouro_list_get(list, i); }
static void forget(ouro_ref list, int i)
{
    (void)ouro_list_set(list, i, OURO_NONE);
    settle();
}
static void drop(ouro_ref ref)
{
    ouro_decref(ref);
    settle();
}

/* What is in a weak dictionary: as a dict, or as a list of pairs. */
static ouro_ref entries(ouro_ref container, bool as_dict)
{
    struct ouro_weak_walk walk;
    ouro_ref all = as_dict ? ouro_dict_new() : ouro_list_new(), key, value;
    ouro_weak_begin(&walk, container);
    while (ouro_weak_next(&walk, &key, &value)) {
        ouro_ref pair = ouro_tuple_of(2, key, value);
        (void)(as_dict ? ouro_dict_set(all, key, value) : ouro_list_append(all, pair));
        ouro_decref(pair);
        ouro_decref(key);
        ouro_decref(value);
    }
    ouro_weak_end(&walk);
    return all;
}
/* The names of its members or keys, sorted. */
static ouro_ref sorted(ouro_ref container, bool by_name)
{
    struct ouro_weak_walk walk;
    ouro_ref all = ouro_list_new(), key;
    ouro_weak_begin(&walk, container);
    while (ouro_weak_next(&walk, &key, NULL)) {
        ouro_ref name = by_name ? ouro_attr_get_string(key, "name") : ouro_own(key);
        (void)ouro_list_append(all, name);
        ouro_decref(name);
        ouro_decref(key);
    }
    ouro_weak_end(&walk);
    (void)ouro_list_sort(all, false);
    return all;
}
static int length(ouro_ref container) { return (int)ouro_weak_len(container); }

/* ---- containers ---- */

static void say_values(ouro_ref d) { say("%d %R", length(d), entries(d, true)); }

static void weak_values_die_with_their_objects(void)
{
    begin();
    ouro_ref d = ouro_weakvalues_new(), held = make_all("abcde"), again = py("'again'");
    for (int i = 0; i < 5; i++) (void)ouro_weakvalues_set(d, ouro_int_new(i), at(held, i));
    say_values(d);
    forget(held, 2);
    say_values(d);
    ouro_ref two = ouro_weakvalues_get(d, ouro_int_new(2));
    say("%R %R", two, ouro_weakvalues_get(d, ouro_int_new(3)));
    ouro_decref(ouro_list_pop(held, -1));
    drop(ouro_list_pop(held, 0));
    say_values(d);
    (void)ouro_weakvalues_set(d, again, at(held, 0));
    say("%R", entries(d, true));
    ouro_ref popped = ouro_weakvalues_pop(d, ouro_int_new(1));
    t_print("b ");
    ouro_decref(popped);
    say("%R", ouro_weakvalues_pop(d, ouro_int_new(1)));
    say("%n", ouro_weakvalues_del(d, ouro_int_new(1)));
    (void)ouro_weakvalues_set(d, ouro_int_new(3), at(held, 0));
    say("%R", entries(d, true));
    ouro_list_clear(held);
    settle();
    say_values(d);
    ouro_ref three = ouro_weakvalues_get(d, ouro_int_new(3));
    say("%R %R", three, ouro_weakvalues_get(d, again));
    say("%t %d", three != NULL, length(d));
}

static void weak_keys_die_with_their_objects(void)
{
    begin();
    ouro_ref d = ouro_weakkeys_new(), held = make_all("abcde");
    for (int i = 0; i < 5; i++) (void)ouro_weakkeys_set(d, at(held, i), ouro_int_new(i));
    say("%d %R", length(d), entries(d, false));
    forget(held, 2);
    say("%d %R", length(d), entries(d, false));
    (void)ouro_weakkeys_set(d, at(held, 0), py("'changed'"));
    say("%R", entries(d, false));
    for (int i = 0; i < 2; i++) {
        ouro_ref value = ouro_weakkeys_pop(d, at(held, i));
        say("%R %t", value, ouro_weakkeys_has(d, at(held, i)));
        say("%t %d", ouro_weakkeys_has(d, at(held, i)), length(d));
    }
    say("%d %R", length(d), entries(d, false));
    say("%n", ouro_weakkeys_del(d, at(held, 3)));
    say("%R", ouro_weakkeys_get(d, at(held, 4)));
    ouro_list_clear(held);
    settle();
    say("%d %R", length(d), entries(d, false));
    say("%n", ouro_weakkeys_set(d, py("'str'"), py("1")));
    say("%n", ouro_weakkeys_set(d, py("[]"), py("1")));
    say("%n", ouro_weakkeys_set(d, OURO_NONE, py("1")));
}

static void weak_sets_forget(void)
{
    begin();
    ouro_ref s = ouro_weakset_new(), held = make_all("abc"), other = ouro_weakset_new();
    for (int i = 0; i < 6; i++) (void)ouro_weakset_add(s, at(held, i % 3));
    say("%d %R", length(s), sorted(s, true));
    drop(ouro_list_pop(held, -1));
    say("%d %R", length(s), sorted(s, true));
    say("%t %t %t", ouro_weakset_has(s, at(held, 0)), ouro_weakset_has(s, py("1")),
        ouro_weakset_has(s, held));
    ouro_ref new = make("new");
    (void)ouro_weakset_add(other, new);
    (void)ouro_weak_update(s, other);
    say("%d %R", length(s), sorted(s, true));
    say("%n", ouro_weakset_remove(s, new));
    say("%n", ouro_weakset_discard(s, new));
    say("%n", ouro_weakset_add(s, py("[]")));
    say("%n", ouro_weakset_add(s, py("5")));
    ouro_list_clear(held);
    settle();
    say("%d %d", length(s), length(other));
    ouro_weak_clear(s);
    say("%R", ouro_weakset_pop(s));
}

static void members_are_told_apart_by_equality(void)
{
    begin();
    (void)ouro_class_def(class_, "__eq__", &eq_def);
    (void)ouro_class_def(class_, "__hash__", &hash_def);
    ouro_ref s = ouro_weakset_new(), d = ouro_weakkeys_new(),
             o[3] = {make("one"), make("one"), make("two")};
    ouro_ref two = make("two"), six = make("six");
    for (int i = 0; i < 3; i++) {
        (void)ouro_weakset_add(s, o[i]);
        (void)ouro_weakkeys_set(d, o[i], ouro_attr_get_string(o[i], "name"));
        say("%d %d", length(s), length(d));
    }
    say("%t %t %t %t %t", ouro_weakset_has(s, o[0]), ouro_weakset_has(s, o[1]),
        ouro_weakset_has(s, o[2]), ouro_weakset_has(s, two), ouro_weakset_has(s, six));
    ouro_ref one = ouro_weakkeys_get(d, o[1]);
    say("%R %R", one, ouro_weakkeys_get(d, two));
    drop(o[0]);
    say("%d %d %t", length(s), length(d), ouro_weakset_has(s, o[1]));
    (void)ouro_weakset_add(s, o[1]);
    say("%d %t", length(s), ouro_weakset_has(s, o[1]));
    say("%R", ouro_weakkeys_pop(d, two));
    say("%d", length(d));
    drop(o[1]);
    drop(o[2]);
    say("%d %d", length(s), length(d));
}

static void members_may_die_while_one_walks(void)
{
    begin();
    ouro_ref d = ouro_weakvalues_new(), held = make_all("abcdef"), seen = ouro_list_new();
    struct ouro_weak_walk walk;
    ouro_ref key, value;
    for (int i = 0; i < 6; i++) (void)ouro_weakvalues_set(d, ouro_int_new(i), at(held, i));
    ouro_weak_begin(&walk, d);
    while (ouro_weak_next(&walk, &key, &value)) {
        int64_t number = 0;
        (void)ouro_int_get(key, &number);
        ouro_ref pair = ouro_tuple_of(2, key, ouro_attr_get_string(value, "name"));
        (void)ouro_list_append(seen, pair);
        ouro_decref(pair);
        ouro_decref(value);
        if (number % 2 == 0) forget(held, (int)number + 1);
        say("%d %d", (int)number, (int)ouro_list_len(seen));
    }
    ouro_weak_end(&walk);
    say("%r", seen);
    say_values(d);
    for (int i = 0; i < 6; i += 2) {
        forget(held, i);
        say("%d %R", length(d), sorted(d, false));
        say("%R", ouro_weakvalues_get(d, ouro_int_new(i)));
    }
}

/* ---- weak references ---- */

static int say_context(ouro_ref weakref, ouro_ref context)
{
    (void)weakref;
    say("%S", ouro_own(context));
    return 0;
}
static ouro_ref ref_saying(ouro_ref target, const char *text)
{
    ouro_ref context = ouro_str_from(text);
    ouro_ref ref = ouro_weakref_new_with(target, say_context, context);
    ouro_decref(context);
    return ref;
}
static int leads_to(ouro_ref ref, ouro_ref object)
{
    ouro_ref target = ouro_weakref_get(ref);
    bool is_same = target == object;
    ouro_decref(target);
    return is_same;
}
static int is_dead(ouro_ref ref) { return leads_to(ref, OURO_NONE); }
static int collects(void) { return ouro_gc_collect(2) > 0; }

static void weak_references_in_cycles(void)
{
    begin();
    ouro_ref a = make("a"), b = make("b"), d = ouro_weakvalues_new(), refs[4];
    (void)ouro_attr_set_string(a, "other", b);
    (void)ouro_attr_set_string(b, "other", a);
    ouro_ref r = ref_saying(a, "callback of a"), q = ref_saying(b, "callback of b");
    (void)ouro_weakvalues_set(d, py("'a'"), a);
    (void)ouro_weakvalues_set(d, py("'b'"), b);
    say("%d %t %t", length(d), leads_to(r, a), leads_to(q, b));
    drop(b);
    say("%d %t", length(d), is_dead(q));
    drop(a);
    say("%d %t", length(d), is_dead(r));
    say("%t", collects());
    say("%d %t %t", length(d), is_dead(r), is_dead(q));
    ouro_ref ring = make("ring"), inside = ref_saying(ring, "never called");
    (void)ouro_attr_set_string(ring, "me", ring);
    (void)ouro_attr_set_string(ring, "ref", inside);
    ouro_decref(inside);
    drop(ring);
    say("%t", collects());
    ouro_ref o = make("o");
    for (int i = 0; i < 4; i++) {
        char text[] = "callback 0";
        text[9] = (char)('0' + i);
        refs[i] = ref_saying(o, text);
    }
    drop(refs[1]);
    drop(o);
    say("%d [%R, %R, %R]", 3, ouro_weakref_get(refs[0]), ouro_weakref_get(refs[2]),
        ouro_weakref_get(refs[3]));
}

static ouro_ref say_finalize(ouro_ref context)
{
    say("finalize %S", ouro_own(context));
    return ouro_str_from("said");
}
static ouro_ref say_finalize_alone(ouro_ref context)
{
    say("%S", ouro_own(context));
    return OURO_NONE;
}
static ouro_ref finalize(ouro_ref target, ouro_ref context)
{
    ouro_ref f = ouro_finalize_new(target, say_finalize, context);
    ouro_decref(context);
    return f;
}
static int alive(ouro_ref f) { return ouro_finalize_is_alive(f); }

static void finalize_in_order(void)
{
    begin();
    ouro_ref o = make("o"), p = make("p"), f[3], g, target, context;
    ouro_finalize_fn *call;
    for (int i = 0; i < 3; i++) f[i] = finalize(o, ouro_int_new(i));
    g = finalize(p, py("'p'"));
    say("[%t, %t, %t] %t", alive(f[0]), alive(f[1]), alive(f[2]), alive(g));
    say("%S", ouro_finalize_call(f[1]));
    say("[%t, %t, %t]", alive(f[0]), alive(f[1]), alive(f[2]));
    (void)ouro_attr_set_string(o, "me", o);
    (void)ouro_attr_set_string(p, "o", o);
    drop(o);
    say("%d", (int)ouro_gc_collect(2));
    say("[%t, %t, %t]", alive(f[0]), alive(f[1]), alive(f[2]));
    drop(p);
    say("[%t, %t, %t] %t", alive(f[0]), alive(f[1]), alive(f[2]), alive(g));
    say("%t", collects());
    say("[%t, %t, %t]", alive(f[0]), alive(f[1]), alive(f[2]));
    ouro_ref none = ouro_finalize_call(f[0]);
    say("%R %R %s", none, ouro_finalize_call(g),
        ouro_finalize_detach(g, &target, &call, &context) ? "?" : "None");
}

static int say_callback(ouro_ref weakref, ouro_ref context)
{
    (void)context;
    say("callback, dead %t", is_dead(weakref));
    return 0;
}

static void finalizers_and_callbacks(void)
{
    begin();
    (void)ouro_class_def(class_, "__del__", &del_def);
    ouro_ref word = py("'finalize'"), refs[2], a = make("a"), b = make("b");
    ouro_ref o = make("plain"), r = ouro_weakref_new_with(o, say_callback, NULL);
    ouro_ref f = ouro_finalize_new(o, say_finalize_alone, word);
    drop(o);
    say("%t %t", is_dead(r), alive(f));
    o = make("ring");
    (void)ouro_attr_set_string(o, "me", o);
    r = ouro_weakref_new_with(o, say_callback, NULL);
    f = ouro_finalize_new(o, say_finalize_alone, word);
    drop(o);
    (void)ouro_gc_collect(2);
    say("%t %t", is_dead(r), alive(f));
    (void)ouro_attr_set_string(a, "b", b);
    (void)ouro_attr_set_string(b, "a", a);
    refs[0] = ref_saying(a, "callback");
    refs[1] = ref_saying(b, "callback");
    drop(a);
    drop(b);
    (void)ouro_gc_collect(2);
    say("[%R, %R]", ouro_weakref_get(refs[0]), ouro_weakref_get(refs[1]));
}

static void proxies_stand_for_objects(void)
{
    begin();
    uint32_t hash;
    ouro_ref o = make("o"), p = ouro_proxy_new(o), name = ouro_intern("name", 4), five = py("5");
    say("%S %S %t %t %t %t", ouro_attr_get(p, name), ouro_own(p), ouro_equal(p, p),
        ouro_equal(p, o), ouro_equal(o, p), ouro_compare(p, five, OURO_NE));
    (void)ouro_attr_set(p, name, py("'changed'"));
    say("%S %S", ouro_attr_get(o, name), ouro_attr_get(p, name));
    say("%R", ouro_attr_get_string(p, "nothing"));
    say("%n", ouro_attr_del(p, name));
    say("%R", ouro_attr_get(p, name));
    say("%n", ouro_hash(p, &hash));
    say("%R", ouro_proxy_new(five));
    drop(o);
    say("%R", ouro_attr_get(p, name));
    say("%S", ouro_own(p));
    say("%t", ouro_equal(p, five));
    say("%n", ouro_hash(p, &hash));
    say("%n", ouro_attr_del(p, name));
}

static const struct section sections[] = {
    SECTION(weak_values_die_with_their_objects),
    SECTION(weak_keys_die_with_their_objects),
    SECTION(weak_sets_forget),
    SECTION(members_are_told_apart_by_equality),
    SECTION(members_may_die_while_one_walks),
    SECTION(weak_references_in_cycles),
    SECTION(finalize_in_order),
    SECTION(finalizers_and_callbacks),
    SECTION(proxies_stand_for_objects),
};
PARITY_MAIN(sections)
