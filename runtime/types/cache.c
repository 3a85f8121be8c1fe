/* SPDX-License-Identifier: MIT
 * cache.c - the cache type: a table from keys to entries, and the entries in the order of their
 * use.
 *
 * The table owns the entries.  The links between them are plain: whoever follows them has the cache
 * in hand, and with it all entries.  What drops an entry unlinks it first, takes it out of the
 * table next, and lets user code run (the end of a key or a value) last.
 *
 * The entry of a key is NULL in the table while the memory for it is being got: finalizers that run
 * meanwhile may use the cache, and set that very key. */
#include "ouro/cache.h"

#include "types/ops.h"
#include "types/table.h"

struct entry {
    struct ouro_obj header;
    ouro_ref key, value;
    struct entry *older, *newer;
    uint32_t born;
};

struct cache {
    struct table table; /* of keys and entries */
    struct entry *oldest, *newest;
    struct entry *hand; /* the next to be looked at, whether it is expired; NULL: the oldest */
    uint32_t maxsize, ttl, hits, misses;
    uint32_t (*clock)(void);
};

extern const struct ouro_type ouro_cache_type, cacheentry_type;

static struct cache *cache_of(ouro_ref ref)
{
    ouro_require_that(ouro_type_index(ref) == OURO_TYPE_CACHE, "a cache was expected");
    return (struct cache *)(void *)ref;
}

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

static void unlink(struct cache *cache, struct entry *entry)
{
    *(entry->older ? &entry->older->newer : &cache->oldest) = entry->newer;
    *(entry->newer ? &entry->newer->older : &cache->newest) = entry->older;
    if (cache->hand == entry) cache->hand = entry->newer;
}

static void link_newest(struct cache *cache, struct entry *entry)
{
    entry->older = cache->newest;
    entry->newer = NULL;
    *(entry->older ? &entry->older->newer : &cache->oldest) = entry;
    cache->newest = entry;
}

/* ---- entries ---- */

/* In the table: a pair of which the second is NULL if there is none, or it is being made. */
static ouro_ref *find(const struct cache *cache, ouro_ref key)
{
    return table_find(&cache->table, key, STRIDE_PAIR);
}
static struct entry *entry_of(const ouro_ref *pair) { return (struct entry *)(void *)pair[1]; }

/* Take an entry out.  User code may run, to find it: what is in the table is linked, nothing else.
 */
static void drop(struct cache *cache, struct entry *entry)
{
    struct table_pair taken;
    ouro_incref(&entry->header);
    if (table_remove(&cache->table, entry->key, &taken, STRIDE_PAIR) == 1) {
        if (taken.value) unlink(cache, (struct entry *)(void *)taken.value);
        ouro_decref(taken.key);
        ouro_xdecref(taken.value);
    } else if (refcount(&entry->header) > 1) {
        unlink(cache, entry); /* the hash of its key has changed: it stays, out of the way */
        link_newest(cache, entry);
    }
    ouro_decref(&entry->header);
}

static bool is_expired(const struct cache *cache, const struct entry *entry)
{
    return cache->ttl && cache->clock() - entry->born >= cache->ttl;
}

/* Look at the next entry in turn, and drop it if it is expired. */
static void sweep(struct cache *cache)
{
    if (!cache->ttl) return;
    struct entry *entry = cache->hand ? cache->hand : cache->oldest;
    if (!entry) return;
    cache->hand = entry->newer;
    if (is_expired(cache, entry)) drop(cache, entry);
}

ouro_ref ouro_cache_get(ouro_ref ref, ouro_ref key)
{
    OURO_THREAD_ONLY();
    struct cache *cache = cache_of(ref);
    const ouro_ref *pair = find(cache, key);
    if (table_has_failed(pair)) return NULL;
    struct entry *entry = entry_of(pair);
    ouro_ref value = NULL;
    ouro_incref(ref); /* what is dropped may drop the cache */
    if (entry && is_expired(cache, entry)) {
        drop(cache, entry);
    } else if (entry) {
        value = ouro_own(entry->value);
        unlink(cache, entry);
        link_newest(cache, entry);
    }
    cache->hits += value != NULL;
    cache->misses += value == NULL;
    sweep(cache);
    ouro_decref(ref);
    return value;
}

