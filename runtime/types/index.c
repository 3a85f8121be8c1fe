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
    return object_make_node(&index_types[type - OURO_TYPE_INDEX], false);
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
    unsigned at, depth; /* depth: nodes above */
};

static struct place find_place(ouro_ref *root, uint32_t hash)
{
    struct place place = {.where = root};
    for (; index_is_inner(*place.where); hash >>= TREE_BITS) {
        place.node = *place.where;
        place.at = hash & (TREE_FANOUT - 1);
        place.where = slot(place.node, place.at);
        place.depth++;
    }
    return place;
}

/* The first bucket for a hash, and the chain that it is in; NULL: there is none. */
static ouro_ref first_bucket(ouro_ref root, uint32_t hash, struct chain **chain)
{
    ouro_ref leaf = index_walk(root, hash);
    *chain = chain_of(leaf);
    if (!*chain) return leaf;
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
    ouro_ref bucket = first_bucket(root, hash, &chain);
    if (!bucket) return 0;
    uint32_t tag = tag_in(bucket, hash); /* and that of all others in a chain */
    unsigned at = home_of(tag);
    if (c->bucket) { /* it is one of these: index_holds() said so */
        while (bucket && bucket != c->bucket) bucket = next_bucket(&chain);
        at = next_slot(c->at);
    }
    for (; bucket; bucket = next_bucket(&chain), at = home_of(tag)) {
        const uint32_t *items = items_of(bucket);
        for (; items[at]; at = next_slot(at)) {
            if ((items[at] ^ tag) >> TAG_SHIFT) continue;
            *c = (struct candidates){bucket, at, items[at]};
            return items[at] & NUMBER_MASK;
        }
    }
    return 0;
}

SELDOM bool index_holds(ouro_ref root, uint32_t hash, const struct candidates *c)
{
    struct chain *chain;
    ouro_ref bucket = first_bucket(root, hash, &chain);
    while (bucket && bucket != c->bucket) bucket = next_bucket(&chain);
    return bucket && items_of(bucket)[c->at] == c->item;
}

