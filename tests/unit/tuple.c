/* SPDX-License-Identifier: MIT
 * tuple.c - tuples of every length: items, slices, hashes, keys, nesting, no memory. */
#include <string.h>

#include "object.h"
#include "ouro.h"
#include "t.h"
#include "unit_types.h"

struct text {
    char bytes[200];
    size_t length, total; /* stored; written */
};
static void collect(void *context, const char *bytes, size_t n)
{
    struct text *text = context;
    for (size_t i = 0; i < n; i++, text->total++)
        if (text->length < sizeof text->bytes - 1) text->bytes[text->length++] = bytes[i];
}
static struct text out;
static const char *repr(ouro_ref ref)
{
    memset(&out, 0, sizeof out);
    T_EQ(ouro_repr(ref, collect, &out), 0);
    return out.bytes;
}

static uint32_t hash(ouro_ref ref)
{
    uint32_t value = 0;
    T_EQ(ouro_hash(ref, &value), 0);
    return value;
}

/* The numbers first .. first + n - 1. */
static ouro_ref numbers(size_t n, int first)
{
    struct ouro_tuple_builder builder;
    ouro_tuple_begin(&builder);
    for (size_t i = 0; i < n; i++) T_EQ(ouro_tuple_add(&builder, ouro_int_new(first + (int)i)), 0);
    return ouro_tuple_end(&builder);
}

static bool holds_numbers(ouro_ref tuple, size_t n, int first)
{
    if (!T_EQ(ouro_tuple_len(tuple), n)) return false;
    for (size_t i = 0; i < n; i++) {
        ouro_ref wanted = ouro_int_new(first + (int)i);
        if (!T_CHECK(ouro_tuple_get(tuple, (ptrdiff_t)i) == wanted)) return false;
        if (!T_CHECK(ouro_tuple_get(tuple, (ptrdiff_t)(i - n)) == wanted)) return false;
    }
    return true;
}

static const size_t lengths[] = {0,  1,  2,  3,   5,   8,   9,   15,   16,   17,  18,
                                 31, 32, 33, 255, 256, 257, 258, 4096, 4097, 5000};

static void every_length(void)
{
    for (size_t i = 0; i < T_COUNT(lengths); i++) {
        size_t n = lengths[i];
        ouro_ref tuple = numbers(n, 7);
        (void)holds_numbers(tuple, n, 7);
        T_CHECK(ouro_is_tuple(tuple));
        T_TEXT(ouro_type_of(tuple)->name, "tuple");
        T_CHECK(ouro_tuple_get(tuple, (ptrdiff_t)n) == NULL);
        const char *message = "";
        T_EQ(ouro_error_get(&message), OURO_INDEX_ERROR);
        T_TEXT(message, "tuple index out of range");
        T_CHECK(ouro_tuple_get(tuple, -(ptrdiff_t)n - 1) == NULL);
        T_CHECK(ouro_diag_verify() == NULL);
        ouro_decref(tuple);
    }
    ouro_ref list = ouro_list_new();
    T_CHECK(!ouro_is_tuple(list) && !ouro_is_tuple(OURO_NONE) && !ouro_is_tuple(ouro_int_new(1)));
    ouro_decref(list);
    settle();
}

/* What a tuple costs: 8 bytes and 4 an item; one empty one for all, in flash. */
static void bytes(void)
{
    bool is_narrow = sizeof(ouro_ref) == 4; /* what cells are cut for */
    for (size_t n = 0; n <= 16 && is_narrow; n++) {
        ouro_ref tuple = numbers(n, 0);
        size_t exact = n ? 8 + n * sizeof(ouro_ref) : 0, spent = ouro_diag_sizeof(tuple);
        T_CHECK(spent >= exact && spent <= exact + exact / 4 + 7);
        ouro_decref(tuple);
    }
    ouro_ref pair = ouro_tuple_of(2, OURO_NONE, OURO_TRUE);
    T_EQ(ouro_diag_sizeof(pair), is_narrow ? 16 : 24);
    ouro_decref(pair);
    T_CHECK(numbers(0, 0) == OURO_EMPTY_TUPLE);
    T_CHECK(ouro_tuple_of(0) == OURO_EMPTY_TUPLE);
    T_EQ(ouro_diag_refcount(OURO_EMPTY_TUPLE), UINT32_MAX);
    ouro_ref large = numbers(4096, 0);
    t_note("bytes of a tuple of 4096", (int64_t)ouro_diag_sizeof(large));
    T_CHECK(!is_narrow || ouro_diag_sizeof(large) <= 4096 * (sizeof(ouro_ref) + 1));
    ouro_decref(large);
    settle();
}

