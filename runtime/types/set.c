/* SPDX-License-Identifier: MIT
 * set.c - set and frozenset: a table of keys; and what they have in common with a dict's views.
 *
 * The two differ in what may be done to them; they compare with each other.  A frozenset is filled
 * before anybody else sees it.  What takes many elements walks over one side and asks the other for
 * each: so it is the same for sets, for views of keys and items, and for anything else. */
#include "ouro/set.h"

#include "collector.h"
#include "ouro/abstract.h"
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
static struct table *set_of(ouro_ref ref) { return expect(ref, OURO_TYPE_SET); }

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
    uint32_t number;
    const ouro_ref *entry = table_look(set, key, STRIDE_KEY, &hash, &number);
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

int ouro_set_remove(ouro_ref set, ouro_ref key)
{
    int result = ouro_set_discard(set, key);
    if (result == 0) error_missing(key);
    return result > 0 ? 0 : -1;
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

/* What sets and the views of dicts that are like sets have in common: a length, and `in` in O(1).
 */
static bool is_setlike(ouro_ref ref)
{
    unsigned type = ouro_type_index(ref);
    return ouro_is_anyset(ref) || type == OURO_TYPE_DICTKEYS || type == OURO_TYPE_DICTITEMS;
}

/* A walk over what any object gives when it is iterated; allocates nothing of its own. */
struct walk {
    ouro_ref over;
    size_t position, length;
};
static bool walk_begin(struct walk *walk, ouro_ref over)
{
    const struct ouro_ops *ops = ops_of(over);
    over = ops->iterate ? ouro_own(over) : ouro_iter(over);
    if (!over) return false;
    *walk = (struct walk){over, 0, ops->size_changed ? ops->len(over) : 0};
    if (!ouro_is_anyset(over)) ouro_error_clear();
    return true;
}
/* 1 and the next item, a new reference; 0 at the end, or -1. */
static int walk_next(struct walk *walk, ouro_ref *item)
{
    const struct ouro_ops *ops = ops_of(walk->over);
    if (ops->size_changed && ops->len(walk->over) != walk->length) {
        ouro_error_set(OURO_RUNTIME_ERROR, ops->size_changed);
        return -1;
    }
    *item = ops->iterate ? ops->iterate(walk->over, &walk->position) : ouro_iter_next(walk->over);
    if (*item) return 1;
    return ouro_is_anyset(walk->over) || ouro_error_get(NULL) == OURO_NO_ERROR ? 0 : -1;
}

/* Add to a set the items of `from` that are in `other`, or are not, as it is wanted; all if there
 * is no other.  Without a set: are they all as it is wanted?  1, 0, or -1. */
static int sift(ouro_ref from, ouro_ref other, bool is_wanted, struct table *set)
{
    struct walk walk;
    ouro_ref item;
    if (!walk_begin(&walk, from)) return -1;
    int result = 1, next = 1;
    while (result > 0 && (next = walk_next(&walk, &item)) > 0) {
        int found = other ? ouro_contains(other, item) : is_wanted;
        bool is_right = found == is_wanted;
        if (found < 0 || (set && is_right && add(set, item) < 0))
            result = -1;
        else if (!set)
            result = is_right;
        ouro_decref(item);
    }
    ouro_decref(walk.over);
    return next < 0 ? -1 : result;
}

/* What was filled, or NULL if that failed. */
static ouro_ref finished(ouro_ref set, int result)
{
    if (result >= 0) return set;
    ouro_decref(set);
    return NULL;
}
static const struct ouro_type *type_like(ouro_ref model)
{
    return ouro_type_index(model) == OURO_TYPE_FROZENSET ? &ouro_frozenset_type : &ouro_set_type;
}
/* A new one of these items; NULL: of none. */
static ouro_ref filled(const struct ouro_type *type, ouro_ref items)
{
    ouro_ref ref = object_new(type, sizeof(struct table));
    if (!ref || !items) return ref;
    return finished(ref, sift(items, NULL, true, anyset_of(ref)));
}

/* What answers `in` in O(1): itself, or a set of its items.  New reference. */
static ouro_ref look_up(ouro_ref ref)
{
    bool is_quick = is_setlike(ref) || ouro_type_index(ref) == OURO_TYPE_DICT;
    return is_quick ? ouro_own(ref) : ouro_set_from(ref);
}

/* a `op` b as a new set, or a frozenset as `model` is. */
static ouro_ref combine(ouro_ref model, ouro_ref a, enum ouro_arith op, ouro_ref b)
{
    bool is_union = op == OURO_OR;
    ouro_ref left = is_union ? ouro_own(a) : look_up(a);
    ouro_ref right = !left ? NULL : is_union ? ouro_own(b) : look_up(b);
    ouro_ref ref = right ? filled(type_like(model), NULL) : NULL;
    struct table *set = (struct table *)(void *)ref;
    int result = ref ? sift(left, is_union ? NULL : right, op == OURO_AND, set) : -1;
    if (result >= 0 && (is_union || op == OURO_XOR))
        result = sift(right, is_union ? NULL : left, false, set);
    ouro_xdecref(left);
    ouro_xdecref(right);
    return ref ? finished(ref, result) : NULL;
}
static ouro_ref combine_like(ouro_ref a, enum ouro_arith op, ouro_ref b)
{
    ouro_require_that(is_setlike(a), "a set, frozenset or view of a dict was expected");
    return combine(a, a, op, b);
}

ouro_ref ouro_set_union(ouro_ref a, ouro_ref b) { return combine_like(a, OURO_OR, b); }
ouro_ref ouro_set_intersection(ouro_ref a, ouro_ref b) { return combine_like(a, OURO_AND, b); }
ouro_ref ouro_set_difference(ouro_ref a, ouro_ref b) { return combine_like(a, OURO_SUB, b); }
ouro_ref ouro_set_symmetric_difference(ouro_ref a, ouro_ref b)
{
    return combine_like(a, OURO_XOR, b);
}

bool set_arith(ouro_ref a, enum ouro_arith op, ouro_ref b, ouro_ref *result)
{
    bool are_sets = ouro_is_anyset(a) && ouro_is_anyset(b);
    bool is_view = is_setlike(a) > ouro_is_anyset(a) || is_setlike(b) > ouro_is_anyset(b);
    if ((!are_sets && !is_view) || (op != OURO_SUB && op < OURO_AND)) return false;
    *result = combine(are_sets ? a : OURO_NONE, a, op, b);
    return true;
}

ouro_ref ouro_set_copy(ouro_ref set)
{
    if (ouro_type_index(set) == OURO_TYPE_FROZENSET) return ouro_own(set);
    return filled(&ouro_set_type, set);
}

int ouro_set_update(ouro_ref set, ouro_ref items)
{
    return sift(items, NULL, true, set_of(set)) < 0 ? -1 : 0;
}

/* The set gets the elements of another, which is dropped; NULL: that failed. */
static int become(struct table *set, ouro_ref other)
{
    if (!other) return -1;
    struct table *from = anyset_of(other);
    ouro_ref old = ouro_take(&set->root);
    ouro_move(&set->root, &from->root);
    set->used = from->used;
    from->used = 0;
    ouro_decref(other);
    ouro_xdecref(old);
    return 0;
}
int ouro_set_intersection_update(ouro_ref set, ouro_ref items)
{
    return become(set_of(set), ouro_set_intersection(set, items));
}
int ouro_set_difference_update(ouro_ref set, ouro_ref items)
{
    return become(set_of(set), ouro_set_difference(set, items));
}
int ouro_set_symmetric_difference_update(ouro_ref set, ouro_ref items)
{
    return become(set_of(set), ouro_set_symmetric_difference(set, items));
}

ouro_ref ouro_set_from(ouro_ref items) { return filled(&ouro_set_type, items); }

ouro_ref ouro_frozenset_from(ouro_ref items)
{
    if (items && ouro_type_index(items) == OURO_TYPE_FROZENSET) return ouro_own(items);
    return filled(&ouro_frozenset_type, items);
}

/* ---- comparing ---- */

int ouro_set_issubset(ouro_ref a, ouro_ref b)
{
    ouro_ref right = look_up(b);
    if (!right) return -1;
    int result = sift(a, right, true, NULL);
    ouro_decref(right);
    return result;
}
int ouro_set_issuperset(ouro_ref a, ouro_ref b) { return sift(b, a, true, NULL); }
int ouro_set_isdisjoint(ouro_ref a, ouro_ref b) { return sift(b, a, false, NULL); }

/* ---- operations ---- */

int set_compare(ouro_ref self, ouro_ref other, enum ouro_op op)
{
    if (!is_setlike(other)) return OURO_NOT_IMPLEMENTED;
    bool is_less = op == OURO_LT || op == OURO_LE;
    ouro_ref small = is_less ? self : other, large = is_less ? other : self;
    size_t n = ops_of(small)->len(small), m = ops_of(large)->len(large);
    bool may_be = op == OURO_EQ ? n == m : op == OURO_LE || op == OURO_GE ? n <= m : n < m;
    return may_be ? sift(small, large, true, NULL) : 0;
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
