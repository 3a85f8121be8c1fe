/* SPDX-License-Identifier: MIT
 * board.h - microbit: what the files of this folder share. */
#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

enum { TICKS_IRQ = 8, ALARM_IRQ = 9 };

/* Timer `n` of the nRF51, its registers as words. */
#define TIMER(n, offset) (*(volatile uint32_t *)(0x40008000u + 0x1000u * (n) + (offset)))
enum timer_offset {
    TIMER_START = 0x000,
    TIMER_STOP = 0x004,
    TIMER_CLEAR = 0x00c,
    TIMER_CAPTURE0 = 0x040,
    TIMER_COMPARE0 = 0x140, /* events */
    TIMER_COMPARE1 = 0x144,
    TIMER_COMPARE2 = 0x148,
    TIMER_SHORTS = 0x200,
    TIMER_INTENSET = 0x304,
    TIMER_BITMODE = 0x508,
    TIMER_PRESCALER = 0x510,
    TIMER_CC0 = 0x540,
    TIMER_CC1 = 0x544,
    TIMER_CC2 = 0x548,
};
enum {
    TIMER_INTERRUPT0 = 1 << 16,
    TIMER_INTERRUPT1 = 1 << 17,
    TIMER_INTERRUPT2 = 1 << 18,
    TIMER_16_BITS = 0,
    TIMER_32_BITS = 3,
};

void uart_init(void);
void ticks_init(void);
/* The tick counter is half-way to 0. */
void ticks_half_way(void);
/* The alarm's timer reached its period. */
void alarm_rang(void);

#endif
