/* SPDX-License-Identifier: MIT
 * float_power.c - powers of floats: 2 to the power of y * log2(x), in integers.
 *
 * The logarithm is found bit by bit: squaring a number doubles it, and whenever the number then
 * exceeds 2, the bit is 1 and the number is halved.  With 127 bits behind the point, of which the
 * last one or two are wrong, that leaves 63 behind the point of the product, whatever y is.  The
 * power of what is before the point is the exponent of the result; that of the rest is a series of
 * 20 terms.  No table, 2 constants. */
#include "divide.h"
#include "ouro/number.h"
#include "types/number.h"

enum {
    MANTISSA_BITS = 52,
    EXPONENT_MOST = 0x7ff,
    EXPONENT_OF_LAST_BIT = 1075,
    LOG_WORDS = 4,
    TERMS = 20,
    LARGE = 11
};
static const uint64_t leading_bit = UINT64_C(1) << MANTISSA_BITS, infinity = UINT64_C(0x7ff) << 52;

static uint64_t bits_of(double x)
{
    uint64_t bits;
    __builtin_memcpy(&bits, &x, sizeof bits);
    return bits;
}
static ouro_ref made_of(uint64_t bits)
{
    double x;
    __builtin_memcpy(&x, &bits, sizeof x);
    return ouro_float_new(x);
}

/* |x| = mantissa * 2^exponent, not 0: the leading bit of the mantissa is bit 52. */
static uint64_t take_apart(uint64_t bits, int *exponent)
{
    uint64_t mantissa = bits & (leading_bit - 1);
    *exponent = (int)(bits >> MANTISSA_BITS & EXPONENT_MOST);
    if (*exponent)
        mantissa |= leading_bit;
    else
        *exponent = 1;
    for (; mantissa < leading_bit; mantissa <<= 1) --*exponent;
    *exponent -= EXPONENT_OF_LAST_BIT;
    return mantissa;
}

/* product = a * b, of n and m words, the lowest first. */
static void multiply(uint32_t *product, const uint32_t *a, unsigned n, const uint32_t *b,
                     unsigned m)
{
    memset(product, 0, (n + m) * sizeof *product);
    for (unsigned i = 0; i < n; i++) {
        uint32_t carry = 0;
        for (unsigned k = 0; k < m; k++) {
            uint64_t sum = (uint64_t)a[i] * b[k] + product[i + k] + carry;
            product[i + k] = (uint32_t)sum;
            carry = (uint32_t)(sum >> 32);
        }
        product[i + m] = carry;
    }
}

/* The upper half of a product. */
static uint64_t multiply_high(uint64_t a, uint64_t b)
{
    const uint32_t x[] = {(uint32_t)a, (uint32_t)(a >> 32)},
                   y[] = {(uint32_t)b, (uint32_t)(b >> 32)};
    uint32_t product[4];
    multiply(product, x, 2, y, 2);
    return (uint64_t)product[3] << 32 | product[2];
}

/* Square a number of 1 .. 2, which has one bit before the point; halve it if it then is 2 or more:
 * true. */
static bool square(uint32_t a[LOG_WORDS])
{
    uint32_t product[2 * LOG_WORDS];
    multiply(product, a, LOG_WORDS, a, LOG_WORDS);
    const uint32_t *high = product + LOG_WORDS;
    bool is_large = high[LOG_WORDS - 1] >> 31;
    for (int i = 0; i < LOG_WORDS; i++)
        a[i] = is_large ? high[i] : high[i] << 1 | high[i - 1] >> 31;
    return is_large;
}

/* |log2(x)| with 128 bits behind the point.  Returns whether it is negative. */
static bool logarithm(uint64_t bits, uint32_t log[LOG_WORDS + 1])
{
    int exponent;
    uint64_t mantissa = take_apart(bits, &exponent) << (63 - MANTISSA_BITS);
    uint32_t a[LOG_WORDS] = {0, 0, (uint32_t)mantissa, (uint32_t)(mantissa >> 32)};
    memset(log, 0, (LOG_WORDS + 1) * sizeof *log);
    exponent += MANTISSA_BITS;
    for (unsigned i = 32 * LOG_WORDS; i-- > 0;) log[i / 32] |= (uint32_t)square(a) << i % 32;
    log[LOG_WORDS] = (uint32_t)exponent;
    if (exponent >= 0) return false;
    uint64_t carry = 1; /* the complement */
    for (int i = 0; i <= LOG_WORDS; i++) {
        carry += (uint32_t)~log[i];
        log[i] = (uint32_t)carry;
        carry >>= 32;
    }
    return true;
}

