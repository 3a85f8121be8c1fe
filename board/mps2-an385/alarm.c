/* SPDX-License-Identifier: MIT
 * alarm.c - mps2-an385: a periodic interrupt, from CMSDK timer 1; 1.6 ticks an instruction. */
#include "board.h"
#include "boot.h"
#include "ouro/port.h"

struct cmsdk_timer {
    volatile uint32_t ctrl, value, reload, interrupt;
};
static struct cmsdk_timer *const timer = (struct cmsdk_timer *)0x40001000u;

enum { CTRL_ON = 1 << 0, CTRL_INTERRUPT = 1 << 3 };

static void (*alarm_handler)(void);

void ouro_port_every(uint32_t instructions, void (*handler)(void))
{
    uint32_t ticks = (uint32_t)((uint64_t)instructions * 8u / 5u);
    boot_irq_enable(ALARM_IRQ, false);
    timer->ctrl = 0;
    timer->interrupt = 1;
    alarm_handler = handler;
    if (!handler) return;
    timer->reload = ticks - 1u;
    timer->value = ticks - 1u;
    timer->ctrl = CTRL_ON | CTRL_INTERRUPT;
    boot_irq_enable(ALARM_IRQ, true);
}

void alarm_rang(void)
{
    timer->interrupt = 1;
    alarm_handler();
}
