/* SPDX-License-Identifier: MIT
 * unwind.h - from the registers of an interrupted program to those of its callers. */
#ifndef UNWIND_H
#define UNWIND_H

#include <stdbool.h>
#include <stdint.h>

enum { REG_SP = 13, REG_LR = 14, REG_PC = 15 };

struct unwind {
    uint32_t r[16];
    bool is_exact;    /* pc is where the program was interrupted, not where a call returns to */
    bool is_searched; /* found by a search of the stack: likely, not certain */
};

enum unwind_result {
    UNWIND_CALLER, /* the registers are now the caller's */
    UNWIND_ROOT,   /* this was boot_reset(): nothing above it */
    UNWIND_LOST,   /* no way to tell; the registers are unchanged */
};
/* One frame up.  Reads memory only where unwind_is_readable(). */
enum unwind_result unwind_step(struct unwind *u);

/* The same for a frame that was not interrupted, by the tables alone.  False: the root, or no way
 * to tell. */
bool unwind_step_by_table(struct unwind *u);
bool unwind_is_root(const struct unwind *u);
/* Where the function of a frame begins, Thumb bit clear; 0: the tables do not know it. */
uint32_t unwind_function(const struct unwind *u);
/* Is this where a call returns to?  `target` receives what was called; 0: a function pointer. */
bool unwind_is_return_address(uint32_t pc, uint32_t *target);

/* May these bytes be read without a fault?  Code, stacks, static data and arena may. */
bool unwind_is_readable(uint32_t address, uint32_t bytes);
/* Read an aligned word if it may be read. */
bool unwind_load(uint32_t address, uint32_t *value);

/* boot/ARCH: if pc says "return from an exception", continue with the interrupted program.
 * Its registers come from the frame at SP; false if pc is an ordinary address. */
bool unwind_cross_exception(struct unwind *u);

#endif
