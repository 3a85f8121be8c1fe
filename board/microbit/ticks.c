/* SPDX-License-Identifier: MIT
 * ticks.c - microbit: instructions since reset, from TIMER0 of the nRF51.
 *
 * It counts up at 16 MHz, 32 bits.  Under `-icount shift=6` an instruction takes 64 ns, that is
 * 1.024 ticks, so ticks * 125 / 128 is the number of instructions.  The timer wraps every 4.2 G
 * instructions; its interrupt counts how often it was half-way to that. */
#include "board.h"
#include "boot.h"
#include "ouro/port.h"

static const uint32_t half_way = 0x80000000u;
static volatile uint32_t halves;

void ticks_init(void)
{
    TIMER(0, TIMER_BITMODE) = TIMER_32_BITS;
    TIMER(0, TIMER_PRESCALER) = 0;
    TIMER(0, TIMER_CC1) = half_way;
    TIMER(0, TIMER_INTENSET) = TIMER_INTERRUPT1;
    TIMER(0, TIMER_START) = 1;
    boot_irq_enable(TICKS_IRQ, true);
}

void ticks_half_way(void)
{
    TIMER(0, TIMER_COMPARE1) = 0;
    halves++;
}

static uint32_t capture(void)
{
    TIMER(0, TIMER_CAPTURE0) = 1;
    return TIMER(0, TIMER_CC0);
}

uint64_t ouro_port_instructions(void)
{
    uint32_t high, pending, value;
    do {
        high = halves;
        value = capture();
        pending = TIMER(0, TIMER_COMPARE1); /* one that has not been counted yet */
        if (pending != 0u) value = capture();
    } while (high != halves);
    high += pending;
    if (value >= half_way) high--;
    uint64_t ticks = (uint64_t)high << 32 | value;
    return (ticks * 125u + 64u) / 128u;
}