static void items_are_held_and_dropped(void)
{
    for (size_t n = 1; n < 300; n = n * 2 + 1) {
        ouro_ref item = ouro_list_new(), items[300];
        for (size_t i = 0; i < n; i++) items[i] = item;
        ouro_ref tuple = ouro_tuple_new(n, items);
        T_EQ(ouro_diag_refcount(item), n + 1);
        ouro_decref(tuple);
        settle();
        T_EQ(ouro_diag_refcount(item), 1);
        ouro_decref(item);
    }
}

static void abandoned(void)
{
    for (size_t i = 0; i < T_COUNT(lengths); i++) {
        struct ouro_tuple_builder builder;
        ouro_ref item = ouro_list_new();
        ouro_tuple_begin(&builder);
        for (size_t k = 0; k < lengths[i]; k++) T_EQ(ouro_tuple_add(&builder, item), 0);
        ouro_tuple_abandon(&builder);
        settle();
        T_EQ(ouro_diag_refcount(item), 1);
        T_CHECK(ouro_tuple_end(&builder) == OURO_EMPTY_TUPLE); /* it may be used again */
        ouro_decref(item);
    }
    struct ouro_mem_stats stats;
    ouro_diag_mem(&stats);
    T_EQ(stats.objects, 0);
}

static void slices(void)
{
    static const ptrdiff_t ends[] = {-400, -40, -17, -1, 0, 1, 15, 16, 17, 39, 40, 41, 400};
    ouro_ref tuple = numbers(40, 0);
    for (size_t i = 0; i < T_COUNT(ends); i++)
        for (size_t k = 0; k < T_COUNT(ends); k++) {
            ptrdiff_t start = ends[i] < 0 ? ends[i] + 40 : ends[i];
            ptrdiff_t stop = ends[k] < 0 ? ends[k] + 40 : ends[k];
            start = start < 0 ? 0 : start > 40 ? 40 : start;
            stop = stop < start ? start : stop > 40 ? 40 : stop;
            ouro_ref part = ouro_tuple_slice(tuple, ends[i], ends[k]);
            (void)holds_numbers(part, (size_t)(stop - start), (int)start);
            T_EQ(part == tuple, start == 0 && stop == 40);
            T_EQ(part == OURO_EMPTY_TUPLE, start == stop);
            ouro_decref(part);
        }
    ouro_decref(tuple);
    settle();
}

static void concatenation(void)
{
    for (size_t n = 0; n < 40; n += 3)
        for (size_t m = 0; m < 40; m += 3) {
            ouro_ref a = numbers(n, 0), b = numbers(m, (int)n), both = ouro_tuple_concat(a, b);
            (void)holds_numbers(both, n + m, 0);
            T_EQ(both == a, m == 0);
            T_EQ(both == b, n == 0);
            ouro_decref(a);
            ouro_decref(b);
            ouro_decref(both);
        }
    const char *message = "";
    ouro_ref a = numbers(1, 0), list = ouro_list_new();
    T_CHECK(ouro_tuple_concat(a, list) == NULL);
    T_EQ(ouro_error_get(&message), OURO_TYPE_ERROR);
    T_TEXT(message, "can only concatenate tuple (not \"list\") to tuple");
    T_CHECK(ouro_tuple_concat(a, ouro_int_new(1)) == NULL);
    (void)ouro_error_get(&message);
    T_TEXT(message, "can only concatenate tuple (not \"int\") to tuple");
    ouro_decref(a);
    ouro_decref(list);
    settle();
}

static void texts(void)
{
    T_TEXT(repr(OURO_EMPTY_TUPLE), "()");
    ouro_ref one = ouro_tuple_of(1, ouro_int_new(1)), two = ouro_tuple_of(2, one, OURO_NONE);
    T_TEXT(repr(one), "(1,)");
    T_TEXT(repr(two), "((1,), None)");
    ouro_ref dict = ouro_dict_new();
    T_EQ(ouro_dict_set(dict, two, one), 0);
    T_EQ(ouro_dict_set(dict, OURO_EMPTY_TUPLE, two), 0);
    T_TEXT(repr(dict), "{((1,), None): (1,), (): ((1,), None)}");
    ouro_decref(dict);
    ouro_decref(two);
    ouro_decref(one);
    ouro_ref list = ouro_list_new(), around = ouro_tuple_of(1, list);
    T_EQ(ouro_list_append(list, around), 0);
    T_TEXT(repr(around), "([(...)],)");
    T_TEXT(repr(list), "[([...],)]");
    ouro_decref(list);
    ouro_decref(around);
    T_EQ(ouro_gc_collect(2), 2);
}

