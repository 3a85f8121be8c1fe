/* SPDX-License-Identifier: MIT
 * dicts.c - dict: order, changes, equal keys, errors, iteration. */
#include "parity.h"

static void order_of_insertion(void)
{
    static const char *const keys[] = {"'b'", "'a'", "3", "1", "(1, 2)", "None", "1.5", "''"};
    ouro_ref dict = ouro_dict_new();
    for (size_t i = 0; i < T_COUNT(keys); i++) {
        say("%n", ouro_dict_set(dict, py(keys[i]), ouro_int_new((int)i)));
        say("%r", dict);
    }
    say("%n", ouro_dict_set(dict, py("'a'"), py("'again'")));
    say("%r", dict);
    say("%n", ouro_dict_del(dict, py("'b'")));
    say("%n", ouro_dict_set(dict, py("'b'"), py("'back'")));
    say("%r", dict);
    say("%d", (int)ouro_dict_len(dict));
}

static void many_keys(void)
{
    ouro_ref dict = ouro_dict_new();
    for (int i = 0; i < 40; i++)
        (void)ouro_dict_set(dict, ouro_int_new(i * 7 % 41), ouro_int_new(i));
    for (int i = 0; i < 40; i += 3) (void)ouro_dict_del(dict, ouro_int_new(i * 7 % 41));
    say("%r", dict);
    for (int i = 0; i < 10; i++) {
        (void)ouro_dict_set(dict, ouro_int_new(100 + i), ouro_int_new(i));
        ouro_ref key, value;
        say("%n", ouro_dict_popitem(dict, &key, &value));
        say("%R %R", key, value);
        (void)ouro_dict_set(dict, ouro_int_new(i * 7 % 41), ouro_int_new(-i));
    }
    say("%r", dict);
    say("%r", ouro_dict_copy(dict));
    say("%t", ouro_equal(dict, ouro_dict_copy(dict)));
}

static void equal_keys_are_one(void)
{
    static const char *const keys[] = {"1",   "1.0",  "True",    "0",      "-0.0", "False",
                                       "'1'", "(1,)", "(True,)", "(1.0,)", "2.0",  "2"};
    ouro_ref dict = ouro_dict_new();
    for (size_t i = 0; i < T_COUNT(keys); i++) {
        (void)ouro_dict_set(dict, py(keys[i]), py(keys[i]));
        say("%d %r", (int)ouro_dict_len(dict), dict);
    }
}

static void get_and_setdefault(void)
{
    ouro_ref dict = py("{'a': 1, 'n': None}");
    say("%r", ouro_dict_get(dict, py("'a'")));
    say("%r", ouro_dict_get(dict, py("'n'")));
    say("%r", ouro_dict_get(dict, py("'x'")));
    say("%r", ouro_dict_get(dict, py("[]")));
    say("%r", ouro_dict_setdefault(dict, py("'a'"), py("5")));
    say("%r", ouro_dict_setdefault(dict, py("'b'"), py("6")));
    say("%r", ouro_dict_setdefault(dict, py("'n'"), py("7")));
    say("%r", ouro_dict_setdefault(dict, py("{}"), py("8")));
    say("%r", dict);
    say("%n", ouro_dict_set(dict, py("{1}"), py("8")));
    say("%R", ouro_dict_pop(dict, py("[1]")));
    say("%n", ouro_dict_del(dict, py("([],)")));
}

static void removal(void)
{
    ouro_ref dict = py("{'a': 1, 'b': 2, 'c': 3, 'd': 4}"), key, value;
    say("%R", ouro_dict_pop(dict, py("'b'")));
    say("%r", dict);
    say("%n", ouro_dict_popitem(dict, &key, &value));
    say("(%R, %R)", key, value);
    say("%r", dict);
    say("%n", ouro_dict_del(dict, py("'a'")));
    say("%r", dict);
    say("%n", ouro_dict_popitem(dict, &key, &value));
    say("%r", dict);
    say("%n", ouro_dict_popitem(dict, &key, &value));
    ouro_dict_clear(dict);
    say("%r", dict);
    (void)ouro_dict_set(dict, py("1"), py("2"));
    ouro_dict_clear(dict);
    say("%r %d", dict, (int)ouro_dict_len(dict));
}

static void missing_keys(void)
{
    static const char *const keys[] = {"'x'",  "1",        "-5", "1.5", "None",
                                       "True", "'it\\'s'", "''", "-1.5"};
    ouro_ref dict = ouro_dict_new();
    for (size_t i = 0; i < T_COUNT(keys); i++) {
        say("%n", ouro_dict_del(dict, py(keys[i])));
        say("%R", ouro_dict_pop(dict, py(keys[i])));
    }
}

