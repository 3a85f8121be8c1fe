/* SPDX-License-Identifier: MIT
 * in_handler.c - an interrupt handler appends to a list.
 * expect 2: ouro_list_append was called from an interrupt handler
 */
#include "ouro.h"
#include "t.h"

static ouro_ref list;

static void ring(void) { ouro_list_append(list, OURO_NONE); }

int main(void)
{
    t_restart(SIZE_MAX);
    list = ouro_list_new();
    ouro_port_every(1000, ring);
    for (uint64_t end = ouro_port_instructions() + 10000; ouro_port_instructions() < end;) {}
    return 0;
}
