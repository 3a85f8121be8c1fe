/* SPDX-License-Identifier: MIT
 * fmt_parse.c - decimal text to the nearest double, exactly.
 *
 * The number is turned into a fraction of two big integers, scaled by a power of two until it lies
 * in [1, 2), and divided bit by bit; what is left after the last bit of the mantissa decides how
 * to round.  No more than 768 digits can matter: a number halfway between two doubles has at most
 * 767.  Of what follows, only whether all of it is 0 counts, and one more digit keeps that.
 *
 * Costs 2,000 to 7,000 instructions for everyday numbers, 50,000 at the ends of the range, 420,000
 * for 768 digits or more, and 0.8 KiB of C stack. */
#include "ouro/diag.h"

#include <string.h>

#include "check.h"
#include "fmt_big.h"

enum {
    KEPT_DIGITS = 768,
    MAX_EXPONENT = 100000000, /* past what the digits of any text in memory can make up for */
};

/* digits * 10^power, where `digits` has `count` of them */
struct number {
    struct big digits;
    int count;
    int power;
};

/* The byte at `text`, -1 at the end. */
static int peek(const char *text, const char *end)
{
    return text == end ? -1 : (int)(unsigned char)*text;
}

static bool is_digit(int c) { return c >= '0' && c <= '9'; }

/* Skip a sign.  True if it was a minus. */
static bool scan_sign(const char **text, const char *end)
{
    int c = peek(*text, end);
    if (c == '-' || c == '+') ++*text;
    return c == '-';
}

/* Digits with at most one point among them.  Returns the first byte past them, NULL if there was
 * no digit. */
static const char *scan_digits(const char *text, const char *end, struct number *n)
{
    bool is_fraction = false, seen = false, has_rest = false;
    n->digits.count = 0;
    n->count = n->power = 0;
    for (;; text++) {
        int c = peek(text, end);
        if (c == '.' && !is_fraction) {
            is_fraction = true;
            continue;
        }
        if (!is_digit(c)) break;
        seen = true;
        if (is_fraction) n->power--;
        if (n->count < KEPT_DIGITS) {
            big_multiply(&n->digits, 10, (uint32_t)(c - '0'));
            if (n->digits.count > 0u) n->count++;
        } else {
            has_rest |= c != '0';
            n->power++;
        }
    }
    if (has_rest) {
        big_multiply(&n->digits, 10, 1);
        n->count++;
        n->power--;
    }
    return seen ? text : NULL;
}

/* e+10, or nothing, which is exponent 0.  Returns the first byte past it, NULL if a digit is
 * missing. */
static const char *scan_exponent(const char *text, const char *end, int *exponent)
{
    *exponent = 0;
    if ((peek(text, end) | 0x20) != 'e') return text;
    text++;
    bool is_negative = scan_sign(&text, end);
    const char *digits = text;
    for (; is_digit(peek(text, end)); text++) {
        if (*exponent < MAX_EXPONENT) *exponent = *exponent * 10 + (*text - '0');
    }
    if (is_negative) *exponent = -*exponent;
    return text == digits ? NULL : text;
}

static uint32_t magnitude(int i) { return (uint32_t)(i < 0 ? -i : i); }

static int bit_length(const struct big *a)
{
    return (int)(32u * a->count) - __builtin_clz(a->word[a->count - 1u]);
}

/* The bits of the double nearest to a / b * 2^exponent.  Changes a and b. */
static uint64_t divide(struct big *a, struct big *b, int exponent)
{
    int shift = bit_length(a) - bit_length(b);
    big_multiply_power(shift < 0 ? a : b, 2, magnitude(shift));
    exponent += shift;
    if (big_compare(a, b) < 0) {
        big_multiply(a, 2, 0);
        exponent--;
    }
    /* now 1 <= a / b < 2 */
    if (exponent > 1023) return UINT64_C(0x7ff) << 52;
    int biased = exponent < -1022 ? -1022 : exponent;
    int bits = 53 + exponent - biased; /* fewer for subnormals */
    if (bits < 0) return 0;
    uint64_t mantissa = 0;
    for (; bits > 0; bits--) {
        mantissa <<= 1;
        if (big_compare(a, b) >= 0) {
            mantissa |= 1u;
            big_add(a, -1, b);
        }
        big_multiply(a, 2, 0);
    }
    int rest = big_compare(a, b); /* what is left against half a unit */
    if (rest > 0 || (rest == 0 && (mantissa & 1u) != 0u)) mantissa++;
    /* The top bit of the mantissa adds the 1 that is missing from the exponent, and a carry out of
     * rounding adds another: up to infinity if need be. */
    return ((uint64_t)(biased + 1022) << 52) + mantissa;
}

/* The bits of the double nearest to the number. */
static uint64_t nearest(struct number *n)
{
    if (n->count == 0 || n->count + n->power < -323) return 0;
    if (n->count + n->power > 310) return UINT64_C(0x7ff) << 52;
    struct big divisor;
    big_set(&divisor, 1);
    big_multiply_power(n->power > 0 ? &n->digits : &divisor, 5, magnitude(n->power));
    return divide(&n->digits, &divisor, n->power);
}

bool ouro_parse_float(const char *text, size_t bytes, double *value)
{
    const char *end = text + bytes;
    struct number n;
    int exponent = 0;
    bool is_negative = scan_sign(&text, end);
    text = scan_digits(text, end, &n);
    if (text != NULL) text = scan_exponent(text, end, &exponent);
    if (text == NULL || text != end) return false;
    n.power += exponent;
    uint64_t bits = nearest(&n) | (uint64_t)is_negative << 63;
    __builtin_memcpy(value, &bits, sizeof(bits));
    return true;
}
