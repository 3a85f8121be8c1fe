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
    young_gone(gc);
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

/* The item of a number, which must be there. */
struct found {
    ouro_ref bucket;
    uint32_t *item;
    struct chain *chain; /* the first link, if it is in one */
};
static struct found find_item(ouro_ref root, uint32_t hash, uint32_t number)
{
    struct chain *chain;
    struct found found = {first_bucket(root, hash, &chain), NULL, chain};
    for (; found.bucket; found.bucket = next_bucket(&chain)) {
        uint32_t *items = items_of(found.bucket), item = tag_in(found.bucket, hash) | number;
        for (unsigned i = home_of(item); items[i]; i = next_slot(i)) {
            found.item = &items[i];
            if (items[i] == item) return found;
        }
    }
    ouro_require_that(false, "a key's hash changed");
    return found;
}

void index_renumber(ouro_ref root, uint32_t hash, uint32_t number, uint32_t to)
{
    *find_item(root, hash, number).item += to - number;
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
    struct found found = find_item(root, hash, number);
    uint32_t *items = items_of(found.bucket);
    unsigned gap = (unsigned)(found.item - items);
    /* What stands behind the gap and did not begin its search there moves up. */
    for (unsigned i = next_slot(gap); items[i]; i = next_slot(i)) {
        unsigned home = home_of(items[i]);
        if (((i - home) & (BUCKET_SLOTS - 1)) < ((i - gap) & (BUCKET_SLOTS - 1))) continue;
        items[gap] = items[i];
        gap = i;
    }
    items[gap] = 0;
    found.bucket->type_gc -= BUCKET_ITEM;
    if (found.chain && bucket_items(found.bucket) == 0) unlink_bucket(found.chain, found.bucket);
}

/* ---- inserting ---- */

static inline void bucket_put(uint32_t *items, uint32_t item)
{
    unsigned i = home_of(item);
    while (items[i]) i = next_slot(i);
    items[i] = item;
}

/* Items of a full bucket, for a slot stays empty; of one that is soon full. */
enum { FULL = BUCKET_SLOTS - 1, NEARLY_FULL = FULL - 2 };

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
static void hang(ouro_ref node, unsigned first, unsigned n, ouro_ref bucket)
{
    for (ouro_ref *at = slot(node, first), *end = at + n; at < end; at++) *at = bucket;
    if (bucket != INDEX_EMPTY) set_refcount(bucket, n);
}

/* Deal out a bucket's items to `upper`, which is empty, and back to itself, by one bit of their
 * tags. */
static void deal(uint32_t *lower, uint32_t *upper, uint32_t bit)
{
    uint32_t old[BUCKET_SLOTS];
    for (unsigned i = 0; i < BUCKET_SLOTS; i++) {
        old[i] = lower[i];
        lower[i] = 0;
        KEEP_LOOP();
    }
    for (unsigned i = 0; i < BUCKET_SLOTS; i++)
        if (old[i]) bucket_put(old[i] & bit ? upper : lower, old[i]);
}

/* An item of a bucket that has some. */
static uint32_t any_item(const uint32_t *items)
{
    while (!*items) items++;
    return *items;
}

/* Items whose tags have a bit. */
static unsigned count_with(const uint32_t *items, uint32_t bit)
{
    unsigned n = 0;
    for (const uint32_t *end = items + BUCKET_SLOTS; items < end; items++) n += (*items & bit) != 0;
    return n;
}

/* Split the full bucket in a place by one bit: slots share it. */
static bool split(const struct place *place)
{
    ouro_ref bucket = *place->where, other = INDEX_EMPTY;
    unsigned n = sharers(place), half = n / 2, first = place->at & ~(n - 1), to = first + half;
    uint32_t bit = half << (TAG_SHIFT + shift_at(place) - tag_shift(bucket));
    unsigned moved = count_with(items_of(bucket), bit);
    if (moved == FULL) { /* all on one side: the other has no bucket yet */
        to = first;
    } else if (moved > 0) {
        other = make(INDEX_BUCKET);
        if (!other) return false;
        deal(items_of(bucket), items_of(other), bit);
        other->type_gc |= tag_shift(bucket) + moved * BUCKET_ITEM;
        bucket->type_gc -= moved * BUCKET_ITEM;
    }
    hang(place->node, to, half, other);
    set_refcount(bucket, half);
    return true;
}

/* A bucket's items get the tags of hashes shifted so far, whatever tags they had. */
static void retag(const struct index *index, ouro_ref bucket, unsigned shift)
{
    uint32_t old[BUCKET_SLOTS], n = 0, *items = items_of(bucket);
    for (unsigned i = 0; i < BUCKET_SLOTS; i++) {
        if (items[i]) old[n++] = items[i] & NUMBER_MASK;
        items[i] = 0;
        KEEP_LOOP();
    }
    set_gc_field(bucket, shift + n * BUCKET_ITEM);
    while (n--) {
        uint32_t hash = index->hash_of(index->owner, old[n]);
        bucket_put(items, tag_in(bucket, hash) | old[n]);
    }
    ouro_heap->node_requests++; /* it costs as much as a node: this call is to do no more */
}

SELDOM bool index_begin(const struct index *index, unsigned n)
{
    ouro_ref bucket = make(INDEX_BUCKET);
    if (!bucket) return false;
    for (uint32_t i = 0; i < n; i++) items_of(bucket)[i] = i + 1;
    retag(index, bucket, 0);
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
    if (sharers(place) > 1) return split(place);
    ouro_ref bucket = *place->where;
    const uint32_t *items = items_of(bucket);
    if (!is_of_one_hash(index, items)) return add_level(index, place);
    uint32_t hash = index->hash_of(index->owner, any_item(items) & NUMBER_MASK);
    if (!add_link(place->where, hash)) return false;
    retag(index, bucket, 0);
    return true;
}

/* What can be done ahead, so that the insert that splits a bucket does nothing else: its tags are
 * made to fit its place, or a level is added above it. */
static void look_ahead(const struct index *index, const struct place *place)
{
    ouro_ref bucket = *place->where;
    if (tag_shift(bucket) != shift_at(place))
        retag(index, bucket, shift_at(place));
    else if (bucket_items(bucket) >= NEARLY_FULL && sharers(place) == 1 &&
             !is_of_one_hash(index, items_of(bucket)))
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
