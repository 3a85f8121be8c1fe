/* SPDX-License-Identifier: MIT
 * power.c - powers, divmod, numbers out of texts.  (What they give is compared with CPython's by
 * tests/parity/conversions.c.)  Here: laws that hold for all small numbers, what is refused, cost.
 */
#include <string.h>

#include "ouro/port.h"
#include "unit_types.h"

static int64_t value_of(ouro_ref stolen)
{
    int64_t value = INT64_MIN;
    if (T_CHECK(stolen != NULL)) T_EQ(ouro_int_get(stolen, &value), 0);
    ouro_xdecref(stolen);
    return value;
}
static double real_of(ouro_ref stolen)
{
    double value = 0;
    if (T_CHECK(stolen != NULL)) T_EQ(ouro_float_get(stolen, &value), 0);
    ouro_xdecref(stolen);
    return value;
}

/* As it is defined. */
static int64_t slow_power(int64_t base, int exponent, int64_t modulus)
{
    int64_t power = 1;
    for (; exponent > 0; exponent--) {
        power *= base;
        if (modulus) power %= modulus;
    }
    if (modulus) power = (power % modulus + modulus) % modulus;
    return power;
}

static void powers_of_small_ints(void)
{
    for (int base = -9; base <= 9; base++)
        for (int exponent = 0; exponent <= 12; exponent++) {
            T_EQ(value_of(ouro_pow(number(base), number(exponent), NULL)),
                 slow_power(base, exponent, 0));
            for (int modulus = -13; modulus <= 13; modulus++) {
                if (modulus == 0) continue;
                ouro_ref power = ouro_pow(number(base), number(exponent), number(modulus));
                T_EQ(value_of(power), slow_power(base, exponent, modulus));
            }
        }
    T_EQ(objects(), 0);
}

static void inverses_are_inverse(void)
{
    for (int modulus = 1; modulus <= 60; modulus++)
        for (int base = -60; base <= 60; base++) {
            ouro_ref inverse = ouro_pow(number(base), number(-1), number(modulus));
            if (!inverse) {
                fails(OURO_VALUE_ERROR, "base is not invertible for the given modulus");
                continue;
            }
            int64_t i = value_of(inverse);
            T_CHECK(i >= 0 && i < modulus);
            T_EQ(((i * base - 1) % modulus + modulus) % modulus, 0);
        }
}

/* What a float holds exactly comes out exactly. */
static void powers_of_floats_that_are_whole(void)
{
    for (int base = 1; base <= 40; base++) {
        int64_t wanted = 1;
        for (int exponent = 0; wanted < (int64_t)1 << 53; exponent++, wanted *= base) {
            ouro_ref x = ouro_float_new(base), y = ouro_float_new(exponent);
            T_CHECK(real_of(ouro_pow(x, y, NULL)) == (double)wanted);
            ouro_decref(x);
            ouro_decref(y);
            if (base == 1 && exponent == 5) break;
        }
        ouro_ref square = ouro_float_new((double)base * base), half = ouro_float_new(0.5);
        T_CHECK(real_of(ouro_pow(square, half, NULL)) == base);
        ouro_decref(square);
        ouro_decref(half);
    }
    T_EQ(objects(), 0);
}

static void what_exceeds_64_bits_is_refused(void)
{
    ouro_ref least = ouro_int_new(INT64_MIN);
    T_CHECK(!ouro_pow(number(2), number(63), NULL));
    fails(OURO_OVERFLOW_ERROR, "an int has 64 bits at most");
    T_CHECK(!ouro_pow(number(10), least, least) && !ouro_negative(least) && !ouro_absolute(least));
    fails(OURO_OVERFLOW_ERROR, "an int has 64 bits at most");
    T_CHECK(!ouro_divmod(least, number(-1)));
    fails(OURO_OVERFLOW_ERROR, "an int has 64 bits at most");
    static const char *const texts[] = {"9223372036854775808", "-9223372036854775809",
                                        "18446744073709551616",
                                        "99999999999999999999999999999999999999"};
    for (unsigned i = 0; i < T_COUNT(texts); i++) {
        ouro_ref text = ouro_str_from(texts[i]);
        T_CHECK(!ouro_int_from_str(text, 10));
        fails(OURO_OVERFLOW_ERROR, "an int has 64 bits at most");
        ouro_decref(text);
    }
    ouro_ref large = ouro_float_new(1e19), below = ouro_float_new(-8.0), half = ouro_float_new(0.5);
    T_CHECK(!ouro_int_from(large));
    fails(OURO_OVERFLOW_ERROR, "an int has 64 bits at most");
    T_CHECK(!ouro_pow(below, half, NULL));
    fails(OURO_VALUE_ERROR, "negative number cannot be raised to a fractional power");
}

/* Every int is read back from its digits in every base. */
static void ints_are_read_back(void)
{
    static const int64_t values[] = {0, 1, 35, 36, INT64_MAX, INT64_MIN, -1, 1 << 30, 0x123456789};
    for (unsigned i = 0; i < T_COUNT(values); i++)
        for (unsigned base = 2; base <= 36; base++) {
            char text[70], *at = text + sizeof text;
            uint64_t rest = values[i] < 0 ? 0 - (uint64_t)values[i] : (uint64_t)values[i];
            do *--at = "0123456789abcdefghijklmnopqrstuvwxyz"[rest % base];
            while ((rest /= base) > 0);
            if (values[i] < 0) *--at = '-';
            ouro_ref digits = ouro_bytes_new(at, (size_t)(text + sizeof text - at));
            T_EQ(value_of(ouro_int_from_str(digits, (int)base)), values[i]);
            ouro_decref(digits);
        }
    T_EQ(objects(), 0);
}

static void a_power_of_floats_is_bounded(void)
{
    enum { POWER_MOST = 95000 };
    static const double pairs[][2] = {{1.1, 7.3}, {1e300, 1e-3}, {5e-324, 0.9}, {0.9999999, 1e7}};
    for (unsigned i = 0; i < T_COUNT(pairs); i++) {
        ouro_ref x = ouro_float_new(pairs[i][0]), y = ouro_float_new(pairs[i][1]);
        uint64_t begun = ouro_port_instructions();
        ouro_ref power = ouro_pow(x, y, NULL);
        uint64_t spent = ouro_port_instructions() - begun;
        t_note("instructions", (int64_t)spent);
        if (OURO_CHECK == 1) T_CHECK(spent < POWER_MOST);
        ouro_decref(power);
        ouro_decref(x);
        ouro_decref(y);
    }
}

static const struct t_test tests[] = {
    T_TEST(powers_of_small_ints),
    T_TEST(inverses_are_inverse),
    T_TEST(powers_of_floats_that_are_whole),
    T_TEST(what_exceeds_64_bits_is_refused),
    T_TEST(ints_are_read_back),
    T_TEST(a_power_of_floats_is_bounded),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
