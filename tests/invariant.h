/* SPDX-License-Identifier: MIT
 * invariant.h - breaking an invariant on purpose, and hearing its checker name it.
 *
 * The file that includes this defines is_intact() and names() in terms of the checker it tests:
 *   static bool is_intact(void) { return t_is_intact(arena_verify()); }
 *   static bool names(const char *id) { return t_names(ouro_diag_verify(), id); } */
#ifndef INVARIANT_H
#define INVARIANT_H

#include <string.h>

#include "t.h"

/* The checker found nothing. */
static inline bool t_is_intact(const char *broken)
{
    return T_TEXT(broken ? broken : "intact", "intact");
}

/* The checker named the invariant `id`, and not another. */
static inline bool t_names(const char *broken, const char *id)
{
    if (!T_CHECK(broken != NULL)) return false;
    return T_CHECK(strncmp(broken, id, strlen(id)) == 0) || T_TEXT(broken, id);
}

/* Write a wrong value, expect invariant `id` to be named, put the old value back. */
#define T_BREAK(id, lvalue, value)                                                                 \
    do {                                                                                           \
        __typeof__(lvalue) saved = (lvalue);                                                       \
        (lvalue) = (__typeof__(lvalue))(value);                                                    \
        names(id);                                                                                 \
        (lvalue) = saved;                                                                          \
        is_intact();                                                                               \
    } while (0)

#endif
