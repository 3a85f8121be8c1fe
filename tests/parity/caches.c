/* SPDX-License-Identifier: MIT
 * caches.c - caches of limited size and limited time: hits, misses, what makes room. */
#include "parity.h"

static ouro_ref cache;

/* What a function under functools.lru_cache does. */
static ouro_ref double_of(ouro_ref x)
{
    ouro_ref value = ouro_cache_get(cache, x);
    if (value || ouro_error_get(NULL) != OURO_NO_ERROR) return value;
    say("computed %r", x);
    int64_t number;
    double real;
    size_t bytes;
    if (ouro_type_index(x) == OURO_TYPE_STR) {
        char text[8];
        const char *half = ouro_str_bytes(x, &bytes);
        for (size_t i = 0; i < 2 * bytes; i++) text[i] = half[i % bytes];
        value = ouro_str_new(text, 2 * bytes);
    } else if (ouro_is_tuple(x)) {
        value = ouro_tuple_concat(x, x);
    } else if (ouro_int_get(x, &number) == 0) {
        value = ouro_int_new(number * 2);
    } else {
        (void)ouro_float_get(x, &real);
        value = ouro_float_new(real * 2);
    }
    ouro_error_clear();
    (void)ouro_cache_set(cache, x, value);
    return value;
}
static ouro_ref double_of_int(int x) { return double_of(ouro_int_new(x)); }

static void say_info(void)
{
    struct ouro_cache_info info;
    ouro_cache_info(cache, &info);
    say("hits %d misses %d maxsize %d currsize %d", (int)info.hits, (int)info.misses,
        (int)info.maxsize, (int)info.currsize);
}
static void begin(uint32_t maxsize) { cache = ouro_cache_new(maxsize, 0, NULL); }

static void hits_and_misses(void)
{
    static const int keys[] = {1, 2, 1, 3, 2, 2, 4, 1};
    begin(8);
    say_info();
    for (size_t i = 0; i < T_COUNT(keys); i++) {
        say("%R", double_of_int(keys[i]));
        say_info();
    }
    ouro_cache_clear(cache);
    say_info();
    ouro_ref two = double_of_int(1);
    t_print("2 ");
    say_info();
    ouro_decref(two);
}

static void the_oldest_makes_room(void)
{
    static const int keys[] = {1, 2, 3, 1, 4, 2, 1, 3, 3, 5, 4, 1, 2, 5};
    begin(3);
    for (size_t i = 0; i < T_COUNT(keys); i++) say("%R", double_of_int(keys[i]));
    say_info();
}

static void equal_keys_share_an_entry(void)
{
    static const char *const keys[] = {"1",   "1.0",  "True",   "'1'", "2",
                                       "2.0", "(1,)", "(1.0,)", "'a'", "'a'"};
    static const char *const others[] = {"[]", "{}", "(1, [])"};
    begin(4);
    for (size_t i = 0; i < T_COUNT(keys); i++) say("%R", double_of(py(keys[i])));
    say_info();
    for (size_t i = 0; i < T_COUNT(others); i++) say("%R", double_of(py(others[i])));
    say_info();
}

static void caches_of_size_one_and_none(void)
{
    static const int keys[] = {1, 1, 2, 2, 1}, others[] = {1, 1, 2};
    struct ouro_cache_info info;
    begin(1);
    for (size_t i = 0; i < T_COUNT(keys); i++) say("%R", double_of_int(keys[i]));
    say_info();
    begin(0);
    for (size_t i = 0; i < T_COUNT(others); i++) say("%R", double_of_int(others[i]));
    ouro_cache_info(cache, &info);
    say("%d %d %d", (int)info.hits, (int)info.misses, (int)info.currsize);
}

static void many_entries(void)
{
    struct ouro_cache_info info;
    int calls = 0;
    begin(50);
    for (int i = 0; i < 400; i++) {
        ouro_ref key = ouro_int_new(i * i % 67), value = ouro_cache_get(cache, key);
        if (!value) {
            calls++;
            (void)ouro_cache_set(cache, key, OURO_NONE);
        }
        ouro_xdecref(value);
        if (i % 40) continue;
        ouro_cache_info(cache, &info);
        t_print_int(i);
        t_print(" ");
        t_print_int(calls);
        t_print(" ");
        say_info();
    }
    t_print_int(calls);
    t_print(" ");
    say_info();
}

static ouro_ref say_dropped(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function, (void)argc;
    say("dropped value %R", ouro_attr_get_string(argv[0], "number"));
    return OURO_NONE;
}
static const struct ouro_function_def del_def = {
    .name = "Said.__del__", .call = say_dropped, .least = 1, .most = 1};

static ouro_ref said; /* the class */

