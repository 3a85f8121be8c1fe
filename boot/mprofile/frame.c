/* SPDX-License-Identifier: MIT
 * frame.c - from an exception of Cortex-M back to the program that it interrupted. */
#include "frame.h"

enum { FRAME_PSR_PADDED = 1 << 9 };

bool frame_restore(struct unwind *u, uint32_t sp, uint32_t *psr)
{
    if (sp % 4u != 0u || !unwind_is_readable(sp, FRAME_BYTES)) return false;
    const struct frame *frame = (const struct frame *)sp;
    u->r[0] = frame->r0;
    u->r[1] = frame->r1;
    u->r[2] = frame->r2;
    u->r[3] = frame->r3;
    u->r[12] = frame->r12;
    u->r[REG_LR] = frame->lr;
    u->r[REG_PC] = frame->pc;
    u->r[REG_SP] = sp + FRAME_BYTES + ((frame->psr & FRAME_PSR_PADDED) != 0u ? 4u : 0u);
    u->is_exact = true;
    *psr = frame->psr;
    return true;
}

bool unwind_cross_exception(struct unwind *u)
{
    uint32_t psr, sp = u->r[REG_SP];
    if (u->r[REG_PC] < 0xffffffe0u || (u->r[REG_PC] & 0xfu) == 0xfu) return false;
    if ((u->r[REG_PC] & 4u) != 0u) __asm__("mrs %0, psp" : "=r"(sp));
    return frame_restore(u, sp, &psr);
}
