/* SPDX-License-Identifier: MIT
 * index.c - the index of dicts, sets and interned strings: extendible hashing over a trie of nodes.
 *
 * A full bucket is split by one bit more; where its slot's four bits are used up, a level is added
 * on the way.  So an insert moves 15 items at most, and nothing is ever rehashed as a whole.  Where
 * all 15 have one and the same hash, no bit would part them: the bucket becomes a chain.  Within a
 * bucket items are placed by linear probing.  The trie's nodes are counted, but not tracked:
 * nothing in it leads back to it.
 * After R. Fagin et al., "Extendible hashing", ACM TODS 4(3), 1979. */
#include "types/index.h"

enum { ALL_SLOTS = (1u << TREE_FANOUT) - 1 };

const struct ouro_type index_types[INDEX_TYPES] = {
    {.name = "index",
     .index = INDEX_INNER,
     .size_bytes = sizeof(struct ouro_obj) + TREE_FANOUT * sizeof(ouro_ref),
     .refs = ALL_SLOTS,
     .is_hidden = true},
    {.name = "chain",
     .index = INDEX_CHAIN,
     .size_bytes = sizeof(struct chain),
     .refs = OURO_REF_BIT(struct chain, bucket) | OURO_REF_BIT(struct chain, next),
     .is_hidden = true},
    {.name = "bucket",
     .index = INDEX_BUCKET,
     .size_bytes = sizeof(struct bucket),
     .is_hidden = true},
};
const struct bucket index_empty = {
    .header = {(uint32_t)INDEX_BUCKET << TYPE_SHIFT,
               OURO_COUNT_ONE | (uint32_t)UNTRACKED << FLAG_LABEL_SHIFT | OURO_FLAG_IMMORTAL}};

/* A node of the trie is no part of any cycle. */
static ouro_ref make(unsigned type)
{
    const struct ouro_type *descriptor = &index_types[type - OURO_TYPE_INDEX];
    struct gc *gc = &ouro_heap->gc;
    ouro_heap->node_requests++;
    ouro_ref node = object_make(descriptor, descriptor->size_bytes);
    if (!node || !descriptor->refs) return node;
    set_label(node, UNTRACKED);
    if (gc->count[0] > 0) gc->count[0]--;
    return node;
}

static struct chain *chain_of(ouro_ref ref)
{
    bool is_chain = ref->type_gc >> TYPE_SHIFT == INDEX_CHAIN;
    return is_chain ? (struct chain *)(void *)ref : NULL;
}

/* ---- finding ---- */

/* Where a bucket or a chain hangs: at `where`, which is slot `at` of `node` or, without one, the
 * root. */
struct place {
    ouro_ref *where, node;
    unsigned at, depth;
    uint32_t rest; /* of the hash, from the bits that chose the slot on */
};

static struct place find_place(ouro_ref *root, uint32_t hash)
{
    struct place place = {.where = root, .rest = hash};
    for (; index_is_inner(*place.where); place.depth++) {
        if (place.depth) place.rest >>= TREE_BITS;
        place.node = *place.where;
        place.at = place.rest & (TREE_FANOUT - 1);
        place.where = slot(place.node, place.at);
    }
    return place;
}

/* The first bucket for a hash, and the chain that it is in; NULL: there is none. */
static ouro_ref first_bucket(ouro_ref root, uint32_t hash, uint32_t *rest, struct chain **chain)
{
    *rest = hash;
    ouro_ref leaf = index_walk(root, rest);
    *chain = chain_of(leaf);
    if (!*chain) return leaf;
    *rest = hash;
    return (*chain)->hash == hash ? (*chain)->bucket : NULL;
}

/* The bucket behind another one of a chain. */
static ouro_ref next_bucket(struct chain **chain)
{
    *chain = *chain && (*chain)->next ? chain_of((*chain)->next) : NULL;
    return *chain ? (*chain)->bucket : NULL;
}

uint32_t index_next(ouro_ref root, uint32_t hash, struct candidates *c)
{
    struct chain *chain;
    uint32_t rest;
    ouro_ref bucket = first_bucket(root, hash, &rest, &chain);
    unsigned at = home_of(rest);
    if (c->bucket) { /* it is one of these: index_holds() said so */
        while (bucket && bucket != c->bucket) bucket = next_bucket(&chain);
        at = next_slot(c->at);
    }
    for (; bucket; bucket = next_bucket(&chain), at = home_of(rest)) {
        const uint32_t *items = items_of(bucket);
        for (; items[at]; at = next_slot(at)) {
            if ((items[at] ^ tag_of(rest)) >> TAG_SHIFT) continue;
            *c = (struct candidates){bucket, at, items[at]};
            return items[at] & NUMBER_MASK;
        }
    }
    return 0;
}

