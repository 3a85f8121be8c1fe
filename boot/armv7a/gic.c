/* SPDX-License-Identifier: MIT
 * gic.c - GICv2: one core, one priority, level-triggered interrupts. */
#include "boot.h"
#include "gic.h"
#include "ouro/port.h"
#include "vectors.h"

#define WORD(base, offset) (*(volatile uint32_t *)((base) + (offset)))
#define GICD_CTLR          WORD(board_gic_distributor, 0x000u)
#define GICD_ISENABLER(n)  WORD(board_gic_distributor, 0x100u + 4u * (n))
#define GICD_ICENABLER(n)  WORD(board_gic_distributor, 0x180u + 4u * (n))
#define GICD_ITARGETSR(n)  (*(volatile uint8_t *)(board_gic_distributor + 0x800u + (n)))
#define GICC_CTLR          WORD(board_gic_cpu, 0x00u)
#define GICC_PMR           WORD(board_gic_cpu, 0x04u)
#define GICC_IAR           WORD(board_gic_cpu, 0x0cu)
#define GICC_EOIR          WORD(board_gic_cpu, 0x10u)

enum { IRQ_MASK = 0x3ff, FIRST_SPECIAL_IRQ = 1020 };

void gic_init(void)
{
    GICD_CTLR = 1;
    GICC_PMR = 0xff;
    GICC_CTLR = 1;
}

void boot_irq_enable(unsigned irq, bool on)
{
    GICD_ITARGETSR(irq) = 1; /* to this core */
    if (on) {
        GICD_ISENABLER(irq / 32u) = 1u << irq % 32u;
    } else {
        GICD_ICENABLER(irq / 32u) = 1u << irq % 32u;
        __asm__ volatile("dsb\n\tisb" ::: "memory");
    }
}

static volatile bool is_in_handler; /* the mode does not tell: handlers run in System mode */

_Bool ouro_port_in_handler(void) { return is_in_handler; }

void gic_dispatch(void)
{
    uint32_t acknowledged = GICC_IAR;
    unsigned irq = acknowledged & IRQ_MASK;
    if (irq >= FIRST_SPECIAL_IRQ) return; /* it went away meanwhile */
    is_in_handler = true;
    board_irq(irq);
    is_in_handler = false;
    GICC_EOIR = acknowledged;
}
