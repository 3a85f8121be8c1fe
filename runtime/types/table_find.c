/* SPDX-License-Identifier: MIT
 * table_find.c - finding a key of a dict or a set.
 *
 * Three ways, each slower than the one before: at a glance (table.h), which is how interned strings
 * are found; by comparing what no code of the program's is asked about; and by ==, which may do
 * anything, so that both keys are held meanwhile, and what was compared has to be where it was
 * afterwards.  Else the search begins anew. */
#include "collector.h"
#include "hash.h"
#include "types/str.h"
#include "types/table.h"

enum { RESTARTS_MOST = 32 };

const ouro_ref table_failed[2];
static const ouro_ref table_missing[2];
static ouro_ref *missing(void) { return (ouro_ref *)(uintptr_t)table_missing; }
static ouro_ref *failed(void) { return (ouro_ref *)(uintptr_t)table_failed; }

/* ---- hashes ---- */

static bool hash_of(ouro_ref key, struct key_hash *hash)
{
    uint32_t before = ouro_heap->hashed_by_code;
    hash->is_kept = hash->is_late = false;
    if (is_str(key)) {
        hash->hash = str_hash(key);
        return true;
    }
    if (ouro_is_immediate(key)) {
        hash->hash = hash_immediate(key) & HASH_MASK;
        return true;
    }
    if (!hash_key(key, &hash->hash)) return false;
    hash->hash &= HASH_MASK;
    hash->is_kept = ouro_heap->hashed_by_code != before;
    return true;
}

uint32_t table_hash_of(const struct head *head, ouro_ref key, uint32_t i)
{
    struct key_hash hash;
    if (ouro_is_immediate(key)) return hash_immediate(key) & HASH_MASK;
    if (is_str(key) && str_of(key)->hash) return str_of(key)->hash;
    const ouro_ref *kept = head && head->hashes ? tree_look(head_hashes(head), i) : NULL;
    if (kept && *kept) return (uint32_t)((uintptr_t)*kept >> 1);
    (void)hash_of(key, &hash);
    return hash.hash;
}

/* ---- without the program's code ---- */

/* Are two keys equal that are not the same?  -1: == has to be asked. */
static inline int equal_plainly(ouro_ref a, ouro_ref b)
{
    if (is_str(a) && is_str(b)) {
        uint32_t x = str_of(a)->hash, y = str_of(b)->hash; /* 0 of one in flash */
        return (x == y || !x || !y) && str_equal(a, b);
    }
    return ouro_is_immediate(a) && ouro_is_immediate(b) ? 0 : -1;
}

/* In a large table; a str has its hash.  NULL: == has to be asked. */
static ouro_ref *find_hashed(const struct head *head, ouro_ref key, uint32_t hash, uint32_t *number)
{
    uint32_t type_gc, item;
    const uint32_t *items = index_glance(head->index, hash, &type_gc);
    if (type_gc < (uint32_t)INDEX_BUCKET << TYPE_SHIFT) return NULL;
    uint32_t tag = tag_for(type_gc, hash);
    for (unsigned i = home_of(tag); (item = items[i]); i = next_slot(i)) {
        if ((item ^ tag) >> TAG_SHIFT) continue;
        ouro_ref *at = tree_slot(head_tree(head), (item - tag - 1) << head->stride);
        *number = item - tag;
        if (*at == key) return at;
        int same = equal_plainly(*at, key);
        if (same) return same > 0 ? at : NULL;
    }
    return missing();
}

/* In a small table. */
static ouro_ref *find_small(const struct table *table, ouro_ref key, unsigned stride)
{
    if (!table->root) return missing();
    uint32_t hash = is_str(key) ? str_of(key)->hash : 0;
    ouro_ref *at = slot(table->root, 0);
    for (uint32_t n = table->used; n; n--, at += 1u << stride) {
        if (*at == key) return at;
        if (hash && !ouro_is_immediate(*at) && is_str(*at)) { /* one in flash has no hash */
            uint32_t other = str_of(*at)->hash;
            if (other && other != hash) continue;
        }
        int same = equal_plainly(*at, key);
        if (same) return same > 0 ? at : NULL;
    }
    return missing();
}

