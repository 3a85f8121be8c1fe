/* SPDX-License-Identifier: MIT
 * index.c - the index of dicts, sets and interned strings: extendible hashing over a trie of nodes.
 *
 * A full bucket is split by one bit more; where its slot's four bits are used up, a level is added
 * on the way.  So an insert moves 15 items at most, and nothing is ever rehashed as a whole.
 * Within a bucket items are placed by linear probing.  The trie's nodes are counted, but not
 * tracked: nothing in it leads back to it.
 * After R. Fagin et al., "Extendible hashing", ACM TODS 4(3), 1979. */
#include "types/index.h"

#include "hash.h"
#include "types/str.h"

enum { ALL_SLOTS = (1u << TREE_FANOUT) - 1 };

const struct ouro_type index_types[INDEX_TYPES] = {
    {.name = "index",
     .index = INDEX_INNER,
     .size_bytes = sizeof(struct ouro_obj) + TREE_FANOUT * sizeof(ouro_ref),
     .refs = ALL_SLOTS,
     .is_hidden = true},
    {.name = "index",
     .index = INDEX_REHASH,
     .size_bytes = sizeof(struct ouro_obj) + TREE_FANOUT * sizeof(ouro_ref),
     .refs = ALL_SLOTS,
     .is_hidden = true},
    {.name = "bucket",
     .index = INDEX_BUCKET,
     .size_bytes = sizeof(struct bucket),
     .is_hidden = true},
};
const struct bucket index_empty = {
    .header = {(uint32_t)INDEX_BUCKET << TYPE_SHIFT,
               OURO_COUNT_ONE | (uint32_t)UNTRACKED << FLAG_LABEL_SHIFT | OURO_FLAG_IMMORTAL}};

static ouro_ref make(unsigned type)
{
    const struct ouro_type *descriptor = &index_types[type - OURO_TYPE_INDEX];
    ouro_heap->node_requests++;
    return object_make(descriptor, descriptor->size_bytes);
}

/* A node of the trie is no part of any cycle. */
static void untrack(ouro_ref node)
{
    struct gc *gc = &ouro_heap->gc;
    set_label(node, UNTRACKED);
    if (gc->count[0] > 0) gc->count[0]--;
}

/* ---- finding ---- */

/* Where a bucket hangs: at `where`, which is slot `at` of `node` or, without one, the root. */
struct place {
    ouro_ref *where, node;
    unsigned at, depth;
    uint32_t rest; /* of the hash, from the bits that chose the slot on */
};

static uint32_t rest_at(ouro_ref key, uint32_t hash, unsigned depth)
{
    if (depth >= INDEX_LEVELS_A_ROUND) (void)hash_key(key, depth / INDEX_LEVELS_A_ROUND, &hash);
    return hash >> depth % INDEX_LEVELS_A_ROUND * TREE_BITS;
}

static struct place find_place(ouro_ref *root, ouro_ref key, uint32_t hash)
{
    struct place place = {.where = root, .rest = hash};
    for (; !index_is_bucket(*place.where); place.depth++) {
        if (place.depth % INDEX_LEVELS_A_ROUND)
            place.rest >>= TREE_BITS;
        else
            place.rest = rest_at(key, hash, place.depth);
        place.node = *place.where;
        place.at = place.rest & (TREE_FANOUT - 1);
        place.where = slot(place.node, place.at);
    }
    return place;
}

uint32_t index_find(const struct index *index, ouro_ref key, uint32_t hash)
{
    struct place place = find_place(index->root, key, hash);
    const uint32_t *items = items_of(*place.where);
    for (unsigned i = home_of(place.rest); items[i]; i = next_slot(i)) {
        if ((items[i] ^ tag_of(place.rest)) & ~NUMBER_MASK) continue;
        uint32_t number = items[i] & NUMBER_MASK;
        int same = keys_equal(index->key_of(index->owner, number), key);
        if (same) return same > 0 ? number : INDEX_FAILED;
    }
    return 0;
}

/* The item of this very key, which must be there. */
static uint32_t *find_item(const struct index *index, ouro_ref key, uint32_t hash, ouro_ref *bucket)
{
    struct place place = find_place(index->root, key, hash);
    *bucket = *place.where;
    uint32_t *items = items_of(*bucket);
    for (unsigned i = home_of(place.rest);; i = next_slot(i)) {
        ouro_require(items[i]);
        if (index->key_of(index->owner, items[i] & NUMBER_MASK) == key) return &items[i];
    }
}

void index_renumber(const struct index *index, ouro_ref key, uint32_t hash, uint32_t to)
{
    ouro_ref bucket;
    uint32_t *item = find_item(index, key, hash, &bucket);
    *item = (*item & ~NUMBER_MASK) | to;
}

void index_remove(const struct index *index, ouro_ref key, uint32_t hash)
{
    ouro_ref bucket;
    uint32_t *items, *item = find_item(index, key, hash, &bucket);
    items = items_of(bucket);
    unsigned gap = (unsigned)(item - items);
    /* What stands behind the gap and did not begin its search there moves up. */
    for (unsigned i = next_slot(gap); items[i]; i = next_slot(i)) {
        unsigned home = items[i] >> HOME_SHIFT;
        if (((i - home) & (BUCKET_SLOTS - 1)) < ((i - gap) & (BUCKET_SLOTS - 1))) continue;
        items[gap] = items[i];
        gap = i;
    }
    items[gap] = 0;
}

