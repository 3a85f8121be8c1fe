/* SPDX-License-Identifier: MIT
 * vectors.c - the vector table of ARMv6-M, and its interrupt controller. */
#include "boot.h"
#include "layout.h"
#include "mprofile/frame.h"

enum { SYSTEM_VECTORS = 16, EXTERNAL_VECTORS = 32 };

#define NVIC_ISER (*(volatile uint32_t *)0xe000e100u)
#define NVIC_ICER (*(volatile uint32_t *)0xe000e180u)

void fault_entry(void);

union vector {
    const void *stack;
    void (*handler)(void);
};

__attribute__((
    used,
    section(".vectors"))) static const union vector vectors[SYSTEM_VECTORS + EXTERNAL_VECTORS] = {
    [0] = {.stack = layout_stack_top},
    [1] = {.handler = boot_reset},
    [2] = {.handler = fault_entry},  /* NMI */
    [3] = {.handler = fault_entry},  /* HardFault: every fault there is */
    [11] = {.handler = fault_entry}, /* SVCall: nobody calls */
    [14] = {.handler = fault_entry}, /* PendSV */
    [15] = {.handler = fault_entry}, /* SysTick: not used */
    [SYSTEM_VECTORS... SYSTEM_VECTORS + EXTERNAL_VECTORS - 1] = {.handler = irq_entry},
};

/* Every interrupt has the priority of reset, which is below HardFault's. */
void boot_irq_enable(unsigned irq, bool on)
{
    if (on) {
        NVIC_ISER = 1u << irq;
    } else {
        NVIC_ICER = 1u << irq;
        __asm__ volatile("dsb\n\tisb" ::: "memory");
    }
}
