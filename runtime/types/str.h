/* SPDX-License-Identifier: MIT
 * str.h - a str's layout, for what is in a hurry: looking up keys. */
#ifndef OURO_RUNTIME_STR_H
#define OURO_RUNTIME_STR_H

#include "object.h"

/* A short one has its length beside its hash; of a longer one `length` is LONG and four bytes
 * follow later.  OURO_STR_CONST has these layouts, too. */
struct str {
    struct ouro_obj header;
    uint32_t hash; /* 0: not computed yet */
    uint8_t length;
    char text[]; /* a zero byte follows the last */
};
struct long_str {
    struct ouro_obj header;
    uint32_t hash;
    uint32_t length_points; /* LONG : 8 | 1 + how many code points, or 0: not counted yet : 24 */
    uint32_t bytes;
    char text[];
};
enum { STR_LONG = 255 };

static inline struct str *str_of(ouro_ref ref) { return (struct str *)(void *)ref; }
/* Text and length. */
static inline char *str_text(ouro_ref ref, size_t *bytes)
{
    struct str *str = str_of(ref);
    struct long_str *wide = (struct long_str *)(void *)ref;
    *bytes = str->length == STR_LONG ? wide->bytes : str->length;
    return str->length == STR_LONG ? wide->text : str->text;
}
static inline bool is_str(ouro_ref ref) { return ouro_type_index(ref) == OURO_TYPE_STR; }

/* Is it UTF-8, and of how many code points?  If not, ValueError is set. */
bool str_is_valid(const char *utf8, size_t bytes, size_t *points);
/* A long str, which is no constant, keeps how many code points it has. */
void str_keep_points(ouro_ref ref, size_t points);
/* A str without the collector: NULL, without an error set, if there is no memory. */
ouro_ref str_make(const char *utf8, size_t bytes);

#endif
