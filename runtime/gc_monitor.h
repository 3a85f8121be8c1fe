/* SPDX-License-Identifier: MIT
 * gc_monitor.h - the lines that set_debug() asks for. */
#ifndef OURO_RUNTIME_GC_MONITOR_H
#define OURO_RUNTIME_GC_MONITOR_H

#include "object.h"

/* Print "gc: what <type 0x...>". */
void monitor_put_object(const char *what, ouro_ref o);
/* Print a text where debugging goes. */
void monitor_put(const char *text);
void monitor_put_number(uint64_t value);

#endif
