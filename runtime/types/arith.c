/* SPDX-License-Identifier: MIT
 * arith.c - arithmetic of int and bool, as in Python but for ints beyond 64 bits; on to float.c for
 * the rest.  Ints are computed as 64 bits and overflow into an error. */
#include "types/number.h"

/* ---- int ---- */

/* Quotient or remainder, rounded down; b is neither 0 nor -1. */
static int64_t divide(int64_t a, enum ouro_arith op, int64_t b)
{
    int64_t quotient = a / b, rest = a % b;
    if (rest != 0 && (rest < 0) != (b < 0)) {
        rest += b;
        quotient--;
    }
    return op == OURO_MOD ? rest : quotient;
}

/* a * 2^b.  True if it overflows. */
static bool shift_left(int64_t a, int64_t b, int64_t *result)
{
    *result = 0;
    if (a == 0) return false;
    if (b > 62) return true;
    *result = (int64_t)((uint64_t)a << b);
    return *result >> b != a;
}

static ouro_ref int_arith(int64_t a, enum ouro_arith op, int64_t b)
{
    int64_t result = 0;
    bool has_overflowed = false;
    if ((op == OURO_FLOORDIV || op == OURO_MOD) && b == 0)
        return error_null(OURO_ZERO_DIVISION_ERROR, op == OURO_MOD
                                                        ? "integer modulo by zero"
                                                        : "integer division or modulo by zero");
    if ((op == OURO_LSHIFT || op == OURO_RSHIFT) && b < 0)
        return error_null(OURO_VALUE_ERROR, "negative shift count");
    switch (op) {
    case OURO_ADD: has_overflowed = __builtin_add_overflow(a, b, &result); break;
    case OURO_SUB: has_overflowed = __builtin_sub_overflow(a, b, &result); break;
    case OURO_MUL: has_overflowed = __builtin_mul_overflow(a, b, &result); break;
    case OURO_FLOORDIV:
    case OURO_MOD:
        if (b != -1)
            result = divide(a, op, b);
        else if (op == OURO_FLOORDIV)
            has_overflowed = __builtin_sub_overflow((int64_t)0, a, &result);
        break;
    case OURO_LSHIFT: has_overflowed = shift_left(a, b, &result); break;
    case OURO_RSHIFT: result = a >> (b > 63 ? 63 : b); break;
    case OURO_AND: result = a & b; break;
    case OURO_OR: result = a | b; break;
    case OURO_XOR: result = a ^ b; break;
    case OURO_DIV: break; /* is for floats */
    }
    if (has_overflowed) return error_null(OURO_OVERFLOW_ERROR, "an int has 64 bits at most");
    return ouro_int_new(result);
}

/* ---- both ---- */

static bool is_number(ouro_ref ref) { return is_int(ref) || is_float(ref); }

ouro_ref ouro_add_slow(ouro_ref a, enum ouro_arith op, ouro_ref b)
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
    if (op < OURO_LSHIFT && is_number(a) && is_number(b)) return float_arith(a, op, b);
    return error_about(OURO_TYPE_ERROR, "unsupported operand type(s) for %s: '%T' and '%T'",
                       signs[op], a, b);
}
