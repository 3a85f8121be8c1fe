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

/* Two words at a time: picolibc's memset() takes five instructions a byte, which is most of what
 * starting would take. */
static void clear(uint64_t *at, const uint64_t *end)
{
    while (at < end) {
        *at++ = 0;
        __asm__ volatile("" ::: "memory"); /* or it becomes a call of memset() */
    }
}

void boot_memory_init(void)
{
    memcpy(layout_data_start, layout_data_source, (size_t)(layout_data_end - layout_data_start));
    clear((uint64_t *)(void *)layout_bss_start, (uint64_t *)(void *)layout_bss_end);
    _set_tls(__tls_base);
}
