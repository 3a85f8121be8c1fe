/* SPDX-License-Identifier: MIT
 * slice.c - slices of list, tuple and str, held against what Python 3.11 takes; and range. */
#include <string.h>

#include "object.h"
#include "ouro.h"
#include "t.h"
#include "unit_types.h"

struct text {
    char bytes[100];
    size_t length;
};
static void collect(void *context, const char *bytes, size_t n)
{
    struct text *text = context;
    for (size_t i = 0; i < n && text->length < sizeof text->bytes - 1; i++)
        text->bytes[text->length++] = bytes[i];
}
static struct text out;
/* The repr of an object that is dropped afterwards. */
static const char *repr_once(ouro_ref ref)
{
    memset(&out, 0, sizeof out);
    T_EQ(ouro_repr(ref, collect, &out), 0);
    ouro_decref(ref);
    return out.bytes;
}
static void expect_error(enum ouro_error_kind kind, const char *text)
{
    const char *message = "";
    T_EQ(ouro_error_get(&message), kind);
    T_TEXT(message ? message : "", text);
    ouro_error_clear();
}

/* ---- slices ---- */

static ouro_ref list_to(int n)
{
    ouro_ref list = ouro_list_new();
    for (int i = 0; i < n; i++) T_EQ(ouro_list_append(list, ouro_int_new(i)), 0);
    return list;
}
static ouro_ref tuple_to(int n)
{
    struct ouro_tuple_builder builder;
    ouro_tuple_begin(&builder);
    for (int i = 0; i < n; i++) T_EQ(ouro_tuple_add(&builder, ouro_int_new(i)), 0);
    return ouro_tuple_end(&builder);
}
/* Code points 0, 1, ... by number, of one byte and two in turn. */
static ouro_ref str_to(int n)
{
    char bytes[120];
    size_t at = 0;
    for (int i = 0; i < n; i++) {
        if (i % 2) bytes[at++] = (char)(0xc2 + i % 3);
        bytes[at++] = (char)(i % 2 ? 0x80 + i : i);
    }
    return ouro_str_new(bytes, at);
}

/* The number that stands for an item: what the functions above put there. */
static int number_of(ouro_ref item)
{
    if (ouro_is_immediate(item)) {
        int64_t value = 0;
        T_EQ(ouro_int_get(item, &value), 0);
        return (int)value;
    }
    size_t bytes;
    const char *text = ouro_str_bytes(item, &bytes);
    return (uint8_t)text[bytes - 1] & 0x3f;
}

static uint32_t mix(uint32_t digest, int byte) { return (digest ^ (uint8_t)byte) * 16777619u; }

static uint32_t mix_items(uint32_t digest, ouro_ref sequence)
{
    ouro_ref iterator = ouro_iter(sequence), item;
    while ((item = ouro_iter_next(iterator)) != NULL) {
        digest = mix(digest, number_of(item));
        ouro_decref(item);
    }
    ouro_decref(iterator);
    return mix(digest, 0xff);
}

enum { NOT_GIVEN = 12345 };
static ouro_ref field(int value) { return value == NOT_GIVEN ? OURO_NONE : ouro_int_new(value); }

/* FNV-1a over all slices of 0, 1, ... n - 1, start by start, stop by stop, step by step; behind
 * each a byte of 255. */
static uint32_t digest(ouro_ref sequence)
{
    static const int16_t ends[] = {NOT_GIVEN, -9, -8, -7, -6, -5, -4, -3, -2, -1,    0,
                                   1,         2,  3,  4,  5,  6,  7,  8,  9,  -1000, 1000};
    static const int16_t steps[] = {NOT_GIVEN, -9, -3, -2, -1, 1, 2, 3, 9};
    uint32_t result = 2166136261u;
    for (size_t a = 0; a < T_COUNT(ends); a++)
        for (size_t b = 0; b < T_COUNT(ends); b++)
            for (size_t c = 0; c < T_COUNT(steps); c++) {
                ouro_ref slice = ouro_slice_new(field(ends[a]), field(ends[b]), field(steps[c]));
                ouro_ref part = ouro_slice_of(sequence, slice);
                if (!T_CHECK(part)) return 0;
                T_CHECK(ouro_type_of(part)->name == ouro_type_of(sequence)->name ||
                        strcmp(ouro_type_of(part)->name, ouro_type_of(sequence)->name) == 0);
                result = mix_items(result, part);
                ouro_decref(part);
                ouro_decref(slice);
            }
    return result;
}

/* What Python makes of seq = list(range(n)):
 *   for a in ends: for b in ends: for c in steps: h = fnv1a(h, bytes(seq[a:b:c]) + b"\xff") */
