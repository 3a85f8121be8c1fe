/* SPDX-License-Identifier: MIT
 * uart.c - virt: PL011, receiving by interrupt, sending by polling.
 *
 * The receive interrupt stays asserted while a byte waits, so holding it back in the
 * interrupt controller and letting it through again loses nothing.  The FIFO stays off, as it is
 * after reset: turning it on empties it, and the first byte of a script may be there already. */
#include "board.h"
#include "boot.h"
#include "ouro/port.h"

#define UART(offset) (*(volatile uint32_t *)(0x09000000u + (offset)))
#define UART_DR      UART(0x00u)
#define UART_FR      UART(0x18u)
#define UART_LCRH    UART(0x2cu)
#define UART_CR      UART(0x30u)
#define UART_IMSC    UART(0x38u)

enum {
    FR_RX_EMPTY = 1 << 4,
    FR_TX_FULL = 1 << 5,
    LCRH_8_BITS = 3 << 5,
    CR_UART_TX_RX = 1 << 0 | 1 << 8 | 1 << 9,
    IMSC_RX_AND_TIMEOUT = 1 << 4 | 1 << 6,
};

const unsigned board_uart_irq = 33; /* SPI 1 */

void uart_init(void)
{
    UART_LCRH = LCRH_8_BITS;
    UART_CR = CR_UART_TX_RX;
    UART_IMSC = IMSC_RX_AND_TIMEOUT;
    boot_irq_enable(board_uart_irq, true);
}

int board_uart_read(void)
{
    if ((UART_FR & FR_RX_EMPTY) != 0u) return -1;
    return (int)(UART_DR & 0xffu);
}

void ouro_port_put(uint8_t byte)
{
    while ((UART_FR & FR_TX_FULL) != 0u) {}
    UART_DR = byte;
}
