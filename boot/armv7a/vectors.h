/* SPDX-License-Identifier: MIT
 * vectors.h - what the exception entries share with C. */
#ifndef VECTORS_H
#define VECTORS_H

#include <stdint.h>

/* Registers r0-r12, and SP and LR of System mode, at the moment of a fault. */
extern uint32_t fault_saved[15];

enum fault_vector {
    VECTOR_UNDEFINED = 1,
    VECTOR_SUPERVISOR = 2,
    VECTOR_PREFETCH = 3,
    VECTOR_DATA = 4,
    VECTOR_FIQ = 7,
};
/* A fault was taken: `lr` and `spsr` are those of the exception's mode. */
_Noreturn void fault_collect(enum fault_vector vector, uint32_t lr, uint32_t spsr);

/* What irq_entry leaves on the stack; irq_return is where its call returns to. */
struct irq_frame {
    uint32_t padding_bytes, fpscr;
    uint64_t d16_d31[16], d0_d7[8];
    /* padding_bytes (0 or 4) of nothing, then: */
    uint32_t r0_r3[4], r12, lr, pc, cpsr;
};
extern const uint8_t irq_return[];

/* Acknowledge the interrupt, hand it to the board, and end it. */
void gic_dispatch(void);

#endif
