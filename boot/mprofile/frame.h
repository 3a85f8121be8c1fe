/* SPDX-License-Identifier: MIT
 * frame.h - exceptions of Cortex-M, whichever architecture: what their entry stores. */
#ifndef FRAME_H
#define FRAME_H

#include "unwind.h"

enum { FRAME_BYTES = 32 };

struct frame {
    uint32_t r0, r1, r2, r3, r12, lr, pc, psr;
};

/* Continue with the program that the frame at `sp` was saved from.
 *   returns  false if there can be no frame */
bool frame_restore(struct unwind *u, uint32_t sp, uint32_t *psr);

/* The handler of each external interrupt: calls board_irq(). */
void irq_entry(void);

#endif