/* ---- inserting ---- */

static void bucket_put(uint32_t *items, uint32_t item)
{
    unsigned i = item >> HOME_SHIFT;
    while (items[i]) i = next_slot(i);
    items[i] = item;
}

/* Room for one more, and an empty slot besides? */
static bool has_room(const uint32_t *items, unsigned home)
{
    unsigned empty = 0, i = home;
    do {
        empty += items[i] == 0;
        i = next_slot(i);
    } while (empty < 2 && i != home);
    return empty == 2;
}

/* Slots [*first, *first + returned) of a node share the bucket in slot `at`: as splits halve, they
 * are aligned. */
static unsigned shared_slots(ouro_ref node, unsigned at, unsigned *first)
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

/* Hang a bucket, whose count says so, into slots [first, first + n). */
static void hang(ouro_ref node, unsigned first, unsigned n, ouro_ref bucket)
{
    for (unsigned i = first; i < first + n; i++) *slot(node, i) = bucket;
}

/* Move a bucket's items out of it. */
static void empty(uint32_t *items, uint32_t *to)
{
    for (unsigned i = 0; i < BUCKET_SLOTS; i++) {
        to[i] = items[i];
        items[i] = 0;
    }
}

/* Deal out a full bucket's items to `upper` and, back, to itself, by one bit of their tags. */
static void deal(uint32_t *lower, uint32_t *upper, uint32_t bit)
{
    uint32_t items[BUCKET_SLOTS];
    empty(lower, items);
    for (unsigned i = 0; i < BUCKET_SLOTS; i++)
        if (items[i]) bucket_put(items[i] & bit ? upper : lower, items[i]);
}

/* Bits of the items that are the same in all: set in *ones, or in *zeros. */
static void common_bits(const uint32_t *items, uint32_t *ones, uint32_t *zeros)
{
    *ones = *zeros = UINT32_MAX;
    for (unsigned i = 0; i < BUCKET_SLOTS; i++) {
        if (!items[i]) continue;
        *ones &= items[i];
        *zeros &= ~items[i];
    }
}

/* Split the bucket that slots [first, first + n) of a node share, n > 1, by one bit. */
static bool split(ouro_ref node, unsigned first, unsigned n)
{
    ouro_ref bucket = *slot(node, first), other = INDEX_EMPTY;
    unsigned half = n / 2;
    uint32_t bit = half << TAG_SHIFT, ones, zeros;
    common_bits(items_of(bucket), &ones, &zeros);
    if (ones & bit) { /* all on one side: the other has none yet */
        hang(node, first, half, other);
    } else if (zeros & bit) {
        hang(node, first + half, half, other);
    } else {
        other = make(INDEX_BUCKET);
        if (!other) return false;
        deal(items_of(bucket), items_of(other), bit);
        set_refcount(other, half);
        hang(node, first + half, half, other);
    }
    set_refcount(bucket, half);
    return true;
}

/* The bucket's items get the tags of the next level down. */
static void retag(const struct index *index, uint32_t *items, unsigned depth)
{
    uint32_t old[BUCKET_SLOTS];
    empty(items, old);
    for (unsigned i = 0; i < BUCKET_SLOTS; i++) {
        if (!old[i]) continue;
        uint32_t number = old[i] & NUMBER_MASK, hash = 0;
        ouro_ref key = index->key_of(index->owner, number);
        if (depth < INDEX_LEVELS_A_ROUND && is_str(key))
            hash = str_hash(key, 0);
        else
            (void)hash_key(key, depth / INDEX_LEVELS_A_ROUND, &hash);
        hash >>= depth % INDEX_LEVELS_A_ROUND * TREE_BITS;
        bucket_put(items, tag_of(hash) | number);
    }
}

/* A level more: the bucket in `where` becomes a node all of whose slots share it. */
static bool add_level(const struct index *index, const struct place *place)
{
    unsigned depth = place->depth;
    ouro_ref bucket = *place->where;
    ouro_ref node = make(depth && depth % INDEX_LEVELS_A_ROUND == 0 ? INDEX_REHASH : INDEX_INNER);
    if (!node) return false;
    untrack(node);
    if (depth) retag(index, items_of(bucket), depth); /* at the root they are right already */
    hang(node, 0, TREE_FANOUT, bucket);
    set_refcount(bucket, TREE_FANOUT);
    *place->where = node;
    return true;
}

/* Put a bucket where there was none. */
static bool add_bucket(const struct place *place)
{
    ouro_ref bucket = make(INDEX_BUCKET);
    if (!bucket) return false;
    if (place->node) {
        unsigned first, n = shared_slots(place->node, place->at, &first);
        hang(place->node, first, n, bucket);
        set_refcount(bucket, n);
    } else {
        *place->where = bucket;
    }
    return true;
}

bool index_insert(const struct index *index, ouro_ref key, uint32_t hash, uint32_t number)
{
    for (;;) {
        struct place place = find_place(index->root, key, hash);
        if (*place.where == INDEX_EMPTY && !add_bucket(&place)) return false;
        uint32_t *items = items_of(*place.where);
        if (has_room(items, home_of(place.rest))) {
            bucket_put(items, tag_of(place.rest) | number);
            return true;
        }
        unsigned first = 0, n = place.node ? shared_slots(place.node, place.at, &first) : 1;
        bool is_done = n > 1 ? split(place.node, first, n) : add_level(index, &place);
        if (!is_done) return false;
    }
}
