/* SPDX-License-Identifier: MIT
 * fmt_float.c - the shortest decimal text that reads back as the same double.
 *
 * Steele and White's algorithm on exact integers, as in David Gay's dtoa.c, mode 0, which CPython
 * uses: the value and half the distance to its neighbours are kept as fractions over one divisor,
 * and digits are produced until what is left would be read as this double anyway.  Only the bits
 * of the double are touched; a processor without an FPU needs no floating-point library for it.
 *
 * Costs 1,000 to 15,000 instructions for everyday numbers, 80,000 at the ends of the range, and
 * 1.2 KiB of C stack. */
#include "ouro/diag.h"

#include <string.h>

#include "check.h"
#include "fmt_big.h"

enum { MAX_DIGITS = 17 };

/* 0.d1 d2 d3 ... * 10^point */
struct decimal {
    int count;
    int point;
    char digits[MAX_DIGITS];
};

/* value / divisor is what is left to print, in units of the next digit; gap / divisor is half the
 * distance to the double below, and `above` times that is half the distance to the one above: 2 at
 * a power of two, where the doubles below are closer together, else 1.  `tie` is 1 if numbers
 * halfway to a neighbour are read as this double (its mantissa is even), else 0. */
struct remainder {
    struct big value, gap, divisor;
    int above, tie;
};

static void shift_digit(struct remainder *r)
{
    big_multiply(&r->value, 10, 0);
    big_multiply(&r->gap, 10, 0);
}

/* Set up a finite double > 0, given by its bits.  Returns the power of ten of the first digit. */
static int start(struct remainder *r, uint64_t bits)
{
    const uint64_t leading_bit = UINT64_C(1) << 52; /* not stored, and 0 in a subnormal */
    uint64_t mantissa = bits & (leading_bit - 1u);
    int exponent = (int)(bits >> 52);
    r->above = mantissa == 0u && exponent > 1 ? 2 : 1;
    r->tie = (mantissa & 1u) != 0u ? 0 : 1;
    bool is_normal = exponent > 0;
    mantissa |= (uint64_t)is_normal << 52;
    exponent -= 1074 + (int)is_normal; /* the value is mantissa * 2^exponent */

    /* floor(log10(2^n)) in fixed point, exact for these n, and one more, which is never too low;
     * the loop at the end brings it down, for subnormals from far above. */
    int power = ((exponent + 52) * 78913 >> 18) + 1;
    uint32_t scale = 2u * (uint32_t)r->above; /* so that half a gap is an integer */
    big_set(&r->value, mantissa);
    big_multiply(&r->value, scale, 0);
    big_set(&r->gap, 1);
    big_set(&r->divisor, scale);
    if (power > 0) {
        big_multiply_power(&r->divisor, 5, (uint32_t)power);
    } else {
        big_multiply_power(&r->value, 5, (uint32_t)-power);
        big_multiply_power(&r->gap, 5, (uint32_t)-power);
    }
    exponent -= power; /* the other factor of 10^power */
    if (exponent > 0) {
        big_multiply_power(&r->value, 2, (uint32_t)exponent);
        big_multiply_power(&r->gap, 2, (uint32_t)exponent);
    } else {
        big_multiply_power(&r->divisor, 2, (uint32_t)-exponent);
    }
    for (; big_compare(&r->value, &r->divisor) < 0; power--) shift_digit(r);
    return power;
}

/* Split off the next digit.  True if it is the last one, rounded then to the nearest; 10 stands
 * for a carry, which can only come out of the first digit: had it come out of a later one, the
 * digit before would have been close enough to be the last. */
static bool next_digit(struct remainder *r, unsigned *digit)
{
    unsigned n = 0;
    for (; big_compare(&r->value, &r->divisor) >= 0; n++) big_add(&r->value, -1, &r->divisor);
    *digit = n;

    bool may_cut = big_compare(&r->value, &r->gap) < r->tie;
    big_add(&r->value, r->above, &r->gap);
    bool may_raise = big_compare(&r->value, &r->divisor) > -r->tie;
    big_add(&r->value, -r->above, &r->gap);
    if (!may_cut && !may_raise) return false;

    if (may_cut && may_raise) { /* both would do: the nearer one, or the even one */
        big_multiply(&r->value, 2, 0);
        may_raise = big_compare(&r->value, &r->divisor) > ((n & 1u) != 0u ? -1 : 0);
    }
    if (may_raise) (*digit)++;
    return true;
}

/* The digits of a finite double > 0, given by its bits. */
static void shortest(struct decimal *d, uint64_t bits)
{
    struct remainder r;
    d->count = 0;
    d->point = start(&r, bits) + 1;
    unsigned digit;
    while (!next_digit(&r, &digit)) {
        d->digits[d->count++] = (char)('0' + digit);
        shift_digit(&r);
    }
    if (digit == 10u) {
        digit = 1;
        d->point++;
    }
    d->digits[d->count++] = (char)('0' + digit);
}

/* The digits with indices from `from` up to, not including, `to`: zeros where there are none, and
 * a point before digit `point`. */
static char *put_digits(char *out, const struct decimal *d, int from, int to, int point)
{
    for (int i = from; i < to; i++) {
        if (i == point) *out++ = '.';
        *out++ = '0';
        if (i >= 0 && i < d->count) out[-1] = d->digits[i];
    }
    return out;
}

static int max(int a, int b) { return a > b ? a : b; }
static int min(int a, int b) { return a < b ? a : b; }

/* 123.45, 0.00012, 12300.0: a digit at least on both sides of the point. */
static char *put_fixed(char *out, const struct decimal *d)
{
    return put_digits(out, d, min(0, d->point - 1), max(d->count, d->point + 1), d->point);
}

/* 1.2345e+20, 5e-324: at least two digits of exponent. */
static char *put_scientific(char *out, const struct decimal *d)
{
    int exponent = d->point - 1;
    out = put_digits(out, d, 0, d->count, 1);
    *out++ = 'e';
    *out++ = exponent < 0 ? '-' : '+';
    if (exponent < 0) exponent = -exponent;
    if (exponent < 10) *out++ = '0';
    return out + ouro_format_int(out, exponent);
}

size_t ouro_format_float(char *out, double value)
{
    char *at = out;
    uint64_t bits;
    __builtin_memcpy(&bits, &value, sizeof(bits));
    bool is_negative = bits >> 63 != 0u;
    bits &= UINT64_MAX >> 1;

    const uint64_t infinity = UINT64_C(0x7ff) << 52;
    if (is_negative && bits <= infinity) *at++ = '-';
    if (bits == 0u || bits >= infinity) {
        const char *word = bits == 0u ? "0.0" : bits == infinity ? "inf" : "nan";
        while (*word != '\0') *at++ = *word++;
        return (size_t)(at - out);
    }
    struct decimal d;
    shortest(&d, bits);
    bool is_everyday = d.point > -4 && d.point <= 16; /* 1e-4 <= value < 1e16 */
    at = is_everyday ? put_fixed(at, &d) : put_scientific(at, &d);
    return (size_t)(at - out);
}