/* An entry of a key that has none yet; not linked.  NULL with MemoryError. */
static ouro_ref make_entry(ouro_ref key, ouro_ref value)
{
    ouro_ref ref = ouro_obj_new(&cacheentry_type);
    if (!ref) return NULL;
    struct entry *entry = (struct entry *)(void *)ref;
    entry->key = ouro_own(key);
    entry->value = ouro_own(value);
    return ref;
}

/* Put an entry in its place, unless somebody has set the key meanwhile.  Steals it. */
static int add(struct cache *cache, ouro_ref key, ouro_ref value, ouro_ref made)
{
    struct key_hash hash;
    ouro_ref *pair = table_seek(&cache->table, key, STRIDE_PAIR, &hash);
    NOTE_SITE();
    if (table_has_failed(pair) ||
        (!pair[0] && table_insert(&cache->table, key, NULL, hash, STRIDE_PAIR) < 0)) {
        ouro_decref(made);
        return -1;
    }
    pair = find(cache, key);
    struct entry *entry = entry_of(pair);
    int result = table_has_failed(pair) ? -1 : 0;
    if (pair[0] && !entry) {
        pair[1] = made;
        entry = (struct entry *)(void *)made;
        link_newest(cache, entry);
        if (cache->ttl) entry->born = cache->clock();
        return 0;
    }
    if (entry) ouro_put(&entry->value, ouro_own(value));
    ouro_decref(made); /* set, or set and deleted again, by a finalizer */
    return result;
}

static int set(struct cache *cache, ouro_ref key, ouro_ref value)
{
    const ouro_ref *pair = find(cache, key);
    if (table_has_failed(pair)) return -1;
    struct entry *entry = entry_of(pair);
    if (entry) {
        unlink(cache, entry);
        link_newest(cache, entry);
        if (cache->ttl) entry->born = cache->clock();
        ouro_put(&entry->value, ouro_own(value));
        return 0;
    }
    ouro_ref made = make_entry(key, value);
    if (!made || add(cache, key, value, made) < 0) return -1;
    if (cache->table.used > cache->maxsize && cache->oldest) drop(cache, cache->oldest);
    return 0;
}

int ouro_cache_set(ouro_ref ref, ouro_ref key, ouro_ref value)
{
    OURO_THREAD_ONLY();
    struct cache *cache = cache_of(ref);
    ouro_ref held[] = {ref, key, value}; /* all may be borrowed from what is dropped */
    for (unsigned i = 0; i < 3; i++) ouro_incref(held[i]);
    int result = set(cache, key, value);
    if (result == 0) sweep(cache);
    for (unsigned i = 3; i-- > 0;) ouro_decref(held[i]);
    return result;
}

void ouro_cache_clear(ouro_ref ref)
{
    struct cache *cache = cache_of(ref);
    OURO_THREAD_ONLY();
    cache->oldest = cache->newest = cache->hand = NULL;
    cache->hits = cache->misses = 0;
    table_clear(&cache->table);
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
    .refs = OURO_REF_BIT(struct cache, table.root),
    .drops_forward = true,
    .fields = "used root oldest newest hand maxsize ttl hits misses clock",
};
const struct ouro_type cacheentry_type = {
    .name = "cache entry",
    .index = OURO_TYPE_CACHEENTRY,
    .size_bytes = sizeof(struct entry),
    .refs = OURO_REF_BIT(struct entry, key) | OURO_REF_BIT(struct entry, value),
    .is_hidden = true,
    .fields = "key value older newer born",
};
