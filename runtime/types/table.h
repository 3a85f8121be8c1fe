/* SPDX-License-Identifier: MIT
 * table.h - what dict and set share: keys in the order of their insertion, found by hash.
 *
 * A table of up to 8 entries is one node, searched from the front.  A larger one has a head: a tree
 * of entries (holes where some were deleted) and an index from hashes to entry numbers.  An entry
 * is a key, and of a dict its value behind it: `stride` below. */
#ifndef OURO_RUNTIME_TABLE_H
#define OURO_RUNTIME_TABLE_H

#include "types/index.h"

/* Words of an entry, as a shift. */
enum { STRIDE_KEY, STRIDE_PAIR, SMALL_ENTRIES = 8 };

/* A dict or a set. */
struct table {
    struct ouro_obj header;
    uint32_t used;
    ouro_ref root; /* NULL, a node of `used` entries, or a head */
};

struct head {
    struct ouro_obj header;
    ouro_ref entries; /* root of the tree */
    ouro_ref index;   /* root of the index; numbers count from 1 */
    uint16_t levels;  /* of inner nodes */
    uint16_t stride;
    uint32_t fill;  /* entries and holes */
    uint32_t read;  /* closing holes: entries below `write` are closed up, those from `read` */
    uint32_t write; /* on are still where they were; between lie holes; 0 0: nothing to do */
};
extern const struct ouro_type head_type;

/* The head of a large table, or NULL. */
static inline struct head *table_head(const struct table *table)
{
    bool is_large = table->root && ouro_type_index(table->root) == OURO_TYPE_HEAD;
    return is_large ? (struct head *)(void *)table->root : NULL;
}
static inline struct tree head_tree(const struct head *head)
{
    return (struct tree){head->entries, head->levels * (unsigned)TREE_BITS};
}

/* The entry of a key that equals `key`, borrowed until the table changes; what is not found has a
 * NULL for key and value.  O(1). */
ouro_ref *table_find(const struct table *table, ouro_ref key, unsigned stride);
/* What it returns, with the error set, when keys cannot be hashed or compared. */
extern const ouro_ref table_failed[2];
static inline bool table_has_failed(const ouro_ref *entry) { return entry == table_failed; }

/* Add an entry, whose key was not found; a finalizer that runs first may have added it.
 *   value    of a dict; NULL for a set
 *   returns  0, or -1 with MemoryError, or with what comparing keys failed with */
int table_insert(struct table *table, ouro_ref key, ouro_ref value, unsigned stride);

/* Take out an entry that was found: key and value are the caller's to drop. */
struct table_pair {
    ouro_ref key, value;
};
struct table_pair table_remove(struct table *table, ouro_ref *entry, unsigned stride);

/* The next entry at or behind *position, which goes behind it; NULL at the end. */
ouro_ref *table_next(const struct table *table, size_t *position, unsigned stride);
/* The last entry, of a table that is not empty. */
ouro_ref *table_last(const struct table *table, unsigned stride);

void table_clear(struct table *table);

#endif
