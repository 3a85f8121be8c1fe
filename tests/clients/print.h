/* SPDX-License-Identifier: MIT
 * print.h - lines on the board's serial port, for the programs beside this. */
#ifndef PRINT_H
#define PRINT_H

#include <string.h>

#include "ouro.h"

/* An ouro_write_fn. */
static inline void print_piece(void *context, const char *text, size_t bytes)
{
    (void)context;
    for (size_t i = 0; i < bytes; i++) ouro_port_put((uint8_t)text[i]);
}

static inline void print(const char *text) { print_piece(NULL, text, strlen(text)); }

/* `label` and the repr of an object, which may be borrowed. */
static inline void print_object(const char *label, ouro_ref ref)
{
    print(label);
    print(" ");
    if (ouro_repr(ref, print_piece, NULL) < 0) print("(no memory to print it)");
    print("\n");
}

/* `label` and a number. */
static inline void print_number(const char *label, int64_t value)
{
    char digits[24];

    print(label);
    print(" ");
    print_piece(NULL, digits, ouro_format_int(digits, value));
    print("\n");
}

/* Start the runtime on the board's arena. */
static inline bool start(void)
{
    return ouro_init(ouro_arena_start, (size_t)(ouro_arena_end - ouro_arena_start)) == 0;
}

/* Say what failed; the status for main. */
static inline int fail(const char *what)
{
    const char *message = "";
    enum ouro_error_kind kind = ouro_error_get(&message);

    print(what);
    print(": ");
    print(ouro_error_name(kind));
    print(": ");
    print(message ? message : "");
    print("\n");
    return 1;
}

/* All that the program made is gone, and the heap is in order: the status for main. */
static inline int end_clean(void)
{
    struct ouro_mem_stats stats;

    (void)ouro_gc_collect(2);
    while (ouro_gc_step(1000) > 0) {}
    ouro_diag_mem(&stats);
    print_number("objects left", stats.objects);
    return stats.objects == 0 && ouro_diag_verify() == NULL ? 0 : 1;
}

#endif
