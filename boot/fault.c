/* SPDX-License-Identifier: MIT
 * fault.c - report a panic or fault and leave with a status. */
#include "boot.h"
#include "ouro/diag.h"
#include "ouro/port.h"

static void say(void *context, const char *text, size_t bytes)
{
    (void)context;
    while (bytes-- > 0u) ouro_port_put((uint8_t)*text++);
}

_Noreturn void ouro_port_panic(const char *what, const char *file, int line)
{
    char number[24];
    say(NULL, "panic: ", 7);
    while (*what != '\0') ouro_port_put((uint8_t)*what++);
    say(NULL, " (", 2);
    while (*file != '\0') ouro_port_put((uint8_t)*file++);
    say(NULL, ":", 1);
    say(NULL, number, ouro_format_int(number, line));
    say(NULL, ")\n", 2);
    ouro_diag_crash(say, NULL);
    ouro_port_exit(71);
}
