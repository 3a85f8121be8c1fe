/* SPDX-License-Identifier: MIT
 * float.c - float, and arithmetic that has to do with it.
 *
 * A float is compared with an int by its own operations, since int does without them.  The
 * remainder is exact: by long division, as fmod() is, since there is no C library. */
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

/* ---- operations ---- */

static bool is_in_range(double value)
{
    return value >= -9223372036854775808.0 && value < 9223372036854775808.0;
}

SELDOM static int order_of_floats(double a, double b)
{
    if (a == b) return 0;
    return a < b ? -1 : a > b ? 1 : 2;
}

/* Exact, as in Python: no int is rounded. */
static int order_of_mixed(int64_t a, double b)
{
    if (!is_in_range(b)) return order_of_floats(0, b);
    int64_t whole = (int64_t)b;
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
    int64_t whole = is_in_range(real) ? (int64_t)real : 0;
    *hash = (double)whole == real ? hash_int(whole) : hash_bytes(&real, sizeof real);
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

/* a mod b for 0 <= a, 0 < b, both finite. */
static double rest_of(double a, double b)
{
    double part = b;
    while (part <= a / 2) part += part;
    for (; part >= b && a >= b; part /= 2)
        if (a >= part) a -= part;
    return a;
}

static bool is_finite(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return (bits >> 52 & 0x7ff) != 0x7ff;
}

/* As C's fmod(): the sign is that of a. */
static double modulo(double a, double b)
{
    if (!is_finite(a) || b != b) return a * b - a * b; /* no number */
    if (!is_finite(b)) return a;
    return __builtin_copysign(rest_of(__builtin_fabs(a), __builtin_fabs(b)), a);
}

static double floor_of(double x)
{
    if (!(__builtin_fabs(x) < 4503599627370496.0)) return x; /* has nothing behind the point */
    double whole = (double)(int64_t)x;
    return whole > x ? whole - 1 : whole;
}

/* As CPython rounds them. */
static double floor_divide(double a, double b, double *rest)
{
    double quotient;
    *rest = modulo(a, b);
    quotient = (a - *rest) / b;
    if (*rest == 0) {
        *rest = __builtin_copysign(0, b);
    } else if (!__builtin_signbit(b) != !__builtin_signbit(*rest)) {
        *rest += b;
        quotient -= 1;
    }
    if (quotient == 0) return __builtin_copysign(0, a / b);
    double whole = floor_of(quotient);
    return quotient - whole > 0.5 ? whole + 1 : whole;
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
    if (op >= OURO_DIV && y == 0) return refuse(op, is_int(a) && is_int(b));
    double result = op == OURO_ADD   ? x + y
                    : op == OURO_SUB ? x - y
                    : op == OURO_MUL ? x * y
                    : op == OURO_DIV ? x / y
                                     : floor_divide(x, y, &rest);
    return ouro_float_new(op == OURO_MOD ? rest : result);
}

ouro_ref ouro_arith(ouro_ref a, enum ouro_arith op, ouro_ref b) { return ouro_add_slow(a, op, b); }
