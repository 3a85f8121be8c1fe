/* SPDX-License-Identifier: MIT
 * ticks.c - virt: instructions since reset, from the generic timer's virtual count.
 *
 * It counts at 62.5 MHz from 0.  Under `-icount shift=4` an instruction takes 16 ns: one tick. */
#include "ouro/port.h"

uint64_t ouro_port_instructions(void)
{
    uint32_t low, high;
    __asm__ volatile("mrrc p15, 1, %0, %1, c14" : "=r"(low), "=r"(high));
    return (uint64_t)high << 32 | low;
}
