/* SPDX-License-Identifier: MIT
 * iterator.c - iterators over what has items, and what iterates by itself.
 *
 * An iterator is what it goes through and how far it got: of a list, a walk over its leaves.  At
 * the end it lets go of that, so that it stays at its end whatever is added later, as in CPython.
 */
#include "types/list.h"
#include "types/special.h"

struct iterator {
    struct ouro_obj header;
    /* `list` is what it goes through, whatever its type; NULL: at the end.  `changes` is the length
     * that this had when the iterator was begun, where a change is an error. */
    struct ouro_list_walk walk;
    uint32_t kind : 11; /* type index of that, which names the iterator for ever */
    uint32_t left : 21; /* of a dict: how many more it may give */
};

/* Hand on what was got; where that is nothing, it is the end. */
static ouro_ref got(struct iterator *it, ouro_ref item)
{
    if (!item && it->walk.list && ouro_error_get(NULL) == OURO_NO_ERROR) {
        it->walk.at = it->walk.end = NULL;
        ouro_put(&it->walk.list, NULL);
    }
    return item;
}

/* An item of a dict or a set, if there were that many at the beginning: else whoever replaces keys
 * goes on for ever.  Of sets CPython does not ask.  Steals it. */
static ouro_ref expected(struct iterator *it, ouro_ref item)
{
    bool is_set = it->kind == OURO_TYPE_SET || it->kind == OURO_TYPE_FROZENSET;
    if (it->left-- || is_set) return item;
    ouro_put(&it->walk.list, NULL);
    ouro_decref(item);
    return error_null(OURO_RUNTIME_ERROR, "dictionary keys changed during iteration");
}

static ouro_ref iterator_advance(ouro_ref self)
{
    struct iterator *it = (struct iterator *)(void *)self;
    if (!it->walk.list) return NULL;
    const struct ouro_ops *ops = ops_of(it->walk.list);
    if (ops->size_changed && (uint32_t)ops->len(it->walk.list) != it->walk.changes) {
        it->walk.changes = UINT32_MAX; /* for good */
        return error_null(OURO_RUNTIME_ERROR, ops->size_changed);
    }
    ouro_ref over = ouro_own(it->walk.list); /* to make an item may collect, and run anything */
    ouro_ref item = got(it, ops->iterate(over, &it->walk.position));
    ouro_decref(over);
    return item && ops->size_changed ? expected(it, item) : item;
}

/* As CPython calls them, but that a str's is a str_iterator whatever is in it. */
static const char *iterator_name(ouro_ref self)
{
    uint32_t kind = ((struct iterator *)(void *)self)->kind;
    switch (kind) {
    case OURO_TYPE_LIST: return "list_iterator";
    case OURO_TYPE_STR: return "str_iterator";
    case OURO_TYPE_RANGE: return "range_iterator";
    case OURO_TYPE_SET:
    case OURO_TYPE_FROZENSET: return "set_iterator";
    case OURO_TYPE_DICT:
    case OURO_TYPE_DICTKEYS: return "dict_keyiterator";
    case OURO_TYPE_DICTVALUES: return "dict_valueiterator";
    case OURO_TYPE_DICTITEMS: return "dict_itemiterator";
    case OURO_TYPE_BYTES: return "bytes_iterator";
    case OURO_TYPE_BYTEARRAY: return "bytearray_iterator";
    case OURO_TYPE_MEMORYVIEW: return "memory_iterator";
    default:
        return kind - OURO_TYPE_TUPLE <= OURO_TYPE_LONG_TUPLE - OURO_TYPE_TUPLE ? "tuple_iterator"
                                                                                : "iterator";
    }
}

static const struct ouro_ops iterator_ops = {
    .advance = iterator_advance,
    .type_name = iterator_name,
};

const struct ouro_type ouro_iterator_type = {
    .name = "iterator",
    .index = OURO_TYPE_ITERATOR,
    .size_bytes = sizeof(struct iterator),
    .refs = OURO_REF_BIT(struct iterator, walk.list),
    .ops = &iterator_ops,
};

ouro_ref no_iter(ouro_ref ref)
{
    return error_about(OURO_TYPE_ERROR, "'%T' object is not iterable", ref);
}
UNLESS_SPECIAL ouro_ref special_iter(ouro_ref ref) { return no_iter(ref); }

ouro_ref no_next(ouro_ref ref)
{
    return error_about(OURO_TYPE_ERROR, "'%T' object is not an iterator", ref);
}
UNLESS_SPECIAL ouro_ref special_next(ouro_ref ref) { return no_next(ref); }

ouro_ref ouro_iter(ouro_ref ref)
{
    const struct ouro_ops *ops = ops_of(ref);
    if (ops->advance) return ouro_own(ref);
    if (!ops->iterate) return special_iter(ref);
    const ouro_ref refs[] = {ref};
    ouro_ref iterator = object_holding(&ouro_iterator_type, 1, refs);
    if (!iterator) return NULL;
    struct iterator *it = (struct iterator *)(void *)iterator;
    it->kind = ouro_type_index(ref) & 0x7ff;
    if (ops->size_changed) {
        it->walk.changes = (uint32_t)ops->len(ref);
        it->left = it->walk.changes & 0x1fffff;
    }
    return iterator;
}

HOT_WHOLE ouro_ref ouro_iter_next(ouro_ref iterator)
{
    if (ouro_type_index(iterator) == OURO_TYPE_ITERATOR) { /* over a list: the common case */
        struct iterator *it = (struct iterator *)(void *)iterator;
        ouro_ref over = it->walk.list, item = NULL;
        if (it->walk.at)
            item = ouro_list_walk_next(&it->walk);
        else if (over && ouro_type_index(over) == OURO_TYPE_LIST)
            item = ouro_list_walk_slowly(&it->walk);
        if (item) return ouro_own(item);
    }
    const struct ouro_ops *ops = ops_of(iterator);
    ouro_error_clear();
    if (ops->advance) return ops->advance(iterator);
    return special_next(iterator);
}

int each_item(ouro_ref items, item_fn *take, void *context)
{
    ouro_ref iterator = ouro_iter(items), item;
    int result = iterator ? 0 : -1;
    while (result == 0) {
        if (!(item = ouro_iter_next(iterator))) {
            result = ouro_error_get(NULL) == OURO_NO_ERROR ? 0 : -1;
            break;
        }
        result = take(context, item);
        ouro_decref(item);
    }
    ouro_xdecref(iterator);
    return result;
}
