/* SPDX-License-Identifier: MIT
 * fmt_float.c - the shortest decimal text that reads back as the same double.
 *
 * Steele and White's algorithm on exact integers, as in David Gay's dtoa.c, mode 0, which CPython
 * uses: the value and half the distance to its neighbours are kept as fractions over one divisor,
 * and digits are produced until what is left would be read as this double anyway.  Only the bits
 * of the double are touched; a processor without an FPU needs no floating-point library for it.
 *
 * Costs about 10,000 instructions for everyday numbers, 60,000 at the ends of the range, and about
 * 1.1 KiB of C stack. */
#include "ouro/diag.h"

#include <string.h>

#include "fmt_big.h"

enum { MAX_DIGITS = 17 };

/* 0.d1 d2 d3 ... * 10^point */
struct decimal {
    unsigned count;
    int point;
    char digits[MAX_DIGITS];
};

/* value / divisor is what is left to print, in units of the next digit; gap / divisor is half the
 * distance to the double below, and gap << is_lopsided that to the one above: at a power of two,
 * the double below is nearer. */
struct remainder {
    struct big value, gap, divisor;
    bool is_lopsided;
    bool takes_ties; /* an even mantissa: numbers halfway to a neighbour are read as this double */
};

/* Set up mantissa * 2^exponent / 10^power. */
static void start(struct remainder *r, uint64_t mantissa, int exponent, int power)
{
    r->takes_ties = (mantissa & 1u) == 0u;
    unsigned scale = r->is_lopsided ? 2 : 1; /* so that half a gap is an integer */
    big_set(&r->value, mantissa << scale);
    big_set(&r->gap, 1);
    big_set(&r->divisor, UINT64_C(1) << scale);
    if (power > 0) {
        big_multiply_5(&r->divisor, (uint32_t)power);
    } else {
        big_multiply_5(&r->value, (uint32_t)-power);
        big_multiply_5(&r->gap, (uint32_t)-power);
    }
    exponent -= power;
    if (exponent > 0) {
        big_multiply_2(&r->value, (uint32_t)exponent);
        big_multiply_2(&r->gap, (uint32_t)exponent);
    } else {
        big_multiply_2(&r->divisor, (uint32_t)-exponent);
    }
}

static void shift_digit(struct remainder *r)
{
    big_multiply(&r->value, 10, 0);
    big_multiply(&r->gap, 10, 0);
}

/* Split off the next digit.  True if it is the last one, rounded then to the nearest; 10 stands
 * for a carry, which can only come out of the first digit: had it come out of a later one, the
 * digit before would have been close enough to be the last. */
static bool next_digit(struct remainder *r, unsigned *digit)
{
    unsigned n = 0;
    for (; big_compare(&r->value, &r->divisor) >= 0; n++) big_add(&r->value, -1, &r->divisor);
    *digit = n;

    int tie = r->takes_ties ? 1 : 0;
    int gap_above = r->is_lopsided ? 2 : 1;
    bool may_cut = big_compare(&r->value, &r->gap) < tie;
    big_add(&r->value, gap_above, &r->gap);
    bool may_raise = big_compare(&r->value, &r->divisor) > -tie;
    if (!may_cut && !may_raise) {
        big_add(&r->value, -gap_above, &r->gap);
        return false;
    }
    if (may_cut && may_raise) { /* both neighbours would do: the nearer one, or the even one */
        big_add(&r->value, -gap_above, &r->gap);
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
    uint64_t mantissa = bits & ((UINT64_C(1) << 52) - 1u);
    int biased = (int)(bits >> 52);
    r.is_lopsided = mantissa == 0u && biased > 1;
    if (biased > 0) {
        mantissa |= UINT64_C(1) << 52;
    } else {
        biased = 1; /* a subnormal: the same scale, without the leading bit */
    }

    /* The first digit's power of ten: floor(log10(2^n)) in fixed point, exact for these n, and one
     * more, which is never too low; the loop brings it down, for subnormals from far above. */
    int power = ((biased - 1023) * 78913 >> 18) + 1;
    start(&r, mantissa, biased - 1075, power);
    for (; big_compare(&r.value, &r.divisor) < 0; power--) shift_digit(&r);

    d->count = 0;
    d->point = power + 1;
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

static char *put(char *out, const char *text, size_t bytes)
{
    memcpy(out, text, bytes);
    return out + bytes;
}

static char *put_zeros(char *out, int count)
{
    for (; count > 0; count--) *out++ = '0';
    return out;
}

/* 123.45, 0.00012, 12300.0: for 1e-4 <= value < 1e16. */
static char *put_fixed(char *out, const struct decimal *d)
{
    int count = (int)d->count, point = d->point;
    int whole = point < 0 ? 0 : point < count ? point : count; /* digits before the point */
    out = put(out, d->digits, (size_t)whole);
    out = put_zeros(out, whole == 0 ? 1 : point - whole);
    *out++ = '.';
    out = put_zeros(out, whole == count ? 1 : -point);
    return put(out, d->digits + whole, (size_t)(count - whole));
}

/* 1.2345e+20, 5e-324: at least two digits of exponent. */
static char *put_scientific(char *out, const struct decimal *d)
{
    int exponent = d->point - 1;
    *out++ = d->digits[0];
    if (d->count > 1u) {
        *out++ = '.';
        out = put(out, d->digits + 1, d->count - 1u);
    }
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
    memcpy(&bits, &value, sizeof(bits));
    bool is_negative = bits >> 63 != 0u;
    bits &= UINT64_MAX >> 1;

    const uint64_t infinity = UINT64_C(0x7ff) << 52;
    if (bits > infinity) return (size_t)(put(out, "nan", 3) - out);
    if (is_negative) *at++ = '-';
    if (bits == infinity) return (size_t)(put(at, "inf", 3) - out);
    if (bits == 0u) return (size_t)(put(at, "0.0", 3) - out);

    struct decimal d;
    shortest(&d, bits);
    bool is_everyday = d.point > -4 && d.point <= 16;
    at = is_everyday ? put_fixed(at, &d) : put_scientific(at, &d);
    return (size_t)(at - out);
}
