/* SPDX-License-Identifier: MIT
 * dict_index.c - a dict's index: extendible hashing over a tree of small nodes.
 *
 * Leaves are buckets of up to 16 items, each an entry's number and 11 bits of its key's hash, which
 * nearly always tell keys apart without looking at them.  Inner nodes have 16 slots, chosen by four
 * bits of the hash, low bits first; several neighbours may share a bucket.  A full bucket is split
 * by one bit more; where four are used up a level is added.  So an insert moves 16 items at most,
 * and nothing is ever rehashed as a whole. After R. Fagin et al., "Extendible hashing", ACM TODS
 * 4(3), 1979. */
#include "hash.h"
#include "types/dict.h"

enum { BUCKET_ITEMS = 16 };

/* Of an item, 1 + entry number; the bits above are the hash's highest. */
static const uint32_t NUMBER_MASK = (1u << 21) - 1u;

/* A bucket is a leaf to the collector: items are numbers.  In use from the front, 0 behind. */
#define BUCKET(i, items)                                                                           \
    {                                                                                              \
        .name = "bucket", .index = OURO_TYPE_INDEX + (i), .size_bytes = 8 + (items)*4,             \
        .is_hidden = true                                                                          \
    }
const struct ouro_type index_types[NODE_SIZES] = {BUCKET(0, 2), BUCKET(1, 4),  BUCKET(2, 6),
                                                  BUCKET(3, 8), BUCKET(4, 12), BUCKET(5, 16)};
const struct ouro_type dicthead_type = {
    .name = "dicthead",
    .index = OURO_TYPE_DICTHEAD,
    .size_bytes = sizeof(struct dicthead),
    .refs = DICTHEAD_REFS,
    .is_hidden = true,
    .drops_forward = true,
};

static uint32_t *items_of(ouro_ref bucket) { return (uint32_t *)(void *)(bucket + 1); }
static unsigned capacity(ouro_ref bucket)
{
    return node_capacities[ouro_type_index(bucket) - OURO_TYPE_INDEX];
}
static bool is_bucket(ouro_ref node)
{
    return ouro_type_index(node) - OURO_TYPE_INDEX < NODE_SIZES;
}
static uint32_t item_for(uint32_t hash, uint32_t entry)
{
    return (hash & ~NUMBER_MASK) | (entry + 1);
}
static ouro_ref item_key(const struct dicthead *head, uint32_t item)
{
    return *entry_at(head, (item & NUMBER_MASK) - 1);
}

/* The four bits of a key's hash that choose a slot at `depth`; after 32 bits a new round begins. */
static unsigned nibble(ouro_ref key, uint32_t hash, unsigned depth)
{
    if (depth >= 8) (void)hash_key(key, depth / 8, &hash);
    return hash >> depth % 8 * TREE_BITS & (TREE_FANOUT - 1);
}

/* Where the bucket for a key hangs, and how deep. */
static ouro_ref *find_bucket(ouro_ref *root, ouro_ref key, uint32_t hash, unsigned *depth)
{
    *depth = 0;
    while (*root && !is_bucket(*root)) root = slot(*root, nibble(key, hash, (*depth)++));
    return root;
}

uint32_t index_find(const struct dicthead *head, ouro_ref key, uint32_t hash)
{
    unsigned depth;
    ouro_ref root = head->index, bucket = *find_bucket(&root, key, hash, &depth);
    if (!bucket) return NO_ENTRY;
    const uint32_t *items = items_of(bucket);
    for (unsigned i = 0, n = capacity(bucket); i < n && items[i]; i++) {
        if ((items[i] ^ hash) & ~NUMBER_MASK) continue;
        int same = keys_equal(item_key(head, items[i]), key);
        if (same) return same > 0 ? (items[i] & NUMBER_MASK) - 1 : FIND_FAILED;
    }
    return NO_ENTRY;
}

__attribute__((noinline)) static ouro_ref bucket_make(unsigned items)
{
    unsigned size = 0;
    while (index_types[size].size_bytes < 8 + items * 4) size++;
    ouro_heap->node_requests++;
    return object_make(&index_types[size], index_types[size].size_bytes);
}

static unsigned count(ouro_ref bucket)
{
    const uint32_t *items = items_of(bucket);
    unsigned n = 0, most = capacity(bucket);
    while (n < most && items[n]) n++;
    return n;
}

/* Slots [*first, *first + returned) of a node share the bucket in slot `at`: as splits halve, they
 * are aligned. */
__attribute__((noinline)) static unsigned shared_slots(ouro_ref node, unsigned at, unsigned *first)
{
    ouro_ref bucket = *slot(node, at);
    for (unsigned size = 1;; size *= 2) {
        *first = at & ~(size - 1);
        if (size == TREE_FANOUT) return size;
        unsigned twin = *first ^ size;
        for (unsigned i = twin; i < twin + size; i++)
            if (*slot(node, i) != bucket) return size;
    }
}

