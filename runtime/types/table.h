/* SPDX-License-Identifier: MIT
 * table.h - what dict and set share: keys in the order of their insertion, found by hash.
 *
 * A table of up to 8 entries is one node, searched from the front.  A larger one has a head: a tree
 * of entries (holes where some were deleted) and an index from hashes to entry numbers.  An entry
 * is a key, and of a dict its value behind it: `stride` below.
 *
 * To look for a key may run code of the program's, __hash__ and __eq__, and only that: it may do
 * anything, to this table too.  Hashes that such code computed are kept, so that no change of a
 * table ever asks for them again. */
#ifndef OURO_RUNTIME_TABLE_H
#define OURO_RUNTIME_TABLE_H

#include "types/index.h"
#include "types/str.h"

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
    ouro_ref entries; /* root of the tree; every node in it has an entry */
    ouro_ref index;   /* root of the index; numbers count from 1 */
    ouro_ref hashes;  /* root of a tree of the hashes kept, by entry, as ints; or NULL */
    uint8_t levels;   /* of inner nodes: of the entries' tree */
    uint8_t hash_levels;
    uint8_t stride;
    bool is_closing : 1; /* holes: entries below `write` are closed up, those from `read` on */
    bool is_late : 1;    /* the last delete had no time for that */
    uint32_t fill;       /* entries and holes */
    uint32_t read;       /* are still where they were; between lie holes */
    uint32_t write;
    uint32_t emptied; /* 1 + an entry whose leaf may be empty, for a change with more time; or 0 */
};
extern const struct ouro_type head_type;

/* The head of a large table, or NULL. */
static inline struct head *table_head(const struct table *table)
{
    ouro_ref root = table->root; /* no immediate; nodes have lower types */
    bool is_large = root && root->type_gc >= (uint32_t)OURO_TYPE_HEAD << TYPE_SHIFT;
    return is_large ? (struct head *)(void *)root : NULL;
}
static inline struct tree head_tree(const struct head *head)
{
    return (struct tree){head->entries, head->levels * (unsigned)TREE_BITS};
}

/* Where the hashes kept are. */
static inline struct tree head_hashes(const struct head *head)
{
    return (struct tree){head->hashes, head->hash_levels * (unsigned)TREE_BITS};
}
/* The hash of `key`, which is entry i's, of a small table if there is no head.  O(depth); runs none
 * of the program's code. */
uint32_t table_hash_of(const struct head *head, ouro_ref key, uint32_t i);

/* The hash of a key: 31 bits, but for a str.  Kept if code of the program's computed it. */
enum { HASH_MASK = 0x7fffffff };
struct key_hash {
    uint32_t hash;
    bool is_kept;
    bool is_late; /* who inserts the key has opened a page for it: nothing is done ahead */
};

/* The entry of a key that equals `key`, borrowed until the table changes; what is not found has a
 * NULL for key and value.  `key` is held meanwhile.  O(1), but for O(n) keys of the same hash. */
ouro_ref *table_find(const struct table *table, ouro_ref key, unsigned stride);
/* The same, what is needed to insert it if it is not found, and its number. */
ouro_ref *table_look(const struct table *table, ouro_ref key, unsigned stride,
                     struct key_hash *hash, uint32_t *number);

/* Entry i of a large table. */
static inline ouro_ref *table_entry(const struct head *head, uint32_t i, unsigned stride)
{
    ouro_ref leaf = tree_leaf(head->entries, head->levels * (unsigned)TREE_BITS, i << stride);
    struct pair {
        struct ouro_obj header;
        ouro_ref words[TREE_FANOUT / 2][2];
    } *pairs = (struct pair *)(void *)leaf;
    return stride == STRIDE_PAIR ? pairs->words[i % (TREE_FANOUT / 2)]
                                 : slot(leaf, i % TREE_FANOUT);
}

/* What most look-ups are: a key is found by its identity, or a str that has its hash not at all:
 * then it is_missing, which is false before.  Runs no code.  NULL otherwise: who wants to know has
 * to look. */
