/* SPDX-License-Identifier: MIT
 * quarantine.h - at CHECK=3, memory that was given back waits before it is used again. */
#ifndef OURO_RUNTIME_QUARANTINE_H
#define OURO_RUNTIME_QUARANTINE_H

#include "pool.h"

#if OURO_CHECK >= 3

/* Give back a cell whose object was freed and is booked as free. */
void quarantine_cell(void *cell);
/* Give back a live block of C code, or one that held a large object. */
void quarantine_block(void *block);
/* Let all go that waits: memory is short. */
void quarantine_flush(void);
/* Cells of a class that wait: their pages count them as in use. */
uint32_t quarantine_cells(unsigned class);

#else /* nothing waits */

static inline void quarantine_cell(void *cell) { pool_give(cell); }
static inline void quarantine_block(void *block) { block_give(block); }
static inline void quarantine_flush(void) {}
static inline uint32_t quarantine_cells(unsigned class)
{
    (void)class;
    return 0;
}

#endif
#endif
