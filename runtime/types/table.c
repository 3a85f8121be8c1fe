/* SPDX-License-Identifier: MIT
 * table.c - what dict and set share: insertion-ordered, never rehashed as a whole.
 *
 * Deleting leaves a hole among the entries of a large table, and a node with nothing but holes goes
 * at once: so the next entry, or the last, is never far.  When holes are in the majority, each
 * change closes a few of them, moving entries down in their order, until none is left. */
#include "types/table.h"

#include "collector.h"

/* Entries moved by a call: closing must outrun filling, and deletes fill nothing. */
enum { CLOSED_PER_INSERT = 2, CLOSED_PER_DELETE = 1 };

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
    return tree_slot(head_tree(head), i << head->stride);
}
static uint32_t hash_of(const void *head, uint32_t number)
{
    return table_hash_at(head, number - 1);
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

/* ---- the hashes kept ---- */

/* Keep one; the slot stays, so that it can be moved without memory.  False: no memory. */
SELDOM static bool keep_hash(struct head *head, uint32_t i, ouro_ref hash)
{
    struct tree tree = head_hashes(head);
    bool is_done = tree_reserve(&tree, node_types, i, 1);
    head->hashes = tree.root;
    head->hash_levels = (uint8_t)(tree.shift / TREE_BITS);
    if (is_done) *tree_slot(tree, i) = hash;
    return is_done;
}

SELDOM static void forget_hash(struct head *head, uint32_t i)
{
    ouro_ref *word = tree_look(head_hashes(head), i);
    if (!word || !*word) return;
    *word = NULL;
    tree_prune(head_hashes(head), i);
}

/* ---- closing holes ---- */

/* Entry `read` moves down to `write`.  False: no memory. */
static bool close_up(struct head *head)
{
    uint32_t read = head->read, write = head->write, at = write << head->stride;
    uint32_t hash = table_hash_at(head, read);
    ouro_ref *kept = head->hashes ? tree_look(head_hashes(head), read) : NULL;
    if (kept && *kept && !keep_hash(head, write, *kept)) return false;
    struct tree tree = head_tree(head);
    bool has_room = tree_reserve(&tree, pairs_types, at, 1u << head->stride);
    set_tree(head, tree);
    if (!has_room) return false;
    index_renumber(head->index, hash, read + 1, write + 1);
    ouro_ref *from = entry_at(head, read), *to = tree_slot(tree, at);
    for (unsigned i = 0; i < 1u << head->stride; i++) to[i] = ouro_take(&from[i]);
    if (kept) forget_hash(head, read);
    tree_prune(tree, read << head->stride);
    return true;
}

static void close_holes(const struct table *table, struct head *head, unsigned most)
{
    if (!head->is_closing) {
        if (head->fill - table->used <= table->used + SMALL_ENTRIES) return;
        head->is_closing = true;
        head->read = head->write = 0;
    }
    unsigned stride = head->stride;
    for (; most; most--, head->read++, head->write++) {
        uint32_t end = head->fill << stride;
        head->read = tree_next(head_tree(head), head->read << stride, 1u << stride, end) >> stride;
        if (head->read == head->fill) {
            struct tree tree = head_tree(head);
            head->fill = head->write;
            head->is_closing = false;
            tree_lower(&tree, head->fill << stride);
            set_tree(head, tree);
            return;
        }
        if (head->read != head->write && !close_up(head)) return;
    }
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
    return head;
}

/* Steals key and value.  False: no memory, nothing changed. */
static bool add_large(struct head *head, ouro_ref key, ouro_ref value, struct key_hash hash)
{
    uint32_t asked = ouro_heap->node_requests, i = head->fill, at = i << head->stride;
    if (i == NUMBER_MASK) return false;
    ouro_ref kept = (ouro_ref)((uintptr_t)hash.hash << 1 | 1u);
    if (hash.is_kept && !keep_hash(head, i, kept)) return false;
    struct tree tree = head_tree(head);
    struct index index = index_of(head, asked);
    bool has_room = tree_reserve(&tree, pairs_types, at, 1u << head->stride);
    set_tree(head, tree);
    if (has_room) {
        ouro_ref *entry = tree_slot(tree, at);
        entry[0] = key; /* before the index is asked: it may want its hash */
        if (index_insert(&index, hash.hash, i + 1)) {
            if (value) entry[1] = value;
            head->fill++;
            return true;
        }
        entry[0] = NULL;
        tree_prune(tree, at);
    }
    if (hash.is_kept) forget_hash(head, i);
    return false;
}

bool table_add(struct table *table, ouro_ref key, ouro_ref value, struct key_hash hash,
               unsigned stride)
{
    struct head *head = table_head(table);
    bool is_full = table->used == SMALL_ENTRIES || hash.is_kept;
    if (!head && is_full && !(head = make_large(table, stride))) return false;
    if (head) {
        uint32_t asked = ouro_heap->node_requests;
        if (!add_large(head, key, value, hash)) return false;
        table->used++;
        if (ouro_heap->node_requests == asked) close_holes(table, head, CLOSED_PER_INSERT);
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

int table_insert(struct table *table, ouro_ref key, ouro_ref value, struct key_hash hash,
                 unsigned stride)
{
    uint32_t asked = ouro_heap->node_requests;
    ouro_incref(key); /* before anything is collected: they may be borrowed from what dies */
    ouro_xincref(value);
    for (unsigned round = 0; !table_add(table, key, value, hash, stride);) {
        if (memory_relieve(&round)) {
            ouro_ref *entry = table_seek(table, key, stride, &hash);
            if (!*entry && !table_has_failed(entry)) continue;
            if (*entry) { /* a finalizer was quicker */
                if (value) ouro_put(&entry[1], value);
                ouro_decref(key);
                return 0;
            }
        }
        ouro_decref(key);
        ouro_xdecref(value);
        return -1;
    }
    /* The collector is paid when all is done; where a large table grew, by the next insert. */
    if (ouro_heap->node_requests == asked || !table_head(table)) memory_pay();
    return 0;
}

/* ---- taking out ---- */

/* Close the gap that an entry leaves in a small table's node. */
SELDOM static void close_small(struct table *table, ouro_ref *entry, unsigned stride)
{
    ouro_ref *end = slot(table->root, table->used << stride), *next = entry + (1u << stride);
    while (next < end) {
        *entry++ = *next++;
        KEEP_LOOP();
    }
    while (entry < end) *entry++ = NULL;
}

/* Take out an entry, of a large table the one of a number and with that hash. */
static void take_out(struct table *table, ouro_ref *entry, uint32_t hash, uint32_t number,
                     struct table_pair *pair, unsigned stride)
{
    struct head *head = table_head(table);
    if (head) index_remove(head->index, hash, number);
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
        tree_prune(head_tree(head), (number - 1) << stride);
    }
}

static void close_after_delete(struct table *table)
{
    struct head *head = table_head(table);
    if (head) close_holes(table, head, CLOSED_PER_DELETE);
}

int table_remove(struct table *table, ouro_ref key, struct table_pair *pair, unsigned stride)
{
    uint32_t number;
    struct key_hash hash;
    ouro_ref *entry = table_look(table, key, stride, &hash, &number);
    if (!*entry) return table_has_failed(entry) ? -1 : 0;
    take_out(table, entry, hash.hash, number, pair, stride);
    close_after_delete(table);
    return 1;
}

SELDOM bool table_remove_value(struct table *table, uint32_t hash, ouro_ref value,
                               struct table_pair *pair)
{
    const struct head *head = table_head(table);
    struct candidates candidates = {0};
    uint32_t number = 0;
    ouro_ref *entry;
    do {
        number = head ? index_next(head->index, hash, &candidates)
                      : (number < table->used ? number + 1 : 0);
        if (!number) return false;
        entry = head ? entry_at(head, number - 1) : slot(table->root, (number - 1) * 2);
    } while (entry[1] != value);
    take_out(table, entry, hash, number, pair, STRIDE_PAIR);
    return true;
}

SELDOM void table_pop(struct table *table, struct table_pair *pair, unsigned stride)
{
    const struct head *head = table_head(table);
    struct tree tree = head ? head_tree(head) : (struct tree){.root = table->root};
    uint32_t last = head ? tree_last(tree, 1u << stride) : (table->used - 1) << stride;
    uint32_t hash = head ? table_hash_at(head, last >> stride) : 0;
    take_out(table, tree_slot(tree, last), hash, (last >> stride) + 1, pair, stride);
    close_after_delete(table);
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
    at = tree_next(head_tree(head), at, 1u << stride, end);
    *position = (at >> stride) + 1;
    return at < end ? tree_slot(head_tree(head), at) : NULL;
}
