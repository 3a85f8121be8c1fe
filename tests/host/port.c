/* SPDX-License-Identifier: MIT
 * port.c - the host as a board: what ouro/port.h asks for, in terms of the C library.
 *
 * Serves the sanitizer builds of the tests, and a console on the host for quick trials.  The arena
 * is static, 16 MiB, as on the boards.  The runtime's poison hooks are passed on to ASan, which
 * then sees freed cells and red zones inside the arena as it would with malloc. */
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ouro/diag.h"
#include "ouro/port.h"
#include "check.h"
#include "t.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, bytes)   ((void)(at), (void)(bytes))
#define ASAN_UNPOISON_MEMORY_REGION(at, bytes) ((void)(at), (void)(bytes))
#endif

enum { ARENA_BYTES = 16 * 1024 * 1024, PANIC_STATUS = 71, END_OF_INPUT = 4 };

const char ouro_port_board[] = "host";

/* A section of its own keeps ASan from putting a red zone before the end symbol. */
uint8_t ouro_arena_start[ARENA_BYTES] __attribute__((section(".bss.ouro_arena"), aligned(4096)));
__asm__(".globl ouro_arena_end\n.set ouro_arena_end, ouro_arena_start + 0x1000000");

/* The sections exist even in a program that defines no type and no command. */
__asm__(".pushsection ouro_types,\"a\"\n.balign 32\n.popsection");
__asm__(".pushsection ouro_commands,\"a\"\n.balign 8\n.popsection");

/* Memory for what a board has behind its static data. */
enum { SPARE_BYTES = 1024 * 1024 };
uint8_t ouro_spare_start[SPARE_BYTES] __attribute__((section(".bss.ouro_spare"), aligned(4096)));
__asm__(".globl ouro_spare_end\n.set ouro_spare_end, ouro_spare_start + 0x100000");

static void write_err(void *context, const char *text, size_t bytes)
{
    (void)context;
    fwrite(text, 1, bytes, stderr);
}

_Noreturn void ouro_port_panic(const char *what)
{
    fflush(stdout);
    fprintf(stderr, "panic: %s\n", what);
    if (ouro_diag_suspect()) ouro_diag_describe(ouro_diag_suspect(), write_err, NULL);
    ouro_diag_crash(write_err, NULL);
    exit(PANIC_STATUS);
}

/* The host takes no interrupts, so that nothing can be torn. */
_Bool ouro_port_in_handler(void) { return false; }

uint32_t ouro_port_pop(volatile uint32_t *stack, const volatile uint16_t *below, uint32_t count)
{
    uint32_t top = *stack & 0xffffu, handed_out = *stack >> 16;

    if (top != 0) {
        *stack = handed_out << 16 | below[top];
        return top;
    }
    if (handed_out == count) return 0;
    *stack = (handed_out + 1) << 16;
    return handed_out + 1;
}

void ouro_port_push(volatile uint32_t *stack, volatile uint16_t *below, uint32_t number)
{
    below[number] = (uint16_t)*stack;
    *stack = (*stack & 0xffff0000u) | number;
}

/* By frame pointers, which the sanitizer builds keep; addresses are cut to 32 bits.  Callers of the
 * runtime are those from the one that it knows on. */
extern void *__libc_stack_end;
void ouro_port_backtrace(uint32_t *frames, unsigned max, const void *stack)
{
    (void)stack;
    uint32_t known = frames[0];
    void **frame = __builtin_frame_address(0), **end = __libc_stack_end;
    unsigned n = 0;

    while (n < max && frame[0] > (void *)frame && frame[0] < (void *)end) {
        uint32_t back = (uint32_t)(uintptr_t)frame[1];
        if (n > 0 || back == known) frames[n++] = back;
        frame = frame[0];
    }
    if (n == 0) n = 1;
    if (n < max) frames[n] = 0;
}

/* The linker's names for static data; the arena lies in it. */
extern uint8_t __data_start[], _end[];
_Bool ouro_port_memory(unsigned i, struct ouro_memory *memory)
{
    const struct ouro_memory all[] = {
        {__builtin_frame_address(0), __libc_stack_end, true},
        {(const uintptr_t *)(const void *)__data_start, (const uintptr_t *)(const void *)_end,
         false},
    };
    if (i >= sizeof all / sizeof all[0]) return false;
    *memory = all[i];
    return true;
}

static bool is_byte_waiting(int milliseconds)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};

    fflush(stdout);
    return poll(&input, 1, milliseconds) > 0;
}

int ouro_port_get(void)
{
    uint8_t byte;

    if (!is_byte_waiting(0)) return -1;
    return read(STDIN_FILENO, &byte, 1) == 1 ? byte : END_OF_INPUT;
}

/* Line by line: what was said before a crash is kept. */
void ouro_port_put(uint8_t byte)
{
    putchar(byte);
    if (byte == (uint8_t)'\n') fflush(stdout);
}

void ouro_port_wait(void) { is_byte_waiting(-1); }

/* The host counts no instructions; a call does, so that time passes. */
uint64_t ouro_port_instructions(void)
{
    static uint64_t calls;
    return ++calls;
}

_Noreturn void ouro_port_exit(int status) { exit(status); }

_Bool ouro_port_is_script(void) { return !isatty(STDIN_FILENO); }

#if OURO_POISON
void ouro_port_poison(const void *at, size_t bytes) { ASAN_POISON_MEMORY_REGION(at, bytes); }
void ouro_port_unpoison(const void *at, size_t bytes) { ASAN_UNPOISON_MEMORY_REGION(at, bytes); }
#endif

/* The harness's seed and scale, from the environment that the Makefile exports. */
static uint32_t number_from(const char *name)
{
    const char *text = getenv(name);
    return text && *text != '\0' ? (uint32_t)strtoul(text, NULL, 10) : 1u;
}

uint32_t t_port_seed(void) { return number_from("SEED"); }
uint32_t t_port_scale(void) { return number_from("SCALE"); }
