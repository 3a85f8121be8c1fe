/* SPDX-License-Identifier: MIT
 * dict.c - the dict type: a table of pairs. */
#include "collector.h"
#include "types/ops.h"
#include "types/table.h"

extern const struct ouro_type ouro_dict_type;

/* Panics; see not_a_list() in list.c. */
__attribute__((noipa, cold)) static int not_a_dict(void) { expect_failed(OURO_TYPE_DICT); }
static inline bool is_dict(ouro_ref ref) { return ouro_type_index(ref) == OURO_TYPE_DICT; }
static inline struct table *as_dict(ouro_ref ref) { return (struct table *)(void *)ref; }
static struct table *dict_of(ouro_ref ref)
{
    if (!is_dict(ref)) (void)not_a_dict();
    return as_dict(ref);
}

/* A dict in flash (ouro/flash.h) has the layout of a small one, and nothing writes to it. */
_Static_assert(offsetof(struct table, used) == sizeof(struct ouro_obj) &&
                   offsetof(struct table, root) == sizeof(struct ouro_obj) + sizeof(ouro_ref),
               "OURO_DICT_CONST has this layout");

/* One in the arena is immortal if its count overflowed. */
SELDOM static bool refuses(ouro_ref ref)
{
    if ((uintptr_t)ref - (uintptr_t)ouro_heap < arena_given_bytes(&ouro_heap->arena)) return false;
    ouro_error_set(OURO_TYPE_ERROR, "a constant dict cannot be changed");
    return true;
}
static bool is_constant(ouro_ref ref) { return has_flag(ref, OURO_FLAG_IMMORTAL) && refuses(ref); }

ouro_ref ouro_dict_new(void)
{
    ouro_ref dict = object_new(&ouro_dict_type, sizeof(struct table));
    if (dict) object_untrack(dict); /* until it holds what may be part of a cycle */
    return dict;
}
size_t ouro_dict_len(ouro_ref dict) { return dict_of(dict)->used; }

HOT_WHOLE ouro_ref ouro_dict_get(ouro_ref ref, ouro_ref key)
{
    if (!is_dict(ref)) return (ouro_ref)(intptr_t)not_a_dict();
    const struct table *dict = as_dict(ref);
    bool is_missing = false;
    const ouro_ref *entry = table_glance(dict, key, STRIDE_PAIR, &is_missing);
    if (entry) return entry[1];
    if (is_missing) return NULL;
    return table_find(dict, key, STRIDE_PAIR)[1];
}

HOT_WHOLE bool ouro_dict_next(ouro_ref ref, size_t *position, ouro_ref *key, ouro_ref *value)
{
    const ouro_ref *entry = table_next(dict_of(ref), position, STRIDE_PAIR);
    if (!entry) return false;
    if (key) *key = entry[0];
    if (value) *value = entry[1];
    return true;
}

/* Of a key that was not found at a glance, or is not there. */
__attribute__((noinline)) static int set(struct table *dict, ouro_ref key, ouro_ref value,
                                         bool is_missing)
{
    struct key_hash hash;
    if (is_constant(&dict->header)) return -1;
    ouro_incref(value); /* looking for the key may run code that drops it */
    uint32_t number;
    ouro_ref *entry = NULL;
    if (is_missing)
        hash = (struct key_hash){.hash = str_of(key)->hash};
    else
        entry = table_look(dict, key, STRIDE_PAIR, &hash, &number);
    if (entry && entry[0]) {
        table_replace(dict, entry, number, value);
        return 0;
    }
    int result =
        entry && table_has_failed(entry) ? -1 : table_insert(dict, key, value, hash, STRIDE_PAIR);
    ouro_decref(value);
    return result;
}

/* The rest of what follows, where counting takes more than a look at the count. */
SELDOM static int count_both(ouro_ref value, ouro_ref old)
{
    ouro_incref(value);
    ouro_decref(old);
    return 0;
}
SELDOM static int drop(ouro_ref old)
{
    ouro_decref(old);
    return 0;
}

/* Calls last only what it calls, so that it keeps few registers. */
HOT_WHOLE int ouro_dict_set(ouro_ref ref, ouro_ref key, ouro_ref value)
{
    OURO_THREAD_ONLY();
    if (ouro_is_immediate(ref)) return not_a_dict();
    uint64_t header = load_pair(ref);
    if ((uint32_t)header >> TYPE_SHIFT != OURO_TYPE_DICT) return not_a_dict();
    struct table *dict = as_dict(ref);
    bool is_missing = false, is_immortal = (header >> 32 & OURO_FLAG_IMMORTAL) != 0u;
    ouro_ref *entry = NULL;
    if (table_head(dict) || !is_immortal) /* a constant is small */
        entry = table_glance(dict, key, STRIDE_PAIR, &is_missing);
    if (!entry || (!is_scalar(value) && may_be_tracked(value) && !may_be_tracked(entry[1]))) {
        NOTE_CALLER();
        return set(dict, key, value, is_missing);
    }
    ouro_ref old = entry[1];
    entry[1] = value;
    if (is_counted(value) && !count_simply(value)) return count_both(value, old);
    return is_counted(old) && !drop_simply(old) ? drop(old) : 0;
}

