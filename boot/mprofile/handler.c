/* SPDX-License-Identifier: MIT
 * handler.c - which exception is running, on Cortex-M. */
#include "boot.h"
#include "mprofile/frame.h"
#include "ouro/port.h"

enum { SYSTEM_VECTORS = 16 };

static uint32_t exception_number(void)
{
    uint32_t ipsr;
    __asm__ volatile("mrs %0, ipsr" : "=r"(ipsr));
    return ipsr & 0x1ffu;
}

_Bool ouro_port_in_handler(void) { return exception_number() != 0u; }

void irq_entry(void) { board_irq(exception_number() - SYSTEM_VECTORS); }
