/* SPDX-License-Identifier: MIT
 * weak_dict.c - WeakValueDictionary and WeakKeyDictionary. */
#include "ouro/types.h"
#include "types/weak_table.h"

/* ---- weak values ---- */

const struct ouro_type ouro_weakvalues_type = {
    .name = "WeakValueDictionary",
    .index = OURO_TYPE_WEAKVALUES,
    .size_bytes = sizeof(struct weak_table),
    .refs = WEAK_TABLE_REFS,
    .weak_word = WEAK_TABLE_WEAK,
};

static struct weak_table *values_of(ouro_ref ref)
{
    return weak_table_of(ref, OURO_TYPE_WEAKVALUES);
}

ouro_ref ouro_weakvalues_new(void) { return weak_table_new(&ouro_weakvalues_type); }

int ouro_weakvalues_set(ouro_ref dict, ouro_ref key, ouro_ref value)
{
    return weak_table_put(values_of(dict), value, key);
}

/* The target of an entry that was found (stolen), or NULL. */
static ouro_ref target_of(ouro_ref entry)
{
    if (!entry) return NULL;
    ouro_ref target = weak_target(entry);
    ouro_decref(entry);
    return target;
}

ouro_ref ouro_weakvalues_get(ouro_ref dict, ouro_ref key)
{
    return target_of(weak_table_find(values_of(dict), key));
}

ouro_ref ouro_weakvalues_pop(ouro_ref dict, ouro_ref key)
{
    return target_of(weak_table_take(values_of(dict), key));
}

int ouro_weakvalues_del(ouro_ref dict, ouro_ref key)
{
    ouro_ref entry = weak_table_take(values_of(dict), key);
    if (!entry) return -1;
    ouro_decref(entry);
    return 0;
}

/* ---- weak keys ---- */

const struct ouro_type ouro_weakkeys_type = {
    .name = "WeakKeyDictionary",
    .index = OURO_TYPE_WEAKKEYS,
    .size_bytes = sizeof(struct weak_table),
    .refs = WEAK_TABLE_REFS,
    .weak_word = WEAK_TABLE_WEAK,
};

static struct weak_table *keys_of(ouro_ref ref) { return weak_table_of(ref, OURO_TYPE_WEAKKEYS); }

ouro_ref ouro_weakkeys_new(void) { return weak_table_new(&ouro_weakkeys_type); }

int ouro_weakkeys_set(ouro_ref dict, ouro_ref key, ouro_ref value)
{
    return weak_table_put(keys_of(dict), key, value);
}

/* The item of an entry that was found (stolen), or NULL. */
static ouro_ref item_of(ouro_ref entry)
{
    if (!entry) return NULL;
    ouro_ref item = ouro_own(weakref_of(entry)->then.item);
    ouro_decref(entry);
    return item;
}

ouro_ref ouro_weakkeys_get(ouro_ref dict, ouro_ref key)
{
    return item_of(weak_table_find(keys_of(dict), key));
}

bool ouro_weakkeys_has(ouro_ref dict, ouro_ref key)
{
    ouro_ref item = ouro_weakkeys_get(dict, key);
    ouro_xdecref(item);
    return item != NULL;
}

ouro_ref ouro_weakkeys_pop(ouro_ref dict, ouro_ref key)
{
    return item_of(weak_table_take(keys_of(dict), key));
}

int ouro_weakkeys_del(ouro_ref dict, ouro_ref key)
{
    ouro_ref entry = weak_table_take(keys_of(dict), key);
    if (!entry) return -1;
    ouro_decref(entry);
    return 0;
}
