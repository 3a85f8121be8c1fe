/* SPDX-License-Identifier: MIT
 * mpu.h - memory protection of ARMv7-M. */
#ifndef MPU_H
#define MPU_H

#include <stdint.h>

/* One region; a later one wins over an earlier one where they overlap. */
struct mpu_region {
    const void *start;     /* aligned to its size */
    uint32_t size_log2;    /* 5 and more */
    uint32_t access_flags; /* MPU_NONE, MPU_CODE, MPU_RAM, MPU_DEVICE */
};

enum {
    MPU_XN = 1 << 28,
    MPU_NONE = MPU_XN,
    MPU_CODE = (6 << 24) | (1 << 17),           /* read-only, cacheable */
    MPU_RAM = MPU_XN | (3 << 24) | (3 << 16),   /* read and write, write-back */
    MPU_DEVICE = MPU_XN | (3 << 24) | (5 << 16) /* read and write, in order */
};

/* The regions of the board, without the guards of address 0 and of the stack, which
 * mpu_init() adds. */
extern const struct mpu_region board_mpu_regions[];
extern const unsigned board_mpu_region_count;

/* Turn protection on: what no region names (mirrors and holes of the memory map) is closed. */
void mpu_init(void);

#endif
