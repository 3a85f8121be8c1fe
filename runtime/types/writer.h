/* SPDX-License-Identifier: MIT
 * writer.h - pieces of a repr. */
#ifndef OURO_RUNTIME_WRITER_H
#define OURO_RUNTIME_WRITER_H

#include <string.h>

#include "ouro/diag.h"

static inline void write_text(ouro_write_fn *write, void *context, const char *text)
{
    write(context, text, strlen(text));
}

/* An object's address as 8 hexadecimal digits. */
static inline void write_address(ouro_write_fn *write, void *context, ouro_ref ref)
{
    char digits[16];
    write(context, digits, ouro_format_hex(digits, (uintptr_t)ref, 8));
}

#endif
