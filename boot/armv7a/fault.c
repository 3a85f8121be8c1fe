/* SPDX-License-Identifier: MIT
 * fault.c - every fault of ARMv7-A. */
#include "ouro/port.h"
#include "vectors.h"

uint32_t fault_saved[15];

_Noreturn void fault_collect(enum fault_vector vector, uint32_t lr, uint32_t spsr)
{
    (void)lr;
    (void)spsr;
    ouro_port_panic("fault", "?", (int)vector);
}
