/* SPDX-License-Identifier: MIT
 * cell.h - a cell of the matrix of pauses: an arena, a shape, a share of live data, a budget. */
#ifndef CELL_H
#define CELL_H

#include "shapes.h"

struct cell {
    const struct shape *shape;
    size_t arena_bytes;
    unsigned live_percent;
    uint32_t budget; /* units of a call; 0: the default */
};

struct cell_result {
    bool counts;            /* three full cycles, and live data at its share within 2 % */
    unsigned live_permille; /* after a full collection, of what anything can live in */
    uint32_t size;          /* of the shape */
    uint32_t full_cycles, young_cycles, turns;
    uint64_t spent; /* instructions of the loop, the meter's own included */
    struct meter figures;
};

/* In an arena of 4 MiB or more, where a cycle takes long, and unless SCALE= says otherwise. */
bool cell_is_short(const struct cell *cell);

/* Fill, learn, and run the loop until three full cycles have begun and ended in it. */
struct cell_result cell_run(const struct cell *cell);

/* "64K", "1M" */
void cell_print_bytes(size_t bytes);
/* A row of figures: name/ARENA/REST value unit. */
void cell_print(const struct cell *cell, const char *name, uint64_t value, const char *unit);
/* The rest of what is known, as comments. */
void cell_explain(const struct cell_result *result);

#endif
