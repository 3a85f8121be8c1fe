/* SPDX-License-Identifier: MIT
 * int_from.c - ints out of texts and other objects. */
#include "ouro/number.h"
#include "types/number.h"
#include "types/special.h"
#include "types/text.h"

ouro_ref number_refuse(const char *format, int base, ouro_ref text)
{
    char *at = ouro_heap->error_text;
    (void)write_format(error_append, &at, format, base);
    (void)ops_of(text)->repr(text, OURO_BEGIN, error_append, &at);
    error_made(OURO_VALUE_ERROR, at);
    return NULL;
}

/* What a digit is worth; 36 and more: it is none. */
static unsigned digit(unsigned c)
{
    unsigned number = c - '0', letter = (c | 0x20u) - 'a';
    return number < 10 ? number : letter < 26 ? letter + 10 : 36;
}

struct literal {
    const uint8_t *at, *end;
    uint64_t value;
    unsigned base;
    bool is_negative, is_too_large;
};

/* A sign, and a prefix that goes with the base, which may say what that is. */
static void read_prefix(struct literal *l)
{
    if (l->at < l->end && (*l->at == '-' || *l->at == '+')) l->is_negative = *l->at++ == '-';
    unsigned c = l->end - l->at > 2 && *l->at == '0' ? l->at[1] | 0x20u : 0;
    unsigned base = c == 'x' ? 16 : c == 'o' ? 8 : c == 'b' ? 2 : 0;
    if (base && (l->base == 0 || l->base == base)) {
        l->base = base;
        l->at += 2;
        l->at += *l->at == '_'; /* one may stand here, too */
    }
}

/* Digits, with single underscores between them.  False if that is not all there is. */
static bool read_digits(struct literal *l)
{
    bool is_decimal = l->base == 0, begins_with_zero = l->at < l->end && *l->at == '0';
    if (is_decimal) l->base = 10;
    for (bool wants_digit = true; l->at < l->end || wants_digit; l->at++) {
        if (l->at == l->end || (wants_digit && *l->at == '_')) return false;
        wants_digit = *l->at == '_';
        if (wants_digit) continue;
        unsigned d = digit(*l->at);
        if (d >= l->base) return false;
        uint64_t low = (l->value & UINT32_MAX) * l->base + d;
        uint64_t high = (l->value >> 32) * l->base + (low >> 32);
        l->is_too_large |= high >> 32 != 0;
        l->value = high << 32 | (uint32_t)low;
    }
    l->is_too_large |= l->value > (uint64_t)INT64_MAX + l->is_negative;
    return !is_decimal || !begins_with_zero || (l->value == 0 && !l->is_too_large);
}

ouro_ref ouro_int_from_str(ouro_ref ref, int base)
{
    struct text text, spaces = {0};
    if (base < 0 || base == 1 || base > 36)
        return error_null(OURO_VALUE_ERROR, "int() base must be >= 2 and <= 36, or 0");
    if (!text_open(&text, ref))
        return error_null(OURO_TYPE_ERROR, "int() can't convert non-string with explicit base");
    struct region region = text_skip(&text, (struct region){0, text.n}, false, &spaces, true);
    region = text_skip(&text, region, true, &spaces, true);
    struct literal l = {
        .at = text.data + region.from, .end = text.data + region.to, .base = (unsigned)base};
    read_prefix(&l);
    bool is_read = read_digits(&l);
    if (!is_read) (void)number_refuse("invalid literal for int() with base %d: ", base, ref);
    text_close(&text);
    if (!is_read) return NULL;
    if (l.is_too_large) return error_null(OURO_OVERFLOW_ERROR, "an int has 64 bits at most");
    return ouro_int_new((int64_t)(l.is_negative ? 0 - l.value : l.value));
}

/* ---- any object ---- */

#pragma weak float_whole /* only a float leads there, and comes with it */
#pragma weak ouro_float_get

static ouro_ref int_of_float(ouro_ref x)
{
    double real = 0;
    int64_t whole;
    uint64_t bits;
    (void)ouro_float_get(x, &real);
    if (float_whole(real, &whole)) return ouro_int_new(whole);
    __builtin_memcpy(&bits, &real, sizeof bits);
    bits <<= 1;
    if (bits > UINT64_C(0xffe) << 52)
        return error_null(OURO_VALUE_ERROR, "cannot convert float NaN to integer");
    return error_null(OURO_OVERFLOW_ERROR, bits == UINT64_C(0xffe) << 52
                                               ? "cannot convert float infinity to integer"
                                               : "an int has 64 bits at most");
}

ouro_ref number_by_method(ouro_ref x, enum special special)
{
    ouro_ref number;
    if (!special_call) return NULL;
    if (!special_call(x, special, NULL, &number)) {
        special = SPECIAL_INDEX;
        if (!special_call(x, special, NULL, &number)) return NULL;
    }
    bool wants_float = special == SPECIAL_FLOAT;
    if (!number || (wants_float ? is_float(number) : is_int(number))) return number;
    if (wants_float)
        error_about(OURO_TYPE_ERROR, "%T.__float__ returned non-float (type %T)", x, number);
    else
        error_about(OURO_TYPE_ERROR, "__%s__ returned non-int (type %T)",
                    special == SPECIAL_INT ? "int" : "index", number);
    ouro_decref(number);
    return NULL;
}

ouro_ref ouro_int_from(ouro_ref x)
{
    struct text text;
    if (ouro_type_index(x) == OURO_TYPE_INT) return ouro_own(x);
    if (is_int(x)) return ouro_int_new(x == OURO_TRUE);
    if (is_float(x)) return int_of_float(x);
    if (text_open(&text, x)) {
        text_close(&text);
        return ouro_int_from_str(x, 10);
    }
    ouro_error_clear();
    ouro_ref number = number_by_method(x, SPECIAL_INT);
    if (number || ouro_error_get(NULL) != OURO_NO_ERROR) return number;
    return error_about(OURO_TYPE_ERROR,
                       "int() argument must be a string, a bytes-like object or a real number, "
                       "not '%T'",
                       x);
}
