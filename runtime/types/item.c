/* SPDX-License-Identifier: MIT
 * item.c - subscripts of any object: on to the type's own function.
 *
 * A program that never makes a list, a dict or a range does not link theirs: weak references. */
#include "ouro/abstract.h"
#include "types/bytes.h"
#include "types/special.h"
#include "types/str.h"

#pragma weak ouro_list_set
#pragma weak ouro_list_pop
#pragma weak ouro_dict_set
#pragma weak ouro_dict_del
#pragma weak ouro_range_get

/* How a type is called in messages about its subscripts. */
static const char *noun_of(ouro_ref self)
{
    switch (ouro_type_index(self)) {
    case OURO_TYPE_STR: return "string";
    case OURO_TYPE_RANGE: return "range object";
    default: return ouro_type_name(self);
    }
}

static int unsupported(ouro_ref self, const char *what)
{
    error_about(OURO_TYPE_ERROR, "'%T' object %s", self, what);
    return -1;
}

/* The number that a key is; false with TypeError. */
static bool index_of(ouro_ref self, ouro_ref key, bool takes_slices, ptrdiff_t *i)
{
    int64_t number;
    unsigned type = ouro_type_index(self);
    if (ouro_int_get(key, &number) == 0) {
        bool fits = number >= PTRDIFF_MIN && number <= PTRDIFF_MAX;
        if (!fits) ouro_error_set(OURO_INDEX_ERROR, "cannot fit 'int' into an index-sized integer");
        *i = (ptrdiff_t)number;
        return fits;
    }
    if (ouro_type_index(key) == OURO_TYPE_SLICE)
        ouro_error_set(OURO_TYPE_ERROR, "no item is set by a slice");
    else if (type == OURO_TYPE_MEMORYVIEW)
        ouro_error_set(OURO_TYPE_ERROR, "memoryview: invalid slice key");
    else if (type == OURO_TYPE_STR)
        error_about(OURO_TYPE_ERROR, "string indices must be integers, not '%T'", key);
    else
        error_about(OURO_TYPE_ERROR, "%s indices must be integers%s, not %T",
                    type == OURO_TYPE_BYTES ? "byte" : ouro_type_name(self),
                    takes_slices ? " or slices" : "", key);
    return false;
}

/* Item i of a list, tuple or str, or of a type whose operations are like theirs. */
static ouro_ref item_at(ouro_ref self, ptrdiff_t i)
{
    const struct ouro_ops *ops = ops_of(self);
    size_t n = ops->len(self), at = (size_t)i;
    if (i < 0) at += n;
    if (at >= n) {
        error_about(OURO_INDEX_ERROR, "%s index out of range", noun_of(self));
        return NULL;
    }
    if (!ops->next) return ops->take(self, (struct ouro_span){(ptrdiff_t)at, 1, 1});
    ouro_ref key, item = NULL;
    (void)ops->next(self, &at, &key, &item);
    return ouro_own(item);
}

static ouro_ref item_under(ouro_ref self, ouro_ref key)
{
    ouro_ref value;
    int found = ops_of(self)->find(self, key, &value);
    if (found > 0) return ouro_own(value);
    if (found == 0) error_missing(key);
    return NULL;
}

/* ---- of what has none ---- */

ouro_ref no_items(ouro_ref self)
{
    (void)unsupported(self, "is not subscriptable");
    return NULL;
}
UNLESS_SPECIAL ouro_ref special_get(ouro_ref self, ouro_ref key)
{
    (void)key;
    return no_items(self);
}

int no_set(ouro_ref self, ouro_ref key, ouro_ref value)
{
    unsigned of_key = ouro_type_index(key); /* the two texts are CPython's */
    bool is_index = of_key == OURO_TYPE_INT || of_key == OURO_TYPE_BOOL;
    return unsupported(self, value                           ? "does not support item assignment"
                             : is_index && ops_of(self)->len ? "doesn't support item deletion"
                                                             : "does not support item deletion");
}
UNLESS_SPECIAL int special_set(ouro_ref self, ouro_ref key, ouro_ref value)
{
    return no_set(self, key, value);
}

/* ---- any object ---- */

ouro_ref ouro_item_get(ouro_ref self, ouro_ref key)
{
    const struct ouro_ops *ops = ops_of(self);
    bool is_range = ouro_type_index(self) == OURO_TYPE_RANGE;
    ptrdiff_t i;
    if (ops->find) return item_under(self, key);
    if (!ops->take && !is_range) return special_get(self, key);
    if (ops->take && ouro_type_index(key) == OURO_TYPE_SLICE) return ouro_slice_of(self, key);
    if (!index_of(self, key, !is_range, &i)) return NULL;
    if (is_range) return ouro_range_get(self, i);
    if (!is_bytes_like(self)) return item_at(self, i);
    int byte = ouro_bytes_get(self, i);
    return byte < 0 ? NULL : ouro_int_new(byte);
}

int ouro_item_set(ouro_ref self, ouro_ref key, ouro_ref value)
{
    unsigned type = ouro_type_index(self);
    ptrdiff_t i;
    if (type == OURO_TYPE_DICT) return ouro_dict_set(self, key, value);
    if (type != OURO_TYPE_LIST && type != OURO_TYPE_BYTEARRAY && type != OURO_TYPE_MEMORYVIEW)
        return special_set(self, key, value);
    if (!index_of(self, key, true, &i)) return -1;
    if (type == OURO_TYPE_LIST) return ouro_list_set(self, i, value);
    int64_t byte;
    if (ouro_int_get(value, &byte) < 0) {
        if (type == OURO_TYPE_MEMORYVIEW)
            ouro_error_set(OURO_TYPE_ERROR, "memoryview: invalid type for format 'B'");
        else
            (void)unsupported(value, "cannot be interpreted as an integer");
        return -1;
    }
    return ouro_bytes_set(self, i, byte < 0 || byte > 255 ? -1 : (int)byte);
}

int ouro_item_del(ouro_ref self, ouro_ref key)
{
    unsigned type = ouro_type_index(self);
    ptrdiff_t i;
    if (type == OURO_TYPE_DICT) return ouro_dict_del(self, key);
    if (type != OURO_TYPE_LIST) return special_set(self, key, NULL);
    if (!index_of(self, key, true, &i)) return -1;
    ptrdiff_t n = ouro_len(self);
    if (i >= n || i < -n) {
        ouro_error_set(OURO_INDEX_ERROR, "list assignment index out of range");
        return -1;
    }
    ouro_decref(ouro_list_pop(self, i));
    return 0;
}
