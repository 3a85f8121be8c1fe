/* SPDX-License-Identifier: MIT
 * float.c - float, and arithmetic that has to do with it.
 *
 * A float is compared with an int by its own operations, since int does without them.  The
 * remainder is exact: by long division, as fmod() is, since there is no C library. */
#include "divide.h"
#include "hash.h"
#include "ouro/diag.h"
#include "types/number.h"

extern const struct ouro_type ouro_float_type;

ouro_ref ouro_float_new(double value)
{
    OURO_THREAD_ONLY();
    return box(&ouro_float_type, &value, STACK());
}

int ouro_float_get(ouro_ref ref, double *value)
{
    if (is_float(ref)) {
        unbox(ref, value);
        return 0;
    }
    int64_t whole;
    if (ouro_int_get(ref, &whole) < 0) {
        ouro_error_set(OURO_TYPE_ERROR, "must be real number");
        return -1;
    }
    *value = (double)whole;
    return 0;
}

/* ---- bits ----
 *
 * Floats are compared and taken apart by their bits: as the compiler does it without an FPU, that
 * would be more code, and slower. */

enum { MANTISSA_BITS = 52, EXPONENT_MOST = 0x7ff, EXPONENT_OF_LAST_BIT = 1075 };
static const uint64_t leading_bit = UINT64_C(1) << MANTISSA_BITS; /* not stored */

union real {
    double number;
    uint64_t bits;
};
static uint64_t bits_of(double x) { return (union real){.number = x}.bits; }
static double float_of(uint64_t bits) { return (union real){.bits = bits}.number; }
static int exponent_of(uint64_t bits) { return (int)(bits >> MANTISSA_BITS & EXPONENT_MOST); }
static bool is_finite(double x) { return exponent_of(bits_of(x)) != EXPONENT_MOST; }
static bool is_zero(double x) { return bits_of(x) << 1 == 0; }
static bool is_nan(double x)
{
    return bits_of(x) << 1 > (uint64_t)EXPONENT_MOST << (MANTISSA_BITS + 1);
}

/* A number that is ordered as floats are, but for nan. */
static int64_t rank_of(double x)
{
    int64_t bits = (int64_t)bits_of(x);
    return bits < 0 ? INT64_MIN - bits : bits;
}

static int order_of_floats(double a, double b)
{
    if (is_nan(a) || is_nan(b)) return 2;
    int64_t x = rank_of(a), y = rank_of(b);
    return x < y ? -1 : x > y;
}

bool float_whole(double x, int64_t *whole)
{
    const uint64_t bits = bits_of(x), least = UINT64_C(0xc3e) << MANTISSA_BITS; /* -2^63 */
    int shift = exponent_of(bits) - EXPONENT_OF_LAST_BIT;
    uint64_t number = (bits & (leading_bit - 1)) | leading_bit;
    if (shift < 0)
        number = shift < -MANTISSA_BITS ? 0 : number >> -shift;
    else if (shift < 63 - MANTISSA_BITS || bits == least)
        number <<= shift;
    else
        return false;
    *whole = (int64_t)(bits >> 63 ? 0 - number : number);
    return true;
}

/* ---- operations ---- */

/* Exact, as in Python: no int is rounded. */
static int order_of_mixed(int64_t a, double b)
{
    int64_t whole;
    if (!float_whole(b, &whole)) return order_of_floats(0, b);
    if (a != whole) return a < whole ? -1 : 1;
    return order_of_floats((double)whole, b); /* what is behind the point */
}

static int float_compare(ouro_ref self, ouro_ref other, enum ouro_op op)
{
    double x, y;
    int64_t whole;
    unbox(self, &x);
    if (is_float(other)) {
        unbox(other, &y);
        return answer_for(op, order_of_floats(x, y));
    }
    if (!is_int(other)) return OURO_NOT_IMPLEMENTED;
    (void)ouro_int_get(other, &whole);
    int order = order_of_mixed(whole, x);
    return answer_for(op, order == 2 ? 2 : -order);
}

