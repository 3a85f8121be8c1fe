/* SPDX-License-Identifier: MIT
 * board.h - virt: what the files of this folder share. */
#ifndef BOARD_H
#define BOARD_H

enum { ALARM_IRQ = 27 }; /* PPI 11, the virtual timer */

void uart_init(void);
/* The virtual timer reached its time. */
void alarm_rang(void);

#endif
