/* SPDX-License-Identifier: MIT
 * tree.c - growing and cutting trees of nodes.
 *
 * Whatever is needed is allocated before anything is linked, so that a failure changes nothing.
 * References that change their node are moved with ouro_take (R2). */
#include "types/tree.h"

#define NODE(first, slots, label_, forward)                                                        \
    {                                                                                              \
        .name = (label_), .index = (first), .size_bytes = 8 + (slots) * sizeof(ouro_ref),          \
        .refs = (1u << (slots)) - 1u, .is_hidden = true, .drops_forward = (forward)                \
    }
#define FAMILY(first, label_, forward)                                                             \
    {                                                                                              \
        NODE(first, 2, label_, forward), NODE((first) + 1, 4, label_, forward),                    \
            NODE((first) + 2, 6, label_, forward), NODE((first) + 3, 8, label_, forward),          \
            NODE((first) + 4, 12, label_, forward), NODE((first) + 5, 16, label_, forward)         \
    }
const struct ouro_type node_types[NODE_SIZES] = FAMILY(OURO_TYPE_NODE, "node", false);
const struct ouro_type pairs_types[NODE_SIZES] = FAMILY(OURO_TYPE_PAIRS, "pairs", true);

const uint8_t node_capacities[2 * NODE_SIZES] = {2, 4, 6, 8, 12, 16, 2, 4, 6, 8, 12, 16};
_Static_assert(OURO_TYPE_PAIRS == OURO_TYPE_NODE + NODE_SIZES, "one table for both");

ouro_ref node_make(const struct ouro_type *family, unsigned capacity)
{
    static const uint8_t size_for[TREE_FANOUT + 1] = {0, 0, 0, 1, 1, 2, 2, 3, 3,
                                                      4, 4, 4, 4, 5, 5, 5, 5};
    const struct ouro_type *type = &family[size_for[capacity]];
    ouro_heap->node_requests++;
    return object_make(type, type->size_bytes);
}

/* Replace the node in `field` by a larger one of its family with the same references. */
__attribute__((noinline)) static bool node_grow(ouro_ref *field, const struct ouro_type *family,
                                                unsigned capacity)
{
    ouro_ref old = *field, larger = node_make(family, capacity);
    if (!larger) return false;
    for (unsigned i = 0, n = node_capacity(old); i < n; i++)
        *slot(larger, i) = ouro_take(slot(old, i));
    *field = larger;
    object_discard(old);
    return true;
}

/* Free a path of new nodes. */
SELDOM static void path_free(ouro_ref path)
{
    while (path) {
        ouro_ref below = *slot(path, 0);
        *slot(path, 0) = NULL;
        object_discard(path);
        path = below;
    }
}

/* A path of new nodes from `shift` down to a leaf, everything else empty. */
SELDOM static ouro_ref path_make(const struct ouro_type *family, unsigned shift)
{
    ouro_ref path = node_make(family, TREE_FANOUT);
    for (unsigned at = TREE_BITS; path && at <= shift; at += TREE_BITS) {
        ouro_ref above = node_make(family, 2);
        if (above)
            *slot(above, 0) = path;
        else
            path_free(path);
        path = above;
    }
    return path;
}

/* A new root above the old one, with the path to slot i beside it. */
SELDOM static bool tree_deepen(struct tree *tree, const struct ouro_type *family)
{
    ouro_ref path = path_make(family, tree->shift);
    ouro_ref root = path ? node_make(family, 2) : NULL;
    if (!root) {
        path_free(path);
        return false;
    }
    *slot(root, 0) = ouro_take(&tree->root);
    *slot(root, 1) = path;
    tree->root = root;
    tree->shift += TREE_BITS;
    return true;
}

static unsigned doubled(unsigned capacity)
{
    return capacity * 2 < TREE_FANOUT ? capacity * 2 : TREE_FANOUT;
}

bool tree_reserve(struct tree *tree, const struct ouro_type *family, uint32_t i, unsigned more)
{
    if (!tree->root) {
        ouro_ref root = node_make(family, more);
        if (!root) return false;
        *tree = (struct tree){.root = root};
        return true;
    }
    if (i >> tree->shift >= TREE_FANOUT) return tree_deepen(tree, family);

    ouro_ref *field = &tree->root;
    for (unsigned shift = tree->shift; shift; shift -= TREE_BITS) {
        unsigned at = i >> shift & (TREE_FANOUT - 1);
        unsigned room = node_capacity(*field);
        if (at < room && *slot(*field, at)) {
            field = slot(*field, at);
            continue;
        }
        ouro_ref path = path_make(family, shift - TREE_BITS);
        if (!path) return false;
        if (at >= room && !node_grow(field, family, doubled(room))) {
            path_free(path);
            return false;
        }
        *slot(*field, at) = path;
        return true;
    }
    unsigned room = node_capacity(*field), at = i & (TREE_FANOUT - 1);
    if (at + more <= room) return true;
    unsigned wanted = doubled(room) < at + more ? at + more : doubled(room);
    return node_grow(field, family, wanted);
}

SELDOM bool tree_trim(struct tree *tree, uint32_t length)
{
    if (!tree->root) return false;
    if (length == 0) {
        drop_quietly(tree->root, 0);
        *tree = (struct tree){0};
        return true;
    }
    ouro_ref node = tree->root;
    for (unsigned shift = tree->shift; shift; shift -= TREE_BITS) {
        unsigned last = (length - 1) >> shift & (TREE_FANOUT - 1);
        for (unsigned i = node_capacity(node); --i > last;) {
            ouro_ref cut = *slot(node, i);
            if (!cut) continue;
            *slot(node, i) = NULL;
            drop_quietly(cut, SLOTS_MAX); /* a leaf at once: it is empty */
            return true;
        }
        node = *slot(node, last);
    }
    if (tree->shift == 0 || (length - 1) >> tree->shift != 0) return false;
    node = tree->root; /* one child is left: it is the root */
    tree->root = ouro_take(slot(node, 0));
    tree->shift -= TREE_BITS;
    object_discard(node);
    return true;
}
