/* SPDX-License-Identifier: MIT
 * divide.c - division of 64 bits, held against the compiler's. */
#include "divide.h"

#include "t.h"

static uint64_t state = 88172645463325252u;

/* Marsaglia's xorshift, with 0 to 63 leading zeros. */
static uint64_t number(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state >> (state >> 3 & 63);
}

static void same_as_the_compilers(void)
{
    static const uint64_t edges[] = {0,          1,          2,          UINT32_MAX,    1ull << 32,
                                     1ull << 62, 1ull << 63, UINT64_MAX, UINT64_MAX - 1};
    unsigned wrong = 0;
    for (unsigned i = 0; i < 3000; i++) {
        uint64_t a = i < 81 ? edges[i / 9] : number(), b = i < 81 ? edges[i % 9] : number(), rest;
        if (b == 0) continue;
        wrong += divide(a, b, &rest) != a / b;
        wrong += rest != a % b;
    }
    T_EQ(wrong, 0);
}

static const struct t_test tests[] = {T_SMALL(same_as_the_compilers)};
int main(void) { return t_run(tests, T_COUNT(tests)); }
