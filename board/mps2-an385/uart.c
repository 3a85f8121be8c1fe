/* SPDX-License-Identifier: MIT
 * uart.c - mps2-an385: CMSDK UART 0, receiving by interrupt, sending by polling.
 *
 * The UART holds one received byte.  While it is not taken, the sender waits (in QEMU; a real one
 * would overrun).  A byte written while the transmitter is off would block it for good. */
#include "board.h"
#include "boot.h"
#include "ouro/port.h"

struct cmsdk_uart {
    volatile uint32_t data, state, ctrl, interrupt, bauddiv;
};
static struct cmsdk_uart *const uart = (struct cmsdk_uart *)0x40004000u;

enum {
    STATE_TX_FULL = 1 << 0,
    STATE_RX_FULL = 1 << 1,
    CTRL_TX = 1 << 0,
    CTRL_RX = 1 << 1,
    CTRL_RX_INTERRUPT = 1 << 3,
    INTERRUPT_RX = 1 << 1,
};

const unsigned board_uart_irq = 0;

void uart_init(void)
{
    uart->bauddiv = 16;
    uart->ctrl = CTRL_TX | CTRL_RX | CTRL_RX_INTERRUPT;
    boot_irq_enable(board_uart_irq, true);
}

int board_uart_read(void)
{
    if ((uart->state & STATE_RX_FULL) == 0u) return -1;
    uart->interrupt = INTERRUPT_RX; /* before the byte: the next one may follow at once */
    return (int)(uart->data & 0xffu);
}

void ouro_port_put(uint8_t byte)
{
    while ((uart->state & STATE_TX_FULL) != 0u) {}
    uart->data = byte;
}
