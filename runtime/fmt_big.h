/* SPDX-License-Identifier: MIT
 * fmt_big.h - unsigned integers of some hundred digits, for exact conversion of floats.
 *
 * Just what reading and printing a double takes: a few operations, no division, 32 x 32 -> 64 bit
 * multiplications only, no allocation.  Words go from the lowest up, and the highest is never 0, so
 * that `count` alone decides most comparisons; zero has no words.
 *
 * BIG_WORDS follows from the reader, which keeps 768 digits of its input and one more for what it
 * cut off: 10^769 < 2^2555, the divisor 5^1092 < 2^2536, and one bit to shift by. */
#ifndef OURO_FMT_BIG_H
#define OURO_FMT_BIG_H

#include <stdint.h>

enum { BIG_WORDS = 81 };

struct big {
    uint32_t count;
    uint32_t word[BIG_WORDS];
};

void big_set(struct big *a, uint64_t value);
/* a = a * factor + addend */
void big_multiply(struct big *a, uint32_t factor, uint32_t addend);
/* a = a * base^power, for a base of 2 or 5; one pass for each 30 bits of the factor */
void big_multiply_power(struct big *a, uint32_t base, uint32_t power);
/* a = a + factor * b, with a small factor; the result must not be negative */
void big_add(struct big *a, int32_t factor, const struct big *b);
/* < 0, 0 or > 0 as a < b, a == b, a > b */
int big_compare(const struct big *a, const struct big *b);

#endif