static void as_python_does(void)
{
    static const struct {
        int n;
        uint32_t digest;
    } wanted[] = {{0, 0x6c825cb1}, {1, 0x649394bd}, {7, 0xb79c490d}, {40, 0xee65abad}};
    for (size_t i = 0; i < T_COUNT(wanted); i++) {
        ouro_ref all[] = {list_to(wanted[i].n), tuple_to(wanted[i].n), str_to(wanted[i].n)};
        for (size_t k = 0; k < T_COUNT(all); k++) {
            T_EQ(digest(all[k]), wanted[i].digest);
            ouro_decref(all[k]);
        }
        settle();
    }
}

static void copies_or_not(void)
{
    ouro_ref whole = ouro_slice_new(OURO_NONE, OURO_NONE, OURO_NONE);
    ouro_ref list = list_to(3), tuple = tuple_to(3), text = str_to(3);
    ouro_ref other = ouro_slice_of(list, whole);
    T_CHECK(other != list);
    ouro_decref(other);
    T_CHECK((other = ouro_slice_of(tuple, whole)) == tuple);
    ouro_decref(other);
    T_CHECK((other = ouro_slice_of(text, whole)) == text);
    ouro_decref(other);
    ouro_decref(list);
    ouro_decref(tuple);
    ouro_decref(text);
    ouro_decref(whole);
}

/* ---- assigning and deleting ---- */

enum { MOST = 100 };
static int model[2 * MOST], model_length;

static bool is_model(ouro_ref list)
{
    if (!T_EQ(ouro_list_len(list), model_length)) return false;
    for (int i = 0; i < model_length; i++)
        if (!T_CHECK(ouro_list_get(list, i) == ouro_int_new(model[i]))) return false;
    return true;
}

/* Put `with` numbers from 1000 on in the place of the model's items from `start` on. */
static void model_replace(int start, int old, int with)
{
    memmove(&model[start + with], &model[start + old],
            (size_t)(model_length - start - old) * sizeof model[0]);
    for (int i = 0; i < with; i++) model[start + i] = 1000 + i;
    model_length += with - old;
}

static ouro_ref numbers_from_1000(int n)
{
    ouro_ref list = ouro_list_new();
    for (int i = 0; i < n; i++) T_EQ(ouro_list_append(list, ouro_int_new(1000 + i)), 0);
    return list;
}

static void assigned_and_deleted_as_in_a_model(void)
{
    uint32_t rng = t_seed();
    for (int round = 0; round < 1500; round++) {
        rng = rng * 1664525u + 1013904223u;
        int n = (int)(rng >> 8 & 63), start = (int)(rng >> 14 & 63), stop = (int)(rng >> 20 & 63);
        int step = (int)(rng >> 26 & 7) - 3, with = (int)(rng >> 5 & 31);
        if (step == 0) step = 1;
        ouro_ref list = list_to(n), items = numbers_from_1000(with);
        ouro_ref slice =
            ouro_slice_new(ouro_int_new(start), ouro_int_new(stop), ouro_int_new(step));
        struct ouro_span span;
        T_EQ(ouro_slice_span(slice, (size_t)n, &span), 0);
        model_length = n;
        for (int i = 0; i < n; i++) model[i] = i;
        int at = (int)span.start, count = (int)span.count;
        if (round % 2) {
            T_EQ(ouro_list_del_slice(list, slice), 0);
            for (int i = 0; i < count; i++) /* the last ones first, if they ascend */
                model_replace(at + (step > 0 ? count - 1 - i : i) * step, 1, 0);
        } else if (step == 1) {
            T_EQ(ouro_list_set_slice(list, slice, items), 0);
            model_replace(at, count, with);
        } else if (with != count) {
            T_EQ(ouro_list_set_slice(list, slice, items), -1);
            T_EQ(ouro_error_get(NULL), OURO_VALUE_ERROR);
        } else {
            T_EQ(ouro_list_set_slice(list, slice, items), 0);
            for (int i = 0; i < count; i++) model[at + i * step] = 1000 + i;
        }
        if (!is_model(list)) t_note("round", round);
        ouro_decref(list);
        ouro_decref(items);
        ouro_decref(slice);
    }
}

static void a_list_in_its_own_slice(void)
{
    ouro_ref list = list_to(40), all = ouro_slice_new(OURO_NONE, OURO_NONE, OURO_NONE);
    ouro_ref front = ouro_slice_new(ouro_int_new(0), ouro_int_new(0), OURO_NONE);
    T_EQ(ouro_list_set_slice(list, front, list), 0);
    T_EQ(ouro_list_len(list), 80);
    for (int i = 0; i < 80; i++) T_CHECK(ouro_list_get(list, i) == ouro_int_new(i % 40));
    T_EQ(ouro_list_set_slice(list, front, ouro_int_new(5)), -1);
    expect_error(OURO_TYPE_ERROR, "can only assign an iterable");
    ouro_ref even = ouro_slice_new(OURO_NONE, OURO_NONE, ouro_int_new(2)), pair = list_to(2);
    T_EQ(ouro_list_set_slice(list, even, OURO_NONE), -1);
    expect_error(OURO_TYPE_ERROR, "must assign iterable to extended slice");
    T_EQ(ouro_list_set_slice(list, even, pair), -1);
    expect_error(OURO_VALUE_ERROR,
                 "attempt to assign sequence of size 2 to extended slice of size 40");
    T_EQ(ouro_list_del_slice(list, all), 0);
    T_EQ(ouro_list_len(list), 0);
    ouro_ref drop[] = {list, all, front, even, pair};
    for (unsigned i = 0; i < T_COUNT(drop); i++) ouro_decref(drop[i]);
}

