/* SPDX-License-Identifier: MIT
 * serial.c - the receive ring between the UART's interrupt and the console.
 *
 * One producer (the interrupt), one consumer (ouro_port_get), so two indices need no lock.  No
 * byte is ever dropped: when the ring is full, the interrupt is held back with the byte still in
 * the UART, which makes the sender wait; taking a byte lets it through again. */
#include "boot.h"
#include "layout.h"
#include "ouro/port.h"

enum { RING_BYTES = 256 }; /* a power of two */

static uint8_t ring[RING_BYTES];
static volatile uint32_t written, taken; /* run free; their difference is the fill */
static volatile bool is_held;

void serial_receive(void)
{
    while (written - taken < RING_BYTES) {
        int byte = board_uart_read();
        if (byte < 0) return;
        ring[written % RING_BYTES] = (uint8_t)byte;
        written++;
    }
    is_held = true;
    boot_irq_enable(board_uart_irq, false);
}

int ouro_port_get(void)
{
    if (written == taken) return -1;
    uint8_t byte = ring[taken % RING_BYTES];
    taken++;
    if (is_held) {
        is_held = false;
        boot_irq_enable(board_uart_irq, true);
    }
    return byte;
}

void ouro_port_wait(void)
{
    /* Masked between the look and the sleep, so that no byte slips in; a pending interrupt ends
     * the sleep all the same. */
    __asm__ volatile("cpsid i" ::: "memory");
    if (written == taken) __asm__ volatile("dsb\n\twfi" ::: "memory");
    __asm__ volatile("cpsie i" ::: "memory");
}

_Bool ouro_port_is_script(void) { return layout_mailbox[MAILBOX_MODE] == MAILBOX_SCRIPT; }
