/* SPDX-License-Identifier: MIT
 * boot.c - instructions from reset to the prompt.
 *
 * The real firmware, boot/main.c and all, linked with two of the port's functions wrapped: the
 * console is told that it runs in a terminal, and when it first asks for a byte, the prompt has
 * been printed and the count is taken. */
#include "ouro/port.h"
#include "t.h"

_Bool __wrap_ouro_port_is_script(void);
int __wrap_ouro_port_get(void);

_Bool __wrap_ouro_port_is_script(void) { return false; }

int __wrap_ouro_port_get(void)
{
    uint64_t instructions = ouro_port_instructions();

    t_print("\nboot.instructions ");
    t_print_int((int64_t)instructions);
    t_print(" instructions\n");
    ouro_port_exit(0);
}
