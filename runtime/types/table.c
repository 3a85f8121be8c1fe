/* SPDX-License-Identifier: MIT
 * table.c - what dict and set share: insertion-ordered, never rehashed as a whole.
 *
 * Deleting leaves a hole among the entries of a large table.  When holes are in the majority, each
 * change closes a few of them, moving entries down in their order, until none is left. */
#include "types/table.h"

#include <string.h>

#include "collector.h"
#include "hash.h"
#include "types/str.h"

static const uint32_t TRIMMING = UINT32_MAX; /* `read`: closed up, the nodes behind are dropped */
enum { CLOSED_PER_CHANGE = 3 };              /* entries looked at; closing must outrun filling */

const struct ouro_type head_type = {
    .name = "head",
    .index = OURO_TYPE_HEAD,
    .size_bytes = sizeof(struct head),
    .refs = OURO_REF_BIT(struct head, entries) | OURO_REF_BIT(struct head, index),
    .is_hidden = true,
    .drops_forward = true,
};

const ouro_ref table_failed[2];
static const ouro_ref table_missing[2];
static ouro_ref *missing(void) { return (ouro_ref *)(uintptr_t)table_missing; }
static ouro_ref *failed(void) { return (ouro_ref *)(uintptr_t)table_failed; }

/* ---- finding ---- */

/* The key of number `number`; entries count from 0. */
static ouro_ref key_of(const void *owner, uint32_t number)
{
    const struct head *head = owner;
    return *tree_slot(head_tree(head), (number - 1) << head->stride);
}
static struct index index_of(struct head *head)
{
    return (struct index){.root = &head->index, .key_of = key_of, .owner = head};
}
static ouro_ref *entry_at(const struct head *head, uint32_t i)
{
    return tree_slot(head_tree(head), i << head->stride);
}

/* No entry of a small table has this very key: is there one that equals it? */
static ouro_ref *find_equal(const struct table *table, ouro_ref key, unsigned stride)
{
    uint32_t hash;
    if (!hash_key(key, 0, &hash)) return failed();
    if (!table->root) return missing();
    ouro_ref *at = slot(table->root, 0);
    bool is_text = is_str(key);
    for (uint32_t n = table->used; n; n--, at += 1u << stride) {
        if (is_text && is_str(*at) && str_of(*at)->hash != hash && str_of(*at)->hash) continue;
        int same = keys_equal(*at, key);
        if (same) return same > 0 ? at : failed();
    }
    return missing();
}

/* In a large table, where eight levels of the index did not tell. */
SELDOM static ouro_ref *find_deep(struct head *head, ouro_ref key, uint32_t hash)
{
    struct index index = index_of(head);
    uint32_t number = index_find(&index, key, hash);
    if (number == INDEX_FAILED) return failed();
    return number ? entry_at(head, number - 1) : missing();
}

__attribute__((always_inline)) static inline ouro_ref *find_hashed(struct head *head, ouro_ref key,
                                                                   uint32_t hash, unsigned stride)
{
    uint32_t rest = hash;
    ouro_ref bucket = index_walk(head->index, &rest);
    if (!index_is_bucket(bucket)) return find_deep(head, key, hash);
    const uint32_t *items = items_of(bucket);
    uint32_t tag = tag_of(rest), item;
    for (unsigned i = tag >> HOME_SHIFT; (item = items[i]); i = next_slot(i)) {
        if ((item ^ tag) >> TAG_SHIFT) continue;
        ouro_ref *at = tree_slot(head_tree(head), (item - tag - 1) << stride);
        if (*at == key) return at;
        int same = keys_equal(*at, key);
        if (same) return same > 0 ? at : failed();
    }
    return missing();
}

/* Keys other than strings whose hash is known. */
__attribute__((noinline)) static ouro_ref *find_hashing(struct head *head, ouro_ref key)
{
    uint32_t hash;
    if (!hash_key(key, 0, &hash)) return failed();
    return find_hashed(head, key, hash, head->stride);
}

