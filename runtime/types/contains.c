/* SPDX-License-Identifier: MIT
 * contains.c - Python's `in`: by the type's own function, or item by item. */
#include "ouro/abstract.h"
#include "ouro/set.h"
#include "types/special.h"
#include "types/text.h"

#pragma weak ouro_range_contains
#pragma weak ouro_set_contains
#pragma weak view_contains

static int str_contains(ouro_ref self, ouro_ref item)
{
    if (!is_str(item)) {
        error_about(OURO_TYPE_ERROR, "'in <string>' requires string as left operand, not %T", item);
        return -1;
    }
    size_t n, m;
    const char *all = str_text(self, &n), *part = str_text(item, &m);
    return find_bytes(all, n, part, m) != NOWHERE;
}

static int bytes_contain(ouro_ref self, ouro_ref item)
{
    int64_t number;
    uint8_t byte;
    if (is_bytes_like(item))
        return find_bytes(bytes_data(self), bytes_length(self), bytes_data(item),
                          bytes_length(item)) != NOWHERE;
    if (ouro_int_get(item, &number) < 0) {
        error_about(OURO_TYPE_ERROR, "a bytes-like object is required, not '%T'", item);
        return -1;
    }
    if (number < 0 || number > 255) {
        ouro_error_set(OURO_VALUE_ERROR, "byte must be in range(0, 256)");
        return -1;
    }
    byte = (uint8_t)number;
    return find_bytes(bytes_data(self), bytes_length(self), &byte, 1) != NOWHERE;
}

static int is_same(void *item, ouro_ref next) { return next == item ? 1 : ouro_equal(next, item); }

static int iterated(ouro_ref self, ouro_ref item)
{
    ouro_incref(item); /* to iterate and to compare may run code of the program's */
    ouro_ref iterator = ouro_iter(self);
    int found = -1;
    if (iterator)
        found = each_item(iterator, is_same, item);
    else
        error_about(OURO_TYPE_ERROR, "argument of type '%T' is not iterable", self);
    ouro_xdecref(iterator);
    ouro_decref(item);
    return found;
}

int ouro_contains(ouro_ref self, ouro_ref item)
{
    unsigned type = ouro_type_index(self), key = ouro_type_index(item);
    ouro_ref value;
    int64_t number;
    int result;
    if (ops_of(self)->find) return ops_of(self)->find(self, item, &value);
    if (type == OURO_TYPE_SET || type == OURO_TYPE_FROZENSET) return ouro_set_contains(self, item);
    if (type == OURO_TYPE_DICTKEYS || type == OURO_TYPE_DICTITEMS) return view_contains(self, item);
    if (type == OURO_TYPE_STR) return str_contains(self, item);
    if (type == OURO_TYPE_BYTES || type == OURO_TYPE_BYTEARRAY) return bytes_contain(self, item);
    if (type == OURO_TYPE_RANGE && (key == OURO_TYPE_INT || key == OURO_TYPE_BOOL)) {
        (void)ouro_int_get(item, &number);
        return ouro_range_contains(self, number);
    }
    if (special_contains && special_contains(self, item, &result)) return result;
    return iterated(self, item);
}
