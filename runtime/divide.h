/* SPDX-License-Identifier: MIT
 * divide.h - division of 64 bits, in a tenth of the code of the compiler's.
 *
 * That is unrolled and costs a program 0.9 KiB.  What divides here seldom has more than 32 bits. */
#ifndef OURO_RUNTIME_DIVIDE_H
#define OURO_RUNTIME_DIVIDE_H

#include <stdint.h>

/* a / b, b not 0, and in *rest a % b.  O(1): 30 instructions if both fit in 32 bits and the
 * processor divides, up to 1,300 otherwise. */
uint64_t divide(uint64_t a, uint64_t b, uint64_t *rest);

#endif
