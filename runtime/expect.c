/* SPDX-License-Identifier: MIT
 * expect.c - the panic of who is given an object of another type, the same for all types.
 *
 * Functions of a type expect objects of that type, and say so in one place: a check and a sentence
 * in each would take 500 bytes.  (Of functions where a program's time goes the check is inline.) */
#include <string.h>

#include "object.h"

/* Apart, so that what passes needs no stack. */
SELDOM void expect_failed(unsigned index)
{
    static const char rest[] = " was expected";
    const struct ouro_type *type = builtin_types[index];
    ouro_require_that(ouro_heap, "ouro_init has not run");
    const char *name = type ? type->name : "another type";
    size_t bytes = strlen(name);
    memcpy(ouro_heap->error_text, name, bytes);
    memcpy(ouro_heap->error_text + bytes, rest, sizeof rest);
    ouro_port_panic(ouro_heap->error_text);
}

HOT_WHOLE void *expect(ouro_ref ref, unsigned index)
{
    if (ouro_type_index(ref) != index) expect_failed(index);
    return ref;
}
