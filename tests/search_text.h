/* SPDX-License-Identifier: MIT
 * search_text.h - the edges that a search tells, as one text. */
#ifndef SEARCH_TEXT_H
#define SEARCH_TEXT_H

#include <string.h>

#include "ouro.h"
#include "t.h"

static char told[2000];
static size_t told_bytes;

static inline void tell(void *context, const char *text, size_t bytes)
{
    (void)context;
    if (told_bytes + bytes >= sizeof told) bytes = sizeof told - 1 - told_bytes;
    memcpy(told + told_bytes, text, bytes);
    told_bytes += bytes;
    told[told_bytes] = '\0';
}

/* What is outside is told as OUTSIDE*how many, without an address. */
static inline int tell_edge(const struct ouro_edge *edge, void *context)
{
    char digits[24];
    if (edge->kind != OURO_EDGE_OUTSIDE) {
        ouro_edge_write(edge, tell, NULL);
    } else {
        tell(NULL, "OUTSIDE*", 8);
        tell(NULL, digits, ouro_format_int(digits, edge->number));
    }
    if (context) tell(NULL, context, strlen(context)); /* what stands between edges */
    return 0;
}

/* The path to an object; of one that nothing holds "". */
static inline const char *path_to(ouro_ref of, ouro_ref names)
{
    told[told_bytes = 0] = '\0';
    T_CHECK(ouro_diag_path(of, names, tell_edge, NULL) >= 0);
    return told;
}
static inline const char *referrers_of(ouro_ref of, ouro_ref names)
{
    told[told_bytes = 0] = '\0';
    T_CHECK(ouro_diag_referrers(of, names, tell_edge, (void *)(uintptr_t) " ") >= 0);
    return told;
}
static inline const char *referents_of(ouro_ref of)
{
    told[told_bytes = 0] = '\0';
    T_CHECK(ouro_diag_referents(of, tell_edge, (void *)(uintptr_t) " ") >= 0);
    return told;
}

/* ---- building: each steals `value` ---- */

static inline ouro_ref in_list(ouro_ref list, ouro_ref value)
{
    T_EQ(ouro_list_append(list, value), 0);
    ouro_decref(value);
    return value;
}
static inline ouro_ref in_dict(ouro_ref dict, const char *name, ouro_ref value)
{
    ouro_ref key = ouro_str_from(name);
    T_EQ(ouro_dict_set(dict, key, value), 0);
    ouro_decref(key);
    ouro_decref(value);
    return value;
}
static inline ouro_ref in_attr(ouro_ref instance, const char *name, ouro_ref value)
{
    T_EQ(ouro_attr_set_string(instance, name, value), 0);
    ouro_decref(value);
    return value;
}

#endif
