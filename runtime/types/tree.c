/* SPDX-License-Identifier: MIT
 * tree.c - growing and cutting trees of nodes.
 *
 * Whatever is needed is allocated before anything is linked, so that a failure changes nothing.
 * References that change their node are moved with ouro_take (R2). */
#include "types/tree.h"

#include "ouro/gc.h"

/* A program links the families that it uses. */
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
extern inline ouro_ref tree_child(ouro_ref node, unsigned i);
extern inline ouro_ref tree_leaf(ouro_ref node, unsigned shift, uint32_t i);
extern inline ouro_ref *tree_slot(struct tree tree, uint32_t i);
__attribute__((noinline)) ouro_ref *tree_far(struct tree tree, uint32_t i)
{
    return tree_slot(tree, i);
}

const struct ouro_type node_types[NODE_SIZES] = FAMILY(OURO_TYPE_NODE, "node", false);
const struct ouro_type values_types[NODE_SIZES] = FAMILY(OURO_TYPE_VALUES, "values", true);
const struct ouro_type items_types[NODE_SIZES] = FAMILY(OURO_TYPE_ITEMS, "items", false);
const struct ouro_type pairs_types[NODE_SIZES] = FAMILY(OURO_TYPE_PAIRS, "pairs", true);

#define CAPACITIES 2, 4, 6, 8, 12, 16
const uint8_t node_capacities[4 * NODE_SIZES] = {CAPACITIES, CAPACITIES, CAPACITIES, CAPACITIES};
_Static_assert(OURO_TYPE_PAIRS == OURO_TYPE_NODE + 3 * NODE_SIZES, "one table for all");

static bool is_tracked(ouro_ref node) { return label(node) != UNTRACKED; }

ouro_ref node_make(const struct ouro_type *family, unsigned capacity, bool is_tracked)
{
    static const uint8_t size_for[TREE_FANOUT + 1] = {0, 0, 0, 1, 1, 2, 2, 3, 3,
                                                      4, 4, 4, 4, 5, 5, 5, 5};
    return object_make_node(&family[size_for[capacity]], is_tracked);
}

/* Move references from one node to another. */
static void move_slots(ouro_ref *to, ouro_ref *from, unsigned n)
{
    for (; n--; to++, from++) {
        ouro_ref ref = *to = *from;
        *from = NULL;
        if (ref && !ouro_is_immediate(ref) && is_candidate(ref) && RULE(2)) touch(ref);
    }
}

/* Replace the node in `field` by a larger one of its family with the same references. */
__attribute__((noinline)) static bool node_grow(ouro_ref *field, const struct ouro_type *family,
                                                unsigned capacity)
{
    ouro_ref old = *field, larger = node_make(family, capacity, is_tracked(old));
    if (!larger) return false;
    move_slots(slot(larger, 0), slot(old, 0), node_capacity(old));
    *field = larger;
    object_discard_node(old);
    return true;
}

/* Free a path of new nodes. */
SELDOM static void path_free(ouro_ref path)
{
    while (path) {
        ouro_ref below = NULL;
        for (unsigned i = 0, n = node_capacity(path); i < n && !below; i++) {
            below = *slot(path, i);
            *slot(path, i) = NULL;
        }
        object_discard_node(path);
        path = below;
    }
}

/* Inner nodes grow like leaves, but for those that matter little beside all others: of a large
 * tree, or above others. */
static unsigned inner_capacity(const struct tree *tree, unsigned shift, unsigned digit)
{
    if (tree->shift > TREE_BITS || shift > TREE_BITS) return TREE_FANOUT;
    return digit ? digit + 1 : 2;
}

/* A path of new nodes from `shift` down to the leaf of slot i, everything else empty. */
SELDOM static ouro_ref path_make(const struct tree *tree, const struct ouro_type *family,
                                 unsigned shift, uint32_t i, bool is_tracked)
{
    ouro_ref path = node_make_full(family, is_tracked);
    for (unsigned at = TREE_BITS; path && at <= shift; at += TREE_BITS) {
        unsigned digit = i >> at & (TREE_FANOUT - 1);
        ouro_ref above = node_make(family, inner_capacity(tree, at, digit), is_tracked);
        if (above)
            *slot(above, digit) = path;
        else
            path_free(path);
        path = above;
    }
    return path;
}

