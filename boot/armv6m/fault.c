/* SPDX-License-Identifier: MIT
 * fault.c - every fault of ARMv6-M, which tells no cause: all come as HardFault.
 *
 * The entry pushes nothing before it has switched to the emergency stack: the fault may be the
 * stack's own.  The report runs in the handler; a second fault in there locks the processor up. */
#include "fault.h"

#include <stddef.h>

#include "boot.h"
#include "layout.h"
#include "mprofile/frame.h"

enum { SAVED_REGISTERS = 12 };

static const struct fault_text exception_texts[] = {
    {0x1ff, 2, "NMI"},
    {0x1ff, 3, "HardFault"},
    {0x1ff, 11, "unexpected SVCall"},
    {0x1ff, 14, "unexpected PendSV"},
    {0x1ff, 15, "unexpected SysTick"},
    {0, 0, NULL},
};

static uint32_t fault_saved[SAVED_REGISTERS]; /* r1 to r11, r0 */

void fault_entry(void);
_Noreturn void fault_collect(uint32_t sp);

_Noreturn void fault_collect(uint32_t sp)
{
    static struct fault_report report;
    uint32_t exception;
    fault_enter();
    __asm__ volatile("mrs %0, ipsr" : "=r"(exception));
    for (unsigned i = 0; i < SAVED_REGISTERS; i++) {
        report.at.r[(i + 1u) % SAVED_REGISTERS] = fault_saved[i];
    }
    report.at.r[REG_SP] = sp + FRAME_BYTES;
    report.at.is_exact = true;
    report.is_frame_lost = !frame_restore(&report.at, sp, &report.psr);
    report.words[0] = (struct fault_word){"exc ", exception, exception_texts};
    fault_print(&report);
}

__attribute__((naked)) void fault_entry(void)
{
    __asm__(".syntax unified\n\t"
            "mov r12, r0\n\t"
            "ldr r0, =%c0\n\t"
            "stmia r0!, {r1-r7}\n\t"
            "mov r1, r8\n\tmov r2, r9\n\tmov r3, r10\n\tmov r4, r11\n\tmov r5, r12\n\t"
            "stmia r0!, {r1-r5}\n\t"
            "mrs r0, msp\n\t"
            "ldr r1, =layout_emergency_top\n\tmov sp, r1\n\t"
            "bl fault_collect"
            :
            : "i"(fault_saved));
}
