/* SPDX-License-Identifier: MIT
 * tree.h - trees of small nodes, fan-out 16, indexed by shifts: what containers are made of.
 *
 * A node holds up to 16 references and nothing else; how many it has room for is told by its type,
 * one of a family of six sizes.  Slots 0 .. n-1 of a tree are in use; item i is found by taking i
 * four bits at a time, from `shift` down.  Growing never copies more than one node a level.  The
 * leaves of a tree of several levels are all of 16.  A new node is tracked if the one that it hangs
 * on or replaces is; the first, if it is a tuple's. */
#ifndef OURO_RUNTIME_TREE_H
#define OURO_RUNTIME_TREE_H

#include "object.h"

enum { TREE_BITS = 4, TREE_FANOUT = 1 << TREE_BITS, NODE_SIZES = 6 };

extern const struct ouro_type node_types[NODE_SIZES], values_types[NODE_SIZES];
extern const struct ouro_type items_types[NODE_SIZES], pairs_types[NODE_SIZES];

/* Keeps a loop over words what it is: a C library's memset or memcpy may go byte by byte. */
#define KEEP_LOOP() __asm__ volatile("" ::: "memory")

struct tree {
    ouro_ref root;
    unsigned shift; /* 0: the root is a leaf; 4, 8, ... 20 */
};

/* A node with room for `capacity` <= 16 references.  New reference or NULL, no error set. */
ouro_ref node_make(const struct ouro_type *family, unsigned capacity, bool is_tracked);

/* The same for one with room for as many as there can be. */
static inline ouro_ref node_make_full(const struct ouro_type *family, bool is_tracked)
{
    return object_make_node(&family[NODE_SIZES - 1], is_tracked);
}

/* References that a node has room for: by its type, all families. */
extern const uint8_t node_capacities[4 * NODE_SIZES];
static inline unsigned node_capacity(ouro_ref node)
{
    return node_capacities[(node->type_gc >> TYPE_SHIFT) - OURO_TYPE_NODE];
}

inline ouro_ref tree_child(ouro_ref node, unsigned i) { return *slot(node, i & (TREE_FANOUT - 1)); }

/* The leaf of slot i, of a tree that reaches that far.  No arena has room for more than 5 levels of
 * inner nodes, 2^24 slots.  O(depth), 3 instructions a level. */
inline ouro_ref tree_leaf(ouro_ref node, unsigned shift, uint32_t i)
{
    switch (shift / TREE_BITS) {
    case 5: node = tree_child(node, i >> 20); /* fall through */
    case 4: node = tree_child(node, i >> 16); /* fall through */
    case 3: node = tree_child(node, i >> 12); /* fall through */
    case 2: node = tree_child(node, i >> 8);  /* fall through */
    case 1: node = tree_child(node, i >> 4);  /* fall through */
    case 0: return node;
    default: __builtin_unreachable();
    }
}
/* Slot i itself. */
inline ouro_ref *tree_slot(struct tree tree, uint32_t i)
{
    return slot(tree_leaf(tree.root, tree.shift, i), i & (TREE_FANOUT - 1));
}

/* The node that slot i is in. */
static inline ouro_ref node_of(ouro_ref *slot_i, uint32_t i)
{
    return (ouro_ref)(void *)(slot_i - (i & (TREE_FANOUT - 1))) - 1;
}

/* The same, one copy for what is in no hurry. */
ouro_ref *tree_far(struct tree tree, uint32_t i);

/* Make room for slots i .. i + more - 1, which share a leaf: the first past those in use, or below.
 *   family   types of the nodes: they say in which order the items are dropped
 *   returns  slot i; NULL when there is no memory (no slot changed)
 *   cost     O(depth), a node a level at most */
ouro_ref *tree_reserve(struct tree *tree, const struct ouro_type *family, uint32_t i,
                       unsigned more);

/* Let the nodes on the way to slot i be tracked.  O(depth). */
void tree_track(struct tree tree, uint32_t i);

/* Drop the leaf that begins with slot `length`, the last, now that it is empty.  O(depth). */
void tree_cut(struct tree *tree, uint32_t length);

/* ---- trees with holes: slots that are NULL, and nodes that are not there ---- */

/* Has a node nothing in its slots, of which there is an even number?  O(1). */
bool node_is_empty(ouro_ref node);
/* Slot i was emptied: drop the nodes that have nothing left, but the root.  Returns whether there
 * was one.  O(depth). */
bool tree_prune(struct tree tree, uint32_t i);
/* Slot i, or NULL.  O(depth). */
ouro_ref *tree_look(struct tree tree, uint32_t i);
/* The first slot from i on, i + step, ..., that is not NULL; `end` if there is none before that.
 * O(depth) if every node has such a slot. */
uint32_t tree_next(struct tree tree, uint32_t i, uint32_t step, uint32_t end);
/* The last slot that is a multiple of `step`, a power of 2, and not NULL; there is one.  At most a
 * leaf has none, which is dropped.  O(depth). */
uint32_t tree_last(struct tree tree, unsigned step);
/* Slots from `length` >= 1 on are empty and pruned: lower the root.  O(depth). */
void tree_lower(struct tree *tree, uint32_t length);

#endif
