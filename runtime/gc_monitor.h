/* SPDX-License-Identifier: MIT
 * gc_monitor.h - the lines that set_debug() asks for. */
#ifndef OURO_RUNTIME_GC_MONITOR_H
#define OURO_RUNTIME_GC_MONITOR_H

#include "fmt_text.h"
#include "object.h"

/* Print "gc: what <type 0x...>". */
void monitor_put_object(const char *what, ouro_ref o);
/* Print where debugging goes; a format as in fmt_text.h. */
void monitor_put(const char *format, ...);

#endif
