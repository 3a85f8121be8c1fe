/* SPDX-License-Identifier: MIT
 * port.h - what a board (board/NAME) and an architecture (boot/ARCH) give the runtime.
 *
 * The runtime itself calls ouro_port_panic() only; the console calls the others.  A firmware that
 * uses the library alone implements that one. */
#ifndef OURO_PORT_H
#define OURO_PORT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Report a broken contract or corrupted memory and end the system.
 *   what       what was violated, in words or as the expression
 *   file,line  where it was noticed
 * Prints the diagnosis, ouro_diag_crash() among it, and leaves with a non-zero status. */
_Noreturn void ouro_port_panic(const char *what, const char *file, int line);

/* Next byte received on the console, 0..255, or -1 when none is waiting.  Never blocks. */
int ouro_port_get(void);

/* Send one byte; waits only for room in the transmitter. */
void ouro_port_put(uint8_t byte);

/* Sleep until an interrupt arrives; returns at once if a byte is waiting. */
void ouro_port_wait(void);

/* Instructions executed since reset (virtual time under -icount, in instructions).  Monotonic. */
uint64_t ouro_port_instructions(void);

/* End the emulator (or reset the board) with an exit status 0..255. */
_Noreturn void ouro_port_exit(int status);

/* True when the console runs a script from a pipe: no banner, prompt or echo, LF only. */
_Bool ouro_port_is_script(void);

/* Name of the board: its folder in board/. */
extern const char ouro_port_board[];

/* The arena that the linker script sets aside: [start, end). */
extern uint8_t ouro_arena_start[], ouro_arena_end[];

#ifdef __cplusplus
}
#endif
#endif
