/* SPDX-License-Identifier: MIT
 * ticks.c - mps2-an385: instructions since reset, from CMSDK timer 0.
 *
 * The timer counts down at 25 MHz, 32 bits.  Under `-icount shift=6` an instruction takes 64 ns,
 * that is 1.6 ticks, so round(ticks * 5 / 8) is the number of instructions, exactly.  The timer
 * wraps every 2.7 G instructions; its interrupt counts the wraps. */
#include "board.h"
#include "boot.h"
#include "ouro/port.h"

struct cmsdk_timer {
    volatile uint32_t ctrl, value, reload, interrupt;
};
static struct cmsdk_timer *const timer = (struct cmsdk_timer *)0x40000000u;

enum { CTRL_ON = 1 << 0, CTRL_INTERRUPT = 1 << 3 };

static volatile uint32_t wraps;

void ticks_init(void)
{
    timer->reload = UINT32_MAX;
    timer->value = UINT32_MAX;
    timer->ctrl = CTRL_ON | CTRL_INTERRUPT;
    boot_irq_enable(TICKS_IRQ, true);
}

void ticks_wrapped(void)
{
    timer->interrupt = 1;
    wraps++;
}

uint64_t ouro_port_instructions(void)
{
    uint32_t high, pending, value;
    do {
        high = wraps;
        value = timer->value;
        pending = timer->interrupt; /* a wrap that has not been counted yet */
        if (pending != 0u) value = timer->value;
    } while (high != wraps);
    uint64_t ticks = (uint64_t)(high + pending) << 32 | (UINT32_MAX - value);
    return (ticks * 5u + 4u) / 8u;
}
