/* SPDX-License-Identifier: MIT
 * board.h - mps2-an385: what the files of this folder share. */
#ifndef BOARD_H
#define BOARD_H

enum { TICKS_IRQ = 8, ALARM_IRQ = 9 };

void uart_init(void);
void ticks_init(void);
/* The timer went through 0. */
void ticks_wrapped(void);
/* The alarm's timer went through 0. */
void alarm_rang(void);

#endif
