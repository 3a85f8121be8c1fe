/* SPDX-License-Identifier: MIT
 * isr_str.c - messages as strings: apart from the mailbox, which needs no heap. */
#include "check.h"
#include "ouro/isr.h"
#include "ouro/types.h"

ouro_ref ouro_mailbox_take_str(struct ouro_mailbox *box)
{
    ptrdiff_t bytes = ouro_mailbox_next(box);
    if (bytes < 0) return NULL;
    uint32_t at = (box->taken + OURO_MAILBOX_PREFIX_BYTES) & box->mask;
    const char *text = (const char *)box->ring + at;
    ouro_ref str = NULL, copy = NULL;
    if (at + (size_t)bytes > box->mask + 1u) {
        /* The ring's end cuts it in two.  What is behind `taken` stays the consumer's meanwhile. */
        char *buffer;
        struct ouro_mailbox reader = *box;
        copy = ouro_str_alloc((size_t)bytes, &buffer);
        if (!copy) return NULL;
        ouro_mailbox_take(&reader, buffer, (size_t)bytes);
        text = buffer;
    }
    str = ouro_str_new(text, (size_t)bytes);
    if (copy) ouro_decref(copy);
    if (str) ouro_mailbox_drop(box);
    return str;
}
