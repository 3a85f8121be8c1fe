/* SPDX-License-Identifier: MIT
 * 15-practice.c - generator against list; a cache with limits; measure before you optimize. */
#include "lesson.h"

enum { N = 1000, TTL = 10 };

/* ---- section 15, block 1, at 1/10,000 of its size ---- */

static ouro_ref get_squares_list(int64_t n)
{
    ouro_ref list = ouro_list_new();
    for (int64_t x = 0; x < n; x++) append(list, ouro_int_new(x * x));
    return list;
}

/* Its locals: n.  Its state: x. */
static ouro_ref squares_step(ouro_ref generator, ouro_ref *locals, uint16_t *state, ouro_ref sent)
{
    int64_t n = 0, x = *state;

    (void)generator;
    if (!sent || ouro_int_get(locals[0], &n) < 0 || x == n) return NULL;
    ++*state;
    return ouro_int_new(x * x);
}
static const struct ouro_generator_def squares_def = {
    .name = "get_squares_generator", .step = squares_step, .locals = 1};

static ouro_ref get_squares_generator(int64_t n)
{
    ouro_ref limit = ouro_int_new(n);
    return ouro_generator_new(&squares_def, 1, &limit);
}

/* sum(items), and the bytes in use at the most meanwhile. */
static int sum(ouro_ref (*make)(int64_t), unsigned *peak)
{
    int64_t total = 0, value = 0;
    unsigned before = used_bytes();

    ouro_diag_reset_peak();
    ouro_ref items = make(N), iterator = ouro_iter(items);
    for (ouro_ref x; (x = ouro_iter_next(iterator)) != NULL; ouro_decref(x)) {
        if (ouro_int_get(x, &value) == 0) total += value;
    }
    *peak = peak_bytes() - before;
    drop(iterator);
    drop(items);
    return (int)total;
}

static void generator_or_list(void)
{
    unsigned of_list, of_generator;

    tell("Who needs one value after the other needs no list of them (a thousand here, not\n"
         "ten million):");
    enter("def get_squares_list(n): return [x*x for x in range(n)]");
    enter("def get_squares_generator(n):\n"
          "    for x in range(n): yield x*x");
    int by_list = sum(get_squares_list, &of_list);
    int by_generator = sum(get_squares_generator, &of_generator);
    enter("print(sum(get_squares_list(1000)))");
    say("%d", by_list);
    enter("print(sum(get_squares_generator(1000)))");
    say("%d", by_generator);
    bar("list, at the peak", of_list, of_list);
    bar("generator, at the peak", of_generator, of_list);
    CHECK(by_list == by_generator);
    CHECK(of_list > 4 * N && of_generator < 200);
}

static void release_explicitly(void)
{
    unsigned before = used_bytes(), high;

    tell("A variable that is done with a large object says so:");
    enter("large = [0.5 * i for i in range(1000)]");
    ouro_ref large = ouro_list_new();
    for (int i = 0; i < N; i++) append(large, ouro_float_new(0.5 * i));
    high = used_bytes() - before;
    enter("print(large.pop())");
    say("%R", ouro_list_pop(large, -1));
    enter("large = None");
    drop(large);
    bar("before", high, high);
    bar("after", used_bytes() - before, high);
    CHECK(used_bytes() == before);
}

/* ---- caches ---- */

static ouro_ref cached_square(ouro_ref cache, int x)
{
    ouro_ref key = ouro_int_new(x), value = ouro_cache_get(cache, key);

    if (value) return value;
    value = ouro_int_new((int64_t)x * x);
    (void)ouro_cache_set(cache, key, value);
    return value;
}

