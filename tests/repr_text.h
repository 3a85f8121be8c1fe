/* SPDX-License-Identifier: MIT
 * repr_text.h - what repr() writes of an object, as one text. */
#ifndef REPR_TEXT_H
#define REPR_TEXT_H

#include "ouro.h"
#include "t.h"

static char out[200];
static size_t out_length;
static inline void collect(void *context, const char *text, size_t n)
{
    (void)context;
    for (size_t i = 0; i < n && out_length < sizeof out - 1; i++) out[out_length++] = text[i];
    out[out_length] = '\0';
}
/* The text is there until the next one. */
static inline const char *repr(ouro_ref ref)
{
    out_length = 0;
    T_EQ(ouro_repr(ref, collect, NULL), 0);
    return out;
}

#endif