static void no_memory_for_a_slice(void)
{
    t_restart(8 * 1024);
    ouro_ref list = list_to(300), all = ouro_slice_new(OURO_NONE, OURO_NONE, OURO_NONE);
    ouro_ref end = ouro_slice_new(ouro_int_new(300), OURO_NONE, OURO_NONE);
    while (ouro_list_set_slice(list, end, list) == 0) {}
    expect_error(OURO_MEMORY_ERROR, "out of memory");
    for (int i = 0; i < (int)ouro_list_len(list); i++)
        if (!T_CHECK(ouro_list_get(list, i) == ouro_int_new(i % 300))) break;
    ouro_decref(list);
    ouro_decref(all);
    ouro_decref(end);
    t_restart(SIZE_MAX);
}

static void slice_objects(void)
{
    ouro_ref a = ouro_slice_new(OURO_NONE, ouro_int_new(3), OURO_NONE);
    ouro_ref b = ouro_slice_new(OURO_NONE, ouro_int_new(3), OURO_NONE);
    ouro_ref c = ouro_slice_new(OURO_NONE, ouro_int_new(4), OURO_NONE);
    uint32_t hash;
    T_TEXT(repr_once(ouro_own(a)), "slice(None, 3, None)");
    T_EQ(ouro_equal(a, b), 1);
    T_EQ(ouro_equal(a, c), 0);
    T_EQ(ouro_compare(a, c, OURO_LT), 1);
    T_EQ(ouro_hash(a, &hash), -1);
    expect_error(OURO_TYPE_ERROR, "unhashable type: 'slice'");
    ouro_decref(b);
    ouro_decref(c);

    ouro_ref text = str_to(3);
    struct ouro_span span;
    b = ouro_slice_new(OURO_NONE, OURO_NONE, ouro_int_new(0));
    T_CHECK(ouro_slice_of(text, b) == NULL);
    expect_error(OURO_VALUE_ERROR, "slice step cannot be zero");
    ouro_decref(b);
    b = ouro_slice_new(text, OURO_NONE, OURO_NONE);
    T_CHECK(ouro_slice_of(text, b) == NULL);
    expect_error(OURO_TYPE_ERROR,
                 "slice indices must be integers or None or have an __index__ method");
    T_CHECK(ouro_slice_of(ouro_int_new(1), a) == NULL);
    expect_error(OURO_TYPE_ERROR, "'int' object is not subscriptable");
    ouro_decref(b);
    ouro_decref(text);
    ouro_ref huge = ouro_int_new(INT64_MAX), tiny = ouro_int_new(INT64_MIN);
    b = ouro_slice_new(huge, tiny, tiny);
    T_EQ(ouro_slice_span(b, 5, &span), 0);
    T_EQ(span.start, 4);
    T_EQ(span.count, 1);
    ouro_ref all[] = {a, b, huge, tiny};
    for (size_t i = 0; i < T_COUNT(all); i++) ouro_decref(all[i]);
}

static void out_of_memory(void)
{
    t_restart(16 * 1024);
    ouro_ref whole = ouro_slice_new(OURO_NONE, OURO_NONE, ouro_int_new(-1));
    ouro_ref all[] = {list_to(300), tuple_to(300)}, fill = ouro_list_new();
    while (ouro_list_append(fill, OURO_NONE) == 0) {}
    ouro_error_clear();
    for (size_t k = 0; k < T_COUNT(all); k++) {
        T_CHECK(ouro_slice_of(all[k], whole) == NULL);
        T_EQ(ouro_error_get(NULL), OURO_MEMORY_ERROR);
        settle();
        T_EQ(ouro_len(all[k]), 300);
        T_EQ(ouro_diag_refcount(all[k]), 1);
    }
    for (size_t k = 0; k < T_COUNT(all); k++) ouro_decref(all[k]);
    ouro_decref(fill);
    ouro_decref(whole);
    settle();
}

/* ---- range ---- */