ouro_ref ouro_dict_setdefault(ouro_ref ref, ouro_ref key, ouro_ref value)
{
    OURO_THREAD_ONLY();
    struct table *dict = dict_of(ref);
    struct key_hash hash;
    uint32_t number;
    ouro_incref(value); /* looking for the key may run code that drops it */
    const ouro_ref *entry = table_look(dict, key, STRIDE_PAIR, &hash, &number);
    ouro_ref found = entry[0] ? entry[1] : NULL;
    NOTE_CALLER();
    if (!found && !table_has_failed(entry) && !is_constant(ref) &&
        table_insert(dict, key, value, hash, STRIDE_PAIR) == 0)
        found = value;
    ouro_decref(value);
    return found;
}

ouro_ref ouro_dict_pop(ouro_ref ref, ouro_ref key)
{
    OURO_THREAD_ONLY();
    struct table_pair pair;
    struct table *dict = dict_of(ref);
    if (is_constant(ref)) return NULL;
    int result = table_remove(dict, key, &pair, STRIDE_PAIR);
    if (result == 0) error_missing(key);
    if (result <= 0) return NULL;
    if (dict->used == 0) collector_drain_some(); /* its nodes */
    ouro_decref(pair.key);
    return pair.value;
}

int ouro_dict_del(ouro_ref ref, ouro_ref key)
{
    OURO_THREAD_ONLY();
    ouro_ref value = ouro_dict_pop(ref, key);
    if (!value) return -1;
    ouro_decref(value);
    return 0;
}

int ouro_dict_popitem(ouro_ref ref, ouro_ref *key, ouro_ref *value)
{
    OURO_THREAD_ONLY();
    struct table *dict = dict_of(ref);
    if (is_constant(ref)) return -1;
    if (dict->used == 0) {
        ouro_error_set(OURO_KEY_ERROR, "'popitem(): dictionary is empty'");
        return -1;
    }
    struct table_pair pair;
    table_pop(dict, &pair, STRIDE_PAIR);
    collector_drain_some();
    *key = pair.key;
    *value = pair.value;
    return 0;
}

int ouro_dict_update(ouro_ref ref, ouro_ref other)
{
    struct table *from = dict_of(other);
    size_t position = 0;
    for (ouro_ref *entry; (entry = table_next(from, &position, STRIDE_PAIR));) {
        ouro_ref key = ouro_own(entry[0]), value = ouro_own(entry[1]);
        size_t used = from->used;
        int result = ouro_dict_set(ref, key, value);
        ouro_decref(key);
        ouro_decref(value);
        if (result < 0) return -1;
        if (ref != other && from->used != used) {
            ouro_error_set(OURO_RUNTIME_ERROR, "dict mutated during update");
            return -1;
        }
    }
    return 0;
}

/* A new dict, or NULL, with the entries of another one; NULL if it cannot have them. */
static ouro_ref updated(ouro_ref dict, ouro_ref other)
{
    if (dict && ouro_dict_update(dict, other) < 0) ouro_put(&dict, NULL);
    return dict;
}

ouro_ref ouro_dict_copy(ouro_ref ref) { return updated(ouro_dict_new(), ref); }

ouro_ref ouro_dict_union(ouro_ref a, ouro_ref b)
{
    ouro_incref(b); /* what is collected on the way may drop the last other reference */
    ouro_ref both = updated(ouro_dict_copy(a), b);
    ouro_decref(b);
    return both;
}

void ouro_dict_clear(ouro_ref ref)
{
    OURO_THREAD_ONLY();
    if (!is_constant(ref)) table_clear(dict_of(ref));
}

/* ---- operations ---- */

static int dict_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    static const char *const texts[] = {
        [OURO_BEGIN] = "{", [OURO_END] = "}", [OURO_AGAIN] = "{...}"};
    (void)self;
    return write_text(write, context, texts[part]);
}

/* Value of a key: 1, 0 if there is none, or -1. */
HOT_WHOLE static int dict_find(ouro_ref self, ouro_ref key, ouro_ref *value)
{
    const ouro_ref *entry = table_find(dict_of(self), key, STRIDE_PAIR);
    if (table_has_failed(entry)) return -1;
    *value = entry[1];
    return entry[0] != NULL;
}

static const struct ouro_ops dict_ops = {
    .repr = dict_repr,
    .len = ouro_dict_len,
    .next = ouro_dict_next,
    .find = dict_find,
    .iterate = ouro_iterate_items,
    .size_changed = "dictionary changed size during iteration",
};

const struct ouro_type ouro_dict_type = {
    .name = "dict",
    .index = OURO_TYPE_DICT,
    .size_bytes = sizeof(struct table),
    .refs = OURO_REF_BIT(struct table, root),
    .drops_forward = true,
    .ops = &dict_ops,
};
