/* SPDX-License-Identifier: MIT
 * main.c - the firmware: the runtime on the board's arena, and the console to look into it. */
#include "ouro/console.h"
#include "ouro/core.h"
#include "ouro/port.h"

int main(void)
{
    if (ouro_init(ouro_arena_start, (size_t)(ouro_arena_end - ouro_arena_start)) != 0) {
        ouro_port_panic("ouro_init refused the arena" OURO_HERE);
    }
    return ouro_console_run();
}
