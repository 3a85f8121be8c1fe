/* SPDX-License-Identifier: MIT
 * bytes_set.c - writing one byte of a bytearray or a memoryview. */
#include "types/bytes.h"

bool bytes_allow(ouro_ref ref, int value)
{
    if (value >= 0 && value <= 255) return true;
    ouro_error_set(OURO_VALUE_ERROR, ouro_type_index(ref) == OURO_TYPE_MEMORYVIEW
                                         ? "memoryview: invalid value for format 'B'"
                                         : "byte must be in range(0, 256)");
    return false;
}

int ouro_bytes_set(ouro_ref ref, ptrdiff_t i, int value)
{
    if (!is_bytes_like(ref) || ouro_type_index(ref) == OURO_TYPE_BYTES) {
        error_about(OURO_TYPE_ERROR, "'%T' object does not support item assignment", ref);
        return -1;
    }
    if (view_of(ref)->is_readonly) {
        ouro_error_set(OURO_TYPE_ERROR, "cannot modify read-only memory");
        return -1;
    }
    bool is_array = ouro_type_index(ref) == OURO_TYPE_BYTEARRAY; /* CPython asks in this order */
    if (is_array && !bytes_allow(ref, value)) return -1;
    uint8_t *at = bytes_at(ref, i);
    if (!at || !bytes_allow(ref, value)) return -1;
    *at = (uint8_t)value;
    return 0;
}