static void limited_cache(void)
{
    static const int calls[] = {1, 2, 1, 3, 1, 2};
    struct ouro_cache_info info;
    ouro_ref cache = ouro_cache_new(2, 0, NULL), results = ouro_list_new();

    tell("A cache needs a limit: then what was not used for longest makes room,");
    enter("from functools import lru_cache");
    enter("@lru_cache(maxsize=2)\n"
          "def square(x): return x * x");
    enter("print([square(x) for x in (1, 2, 1, 3, 1, 2)])");
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        append(results, cached_square(cache, calls[i]));
    say("%r", results);
    ouro_cache_info(cache, &info);
    enter("print(square.cache_info())");
    say("CacheInfo(hits=%d, misses=%d, maxsize=%d, currsize=%d)", (int)info.hits, (int)info.misses,
        (int)info.maxsize, (int)info.currsize);
    CHECK(info.currsize == 2 && info.hits + info.misses == 6);
    drop(results);
    unsigned bytes = used_bytes();
    for (int i = 0; i < N; i++) drop(cached_square(cache, i));
    note("%d other keys later it has %u bytes more.", (int)N, used_bytes() - bytes);
    CHECK_MEMORY(used_bytes() - bytes < 100);
    drop(cache);
}

static uint32_t now;
static uint32_t clock(void) { return now; }

static void ask_cache(ouro_ref cache, ouro_ref key)
{
    ouro_ref value = ouro_cache_get(cache, key);

    enter("print(get('a'))");
    say("%s", value ? ouro_str_bytes(value, NULL) : "None");
    CHECK((value != NULL) == (now < TTL));
    ouro_xdecref(value);
}

static void cache_with_time_to_live(void)
{
    tell("or a time to live, after which an entry counts as gone:");
    enter("now, cache = 0, {}");
    enter("def get(key):\n"
          "    if key in cache and now - cache[key][0] >= 10: del cache[key]\n"
          "    return cache[key][1] if key in cache else None");
    enter("cache['a'] = (now, 'fresh')");
    now = 0;
    ouro_ref cache = ouro_cache_new(100, TTL, clock);
    ouro_ref key = ouro_str_from("a"), value = ouro_str_from("fresh");
    CHECK(ouro_cache_set(cache, key, value) == 0);
    ouro_decref(value);
    enter("now = 9");
    now = 9;
    ask_cache(cache, key);
    enter("now = 10");
    now = 10;
    ask_cache(cache, key);
    drop(key);
    drop(cache);
}

/* ---- measuring ---- */

/* n in items, as a list finds it: one item after the other. */
static bool list_has(ouro_ref items, ouro_ref n)
{
    for (size_t i = 0; i < ouro_list_len(items); i++) {
        if (ouro_equal(ouro_list_get(items, (ptrdiff_t)i), n) == 1) return true;
    }
    return false;
}

/* Instructions of one answer to `n in items`, which is True. */
static unsigned looking(bool (*has)(ouro_ref items, ouro_ref n), ouro_ref items, int n)
{
    ouro_ref number = ouro_int_new(n);
    unsigned start = instructions();
    bool is_there = has(items, number);
    unsigned took = instructions() - start;

    CHECK(is_there);
    return took;
}
static bool set_has(ouro_ref items, ouro_ref n) { return ouro_set_contains(items, n) == 1; }

static void measure_first(void)
{
    ouro_ref numbers = ouro_list_new();
    for (int i = 0; i < N; i++) append(numbers, ouro_int_new(i));
    ouro_ref members = ouro_set_from(numbers);

    tell("Measure before you optimize.  The same question to two data structures:");
    enter("numbers = list(range(1000))");
    enter("members = set(numbers)");
    unsigned in_list = looking(list_has, numbers, N - 1);
    unsigned in_set = looking(set_has, members, N - 1);
    ask("print(999 in numbers)", true);
    ask("print(999 in members)", true);
    bar("in a list", in_list, in_list);
    bar("in a set", in_set, in_list);
    note("instructions; and for that, bytes:");
    unsigned of_list = (unsigned)ouro_diag_sizeof(numbers);
    unsigned of_set = (unsigned)ouro_diag_sizeof(members);
    bar("a list", of_list, of_set);
    bar("a set", of_set, of_set);
    note("Where a program spends its instructions, function by function:\n"
         "    echo 'lesson 15' | make -s profile");
    CHECK(OURO_CHECK >= 2 || in_list > 20 * in_set);
    CHECK(of_set > of_list);
    drop(numbers);
    drop(members);
}

LESSON(15, "generators, caches, measuring")
{
    generator_or_list();
    release_explicitly();
    limited_cache();
    cache_with_time_to_live();
    measure_first();
}
