/* SPDX-License-Identifier: MIT
 * board.c - microbit: who gets which interrupt. */
#include "board.h"
#include "boot.h"
#include "ouro/port.h"

const char ouro_port_board[] = "microbit";

void board_init(void)
{
    ticks_init();
    uart_init();
}

void board_irq(unsigned irq)
{
    if (irq == board_uart_irq) {
        serial_receive();
    } else if (irq == TICKS_IRQ) {
        ticks_half_way();
    } else if (irq == ALARM_IRQ) {
        alarm_rang();
    } else {
        ouro_port_panic("an interrupt that nobody handles" OURO_HERE);
    }
}
