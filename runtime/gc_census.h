/* SPDX-License-Identifier: MIT
 * gc_census.h - what goes over the cells of the heap without the collector's page sets. */
#ifndef OURO_RUNTIME_GC_CENSUS_H
#define OURO_RUNTIME_GC_CENSUS_H

#include "object.h"

/* The next cell in use at or behind page *page and cell *cell, which go behind it.  Anything may be
 * made or freed between two calls.
 *   units    counts pages and cells looked at
 *   returns  NULL at the end, or when `units` has reached `limit` */
ouro_ref gc_next_cell(uint32_t *page, uint32_t *cell, uint32_t *units, uint32_t limit);

/* How many objects there are, hidden nodes not counted.  O(heap). */
struct gc_census {
    uint32_t generations[3], permanent;
};
struct gc_census gc_census(void);

/* The generation of a label, 0..2, or 3: none. */
unsigned gc_generation(ouro_ref o);

#endif
