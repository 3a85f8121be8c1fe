/* SPDX-License-Identifier: MIT
 * object_holding.c - objects that are made with references in them: what most constructors do. */
#include "object.h"

ouro_ref(object_holding)(const struct ouro_type *type, unsigned n, const ouro_ref *refs,
                         const void *stack)
{
    for (unsigned i = 0; i < n; i++) ouro_xincref(refs[i]);
    ouro_ref ref = (object_new)(type, type->size_bytes, stack);
    ouro_ref *word = ref && n ? slot(ref, (unsigned)__builtin_ctz(type->refs)) : NULL;
    for (unsigned i = 0; i < n; i++) {
        if (word)
            word[i] = refs[i];
        else
            ouro_xdecref(refs[i]);
    }
    return ref;
}
