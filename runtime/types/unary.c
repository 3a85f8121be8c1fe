/* SPDX-License-Identifier: MIT
 * unary.c - signs, inversion, and divmod of numbers; or of instances, by their special methods. */
#include "ouro/number.h"
#include "types/number.h"

#pragma weak ouro_float_new /* only a float leads there, and comes with it */
#pragma weak ouro_float_get

/* The same float with these bits cleared, then these flipped: of its sign. */
static ouro_ref with_sign(ouro_ref x, bool is_kept, bool is_flipped)
{
    double real = 0;
    (void)ouro_float_get(x, &real);
    if (!is_kept) real = __builtin_fabs(real);
    return ouro_float_new(is_flipped ? -real : real);
}

static ouro_ref unary(ouro_ref x, enum special special, const char *sign)
{
    ouro_ref result;
    int64_t i;
    bool inverts = special == SPECIAL_INVERT, negates = special == SPECIAL_NEG;
    if (is_float(x) && !inverts) return with_sign(x, special != SPECIAL_ABS, negates);
    if (is_int(x)) {
        (void)ouro_int_get(x, &i);
        if (inverts) return ouro_int_new(~i);
        if (!negates && (special == SPECIAL_POS || i >= 0)) return ouro_int_new(i);
        if (i != INT64_MIN) return ouro_int_new(-i);
        return error_null(OURO_OVERFLOW_ERROR, "an int has 64 bits at most");
    }
    if (special_call && special_call(x, special, NULL, &result)) return result;
    return error_about(OURO_TYPE_ERROR, "bad operand type for %s: '%T'", sign, x);
}

ouro_ref ouro_negative(ouro_ref x) { return unary(x, SPECIAL_NEG, "unary -"); }
ouro_ref ouro_positive(ouro_ref x) { return unary(x, SPECIAL_POS, "unary +"); }
ouro_ref ouro_absolute(ouro_ref x) { return unary(x, SPECIAL_ABS, "abs()"); }
ouro_ref ouro_invert(ouro_ref x) { return unary(x, SPECIAL_INVERT, "unary ~"); }

static bool is_number(ouro_ref ref) { return is_int(ref) || is_float(ref); }

ouro_ref ouro_divmod(ouro_ref a, ouro_ref b)
{
    ouro_ref parts[2], tuple;
    if (!is_number(a) || !is_number(b)) {
        if (special_binary && special_binary(a, SPECIAL_DIVMOD, b, &tuple)) return tuple;
        return error_about(OURO_TYPE_ERROR,
                           "unsupported operand type(s) for divmod(): '%T' and '%T'", a, b);
    }
    ouro_incref(a); /* before anything is collected: they may be borrowed from what dies */
    ouro_incref(b);
    parts[0] = ouro_add_slow(a, OURO_FLOORDIV, b);
    parts[1] = parts[0] ? ouro_add_slow(a, OURO_MOD, b) : NULL;
    if (!parts[0] && (is_float(a) || is_float(b)) &&
        ouro_error_get(NULL) == OURO_ZERO_DIVISION_ERROR)
        ouro_error_set(OURO_ZERO_DIVISION_ERROR, "float divmod()");
    tuple = parts[1] ? ouro_tuple_new(2, parts) : NULL;
    ouro_xdecref(parts[1]);
    ouro_xdecref(parts[0]);
    ouro_decref(b);
    ouro_decref(a);
    return tuple;
}
