/* SPDX-License-Identifier: MIT
 * dict.c - the dict type: insertion-ordered, never rehashed as a whole.
 *
 * Deleting leaves a hole among the entries of a large dict.  When holes are in the majority, each
 * change closes a few of them, moving entries down in their order, until none is left. */
#include "types/dict.h"

#include "collector.h"
#include "hash.h"
#include "types/ops.h"

enum {
    SMALL_ENTRIES = 8,
    CLOSED_PER_CHANGE = 4, /* entries looked at; closing must outrun filling */
};

struct dict {
    struct ouro_obj header;
    uint32_t used;
    ouro_ref root; /* NULL, a node of `used` keys and values, or a dicthead */
};

extern const struct ouro_type ouro_dict_type;

static struct dict *dict_of(ouro_ref ref)
{
    ouro_require_that(ouro_type_index(ref) == OURO_TYPE_DICT, "a dict was expected");
    return (struct dict *)(void *)ref;
}
/* The head of a large dict, or NULL. */
static struct dicthead *head_of(const struct dict *dict)
{
    bool is_large = dict->root && ouro_type_index(dict->root) == OURO_TYPE_DICTHEAD;
    return is_large ? (struct dicthead *)(void *)dict->root : NULL;
}

ouro_ref ouro_dict_new(void) { return object_new(&ouro_dict_type, sizeof(struct dict)); }
size_t ouro_dict_len(ouro_ref dict) { return dict_of(dict)->used; }

/* ---- finding ---- */

static uint32_t find(const struct dict *dict, ouro_ref key, uint32_t hash)
{
    const struct dicthead *head = head_of(dict);
    if (head) return index_find(head, key, hash);
    for (uint32_t i = 0; i < dict->used; i++) {
        int same = keys_equal(*slot(dict->root, i * 2), key);
        if (same) return same > 0 ? i : FIND_FAILED;
    }
    return NO_ENTRY;
}

static ouro_ref *entry(const struct dict *dict, uint32_t i)
{
    const struct dicthead *head = head_of(dict);
    return head ? entry_at(head, i) : slot(dict->root, i * 2);
}

/* Value of a key: 1, 0 if there is none, or -1. */
static int dict_find(ouro_ref self, ouro_ref key, ouro_ref *value)
{
    const struct dict *dict = dict_of(self);
    uint32_t hash;
    if (!hash_key(key, 0, &hash)) return -1;
    uint32_t i = find(dict, key, hash);
    if (i >= FIND_FAILED) return i == NO_ENTRY ? 0 : -1;
    *value = entry(dict, i)[1];
    return 1;
}

ouro_ref ouro_dict_get(ouro_ref dict, ouro_ref key)
{
    ouro_ref value;
    return dict_find(dict, key, &value) > 0 ? value : NULL;
}

bool ouro_dict_next(ouro_ref ref, size_t *at, ouro_ref *key, ouro_ref *value)
{
    const struct dict *dict = dict_of(ref);
    const struct dicthead *head = head_of(dict);
    uint32_t fill = head ? head->fill : dict->used;
    while (*at < fill) {
        ouro_ref *pair = entry(dict, (uint32_t)(*at)++);
        if (!pair[0]) continue;
        if (key) *key = pair[0];
        if (value) *value = pair[1];
        return true;
    }
    return false;
}

/* ---- closing holes ---- */

static void set_entries(struct dicthead *head, struct tree tree)
{
    head->entries = tree.root;
    head->shift = tree.shift;
}

static void close_holes(const struct dict *dict, struct dicthead *head)
{
    if (head->read == 0 && head->fill - dict->used <= dict->used + SMALL_ENTRIES) return;
    for (unsigned i = 0; i < CLOSED_PER_CHANGE && head->read < head->fill; i++, head->read++) {
        ouro_ref *from = entry_at(head, head->read);
        if (!from[0]) continue;
        if (head->read != head->write) {
            ouro_ref *to = entry_at(head, head->write);
            uint32_t hash;
            (void)hash_key(from[0], 0, &hash);
            index_move(head, from[0], hash, head->read, head->write);
            ouro_move(&to[0], &from[0]);
            ouro_move(&to[1], &from[1]);
        }
        head->write++;
    }
    if (head->read < head->fill) return;
    struct tree tree = entries_of(head);
    tree_truncate(&tree, head->write * 2);
    set_entries(head, tree);
    head->fill = head->write;
    head->read = head->write = 0;
}

/* ---- setting ---- */

/* Make a full small dict a large one: its node becomes the first leaf of the entries. */
SELDOM static bool make_large(struct dict *dict)
{
    ouro_ref ref = object_make(&dicthead_type, sizeof(struct dicthead));
    if (!ref) return false;
    ouro_heap->node_requests++;
    struct dicthead *head = (struct dicthead *)(void *)ref;
    head->fill = dict->used;
    head->entries = dict->root; /* lent while the index is made, so that a failure undoes nothing */
    for (uint32_t i = 0; i < head->fill; i++) {
        ouro_ref key = *entry_at(head, i);
        uint32_t hash;
        (void)hash_key(key, 0, &hash);
        if (index_insert(head, key, hash, i)) continue;
        head->entries = NULL;
        drop_quietly(ref);
        return false;
    }
    head->entries = ouro_take(&dict->root);
    dict->root = ref;
    return true;
}