/* Shift right. */
static void shift(uint32_t *words, unsigned n, unsigned by)
{
    unsigned far = by / 32, bits = by % 32;
    for (unsigned i = 0; i < n; i++) {
        uint64_t low = i + far < n ? words[i + far] : 0;
        uint64_t high = i + far + 1 < n ? words[i + far + 1] : 0;
        words[i] = (uint32_t)((high << 32 | low) >> bits);
    }
}

/* 2^(n + fraction / 2^64), as the bits of the nearest float. */
static uint64_t power_of_2(int n, uint64_t fraction)
{
    static const uint64_t one = UINT64_C(1) << 63, log_2 = UINT64_C(0xb17217f7d1cf79ac);
    uint64_t t = multiply_high(fraction, log_2), sum = one, rest;
    for (unsigned k = TERMS; k > 0; k--) sum = one + divide(multiply_high(t, sum), k, &rest);
    int least = 1 - EXPONENT_MOST / 2, exponent = n < least ? least : n;
    int dropped = 63 - MANTISSA_BITS + exponent - n; /* more of numbers near 0 */
    if (n > EXPONENT_MOST / 2) return infinity;
    if (dropped > 64) return 0;
    uint64_t mantissa = dropped < 64 ? sum >> dropped : 0;
    rest = sum << (64 - dropped);
    mantissa += rest > one || (rest == one && (mantissa & 1));
    return mantissa + ((uint64_t)(exponent - least) << MANTISSA_BITS);
}

/* |x|^y, of finite numbers, neither of them 0, and |x| not 1. */
static uint64_t power(uint64_t x, uint64_t y)
{
    uint32_t log[LOG_WORDS + 1], product[LOG_WORDS + 3];
    int exponent;
    uint64_t mantissa = take_apart(y, &exponent);
    const uint32_t factor[] = {(uint32_t)mantissa, (uint32_t)(mantissa >> 32)};
    bool is_negative = logarithm(x, log) != (y >> 63 != 0), is_large = exponent > LARGE;
    if (!is_large) {
        multiply(product, log, LOG_WORDS + 1, factor, 2);
        shift(product, LOG_WORDS + 3, (unsigned)(64 - exponent)); /* 64 behind the point remain */
        is_large = product[3] || product[4] || product[5] || product[6] || product[2] >> LARGE;
    }
    if (is_large) return is_negative ? 0 : infinity;
    int n = (int)product[2];
    uint64_t fraction = (uint64_t)product[1] << 32 | product[0];
    if (is_negative) {
        n = fraction ? -n - 1 : -n;
        fraction = 0 - fraction;
    }
    return power_of_2(n, fraction);
}

/* ---- what is not that simple ---- */

enum parity { EVEN, ODD, NOT_WHOLE };

static enum parity parity_of(uint64_t bits)
{
    int exponent;
    if (bits << 1 >= infinity << 1) return EVEN;
    uint64_t mantissa = take_apart(bits, &exponent);
    if (exponent > 0) return EVEN;
    if (exponent < -MANTISSA_BITS) return NOT_WHOLE;
    uint64_t unit = UINT64_C(1) << -exponent;
    return mantissa & (unit - 1) ? NOT_WHOLE : mantissa & unit ? ODD : EVEN;
}

ouro_ref float_power(double x, double y)
{
    const uint64_t one = (uint64_t)(EXPONENT_MOST / 2) << MANTISSA_BITS, sign = UINT64_C(1) << 63;
    uint64_t a = bits_of(x) & ~sign, b = bits_of(y) & ~sign, result;
    bool is_below = bits_of(x) >> 63, inverts = bits_of(y) >> 63;
    if (b == 0 || bits_of(x) == one) return made_of(one);
    if (a > infinity || b > infinity) return ouro_float_new(__builtin_nan(""));
    if (b == infinity) return made_of(a == one ? one : inverts == (a > one) ? 0 : infinity);
    enum parity parity = parity_of(b);
    if (a == 0 && inverts)
        return error_null(OURO_ZERO_DIVISION_ERROR, "0.0 cannot be raised to a negative power");
    if (a == 0 || a == infinity)
        result = (a == 0) == !inverts ? 0 : infinity;
    else if (is_below && parity == NOT_WHOLE)
        return error_null(OURO_VALUE_ERROR,
                          "negative number cannot be raised to a fractional power");
    else if (bits_of(y) == sign >> 1) /* 2 */
        result = bits_of(x * x);
    else
        result = a == one ? one : power(a, bits_of(y));
    if (result == infinity && a != infinity)
        return error_null(OURO_OVERFLOW_ERROR, "(34, 'Numerical result out of range')");
    return made_of(is_below && parity == ODD ? result | sign : result);
}
