/* SPDX-License-Identifier: MIT
 * cache.c - the cache type: a table from keys to entries, and the entries in the order of their
 * use.
 *
 * An entry has two owners: the table, and the next older entry (of the oldest one, the cache).  So
 * entries that go together end in the order of their use, as lru_cache's do, whatever the table's
 * is.  The links back are plain: whoever follows them has the cache in hand, and with it all
 * entries.  Only looking for a key may run code of the program's; an entry
 * keeps the hash of its key, and is found by that when it has to go.  What is dropped is taken out
 * and unlinked first; a call lets user code run (the end of a key or a value) last, and touches the
 * cache no more, which may be gone then. */
#include "ouro/cache.h"

#include "types/ops.h"
#include "types/table.h"

struct entry {
    struct ouro_obj header;
    ouro_ref key, value, newer;
    struct entry *older;
    uint32_t born, hash;
};

struct cache {
    struct table table; /* of keys and entries */
    ouro_ref oldest;
    struct entry *newest;
    struct entry *hand; /* the next to be looked at, whether it is expired; NULL: the oldest */
    uint32_t maxsize, ttl, hits, misses;
    uint32_t (*clock)(void);
};

extern const struct ouro_type ouro_cache_type, cacheentry_type;

static struct cache *cache_of(ouro_ref ref) { return expect(ref, OURO_TYPE_CACHE); }

ouro_ref ouro_cache_new(uint32_t maxsize, uint32_t ttl, uint32_t (*clock)(void))
{
    ouro_require_that(!ttl || clock, "a cache with a time to live needs a clock");
    ouro_ref ref = ouro_obj_new(&ouro_cache_type);
    if (!ref) return NULL;
    struct cache *cache = cache_of(ref);
    cache->maxsize = maxsize;
    cache->ttl = ttl;
    cache->clock = clock;
    return ref;
}

/* ---- the order of use ---- */

static struct entry *entry_of(ouro_ref ref) { return (struct entry *)(void *)ref; }

/* Returns the reference that led to it. */
static ouro_ref unlink(struct cache *cache, struct entry *entry)
{
    ouro_ref *from = entry->older ? &entry->older->newer : &cache->oldest, link = ouro_take(from);
    struct entry *newer = entry_of(entry->newer);
    *(newer ? &newer->older : &cache->newest) = entry->older;
    if (cache->hand == entry) cache->hand = newer;
    ouro_move(from, &entry->newer);
    return link;
}

/* Steals the reference. */
static void link_newest(struct cache *cache, ouro_ref link)
{
    struct entry *older = cache->newest;
    entry_of(link)->older = older;
    *(older ? &older->newer : &cache->oldest) = link;
    cache->newest = entry_of(link);
}

static void use(struct cache *cache, struct entry *entry)
{
    if (entry->newer) link_newest(cache, unlink(cache, entry));
}

/* ---- entries ---- */

/* Take an entry out of the table and out of the order. */
static void take_out(struct cache *cache, struct entry *entry, struct table_pair *taken)
{
    bool was_there = table_remove_one(&cache->table, entry->hash, entry->key, 0, taken);
    ouro_require_that(was_there, "an entry of a cache is not in its table");
    ouro_decref(unlink(cache, entry)); /* not the last: the table's is in *taken */
}

static void let_go(const struct table_pair *gone)
{
    ouro_xdecref(gone->key);
    ouro_xdecref(gone->value);
}

static bool is_expired(const struct cache *cache, const struct entry *entry)
{
    return cache->ttl && cache->clock() - entry->born >= cache->ttl;
}

/* Look at the next entry in turn, and take it out if it is expired. */
static void sweep(struct cache *cache, struct table_pair *taken)
{
    if (!cache->ttl) return;
    struct entry *entry = cache->hand ? cache->hand : entry_of(cache->oldest);
    if (!entry) return;
    cache->hand = entry_of(entry->newer);
    if (is_expired(cache, entry)) take_out(cache, entry, taken);
}

ouro_ref ouro_cache_get(ouro_ref ref, ouro_ref key)
{
    OURO_THREAD_ONLY();
    struct cache *cache = cache_of(ref);
    const ouro_ref *pair = table_find(&cache->table, key, STRIDE_PAIR);
    if (table_has_failed(pair)) return NULL;
    struct entry *entry = entry_of(pair[1]);
    ouro_ref value = NULL;
    struct table_pair expired = {NULL, NULL}, swept = {NULL, NULL};
    if (entry && is_expired(cache, entry)) {
        take_out(cache, entry, &expired);
    } else if (entry) {
        value = ouro_own(entry->value);
        use(cache, entry);
    }
    cache->hits += value != NULL;
    cache->misses += value == NULL;
    sweep(cache, &swept);
    let_go(&expired);
    let_go(&swept);
    return value;
}

/* An entry gets into the table under a key: a new one, or the oldest of a full cache, which keeps
 * its place there if the table is large.  NULL: no memory, nothing changed. */
