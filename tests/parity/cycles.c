/* SPDX-License-Identifier: MIT
 * cycles.c - the collector as a program sees it: callbacks, counts, order of finalizers, what is
 * kept. */
#include "parity.h"

static ouro_ref plain, kept, gone;

static ouro_ref say_del(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function, (void)argc;
    say("del %S", ouro_attr_get_string(argv[0], "name"));
    return OURO_NONE;
}
static ouro_ref note_gone(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function, (void)argc;
    ouro_ref name = ouro_attr_get_string(argv[0], "name");
    (void)ouro_list_append(gone, name);
    ouro_decref(name);
    return OURO_NONE;
}
static ouro_ref revive(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function, (void)argc;
    (void)ouro_list_append(kept, argv[0]);
    return OURO_NONE;
}
static const struct ouro_function_def
    del_def = {.name = "Del.__del__", .call = say_del, .least = 1, .most = 1},
    noted_def = {.name = "Noted.__del__", .call = note_gone, .least = 1, .most = 1},
    revive_def = {.name = "Revived.__del__", .call = revive, .least = 1, .most = 1};

static ouro_ref name_is_less(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function, (void)argc;
    ouro_ref a = ouro_attr_get_string(argv[0], "name"), b = ouro_attr_get_string(argv[1], "name");
    int result = ouro_compare(a, b, OURO_LT);
    ouro_decref(a);
    ouro_decref(b);
    return ouro_bool(result > 0);
}
static const struct ouro_function_def lt_def = {
    .name = "Revived.__lt__", .call = name_is_less, .least = 2, .most = 2};

/* The class C; and one derived from it with a finalizer. */
static void begin(void)
{
    ouro_gc_disable();
    plain = ouro_class_new("C", NULL);
    kept = ouro_list_new();
    gone = ouro_list_new();
}
static ouro_ref sorted_gone(void)
{
    (void)ouro_list_sort(gone, false);
    return gone;
}
static ouro_ref derive(const char *name, const struct ouro_function_def *def)
{
    ouro_ref class_ = ouro_class_new(name, plain);
    (void)ouro_class_def(class_, "__del__", def);
    return class_;
}
static ouro_ref make(ouro_ref class_, char letter)
{
    ouro_ref o = ouro_instance_new(class_), text = ouro_str_new(&letter, 1);
    (void)ouro_attr_set_string(o, "name", text);
    ouro_decref(text);
    return o;
}
static ouro_ref at(ouro_ref list, int i) { return ouro_list_get(list, i); }
static ouro_ref attr(ouro_ref o, const char *name)
{
    ouro_ref value = ouro_attr_get_string(o, name);
    ouro_xdecref(value); /* the object holds it */
    return value;
}
/* Append objects that refer to the next of them, the last to the first. */
static ouro_ref ring(ouro_ref held, ouro_ref class_, const char *names, size_t n)
{
    int first = (int)ouro_list_len(held);
    for (size_t i = 0; i < n; i++) {
        ouro_ref o = make(class_, names[i]);
        (void)ouro_list_append(held, o);
        ouro_decref(o);
    }
    for (int i = 0; i < (int)n; i++)
        (void)ouro_attr_set_string(at(held, first + i), "next", at(held, first + (i + 1) % (int)n));
    return held;
}
static void clear(ouro_ref list)
{
    ouro_list_clear(list);
    settle();
}
static void drop(ouro_ref ref)
{
    ouro_decref(ref);
    settle();
}
static int collect(void) { return (int)ouro_gc_collect(2); }
static int collects(void) { return collect() > 0; }

/* ---- finalizers ---- */

static void finalizers_of_rings(void)
{
    begin();
    ouro_ref held = ouro_list_new(), class_ = derive("Del", &del_def);
    ouro_ref noted = derive("Noted", &noted_def);
    for (size_t n = 1; n < 6; n++) {
        clear(ring(held, noted, "abcde", n));
        size_t before = ouro_list_len(gone);
        int has_found = collects();
        say("%d %s %t %r", (int)n, before ? "?" : "[]", has_found, sorted_gone());
        clear(gone);
    }
    clear(ring(ring(held, noted, "ab", 2), noted, "xy", 2));
    (void)collect();
    say("%r", sorted_gone());
    (void)ring(held, class_, "pqr", 3);
    ouro_decref(ouro_list_pop(held, -1));
    drop(ouro_list_pop(held, -1));
    say("%d", collect());
    say("%S", ouro_attr_get_string(attr(attr(at(held, 0), "next"), "next"), "name"));
    (void)ouro_attr_set_string(at(held, 0), "next", OURO_NONE);
    settle();
    say("cut");
    clear(held);
    say("%d", collect());
}