__attribute__((always_inline)) static inline ouro_ref *table_glance(const struct table *table,
                                                                    ouro_ref key, unsigned stride,
                                                                    bool *is_missing)
{
    ouro_ref root = table->root, *at;
    if (!root) return NULL;
    if (root->type_gc < (uint32_t)OURO_TYPE_HEAD << TYPE_SHIFT) {
        uint32_t n = table->used; /* one at least: there is a node */
        at = slot(root, 0);
        do {
            if (*at == key) return at;
            at += 1u << stride;
        } while (--n);
        return NULL;
    }
    uint32_t hash;
    const struct head *head = (const struct head *)(const void *)root;
    if (!is_str(key) || !(hash = str_of(key)->hash)) return NULL;
    uint32_t type_gc, item;
    const uint32_t *items = index_glance(head->index, hash, &type_gc);
    if (type_gc < (uint32_t)INDEX_BUCKET << TYPE_SHIFT) return NULL;
    uint32_t tag = tag_for(type_gc, hash);
    for (unsigned i = home_of(tag); (item = items[i]); i = next_slot(i)) {
        if ((item ^= tag) >> TAG_SHIFT) continue;
        at = table_entry(head, item - 1, stride);
        if (*at == key) return at;
        if (!ouro_is_immediate(*at)) { /* a str in flash has no hash */
            uint32_t other = is_str(*at) ? str_of(*at)->hash : 0;
            if (other == 0 || other == hash) return NULL;
        }
    }
    *is_missing = true;
    return NULL;
}

/* What they return, with the error set, when keys cannot be hashed or compared. */
extern const ouro_ref table_failed[2];
static inline bool table_has_failed(const ouro_ref *entry) { return entry == table_failed; }

/* Add an entry, whose key was not found; a finalizer that runs first may have added it.
 *   value    of a dict; NULL for a set
 *   returns  0, or -1 with MemoryError, or with what comparing keys failed with */
int table_insert(struct table *table, ouro_ref key, ouro_ref value, struct key_hash hash,
                 unsigned stride);

/* The same without the collector: steals key and value.  False: no memory, nothing changed. */
bool table_add(struct table *table, ouro_ref key, ouro_ref value, struct key_hash hash,
               unsigned stride);

/* Entry `number` (of a small table, any) of a dict got something that may be tracked: so is what
 * leads there.  O(depth). */
void table_track(struct table *table, uint32_t number);
/* Put another value into an entry of a dict: steals it.  Drops the old one, so that code may run.
 */
static inline void table_replace(struct table *table, ouro_ref *entry, uint32_t number,
                                 ouro_ref value)
{
    ouro_ref old = entry[1];
    entry[1] = value;
    if (may_be_tracked(value) && !may_be_tracked(old)) table_track(table, number);
    ouro_decref(old);
}

/* Take an entry out: key and value are the caller's to drop.
 *   returns  1, 0 if there is no such key, or -1 with an error.  O(1), runs no code but to find
 *            the key */
struct table_pair {
    ouro_ref key, value;
};
int table_remove(struct table *table, ouro_ref key, struct table_pair *pair, unsigned stride);
/* The same with a dict's entry of which word `which` (0: key, 1: value) is this very object, and
 * whose key has this hash.  Asks no key, and leaves closing up to later calls.  False: there is
 * none. */
bool table_remove_one(struct table *table, uint32_t hash, ouro_ref word, unsigned which,
                      struct table_pair *pair);
/* The same with the last entry, of a table that is not empty. */
void table_pop(struct table *table, struct table_pair *pair, unsigned stride);

/* The entry of the very key `old`, which has this hash, of a large dict, gets *key, which is not in
 * it; then *key is the old one, the caller's.  False: no memory, or it would take more than that;
 * nothing changed. */
bool table_rekey(struct table *table, uint32_t old_hash, ouro_ref *key, ouro_ref old,
                 struct key_hash hash);

/* The next entry at or behind *position, which goes behind it; NULL at the end.  O(1), however many
 * were deleted. */
ouro_ref *table_next(const struct table *table, size_t *position, unsigned stride);

void table_clear(struct table *table);

#endif
