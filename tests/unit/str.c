/* SPDX-License-Identifier: MIT
 * str.c - the str type and hash(): UTF-8 in and out, sizes, SipHash's known answers. */
#include <string.h>

#include "hash.h"
#include "object.h"
#include "ouro.h"
#include "quarantine.h"
#include "t.h"
#include "unit_types.h"

static bool is_valid(const char *bytes, size_t n)
{
    ouro_ref ref = ouro_str_new(bytes, n);
    if (!ref) {
        fails(OURO_VALUE_ERROR, "not valid UTF-8");
        return false;
    }
    size_t length;
    const char *back = ouro_str_bytes(ref, &length);
    T_CHECK(length == n && memcmp(back, bytes, n) == 0 && back[n] == '\0');
    ouro_decref(ref);
    return true;
}

static void bytes_come_back(void)
{
    ouro_ref ref = ouro_str_from("hello");
    size_t n;
    T_TEXT(ouro_str_bytes(ref, &n), "hello");
    T_EQ(n, 5);
    T_TEXT(ouro_str_bytes(ref, NULL), "hello");
    T_TEXT(ouro_type_of(ref)->name, "str");
    T_CHECK(!ouro_gc_is_tracked(ref));
    ouro_decref(ref);
    T_CHECK(is_valid("", 0) && is_valid("a\0b\0", 4));
    T_CHECK(ouro_str_bytes(OURO_NONE, &n) == NULL);
    fails(OURO_TYPE_ERROR, "a str was expected");
    T_CHECK(ouro_str_bytes(ouro_int_new(1), &n) == NULL);
    fails(OURO_TYPE_ERROR, "a str was expected");
}