ouro_ref *table_find(const struct table *table, ouro_ref key, unsigned stride)
{
    ouro_ref root = table->root;
    if (!root) return find_equal(table, key, stride);
    if (root->type_gc < (uint32_t)OURO_TYPE_HEAD << TYPE_SHIFT) {
        ouro_ref *at = slot(root, 0);
        for (uint32_t n = table->used; n; n--, at += 1u << stride)
            if (*at == key) return at;
        return find_equal(table, key, stride);
    }
    struct head *head = (struct head *)(void *)root;
    if (!is_str(key) || !str_of(key)->hash) return find_hashing(head, key);
    return find_hashed(head, key, str_of(key)->hash, stride);
}

/* ---- closing holes ---- */

static void set_tree(struct head *head, struct tree tree)
{
    head->entries = tree.root;
    head->levels = (uint16_t)(tree.shift / TREE_BITS);
}

/* Entry `read` moves down to `write`. */
static void close_up(struct head *head)
{
    ouro_ref *from = entry_at(head, head->read), *to = entry_at(head, head->write);
    struct index index = index_of(head);
    uint32_t hash;
    (void)hash_key(from[0], 0, &hash);
    index_renumber(&index, from[0], hash, head->write + 1);
    for (unsigned i = 0; i < 1u << head->stride; i++) ouro_move(&to[i], &from[i]);
}

static void close_holes(const struct table *table, struct head *head)
{
    if (head->read == TRIMMING) {
        struct tree tree = head_tree(head);
        if (!tree_trim(&tree, head->fill << head->stride)) head->read = 0;
        set_tree(head, tree);
        return;
    }
    if (head->read == 0 && head->fill - table->used <= table->used + SMALL_ENTRIES) return;
    for (unsigned i = 0; i < CLOSED_PER_CHANGE && head->read < head->fill; i++, head->read++) {
        if (!*entry_at(head, head->read)) continue;
        if (head->read != head->write) close_up(head);
        head->write++;
    }
    if (head->read < head->fill) return;
    head->fill = head->write;
    head->write = 0;
    head->read = TRIMMING;
}

/* ---- adding ---- */

static bool index_add(struct head *head, ouro_ref key, uint32_t i)
{
    struct index index = index_of(head);
    uint32_t hash;
    (void)hash_key(key, 0, &hash);
    return index_insert(&index, key, hash, i + 1);
}

/* Make a full small table a large one: its node becomes the first leaf of the entries. */
SELDOM static struct head *make_large(struct table *table, unsigned stride)
{
    ouro_ref ref = object_make(&head_type, sizeof(struct head));
    if (!ref) return NULL;
    ouro_heap->node_requests++;
    struct head *head = (struct head *)(void *)ref;
    head->fill = table->used;
    head->stride = (uint16_t)stride;
    head->index = INDEX_EMPTY;
    head->entries = table->root; /* lent while the index is made: a failure undoes nothing */
    for (uint32_t i = 0; i < head->fill; i++) {
        if (index_add(head, *entry_at(head, i), i)) continue;
        head->entries = NULL;
        drop_quietly(ref, UINT32_MAX);
        return NULL;
    }
    head->entries = ouro_take(&table->root);
    table->root = ref;
    return head;
}

/* Steals key and value.  False: no memory, nothing changed. */
static bool add_large(struct head *head, ouro_ref key, ouro_ref value)
{
    struct tree tree = head_tree(head);
    uint32_t at = head->fill << head->stride;
    bool has_room = tree_reserve(&tree, pairs_types, at, 1u << head->stride);
    set_tree(head, tree);
    if (!has_room) return false;
    ouro_ref *entry = tree_slot(tree, at);
    entry[0] = key; /* before the index is asked: it may want to look at it */
    if (!index_add(head, key, head->fill)) {
        entry[0] = NULL;
        return false;
    }
    if (value) entry[1] = value;
    head->fill++;
    return true;
}

