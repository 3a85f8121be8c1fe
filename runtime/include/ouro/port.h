/* SPDX-License-Identifier: MIT
 * port.h - what a board (board/NAME) and an architecture (boot/ARCH) give the runtime.
 *
 * The runtime itself calls ouro_port_panic(), for ouro/isr.h ouro_port_pop() and ouro_port_push(),
 * at CHECK >= 2 ouro_port_in_handler(), and if they exist for ouro/tracemalloc.h
 * ouro_port_backtrace() and ouro_port_name(), for ouro/search.h ouro_port_memory(); a firmware
 * that uses the library alone implements what it needs of these (boot/ has them).  The console
 * calls the others.
 *
 * What says nothing of its cost is O(1). */
#ifndef OURO_PORT_H
#define OURO_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Report a broken contract or corrupted memory and end the system.
 *   what  what was violated, in words or as the expression, and behind it where it was noticed
 *         (OURO_HERE); without that it was at the address that this was called from
 * Prints the diagnosis, ouro_diag_crash() among it, and leaves with a non-zero status. */
__attribute__((noreturn)) void ouro_port_panic(const char *what);
#define OURO_HERE       " (" __FILE__ ":" OURO_TEXT_OF(__LINE__) ")"
#define OURO_TEXT_OF(x) OURO_TEXT(x)
#define OURO_TEXT(x)    #x

/* True in an interrupt handler. */
bool ouro_port_in_handler(void);

/* A stack of the numbers 1 to `count`, which handlers of any priority and the main loop push and
 * pop without harm from each other: an operation that an interrupt tears is begun again, or
 * interrupts are masked for 12 instructions at most.  One word is all of it: its lower half is the
 * number on top (0: none), its upper half how many numbers were ever handed out.  It starts as 0.
 *   below    [n]: what lies below n while n is on the stack; count + 1 entries
 *   returns  the number on top, or else one that was never handed out; 0 when there is none
 *   cost     O(1) */
uint32_t ouro_port_pop(volatile uint32_t *stack, const volatile uint16_t *below, uint32_t count);
void ouro_port_push(volatile uint32_t *stack, volatile uint16_t *below, uint32_t number);

/* Which calls of the program led to the runtime, newest first; those inside the runtime left out.
 *   frames   receives up to `max` return addresses, and 0 behind the last if there are fewer;
 *            frames[0] holds what the runtime knows: where its function that was called last
 *            returns to, which may lie inside the runtime itself
 *   stack    where the stack begins above the frame of that function, in the word below which it
 *            keeps that address
 *   cost     one frame: O(1), and where frames[0] lies inside the runtime it stays so until the
 *            program's call is found, a few words of the stack each time; more: O(depth) */
__attribute__((weak)) void ouro_port_backtrace(uint32_t *frames, unsigned max, const void *stack);

/* Where the code of the runtime lies; NULL where the linker does not know. */
__attribute__((weak)) extern const uint8_t ouro_runtime_start[], ouro_runtime_end[];

/* The name and the first address of the function or variable that an address lies in, by a table in
 * the image; NULL: unknown.  O(log names). */
__attribute__((weak)) const char *ouro_port_name(uint32_t address, uint32_t *start);

/* Memory of C code that may hold references, for searches (ouro/search.h): whole words. */
struct ouro_memory {
    const uintptr_t *start, *end;
    bool is_stack; /* grows downwards */
};
/* The i-th piece of it: the main stack, static data.  False: there are no more. */
__attribute__((weak)) bool ouro_port_memory(unsigned i, struct ouro_memory *memory);

/* Memory that neither the linker nor the runtime uses: [start, end), maybe nothing. */
extern uint8_t ouro_spare_start[], ouro_spare_end[];

/* Call `handler` from a timer interrupt each time so many instructions have passed; NULL: no more.
 * A firmware may have other uses for the board's second timer, so that nothing here calls it. */
void ouro_port_every(uint32_t instructions, void (*handler)(void));

/* Next byte received on the console, 0..255, or -1 when none is waiting.  Never blocks. */
int ouro_port_get(void);

/* Send one byte; waits only for room in the transmitter. */
void ouro_port_put(uint8_t byte);

/* Sleep until an interrupt arrives; returns at once if a byte is waiting. */
void ouro_port_wait(void);

/* Instructions executed since reset (virtual time under -icount, in instructions).  Monotonic. */
uint64_t ouro_port_instructions(void);

/* End the emulator (or reset the board) with an exit status 0..255. */
__attribute__((noreturn)) void ouro_port_exit(int status);

/* True when the console runs a script from a pipe: no banner, prompt or echo, LF only. */
bool ouro_port_is_script(void);

/* Name of the board: its folder in board/. */
extern const char ouro_port_board[];

/* The arena that the linker script sets aside: [start, end). */
extern uint8_t ouro_arena_start[], ouro_arena_end[];

#ifdef __cplusplus
}
#endif
#endif
