/* SPDX-License-Identifier: MIT
 * table.c - what dict and set share: insertion-ordered, never rehashed as a whole.
 *
 * Deleting leaves a hole among the entries of a large table, and a node with nothing but holes goes
 * at once: so the next entry, or the last, is never far.  When holes are in the majority, each
 * change closes a few of them, moving entries down in their order, until none is left. */
#include "types/table.h"

#include "collector.h"

/* Entries moved by every second insert, which does not pay the collector then, and by a delete:
 * closing must outrun filling, and deletes fill nothing. */
enum { CLOSED_PER_INSERT = 4, CLOSED_PER_DELETE = 2 };

const struct ouro_type head_type = {
    .name = "head",
    .index = OURO_TYPE_HEAD,
    .size_bytes = sizeof(struct head),
    .refs = OURO_REF_BIT(struct head, entries) | OURO_REF_BIT(struct head, index) |
            OURO_REF_BIT(struct head, hashes),
    .is_hidden = true,
    .drops_forward = true,
};

static ouro_ref *entry_at(const struct head *head, uint32_t i)
{
    return tree_far(head_tree(head), i << head->stride);
}
static uint32_t hash_of(const void *owner, uint32_t number)
{
    const struct head *head = owner;
    ouro_ref key = *tree_slot(head_tree(head), (number - 1) << head->stride);
    return table_hash_of(head, key, number - 1);
}
static struct index index_of(struct head *head, uint32_t asked)
{
    return (struct index){&head->index, hash_of, head, asked};
}

static void set_tree(struct head *head, struct tree tree)
{
    head->entries = tree.root;
    head->levels = (uint8_t)(tree.shift / TREE_BITS);
}

/* ---- tracking ---- */

/* May an entry be part of a cycle? */
__attribute__((noinline)) static bool is_entry_tracked(ouro_ref key, ouro_ref value)
{
    return may_be_tracked(key) || (value && may_be_tracked(value));
}

/* Let the way to slot `at` of the entries be tracked.  O(depth). */
SELDOM static void track(struct table *table, uint32_t at)
{
    struct head *head = table_head(table);
    object_track(&table->header);
    object_track(table->root);
    tree_track(head ? head_tree(head) : (struct tree){.root = table->root}, at);
}

SELDOM void table_track(struct table *table, uint32_t number)
{
    track(table, table_head(table) ? (number - 1) << STRIDE_PAIR : 0);
}

/* Make room for an entry at slot `at`, which may be part of a cycle or not: what leads to one that
 * may is tracked.
 *   returns  the slot, or NULL when there is no memory */
static ouro_ref *reserve(struct table *table, struct head *head, uint32_t at, unsigned stride,
                         bool may)
{
    struct tree tree = head ? head_tree(head) : (struct tree){.root = table->root};
    ouro_ref *entry = tree_reserve(&tree, pairs_types, at, 1u << stride);
    if (head)
        set_tree(head, tree);
    else
        table->root = tree.root;
    if (entry && may && label(node_of(entry, at)) == UNTRACKED) track(table, at);
    return entry;
}

/* ---- the hashes kept ---- */

/* Keep one; the slot stays, so that it can be moved without memory.  False: no memory. */
SELDOM static bool keep_hash(struct head *head, uint32_t i, ouro_ref hash)
{
    struct tree tree = head_hashes(head);
    ouro_ref *kept = tree_reserve(&tree, pairs_types, i, 1); /* of ints: it is never tracked */
    head->hashes = tree.root;
    head->hash_levels = (uint8_t)(tree.shift / TREE_BITS);
    if (kept) *kept = hash;
    return kept != NULL;
}

SELDOM static void forget_hash(struct head *head, uint32_t i)
{
    ouro_ref *word = tree_look(head_hashes(head), i);
    if (!word || !*word) return;
    *word = NULL;
    tree_prune(head_hashes(head), i);
}

/* ---- closing holes ---- */

/* Entry `read`, of this key, gets the number of `write`.  False: no memory. */
SELDOM static bool renumber(struct head *head, ouro_ref key)
{
    uint32_t read = head->read, write = head->write;
    uint32_t hash = table_hash_of(head, key, read);
    ouro_ref *kept = head->hashes ? tree_look(head_hashes(head), read) : NULL;
    if (kept && *kept) {
        if (!keep_hash(head, write, *kept)) return false;
        forget_hash(head, read);
    }
    index_renumber(head->index, hash, read + 1, write + 1);
    return true;
}