static ouro_ref names_of(ouro_ref list, bool of_next)
{
    ouro_ref names = ouro_list_new();
    for (int i = 0; i < (int)ouro_list_len(list); i++) {
        ouro_ref o = of_next ? attr(at(list, i), "next") : at(list, i);
        (void)ouro_list_append(names, attr(o, "name"));
    }
    return names;
}

static void rings_that_revive_themselves(void)
{
    begin();
    ouro_ref held = ouro_list_new(), class_ = derive("Revived", &revive_def);
    clear(ring(held, class_, "abc", 3));
    say("%d", collect());
    ouro_ref lt = ouro_intern("__lt__", 6);
    (void)ouro_class_def(class_, "__lt__", &lt_def);
    (void)ouro_list_sort(kept, false);
    (void)ouro_attr_del(class_, lt);
    say("%d %R %R", (int)ouro_list_len(kept), names_of(kept, false), names_of(kept, true));
    say("[%t, %t, %t]", ouro_gc_is_finalized(at(kept, 0)), ouro_gc_is_finalized(at(kept, 1)),
        ouro_gc_is_finalized(at(kept, 2)));
    say("%d", collect());
    drop(ouro_list_pop(kept, -1));
    int found = collect();
    say("%d %d", found, (int)ouro_list_len(kept));
    clear(kept);
    say("%t", collects());
    say("%d", collect());
    (void)ring(held, plain, "xy", 2);
    ouro_ref guard = make(class_, 'g');
    (void)ouro_attr_set_string(at(held, 0), "guard", guard);
    (void)ouro_attr_set_string(guard, "owner", at(held, 1));
    ouro_decref(guard);
    clear(held);
    say("%d", collect());
    ouro_ref owner = attr(at(kept, 0), "owner");
    say("%R %S %S", names_of(kept, false), ouro_attr_get_string(owner, "name"),
        ouro_attr_get_string(attr(owner, "next"), "name"));
    (void)ouro_attr_set_string(at(kept, 0), "owner", OURO_NONE);
    clear(kept);
    say("%t", collects());
}

/* ---- callbacks and figures ---- */

static void say_event(struct ouro_gc_callback *self, enum ouro_gc_event event,
                      const struct ouro_gc_info *info)
{
    (void)self;
    say("%s [('collected', %d), ('generation', %d), ('uncollectable', %d)]",
        ouro_gc_event_name(event), (int)info->collected, (int)info->generation,
        (int)info->uncollectable);
}

/* A list that holds itself, in `depth` lists, is dropped. */
static void drop_cycle(int depth)
{
    ouro_ref x = ouro_list_new(), innermost = x;
    for (int i = 0; i < depth; i++) {
        ouro_ref outer = ouro_list_new();
        (void)ouro_list_append(outer, x);
        ouro_decref(x);
        x = outer;
    }
    (void)ouro_list_append(depth ? x : innermost, x);
    drop(x);
}

static void callbacks_are_told(void)
{
    struct ouro_gc_callback callback = {.call = say_event};
    begin();
    ouro_gc_add_callback(&callback);
    for (int generation = 0; generation < 3; generation++) (void)ouro_gc_collect(generation);
    for (int i = 0; i < 4; i++) {
        drop_cycle(i);
        (void)ouro_gc_collect(0);
    }
    (void)ouro_gc_remove_callback(&callback);
    say("%d", collect());
}

static void say_statistics(void)
{
    struct ouro_gc_stats s;
    ouro_gc_get_stats(&s);
    say("[[%d, %d, %d], [%d, %d, %d], [%d, %d, %d]]", (int)s.collections[0], (int)s.collected[0],
        (int)s.uncollectable[0], (int)s.collections[1], (int)s.collected[1],
        (int)s.uncollectable[1], (int)s.collections[2], (int)s.collected[2],
        (int)s.uncollectable[2]);
}

static void statistics(void)
{
    begin();
    say_statistics();
    for (int generation = 0; generation < 3; generation++) {
        drop_cycle(0);
        say("%d", (int)ouro_gc_collect(generation));
        say_statistics();
    }
    ouro_ref old = ouro_list_new();
    (void)ouro_list_append(old, old);
    (void)collect();
    (void)collect();
    drop(old);
    int young = (int)ouro_gc_collect(0), middle = (int)ouro_gc_collect(1);
    say("%d %d %d", young, middle, collect());
    say_statistics();
    (void)ouro_gc_collect(1);
    say_statistics();
}

/* ---- references ---- */

static ouro_ref known[5], found;