static struct entry *place(struct cache *cache, ouro_ref key, struct key_hash hash,
                           struct table_pair *taken)
{
    struct entry *oldest = entry_of(cache->oldest);
    bool is_full = oldest && cache->table.used == cache->maxsize;
    ouro_ref held = ouro_own(key);
    if (is_full && table_rekey(&cache->table, oldest->hash, &held, oldest->key, hash)) {
        taken->key = held;
        ouro_decref(unlink(cache, oldest));
        return oldest;
    }
    uint32_t opened = ouro_heap->pages_opened;
    ouro_ref ref =
        is_full ? ouro_own(&oldest->header) : object_make(&cacheentry_type, sizeof(struct entry));
    hash.is_late = ouro_heap->pages_opened != opened;
    if (ref && table_add(&cache->table, held, ref, hash, STRIDE_PAIR)) {
        if (is_full) take_out(cache, oldest, taken);
        return entry_of(ref);
    }
    ouro_decref(held);
    ouro_xdecref(ref);
    return NULL;
}

/* What a call leaves to be dropped: what an entry held; the table's references to what had to go;
 * an entry that was swept or does not fit. */
struct gone {
    struct table_pair held, taken, swept;
};

/* Add an entry; steals key and value.  False: no memory, nothing changed. */
static bool add(struct cache *cache, ouro_ref key, ouro_ref value, struct key_hash hash,
                struct gone *gone)
{
    struct entry *entry = place(cache, key, hash, &gone->taken);
    if (!entry) return false;
    gone->held.key = ouro_take(&entry->key);
    gone->held.value = ouro_take(&entry->value);
    entry->key = key;
    entry->value = value;
    entry->hash = hash.hash;
    link_newest(cache, ouro_own(&entry->header));
    if (cache->ttl) entry->born = cache->clock();
    return true;
}

static void renew(struct cache *cache, struct entry *entry, ouro_ref value)
{
    use(cache, entry);
    if (cache->ttl) entry->born = cache->clock();
    entry->value = value;
}

/* Steals key and value, if it does not fail. */
static int set(struct cache *cache, ouro_ref key, ouro_ref value, struct gone *gone)
{
    uint32_t asked = ouro_heap->node_requests + ouro_heap->pages_opened;
    struct key_hash hash;
    uint32_t number;
    for (unsigned round = 0;;) {
        const ouro_ref *pair = table_look(&cache->table, key, STRIDE_PAIR, &hash, &number);
        if (table_has_failed(pair)) return -1;
        if (pair[0]) {
            struct entry *entry = entry_of(pair[1]);
            gone->held = (struct table_pair){key, ouro_take(&entry->value)};
            renew(cache, entry, value);
            return 0;
        }
        if (add(cache, key, value, hash, gone)) break;
        if (!memory_relieve(&round)) return -1;
    }
    /* What a full cache takes it gives back: others pay; so does the next call, for nodes or pages.
     */
    asked -= ouro_heap->node_requests + ouro_heap->pages_opened;
    if (!asked && !gone->held.key) memory_pay_little();
    if (cache->table.used > cache->maxsize) take_out(cache, entry_of(cache->oldest), &gone->swept);
    return 0;
}

int ouro_cache_set(ouro_ref ref, ouro_ref key, ouro_ref value)
{
    OURO_THREAD_ONLY();
    NOTE_CALLER();
    struct cache *cache = cache_of(ref);
    struct gone gone;
    gone.held.key = gone.taken.key = gone.swept.key = NULL; /* no call of memset() */
    gone.held.value = gone.taken.value = gone.swept.value = NULL;
    ouro_incref(key); /* both may be borrowed from what is dropped */
    ouro_incref(value);
    int result = set(cache, key, value, &gone);
    if (result == 0)
        sweep(cache, &gone.swept);
    else
        gone.held = (struct table_pair){key, value};
    let_go(&gone.taken);
    let_go(&gone.held);
    let_go(&gone.swept);
    return result;
}

void ouro_cache_clear(ouro_ref ref)
{
    struct cache *cache = cache_of(ref);
    OURO_THREAD_ONLY();
    ouro_ref oldest = ouro_take(&cache->oldest);
    cache->newest = cache->hand = NULL;
    cache->hits = cache->misses = 0;
    table_clear(&cache->table);
    ouro_xdecref(oldest); /* the cache itself may be gone */
}

void ouro_cache_info(ouro_ref ref, struct ouro_cache_info *info)
{
    const struct cache *cache = cache_of(ref);
    *info = (struct ouro_cache_info){cache->hits, cache->misses, cache->maxsize, cache->table.used};
}

const struct ouro_type ouro_cache_type = {
    .name = "cache",
    .index = OURO_TYPE_CACHE,
    .size_bytes = sizeof(struct cache),
    .refs = OURO_REF_BIT(struct cache, table.root) | OURO_REF_BIT(struct cache, oldest),
    .drops_forward = true,
};
const struct ouro_type cacheentry_type = {
    .name = "cache entry",
    .index = OURO_TYPE_CACHEENTRY,
    .size_bytes = sizeof(struct entry),
    .refs = OURO_REF_BIT(struct entry, key) | OURO_REF_BIT(struct entry, value) |
            OURO_REF_BIT(struct entry, newer),
    .is_hidden = true,
    .drops_forward = true,
};