bool index_holds(ouro_ref root, uint32_t hash, const struct candidates *c)
{
    struct chain *chain;
    uint32_t rest;
    ouro_ref bucket = first_bucket(root, hash, &rest, &chain);
    while (bucket && bucket != c->bucket) bucket = next_bucket(&chain);
    return bucket && items_of(bucket)[c->at] == c->item;
}

/* The item of a number, which must be there.  *bucket: where it is. */
static uint32_t *find_item(ouro_ref root, uint32_t hash, uint32_t number, ouro_ref *bucket)
{
    struct chain *chain;
    uint32_t rest;
    for (*bucket = first_bucket(root, hash, &rest, &chain); *bucket;
         *bucket = next_bucket(&chain)) {
        uint32_t *items = items_of(*bucket), item = tag_of(rest) | number;
        for (unsigned i = home_of(rest); items[i]; i = next_slot(i))
            if (items[i] == item) return &items[i];
    }
    ouro_require_that(false, "a key's hash changed");
    return NULL;
}

void index_renumber(ouro_ref root, uint32_t hash, uint32_t number, uint32_t to)
{
    ouro_ref bucket;
    *find_item(root, hash, number, &bucket) += to - number;
}

static bool is_empty(const uint32_t *items)
{
    for (unsigned i = 0; i < BUCKET_SLOTS; i++)
        if (items[i]) return false;
    return true;
}

/* Drop a chain's link whose bucket is empty, unless it is the first. */
SELDOM static void unlink_bucket(struct chain *chain, ouro_ref bucket)
{
    for (struct chain *next; chain->next; chain = next) {
        next = chain_of(chain->next);
        if (next->bucket != bucket) continue;
        ouro_ref cut = ouro_take(&chain->next);
        ouro_move(&chain->next, &next->next);
        drop_quietly(cut, SLOTS_MAX);
        return;
    }
}

void index_remove(ouro_ref root, uint32_t hash, uint32_t number)
{
    ouro_ref bucket;
    uint32_t *items, *item = find_item(root, hash, number, &bucket);
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
    ouro_ref leaf = index_walk(root, &hash);
    if (chain_of(leaf) && is_empty(items)) unlink_bucket(chain_of(leaf), bucket);
}

/* ---- inserting ---- */

static inline void bucket_put(uint32_t *items, uint32_t item)
{
    unsigned i = item >> HOME_SHIFT;
    while (items[i]) i = next_slot(i);
    items[i] = item;
}

enum { ROOM = 2, AMPLE = 4 }; /* empty slots: for one more and one besides; and two more again */

