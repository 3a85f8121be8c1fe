/* SPDX-License-Identifier: MIT
 * fmt.c - integers as text.
 *
 * A 64-bit division would pull in some hundred bytes of compiler library on a 32-bit processor, so
 * a digit is split off by schoolbook division in pieces that fit a word.  Digits come lowest first;
 * they are written from the end of a small buffer and copied. */
#include "ouro/diag.h"

#include <string.h>

#include "check.h"

/* Divide the number of halves high:low by 10 in place; returns the remainder. */
static uint32_t divide_by_10(uint32_t *high, uint32_t *low)
{
    uint32_t middle = (*high % 10u) << 16 | *low >> 16;
    uint32_t last = (middle % 10u) << 16 | (*low & 0xffffu);
    *high /= 10u;
    *low = (middle / 10u) << 16 | last / 10u;
    return last % 10u;
}

size_t ouro_format_int(char *out, int64_t value)
{
    char buffer[20]; /* "-9223372036854775808" */
    char *at = buffer + sizeof(buffer);
    uint64_t magnitude = value < 0 ? 0u - (uint64_t)value : (uint64_t)value;
    uint32_t high = (uint32_t)(magnitude >> 32), low = (uint32_t)magnitude;
    do *--at = (char)('0' + divide_by_10(&high, &low));
    while ((high | low) != 0u);
    if (value < 0) *--at = '-';
    size_t length = (size_t)(buffer + sizeof(buffer) - at);
    memcpy(out, at, length);
    return length;
}

size_t ouro_format_hex(char *out, uint64_t value, unsigned digits)
{
    size_t length = 1;
    for (uint64_t rest = value >> 4; rest != 0u || length < digits; rest >>= 4) length++;
    for (size_t i = length; i-- > 0u; value >>= 4) out[i] = "0123456789abcdef"[value & 15u];
    return length;
}
