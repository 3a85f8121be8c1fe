/* SPDX-License-Identifier: MIT
 * scs.h - the registers of the ARMv7-M System Control Space that boot/armv7m uses. */
#ifndef SCS_H
#define SCS_H

#include <stdint.h>

#define SCS_WORD(address) (*(volatile uint32_t *)(address))

#define NVIC_ISER(n) SCS_WORD(0xe000e100u + 4u * (n))
#define NVIC_ICER(n) SCS_WORD(0xe000e180u + 4u * (n))
#define NVIC_IPR(n)  (*(volatile uint8_t *)(0xe000e400u + (n)))
#define SCB_CCR      SCS_WORD(0xe000ed14u)
#define SCB_SHCSR    SCS_WORD(0xe000ed24u)
#define SCB_CFSR     SCS_WORD(0xe000ed28u)
#define SCB_HFSR     SCS_WORD(0xe000ed2cu)
#define SCB_MMFAR    SCS_WORD(0xe000ed34u)
#define SCB_BFAR     SCS_WORD(0xe000ed38u)
#define MPU_TYPE     SCS_WORD(0xe000ed90u)
#define MPU_CTRL     SCS_WORD(0xe000ed94u)
#define MPU_RNR      SCS_WORD(0xe000ed98u)
#define MPU_RBAR     SCS_WORD(0xe000ed9cu)
#define MPU_RASR     SCS_WORD(0xe000eda0u)

enum {
    CCR_NONBASETHRDENA = 1 << 0, /* the fault report returns to thread mode from any depth */
    CCR_DIV_0_TRP = 1 << 4,
    SHCSR_MEMFAULTENA = 1 << 16,
    SHCSR_BUSFAULTENA = 1 << 17,
    SHCSR_USGFAULTENA = 1 << 18,
    CFSR_MSTKERR = 1 << 4,
    CFSR_MMARVALID = 1 << 7,
    CFSR_STKERR = 1 << 12,
    CFSR_BFARVALID = 1 << 15,
};

#endif