/* How many slots are empty, if that is less than AMPLE. */
static unsigned count_room(const uint32_t *items, unsigned home)
{
    unsigned empty = 0, i = home;
    do {
        empty += items[i] == 0;
        i = next_slot(i);
    } while (empty < AMPLE && i != home);
    return empty;
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

/* Deal out a bucket's items to `upper`, which is empty, and back to itself, by one bit of their
 * tags. */
static void deal(uint32_t *lower, uint32_t *upper, uint32_t bit)
{
    unsigned start = 0;
    for (unsigned i = 0; i < BUCKET_SLOTS; i++) {
        uint32_t item = lower[i];
        if (!item) start = i;
        if (!(item & bit)) continue;
        lower[i] = 0;
        bucket_put(upper, item);
    }
    /* What stays moves up to where a search finds it; no search goes past `start`. */
    for (unsigned i = next_slot(start); i != start; i = next_slot(i)) {
        uint32_t item = lower[i];
        if (!item) continue;
        lower[i] = 0;
        bucket_put(lower, item);
    }
}

/* An item of a bucket that has some. */
static uint32_t any_item(const uint32_t *items)
{
    while (!*items) items++;
    return *items;
}

/* Bits of the items that are not the same in all. */
static uint32_t differing_bits(const uint32_t *items)
{
    uint32_t first = any_item(items), bits = 0;
    for (unsigned i = 0; i < BUCKET_SLOTS; i++) bits |= items[i] ? items[i] ^ first : 0;
    return bits;
}

/* Split the full bucket that slots [first, first + n) of a node share, n > 1, by one bit. */
static bool split(ouro_ref node, unsigned first, unsigned n)
{
    ouro_ref bucket = *slot(node, first), other = INDEX_EMPTY;
    unsigned half = n / 2, to = first + half;
    uint32_t *items = items_of(bucket), bit = half << TAG_SHIFT;
    if (differing_bits(items) & bit) {
        other = make(INDEX_BUCKET);
        if (!other) return false;
        deal(items, items_of(other), bit);
        set_refcount(other, half);
    } else if (any_item(items) & bit) { /* all on one side: the other has none yet */
        to = first;
    }
    hang(node, to, half, other);
    set_refcount(bucket, half);
    return true;
}

/* The bucket's items get the tags of the next level down. */
static void retag(const struct index *index, uint32_t *items, unsigned depth)
{
    uint32_t old[BUCKET_SLOTS], n = 0;
    for (unsigned i = 0; i < BUCKET_SLOTS; i++) {
        if (items[i]) old[n++] = items[i] & NUMBER_MASK;
        items[i] = 0;
        KEEP_LOOP();
    }
    while (n--) {
        uint32_t number = old[n], hash = index->hash_of(index->owner, number);
        bucket_put(items, tag_of(hash >> depth * TREE_BITS) | number);
    }
}

/* A level more: the bucket in `where` becomes a node all of whose slots share it. */
static bool add_level(const struct index *index, const struct place *place)
{
    ouro_ref bucket = *place->where, node = make(INDEX_INNER);
    if (!node) return false;
    if (place->depth) retag(index, items_of(bucket), place->depth); /* or right already */
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

/* ---- chains ---- */

/* Have the keys of a full bucket one and the same hash? */
static bool is_of_one_hash(const struct index *index, const uint32_t *items)
{
    if (differing_bits(items) >> TAG_SHIFT) return false;
    uint32_t hash = index->hash_of(index->owner, any_item(items) & NUMBER_MASK);
    for (unsigned i = 0; i < BUCKET_SLOTS; i++)
        if (items[i] && index->hash_of(index->owner, items[i] & NUMBER_MASK) != hash) return false;
    return true;
}

/* A chain of one more bucket in `where`: what is there comes next, or is that bucket itself. */
SELDOM static bool add_link(ouro_ref *where, uint32_t hash)
{
    ouro_ref bucket = chain_of(*where) ? make(INDEX_BUCKET) : NULL;
    if (chain_of(*where) && !bucket) return false;
    struct chain *link = (struct chain *)(void *)make(INDEX_CHAIN);
    if (!link) {
        if (bucket) object_discard(bucket);
        return false;
    }
    link->hash = hash;
    if (bucket) link->next = ouro_take(where);
    link->bucket = bucket ? bucket : ouro_take(where);
    *where = &link->header;
    return true;
}

/* A node above a chain, for hashes other than its own. */
SELDOM static bool add_fork(const struct place *place)
{
    uint32_t hash = chain_of(*place->where)->hash >> place->depth * TREE_BITS;
    ouro_ref node = make(INDEX_INNER);
    if (!node) return false;
    hang(node, 0, TREE_FANOUT, INDEX_EMPTY);
    *slot(node, hash & (TREE_FANOUT - 1)) = ouro_take(place->where);
    *place->where = node;
    return true;
}

/* ---- all together ---- */

/* Make room in a full bucket. */
static bool make_room(const struct index *index, const struct place *place)
{
    unsigned first, n = place->node ? shared_slots(place->node, place->at, &first) : 1;
    if (n > 1) return split(place->node, first, n);
    const uint32_t *items = items_of(*place->where);
    if (!is_of_one_hash(index, items)) return add_level(index, place);
    uint32_t number = any_item(items) & NUMBER_MASK;
    ouro_ref bucket = *place->where;
    if (!add_link(place->where, index->hash_of(index->owner, number))) return false;
    retag(index, items_of(bucket), 0);
    return true;
}

/* The bucket will be split soon: if that needs a level more, now is the time, so that no insert
 * pays for both. */
static void look_ahead(const struct index *index, const struct place *place)
{
    unsigned first;
    if (place->node && shared_slots(place->node, place->at, &first) > 1) return;
    if (!is_of_one_hash(index, items_of(*place->where))) (void)add_level(index, place);
}

bool index_insert(const struct index *index, uint32_t hash, uint32_t number)
{
    uint32_t asked = ouro_heap->node_requests;
    for (;;) {
        struct place place = find_place(index->root, hash);
        if (*place.where == INDEX_EMPTY && !add_bucket(&place)) return false;
        const struct chain *chain = chain_of(*place.where);
        uint32_t *items = items_of(chain ? chain->bucket : *place.where);
        bool is_other = chain && chain->hash != hash;
        if (chain) place.rest = hash;
        unsigned room = is_other ? 0 : count_room(items, home_of(place.rest));
        if (room >= ROOM) {
            bucket_put(items, tag_of(place.rest) | number);
            if (room < AMPLE && !chain && ouro_heap->node_requests == asked)
                look_ahead(index, &place);
            return true;
        }
        bool is_done = is_other ? add_fork(&place)
                       : chain  ? add_link(place.where, hash)
                                : make_room(index, &place);
        if (!is_done) return false;
    }
}
