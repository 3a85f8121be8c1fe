/* SPDX-License-Identifier: MIT
 * gic.h - the interrupt controller, GICv2. */
#ifndef GIC_H
#define GIC_H

#include <stdint.h>

/* Where the board has it. */
extern const uintptr_t board_gic_distributor, board_gic_cpu;

/* Turn it on, all interrupts held back. */
void gic_init(void);

#endif