static void utf8_is_checked(void)
{
    T_CHECK(is_valid("\x7f\xc2\x80\xdf\xbf", 5));
    T_CHECK(is_valid("\xe0\xa0\x80\xef\xbf\xbf", 6));
    T_CHECK(is_valid("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 8));
    T_CHECK(is_valid("\xed\xa0\x80", 3)); /* a surrogate, as Python's json makes them */
    static const char *const bad[] = {
        "\x80",
        "\xbf",
        "\xc0\x80",
        "\xc1\xbf",
        "\xc2",
        "\xc2\x41",
        "\xe0\x9f\xbf",
        "\xe1\x80",
        "\xe1\x80\xc0",
        "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80",
        "\xff",
        "\xf1\x80\x80",
        "\xe1",
        "ok\xfe",
    };
    for (unsigned i = 0; i < T_COUNT(bad); i++)
        if (!T_CHECK(!is_valid(bad[i], strlen(bad[i])))) t_note("sequence", i);
}

/* From within a cell to far beyond one; the bytes next door stay as they are. */
static void every_length(void)
{
    static char bytes[3000];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (char)('a' + i % 26);
    for (size_t n = 0; n < sizeof bytes; n += n < 600 ? 1 : 97) {
        ouro_ref before = ouro_str_new(bytes, n), ref = ouro_str_new(bytes + 1, n);
        ouro_ref after = ouro_str_new(bytes, n);
        size_t length;
        const char *got = ouro_str_bytes(ref, &length);
        bool is_good = T_EQ(length, n) && T_CHECK(memcmp(got, bytes + 1, n) == 0);
        is_good = T_CHECK(got[n] == '\0') && T_EQ(ouro_equal(before, after), 1) && is_good;
        is_good = T_EQ(ouro_equal(before, ref), n == 0) && is_good;
        is_good = T_CHECK(ouro_diag_sizeof(ref) >= sizeof(struct ouro_obj) + 5 + n + 1) && is_good;
        ouro_decref(before);
        ouro_decref(ref);
        ouro_decref(after);
        if (!is_good || !T_CHECK(ouro_diag_verify() == NULL)) break;
    }
    struct ouro_mem_stats stats;
    quarantine_flush();
    ouro_diag_mem(&stats);
    T_EQ(stats.objects, 0);
    T_EQ(stats.used_bytes, 0);
    T_EQ(stats.pages_large, 0);
}

static void a_buffer_to_fill_in(void)
{
    char *buffer = NULL;
    ouro_ref ref = ouro_str_alloc(1000, &buffer);
    if (!T_CHECK(ref != NULL && buffer != NULL)) return;
    memset(buffer, 'x', 1000);
    size_t n;
    T_CHECK(ouro_str_bytes(ref, &n) == buffer && n == 1000 && buffer[1000] == '\0');
    ouro_decref(ref);
}

/* A long str keeps how many code points it has, however it was made, and takes no other way. */
static void code_points_of_long_strings(void)
{
    enum { POINTS = 300 };
    static const struct {
        const char *point;
        size_t bytes;
    } kinds[] = {{"a", 1}, {"\xc3\xa9", 2}, {"\xf0\x9f\x90\x8d", 4}};
    for (unsigned k = 0; k < T_COUNT(kinds); k++) {
        char text[4 * POINTS], *buffer;
        size_t n = kinds[k].bytes, bytes = n * POINTS;
        for (size_t i = 0; i < bytes; i++) text[i] = kinds[k].point[i % n];
        ouro_ref half = ouro_str_new(text, bytes / 2), filled = ouro_str_alloc(bytes, &buffer);
        memcpy(buffer, text, bytes);
        ouro_ref all = ouro_str_new(text, bytes), sum = ouro_str_concat(half, half);
        ouro_ref three = ouro_int_new(3), slice = ouro_slice_new(three, OURO_NONE, OURO_NONE);
        ouro_ref strs[] = {sum, filled, all};
        for (unsigned i = 0; i < T_COUNT(strs); i++) {
            for (unsigned again = 0; again < 2; again++) T_EQ(ouro_len(strs[i]), POINTS);
            T_EQ(ouro_equal(strs[i], all), 1);
            ouro_ref point = ouro_item_get(strs[i], ouro_int_new(-1)), part;
            T_EQ(ouro_len(point), 1);
            T_CHECK(memcmp(ouro_str_bytes(point, &bytes), kinds[k].point, n) == 0 && bytes == n);
            part = ouro_slice_of(strs[i], slice);
            T_EQ(ouro_len(part), POINTS - 3);
            (void)ouro_str_bytes(part, &bytes);
            T_EQ(bytes, n * (POINTS - 3));
            ouro_decref(part);
            ouro_decref(point);
            ouro_decref(strs[i]);
        }
        ouro_decref(slice);
        ouro_decref(half);
    }
}

/* Where the length outgrows its byte: the same text, hash and order, whatever the layout. */
static void lengths_around_a_byte(void)
{
    static const char zeros[300];
    for (size_t n = 250; n < 262; n++) {
        char *buffer, *other;
        ouro_ref a = ouro_str_alloc(n, &buffer), b = ouro_str_alloc(n + 1, &other);
        memset(buffer, 'x', n);
        memset(other, 'x', n + 1);
        uint32_t hash, same;
        T_EQ(ouro_hash(a, &hash), 0);
        T_EQ(hash_bytes(buffer, n), hash);
        T_EQ(ouro_len(a), n);
        T_EQ(ouro_compare(a, b, OURO_LT), 1);
        T_EQ(ouro_equal(a, b), 0);
        ouro_ref equal = ouro_str_new(buffer, n), interned = ouro_str_intern(equal);
        T_EQ(ouro_equal(a, equal), 1);
        T_EQ(ouro_hash(equal, &same), 0);
        T_EQ(same, hash);
        T_CHECK(ouro_intern(buffer, n) == interned);
        ouro_decref(interned);
        ouro_decref(interned);
        ouro_decref(equal);
        ouro_decref(a);
        ouro_decref(b);
        T_CHECK(is_valid(zeros, n));
    }
}

static void ten_bytes_take_24(void)
{
    ouro_ref ten = ouro_str_new("0123456789", 10);
    T_EQ(ouro_diag_sizeof(ten), 24);
    ouro_decref(ten);
}

/* Memory of a former object behind the text of a large one: the zero byte is still there. */
static void large_strings_end_in_a_zero(void)
{
    for (size_t n = 490; n < 530; n++) {
        void *dirt = ouro_mem_alloc(1000);
        memset(dirt, 0xff, 1000);
        ouro_mem_free(dirt);
        char *buffer;
        ouro_ref ref = ouro_str_alloc(n, &buffer);
        memset(buffer, 'y', n);
        T_EQ(buffer[n], 0);
        ouro_decref(ref);
    }
}

static void too_large(void)
{
    t_restart(16 * 1024);
    char *buffer;
    T_CHECK(ouro_str_alloc(SIZE_MAX, &buffer) == NULL);
    fails(OURO_MEMORY_ERROR, "out of memory");
    T_CHECK(ouro_str_alloc(SIZE_MAX - 16, &buffer) == NULL);
    fails(OURO_MEMORY_ERROR, "out of memory");
    T_CHECK(ouro_str_alloc(UINT32_MAX / 2, &buffer) == NULL);
    fails(OURO_MEMORY_ERROR, "out of memory");
    T_CHECK(ouro_str_alloc(16 * 1024, &buffer) == NULL);
    fails(OURO_MEMORY_ERROR, "out of memory");
    ouro_ref ref = ouro_str_alloc(8 * 1024, &buffer);
    T_CHECK(ref != NULL);
    ouro_xdecref(ref);
}

/* ---- hash ---- */

/* From an implementation in Python, checked against the test vector of the SipHash paper (which is
 * for 2-4 rounds) and then run with 1-3; low and high half are folded together. */
static void hashes_are_siphash(void)
{
    static const uint8_t bytes[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    static const struct {
        size_t bytes;
        uint32_t folded;
    } known[] = {
        {0, 0xaea3c584u}, {1, 0xb4a35160u},  {7, 0x48236cd8u},
        {8, 0xbbb90f9fu}, {15, 0xf971413bu}, {16, 0xb1df567cu},
    };
    for (unsigned i = 0; i < 4; i++) /* the key 00 01 .. 0f */
        ouro_heap->hash_seed[i] = 0x03020100u + 0x04040404u * i;
    for (unsigned i = 0; i < T_COUNT(known); i++)
        T_EQ(hash_bytes(bytes, known[i].bytes), known[i].folded);
}

static uint32_t hash_of(ouro_ref ref)
{
    uint32_t hash = 0;
    T_EQ(ouro_hash(ref, &hash), 0);
    ouro_decref(ref);
    return hash;
}

/* Hashes of some keys under the seed; none: the one that runs have by themselves. */
static void seeded_hashes(const uint32_t *seed, uint32_t hashes[5])
{
    t_restart(SIZE_MAX);
    if (seed) ouro_set_hash_seed(seed);
    hashes[0] = hash_of(ouro_str_from("key"));
    hashes[1] = hash_of(ouro_int_new(7));
    hashes[2] = hash_of(ouro_int_new(INT64_MAX));
    hashes[3] = hash_of(ouro_float_new(0.5));
    hashes[4] = hash_of(ouro_bytes_new("key", 3));
}

/* Each word of the seed matters, but for an immediate int's. */
static void hashes_are_seeded(void)
{
    uint32_t seed[4] = {1, 2, 3, 4}, first[5], again[5], fixed[5];
    seeded_hashes(seed, first);
    seeded_hashes(seed, again);
    for (unsigned i = 0; i < 5; i++) T_EQ(again[i], first[i]);
    for (unsigned word = 0; word < 4; word++) {
        seed[word] ^= 1u << 31;
        seeded_hashes(seed, again);
        for (unsigned i = 0; i < 5; i++) T_EQ(again[i] != first[i], i != 1 || word == 0);
        seed[word] ^= 1u << 31;
    }
    seeded_hashes(NULL, fixed);
    seeded_hashes(NULL, again);
    for (unsigned i = 0; i < 5; i++) T_CHECK(fixed[i] == again[i] && fixed[i] != first[i]);
}

static void equal_values_have_equal_hashes(void)
{
    T_EQ(hash_of(ouro_str_from("key")), hash_of(ouro_str_from("key")));
    T_CHECK(hash_of(ouro_str_from("key")) != hash_of(ouro_str_from("kez")));
    T_EQ(hash_of(ouro_int_new(1)), hash_of(OURO_TRUE));
    T_EQ(hash_of(ouro_int_new(0)), hash_of(ouro_float_new(-0.0)));
    T_EQ(hash_of(ouro_int_new(-7)), hash_of(ouro_float_new(-7.0)));
    T_EQ(hash_of(ouro_int_new((int64_t)1 << 31)), hash_of(ouro_float_new(2147483648.0)));
    T_EQ(hash_of(ouro_int_new((int64_t)1 << 60)), hash_of(ouro_float_new(1152921504606846976.0)));
    T_EQ(hash_of(ouro_int_new(INT64_MIN)), hash_of(ouro_float_new(-9223372036854775808.0)));
    T_CHECK(hash_of(ouro_float_new(0.5)) != hash_of(ouro_float_new(0.25)));
    uint32_t hash;
    ouro_ref list = ouro_list_new(), dict = ouro_dict_new();
    T_EQ(ouro_hash(list, &hash), -1);
    fails(OURO_TYPE_ERROR, "unhashable type: 'list'");
    T_EQ(ouro_hash(dict, &hash), -1);
    fails(OURO_TYPE_ERROR, "unhashable type: 'dict'");
    ouro_decref(list);
    ouro_decref(dict);
}

static const struct t_test tests[] = {
    T_SMALL(bytes_come_back),
    T_SMALL(utf8_is_checked),
    T_TEST(every_length),
    T_SMALL(a_buffer_to_fill_in),
    T_SMALL(large_strings_end_in_a_zero),
    T_SMALL(lengths_around_a_byte),
    T_TEST(code_points_of_long_strings),
    T_SMALL(ten_bytes_take_24),
    T_TEST(too_large),
    T_SMALL(hashes_are_siphash),
    T_SMALL(hashes_are_seeded),
    T_SMALL(equal_values_have_equal_hashes),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
