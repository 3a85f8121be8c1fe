/* SPDX-License-Identifier: MIT
 * uart.c - microbit: the UART of the nRF51, receiving by interrupt, sending by polling.
 *
 * While a received byte is not taken, the sender waits (in QEMU; a real one has a FIFO of six). */
#include "board.h"
#include "boot.h"
#include "ouro/port.h"

#define UART(offset)  (*(volatile uint32_t *)(0x40002000u + (offset)))
#define UART_STARTRX  UART(0x000u)
#define UART_STARTTX  UART(0x008u)
#define UART_RXDRDY   UART(0x108u)
#define UART_TXDRDY   UART(0x11cu)
#define UART_INTENSET UART(0x304u)
#define UART_ENABLE   UART(0x500u)
#define UART_RXD      UART(0x518u)
#define UART_TXD      UART(0x51cu)

enum { ENABLE_ON = 4, INTERRUPT_RXDRDY = 1 << 2 };

const unsigned board_uart_irq = 2;

void uart_init(void)
{
    UART_ENABLE = ENABLE_ON;
    UART_STARTTX = 1;
    UART_STARTRX = 1;
    UART_INTENSET = INTERRUPT_RXDRDY;
    boot_irq_enable(board_uart_irq, true);
}

int board_uart_read(void)
{
    if (UART_RXDRDY == 0u) return -1;
    UART_RXDRDY = 0; /* before the byte: the next one may follow at once */
    return (int)(UART_RXD & 0xffu);
}

void ouro_port_put(uint8_t byte)
{
    UART_TXDRDY = 0;
    UART_TXD = byte;
    while (UART_TXDRDY == 0u) {}
}
