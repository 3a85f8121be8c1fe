/* SPDX-License-Identifier: MIT
 * exit.c - microbit: leave by semihosting, its one use here (SYS_EXIT_EXTENDED). */
#include "ouro/port.h"

_Noreturn void ouro_port_exit(int status)
{
    enum { SYS_EXIT_EXTENDED = 0x20, APPLICATION_EXIT = 0x20026 };
    const uint32_t block[2] = {APPLICATION_EXIT, (uint32_t)status & 0xffu};
    register uint32_t operation __asm__("r0") = SYS_EXIT_EXTENDED;
    register const uint32_t *argument __asm__("r1") = block;
    for (;;) { __asm__ volatile("bkpt 0xab" : "+r"(operation) : "r"(argument) : "memory"); }
}