/* Add a key that is not there; steals key and value.  False: no memory, nothing changed. */
static bool add(struct dict *dict, ouro_ref key, ouro_ref value, uint32_t hash)
{
    struct dicthead *head = head_of(dict);
    if (!head && dict->used == SMALL_ENTRIES) {
        if (!make_large(dict)) return false;
        head = head_of(dict);
    }
    if (head) {
        struct tree tree = entries_of(head);
        bool has_room = tree_reserve(&tree, pairs_types, head->fill * 2, 2);
        set_entries(head, tree);
        if (!has_room) return false;
        ouro_ref *pair = entry_at(head, head->fill);
        pair[0] = key; /* before the index is asked: a split may want to look at it */
        if (!index_insert(head, key, hash, head->fill)) {
            pair[0] = NULL;
            return false;
        }
        pair[1] = value;
        head->fill++;
    } else {
        struct tree tree = {.root = dict->root};
        bool has_room = tree_reserve(&tree, pairs_types, dict->used * 2, 2);
        dict->root = tree.root;
        if (!has_room) return false;
        *slot(dict->root, dict->used * 2) = key;
        *slot(dict->root, dict->used * 2 + 1) = value;
    }
    dict->used++;
    if (head) close_holes(dict, head);
    return true;
}

int ouro_dict_set(ouro_ref ref, ouro_ref key, ouro_ref value)
{
    OURO_THREAD_ONLY();
    struct dict *dict = dict_of(ref);
    uint32_t hash;
    if (!hash_key(key, 0, &hash)) return -1;
    ouro_incref(key); /* before anything is collected: they may be borrowed from what dies */
    ouro_incref(value);
    memory_prepare();
    for (unsigned round = 0;;) {
        uint32_t i = find(dict, key, hash);
        if (i < FIND_FAILED) {
            ouro_put(&entry(dict, i)[1], value);
            ouro_decref(key);
            return 0;
        }
        if (i == NO_ENTRY) {
            if (add(dict, key, value, hash)) break;
            if (memory_relieve(&round)) continue;
        }
        ouro_decref(key);
        ouro_decref(value);
        return -1;
    }
    collector_drain_some();
    return 0;
}

/* ---- deleting ---- */

/* Close the gap that entry i leaves in a small dict's node. */
static void close_small(struct dict *dict, uint32_t i)
{
    ouro_ref *pairs = slot(dict->root, 0);
    memmove(&pairs[i * 2], &pairs[i * 2 + 2], (dict->used - i - 1) * 2 * sizeof *pairs);
    pairs[dict->used * 2 - 2] = pairs[dict->used * 2 - 1] = NULL;
}

int ouro_dict_del(ouro_ref ref, ouro_ref key)
{
    OURO_THREAD_ONLY();
    struct dict *dict = dict_of(ref);
    struct dicthead *head = head_of(dict);
    uint32_t hash;
    if (!hash_key(key, 0, &hash)) return -1;
    uint32_t i = find(dict, key, hash);
    if (i == NO_ENTRY) ouro_error_set(OURO_KEY_ERROR, "key not found");
    if (i >= FIND_FAILED) return -1;
    ouro_ref *pair = entry(dict, i);
    if (head) index_remove(head, pair[0], hash, i);
    ouro_ref old_key = ouro_take(&pair[0]), old_value = ouro_take(&pair[1]);
    if (!head) close_small(dict, i);
    dict->used--;
    if (dict->used == 0)
        ouro_put(&dict->root, NULL); /* and with it all that had grown */
    else if (head)
        close_holes(dict, head);
    ouro_decref(old_key);
    ouro_decref(old_value);
    return 0;
}

void ouro_dict_clear(ouro_ref ref)
{
    OURO_THREAD_ONLY();
    struct dict *dict = dict_of(ref);
    dict->used = 0;
    ouro_put(&dict->root, NULL);
}

/* ---- operations ---- */

static int dict_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    static const char *const texts[] = {
        [OURO_BEGIN] = "{", [OURO_END] = "}", [OURO_AGAIN] = "{...}"};
    (void)self;
    return write_text(write, context, texts[part]);
}

static const struct ouro_ops dict_ops = {
    .repr = dict_repr,
    .len = ouro_dict_len,
    .next = ouro_dict_next,
    .find = dict_find,
};

const struct ouro_type ouro_dict_type = {
    .name = "dict",
    .index = OURO_TYPE_DICT,
    .size_bytes = sizeof(struct dict),
    .refs = OURO_REF_BIT(struct dict, root),
    .drops_forward = true,
    .ops = &dict_ops,
};
