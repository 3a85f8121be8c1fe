/* SPDX-License-Identifier: MIT
 * fault.c - every fault of ARMv7-A, collected for the report.
 *
 * vectors.c has stored the registers and entered System mode on the emergency stack. */
#include "fault.h"

#include <stddef.h>

#include "vectors.h"

enum { PSR_THUMB = 1 << 5 };

static const struct fault_text fsr_texts[] = {
    {0x40f, 0x001, "unaligned access"},
    {0x40f, 0x002, "debug event"},
    {0x40f, 0x003, "access flag fault, section"},
    {0x40f, 0x004, "instruction cache maintenance fault"},
    {0x40f, 0x005, "address not mapped, section"},
    {0x40f, 0x006, "access flag fault, page"},
    {0x40f, 0x007, "address not mapped, page"},
    {0x40f, 0x008, "bus error"},
    {0x40f, 0x009, "domain fault, section"},
    {0x40f, 0x00b, "domain fault, page"},
    {0x40f, 0x00c, "bus error reading the first-level table"},
    {0x40f, 0x00d, "access violation, section"},
    {0x40f, 0x00e, "bus error reading the second-level table"},
    {0x40f, 0x00f, "access violation, page"},
    {0x40f, 0x406, "imprecise bus error"},
    {0x800, 0x800, "on a write"},
    {0, 0, NULL},
};
static const struct fault_text vector_texts[] = {
    {7, VECTOR_UNDEFINED, "undefined instruction"},
    {7, VECTOR_SUPERVISOR, "unexpected supervisor call"},
    {7, VECTOR_PREFETCH, "prefetch abort"},
    {7, VECTOR_DATA, "data abort"},
    {7, VECTOR_FIQ, "unexpected FIQ"},
    {0, 0, NULL},
};

uint32_t fault_saved[15];

bool unwind_cross_exception(struct unwind *u)
{
    uint32_t sp = u->r[REG_SP];
    if ((u->r[REG_PC] & ~1u) != (uint32_t)irq_return) return false;
    if (sp % 4u != 0u || !unwind_is_readable(sp, sizeof(struct irq_frame) + 4u)) return false;
    sp += ((const struct irq_frame *)sp)->padding_bytes & 4u;
    const struct irq_frame *frame = (const struct irq_frame *)sp;
    for (unsigned i = 0; i < 4u; i++) u->r[i] = frame->r0_r3[i];
    u->r[12] = frame->r12;
    u->r[REG_LR] = frame->lr;
    u->r[REG_PC] = frame->pc;
    u->r[REG_SP] = sp + sizeof(struct irq_frame);
    u->is_exact = true;
    return true;
}

/* How far the banked LR lies behind the instruction at fault. */
static uint32_t lr_offset(enum fault_vector vector, uint32_t spsr)
{
    switch (vector) {
    case VECTOR_DATA: return 8;
    case VECTOR_UNDEFINED:
    case VECTOR_SUPERVISOR: return (spsr & PSR_THUMB) != 0u ? 2 : 4;
    case VECTOR_PREFETCH:
    case VECTOR_FIQ:
    default: return 4;
    }
}

_Noreturn void fault_collect(enum fault_vector vector, uint32_t lr, uint32_t spsr)
{
    static struct fault_report report;
    fault_enter();
    for (unsigned i = 0; i < 15u; i++) report.at.r[i] = fault_saved[i];
    report.at.r[REG_PC] = lr - lr_offset(vector, spsr);
    report.at.is_exact = true;
    report.psr = spsr;
    report.words[2] = (struct fault_word){"exc ", vector, vector_texts};
    if (vector == VECTOR_DATA) {
        uint32_t dfsr;
        __asm__ volatile("mrc p15, 0, %0, c5, c0, 0" : "=r"(dfsr));
        __asm__ volatile("mrc p15, 0, %0, c6, c0, 0" : "=r"(report.address));
        report.words[0] = (struct fault_word){"dfsr", dfsr, fsr_texts};
        report.is_address_known = true;
    }
    if (vector == VECTOR_PREFETCH) {
        uint32_t ifsr;
        __asm__ volatile("mrc p15, 0, %0, c5, c0, 1" : "=r"(ifsr));
        __asm__ volatile("mrc p15, 0, %0, c6, c0, 2" : "=r"(report.address));
        report.words[0] = (struct fault_word){"ifsr", ifsr, fsr_texts};
        report.is_address_known = true;
    }
    fault_print(&report);
}
