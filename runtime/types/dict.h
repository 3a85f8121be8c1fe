/* SPDX-License-Identifier: MIT
 * dict.h - the parts of a large dict, between dict.c and dict_index.c.
 *
 * A dict of up to 8 entries is one node of keys and values, searched from the front.  A larger one
 * has a head: a tree of entries (keys and values in insertion order, holes where some were deleted)
 * and an index from hashes to entry numbers. */
#ifndef OURO_RUNTIME_DICT_H
#define OURO_RUNTIME_DICT_H

#include "types/tree.h"

struct dicthead {
    struct ouro_obj header;
    ouro_ref entries; /* root of the tree of keys and values, two slots an entry */
    ouro_ref index;   /* root of the index */
    uint32_t shift;   /* of the tree */
    uint32_t fill;    /* entries and holes */
    uint32_t read;    /* closing holes: entries below `write` are closed up, those from `read` */
    uint32_t write;   /* on are still where they were; between lie holes; 0 0: nothing to do */
};

enum { DICTHEAD_REFS = 3 }; /* words 0 and 1 */
extern const struct ouro_type dicthead_type, index_types[NODE_SIZES];

static inline struct tree entries_of(const struct dicthead *head)
{
    return (struct tree){head->entries, head->shift};
}
/* Slots of an entry: its key, and behind it its value.  A hole has a NULL key. */
static inline ouro_ref *entry_at(const struct dicthead *head, uint32_t entry)
{
    return tree_slot(entries_of(head), entry * 2);
}

static const uint32_t NO_ENTRY = 0xffffffffu, FIND_FAILED = 0xfffffffeu;

/* Number of the entry with this key, NO_ENTRY, or FIND_FAILED with an error: keys could not be
 * compared.  O(1). */
uint32_t index_find(const struct dicthead *head, ouro_ref key, uint32_t hash);
/* Add an entry, whose key is not in the index yet.
 *   returns  false when there is no memory (nothing is lost).  O(1), a node a level at most. */
bool index_insert(struct dicthead *head, ouro_ref key, uint32_t hash, uint32_t entry);
/* The entry moved from number `from` to `to`.  O(1). */
void index_move(struct dicthead *head, ouro_ref key, uint32_t hash, uint32_t from, uint32_t to);
/* Take an entry out.  O(1). */
void index_remove(struct dicthead *head, ouro_ref key, uint32_t hash, uint32_t entry);

#endif