static bool add(struct table *table, ouro_ref key, ouro_ref value, unsigned stride)
{
    struct head *head = table_head(table);
    if (!head && table->used == SMALL_ENTRIES && !(head = make_large(table, stride))) return false;
    if (head) {
        uint32_t asked = ouro_heap->node_requests;
        if (!add_large(head, key, value)) return false;
        table->used++;
        if (ouro_heap->node_requests == asked) close_holes(table, head);
        return true;
    }
    struct tree tree = {.root = table->root};
    uint32_t at = table->used << stride;
    bool has_room = tree_reserve(&tree, pairs_types, at, 1u << stride);
    table->root = tree.root;
    if (!has_room) return false;
    *slot(tree.root, at) = key;
    if (value) *slot(tree.root, at + 1) = value;
    table->used++;
    return true;
}

int table_insert(struct table *table, ouro_ref key, ouro_ref value, unsigned stride)
{
    uint32_t asked = ouro_heap->node_requests;
    ouro_incref(key); /* before anything is collected: they may be borrowed from what dies */
    ouro_xincref(value);
    for (unsigned round = 0; !add(table, key, value, stride);) {
        ouro_ref *entry = memory_relieve(&round) ? table_find(table, key, stride) : failed();
        if (*entry) { /* a finalizer was quicker */
            if (value) ouro_put(&entry[1], value);
            ouro_decref(key);
            return 0;
        }
        if (!table_has_failed(entry)) continue;
        ouro_decref(key);
        ouro_xdecref(value);
        return -1;
    }
    /* The collector is paid when all is done; one that split a bucket leaves that to the next. */
    if (ouro_heap->node_requests - asked < 2) memory_prepare();
    return 0;
}

/* ---- taking out ---- */

/* Close the gap that an entry leaves in a small table's node. */
static void close_small(struct table *table, ouro_ref *entry, unsigned stride)
{
    ouro_ref *end = slot(table->root, table->used << stride), *next = entry + (1u << stride);
    memmove(entry, next, (size_t)((uint8_t *)end - (uint8_t *)next));
    for (ouro_ref *last = end - (1u << stride); last < end; last++) *last = NULL;
}

struct table_pair table_remove(struct table *table, ouro_ref *entry, unsigned stride)
{
    struct head *head = table_head(table);
    if (head) {
        struct index index = index_of(head);
        uint32_t hash;
        (void)hash_key(entry[0], 0, &hash);
        index_remove(&index, entry[0], hash);
    }
    struct table_pair pair = {.key = ouro_take(&entry[0])};
    if (stride == STRIDE_PAIR) pair.value = ouro_take(&entry[1]);
    if (!head) close_small(table, entry, stride);
    table->used--;
    if (table->used == 0) { /* and with it goes all that had grown */
        ouro_ref root = table->root;
        table->root = NULL;
        drop_quietly(root, 0);
    } else if (head) {
        close_holes(table, head);
    }
    return pair;
}

void table_clear(struct table *table)
{
    table->used = 0;
    ouro_put(&table->root, NULL);
}

/* ---- walking ---- */

ouro_ref *table_next(const struct table *table, size_t *position, unsigned stride)
{
    const struct head *head = table_head(table);
    if (!head)
        return *position < table->used ? slot(table->root, (unsigned)(*position)++ << stride)
                                       : NULL;
    while (*position < head->fill) {
        ouro_ref *entry = entry_at(head, (uint32_t)(*position)++);
        if (*entry) return entry;
    }
    return NULL;
}

ouro_ref *table_last(const struct table *table, unsigned stride)
{
    const struct head *head = table_head(table);
    if (!head) return slot(table->root, (table->used - 1) << stride);
    uint32_t i = head->fill;
    ouro_ref *entry;
    do entry = entry_at(head, --i);
    while (!*entry);
    return entry;
}
