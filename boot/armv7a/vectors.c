/* SPDX-License-Identifier: MIT
 * vectors.c - reset and exception entries of ARMv7-A, the part that C cannot say.
 *
 * All code runs in System mode on one stack.  An interrupt saves its frame on that stack (srs) and
 * stays in System mode, so that a backtrace simply crosses it (fault.c knows the frame).  Each
 * exception that means a defect has its banked SP set to fault_saved: it stores the registers
 * there and leaves for fault_collect() on the emergency stack, again in System mode, so that a
 * second fault is taken like the first.
 *
 * Exceptions are taken in ARM state.  The table at address 0 serves the reset alone; the one that
 * counts afterwards (VBAR) is exception_table, since page 0 is closed. */
#include "boot.h"
#include "vectors.h"

#define ARM_CODE __attribute__((naked, target("arm")))

_Noreturn void reset_entry(void);
void reset_vector(void);
void exception_table(void);
void fault_undefined(void);
void fault_supervisor(void);
void fault_prefetch(void);
void fault_data(void);
void fault_fiq(void);
void irq_entry(void);

__attribute__((used, section(".vectors"))) ARM_CODE void reset_vector(void)
{
    __asm__("ldr pc, =reset_entry");
}

ARM_CODE __attribute__((aligned(32))) void exception_table(void)
{
    __asm__("b reset_entry\n\t"
            "b fault_undefined\n\t"
            "b fault_supervisor\n\t"
            "b fault_prefetch\n\t"
            "b fault_data\n\t"
            "nop\n\t"
            "b irq_entry\n\t"
            "b fault_fiq");
}

ARM_CODE _Noreturn void reset_entry(void)
{
    __asm__("ldr r0, =fault_saved\n\t"
            "cpsid if, #0x11\n\tmov sp, r0\n\t"
            "cps #0x13\n\tmov sp, r0\n\t"
            "cps #0x17\n\tmov sp, r0\n\t"
            "cps #0x1b\n\tmov sp, r0\n\t"
            "cps #0x1f\n\tldr sp, =layout_stack_top\n\t"
            "ldr r0, =exception_table\n\tmcr p15, 0, r0, c12, c0, 0\n\t" /* VBAR */
            "mrc p15, 0, r0, c1, c0, 2\n\torr r0, #0xf00000\n\t"         /* CPACR: FPU */
            "mcr p15, 0, r0, c1, c0, 2\n\tisb\n\t"
            "mov r0, #0x40000000\n\tvmsr fpexc, r0\n\t"
            "mvn lr, #0\n\t"
            "ldr r0, =boot_reset\n\tbx r0");
}

#define FAULT(name, vector)                                                                        \
    ARM_CODE void name(void)                                                                       \
    {                                                                                              \
        __asm__("stmia sp, {r0-r12}\n\tadd r3, sp, #52\n\tstmia r3, {sp, lr}^\n\tnop\n\t"          \
                "mov r0, #" #vector "\n\tmov r1, lr\n\tmrs r2, spsr\n\t"                           \
                "ldr r3, =layout_emergency_top\n\tcpsid if, #0x1f\n\tmov sp, r3\n\t"               \
                "ldr r3, =fault_collect\n\tbx r3");                                                \
    }
FAULT(fault_undefined, 1)
FAULT(fault_supervisor, 2)
FAULT(fault_prefetch, 3)
FAULT(fault_data, 4)
FAULT(fault_fiq, 7)

/* The frame is struct irq_frame.  All of the FPU that a call may change is saved. */
ARM_CODE void irq_entry(void)
{
    __asm__("clrex\n\tsub lr, lr, #4\n\tsrsdb sp!, #0x1f\n\tcps #0x1f\n\t"
            "push {r0-r3, r12, lr}\n\t"
            "and r1, sp, #4\n\tsub sp, sp, r1\n\t"
            "vpush {d0-d7}\n\tvpush {d16-d31}\n\tvmrs r2, fpscr\n\tpush {r1, r2}\n\t"
            "bl gic_dispatch\n\t"
            ".global irq_return\nirq_return:\n\t"
            "pop {r1, r2}\n\tvmsr fpscr, r2\n\tvpop {d16-d31}\n\tvpop {d0-d7}\n\t"
            "add sp, sp, r1\n\t"
            "pop {r0-r3, r12, lr}\n\trfeia sp!");
}