static int float_hash(ouro_ref self, uint32_t *hash)
{
    double real;
    unbox(self, &real);
    int64_t whole;
    bool is_whole = float_whole(real, &whole) && order_of_floats((double)whole, real) == 0;
    *hash = is_whole ? hash_int(whole) : hash_bytes(&real, sizeof real);
    return 0;
}

static int float_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    char number[32];
    double real;
    (void)part;
    unbox(self, &real);
    write(context, number, ouro_format_float(number, real));
    return 0;
}

static const struct ouro_ops float_ops = {
    .repr = float_repr,
    .hash = float_hash,
    .compare = float_compare,
};

const struct ouro_type ouro_float_type = {
    .name = "float",
    .index = OURO_TYPE_FLOAT,
    .size_bytes = sizeof(struct boxed),
    .ops = &float_ops,
};

/* ---- arithmetic ---- */

/* a mod b, of bits, for 0 <= a, 0 < b, both finite: long division of the mantissas. */
static uint64_t rest_of(uint64_t a, uint64_t b)
{
    int above = exponent_of(a), to = exponent_of(b);
    uint64_t rest = a & (leading_bit - 1), divisor = b & (leading_bit - 1);
    if (above) rest |= leading_bit, above--; /* subnormals are as far down as the least others */
    if (to) divisor |= leading_bit, to--;
    if (above < to) return a;
    (void)divide(rest, divisor, &rest);
    for (; above > to; above--) {
        rest <<= 1;
        if (rest >= divisor) rest -= divisor;
    }
    if (!rest) return 0;
    for (; to && rest < leading_bit; to--) rest <<= 1;
    return rest + (uint64_t)to * leading_bit; /* a leading bit is one more of the exponent */
}

/* As C's fmod(): the sign is that of a. */
static double modulo(double a, double b)
{
    if (!is_finite(a) || is_nan(b)) return __builtin_nan("");
    if (!is_finite(b)) return a;
    double rest = float_of(rest_of(bits_of(__builtin_fabs(a)), bits_of(__builtin_fabs(b))));
    return __builtin_copysign(rest, a);
}

static double floor_of(double x)
{
    int64_t whole;
    if (!float_whole(x, &whole)) return x;
    return (double)(whole - (order_of_floats((double)whole, x) > 0));
}

/* As CPython rounds them. */
static double floor_divide(double a, double b, double *rest)
{
    double quotient;
    *rest = modulo(a, b);
    quotient = (a - *rest) / b;
    if (is_zero(*rest)) {
        *rest = __builtin_copysign(0, b);
    } else if (!__builtin_signbit(b) != !__builtin_signbit(*rest)) {
        *rest += b;
        quotient -= 1;
    }
    if (is_zero(quotient)) return __builtin_copysign(0, a / b);
    double whole = floor_of(quotient);
    return order_of_floats(quotient - whole, 0.5) > 0 ? whole + 1 : whole;
}

/* Dividing by zero; `are_ints`: as CPython says it of two ints. */
SELDOM static ouro_ref refuse(enum ouro_arith op, bool are_ints)
{
    return error_null(OURO_ZERO_DIVISION_ERROR, are_ints         ? "division by zero"
                                                : op == OURO_DIV ? "float division by zero"
                                                : op == OURO_MOD ? "float modulo"
                                                                 : "float floor division by zero");
}

ouro_ref float_arith(ouro_ref a, enum ouro_arith op, ouro_ref b)
{
    double x = 0, y = 0, rest;
    (void)ouro_float_get(a, &x);
    (void)ouro_float_get(b, &y);
    if (op >= OURO_DIV && is_zero(y)) return refuse(op, is_int(a) && is_int(b));
    double result = op == OURO_ADD   ? x + y
                    : op == OURO_SUB ? x - y
                    : op == OURO_MUL ? x * y
                    : op == OURO_DIV ? x / y
                                     : floor_divide(x, y, &rest);
    return ouro_float_new(op == OURO_MOD ? rest : result);
}

ouro_ref ouro_arith(ouro_ref a, enum ouro_arith op, ouro_ref b) { return ouro_add_slow(a, op, b); }
