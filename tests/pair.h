/* SPDX-License-Identifier: MIT
 * pair.h - the smallest object that holds references, as a program defines it: two of them, 16
 * bytes.  What is counted in instructions is counted of these. */
#ifndef PAIR_H
#define PAIR_H

#include "ouro/types.h"

struct pair {
    struct ouro_obj header;
    ouro_ref first, second;
};
OURO_TYPE_DEFINE(pair_type) = {
    .name = "pair",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct pair),
    .refs = OURO_REF_BIT(struct pair, first) | OURO_REF_BIT(struct pair, second),
};
static inline struct pair *pair_of(ouro_ref ref) { return (struct pair *)(void *)ref; }

#endif