static int note(ouro_ref ref, void *context)
{
    (void)context;
    for (unsigned i = 0; i < T_COUNT(known); i++) {
        char name[2] = {"abcdt"[i]};
        if (known[i] == ref) (void)ouro_list_append(found, ouro_str_from(name));
    }
    return 0;
}
static ouro_ref referents(ouro_ref ref)
{
    found = ouro_list_new();
    (void)ouro_gc_referents(ref, note, NULL);
    (void)ouro_list_sort(found, false);
    return found;
}
static ouro_ref referrers(ouro_ref ref)
{
    found = ouro_list_new();
    (void)ouro_gc_referrers(ref, note, NULL);
    (void)ouro_list_sort(found, false);
    return found;
}
static int count_referents(ouro_ref ref, void *context)
{
    (void)ref;
    ++*(int *)context;
    return 0;
}
static ouro_ref has_none(ouro_ref ref)
{
    int count = 0;
    (void)ouro_gc_referents(ref, count_referents, &count);
    return count ? OURO_NONE : ouro_list_new();
}

static void who_refers_to_whom(void)
{
    begin();
    ouro_ref a = ouro_list_new(), b = ouro_list_new(), c = ouro_list_new(), d = ouro_dict_new();
    struct ouro_gc_cursor cursor;
    (void)ouro_list_append(b, a);
    (void)ouro_list_append(c, a);
    (void)ouro_list_append(c, b);
    (void)ouro_dict_set(d, py("'a'"), a);
    ouro_ref t = ouro_tuple_of(3, a, b, a), all[] = {a, b, c, d, t};
    for (size_t i = 0; i < T_COUNT(known); i++) known[i] = all[i];
    say("%R %R %R", referents(b), referents(c), referents(d));
    say("%R %R %R", referents(t), referents(a), referents(py("5")));
    for (size_t i = 0; i < T_COUNT(known); i++) say("%R", referrers(known[i]));
    ouro_ref objects = ouro_list_new();
    (void)ouro_gc_objects(&cursor, OURO_GC_ALL);
    found = objects;
    for (ouro_ref o; (o = ouro_gc_next(&cursor));) {
        (void)note(o, NULL);
        ouro_decref(o);
    }
    (void)ouro_list_sort(objects, false);
    say("%R", objects);
    (void)ouro_list_append(a, t);
    say("%R %R", referents(a), referrers(t));
    clear(c);
    say("%R %R", referents(c), referrers(b));
    say("%R %R %R", has_none(py("1")), has_none(py("'x'")), has_none(OURO_NONE));
}

static int is_in(ouro_ref x, int generation)
{
    struct ouro_gc_cursor cursor;
    bool is_there = false;
    (void)ouro_gc_objects(&cursor, generation);
    for (ouro_ref o; (o = ouro_gc_next(&cursor));) {
        is_there = is_there || o == x;
        ouro_decref(o);
    }
    return is_there;
}
static void say_where(ouro_ref x) { say("[%t, %t, %t]", is_in(x, 0), is_in(x, 1), is_in(x, 2)); }

static void generations(void)
{
    static const int then[] = {0, 0, 1, 2};
    struct ouro_gc_cursor cursor;
    begin();
    (void)collect();
    ouro_ref x = py("[[]]"), y, z;
    say_where(x);
    for (size_t i = 0; i < T_COUNT(then); i++) {
        (void)ouro_gc_collect(then[i]);
        say_where(x);
    }
    y = ouro_list_new();
    (void)ouro_gc_collect(1);
    say("[%t, %t, %t] [%t, %t, %t]", is_in(x, 0), is_in(x, 1), is_in(x, 2), is_in(y, 0),
        is_in(y, 1), is_in(y, 2));
    (void)collect();
    say_where(y);
    (void)ouro_gc_freeze();
    say("[%t, %t, %t] [%t, %t, %t] %t", is_in(x, 0), is_in(x, 1), is_in(x, 2), is_in(y, 0),
        is_in(y, 1), is_in(y, 2), ouro_gc_get_freeze_count() > 0);
    z = ouro_list_new();
    say_where(z);
    (void)ouro_gc_unfreeze();
    say("[%t, %t, %t] [%t, %t, %t] [%t, %t, %t] %d", is_in(x, 0), is_in(x, 1), is_in(x, 2),
        is_in(y, 0), is_in(y, 1), is_in(y, 2), is_in(z, 0), is_in(z, 1), is_in(z, 2),
        (int)ouro_gc_get_freeze_count());
    say("%n", ouro_gc_objects(&cursor, 3));
    say("%n", ouro_gc_objects(&cursor, -2));
}