/* A new root above the old one, with the path to slot i beside it if that has its place there. */
SELDOM static bool tree_deepen(struct tree *tree, const struct ouro_type *family, uint32_t i)
{
    bool is_enough = i >> tree->shift < 2 * TREE_FANOUT, tracked = is_tracked(tree->root);
    ouro_ref path = is_enough ? path_make(tree, family, tree->shift, i, tracked) : NULL;
    unsigned wanted = inner_capacity(tree, tree->shift + TREE_BITS, 1);
    ouro_ref root = path || !is_enough ? node_make(family, wanted, tracked) : NULL;
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

/* The first path of a tree. */
SELDOM static bool tree_begin(struct tree *tree, const struct ouro_type *family, uint32_t i,
                              unsigned more)
{
    unsigned shift = 0;
    while (i >> shift >= TREE_FANOUT) shift += TREE_BITS;
    bool tracked = family->index == OURO_TYPE_ITEMS; /* others: if something is stored that is */
    ouro_ref root =
        shift ? path_make(tree, family, shift, i, tracked) : node_make(family, i + more, tracked);
    if (root) *tree = (struct tree){root, shift};
    return root != NULL;
}

/* Replace a node that has too little room for slot `at` by one of twice its size, if that will do.
 */
SELDOM static bool grow_for(ouro_ref *field, const struct ouro_type *family, unsigned at)
{
    unsigned doubled = node_capacity(*field) * 2;
    return node_grow(field, family,
                     at >= doubled           ? at + 1
                     : doubled < TREE_FANOUT ? doubled
                                             : TREE_FANOUT);
}

ouro_ref *tree_reserve(struct tree *tree, const struct ouro_type *family, uint32_t i, unsigned more)
{
    if (!tree->root && !tree_begin(tree, family, i, more)) return NULL;
    while (i >> tree->shift >= TREE_FANOUT)
        if (!tree_deepen(tree, family, i)) return NULL;
    ouro_ref *field = &tree->root;
    for (unsigned shift = tree->shift; shift;) {
        unsigned at = i >> shift & (TREE_FANOUT - 1);
        bool has_room = at < node_capacity(*field);
        shift -= TREE_BITS;
        if (!has_room || !*slot(*field, at)) {
            bool tracked = is_tracked(*field);
            ouro_ref path = shift ? path_make(tree, family, shift, i, tracked)
                                  : node_make_full(family, tracked);
            if (!path) return NULL;
            if (!has_room && !grow_for(field, family, at)) {
                path_free(path);
                return NULL;
            }
            *slot(*field, at) = path;
        }
        field = slot(*field, at);
    }
    unsigned at = i & (TREE_FANOUT - 1), last = at + more - 1;
    if (last >= node_capacity(*field) && !grow_for(field, family, last)) return NULL;
    return slot(*field, at);
}

SELDOM void tree_track(struct tree tree, uint32_t i)
{
    ouro_ref node = tree.root;
    for (unsigned shift = tree.shift;; shift -= TREE_BITS) {
        object_track(node);
        if (shift == 0) return;
        node = tree_child(node, i >> shift);
    }
}

/* ---- with holes ---- */

__attribute__((noinline)) bool node_is_empty(ouro_ref node)
{
    for (ouro_ref *at = slot(node, 0), *end = at + node_capacity(node); at < end; at += 2)
        if (((uintptr_t)at[0] | (uintptr_t)at[1]) != 0) return false;
    return true;
}

static ouro_ref leaf_of(struct tree tree, uint32_t i)
{
    return (ouro_ref)(void *)tree_far(tree, i & ~(uint32_t)(TREE_FANOUT - 1)) - 1;
}

bool tree_prune(struct tree tree, uint32_t i)
{
    ouro_ref *way[32 / TREE_BITS], **last = way, *field = &tree.root;
    if (!tree.shift || !node_is_empty(leaf_of(tree, i))) return false;
    for (unsigned shift = tree.shift; shift; shift -= TREE_BITS)
        *last++ = field = slot(*field, i >> shift & (TREE_FANOUT - 1));
    do {
        object_discard_node(**--last);
        **last = NULL;
    } while (last > way && node_is_empty(*last[-1]));
    return true;
}

ouro_ref *tree_look(struct tree tree, uint32_t i)
{
    ouro_ref node = tree.root;
    if (!node || i >> tree.shift >= TREE_FANOUT) return NULL;
    for (unsigned shift = tree.shift;; shift -= TREE_BITS) {
        unsigned at = i >> shift & (TREE_FANOUT - 1);
        if (at >= node_capacity(node)) return NULL;
        if (shift == 0) return slot(node, at);
        if (!(node = *slot(node, at))) return NULL;
    }
}

uint32_t tree_next(struct tree tree, uint32_t i, uint32_t step, uint32_t end)
{
    ouro_ref way[32 / TREE_BITS], node = tree.root;
    unsigned shift = tree.shift, at = i >> shift;
    if (i >= end) return end;
    for (;;) {
        unsigned room = node_capacity(node);
        while (at < room && !*slot(node, at)) at += shift ? 1 : step;
        if (at < room) {
            if (at != (i >> shift & (TREE_FANOUT - 1)))
                i = ((i >> shift & ~(uint32_t)(TREE_FANOUT - 1)) + at) << shift;
            if (shift == 0) return i;
            way[shift / TREE_BITS] = node;
            node = *slot(node, at);
            shift -= TREE_BITS;
            at = i >> shift & (TREE_FANOUT - 1);
        } else { /* up, and on to the next */
            if (shift == tree.shift) return end;
            shift += TREE_BITS;
            node = way[shift / TREE_BITS];
            at = (i >> shift & (TREE_FANOUT - 1)) + 1;
        }
    }
}

uint32_t tree_last(struct tree tree, unsigned step)
{
    ouro_ref node = tree.root;
    unsigned shift = tree.shift;
    uint32_t i = 0;
    for (;;) {
        unsigned by = shift ? 1 : step, at = node_capacity(node) & ~(by - 1);
        while (at && !*slot(node, at - by)) at -= by;
        if (at) {
            i = i << TREE_BITS | (at - by);
            if (shift == 0) return i;
            node = *slot(node, at - by);
            shift -= TREE_BITS;
        } else { /* a leaf without any */
            tree_prune(tree, i << TREE_BITS);
            node = tree.root;
            shift = tree.shift;
            i = 0;
        }
    }
}

SELDOM void tree_cut(struct tree *tree, uint32_t length)
{
    if (length > 0) {
        tree_prune(*tree, length);
        tree_lower(tree, length);
    } else {
        object_discard_node(tree->root);
        *tree = (struct tree){0};
    }
}

SELDOM void tree_lower(struct tree *tree, uint32_t length)
{
    while (tree->shift && (length - 1) >> tree->shift == 0) {
        ouro_ref node = tree->root;
        tree->root = ouro_take(slot(node, 0));
        tree->shift -= TREE_BITS;
        object_discard_node(node);
    }
}
