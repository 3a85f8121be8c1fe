/* SPDX-License-Identifier: MIT
 * index.h - hash tries from keys to numbers: how dicts, sets and interned strings are found.
 *
 * Leaves are buckets of 16 slots, each empty or an item: a number and 11 bits of its key's hash,
 * which nearly always tell keys apart without looking at them.  Inner nodes have 16 slots, chosen
 * by four bits of the hash, low bits first; several neighbours may share a bucket, and where there
 * is nothing yet they all share one in flash.  A bucket's tags begin with the four bits that chose
 * its slot, or with those of the level above, so that a split looks at no key.  More keys of one
 * and the same hash than a bucket holds are in a chain of buckets, which has just them.
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
    uint32_t asked; /* what heap.node_requests was when the insert began */
};

struct bucket {
    struct ouro_obj header; /* gc: items : 5 | how far hashes were shifted to make their tags : 5 */
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
/* Items of a bucket carry the tag on top; of a hash from which bits of levels above are shifted
 * out. */
enum { BUCKET_ITEM = 32 }; /* one item, in gc */
static inline unsigned bucket_items(ouro_ref bucket) { return bucket->type_gc / BUCKET_ITEM & 31u; }
static inline unsigned tag_shift(ouro_ref bucket) { return bucket->type_gc & 31u; }
static inline uint32_t tag_for(uint32_t type_gc, uint32_t hash)
{
    return hash >> (type_gc & 31u) << TAG_SHIFT;
}
static inline uint32_t tag_in(ouro_ref bucket, uint32_t hash)
{
    return tag_for(bucket->type_gc, hash);
}
static inline unsigned home_of(uint32_t tag) { return tag >> HOME_SHIFT; }
static inline unsigned next_slot(unsigned i) { return (i + 1) & (BUCKET_SLOTS - 1); }

static inline bool index_is_inner(ouro_ref node)
{
    return node->type_gc < (uint32_t)INDEX_CHAIN << TYPE_SHIFT;
}
static inline bool index_is_bucket(ouro_ref node)
{
    return node->type_gc >= (uint32_t)INDEX_BUCKET << TYPE_SHIFT;
}

/* The bucket or the chain for a hash. */
static inline ouro_ref index_walk(ouro_ref node, uint32_t hash)
{
    for (; index_is_inner(node); hash >>= TREE_BITS) node = *slot(node, hash & (TREE_FANOUT - 1));
    return node;
}

/* The same as quickly as can be: what stands behind its header, and that header's first word. */
__attribute__((always_inline)) static inline const void *index_glance(ouro_ref node, uint32_t hash,
                                                                      uint32_t *type_gc)
{
    for (;; hash >>= 2 * TREE_BITS) {
#pragma GCC unroll 2
        for (unsigned shift = 0; shift < 2 * TREE_BITS; shift += TREE_BITS) {
            const ouro_ref *slots = (const ouro_ref *)(const void *)(node + 1);
            *type_gc = node->type_gc;
            if (*type_gc >= (uint32_t)INDEX_CHAIN << TYPE_SHIFT) return slots;
            node = slots[hash >> shift & (TREE_FANOUT - 1)];
        }
    }
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

/* Begin an index with numbers 1 .. n, n < 15.  False: no memory.  O(n). */
bool index_begin(const struct index *index, unsigned n);
/* Add a number >= 1.
 *   returns  false when there is no memory (nothing is lost).  O(1), two nodes at most, but for
 *            keys that agree in more than four bits of their hashes and not in all. */
bool index_insert(const struct index *index, uint32_t hash, uint32_t number);
/* Give a number's key another number; take it out.  O(1), but for O(n) keys of the same hash. */
void index_renumber(ouro_ref root, uint32_t hash, uint32_t number, uint32_t to);
void index_remove(ouro_ref root, uint32_t hash, uint32_t number);
/* The same with what index_next() found last. */
void index_remove_at(ouro_ref root, uint32_t hash, ouro_ref bucket, unsigned at);

#endif
