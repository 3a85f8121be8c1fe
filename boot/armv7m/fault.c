/* SPDX-License-Identifier: MIT
 * fault.c - every fault of ARMv7-M: collect the registers, leave the exception, report.
 *
 * The entry pushes nothing before it has switched to the emergency stack: the fault may be the
 * stack's own.  The report runs in thread mode, entered by returning from the exception with a
 * frame of our making, since a second fault inside a HardFault would lock the processor up. */
#include "fault.h"

#include <stddef.h>

#include "boot.h"
#include "layout.h"
#include "mprofile/frame.h"
#include "scs.h"

enum { PSR_THUMB = 1 << 24 };

static const struct fault_text cfsr_texts[] = {
    {1u << 0, 1u << 0, "instruction access violation"},
    {1u << 1, 1u << 1, "data access violation"},
    {1u << 3, 1u << 3, "access violation on exception return"},
    {1u << 4, 1u << 4, "access violation on exception entry"},
    {1u << 5, 1u << 5, "access violation saving FPU registers"},
    {1u << 7, 1u << 7, "MMFAR valid"},
    {1u << 8, 1u << 8, "instruction bus error"},
    {1u << 9, 1u << 9, "precise data bus error"},
    {1u << 10, 1u << 10, "imprecise data bus error"},
    {1u << 11, 1u << 11, "bus error on exception return"},
    {1u << 12, 1u << 12, "bus error on exception entry"},
    {1u << 13, 1u << 13, "bus error saving FPU registers"},
    {1u << 15, 1u << 15, "BFAR valid"},
    {1u << 16, 1u << 16, "undefined instruction"},
    {1u << 17, 1u << 17, "invalid state: not Thumb code"},
    {1u << 18, 1u << 18, "invalid exception return"},
    {1u << 19, 1u << 19, "no coprocessor"},
    {1u << 24, 1u << 24, "unaligned access"},
    {1u << 25, 1u << 25, "division by zero"},
    {0, 0, NULL},
};
static const struct fault_text hfsr_texts[] = {
    {1u << 1, 1u << 1, "bus error reading a vector"},
    {1u << 31, 1u << 31, "breakpoint without a debugger"},
    {1u << 30, 1u << 30, "escalated to HardFault"},
    {0, 0, NULL},
};
static const struct fault_text exception_texts[] = {
    {0x1ff, 2, "NMI"},
    {0x1ff, 3, "HardFault"},
    {0x1ff, 4, "MemManage fault"},
    {0x1ff, 5, "bus fault"},
    {0x1ff, 6, "usage fault"},
    {0x1ff, 11, "unexpected SVCall"},
    {0x1ff, 12, "debug monitor"},
    {0x1ff, 14, "unexpected PendSV"},
    {0x1ff, 15, "unexpected SysTick"},
    {0, 0, NULL},
};

static uint32_t fault_saved[12];
static struct fault_report report;

void fault_entry(void);
struct frame *fault_collect(uint32_t sp, uint32_t exc_return);

/* Fill in the report, and make the frame that leads to fault_print() in thread mode. */
struct frame *fault_collect(uint32_t sp, uint32_t exc_return)
{
    (void)exc_return;
    fault_enter();
    uint32_t cfsr = SCB_CFSR, exception;
    __asm__ volatile("mrs %0, ipsr" : "=r"(exception));

    for (unsigned i = 0; i < 12u; i++) report.at.r[i] = fault_saved[i];
    report.at.r[REG_SP] = sp + FRAME_BYTES;
    report.at.is_exact = true;
    report.is_frame_lost =
        (cfsr & (CFSR_MSTKERR | CFSR_STKERR)) != 0u || !frame_restore(&report.at, sp, &report.psr);
    report.words[0] = (struct fault_word){"cfsr", cfsr, cfsr_texts};
    report.words[1] = (struct fault_word){"hfsr", SCB_HFSR, hfsr_texts};
    report.words[2] = (struct fault_word){"exc ", exception, exception_texts};
    report.is_address_known = (cfsr & (CFSR_MMARVALID | CFSR_BFARVALID)) != 0u;
    report.address = (cfsr & CFSR_MMARVALID) != 0u ? SCB_MMFAR : SCB_BFAR;

    struct frame *frame = (struct frame *)((uint32_t)layout_emergency_top - FRAME_BYTES);
    *frame = (struct frame){.r0 = (uint32_t)&report, .lr = UINT32_MAX, .psr = PSR_THUMB};
    frame->pc = (uint32_t)fault_print & ~1u;
    return frame;
}

__attribute__((naked)) void fault_entry(void)
{
    __asm__("ldr r12, =%c0\n\t"
            "stmia r12, {r0-r11}\n\t"
            "tst lr, #4\n\tite eq\n\tmrseq r0, msp\n\tmrsne r0, psp\n\t"
            "mov r1, lr\n\t"
            "ldr r2, =layout_emergency_top\n\tsubs r2, %1\n\tmsr msp, r2\n\t"
            "bl fault_collect\n\t"
            "msr msp, r0\n\t"
            "mvn lr, #6\n\tbx lr" /* 0xfffffff9: thread mode, main stack */
            :
            : "i"(fault_saved), "i"(FRAME_BYTES));
}
