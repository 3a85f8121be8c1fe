/* SPDX-License-Identifier: MIT
 * input.h - bytes from the board, and what the console does while there are none. */
#ifndef CONSOLE_INPUT_H
#define CONSOLE_INPUT_H

#include <stdbool.h>

enum {
    INPUT_END = -1, /* the end of a script */
    CTRL_A = 0x01,
    CTRL_B = 0x02,
    CTRL_C = 0x03,
    CTRL_D = 0x04,
    CTRL_E = 0x05,
    CTRL_F = 0x06,
    CTRL_H = 0x08,
    CTRL_K = 0x0b,
    CTRL_L = 0x0c,
    CTRL_N = 0x0e,
    CTRL_P = 0x10,
    CTRL_U = 0x15,
    CTRL_W = 0x17,
    ESCAPE = 0x1b,
    RUBOUT = 0x7f,
};

/* The next byte, 0..255, every line ending (CR, LF, CR LF) made one '\n'; on a terminal memory
 * management goes on while there is none.
 *   returns INPUT_END once a script has ended, and ever after; a terminal's Ctrl-D is a byte */
int input_byte(void);

/* Has Ctrl-C been typed, while something long is printed?  Never in a script.  Another key is kept,
 * and ends the asking until it was read. */
bool input_is_broken_off(void);

/* Draws the line that is being typed, after a callback has printed meanwhile; NULL: none is. */
extern void (*input_redraw)(void);

/* The running cycle is for `gc step`: idle time leaves it alone.  Ends with the cycle. */
extern bool input_is_stepped_by_hand;

/* Show a byte of a line being typed: controls in caret form, nothing in a script. */
void input_echo(int byte);

#endif
