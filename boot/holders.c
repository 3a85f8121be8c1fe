/* SPDX-License-Identifier: MIT
 * holders.c - where references of C code may be: the main stack, and static data. */
#include "layout.h"
#include "ouro/port.h"

static const uintptr_t *word(const uint8_t *at) { return (const uintptr_t *)(const void *)at; }

bool ouro_port_memory(unsigned i, struct ouro_memory *memory)
{
    const struct ouro_memory all[] = {
        {word(layout_stack_limit), word(layout_stack_top), true},
        {word(layout_data_start), word(ouro_spare_start), false},
    };
    if (i >= sizeof all / sizeof all[0]) return false;
    *memory = all[i];
    return true;
}
