/* SPDX-License-Identifier: MIT
 * bytes_get.c - one byte of a bytes-like object, the only operation on them that is in a hurry. */
#include "types/bytes.h"

SELDOM static int no_byte(ouro_ref ref)
{
    static const char *const messages[] = {"index out of range", "bytearray index out of range",
                                           "index out of bounds on dimension 1"};
    unsigned kind = ouro_type_index(ref) - OURO_TYPE_BYTES;
    if (kind < sizeof messages / sizeof messages[0])
        ouro_error_set(OURO_INDEX_ERROR, messages[kind]);
    else
        error_about(OURO_TYPE_ERROR, "a bytes-like object is required, not '%T'", ref);
    return -1;
}

HOT_WHOLE uint8_t *bytes_at(ouro_ref ref, ptrdiff_t i)
{
    size_t n = bytes_length(ref), at = (size_t)i;
    if (i < 0) at += n;
    if (at < n) return bytes_data(ref) + at;
    (void)no_byte(ref);
    return NULL;
}

/* All that is not a byte between the ends. */
SELDOM static int get_otherwise(ouro_ref ref, ptrdiff_t i)
{
    if (!is_bytes_like(ref)) return no_byte(ref);
    const uint8_t *at = bytes_at(ref, i);
    return at ? *at : -1;
}

HOT_WHOLE int ouro_bytes_get(ouro_ref ref, ptrdiff_t i)
{
    unsigned kind = ouro_type_index(ref) - OURO_TYPE_BYTES;
    if (kind > OURO_TYPE_MEMORYVIEW - OURO_TYPE_BYTES || (size_t)i >= bytes_length(ref))
        return get_otherwise(ref, i);
    if (kind == 0) return ((struct bytes *)(void *)ref)->data[i];
    return view_of(ref)->data[i];
}
