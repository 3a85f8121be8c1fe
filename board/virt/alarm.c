/* SPDX-License-Identifier: MIT
 * alarm.c - virt: a periodic interrupt, from the virtual timer; one tick an instruction.
 *
 * The next time is computed from the last one, not from now, so that no delay adds up. */
#include "board.h"
#include "boot.h"
#include "ouro/port.h"

static void (*alarm_handler)(void);
static uint64_t alarm_next;
static uint32_t alarm_period;

static void compare_write(uint64_t ticks)
{
    __asm__ volatile("mcrr p15, 3, %0, %1, c14"
                     :
                     : "r"((uint32_t)ticks), "r"((uint32_t)(ticks >> 32)));
}

static void control_write(uint32_t value)
{
    __asm__ volatile("mcr p15, 0, %0, c14, c3, 1\n\tisb" : : "r"(value));
}

void ouro_port_every(uint32_t instructions, void (*handler)(void))
{
    boot_irq_enable(ALARM_IRQ, false);
    control_write(0);
    alarm_handler = handler;
    if (!handler) return;
    alarm_period = instructions;
    alarm_next = ouro_port_instructions() + instructions;
    compare_write(alarm_next);
    control_write(1);
    boot_irq_enable(ALARM_IRQ, true);
}

void alarm_rang(void)
{
    alarm_next += alarm_period;
    compare_write(alarm_next);
    alarm_handler();
}
