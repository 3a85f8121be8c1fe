/* SPDX-License-Identifier: MIT
 * ticks.c - microbit: instructions since reset, from TIMER0 of the nRF51.
 *
 * It counts up at 16 MHz, 32 bits.  Under `-icount shift=6` an instruction takes 64 ns, that is
 * 1.024 ticks, so ticks * 125 / 128 is the number of instructions.  The timer wraps every 4.2 G
 * instructions; its interrupts count how often it was half-way to that, and at 0 again.  They take
 * turns, so that one that comes twice, as it may if it is served within a tick, counts once. */
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
    TIMER(0, TIMER_CC2) = 0;
    TIMER(0, TIMER_INTENSET) = TIMER_INTERRUPT1 | TIMER_INTERRUPT2;
    TIMER(0, TIMER_START) = 1;
    boot_irq_enable(TICKS_IRQ, true);
}

void ticks_half_way(void)
{
    bool is_in_first_half = halves % 2u == 0;
    bool was_half_way = TIMER(0, TIMER_COMPARE1) != 0, was_at_0 = TIMER(0, TIMER_COMPARE2) != 0;
    TIMER(0, TIMER_COMPARE1) = TIMER(0, TIMER_COMPARE2) = 0;
    if (is_in_first_half ? was_half_way : was_at_0) halves++;
}

static uint32_t capture(void)
{
    TIMER(0, TIMER_CAPTURE0) = 1;
    return TIMER(0, TIMER_CC0);
}

uint64_t ouro_port_instructions(void)
{
    uint32_t count, value;
    do {
        count = halves;
        value = capture();
    } while (count != halves);
    if (count % 2u != (value >= half_way)) count++; /* it has not been counted yet */
    uint32_t high = count / 2u;
    uint64_t ticks = (uint64_t)high << 32 | value;
    return (ticks * 125u + 64u) / 128u;
}
