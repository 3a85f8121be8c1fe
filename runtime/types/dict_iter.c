/* SPDX-License-Identifier: MIT
 * dict_iter.c - iterators over a dict's values and its items; its keys are what ouro_iter() gives.
 */
#include "types/ops.h"

static ouro_ref give_value(ouro_ref dict, size_t *position)
{
    ouro_ref value;
    return ouro_dict_next(dict, position, NULL, &value) ? ouro_own(value) : NULL;
}

static ouro_ref give_item(ouro_ref dict, size_t *position)
{
    ouro_ref key, value;
    size_t before = *position;
    if (!ouro_dict_next(dict, position, &key, &value)) return NULL;
    ouro_ref item = ouro_tuple_of(2, key, value);
    if (!item) *position = before;
    return item;
}

static ouro_ref iterate(ouro_ref dict, ouro_ref (*give)(ouro_ref dict, size_t *position))
{
    ouro_require_that(ouro_type_index(dict) == OURO_TYPE_DICT, "a dict was expected");
    return iterator_new(dict, give);
}
ouro_ref ouro_dict_values(ouro_ref dict) { return iterate(dict, give_value); }
ouro_ref ouro_dict_items(ouro_ref dict) { return iterate(dict, give_item); }