/* Entries from `read` on, of one leaf, move down to `write` and behind, in one leaf, until so many
 * have moved.  False: no memory. */
SELDOM static bool close_some(struct table *table, struct head *head, unsigned most)
{
    unsigned words = 1u << head->stride;
    uint32_t at = head->read * words, to = head->write * words;
    if (at != to) {
        uint32_t asked = ouro_heap->node_requests;
        if (!reserve(table, head, to, head->stride, false)) return false;
        if (ouro_heap->node_requests != asked) return true; /* that is enough for now */
    }
    struct tree tree = head_tree(head);
    ouro_ref *from = tree_far(tree, at), *into = tree_far(tree, to), source = node_of(from, at);
    if (label(source) != UNTRACKED && label(node_of(into, to)) == UNTRACKED) track(table, to);
    do {
        if (from[0]) {
            if (from != into) {
                if (!renumber(head, from[0])) return false;
                for (unsigned i = 0; i < words; i++) into[i] = ouro_take(&from[i]);
                most--;
            }
            into += words;
            head->write++;
            to += words;
        }
        from += words;
        head->read++;
        at += words;
    } while (most && head->read < head->fill && at % TREE_FANOUT && to % TREE_FANOUT);
    if (head->emptied)
        (void)tree_prune(tree, at - words);
    else if (node_is_empty(source))
        head->emptied = head->read; /* to drop nodes is another call's */
    return true;
}

/* Drop the leaf of entry i, if it is there and empty.  Returns whether it was. */
SELDOM static bool prune(const struct head *head, uint32_t i)
{
    struct tree tree = head_tree(head);
    return tree_look(tree, i << head->stride) && tree_prune(tree, i << head->stride);
}

/* Drop the leaf that was left for later.  Returns whether there was one. */
static bool prune_emptied(struct head *head)
{
    uint32_t number = head->emptied;
    head->emptied = 0;
    return number && prune(head, number - 1);
}

SELDOM static void end_closing(struct head *head)
{
    (void)prune_emptied(head);
    (void)prune(head, head->write); /* made ahead, and nothing came of it */
    (void)prune(head, head->fill);
    struct tree tree = head_tree(head);
    head->fill = head->write;
    head->is_closing = false;
    tree_lower(&tree, head->fill << head->stride);
    set_tree(head, tree);
}

/* Returns whether there was something to close. */
SELDOM static bool close_holes(struct table *table, struct head *head, unsigned most)
{
    if (!head->is_closing) {
        if (head->fill - table->used <= table->used + SMALL_ENTRIES) return false;
        head->is_closing = true;
        head->read = head->write = 0;
    }
    unsigned stride = head->stride;
    uint32_t end = head->fill << stride;
    head->read = tree_next(head_tree(head), head->read << stride, 1u << stride, end) >> stride;
    if (head->read == head->fill)
        end_closing(head);
    else
        (void)close_some(table, head, most);
    return true;
}

/* ---- adding ---- */

/* Make a small table a large one: its node becomes the first leaf of the entries. */
SELDOM static struct head *make_large(struct table *table, unsigned stride)
{
    ouro_ref ref = object_make(&head_type, sizeof(struct head));
    if (!ref) return NULL;
    ouro_heap->node_requests++;
    struct head *head = (struct head *)(void *)ref;
    struct index index = index_of(head, 0);
    head->fill = table->used;
    head->stride = (uint8_t)stride;
    head->entries = table->root; /* lent while the index is made: a failure undoes nothing */
    if (!index_begin(&index, head->fill)) {
        head->entries = NULL;
        drop_quietly(ref, UINT32_MAX);
        return NULL;
    }
    head->entries = ouro_take(&table->root);
    table->root = ref;
    if (!head->entries || label(head->entries) == UNTRACKED) object_untrack(ref);
    return head;
}

