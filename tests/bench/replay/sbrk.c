/* SPDX-License-Identifier: MIT
 * sbrk.c - a fresh start for a C library's malloc: its memory, and its static variables as they
 * were before the first call. */
#include <string.h>

#include "ouro/port.h"
#include "replay.h"

extern uint8_t layout_data_start[], layout_bss_end[];

static uint8_t *at, *end;

/* Far behind the arena under test and the table of blocks. */
static uint8_t *kept(void) { return ouro_arena_start + 12u * 1024 * 1024; }

bool replay_restart(void *base, size_t bytes)
{
    size_t statics = (size_t)(layout_bss_end - layout_data_start);
    if (!at) memcpy(kept(), layout_data_start, statics); /* the first time */
    memcpy(layout_data_start, kept(), statics);
    at = base;
    end = at + bytes;
    return true;
}

void *replay_sbrk(ptrdiff_t bytes)
{
    if (bytes > end - at) return (void *)-1;
    at += bytes;
    return at - bytes;
}
