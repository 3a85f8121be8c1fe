/* SPDX-License-Identifier: MIT
 * set.c - set and frozenset: a table of keys.
 *
 * The two differ in what may be done to them; they compare with each other.  A frozenset is filled
 * before anybody else sees it. */
#include "collector.h"
#include "ouro/set.h"
#include "types/ops.h"
#include "types/table.h"

extern const struct ouro_type ouro_set_type, ouro_frozenset_type;

bool ouro_is_anyset(ouro_ref ref)
{
    unsigned type = ouro_type_index(ref);
    return type == OURO_TYPE_SET || type == OURO_TYPE_FROZENSET;
}
static struct table *anyset_of(ouro_ref ref)
{
    ouro_require_that(ouro_is_anyset(ref), "a set or frozenset was expected");
    return (struct table *)(void *)ref;
}
static struct table *set_of(ouro_ref ref)
{
    ouro_require_that(ouro_type_index(ref) == OURO_TYPE_SET, "a set was expected");
    return (struct table *)(void *)ref;
}

/* ---- one element ---- */

ouro_ref ouro_set_new(void) { return object_new(&ouro_set_type, sizeof(struct table)); }
size_t ouro_set_len(ouro_ref set) { return anyset_of(set)->used; }

int ouro_set_contains(ouro_ref set, ouro_ref key)
{
    const ouro_ref *entry = table_find(anyset_of(set), key, STRIDE_KEY);
    return table_has_failed(entry) ? -1 : *entry != NULL;
}

static int add(struct table *set, ouro_ref key)
{
    struct key_hash hash;
    const ouro_ref *entry = table_seek(set, key, STRIDE_KEY, &hash);
    if (*entry) return 0;
    NOTE_CALLER();
    return table_has_failed(entry) ? -1 : table_insert(set, key, NULL, hash, STRIDE_KEY);
}

int ouro_set_add(ouro_ref set, ouro_ref key)
{
    OURO_THREAD_ONLY();
    return add(set_of(set), key);
}

int ouro_set_discard(ouro_ref ref, ouro_ref key)
{
    OURO_THREAD_ONLY();
    struct table_pair pair;
    int result = table_remove(set_of(ref), key, &pair, STRIDE_KEY);
    if (result <= 0) return result;
    collector_drain_some();
    ouro_decref(pair.key);
    return 1;
}

ouro_ref ouro_set_pop(ouro_ref ref)
{
    OURO_THREAD_ONLY();
    struct table *set = set_of(ref);
    struct table_pair pair;
    if (set->used == 0) return error_null(OURO_KEY_ERROR, "'pop from an empty set'");
    table_pop(set, &pair, STRIDE_KEY);
    collector_drain_some();
    return pair.key;
}

void ouro_set_clear(ouro_ref set)
{
    OURO_THREAD_ONLY();
    table_clear(set_of(set));
}

bool ouro_set_next(ouro_ref set, size_t *position, ouro_ref *key)
{
    const ouro_ref *entry = table_next(anyset_of(set), position, STRIDE_KEY);
    if (!entry) return false;
    *key = *entry;
    return true;
}

/* ---- all elements ---- */

/* Add the keys of `from` that are in `other` (or are not), or all if there is no other. */
static int add_some(struct table *set, const struct table *from, const struct table *other,
                    bool is_wanted)
{
    size_t position = 0;
    uint32_t used = from->used;
    for (const ouro_ref *entry; (entry = table_next(from, &position, STRIDE_KEY));) {
        ouro_ref key = ouro_own(*entry); /* code of the program's may take it out of `from` */
        entry = other ? table_find(other, key, STRIDE_KEY) : NULL;
        int result = entry && table_has_failed(entry) ? -1 : 0;
        if (result == 0 && (!entry || (*entry != NULL) == is_wanted)) result = add(set, key);
        ouro_decref(key);
        if (result < 0) return -1;
        if (set == from || from->used == used) continue;
        ouro_error_set(OURO_RUNTIME_ERROR, "Set changed size during iteration");
        return -1;
    }
    return 0;
}

/* A new set (or frozenset, as `model` is), or NULL if `result` failed: what was filled goes. */
static struct table *new_like(ouro_ref model)
{
    const struct ouro_type *type =
        ouro_type_index(model) == OURO_TYPE_SET ? &ouro_set_type : &ouro_frozenset_type;
    return (struct table *)(void *)object_new(type, sizeof(struct table));
}
static ouro_ref finished(struct table *set, int result)
{
    if (result == 0) return &set->header;
    ouro_decref(&set->header);
    return NULL;
}

ouro_ref ouro_set_copy(ouro_ref set)
{
    if (ouro_type_index(set) == OURO_TYPE_FROZENSET) return ouro_own(set);
    struct table *copy = new_like(set);
    return copy ? finished(copy, add_some(copy, anyset_of(set), NULL, true)) : NULL;
}

/* What `a` and then `b` have, each without what the other has if it is exclusive. */
static ouro_ref merge(ouro_ref model, const struct table *a, const struct table *b,
                      bool is_exclusive)
{
    struct table *set = new_like(model);
    if (!set) return NULL;
    int result = add_some(set, a, is_exclusive ? b : NULL, false);
    return finished(set, result < 0 ? result : add_some(set, b, is_exclusive ? a : NULL, false));
}

ouro_ref ouro_set_union(ouro_ref a, ouro_ref b)
{
    return merge(a, anyset_of(a), anyset_of(b), false);
}

ouro_ref ouro_set_symmetric_difference(ouro_ref a, ouro_ref b)
{
    return merge(a, anyset_of(a), anyset_of(b), true);
}

