/* SPDX-License-Identifier: MIT
 * exclusive.c - a stack that handlers share with the main loop, by exclusive access (ARMv7).
 *
 * Taking or leaving an exception clears the exclusive monitor (ARMv7-M does so by itself, the entry
 * of boot/armv7a with clrex), so that a store succeeds only if nobody interrupted since the load: a
 * top that was popped and pushed again meanwhile is no danger, as it would be for a comparison of
 * values. */
#include "ouro/port.h"

enum { LOWER = 0xffff, HANDED_OUT_ONE = 0x10000, HANDED_OUT_SHIFT = 16 };

static inline uint32_t load_exclusive(const volatile uint32_t *at)
{
    uint32_t value;
    __asm__ volatile("ldrex %0, %1" : "=r"(value) : "Q"(*at) : "memory");
    return value;
}

/* False if somebody interrupted since the load. */
/* NOLINTNEXTLINE(readability-non-const-parameter): the assembly writes there */
static inline _Bool store_exclusive(volatile uint32_t *at, uint32_t value)
{
    uint32_t failed;
    __asm__ volatile("strex %0, %2, %1" : "=&r"(failed), "=Q"(*at) : "r"(value) : "memory");
    return failed == 0u;
}

uint32_t ouro_port_pop(volatile uint32_t *stack, const volatile uint16_t *below, uint32_t count)
{
    uint32_t word, top;
    do {
        word = load_exclusive(stack);
        top = word & LOWER;
        if (top != 0u) {
            word = (word & ~(uint32_t)LOWER) | below[top];
        } else {
            top = (word >> HANDED_OUT_SHIFT) + 1u;
            if (top > count) return 0;
            word += HANDED_OUT_ONE;
        }
    } while (!store_exclusive(stack, word));
    return top;
}

void ouro_port_push(volatile uint32_t *stack, volatile uint16_t *below, uint32_t number)
{
    uint32_t word, top;
    do {
        top = *stack & LOWER;
        below[number] = (uint16_t)top; /* no other store between the two exclusive accesses */
        word = load_exclusive(stack);
    } while ((word & LOWER) != top || !store_exclusive(stack, (word & ~(uint32_t)LOWER) | number));
}
