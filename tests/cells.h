/* SPDX-License-Identifier: MIT
 * cells.h - what the collector's tests, case by case, make cycles of: cells with two references and
 * a list of weak references; and dying ones, whose finalizer counts and does what the test says. */
#ifndef CELLS_H
#define CELLS_H

#include "unit_types.h"

struct cell {
    struct ouro_obj header;
    ouro_ref next, other;
    ouro_ref weak;
};
static inline struct cell *cell_of(ouro_ref ref) { return (struct cell *)(void *)ref; }

static unsigned finalized;
static void (*at_finalize)(struct cell *self);
static void finalize(ouro_ref self)
{
    finalized++;
    if (at_finalize) at_finalize(cell_of(self));
}

OURO_TYPE_DEFINE(cell_type) = {
    .name = "cell",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct cell),
    .refs = OURO_REF_BIT(struct cell, next) | OURO_REF_BIT(struct cell, other),
    .weak_word = OURO_WEAK_WORD(struct cell, weak),
};
OURO_TYPE_DEFINE(dying_type) = {
    .name = "dying",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct cell),
    .refs = OURO_REF_BIT(struct cell, next) | OURO_REF_BIT(struct cell, other),
    .weak_word = OURO_WEAK_WORD(struct cell, weak),
    .finalize = finalize,
};

/* A ring of n cells; the caller owns the first. */
static inline ouro_ref ring(const struct ouro_type *type, unsigned n)
{
    ouro_ref first = ouro_obj_new(type), last = first;
    if (!T_CHECK(first != NULL)) return NULL;
    for (unsigned i = 1; i < n; i++) {
        ouro_ref ref = ouro_obj_new(type);
        if (!T_CHECK(ref != NULL)) break;
        cell_of(last)->next = ref;
        last = ref;
    }
    cell_of(last)->next = ouro_own(first);
    return first;
}

static inline struct ouro_gc_stats gc_stats(void)
{
    struct ouro_gc_stats stats;
    ouro_gc_get_stats(&stats);
    return stats;
}

#endif
