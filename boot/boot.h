/* SPDX-License-Identifier: MIT
 * boot.h - what boot/, boot/ARCH and board/NAME ask of each other, beside ouro/port.h.
 *
 * boot/ARCH   resets, takes interrupts and faults; calls the board and main()
 * boot/       what is the same on every architecture: memory, serial ring, fault report, unwinder
 * board/NAME  drives the hardware of one board */
#ifndef BOOT_H
#define BOOT_H

#include <stdbool.h>
#include <stdint.h>

/* ---- boot/ARCH ---- */

/* The first code to run; the root of every backtrace. */
_Noreturn void boot_reset(void);
/* Let an external interrupt through, or hold it back (it stays pending). */
void boot_irq_enable(unsigned irq, bool on);

/* ---- boot/ ---- */

/* Fill .data, clear .bss, point picolibc's thread locals (errno) at their place. */
void boot_memory_init(void);
/* Interrupt side of the receive ring: take bytes from the UART while there is room. */
void serial_receive(void);

/* ---- board/NAME ---- */

extern const unsigned board_uart_irq;
/* Bring up console UART and timer.  Runs before .data and .bss exist: registers only. */
void board_init(void);
/* An external interrupt was taken. */
void board_irq(unsigned irq);
/* Next byte out of the UART, or -1; silences the interrupt if that was the last. */
int board_uart_read(void);

#endif
