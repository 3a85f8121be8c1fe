/* SPDX-License-Identifier: MIT
 * power.c - powers of ints, plain and modulo another one; on to float_power.c for floats.
 *
 * By squaring, one step a bit of the exponent.  Products modulo a number are added up bit by bit,
 * since they have twice as many bits as there are. */
#include "divide.h"
#include "ouro/number.h"
#include "types/number.h"

/* base^exponent, exponent >= 0.  New reference, or NULL: OverflowError, MemoryError. */
static ouro_ref plain_power(ouro_ref base, uint64_t exponent)
{
    ouro_ref square = ouro_own(base), power = ouro_int_new(1);
    for (; power && exponent; exponent >>= 1) {
        if (exponent & 1) ouro_put(&power, ouro_add_slow(power, OURO_MUL, square));
        if (power && exponent > 1) ouro_put(&square, ouro_add_slow(square, OURO_MUL, square));
        if (!square) ouro_put(&power, NULL);
    }
    ouro_xdecref(square);
    return power;
}

/* ---- modulo ---- */

/* a * b modulo m, all below 2^63, a below m. */
static uint64_t multiply_mod(uint64_t a, uint64_t b, uint64_t m)
{
    uint64_t product = 0;
    for (; b; b >>= 1) {
        if (b & 1) product += a;
        if (product >= m) product -= m;
        a <<= 1;
        if (a >= m) a -= m;
    }
    return product;
}

static uint64_t power_mod(uint64_t base, uint64_t exponent, uint64_t m)
{
    uint64_t power = m > 1;
    for (; exponent; exponent >>= 1) {
        if (exponent & 1) power = multiply_mod(power, base, m);
        base = multiply_mod(base, base, m);
    }
    return power;
}

/* What times `a` is 1 modulo m, by Euclid's algorithm.  False if nothing is. */
static bool invert_mod(uint64_t a, uint64_t m, uint64_t *inverse)
{
    uint64_t r = m, s = 0, t = 1; /* r = s * a and a = t * a', modulo m */
    while (a) {
        uint64_t rest, quotient = divide(r, a, &rest);
        uint64_t next = s + m - multiply_mod(t, quotient, m);
        s = t;
        t = next >= m ? next - m : next;
        r = a;
        a = rest;
    }
    *inverse = s;
    return r == 1;
}

static uint64_t magnitude(int64_t a) { return a < 0 ? 0 - (uint64_t)a : (uint64_t)a; }

/* i^j modulo k, which has the sign of k. */
static ouro_ref int_power_mod(int64_t i, int64_t j, int64_t k)
{
    uint64_t m = magnitude(k), base;
    if (k == 0) return error_null(OURO_VALUE_ERROR, "pow() 3rd argument cannot be 0");
    (void)divide(magnitude(i), m, &base);
    if (i < 0 && base) base = m - base;
    if (j < 0 && !invert_mod(base, m, &base))
        return error_null(OURO_VALUE_ERROR, "base is not invertible for the given modulus");
    uint64_t power = power_mod(base, magnitude(j), m);
    return ouro_int_new(k < 0 && power ? (int64_t)(power - m) : (int64_t)power);
}

/* ---- any number ---- */

static bool is_number(ouro_ref ref) { return is_int(ref) || is_float(ref); }

static ouro_ref pow_mod(ouro_ref base, ouro_ref exponent, ouro_ref modulus)
{
    int64_t i, j, k;
    if (is_int(base) && is_int(exponent) && is_int(modulus)) {
        (void)ouro_int_get(base, &i);
        (void)ouro_int_get(exponent, &j);
        (void)ouro_int_get(modulus, &k);
        return int_power_mod(i, j, k);
    }
    if (is_number(base) && is_number(exponent) && is_number(modulus))
        return error_null(OURO_TYPE_ERROR,
                          "pow() 3rd argument not allowed unless all arguments are integers");
    return error_about(OURO_TYPE_ERROR,
                       "unsupported operand type(s) for ** or pow(): '%T', '%T', '%T'", base,
                       exponent, modulus);
}

ouro_ref ouro_pow(ouro_ref base, ouro_ref exponent, ouro_ref modulus)
{
    ouro_ref result;
    int64_t j = -1;
    double x = 0, y = 0;
    if (modulus && modulus != OURO_NONE) return pow_mod(base, exponent, modulus);
    if (!is_number(base) || !is_number(exponent)) {
        if (special_binary && special_binary(base, SPECIAL_POW, exponent, &result)) return result;
        return error_about(OURO_TYPE_ERROR,
                           "unsupported operand type(s) for ** or pow(): '%T' and '%T'", base,
                           exponent);
    }
    if (is_int(base) && is_int(exponent)) (void)ouro_int_get(exponent, &j);
    if (j >= 0) return plain_power(base, (uint64_t)j);
    (void)ouro_float_get(base, &x);
    (void)ouro_float_get(exponent, &y);
    return float_power(x, y);
}