static void range_texts(void)
{
    T_TEXT(repr_once(ouro_range_new(0, 10, 1)), "range(0, 10)");
    T_TEXT(repr_once(ouro_range_new(0, 10, 3)), "range(0, 10, 3)");
    T_TEXT(repr_once(ouro_range_new(3, 0, -1)), "range(3, 0, -1)");
    T_TEXT(repr_once(ouro_range_new(5, 5, 1)), "range(5, 5)");
    T_CHECK(ouro_range_new(0, 1, 0) == NULL);
    expect_error(OURO_VALUE_ERROR, "range() arg 3 must not be zero");
}

/* Against a loop that adds. */
static void range_numbers(void)
{
    for (int start = -5; start <= 5; start++)
        for (int stop = -5; stop <= 5; stop++)
            for (int step = -4; step <= 4; step++) {
                if (step == 0) continue;
                ouro_ref range = ouro_range_new(start, stop, step), iterator = ouro_iter(range);
                int64_t n = 0;
                bool is_in[32] = {false};
                for (int i = start; step > 0 ? i < stop : i > stop; i += step, n++) {
                    T_CHECK(ouro_range_get(range, n) == ouro_int_new(i));
                    T_CHECK(ouro_iter_next(iterator) == ouro_int_new(i));
                    is_in[i + 16] = true;
                }
                T_EQ(ouro_range_len(range), n);
                T_CHECK(ouro_iter_next(iterator) == NULL);
                T_CHECK(ouro_range_get(range, n) == NULL);
                expect_error(OURO_INDEX_ERROR, "range object index out of range");
                T_CHECK(ouro_range_get(range, -n - 1) == NULL);
                if (n) T_CHECK(ouro_range_get(range, -n) == ouro_int_new(start));
                for (int i = -16; i < 16; i++) T_EQ(ouro_range_contains(range, i), is_in[i + 16]);
                ouro_decref(iterator);
                ouro_decref(range);
            }
}

static void wide_ranges(void)
{
    ouro_ref range = ouro_range_new(INT64_MIN, INT64_MAX, 1);
    T_CHECK(ouro_range_len(range) == UINT64_MAX);
    T_EQ(ouro_len(range), -1);
    expect_error(OURO_OVERFLOW_ERROR, "Python int too large to convert to C ssize_t");
    int64_t value = 0;
    ouro_ref last = ouro_range_get(range, -1);
    T_EQ(ouro_int_get(last, &value), 0);
    T_EQ(value, INT64_MAX - 1);
    T_CHECK(ouro_range_contains(range, INT64_MIN) && !ouro_range_contains(range, INT64_MAX));
    ouro_decref(last);
    ouro_decref(range);
    range = ouro_range_new(INT64_MAX, INT64_MIN, INT64_MIN);
    T_EQ(ouro_range_len(range), 2);
    T_CHECK(ouro_range_get(range, 1) == ouro_int_new(-1));
    T_CHECK(ouro_range_contains(range, -1) && !ouro_range_contains(range, INT64_MIN));
    ouro_decref(range);
}

/* Ranges are equal when their numbers are. */
static void range_equality(void)
{
    static const int16_t fields[][3] = {{0, 10, 3}, {0, 12, 3}, {0, 11, 3}, {0, 0, 1},
                                        {2, 1, 3},  {5, 5, -1}, {1, 2, 1},  {1, 9, 100},
                                        {1, 0, -4}, {0, 13, 3}, {0, 2, 1}};
    static const char same[] = "aaabbbcccde";
    for (size_t i = 0; i < T_COUNT(fields); i++)
        for (size_t k = 0; k < T_COUNT(fields); k++) {
            ouro_ref a = ouro_range_new(fields[i][0], fields[i][1], fields[i][2]);
            ouro_ref b = ouro_range_new(fields[k][0], fields[k][1], fields[k][2]);
            uint32_t x = 0, y = 0;
            T_EQ(ouro_equal(a, b), same[i] == same[k]);
            T_EQ(ouro_hash(a, &x) | ouro_hash(b, &y), 0);
            T_EQ(x == y, same[i] == same[k]);
            ouro_decref(a);
            ouro_decref(b);
        }
    ouro_ref range = ouro_range_new(0, 1, 1);
    T_EQ(ouro_compare(range, range, OURO_LT), -1);
    expect_error(OURO_TYPE_ERROR, "'<' not supported between instances of 'range' and 'range'");
    ouro_decref(range);
}

static const struct t_test tests[] = {
    T_TEST(assigned_and_deleted_as_in_a_model),
    T_TEST(a_list_in_its_own_slice),
    T_TEST(no_memory_for_a_slice),
    T_TEST(as_python_does),
    T_TEST(copies_or_not),
    T_TEST(slice_objects),
    T_TEST(out_of_memory),
    T_TEST(range_texts),
    T_TEST(range_numbers),
    T_TEST(wide_ranges),
    T_TEST(range_equality),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
