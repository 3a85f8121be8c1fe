/* SPDX-License-Identifier: MIT
 * mmu.h - memory protection of ARMv7-A: an identity map. */
#ifndef MMU_H
#define MMU_H

#include <stdint.h>

enum {
    MMU_SECTION = 2,
    MMU_XN = 1 << 4,
    MMU_RAM = MMU_SECTION | MMU_XN | 1 << 10 | 1 << 12 | 3 << 2, /* read and write, write-back */
    MMU_DEVICE = MMU_SECTION | MMU_XN | 1 << 10 | 1 << 2,        /* read and write, in order */
};

/* Whole megabytes of the board, beyond code and the first megabyte of RAM. */
struct mmu_region {
    uint32_t first_megabyte, megabytes, flags;
};
extern const struct mmu_region board_mmu_regions[];
extern const unsigned board_mmu_region_count;

/* Map and protect: code read-only, RAM not executable, page 0, the page under the stack and all
 * that no region names closed. */
void mmu_init(void);

#endif