/* Steals key and value.  False: no memory, nothing changed. */
static bool add_large(struct table *table, ouro_ref key, ouro_ref value, struct key_hash hash)
{
    struct head *head = table_head(table);
    uint32_t asked = ouro_heap->node_requests - hash.is_late, i = head->fill,
             at = i << head->stride;
    if (i == NUMBER_MASK) return false;
    ouro_heap->node_requests += prune_emptied(head); /* then this call does nothing else ahead */
    ouro_ref kept = (ouro_ref)((uintptr_t)hash.hash << 1 | 1u);
    if (hash.is_kept && !keep_hash(head, i, kept)) return false;
    struct index index = index_of(head, asked);
    ouro_ref *entry = reserve(table, head, at, head->stride, is_entry_tracked(key, value));
    if (entry) {
        entry[0] = key; /* before the index is asked: it may want its hash */
        if (index_insert(&index, hash.hash, i + 1)) {
            if (value) entry[1] = value;
            head->fill++;
            return true;
        }
        entry[0] = NULL;
        tree_prune(head_tree(head), at);
    }
    if (hash.is_kept) forget_hash(head, i);
    return false;
}

/* Where the next entry takes a leaf, that is made ahead.  Returns whether it does. */
SELDOM static bool grow_ahead(struct table *table, struct head *head)
{
    uint32_t at = head->fill << head->stride;
    if (at % TREE_FANOUT) return false;
    (void)reserve(table, head, at, head->stride, false);
    return true;
}

/* What waits for a change that has made no node: one thing of it. */
SELDOM static void catch_up(struct table *table, struct head *head)
{
    ouro_heap->node_requests +=
        grow_ahead(table, head) || (head->fill % 2 && close_holes(table, head, CLOSED_PER_INSERT));
}

bool table_add(struct table *table, ouro_ref key, ouro_ref value, struct key_hash hash,
               unsigned stride)
{
    struct head *head = table_head(table);
    bool is_full = table->used == SMALL_ENTRIES || hash.is_kept;
    if (!head && is_full && !(head = make_large(table, stride))) return false;
    if (head) {
        uint32_t asked = ouro_heap->node_requests - hash.is_late;
        if (!add_large(table, key, value, hash)) return false;
        table->used++;
        if (ouro_heap->node_requests == asked) catch_up(table, head);
        return true;
    }
    uint32_t at = table->used << stride;
    ouro_ref *entry = reserve(table, NULL, at, stride, is_entry_tracked(key, value));
    if (!entry) return false;
    entry[0] = key;
    if (value) entry[1] = value;
    table->used++;
    return true;
}

SELDOM int table_insert(struct table *table, ouro_ref key, ouro_ref value, struct key_hash hash,
                        unsigned stride)
{
    uint32_t asked = ouro_heap->node_requests, opened = ouro_heap->pages_opened;
    ouro_incref(key); /* before anything is collected: they may be borrowed from what dies */
    ouro_xincref(value);
    for (unsigned round = 0; !table_add(table, key, value, hash, stride);) {
        if (memory_relieve(&round)) {
            uint32_t number;
            ouro_ref *entry = table_look(table, key, stride, &hash, &number);
            if (!*entry && !table_has_failed(entry)) continue;
            if (*entry) {                   /* a finalizer was quicker */
                table_track(table, number); /* in any case */
                if (value) ouro_put(&entry[1], value);
                ouro_decref(key);
                return 0;
            }
        }
        ouro_decref(key);
        ouro_xdecref(value);
        return -1;
    }
    /* The collector is paid when all is done; where a large table grew, or a page was opened for a
     * small one, by the next insert. */
    bool has_grown =
        table_head(table) ? ouro_heap->node_requests != asked : ouro_heap->pages_opened != opened;
    if (!has_grown) memory_pay();
    return 0;
}

/* ---- taking out ---- */

/* Close the gap that an entry leaves in a small table's node. */
__attribute__((noinline)) static void close_small(struct table *table, ouro_ref *entry,
                                                  unsigned stride)
{
    ouro_ref *end = slot(table->root, table->used << stride), *next = entry + (1u << stride);
    while (next < end) {
        *entry++ = *next++;
        KEEP_LOOP();
    }
    while (entry < end) *entry++ = NULL;
}

/* Take out an entry, which the index has no more; of a large table the one of a number.  Returns
 * whether that was little: no node was dropped. */
static bool take_out(struct table *table, ouro_ref *entry, uint32_t number, struct table_pair *pair,
                     unsigned stride)
{
    struct head *head = table_head(table);
    pair->key = ouro_take(&entry[0]);
    pair->value = stride == STRIDE_PAIR ? ouro_take(&entry[1]) : NULL;
    if (!head) close_small(table, entry, stride);
    table->used--;
    if (table->used == 0) { /* and with it goes all that had grown */
        ouro_ref root = table->root;
        table->root = NULL;
        drop_quietly(root, 0);
    } else if (head) {
        if (head->hashes) forget_hash(head, number - 1);
        return !tree_prune(head_tree(head), (number - 1) << stride);
    }
    return true;
}

