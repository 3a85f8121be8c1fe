/* SPDX-License-Identifier: MIT
 * iterator.c - iterators over what has items, and what iterates by itself.
 *
 * An iterator is what it goes through and how far it got.  At the end it lets go of that, so that
 * it stays at its end whatever is added later, as in CPython. */
#include "types/list.h"

struct iterator {
    struct ouro_obj header;
    ouro_ref over; /* NULL: at the end */
    size_t position;
    size_t length; /* of `over` when it was begun, where a change is an error */
};

/* Hand on what was got; where that is nothing, it is the end. */
static ouro_ref got(struct iterator *it, ouro_ref item)
{
    if (!item && it->over && ouro_error_get(NULL) == OURO_NO_ERROR) ouro_put(&it->over, NULL);
    return item;
}

HOT static ouro_ref iterator_advance(ouro_ref self)
{
    struct iterator *it = (struct iterator *)(void *)self;
    if (!it->over) return NULL;
    const struct ouro_ops *ops = ops_of(it->over);
    if (ops->size_changed && ops->len(it->over) != it->length) {
        it->length = SIZE_MAX; /* for good */
        ouro_error_set(OURO_RUNTIME_ERROR, ops->size_changed);
        return NULL;
    }
    if (ops->next) return got(it, ops->iterate(it->over, &it->position));
    ouro_ref over = ouro_own(it->over); /* to make an item may collect, and run anything */
    ouro_ref item = got(it, ops->iterate(over, &it->position));
    ouro_decref(over);
    return item;
}

static const struct ouro_ops iterator_ops = {.advance = iterator_advance};

const struct ouro_type ouro_iterator_type = {
    .name = "iterator",
    .index = OURO_TYPE_ITERATOR,
    .size_bytes = sizeof(struct iterator),
    .refs = OURO_REF_BIT(struct iterator, over),
    .ops = &iterator_ops,
    .fields = "over",
};

ouro_ref ouro_iter(ouro_ref ref)
{
    const struct ouro_ops *ops = ops_of(ref);
    if (ops->advance) return ouro_own(ref);
    if (!ops->iterate) {
        ouro_error_format(OURO_TYPE_ERROR, "'%s' object is not iterable", ouro_type_name(ref));
        return NULL;
    }
    ouro_incref(ref); /* before anything is collected: it may be borrowed from what dies */
    ouro_ref iterator = object_new(&ouro_iterator_type, sizeof(struct iterator));
    if (!iterator) {
        ouro_decref(ref);
        return NULL;
    }
    struct iterator *it = (struct iterator *)(void *)iterator;
    it->over = ref;
    it->length = ops->size_changed ? ops->len(ref) : 0;
    return iterator;
}

HOT ouro_ref ouro_iter_next(ouro_ref iterator)
{
    if (ouro_type_index(iterator) == OURO_TYPE_ITERATOR) { /* over a list: the common case */
        struct iterator *it = (struct iterator *)(void *)iterator;
        const struct list *list = (const struct list *)(const void *)it->over;
        if (list && ouro_type_index(it->over) == OURO_TYPE_LIST &&
            it->position < list_length(list)) {
            if (ouro_heap->error_kind != OURO_NO_ERROR) ouro_error_clear();
            return ouro_own(*list_item(list, (uint32_t)it->position++));
        }
    }
    const struct ouro_ops *ops = ops_of(iterator);
    ouro_error_clear();
    if (ops->advance) return ops->advance(iterator);
    ouro_error_format(OURO_TYPE_ERROR, "'%s' object is not an iterator", ouro_type_name(iterator));
    return NULL;
}
