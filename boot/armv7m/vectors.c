/* SPDX-License-Identifier: MIT
 * vectors.c - the vector table and the interrupts it leads to.
 *
 * The table lies at address 0, under the null guard of the MPU: exceptions are fetched from there
 * all the same.  Each exception that means a defect leads to one entry, fault_entry. */
#include "boot.h"
#include "layout.h"
#include "mprofile/frame.h"
#include "scs.h"

enum { SYSTEM_VECTORS = 16, EXTERNAL_VECTORS = 32, IRQ_PRIORITY = 0x80 };

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
    [3] = {.handler = fault_entry},  /* HardFault */
    [4] = {.handler = fault_entry},  /* MemManage */
    [5] = {.handler = fault_entry},  /* BusFault */
    [6] = {.handler = fault_entry},  /* UsageFault */
    [11] = {.handler = fault_entry}, /* SVCall: nobody calls */
    [12] = {.handler = fault_entry}, /* DebugMonitor */
    [14] = {.handler = fault_entry}, /* PendSV */
    [15] = {.handler = fault_entry}, /* SysTick: not used */
    [SYSTEM_VECTORS... SYSTEM_VECTORS + EXTERNAL_VECTORS - 1] = {.handler = irq_entry},
};

void boot_irq_enable(unsigned irq, bool on)
{
    NVIC_IPR(irq) = IRQ_PRIORITY; /* below the faults, so that a handler's own are taken */
    if (on) {
        NVIC_ISER(irq / 32u) = 1u << irq % 32u;
    } else {
        NVIC_ICER(irq / 32u) = 1u << irq % 32u;
        __asm__ volatile("dsb\n\tisb" ::: "memory");
    }
}