static void begin_said(uint32_t maxsize)
{
    said = ouro_class_new("Said", NULL);
    (void)ouro_class_def(said, "__del__", &del_def);
    begin(maxsize);
}
static void ask(int number)
{
    ouro_ref key = ouro_int_new(number), value = ouro_cache_get(cache, key);
    if (!value) {
        value = ouro_instance_new(said);
        (void)ouro_attr_set_string(value, "number", key);
        (void)ouro_cache_set(cache, key, value);
    }
    ouro_decref(value);
    settle();
}

static void what_makes_room_is_dropped(void)
{
    static const int keys[] = {1, 2, 1, 3, 4, 3, 4};
    begin_said(2);
    for (size_t i = 0; i < T_COUNT(keys); i++) {
        say("asked %d", keys[i]);
        ask(keys[i]);
    }
    say("clear");
    ouro_cache_clear(cache);
    settle();
    say("end");
}

/* ---- limited time ---- */

static uint32_t now;
static uint32_t clock_now(void) { return now; }

static ouro_ref get(const char *key) { return ouro_cache_get(cache, py(key)); }
static void set(const char *key, int value)
{
    (void)ouro_cache_set(cache, py(key), ouro_int_new(value));
}

static void entries_expire(void)
{
    static const uint32_t times[] = {8, 9, 10, 14, 15, 16};
    now = 0;
    cache = ouro_cache_new(100, 10, clock_now);
    set("'a'", 1);
    now = 5;
    set("'b'", 2);
    for (size_t i = 0; i < T_COUNT(times); i++) {
        now = times[i];
        ouro_ref a = get("'a'");
        say("%d %R %R", (int)now, a, get("'b'"));
    }
    set("'a'", 3);
    now = 25;
    say("%R", get("'a'"));
    set("'a'", 4);
    now = 34;
    say("%R", get("'a'"));
    set("'a'", 5);
    now = 43;
    say("%R", get("'a'"));
    now = 44;
    ouro_ref a = get("'a'");
    say("%R %R", a, get("'b'"));
}

/* What is under some keys, in a list. */
static ouro_ref got(const int *keys, size_t count)
{
    ouro_ref list = ouro_list_new();
    for (size_t i = 0; i < count; i++) {
        ouro_ref value = ouro_cache_get(cache, ouro_int_new(keys[i]));
        (void)ouro_list_append(list, value ? value : OURO_NONE);
        ouro_xdecref(value);
    }
    return list;
}
static ouro_ref got_range(int first, int end)
{
    int keys[16];
    for (int i = first; i < end; i++) keys[i - first] = i;
    return got(keys, (size_t)(end - first));
}
static void set_int(int key, int value)
{
    (void)ouro_cache_set(cache, ouro_int_new(key), ouro_int_new(value));
}

static void entries_expire_and_make_room(void)
{
    static const uint32_t times[] = {99, 100, 101, 149, 150};
    static const int some[] = {1, 2, 3, 9};
    now = 0;
    cache = ouro_cache_new(3, 100, clock_now);
    for (int key = 0; key < 4; key++) set_int(key, key * 10);
    say("%R", got_range(0, 4));
    ouro_xdecref(ouro_cache_get(cache, ouro_int_new(1)));
    now = 50;
    set_int(9, 90);
    say("%R", got_range(0, 10));
    set_int(2, 21);
    for (size_t i = 0; i < T_COUNT(times); i++) {
        now = times[i];
        say("%d %R", (int)now, got(some, T_COUNT(some)));
    }
    for (now = 151; now < 156; now++) {
        set_int((int)now, (int)now);
        say("%R", got_range(150, (int)now + 1));
    }
}

static void the_end_is_in_the_order_of_use(void)
{
    static const int rows[][2] = {{8, 8}, {20, 13}, {20, 50}};
    for (unsigned i = 0; i < 2 * T_COUNT(rows); i++) {
        int maxsize = rows[i / 2][0], keys = rows[i / 2][1];
        bool is_cleared = i % 2 == 0;
        begin_said((uint32_t)maxsize);
        for (int x = 0; x < keys; x++) ask(x);
        for (int k = 0; k < 40; k++) ask(k * k % keys);
        say("end %d %t", maxsize, is_cleared);
        if (is_cleared) {
            ouro_cache_clear(cache);
            ask(1);
        }
        ouro_decref(cache);
        settle();
    }
}

static const struct section sections[] = {
    SECTION(hits_and_misses),
    SECTION(the_oldest_makes_room),
    SECTION(equal_keys_share_an_entry),
    SECTION(caches_of_size_one_and_none),
    SECTION(many_entries),
    SECTION(what_makes_room_is_dropped),
    SECTION(the_end_is_in_the_order_of_use),
    SECTION(entries_expire),
    SECTION(entries_expire_and_make_room),
};
PARITY_MAIN(sections)
