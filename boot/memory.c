/* SPDX-License-Identifier: MIT
 * memory.c - the memory a C program expects: .data copied, .bss cleared, errno in its place.
 *
 * picolibc keeps errno in thread-local storage.  Without _set_tls() each write of it would go
 * through a pointer of 0 plus an offset: into the vector table. */
#include <picolibc.h>
#include <picotls.h>
#include <string.h>

#include "boot.h"
#include "layout.h"

extern char __tls_base[];

void boot_memory_init(void)
{
    memcpy(layout_data_start, layout_data_source, (size_t)(layout_data_end - layout_data_start));
    memset(layout_bss_start, 0, (size_t)(layout_bss_end - layout_bss_start));
    _set_tls(__tls_base);
}
