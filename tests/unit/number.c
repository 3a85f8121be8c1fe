/* SPDX-License-Identifier: MIT
 * number.c - int and float objects: immediates, boxes, conversions.  (Text is tested in fmt.c.) */
#include <string.h>

#include "object.h"
#include "ouro.h"
#include "t.h"

static void fails(const char *message)
{
    const char *got = NULL;
    T_EQ(ouro_error_get(&got), OURO_TYPE_ERROR);
    T_TEXT(got, message);
    ouro_error_clear();
}

static void ints_come_back(void)
{
    static const int64_t values[] = {
        0,
        1,
        -1,
        1 << 30,
        (1 << 30) - 1,
        -(1 << 30),
        -(1 << 30) - 1,
        INT32_MAX,
        INT32_MIN,
        UINT32_MAX,
        INT64_MAX,
        INT64_MIN,
        (int64_t)1 << 53,
    };
    for (unsigned i = 0; i < T_COUNT(values); i++) {
        ouro_ref ref = ouro_int_new(values[i]);
        bool fits = values[i] >= -(1 << 30) && values[i] < 1 << 30;
        int64_t value = 7;
        T_EQ(ouro_int_get(ref, &value), 0);
        T_EQ(value, values[i]);
        T_EQ(ouro_is_immediate(ref), fits);
        T_EQ(ouro_diag_sizeof(ref), fits ? 0 : 16);
        T_EQ(ouro_type_index(ref), OURO_TYPE_INT);
        T_CHECK(!ouro_gc_is_tracked(ref));
        ouro_decref(ref);
    }
    struct ouro_mem_stats stats;
    ouro_diag_mem(&stats);
    T_EQ(stats.objects, 0);
}

static void bools_are_ints(void)
{
    int64_t value = 7;
    T_CHECK(ouro_int_get(OURO_TRUE, &value) == 0 && value == 1);
    T_CHECK(ouro_int_get(OURO_FALSE, &value) == 0 && value == 0);
    T_CHECK(ouro_bool(true) == OURO_TRUE && ouro_bool(false) == OURO_FALSE);
    T_TEXT(ouro_type_of(OURO_TRUE)->name, "bool");
    T_TEXT(ouro_type_of(OURO_NONE)->name, "NoneType");
}

static void what_is_no_number(void)
{
    int64_t value;
    double real;
    ouro_ref list = ouro_list_new(), half = ouro_float_new(0.5);
    T_EQ(ouro_int_get(list, &value), -1);
    fails("an integer is required");
    T_EQ(ouro_int_get(half, &value), -1);
    fails("an integer is required");
    T_EQ(ouro_int_get(OURO_NONE, &value), -1);
    fails("an integer is required");
    T_EQ(ouro_float_get(list, &real), -1);
    fails("must be real number");
    T_EQ(ouro_float_get(OURO_NONE, &real), -1);
    fails("must be real number");
    ouro_decref(list);
    ouro_decref(half);
}

static void floats_come_back_bit_for_bit(void)
{
    static const uint64_t bits[] = {
        0,
        0x8000000000000000u,
        0x3ff0000000000000u,
        0x0000000000000001u,
        0x7ff0000000000000u,
        0xfff0000000000000u,
        0x7ff8000000000000u,
        0x7fefffffffffffffu,
    };
    for (unsigned i = 0; i < T_COUNT(bits); i++) {
        double value, back;
        memcpy(&value, &bits[i], sizeof value);
        ouro_ref ref = ouro_float_new(value);
        T_EQ(ouro_float_get(ref, &back), 0);
        T_CHECK(memcmp(&value, &back, sizeof value) == 0);
        T_EQ(ouro_diag_sizeof(ref), 16);
        ouro_decref(ref);
    }
}

static void ints_convert_to_floats(void)
{
    double real;
    T_CHECK(ouro_float_get(ouro_int_new(-3), &real) == 0 && real == -3.0);
    T_CHECK(ouro_float_get(OURO_TRUE, &real) == 0 && real == 1.0);
    ouro_ref wide = ouro_int_new(((int64_t)1 << 53) + 1);
    T_CHECK(ouro_float_get(wide, &real) == 0 && real == 9007199254740992.0);
    ouro_decref(wide);
}

static void numbers_out_of_memory(void)
{
    t_restart(8 * 1024);
    ouro_ref list = ouro_list_new();
    while (ouro_list_append(list, OURO_NONE) == 0) {}
    ouro_error_clear();
    ouro_ref ref, kept[80];
    unsigned n = 0;
    while (n < T_COUNT(kept) && (ref = ouro_float_new(0.5)) != NULL) kept[n++] = ref;
    T_CHECK(n < T_COUNT(kept));
    T_EQ(ouro_error_get(NULL), OURO_MEMORY_ERROR);
    T_CHECK(ouro_int_new(INT64_MAX) == NULL);
    T_CHECK(ouro_int_new(5) != NULL); /* needs no memory */
    while (n > 0) ouro_decref(kept[--n]);
    ouro_decref(list);
    while (ouro_gc_step(1000) > 0) {}
}

static const struct t_test tests[] = {
    T_SMALL(ints_come_back),         T_SMALL(bools_are_ints),
    T_SMALL(what_is_no_number),      T_SMALL(floats_come_back_bit_for_bit),
    T_SMALL(ints_convert_to_floats), T_SMALL(numbers_out_of_memory),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
