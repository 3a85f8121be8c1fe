/* SPDX-License-Identifier: MIT
 * divide.c - see divide.h. */
#include "divide.h"

uint64_t divide(uint64_t a, uint64_t b, uint64_t *rest)
{
    uint64_t quotient = 0, bit = 1;
    if ((a | b) >> 32 == 0) {
        *rest = (uint32_t)a % (uint32_t)b;
        return (uint32_t)a / (uint32_t)b;
    }
    for (; b <= a >> 1; b <<= 1) bit <<= 1;
    for (; bit; bit >>= 1, b >>= 1) {
        if (a < b) continue;
        a -= b;
        quotient |= bit;
    }
    *rest = a;
    return quotient;
}