static void frozen_garbage(void)
{
    begin();
    ouro_ref class_ = derive("Del", &del_def), x = ouro_list_new(), y, z = ouro_list_new();
    ouro_ref o = make(class_, 'x');
    (void)ouro_list_append(x, o);
    (void)ouro_list_append(x, x);
    ouro_decref(o);
    (void)ouro_gc_freeze();
    drop(x);
    say("%d", collect());
    (void)ouro_gc_unfreeze();
    say("%d", collect());
    y = ouro_list_new();
    o = make(class_, 'y');
    (void)ouro_list_append(y, o);
    ouro_decref(o);
    (void)ouro_gc_freeze();
    drop(y);
    say("y died all the same");
    (void)ouro_gc_unfreeze();
    o = make(class_, 'z');
    (void)ouro_list_append(z, o);
    (void)ouro_list_append(z, z);
    ouro_decref(o);
    (void)ouro_gc_freeze();
    ouro_ref r = ouro_weakref_new(o);
    drop(z);
    int none = collect();
    ouro_ref alive = ouro_weakref_get(r);
    say("%d %t", none, alive == OURO_NONE);
    ouro_decref(alive);
    (void)ouro_gc_unfreeze();
    (void)collect();
    say("%t", ouro_weakref_get(r) == OURO_NONE);
    say("%d", (int)ouro_gc_get_freeze_count());
    (void)ouro_gc_freeze();
    say("%t", ouro_gc_get_freeze_count() > 0);
    (void)ouro_gc_unfreeze();
    say("%d", (int)ouro_gc_get_freeze_count());
}

static void garbage_is_saved(void)
{
    begin();
    ouro_ref x = py("[1]"), garbage = ouro_gc_garbage(), class_ = derive("Noted", &noted_def);
    ouro_ref held = ouro_list_new(), names = ouro_list_new();
    (void)ouro_list_append(x, x);
    ouro_gc_set_debug(OURO_GC_DEBUG_SAVEALL);
    say("%d", (int)ouro_gc_get_debug());
    drop(x);
    say("%d", collect());
    say("%d %r", (int)ouro_list_len(garbage), garbage);
    ouro_decref(ouro_list_pop(at(garbage, 0), -1));
    clear(garbage);
    say("%d", collect());
    clear(ring(held, class_, "ab", 2));
    (void)collect();
    say("%r", sorted_gone());
    for (int i = 0; i < (int)ouro_list_len(garbage); i++)
        if (ouro_isinstance(at(garbage, i), class_) == 1)
            (void)ouro_list_append(names, attr(at(garbage, i), "name"));
    (void)ouro_list_sort(names, false);
    say("%r", names);
    say("%t", ouro_class_of(at(garbage, 0)) == class_);
    ouro_gc_set_debug(0);
    clear(garbage);
    int is_more = collects();
    say("%t %r %d", is_more, garbage, (int)ouro_gc_get_debug());
    drop_cycle(0);
    say("%d", collect());
    say("%d", (int)ouro_list_len(garbage));
}

static void say_counts(ouro_ref held)
{
    say("[%d, %d, %d]", (int)ouro_getrefcount(at(held, 0)), (int)ouro_getrefcount(at(held, 1)),
        (int)ouro_getrefcount(at(held, 2)));
}

static void counts_in_cycles(void)
{
    begin();
    ouro_ref held = ring(ouro_list_new(), plain, "abc", 3);
    say_counts(held);
    (void)ouro_attr_set_string(at(held, 0), "me", at(held, 0));
    say_counts(held);
    (void)collect();
    say_counts(held);
    ouro_ref a = ouro_own(at(held, 0)), b = ouro_own(at(held, 1));
    clear(held);
    say("%d %d", (int)ouro_getrefcount(a), (int)ouro_getrefcount(b));
    (void)collect();
    say("%d %d", (int)ouro_getrefcount(a), (int)ouro_getrefcount(b));
    (void)ouro_attr_set_string(b, "next", OURO_NONE);
    settle();
    say("%d %d", (int)ouro_getrefcount(a), (int)ouro_getrefcount(b));
    (void)ouro_attr_set_string(a, "me", OURO_NONE);
    say("%d %d", (int)ouro_getrefcount(a), (int)ouro_getrefcount(b));
    (void)ouro_attr_set_string(a, "next", OURO_NONE);
    say("%d %d", (int)ouro_getrefcount(a), (int)ouro_getrefcount(b));
    ouro_ref r = ouro_weakref_new(a), target = ouro_weakref_get(r);
    ouro_decref(target);
    say("%d %t", (int)ouro_getrefcount(a), target == a);
    drop(a);
    say("%t", ouro_weakref_get(r) == OURO_NONE);
    say("%d", collect());
}

static const struct section sections[] = {
    SECTION(finalizers_of_rings), SECTION(rings_that_revive_themselves),
    SECTION(callbacks_are_told),  SECTION(statistics),
    SECTION(who_refers_to_whom),  SECTION(generations),
    SECTION(frozen_garbage),      SECTION(garbage_is_saved),
    SECTION(counts_in_cycles),
};
PARITY_MAIN(sections)
