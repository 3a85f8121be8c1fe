/* SPDX-License-Identifier: MIT
 * arith.c - arithmetic of int, bool and float, as in Python but for ints beyond 64 bits.
 *
 * Ints are computed as 64 bits and overflow into an error.  The remainder of floats is exact: by
 * long division, as fmod() is, since there is no C library. */
#include "ouro/abstract.h"
#include "types/ops.h"

static ouro_ref fail(enum ouro_error_kind kind, const char *message)
{
    ouro_error_set(kind, message);
    return NULL;
}

/* ---- int ---- */

/* Quotient and remainder, rounded down; b is not 0.  True if the quotient overflows. */
static bool divide(int64_t a, int64_t b, int64_t *quotient, int64_t *rest)
{
    *rest = 0;
    if (b == -1) return __builtin_sub_overflow((int64_t)0, a, quotient);
    *quotient = a / b;
    *rest = a % b;
    if (*rest != 0 && (*rest < 0) != (b < 0)) {
        *rest += b;
        --*quotient;
    }
    return false;
}

/* a * 2^b.  True if it overflows. */
static bool shift_left(int64_t a, int64_t b, int64_t *result)
{
    *result = 0;
    if (a == 0) return false;
    if (b > 62) return true;
    return __builtin_mul_overflow(a, (int64_t)1 << b, result);
}

static ouro_ref int_arith(int64_t a, enum ouro_arith op, int64_t b)
{
    int64_t result = 0, other;
    bool has_overflowed = false;
    if ((op == OURO_FLOORDIV || op == OURO_MOD) && b == 0)
        return fail(OURO_ZERO_DIVISION_ERROR, op == OURO_MOD
                                                  ? "integer modulo by zero"
                                                  : "integer division or modulo by zero");
    if ((op == OURO_LSHIFT || op == OURO_RSHIFT) && b < 0)
        return fail(OURO_VALUE_ERROR, "negative shift count");
    switch (op) {
    case OURO_ADD: has_overflowed = __builtin_add_overflow(a, b, &result); break;
    case OURO_SUB: has_overflowed = __builtin_sub_overflow(a, b, &result); break;
    case OURO_MUL: has_overflowed = __builtin_mul_overflow(a, b, &result); break;
    case OURO_FLOORDIV: has_overflowed = divide(a, b, &result, &other); break;
    case OURO_MOD: (void)divide(a, b, &other, &result); break;
    case OURO_LSHIFT: has_overflowed = shift_left(a, b, &result); break;
    case OURO_RSHIFT: result = a >> (b > 63 ? 63 : b); break;
    case OURO_AND: result = a & b; break;
    case OURO_OR: result = a | b; break;
    case OURO_XOR: result = a ^ b; break;
    case OURO_DIV: break; /* is for floats */
    }
    if (has_overflowed) return fail(OURO_OVERFLOW_ERROR, "an int has 64 bits at most");
    return ouro_int_new(result);
}

/* ---- float ---- */

/* a mod b for 0 <= a, 0 < b, both finite. */
static double rest_of(double a, double b)
{
    double part = b;
    while (part <= a / 2) part += part;
    for (; part >= b && a >= b; part /= 2)
        if (a >= part) a -= part;
    return a;
}

static bool is_finite(double x) { return x - x == 0; }

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
    } else if ((b < 0) != (*rest < 0)) {
        *rest += b;
        quotient -= 1;
    }
    if (quotient == 0) return __builtin_copysign(0, a / b);
    double whole = floor_of(quotient);
    return quotient - whole > 0.5 ? whole + 1 : whole;
}

static ouro_ref float_arith(double a, enum ouro_arith op, double b)
{
    double rest, quotient;
    if (op == OURO_ADD) return ouro_float_new(a + b);
    if (op == OURO_SUB) return ouro_float_new(a - b);
    if (op == OURO_MUL) return ouro_float_new(a * b);
    if (b == 0)
        return fail(OURO_ZERO_DIVISION_ERROR, op == OURO_DIV   ? "float division by zero"
                                              : op == OURO_MOD ? "float modulo"
                                                               : "float floor division by zero");
    if (op == OURO_DIV) return ouro_float_new(a / b);
    quotient = floor_divide(a, b, &rest);
    return ouro_float_new(op == OURO_MOD ? rest : quotient);
}

/* ---- both ---- */

static bool is_int(ouro_ref ref)
{
    unsigned type = ouro_type_index(ref);
    return type == OURO_TYPE_INT || type == OURO_TYPE_BOOL;
}
static bool is_number(ouro_ref ref)
{
    return is_int(ref) || ouro_type_index(ref) == OURO_TYPE_FLOAT;
}

ouro_ref ouro_arith(ouro_ref a, enum ouro_arith op, ouro_ref b)
{
    static const char *const signs[] = {"+", "-", "*", "/", "//", "%", "<<", ">>", "&", "|", "^"};
    bool are_ints = is_int(a) && is_int(b);
    if (are_ints && op != OURO_DIV) {
        int64_t i = 0, j = 0;
        (void)ouro_int_get(a, &i);
        (void)ouro_int_get(b, &j);
        bool are_bools =
            ouro_type_index(a) == OURO_TYPE_BOOL && ouro_type_index(b) == OURO_TYPE_BOOL;
        if (!are_bools || op < OURO_AND) return int_arith(i, op, j);
        return ouro_bool(op == OURO_AND ? (i & j) : op == OURO_OR ? (i | j) : (i ^ j));
    }
    if (op < OURO_LSHIFT && is_number(a) && is_number(b)) {
        double x = 0, y = 0;
        (void)ouro_float_get(a, &x);
        (void)ouro_float_get(b, &y);
        if (!are_ints || y != 0) return float_arith(x, op, y);
        return fail(OURO_ZERO_DIVISION_ERROR, "division by zero");
    }
    ouro_error_format(OURO_TYPE_ERROR, "unsupported operand type(s) for %s: '%s' and '%s'",
                      signs[op], ouro_type_name(a), ouro_type_name(b));
    return NULL;
}
