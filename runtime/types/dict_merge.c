/* SPDX-License-Identifier: MIT
 * dict_merge.c - dicts out of pairs, of keys, and of other dicts.
 *
 * Looking for a key may run code of the program's: what is at hand is held. */
#include "types/ops.h"

struct target {
    ouro_ref dict, value;
    int items;
    bool overrides;
};

static int put(const struct target *target, ouro_ref key, ouro_ref value)
{
    if (target->overrides) return ouro_dict_set(target->dict, key, value);
    return ouro_dict_setdefault(target->dict, key, value) ? 0 : -1;
}

/* A pair: anything that has two items. */
static int put_pair(void *context, ouro_ref item)
{
    struct target *target = context;
    ouro_ref pair = ouro_tuple_from(item);
    int result = -1;
    if (!pair && ouro_error_get(NULL) == OURO_TYPE_ERROR)
        error_about(OURO_TYPE_ERROR,
                    "cannot convert dictionary update sequence element #%d to a sequence",
                    target->items);
    if (pair && ouro_tuple_len(pair) == 2)
        result = put(target, ouro_tuple_get(pair, 0), ouro_tuple_get(pair, 1));
    else if (pair)
        error_about(OURO_VALUE_ERROR,
                    "dictionary update sequence element #%d has length %d; 2 is required",
                    target->items, (int)ouro_tuple_len(pair));
    target->items++;
    ouro_xdecref(pair);
    return result;
}

static int put_key(void *context, ouro_ref key)
{
    const struct target *target = context;
    return put(target, key, target->value);
}

/* The entries of a dict that the target does not have. */
static int put_others(const struct target *target, ouro_ref other)
{
    ouro_ref key, value;
    size_t position = 0, length = ouro_dict_len(other);
    int result = 0;
    while (result == 0 && ouro_dict_next(other, &position, &key, &value)) {
        ouro_incref(key);
        ouro_incref(value);
        result = put(target, key, value);
        ouro_decref(key);
        ouro_decref(value);
        if (result < 0 || ouro_dict_len(other) == length || other == target->dict) continue;
        ouro_error_set(OURO_RUNTIME_ERROR, "dict mutated during update");
        result = -1;
    }
    return result;
}

int ouro_dict_merge(ouro_ref dict, ouro_ref items, bool overrides)
{
    struct target target = {.dict = dict, .overrides = overrides};
    int result;
    ouro_incref(dict);
    ouro_incref(items);
    if (ouro_type_index(items) != OURO_TYPE_DICT)
        result = each_item(items, put_pair, &target);
    else
        result = put_others(&target, items);
    ouro_decref(items);
    ouro_decref(dict);
    return result;
}

/* The dict, or NULL if filling it failed; then it is dropped. */
static ouro_ref filled(ouro_ref dict, int result)
{
    if (result == 0) return dict;
    ouro_decref(dict);
    return NULL;
}

ouro_ref ouro_dict_from(ouro_ref items)
{
    ouro_incref(items); /* before anything is collected */
    ouro_ref dict = ouro_dict_new();
    if (dict) dict = filled(dict, ouro_dict_merge(dict, items, true));
    ouro_decref(items);
    return dict;
}

ouro_ref ouro_dict_fromkeys(ouro_ref keys, ouro_ref value)
{
    ouro_incref(keys);
    ouro_incref(value);
    struct target target = {.dict = ouro_dict_new(), .value = value, .overrides = true};
    if (target.dict) target.dict = filled(target.dict, each_item(keys, put_key, &target));
    ouro_decref(value);
    ouro_decref(keys);
    return target.dict;
}