/* Equal tuples have equal hashes, whatever made them; others hardly ever. */
static void hashes(void)
{
    ouro_ref text = ouro_str_from("x"), other = ouro_str_from("x"), real = ouro_float_new(1.0);
    ouro_ref a = ouro_tuple_of(3, ouro_int_new(1), text, OURO_EMPTY_TUPLE);
    ouro_ref b = ouro_tuple_of(3, real, other, OURO_EMPTY_TUPLE);
    ouro_ref c = ouro_tuple_of(2, a, b), d = ouro_tuple_of(2, b, a);
    T_EQ(hash(a), hash(b));
    T_EQ(hash(c), hash(d));
    T_EQ(ouro_equal(c, d), 1);
    ouro_ref all[] = {text, other, real, a, b, c, d};
    for (size_t i = 0; i < T_COUNT(all); i++) ouro_decref(all[i]);

    enum { SIDE = 64 };
    static uint32_t seen[SIDE * SIDE];
    unsigned same = 0;
    for (unsigned i = 0; i < SIDE * SIDE; i++) {
        ouro_ref pair = ouro_tuple_of(2, ouro_int_new(i / SIDE), ouro_int_new(i % SIDE));
        seen[i] = hash(pair);
        ouro_decref(pair);
        for (unsigned k = 0; k < i; k++) same += seen[k] == seen[i];
    }
    T_CHECK(same <= 2); /* 2^24 / 2 pairs, 2^32 hashes */
    ouro_ref one = ouro_tuple_of(1, OURO_EMPTY_TUPLE);
    T_CHECK(hash(one) != hash(OURO_EMPTY_TUPLE));
    ouro_decref(one);
}

static void what_holds_a_list_has_no_hash(void)
{
    const char *message = "";
    uint32_t value = 0;
    ouro_ref list = ouro_list_new(), inner = ouro_tuple_of(1, list);
    ouro_ref outer = ouro_tuple_of(2, ouro_int_new(1), inner), dict = ouro_dict_new();
    T_EQ(ouro_hash(outer, &value), -1);
    T_EQ(ouro_error_get(&message), OURO_TYPE_ERROR);
    T_TEXT(message, "unhashable type: 'list'");
    ouro_error_clear();
    T_EQ(ouro_dict_set(dict, outer, OURO_NONE), -1);
    T_EQ(ouro_error_get(&message), OURO_TYPE_ERROR);
    T_EQ(ouro_dict_len(dict), 0);
    T_EQ(ouro_hash(dict, &value), -1);
    (void)ouro_error_get(&message);
    T_TEXT(message, "unhashable type: 'dict'");
    ouro_decref(dict);
    ouro_decref(outer);
    ouro_decref(inner);
    ouro_decref(list);
    settle();
}

static ouro_ref key(int i)
{
    char letters[3] = {(char)('a' + i % 26), (char)('a' + i / 26 % 26), 0};
    ouro_ref text = ouro_str_from(letters), inner = ouro_tuple_of(2, text, ouro_int_new(i % 7));
    ouro_ref outer = ouro_tuple_of(2, ouro_int_new(i), inner);
    ouro_decref(text);
    ouro_decref(inner);
    return outer;
}

static void keys_of_dicts(void)
{
    for (int n = 3; n < 2000; n *= 5) {
        ouro_ref dict = ouro_dict_new();
        for (int i = 0; i < n; i++) {
            ouro_ref made = key(i);
            T_EQ(ouro_dict_set(dict, made, ouro_int_new(i)), 0);
            ouro_decref(made);
        }
        T_EQ(ouro_dict_len(dict), n);
        for (int i = 0; i < n; i++) {
            ouro_ref made = key(i);
            T_CHECK(ouro_dict_get(dict, made) == ouro_int_new(i));
            if (i % 2) T_EQ(ouro_dict_del(dict, made), 0);
            T_CHECK((ouro_dict_get(dict, made) == NULL) == (i % 2));
            ouro_decref(made);
        }
        T_EQ(ouro_dict_len(dict), (n + 1) / 2);
        ouro_decref(dict);
        settle();
    }
}

static ouro_ref deep(unsigned levels, ouro_ref core)
{
    for (unsigned i = 0; i < levels; i++) {
        ouro_ref outer = ouro_tuple_of(1, core);
        if (!T_CHECK(outer)) return core;
        ouro_decref(core);
        core = outer;
    }
    return core;
}

