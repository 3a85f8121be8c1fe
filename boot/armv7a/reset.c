/* SPDX-License-Identifier: MIT
 * reset.c - from reset_entry to main(): interrupts, UART, MMU, memory; main's status ends it. */
#include "boot.h"
#include "gic.h"
#include "mmu.h"
#include "ouro/port.h"

int main(void);

_Noreturn void boot_reset(void)
{
    gic_init();
    board_init();
    mmu_init();
    boot_memory_init();
    __asm__ volatile("cpsie i" ::: "memory");
    ouro_port_exit(main());
}