/* The item of a number, which must be there, and its bucket. */
static uint32_t *find_item(ouro_ref root, uint32_t hash, uint32_t number, ouro_ref *bucket)
{
    struct chain *chain;
    *bucket = first_bucket(root, hash, &chain);
    for (; *bucket; *bucket = next_bucket(&chain)) {
        uint32_t *items = items_of(*bucket), item = tag_in(*bucket, hash) | number;
        for (unsigned i = home_of(item); items[i]; i = next_slot(i))
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

void index_remove_at(ouro_ref root, uint32_t hash, ouro_ref bucket, unsigned gap)
{
    uint32_t *items = items_of(bucket);
    /* What stands behind the gap and did not begin its search there moves up. */
    for (unsigned i = next_slot(gap); items[i]; i = next_slot(i)) {
        unsigned home = home_of(items[i]);
        if (((i - home) & (BUCKET_SLOTS - 1)) < ((i - gap) & (BUCKET_SLOTS - 1))) continue;
        items[gap] = items[i];
        gap = i;
    }
    items[gap] = 0;
    bucket->type_gc -= BUCKET_ITEM;
    if (bucket_items(bucket) > 0) return;
    struct chain *chain;
    (void)first_bucket(root, hash, &chain);
    if (chain) unlink_bucket(chain, bucket);
}

void index_remove(ouro_ref root, uint32_t hash, uint32_t number)
{
    ouro_ref bucket;
    const uint32_t *item = find_item(root, hash, number, &bucket);
    index_remove_at(root, hash, bucket, (unsigned)(item - items_of(bucket)));
}

/* ---- inserting ---- */

static inline void bucket_put(uint32_t *items, uint32_t item)
{
    unsigned i = home_of(item);
    while (items[i]) i = next_slot(i);
    items[i] = item;
}

/* Items of a full bucket, for a slot stays empty; of one that is soon full; of one whose tags are
 * made anew without haste. */
enum { FULL = BUCKET_SLOTS - 1, NEARLY_FULL = FULL - 2, FEW = FULL - 4 };

/* Take all items out of a bucket, four words at a time. */
struct four {
    uint32_t items[4];
};
enum { FOURS = BUCKET_SLOTS / 4 };
static inline void take_all(ouro_ref bucket, struct four *to)
{
    struct four *from = (struct four *)(void *)items_of(bucket), *end = from + FOURS;
    for (; from < end; from++) {
        *to++ = *from;
        from->items[0] = from->items[1] = from->items[2] = from->items[3] = 0;
    }
}

/* How far hashes are shifted for a bucket in this place: its tags begin with the bits that choose
 * its slot.  One that comes out of a split keeps the tags of the level above for a while. */
static unsigned shift_at(const struct place *place)
{
    return place->depth ? (place->depth - 1) * TREE_BITS : 0;
}

/* How many slots of a node share the bucket in it: its count says so.  As splits halve, they are
 * aligned. */
static unsigned sharers(const struct place *place)
{
    return place->node ? refcount(*place->where) : 1;
}

/* Hang a bucket into slots [first, first + n). */
__attribute__((noinline)) static void hang(ouro_ref node, unsigned first, unsigned n,
                                           ouro_ref bucket)
{
    for (ouro_ref *at = slot(node, first), *end = at + n; at < end; at++) *at = bucket;
    if (bucket != INDEX_EMPTY) set_refcount(bucket, n);
}

/* Deal out a bucket's items to `other`, which is empty, and back to itself, by one bit of their
 * tags.  Returns how many went. */
static unsigned deal(ouro_ref bucket, ouro_ref other, uint32_t bit)
{
    struct four old[FOURS];
    uint32_t *lower = items_of(bucket), *upper = items_of(other);
    unsigned moved = 0;
    take_all(bucket, old);
    for (const uint32_t *at = old[0].items, *end = at + BUCKET_SLOTS; at < end; at++) {
        uint32_t item = *at, *to = lower;
        if (!item) continue;
        if (item & bit) {
            to = upper;
            moved++;
        }
        bucket_put(to, item);
    }
    return moved;
}

/* An item of a bucket that has some. */
static uint32_t any_item(const uint32_t *items)
{
    while (!*items) items++;
    return *items;
}

/* Split the full bucket in a place by one bit: slots share it. */
SELDOM static bool split(const struct place *place)
{
    ouro_ref lower = *place->where, upper = make(INDEX_BUCKET);
    if (!upper) return false;
    unsigned n = sharers(place), half = n / 2, first = place->at & ~(n - 1);
    unsigned shift = tag_shift(lower), items = bucket_items(lower);
    unsigned moved = deal(lower, upper, half << (TAG_SHIFT + shift_at(place) - shift));
    set_gc_field(lower, shift + (items - moved) * BUCKET_ITEM);
    upper->type_gc |= shift + moved * BUCKET_ITEM;
    if (moved == 0 || moved == items) { /* all on one side: the other has no bucket yet */
        ouro_ref *empty = moved ? &lower : &upper;
        set_refcount(*empty, 1);
        object_discard_node(*empty);
        *empty = INDEX_EMPTY;
    }
    if (lower == INDEX_EMPTY)
        hang(place->node, first, half, lower);
    else
        set_refcount(lower, half); /* it hangs there */
    hang(place->node, first + half, half, upper);
    return true;
}

/* A bucket's items get the tags of hashes shifted so far, whatever tags they had. */
SELDOM static void retag(const struct index *index, ouro_ref bucket, unsigned shift)
{
    uint32_t *items = items_of(bucket);
    struct four old[FOURS];
    take_all(bucket, old);
    set_gc_field(bucket, shift + bucket_items(bucket) * BUCKET_ITEM);
    for (const uint32_t *at = old[0].items, *end = at + BUCKET_SLOTS; at < end; at++) {
        uint32_t number = *at & NUMBER_MASK;
        if (number)
            bucket_put(items, tag_in(bucket, index->hash_of(index->owner, number)) | number);
    }
    ouro_heap->node_requests++; /* it costs as much as a node: this call is to do no more */
}

SELDOM bool index_begin(const struct index *index, unsigned n)
{
    ouro_ref bucket = make(INDEX_BUCKET);
    if (!bucket) return false;
    for (uint32_t i = 1; i <= n; i++)
        bucket_put(items_of(bucket), tag_in(bucket, index->hash_of(index->owner, i)) | i);
    bucket->type_gc += n * BUCKET_ITEM;
    *index->root = bucket;
    return true;
}

/* A level more: the bucket in `where` becomes a node all of whose slots share it. */
SELDOM static bool add_level(const struct index *index, const struct place *place)
{
    ouro_ref bucket = *place->where, node = make(INDEX_INNER);
    if (!node) return false;
    if (tag_shift(bucket) != shift_at(place)) retag(index, bucket, shift_at(place));
    hang(node, 0, TREE_FANOUT, bucket);
    *place->where = node;
    return true;
}

/* Put a bucket where there was none. */
SELDOM static bool add_bucket(const struct place *place)
{
    ouro_ref bucket = make(INDEX_BUCKET);
    if (!bucket) return false;
    bucket->type_gc |= shift_at(place);
    *place->where = bucket;
    return true;
}

/* ---- chains ---- */

/* Have the keys of a full bucket one and the same hash? */
SELDOM static bool is_of_one_hash(const struct index *index, const uint32_t *items)
{
    for (unsigned i = 0; i < BUCKET_SLOTS; i++)
        if (items[i] && (items[i] ^ any_item(items)) >> TAG_SHIFT) return false;
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
        if (bucket) object_discard_node(bucket);
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
    if (sharers(place) > 1) return split(place);
    ouro_ref bucket = *place->where;
    const uint32_t *items = items_of(bucket);
    if (!is_of_one_hash(index, items)) return add_level(index, place);
    uint32_t hash = index->hash_of(index->owner, any_item(items) & NUMBER_MASK);
    if (!add_link(place->where, hash)) return false;
    retag(index, bucket, 0);
    return true;
}

/* What can be done ahead, so that the insert that splits a bucket does nothing else, and no insert
 * makes a node that adds another elsewhere: the tags of a bucket are made to fit its place, while
 * it has few items if that can wait; a level is added above it; it is split. */
__attribute__((noinline)) static void look_ahead(const struct index *index,
                                                 const struct place *place)
{
    ouro_ref bucket = *place->where;
    unsigned n = bucket_items(bucket), shared = sharers(place);
    if (tag_shift(bucket) != shift_at(place) && (n <= FEW || shared == 1))
        retag(index, bucket, shift_at(place));
    else if (n == FULL && shared > 1)
        (void)split(place);
    else if (n >= NEARLY_FULL && shared == 1 && !is_of_one_hash(index, items_of(bucket)))
        (void)add_level(index, place);
}

bool index_insert(const struct index *index, uint32_t hash, uint32_t number)
{
    for (;;) {
        struct place place = find_place(index->root, hash);
        if (*place.where == INDEX_EMPTY && !add_bucket(&place)) return false;
        const struct chain *chain = chain_of(*place.where);
        ouro_ref bucket = chain ? chain->bucket : *place.where;
        bool is_other = chain && chain->hash != hash;
        if (bucket_items(bucket) < FULL && !is_other) {
            bucket_put(items_of(bucket), tag_in(bucket, hash) | number);
            bucket->type_gc += BUCKET_ITEM;
            if (!chain && ouro_heap->node_requests == index->asked) look_ahead(index, &place);
            return true;
        }
        bool is_done = is_other ? add_fork(&place)
                       : chain  ? add_link(place.where, hash)
                                : make_room(index, &place);
        if (!is_done) return false;
    }
}
