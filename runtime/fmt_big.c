/* SPDX-License-Identifier: MIT
 * fmt_big.c - see fmt_big.h.  Every operation is one pass over the words: O(count). */
#include "fmt_big.h"

#include "check.h"

void big_set(struct big *a, uint64_t value)
{
    a->count = 0;
    for (; value != 0u; value >>= 32) a->word[a->count++] = (uint32_t)value;
}

static void append(struct big *a, uint32_t word)
{
    ouro_assert(a->count < BIG_WORDS);
    a->word[a->count++] = word;
}

void big_multiply(struct big *a, uint32_t factor, uint32_t addend)
{
    uint64_t carry = addend;
    for (uint32_t i = 0; i < a->count; i++) {
        carry += (uint64_t)a->word[i] * factor;
        a->word[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry != 0u) append(a, (uint32_t)carry);
}

void big_multiply_power(struct big *a, uint32_t base, uint32_t power)
{
    while (power > 0u) {
        uint32_t factor = 1;
        for (; factor <= UINT32_MAX / 5u && power > 0u; power--) factor *= base;
        big_multiply(a, factor, 0);
    }
}

void big_add(struct big *a, int32_t factor, const struct big *b)
{
    do append(a, 0);
    while (a->count <= b->count);
    int64_t carry = 0;
    for (uint32_t i = 0; i < a->count; i++) {
        carry += a->word[i];
        if (i < b->count) carry += (int64_t)factor * b->word[i];
        a->word[i] = (uint32_t)carry;
        carry >>= 32; /* keeps the sign: a borrow travels as -1, -2 */
    }
    while (a->count > 0u && a->word[a->count - 1u] == 0u) a->count--;
}

int big_compare(const struct big *a, const struct big *b)
{
    if (a->count != b->count) return a->count < b->count ? -1 : 1;
    for (uint32_t i = a->count; i-- > 0u;) {
        if (a->word[i] != b->word[i]) return a->word[i] < b->word[i] ? -1 : 1;
    }
    return 0;
}
