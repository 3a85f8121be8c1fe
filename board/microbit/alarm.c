/* SPDX-License-Identifier: MIT
 * alarm.c - microbit: a periodic interrupt, from TIMER1 of the nRF51, which counts 16 bits of
 * 1.024 ticks an instruction; a longer period counts ticks of twice, four times... the length. */
#include "board.h"
#include "boot.h"
#include "ouro/port.h"

enum { SHORT_CLEAR_AT_0 = 1, TICKS_MOST = 0xffff };

static void (*alarm_handler)(void);

void ouro_port_every(uint32_t instructions, void (*handler)(void))
{
    uint32_t ticks = (uint32_t)((uint64_t)instructions * 128u / 125u), prescaler = 0;
    boot_irq_enable(ALARM_IRQ, false);
    TIMER(1, TIMER_STOP) = 1;
    TIMER(1, TIMER_CLEAR) = 1;
    TIMER(1, TIMER_COMPARE0) = 0;
    alarm_handler = handler;
    if (!handler) return;
    for (; ticks > TICKS_MOST; ticks /= 2u) prescaler++;
    TIMER(1, TIMER_BITMODE) = TIMER_16_BITS;
    TIMER(1, TIMER_PRESCALER) = prescaler;
    TIMER(1, TIMER_CC0) = ticks;
    TIMER(1, TIMER_SHORTS) = SHORT_CLEAR_AT_0;
    TIMER(1, TIMER_INTENSET) = TIMER_INTERRUPT0;
    TIMER(1, TIMER_START) = 1;
    boot_irq_enable(ALARM_IRQ, true);
}

void alarm_rang(void)
{
    TIMER(1, TIMER_COMPARE0) = 0;
    alarm_handler();
}