/* What `a` has and `b` has, too, or has not. */
static ouro_ref choose(ouro_ref a, ouro_ref b, bool is_wanted)
{
    const struct table *other = anyset_of(b);
    struct table *set = new_like(a);
    return set ? finished(set, add_some(set, anyset_of(a), other, is_wanted)) : NULL;
}

ouro_ref ouro_set_intersection(ouro_ref a, ouro_ref b) { return choose(a, b, true); }
ouro_ref ouro_set_difference(ouro_ref a, ouro_ref b) { return choose(a, b, false); }

static int add_item(void *set, ouro_ref key) { return add(set, key); }

/* Add what any object gives when it is iterated. */
static int add_items(struct table *set, ouro_ref items)
{
    if (ouro_is_anyset(items)) return add_some(set, anyset_of(items), NULL, true);
    return each_item(items, add_item, set);
}

int ouro_set_update(ouro_ref ref, ouro_ref items) { return add_items(set_of(ref), items); }

ouro_ref ouro_set_from(ouro_ref items)
{
    ouro_ref set = ouro_set_new();
    return set ? finished(set_of(set), ouro_set_update(set, items)) : NULL;
}

ouro_ref ouro_frozenset_from(ouro_ref items)
{
    if (items && ouro_type_index(items) == OURO_TYPE_FROZENSET) return ouro_own(items);
    ouro_ref ref = object_new(&ouro_frozenset_type, sizeof(struct table));
    if (!ref || !items) return ref;
    struct table *set = anyset_of(ref);
    return finished(set, add_items(set, items));
}

/* ---- comparing ---- */

/* Are all elements of `a` in `b`, or if not `is_wanted` none of them?  1, 0, or -1. */
static int are_all(const struct table *a, const struct table *b, bool is_wanted)
{
    size_t position = 0;
    for (const ouro_ref *entry; (entry = table_next(a, &position, STRIDE_KEY));) {
        ouro_ref key = ouro_own(*entry);
        entry = table_find(b, key, STRIDE_KEY);
        int result = table_has_failed(entry) ? -1 : (*entry != NULL) == is_wanted;
        ouro_decref(key);
        if (result <= 0) return result;
    }
    return 1;
}
static int is_subset(const struct table *a, const struct table *b)
{
    return a->used > b->used ? 0 : are_all(a, b, true);
}

int ouro_set_issubset(ouro_ref a, ouro_ref b) { return is_subset(anyset_of(a), anyset_of(b)); }

int ouro_set_isdisjoint(ouro_ref a, ouro_ref b)
{
    const struct table *x = anyset_of(a), *y = anyset_of(b);
    return x->used > y->used ? are_all(y, x, false) : are_all(x, y, false);
}

/* ---- operations ---- */

static int set_compare(ouro_ref self, ouro_ref other, enum ouro_op op)
{
    if (!ouro_is_anyset(other)) return OURO_NOT_IMPLEMENTED;
    const struct table *a = anyset_of(self), *b = anyset_of(other);
    if (op == OURO_EQ || op == OURO_NE) return a->used == b->used ? is_subset(a, b) : 0;
    if (op == OURO_LT || op == OURO_GT)
        if (a->used == b->used) return 0;
    return op == OURO_LT || op == OURO_LE ? is_subset(a, b) : is_subset(b, a);
}

static int set_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    static const char *const texts[2][2][3] = {
        {{[OURO_BEGIN] = "{", [OURO_END] = "}", [OURO_AGAIN] = "set(...)"},
         {[OURO_BEGIN] = "set(", [OURO_END] = ")", [OURO_AGAIN] = "set(...)"}},
        {{[OURO_BEGIN] = "frozenset({", [OURO_END] = "})", [OURO_AGAIN] = "frozenset(...)"},
         {[OURO_BEGIN] = "frozenset(", [OURO_END] = ")", [OURO_AGAIN] = "frozenset(...)"}},
    };
    bool is_frozen = ouro_type_index(self) == OURO_TYPE_FROZENSET;
    return write_text(write, context, texts[is_frozen][ouro_set_len(self) == 0][part]);
}

static bool set_next(ouro_ref self, size_t *position, ouro_ref *key, ouro_ref *item)
{
    (void)key;
    return ouro_set_next(self, position, item);
}

/* In any order the same. */
static uint32_t mix_in(uint32_t hash, uint32_t item_hash)
{
    return hash ^ ((item_hash ^ item_hash << 16 ^ 89869747u) * 3644798167u);
}

static const struct ouro_ops set_ops = {
    .repr = set_repr,
    .compare = set_compare,
    .len = ouro_set_len,
    .next = set_next,
    .iterate = ouro_iterate_items,
    .size_changed = "Set changed size during iteration",
};
static const struct ouro_ops frozenset_ops = {
    .repr = set_repr,
    .compare = set_compare,
    .len = ouro_set_len,
    .next = set_next,
    .iterate = ouro_iterate_items,
    .size_changed = "Set changed size during iteration",
    .hash_mix = mix_in,
};

const struct ouro_type ouro_set_type = {
    .name = "set",
    .index = OURO_TYPE_SET,
    .size_bytes = sizeof(struct table),
    .refs = OURO_REF_BIT(struct table, root),
    .drops_forward = true,
    .ops = &set_ops,
};
const struct ouro_type ouro_frozenset_type = {
    .name = "frozenset",
    .index = OURO_TYPE_FROZENSET,
    .size_bytes = sizeof(struct table),
    .refs = OURO_REF_BIT(struct table, root),
    .drops_forward = true,
    .ops = &frozenset_ops,
};
