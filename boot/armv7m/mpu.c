/* SPDX-License-Identifier: MIT
 * mpu.c - close everything, then open what the board has.
 *
 * The background map is off (PRIVDEFENA = 0), so that mirrors of memory and holes that swallow
 * writes fault.  It is also off in HardFault (HFNMIENA = 0): an exception whose frame did not fit
 * on the stack can still be reported. */
#include "layout.h"
#include "mpu.h"
#include "scs.h"

enum { NULL_GUARD_LOG2 = 8, STACK_GUARD_LOG2 = 10 };

static void region_set(unsigned number, const struct mpu_region *region)
{
    MPU_RNR = number;
    MPU_RBAR = (uint32_t)region->start;
    MPU_RASR = region->access_flags | (region->size_log2 - 1u) << 1 | 1u;
}

void mpu_init(void)
{
    unsigned n = 0;
    while (n < board_mpu_region_count) {
        region_set(n, &board_mpu_regions[n]);
        n++;
    }
    region_set(n++, &(struct mpu_region){layout_code_start, NULL_GUARD_LOG2, MPU_NONE});
    region_set(n, &(struct mpu_region){layout_stack_guard, STACK_GUARD_LOG2, MPU_NONE});
    MPU_CTRL = 1;
    __asm__ volatile("dsb\n\tisb" ::: "memory");
}