static void update(void)
{
    ouro_ref a = py("{'x': 1, 'y': 2}");
    static const char *const others[] = {"{}", "{'y': 3}", "{'z': 4, 'x': 5}", "{1: 1, 1.0: 2}",
                                         "{(): 0}"};
    for (size_t i = 0; i < T_COUNT(others); i++) {
        say("%n", ouro_dict_update(a, py(others[i])));
        say("%r", a);
    }
    say("%n", ouro_dict_update(a, a));
    say("%r", a);
    ouro_ref copy = ouro_dict_copy(a);
    (void)ouro_dict_set(copy, py("'new'"), OURO_NONE);
    say("%t %t", ouro_equal(a, copy), copy == a);
}

static void equality(void)
{
    static const char *const dicts[] = {"{}",        "{1: 2}",      "{1.0: 2}",     "{1: 2.0}",
                                        "{'a': []}", "{'a': [1]}",  "{1: 2, 3: 4}", "{3: 4, 1: 2}",
                                        "[]",        "{None: None}"};
    for (size_t i = 0; i < T_COUNT(dicts); i++)
        for (size_t k = 0; k < T_COUNT(dicts); k++)
            say("%s %s %t %t", dicts[i], dicts[k], ouro_equal(py(dicts[i]), py(dicts[k])),
                ouro_compare(py(dicts[i]), py(dicts[k]), OURO_NE));
}

static void iteration_while_it_changes(void)
{
    ouro_ref dict = py("{'a': 1, 'b': 2, 'c': 3}"), it = ouro_iter(dict);
    say("%R", ouro_iter_next(it));
    (void)ouro_dict_set(dict, py("'b'"), py("20"));
    say("%R", ouro_iter_next(it));
    (void)ouro_dict_set(dict, py("'d'"), py("4"));
    say("%R", ouro_iter_next(it));
    say("%R", ouro_iter_next(it));
    it = ouro_iter(dict);
    (void)ouro_dict_del(dict, py("'a'"));
    say_items("after del", it);
    it = ouro_iter(dict);
    ouro_dict_clear(dict);
    say_items("after clear", it);
    say_items("empty", ouro_iter(dict));
    dict = py("{1: 1, 2: 2}");
    it = ouro_iter(dict);
    say("%R", ouro_iter_next(it));
    (void)ouro_dict_del(dict, py("1"));
    (void)ouro_dict_set(dict, py("3"), py("3"));
    say_items("all", ouro_iter(dict));
    say("%t", ouro_iter(it) == it);
}

static void counts_of_keys_and_values(void)
{
    ouro_ref key = py("('key',)"), value = py("['value']"), dict = ouro_dict_new();
    say("%d %d", (int)ouro_getrefcount(key), (int)ouro_getrefcount(value));
    (void)ouro_dict_set(dict, key, value);
    say("%d %d", (int)ouro_getrefcount(key), (int)ouro_getrefcount(value));
    (void)ouro_dict_set(dict, py("('key',)"), value);
    say("%d %d", (int)ouro_getrefcount(key), (int)ouro_getrefcount(value));
    (void)ouro_dict_set(dict, OURO_NONE, value);
    say("%d %d", (int)ouro_getrefcount(key), (int)ouro_getrefcount(value));
    ouro_ref copy = ouro_dict_copy(dict);
    say("%d %d", (int)ouro_getrefcount(key), (int)ouro_getrefcount(value));
    (void)ouro_dict_set(dict, key, OURO_NONE);
    say("%d %d", (int)ouro_getrefcount(key), (int)ouro_getrefcount(value));
    (void)ouro_dict_del(copy, key);
    say("%d %d", (int)ouro_getrefcount(key), (int)ouro_getrefcount(value));
    ouro_decref(copy);
    settle();
    say("%d %d", (int)ouro_getrefcount(key), (int)ouro_getrefcount(value));
    ouro_ref popped = ouro_dict_pop(dict, OURO_NONE);
    say("%d %d", (int)ouro_getrefcount(key), (int)ouro_getrefcount(value));
    ouro_decref(popped);
    ouro_dict_clear(dict);
    settle();
    say("%d %d", (int)ouro_getrefcount(key), (int)ouro_getrefcount(value));
}

static const struct section sections[] = {
    SECTION(order_of_insertion),
    SECTION(many_keys),
    SECTION(equal_keys_are_one),
    SECTION(get_and_setdefault),
    SECTION(removal),
    SECTION(missing_keys),
    SECTION(update),
    SECTION(equality),
    SECTION(iteration_while_it_changes),
    SECTION(counts_of_keys_and_values),
};
PARITY_MAIN(sections)