/* Put `bucket` (stolen, or NULL) into slots [first, first + n) of a node in place of what is there.
 */
__attribute__((noinline)) static void share(ouro_ref node, unsigned first, unsigned n,
                                            ouro_ref bucket)
{
    for (unsigned i = first; i < first + n; i++) {
        ouro_ref old = *slot(node, i);
        *slot(node, i) = bucket;
        if (bucket && i > first) ouro_incref(bucket);
        if (old) drop_quietly(old);
    }
}

/* A level more: the bucket in `*where` becomes a node all of whose slots share it. */
SELDOM static bool add_level(ouro_ref *where)
{
    ouro_ref node = node_make(node_types, TREE_FANOUT);
    if (!node) return false;
    ouro_ref bucket = ouro_take(where);
    *where = node;
    share(node, 0, TREE_FANOUT, bucket);
    return true;
}

/* Split the bucket in slot `at` of a node, which n > 1 slots from `first` on share, by one bit. */
SELDOM static bool split(struct dicthead *head, ouro_ref node, unsigned first, unsigned n,
                         unsigned depth)
{
    ouro_ref bucket = *slot(node, first);
    unsigned half = n / 2, kept = 0, moved = 0, upper = 0;
    uint32_t *items = items_of(bucket);
    bool goes_up[BUCKET_ITEMS];
    for (unsigned i = 0; i < BUCKET_ITEMS; i++) {
        uint32_t hash;
        ouro_ref key = item_key(head, items[i]);
        (void)hash_key(key, 0, &hash);
        goes_up[i] = (nibble(key, hash, depth) & half) != 0;
        upper += goes_up[i];
    }
    if (upper == 0 || upper == BUCKET_ITEMS) { /* all on one side: the other has none yet */
        share(node, upper ? first : first + half, half, NULL);
        return true;
    }
    ouro_ref other = bucket_make(BUCKET_ITEMS);
    if (!other) return false;
    for (unsigned i = 0; i < BUCKET_ITEMS; i++) {
        uint32_t item = items[i];
        if (goes_up[i])
            items_of(other)[moved++] = item;
        else
            items[kept++] = item;
    }
    for (unsigned i = kept; i < BUCKET_ITEMS; i++) items[i] = 0;
    share(node, first + half, half, other);
    return true;
}

/* Put an item into the bucket at `*where`, making or growing it; false: no memory. */
static bool bucket_add(ouro_ref *where, ouro_ref node, unsigned at, uint32_t item)
{
    ouro_ref bucket = *where;
    unsigned n = bucket ? count(bucket) : 0;
    if (!bucket || n == capacity(bucket)) {
        ouro_ref larger = bucket_make(n < 8 ? n + 2 : n + 4);
        if (!larger) return false;
        for (unsigned i = 0; i < n; i++) items_of(larger)[i] = items_of(bucket)[i];
        if (node) {
            unsigned first, shared = shared_slots(node, at, &first);
            share(node, first, shared, larger);
        } else {
            *where = larger;
            if (bucket) drop_quietly(bucket);
        }
        bucket = larger;
    }
    items_of(bucket)[n] = item;
    return true;
}

bool index_insert(struct dicthead *head, ouro_ref key, uint32_t hash, uint32_t entry)
{
    ouro_ref *where = &head->index, node = NULL;
    unsigned depth = 0, at = 0;
    for (;;) {
        if (*where && !is_bucket(*where)) {
            node = *where;
            at = nibble(key, hash, depth++);
            where = slot(node, at);
            continue;
        }
        if (!*where || count(*where) < BUCKET_ITEMS)
            return bucket_add(where, node, at, item_for(hash, entry));
        unsigned first = 0, n = node ? shared_slots(node, at, &first) : 1;
        bool is_done = n > 1 ? split(head, node, first, n, depth - 1) : add_level(where);
        if (!is_done) return false;
    }
}

/* The item of an entry, which must be there. */
static uint32_t *find_item(struct dicthead *head, ouro_ref key, uint32_t hash, uint32_t entry)
{
    unsigned depth;
    ouro_ref bucket = *find_bucket(&head->index, key, hash, &depth);
    ouro_assert(bucket);
    uint32_t *items = items_of(bucket), wanted = item_for(hash, entry);
    unsigned i = 0;
    while (items[i] != wanted) {
        ouro_assert(i + 1 < capacity(bucket) && items[i]);
        i++;
    }
    return &items[i];
}

void index_move(struct dicthead *head, ouro_ref key, uint32_t hash, uint32_t from, uint32_t to)
{
    *find_item(head, key, hash, from) = item_for(hash, to);
}

void index_remove(struct dicthead *head, ouro_ref key, uint32_t hash, uint32_t entry)
{
    uint32_t *item = find_item(head, key, hash, entry);
    unsigned depth;
    ouro_ref bucket = *find_bucket(&head->index, key, hash, &depth);
    ouro_assert(bucket);
    uint32_t *last = &items_of(bucket)[count(bucket) - 1];
    *item = *last;
    *last = 0;
}
