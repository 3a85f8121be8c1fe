/* SPDX-License-Identifier: MIT
 * list.h - a list's layout and slots, for what works on many of them. */
#ifndef OURO_RUNTIME_LIST_H
#define OURO_RUNTIME_LIST_H

#include "types/ops.h"
#include "types/tree.h"

enum { LEVEL_BITS = 4 };

struct list {
    struct ouro_obj header;
    uint32_t length_levels; /* length : 28 | levels of inner nodes : 4 */
    ouro_ref root;
};
static inline uint32_t list_length(const struct list *list)
{
    return list->length_levels >> LEVEL_BITS;
}
static inline unsigned list_levels(const struct list *list)
{
    return list->length_levels & ((1u << LEVEL_BITS) - 1);
}
/* Slot i of a list that is as long, and its leaf. */
static inline ouro_ref list_leaf(const struct list *list, uint32_t i)
{
    return tree_leaf(list->root, list_levels(list) * TREE_BITS, i);
}
static inline ouro_ref *list_item(const struct list *list, uint32_t i)
{
    return slot(list_leaf(list, i), i & (TREE_FANOUT - 1));
}

/* Slot i < len of a list.  O(depth). */
ouro_ref *list_slot(ouro_ref list, size_t i);
/* An item, which is stolen, gets into slot i < len, or len if there is room: what leads to one that
 * may be part of a cycle is tracked.  What was there is forgotten.  O(depth). */
void list_store(ouro_ref list, size_t i, ouro_ref item);
/* Two items change places.  O(depth). */
void list_swap(ouro_ref a, size_t i, ouro_ref b, size_t k);
/* All items of a list go to another, empty one.  O(1). */
void list_move(ouro_ref to, ouro_ref from);

#endif