/* 16 levels make a key; more are refused before anything is changed. */
static void deep_keys(void)
{
    ouro_ref dict = ouro_dict_new();
    for (unsigned levels = 1; levels <= 16; levels++) {
        ouro_ref a = deep(levels, ouro_int_new(1)), b = deep(levels, OURO_TRUE);
        T_EQ(ouro_dict_set(dict, a, OURO_NONE), 0);
        T_CHECK(ouro_dict_get(dict, b) == OURO_NONE);
        ouro_decref(a);
        ouro_decref(b);
    }
    ouro_ref a = deep(17, ouro_int_new(1));
    uint32_t value;
    T_EQ(ouro_dict_set(dict, a, OURO_NONE), -1);
    T_EQ(ouro_error_get(NULL), OURO_RUNTIME_ERROR);
    T_EQ(ouro_hash(a, &value), 0); /* but not hash() */
    T_EQ(ouro_dict_len(dict), 16);
    ouro_decref(a);
    ouro_decref(dict);
    settle();
}

/* The C stack stays flat. */
static void deep_nesting(void)
{
    enum { DEEP = 100000 };
    ouro_gc_disable();
    ouro_ref a = deep(DEEP, ouro_int_new(1)), b = deep(DEEP, OURO_TRUE);
    T_EQ(ouro_equal(a, b), 1);
    T_EQ(ouro_compare(a, b, OURO_LE), 1);
    T_EQ(ouro_compare(a, b, OURO_LT), 0);
    T_EQ(hash(a), hash(b));
    ouro_decref(b);
    settle();
    b = deep(DEEP, ouro_int_new(2));
    T_EQ(ouro_compare(a, b, OURO_LT), 1);
    T_EQ(ouro_compare(a, b, OURO_GE), 0);
    T_CHECK(hash(a) != hash(b));
    (void)repr(a);
    T_EQ(out.total, 3 * DEEP + 1);
    T_EQ(ouro_diag_deepsize(a), DEEP * (size_t)16);
    ouro_decref(a);
    ouro_decref(b);
    settle();
    struct ouro_mem_stats stats;
    ouro_diag_mem(&stats);
    T_EQ(stats.objects, 0);
    T_EQ(stats.pages_large, 0);
}

/* However little memory there is: the tuple as asked for, or nothing. */
static void out_of_memory(void)
{
    unsigned failures = 0;
    t_restart(16 * 1024);
    ouro_ref fill = ouro_list_new(), item = ouro_list_new();
    while (ouro_list_append(fill, OURO_NONE) == 0) {}
    ouro_error_clear();
    while (ouro_list_len(fill) > 0) {
        struct ouro_mem_stats before, after;
        struct ouro_tuple_builder builder;
        bool is_good = true;
        ouro_diag_mem(&before);
        ouro_tuple_begin(&builder);
        for (unsigned i = 0; i < 600 && is_good; i++) is_good = ouro_tuple_add(&builder, item) == 0;
        ouro_ref tuple = is_good ? ouro_tuple_end(&builder) : NULL;
        if (!is_good) ouro_tuple_abandon(&builder);
        if (tuple) {
            T_EQ(ouro_tuple_len(tuple), 600);
            T_EQ(ouro_diag_refcount(item), 601);
            ouro_decref(tuple);
            break;
        }
        T_EQ(ouro_error_get(NULL), OURO_MEMORY_ERROR);
        ouro_error_clear();
        settle();
        ouro_diag_mem(&after);
        T_EQ(after.objects, before.objects);
        T_EQ(after.used_bytes, before.used_bytes);
        T_EQ(ouro_diag_refcount(item), 1);
        failures++;
        for (unsigned i = 0; i < 5 && ouro_list_len(fill) > 0; i++)
            ouro_decref(ouro_list_pop(fill, -1));
    }
    T_CHECK(failures > 20);
    ouro_decref(fill);
    ouro_decref(item);
    settle();
}

static const struct t_test tests[] = {
    T_TEST(every_length),  T_TEST(bytes),     T_TEST(items_are_held_and_dropped),
    T_TEST(abandoned),     T_TEST(slices),    T_TEST(concatenation),
    T_TEST(texts),         T_TEST(hashes),    T_TEST(what_holds_a_list_has_no_hash),
    T_TEST(keys_of_dicts), T_TEST(deep_keys), T_TEST(deep_nesting),
    T_TEST(out_of_memory),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
