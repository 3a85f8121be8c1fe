/* SPDX-License-Identifier: MIT
 * reset.c - from reset to main(): UART, memory; main's status ends the system. */
#include "boot.h"
#include "ouro/port.h"

int main(void);

_Noreturn void boot_reset(void)
{
    __asm__ volatile("cpsid i" ::: "memory");
    board_init();
    boot_memory_init();
    __asm__ volatile("cpsie i" ::: "memory");
    ouro_port_exit(main());
}
