/* SPDX-License-Identifier: MIT
 * unit_types.h - what unit tests of types begin with. */
#ifndef UNIT_TYPES_H
#define UNIT_TYPES_H

#include "ouro.h"
#include "t.h"

/* Objects alive, hidden ones included. */
static inline uint32_t objects(void)
{
    struct ouro_mem_stats stats;
    ouro_diag_mem(&stats);
    return stats.objects;
}
/* Let the collector finish what it is at. */
static inline void settle(void)
{
    while (ouro_gc_step(1000) > 0) {}
}
/* The last call failed like this. */
static inline void fails(enum ouro_error_kind kind, const char *message)
{
    const char *got = NULL;
    T_EQ(ouro_error_get(&got), kind);
    T_TEXT(got, message);
    ouro_error_clear();
}
static inline ouro_ref number(int64_t value) { return ouro_int_new(value); }

#endif
