/* SPDX-License-Identifier: MIT
 * isr_guard.c - the panic of a function that an interrupt handler must not call.  Linked at
 * CHECK >= 2 alone. */
#include <string.h>

#include "check.h"
#include "ouro/core.h"

void ouro_require_thread(const char *function)
{
    static const char rest[] = " was called from an interrupt handler";
    static char text[48 + sizeof rest];
    size_t n = 0;
    if (!ouro_port_in_handler()) return;
    while (n < sizeof text - sizeof rest && function[n] != '\0') {
        text[n] = function[n];
        n++;
    }
    memcpy(text + n, rest, sizeof rest);
    ouro_port_panic(text);
}