/* The same, and closing up: after a delete that was little, or behind one that was not. */
static void take_out_and_close(struct table *table, ouro_ref *entry, uint32_t hash, uint32_t number,
                               struct table_pair *pair, unsigned stride)
{
    struct head *head = table_head(table);
    if (head) index_remove(head->index, hash, number);
    bool was_little = take_out(table, entry, number, pair, stride);
    if (!(head = table_head(table))) return;
    bool is_due = was_little || head->is_late;
    head->is_late = !is_due;
    if (is_due && !prune_emptied(head)) (void)close_holes(table, head, CLOSED_PER_DELETE);
}

SELDOM int table_remove(struct table *table, ouro_ref key, struct table_pair *pair, unsigned stride)
{
    uint32_t number;
    struct key_hash hash;
    ouro_ref *entry = table_look(table, key, stride, &hash, &number);
    if (!*entry) return table_has_failed(entry) ? -1 : 0;
    take_out_and_close(table, entry, hash.hash, number, pair, stride);
    return 1;
}

/* The entry of a dict of which word `which` is this very object and whose key has this hash, and
 * its number; NULL: there is none. */
static ouro_ref *find_one(const struct table *table, uint32_t hash, ouro_ref word, unsigned which,
                          struct candidates *candidates, uint32_t *number)
{
    const struct head *head = table_head(table);
    ouro_ref *entry;
    *number = 0;
    do {
        *number = head ? index_next(head->index, hash, candidates)
                       : (*number < table->used ? *number + 1 : 0);
        if (!*number) return NULL;
        entry = head ? entry_at(head, *number - 1) : slot(table->root, (*number - 1) * 2);
    } while (entry[which] != word);
    return entry;
}

SELDOM bool table_remove_one(struct table *table, uint32_t hash, ouro_ref word, unsigned which,
                             struct table_pair *pair)
{
    struct head *head = table_head(table);
    struct candidates candidates = {0};
    uint32_t number;
    ouro_ref *entry = find_one(table, hash, word, which, &candidates, &number);
    if (!entry) return false;
    if (head) index_remove_at(head->index, hash, candidates.bucket, candidates.at);
    (void)take_out(table, entry, number, pair, STRIDE_PAIR);
    return true;
}

bool table_rekey(struct table *table, uint32_t old_hash, ouro_ref *key, ouro_ref old,
                 struct key_hash hash)
{
    struct head *head = table_head(table);
    struct candidates candidates = {0};
    uint32_t number;
    if (!head || hash.is_kept || head->hashes) return false;
    if (!index_is_bucket(index_walk(head->index, old_hash))) return false;
    ouro_ref *entry = find_one(table, old_hash, old, 0, &candidates, &number);
    old = ouro_take(&entry[0]);
    entry[0] = *key; /* before the index is asked: it may want its hash */
    struct index index = index_of(head, ouro_heap->node_requests);
    index_remove_at(head->index, old_hash, candidates.bucket, candidates.at);
    if (!index_insert(&index, hash.hash, number)) {
        entry[0] = old;
        (void)index_insert(&index, old_hash, number); /* its place is still free */
        return false;
    }
    *key = old;
    return true;
}

SELDOM void table_pop(struct table *table, struct table_pair *pair, unsigned stride)
{
    const struct head *head = table_head(table);
    struct tree tree = head ? head_tree(head) : (struct tree){.root = table->root};
    uint32_t last = head ? tree_last(tree, 1u << stride) : (table->used - 1) << stride;
    ouro_ref *entry = tree_far(tree, last);
    uint32_t hash = head ? table_hash_of(head, *entry, last >> stride) : 0;
    take_out_and_close(table, entry, hash, (last >> stride) + 1, pair, stride);
}

SELDOM void table_clear(struct table *table)
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
    if (*position >= head->fill) return NULL;
    uint32_t at = (uint32_t)*position << stride, end = head->fill << stride;
    if (head->fill != table->used) /* there are holes */
        at = tree_next(head_tree(head), at, 1u << stride, end);
    *position = (at >> stride) + 1;
    return at < end ? tree_slot(head_tree(head), at) : NULL;
}
