/* SPDX-License-Identifier: MIT
 * fault.c - every fault of ARMv7-M. */
#include "ouro/port.h"

void fault_entry(void);
void fault_entry(void) { ouro_port_panic("fault", "?", 0); }
