/* SPDX-License-Identifier: MIT
 * board.h - virt: what the files of this folder share. */
#ifndef BOARD_H
#define BOARD_H

void uart_init(void);

#endif
