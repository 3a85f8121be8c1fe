/* SPDX-License-Identifier: MIT
 * missing.c - the KeyError of a key that is not there: repr() of the key, as in CPython.
 *
 * Of keys without items and attributes, that is: repr() of the others may need memory, or run code
 * of the program's.  Costs no more than hashing the key did. */
#include "types/ops.h"

struct text {
    char bytes[96]; /* what ouro_error_format() keeps of it */
    size_t length;
};

static void collect(void *context, const char *piece, size_t bytes)
{
    struct text *text = context;
    size_t room = sizeof text->bytes - 1 - text->length;
    if (bytes > room) bytes = room;
    memcpy(text->bytes + text->length, piece, bytes);
    text->length += bytes;
}

void error_missing(ouro_ref key)
{
    const struct ouro_ops *ops = ops_of(key);
    struct text text = {.length = 0};
    if (ops->repr && !ops->next && !ops->get_attr)
        (void)ops->repr(key, OURO_BEGIN, collect, &text);
    else
        (void)write_text(collect, &text, "key not found");
    text.bytes[text.length] = '\0';
    ouro_error_format(OURO_KEY_ERROR, "%s", text.bytes);
}
