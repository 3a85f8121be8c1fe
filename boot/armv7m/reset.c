/* SPDX-License-Identifier: MIT
 * reset.c - from reset to main(): UART, MPU, faults, memory; main's status ends the system. */
#include "boot.h"
#include "mpu.h"
#include "ouro/port.h"
#include "scs.h"

int main(void);

_Noreturn void boot_reset(void)
{
    __asm__ volatile("cpsid i" ::: "memory");
    board_init();
    SCB_CCR |= CCR_DIV_0_TRP | CCR_NONBASETHRDENA;
    SCB_SHCSR |= SHCSR_MEMFAULTENA | SHCSR_BUSFAULTENA | SHCSR_USGFAULTENA;
    mpu_init();
    boot_memory_init();
    __asm__ volatile("cpsie i" ::: "memory");
    ouro_port_exit(main());
}
