/* SPDX-License-Identifier: MIT
 * iterator.c - iterators over what has items, and what iterates by itself.
 *
 * An iterator is what it goes through and how far it got: of a list, a walk over its leaves.  At
 * the end it lets go of that, so that it stays at its end whatever is added later, as in CPython.
 */
#include "types/list.h"

struct iterator {
    struct ouro_obj header;
    /* `list` is what it goes through, whatever its type; NULL: at the end.  `changes` is the length
     * that this had when the iterator was begun, where a change is an error. */
    struct ouro_list_walk walk;
    ouro_ref (*give)(ouro_ref over, size_t *position); /* the next, as `iterate` of a type does */
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

HOT_WHOLE static ouro_ref iterator_advance(ouro_ref self)
{
    struct iterator *it = (struct iterator *)(void *)self;
    if (!it->walk.list) return NULL;
    const struct ouro_ops *ops = ops_of(it->walk.list);
    if (ops->size_changed && (uint32_t)ops->len(it->walk.list) != it->walk.changes) {
        it->walk.changes = UINT32_MAX; /* for good */
        return error_null(OURO_RUNTIME_ERROR, ops->size_changed);
    }
    if (ops->next && it->give == ops->iterate)
        return got(it, it->give(it->walk.list, &it->walk.position));
    ouro_ref over = ouro_own(it->walk.list); /* to make an item may collect, and run anything */
    ouro_ref item = got(it, it->give(over, &it->walk.position));
    ouro_decref(over);
    return item;
}

static const struct ouro_ops iterator_ops = {.advance = iterator_advance};

const struct ouro_type ouro_iterator_type = {
    .name = "iterator",
    .index = OURO_TYPE_ITERATOR,
    .size_bytes = sizeof(struct iterator),
    .refs = OURO_REF_BIT(struct iterator, walk.list),
    .ops = &iterator_ops,
    .fields = "over position at end changes give",
};

ouro_ref ouro_iter(ouro_ref ref)
{
    const struct ouro_ops *ops = ops_of(ref);
    if (ops->advance) return ouro_own(ref);
    if (!ops->iterate) return error_about(OURO_TYPE_ERROR, "'%T' object is not iterable", ref);
    return iterator_new(ref, ops->iterate);
}

ouro_ref iterator_new(ouro_ref over, ouro_ref (*give)(ouro_ref over, size_t *position))
{
    const struct ouro_ops *ops = ops_of(over);
    ouro_incref(over); /* before anything is collected: it may be borrowed from what dies */
    ouro_ref iterator = object_new(&ouro_iterator_type, sizeof(struct iterator));
    if (!iterator) {
        ouro_decref(over);
        return NULL;
    }
    struct iterator *it = (struct iterator *)(void *)iterator;
    it->walk.list = over;
    it->give = give;
    if (ops->size_changed) it->walk.changes = (uint32_t)ops->len(over);
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
    return error_about(OURO_TYPE_ERROR, "'%T' object is not an iterator", iterator);
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
