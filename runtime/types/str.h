/* SPDX-License-Identifier: MIT
 * str.h - a str's layout, for what is in a hurry: looking up keys. */
#ifndef OURO_RUNTIME_STR_H
#define OURO_RUNTIME_STR_H

#include "object.h"

struct str {
    struct ouro_obj header;
    uint32_t hash; /* 0: not computed yet */
    uint32_t bytes;
    char text[]; /* a zero byte follows the last */
};

static inline struct str *str_of(ouro_ref ref) { return (struct str *)(void *)ref; }
static inline bool is_str(ouro_ref ref) { return ouro_type_index(ref) == OURO_TYPE_STR; }

#endif
