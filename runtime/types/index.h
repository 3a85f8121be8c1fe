/* SPDX-License-Identifier: MIT
 * index.h - hash tries from keys to numbers: how dicts, sets and interned strings are found.
 *
 * Leaves are buckets of 16 slots, each empty or an item: a number and 11 bits of its key's hash,
 * which nearly always tell keys apart without looking at them.  Inner nodes have 16 slots, chosen
 * by four bits of the hash, low bits first; several neighbours may share a bucket, and where there
 * is nothing yet they all share one in flash.  A bucket's tags begin with the four bits that chose
 * its slot, so that a split looks at no key.  More keys of one and the same hash than a bucket
 * holds are in a chain of buckets, which has just them.
 *
 * An index knows hashes and numbers, and no keys: nothing in it calls a program's code. */
#ifndef OURO_RUNTIME_INDEX_H
#define OURO_RUNTIME_INDEX_H

#include "types/tree.h"

enum {
    INDEX_INNER = OURO_TYPE_INDEX, /* four bits more of the hash */
    INDEX_CHAIN = OURO_TYPE_INDEX + 1,
    INDEX_BUCKET = OURO_TYPE_INDEX + 2,
    INDEX_TYPES = 3,
    BUCKET_SLOTS = 16, /* one at least is empty, so that a search ends */
    TAG_SHIFT = 21,
    HOME_SHIFT = 28, /* of an item: the slot where its search begins */
};
#define NUMBER_MASK ((1u << TAG_SHIFT) - 1u)

/* The hash of a number's key. */
typedef uint32_t index_hash_fn(const void *owner, uint32_t number);

/* An index as its owner describes it to the functions below. */
struct index {
    ouro_ref *root;
    index_hash_fn *hash_of;
    const void *owner;
};

struct bucket {
    struct ouro_obj header;
    uint32_t items[BUCKET_SLOTS]; /* 0: empty */
};
/* Numbers whose keys have the same hash, more than a bucket holds.  Their tags begin with the first
 * bits of it, wherever in the trie the chain hangs. */
struct chain {
    struct ouro_obj header;
    ouro_ref bucket;
    ouro_ref next; /* of the same hash, or NULL */
    uint32_t hash;
};
extern const struct ouro_type index_types[INDEX_TYPES];
extern const struct bucket index_empty;
#define INDEX_EMPTY ((ouro_ref)(uintptr_t)&index_empty)

static inline uint32_t *items_of(ouro_ref bucket)
{
    return ((struct bucket *)(void *)bucket)->items;
}
/* Items carry the tag on top; of a hash from which the bits of the levels above were shifted out.
 */
static inline uint32_t tag_of(uint32_t rest) { return rest << TAG_SHIFT; }
static inline unsigned home_of(uint32_t rest) { return tag_of(rest) >> HOME_SHIFT; }
static inline unsigned next_slot(unsigned i) { return (i + 1) & (BUCKET_SLOTS - 1); }

static inline bool index_is_inner(ouro_ref node)
{
    return node->type_gc < (uint32_t)INDEX_CHAIN << TYPE_SHIFT;
}
static inline bool index_is_bucket(ouro_ref node)
{
    return node->type_gc >= (uint32_t)INDEX_BUCKET << TYPE_SHIFT;
}

/* The bucket or the chain for a hash.  *rest: the hash; what is left of it. */
static inline ouro_ref index_walk(ouro_ref node, uint32_t *rest)
{
    uint32_t bits = *rest;
    if (index_is_inner(node)) {
        for (;; bits >>= TREE_BITS) {
            node = *slot(node, bits & (TREE_FANOUT - 1));
            if (!index_is_inner(node)) break;
        }
    }
    *rest = bits;
    return node;
}

/* A walk over the numbers whose keys may have a hash. */
struct candidates {
    ouro_ref bucket; /* NULL: not begun */
    unsigned at;
    uint32_t item; /* the last one; 0: no more */
};
/* The next number; 0: there is none.  O(1). */
uint32_t index_next(ouro_ref root, uint32_t hash, struct candidates *candidates);
/* Is the last one still where it was?  O(1), but for O(n) keys of the same hash. */
bool index_holds(ouro_ref root, uint32_t hash, const struct candidates *candidates);

/* Add a number >= 1.
 *   returns  false when there is no memory (nothing is lost).  O(1), two nodes at most, but for
 *            keys that agree in more than four bits of their hashes and not in all. */
bool index_insert(const struct index *index, uint32_t hash, uint32_t number);
/* Give a number's key another number; take it out.  O(1), but for O(n) keys of the same hash. */
void index_renumber(ouro_ref root, uint32_t hash, uint32_t number, uint32_t to);
void index_remove(ouro_ref root, uint32_t hash, uint32_t number);

#endif
