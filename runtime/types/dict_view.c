/* SPDX-License-Identifier: MIT
 * dict_view.c - views of a dict: its keys, its values, its items, always as it is then.
 *
 * A view is a reference to the dict and its own type; what keys and items can do as sets do is
 * set.c's.  An item is a tuple only when somebody wants to have it: repr() and == of views make
 * none. */
#include "types/ops.h"

struct view {
    struct ouro_obj header;
    ouro_ref dict;
};
extern const struct ouro_type view_types[];

static ouro_ref dict_of(ouro_ref self) { return ((struct view *)(void *)self)->dict; }

static ouro_ref view_new(ouro_ref dict, unsigned type)
{
    (void)expect(dict, OURO_TYPE_DICT);
    return object_holding(&view_types[type - OURO_TYPE_DICTKEYS], 1, &dict);
}
ouro_ref ouro_dict_keys(ouro_ref dict) { return view_new(dict, OURO_TYPE_DICTKEYS); }
ouro_ref ouro_dict_values(ouro_ref dict) { return view_new(dict, OURO_TYPE_DICTVALUES); }
ouro_ref ouro_dict_items(ouro_ref dict) { return view_new(dict, OURO_TYPE_DICTITEMS); }

static size_t view_len(ouro_ref self) { return ouro_dict_len(dict_of(self)); }

static bool view_next(ouro_ref self, size_t *position, ouro_ref *key, ouro_ref *item)
{
    ouro_ref own_key;
    if (!ouro_dict_next(dict_of(self), position, &own_key, item)) return false;
    if (ouro_type_index(self) == OURO_TYPE_DICTKEYS) *item = own_key;
    if (ouro_type_index(self) == OURO_TYPE_DICTITEMS) *key = own_key;
    return true;
}

static ouro_ref view_iterate(ouro_ref self, size_t *position)
{
    ouro_ref key = NULL, item;
    size_t before = *position;
    if (!view_next(self, position, &key, &item)) return NULL;
    if (!key) return ouro_own(item);
    item = ouro_tuple_of(2, key, item);
    if (!item) *position = before;
    return item;
}

int view_contains(ouro_ref self, ouro_ref item)
{
    ouro_ref dict = dict_of(self), value;
    if (ouro_type_index(self) == OURO_TYPE_DICTKEYS) return ops_of(dict)->find(dict, item, &value);
    if (!ouro_is_tuple(item) || ouro_tuple_len(item) != 2) return 0;
    int found = ops_of(dict)->find(dict, ouro_tuple_get(item, 0), &value);
    if (found <= 0) return found;
    ouro_incref(value); /* to compare may run code of the program's */
    ouro_incref(item);
    found = value == ouro_tuple_get(item, 1) ? 1 : ouro_equal(value, ouro_tuple_get(item, 1));
    ouro_decref(item);
    ouro_decref(value);
    return found;
}

static int view_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    bool has_pairs = ouro_type_index(self) == OURO_TYPE_DICTITEMS && view_len(self) > 0;
    if (part == OURO_AGAIN) return write_text(write, context, "...");
    if (part == OURO_END) return write_text(write, context, has_pairs ? ")])" : "])");
    (void)write_text(write, context, ouro_type_of(self)->name);
    return write_text(write, context, has_pairs ? "([(" : "([");
}

#define OPS(compare_, hash_)                                                                       \
    {                                                                                              \
        .repr = view_repr, .hash = (hash_), .compare = (compare_), .len = view_len,                \
        .next = view_next, .iterate = view_iterate,                                                \
        .size_changed = "dictionary changed size during iteration"                                 \
    }
static const struct ouro_ops like_a_set = OPS(set_compare, NULL);
static const struct ouro_ops with_identity = OPS(ouro_identity_compare, ouro_identity_hash);
#define TYPE(name_, i, ops_)                                                                       \
    {                                                                                              \
        .name = (name_), .index = OURO_TYPE_DICTKEYS + (i), .size_bytes = sizeof(struct view),     \
        .refs = OURO_REF_BIT(struct view, dict), .ops = &(ops_)                                    \
    }
const struct ouro_type view_types[] = {
    TYPE("dict_keys", 0, like_a_set),
    TYPE("dict_values", 1, with_identity),
    TYPE("dict_items", 2, like_a_set),
};