/* ---- with it ---- */

/* ==, the key of the table held meanwhile; the other one is already. */
SELDOM static int equal_held(ouro_ref candidate, ouro_ref key)
{
    ouro_incref(candidate);
    int same = keys_equal(candidate, key);
    (void)drop_quietly(candidate, 0);
    return same;
}

/* Entry `number` of any table. */
SELDOM static ouro_ref *entry_of(const struct table *table, uint32_t number, unsigned stride)
{
    const struct head *head = table_head(table);
    struct tree tree = head ? head_tree(head) : (struct tree){.root = table->root};
    return tree_far(tree, (number - 1) << stride);
}

/* NULL when the table changed meanwhile. */
SELDOM static ouro_ref *compare(const struct table *table, ouro_ref key, uint32_t hash,
                                unsigned stride, uint32_t *number)
{
    const struct head *head = table_head(table);
    ouro_ref root = table->root;
    struct candidates candidates = {0};
    for (uint32_t n = 0;;) {
        n = head ? index_next(head->index, hash, &candidates) : n < table->used ? n + 1 : 0;
        if (!n) return missing();
        ouro_ref *at = entry_of(table, n, stride), candidate = *at;
        int same = candidate == key ? 1 : equal_plainly(candidate, key);
        *number = n;
        if (same < 0) {
            if (table_hash_of(head, candidate, n - 1) != hash) continue;
            same = equal_held(candidate, key);
            if (table->root != root || table_head(table) != head) return NULL;
            if (head ? !index_holds(head->index, hash, &candidates) : n > table->used) return NULL;
            at = entry_of(table, n, stride);
            if (*at != candidate) return NULL;
        }
        if (same) return same > 0 ? at : failed();
    }
}

SELDOM static ouro_ref *changed(void)
{
    ouro_error_set(OURO_RUNTIME_ERROR, "dictionary or set changed while its keys were compared");
    return failed();
}

/* Let go of a key that was held while code of the program's ran.  False, with an error, if nobody
 * else has it any more: who had it borrowed cannot go on. */
static bool let_go(ouro_ref key)
{
    bool is_alive = !is_counted(key) || refcount(key) > 1;
    (void)drop_quietly(key, 0);
    if (!is_alive) (void)changed();
    return is_alive;
}

/* The hash of a key that is no str which has it. */
__attribute__((noinline)) static bool hash_held(ouro_ref key, struct key_hash *hash)
{
    if (is_str(key) || ouro_is_immediate(key)) return hash_of(key, hash);
    ouro_incref(key);
    bool is_hashed = hash_of(key, hash);
    return let_go(key) && is_hashed;
}

SELDOM static ouro_ref *find_comparing(const struct table *table, ouro_ref key, uint32_t hash,
                                       unsigned stride, uint32_t *number)
{
    ouro_ref *found = NULL;
    ouro_incref(key);
    for (unsigned i = 0; i < RESTARTS_MOST && !found; i++)
        found = compare(table, key, hash, stride, number);
    if (!let_go(key)) return failed();
    return found ? found : changed();
}

/* ---- all together ---- */

ouro_ref *table_look(const struct table *table, ouro_ref key, unsigned stride,
                     struct key_hash *hash, uint32_t *number)
{
    if (is_str(key) && str_of(key)->hash)
        *hash = (struct key_hash){.hash = str_of(key)->hash};
    else if (!hash_held(key, hash))
        return failed();
    const struct head *head = table_head(table); /* behind __hash__, which may have changed it */
    ouro_ref *found =
        head ? find_hashed(head, key, hash->hash, number) : find_small(table, key, stride);
    return found ? found : find_comparing(table, key, hash->hash, stride, number);
}

ouro_ref *table_find(const struct table *table, ouro_ref key, unsigned stride)
{
    struct key_hash hash;
    uint32_t number;
    if (table->root && !table_head(table)) { /* by its identity */
        ouro_ref *at = slot(table->root, 0);
        for (uint32_t n = table->used; n; n--, at += 1u << stride)
            if (*at == key) return at;
    }
    return table_look(table, key, stride, &hash, &number);
}
