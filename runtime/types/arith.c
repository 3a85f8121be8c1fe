/* SPDX-License-Identifier: MIT
 * arith.c - arithmetic of int and bool, as in Python but for ints beyond 64 bits; on to float.c and
 * set.c for the rest, and to what joins sequences.  Ints are computed as 64 bits and overflow
 * into an error. */
#include "divide.h"
#include "ouro/bytes.h"
#include "types/number.h"
#include "types/special.h"

/* ---- int ---- */

static uint64_t magnitude(int64_t a) { return a < 0 ? 0 - (uint64_t)a : (uint64_t)a; }

/* a * b.  True if it overflows: above 32 bits there is more than one of the two halves or what they
 * make does not fit, or the sign is wrong. */
static bool multiply(int64_t a, int64_t b, int64_t *result)
{
    uint64_t m = magnitude(a), n = magnitude(b);
    uint32_t m_high = (uint32_t)(m >> 32), n_high = (uint32_t)(n >> 32);
    uint64_t high = (uint64_t)(uint32_t)m * (uint32_t)n >> 32;
    high += (uint64_t)m_high * (uint32_t)n + (uint64_t)n_high * (uint32_t)m;
    *result = (int64_t)((uint64_t)a * (uint64_t)b);
    return (m_high && n_high) || high >> 32 || (*result && (*result ^ a ^ b) < 0);
}

/* Quotient or remainder, rounded down; b is not 0.  True if it overflows. */
static bool int_divide(int64_t a, bool is_mod, int64_t b, int64_t *result)
{
    uint64_t rest, quotient = divide(magnitude(a), magnitude(b), &rest);
    bool is_negative = (a ^ b) < 0;
    if (is_negative && rest) {
        quotient++;
        rest = magnitude(b) - rest;
    }
    if (is_mod) {
        quotient = rest;
        is_negative = b < 0;
    }
    *result = (int64_t)(is_negative ? 0 - quotient : quotient);
    return !is_negative && *result < 0;
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

static ouro_ref int_arith(int64_t a, enum ouro_arith op, int64_t b, bool are_bools)
{
    int64_t result = 0;
    bool has_overflowed = false;
    switch (op) {
    case OURO_ADD: has_overflowed = __builtin_add_overflow(a, b, &result); break;
    case OURO_SUB: has_overflowed = __builtin_sub_overflow(a, b, &result); break;
    case OURO_MUL: has_overflowed = multiply(a, b, &result); break;
    case OURO_FLOORDIV:
    case OURO_MOD:
        if (b == 0)
            return error_null(OURO_ZERO_DIVISION_ERROR, op == OURO_MOD
                                                            ? "integer modulo by zero"
                                                            : "integer division or modulo by zero");
        has_overflowed = int_divide(a, op == OURO_MOD, b, &result);
        break;
    case OURO_LSHIFT:
    case OURO_RSHIFT:
        if (b < 0) return error_null(OURO_VALUE_ERROR, "negative shift count");
        if (op == OURO_LSHIFT)
            has_overflowed = shift_left(a, b, &result);
        else
            result = a >> (b > 63 ? 63 : b);
        break;
    case OURO_AND: result = a & b; break;
    case OURO_OR: result = a | b; break;
    case OURO_XOR: result = a ^ b; break;
    case OURO_DIV: break; /* is for floats */
    }
    if (has_overflowed) return error_null(OURO_OVERFLOW_ERROR, "an int has 64 bits at most");
    return are_bools && op >= OURO_AND ? ouro_bool(result != 0) : ouro_int_new(result);
}

/* ---- all ---- */

#pragma weak set_arith

/* ---- sequences ---- */

#pragma weak list_concat
#pragma weak ouro_tuple_concat
#pragma weak ouro_str_concat
#pragma weak ouro_bytes_concat
#pragma weak bytearray_concat

/* What joins two of a type; NULL: it is no sequence. */
typedef ouro_ref concat_fn(ouro_ref a, ouro_ref b);
SELDOM static concat_fn *concat_of(ouro_ref ref)
{
    switch (ouro_type_index(ref)) {
    case OURO_TYPE_LIST: return list_concat;
    case OURO_TYPE_STR: return ouro_str_concat;
    case OURO_TYPE_BYTES: return ouro_bytes_concat;
    case OURO_TYPE_BYTEARRAY: return bytearray_concat;
    default: return ouro_is_tuple(ref) ? ouro_tuple_concat : NULL;
    }
}

/* sequence * times, by doubling.  O(n). */
SELDOM static ouro_ref repeat(ouro_ref sequence, concat_fn *concat, ouro_ref times)
{
    const struct ouro_ops *ops = ops_of(sequence);
    int64_t n;
    if (ouro_int_get(times, &n) < 0)
        return error_about(OURO_TYPE_ERROR, "can't multiply sequence by non-int of type '%T'",
                           times);
    ouro_ref part = ouro_own(sequence), all = ops->take(sequence, (struct ouro_span){0, 1, 0});
    if (ops->len(sequence) == 0) n = 1;
    for (; n > 0 && part && all; n >>= 1) {
        if (n & 1) ouro_put(&all, concat(all, part));
        if (n > 1) ouro_put(&part, concat(part, part));
    }
    if (n > 0) ouro_put(&all, NULL);
    ouro_xdecref(part);
    return all;
}

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
        return int_arith(i, op, j, are_bools);
    }
    if (op < OURO_LSHIFT && is_number(a) && is_number(b)) return float_arith(a, op, b);
    ouro_ref result;
    if (set_arith && set_arith(a, op, b, &result)) return result;
    if (special_binary && special_binary(a, SPECIAL_ARITH + op, b, &result)) return result;
    concat_fn *concat = concat_of(a);
    if (concat && op == OURO_ADD) return concat(a, b);
    if (concat && op == OURO_MUL) return repeat(a, concat, b);
    if (op == OURO_MUL && (concat = concat_of(b))) return repeat(b, concat, a);
    return error_about(OURO_TYPE_ERROR, "unsupported operand type(s) for %s: '%T' and '%T'",
                       signs[op], a, b);
}
