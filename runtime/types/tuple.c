/* SPDX-License-Identifier: MIT
 * tuple.c - the tuple type.
 *
 * Up to 16 items are the object itself: a type for each length, so that the length costs no word.
 * Longer ones are a length and a tree of the nodes that lists are made of.  A tuple comes into the
 * world complete: what is being built is held by the builder, on the C stack of its caller. */
#include <stdarg.h>

#include "types/ops.h"
#include "types/tree.h"

enum { SHORT_MOST = OURO_TUPLE_CHUNK };

struct long_tuple {
    struct ouro_obj header;
    uint32_t length;
    ouro_ref root;
};

extern const struct ouro_type tuple_types[SHORT_MOST + 1], long_tuple_type;

const struct ouro_obj ouro_empty_tuple_object = OBJECT_IN_FLASH(OURO_TYPE_TUPLE);

static bool is_short(ouro_ref ref) { return ouro_type_index(ref) - OURO_TYPE_TUPLE <= SHORT_MOST; }

static size_t length(ouro_ref tuple)
{
    unsigned n = ouro_type_index(tuple) - OURO_TYPE_TUPLE;
    return n <= SHORT_MOST ? n : ((const struct long_tuple *)(void *)tuple)->length;
}

/* Slot i of 0 .. length - 1; others up to a multiple of 16 lie behind it. */
HOT static ouro_ref *item_at(ouro_ref tuple, size_t i)
{
    if (is_short(tuple)) return slot(tuple, (unsigned)i);
    const struct long_tuple *t = (const struct long_tuple *)(void *)tuple;
    struct tree tree = {.root = t->root};
    while ((t->length - 1) >> tree.shift >= TREE_FANOUT) tree.shift += TREE_BITS;
    return tree_slot(tree, (uint32_t)i);
}

static void must_be_tuple(ouro_ref ref)
{
    if (!ouro_is_tuple(ref)) expect_failed(OURO_TYPE_TUPLE);
}

HOT_WHOLE size_t ouro_tuple_len(ouro_ref tuple)
{
    must_be_tuple(tuple);
    return length(tuple);
}

HOT_WHOLE ouro_ref ouro_tuple_get(ouro_ref tuple, ptrdiff_t i)
{
    must_be_tuple(tuple);
    size_t n = length(tuple), at = (size_t)i;
    if (i < 0) at += n;
    if (at < n) return *item_at(tuple, at);
    return error_null(OURO_INDEX_ERROR, "tuple index out of range");
}

/* ---- making ---- */

/* A tuple of 1 .. 16 items; steals them.  NULL: they are the caller's still. */
static ouro_ref make_short(size_t n, const ouro_ref *items)
{
    ouro_ref tuple = object_new(&tuple_types[n], tuple_types[n].size_bytes);
    if (tuple) memcpy(slot(tuple, 0), items, n * sizeof *items);
    return tuple;
}

void ouro_tuple_begin(struct ouro_tuple_builder *builder)
{
    builder->length = 0;
    builder->shift = 0;
    builder->root = NULL;
}

/* Items that are not in the tree yet. */
static size_t pending(const struct ouro_tuple_builder *builder)
{
    size_t n = builder->length;
    return n == 0 ? 0 : (n - 1) % SHORT_MOST + 1;
}

/* Move what is pending into the tree.  False with MemoryError. */
SELDOM static bool flush(struct ouro_tuple_builder *builder)
{
    struct tree tree = {builder->root, builder->shift};
    unsigned more = (unsigned)pending(builder);
    uint32_t at = (uint32_t)builder->length - more;
    memory_prepare();
    ouro_ref *items;
    for (unsigned round = 0; !(items = tree_reserve(&tree, items_types, at, more));)
        if (!memory_relieve(&round)) return false;
    builder->root = tree.root;
    builder->shift = tree.shift;
    memcpy(items, builder->chunk, more * sizeof(ouro_ref));
    tree_track(tree, at); /* a cycle may have let go of what was complete so far */
    return true;
}

SELDOM void ouro_tuple_abandon(struct ouro_tuple_builder *builder)
{
    size_t n = pending(builder);
    ouro_ref root = builder->root;
    ouro_tuple_begin(builder);
    while (n > 0) ouro_decref(builder->chunk[--n]);
    ouro_xdecref(root);
}

SELDOM int ouro_tuple_add(struct ouro_tuple_builder *builder, ouro_ref item)
{
    ouro_incref(item); /* before anything is collected: it may be borrowed from what dies */
    if (builder->length > 0 && builder->length % SHORT_MOST == 0 && !flush(builder)) {
        ouro_decref(item);
        return -1;
    }
    builder->chunk[builder->length++ % SHORT_MOST] = item;
    return 0;
}

/* The tuple of more than 16 items; NULL: all is dropped. */
SELDOM static ouro_ref make_long(struct ouro_tuple_builder *builder)
{
    if (!flush(builder)) {
        ouro_tuple_abandon(builder);
        return NULL;
    }
    ouro_ref tuple = object_new(&long_tuple_type, sizeof(struct long_tuple));
    if (tuple) {
        struct long_tuple *t = (struct long_tuple *)(void *)tuple;
        t->length = (uint32_t)builder->length;
        t->root = builder->root;
    } else {
        ouro_decref(builder->root);
    }
    ouro_tuple_begin(builder);
    return tuple;
}

ouro_ref ouro_tuple_end(struct ouro_tuple_builder *builder)
{
    if (builder->length == 0) return OURO_EMPTY_TUPLE;
    if (builder->length > SHORT_MOST) return make_long(builder);
    ouro_ref tuple = make_short(builder->length, builder->chunk);
    if (tuple)
        ouro_tuple_begin(builder);
    else
        ouro_tuple_abandon(builder);
    return tuple;
}

SELDOM static ouro_ref make_by_builder(size_t n, const ouro_ref *items)
{
    struct ouro_tuple_builder builder;
    ouro_tuple_begin(&builder);
    for (size_t i = 0; i < n; i++) {
        if (ouro_tuple_add(&builder, items[i]) == 0) continue;
        ouro_tuple_abandon(&builder);
        return NULL;
    }
    return ouro_tuple_end(&builder);
}

SELDOM ouro_ref ouro_tuple_new(size_t n, const ouro_ref *items)
{
    if (n == 0) return OURO_EMPTY_TUPLE;
    if (n > SHORT_MOST) return make_by_builder(n, items);
    return object_holding(&tuple_types[n], (unsigned)n, items);
}

/* Its own frame, not its caller's, is noted: that one has arguments where others return to. */
SELDOM __attribute__((noinline)) static ouro_ref make_unset(size_t n)
{
    return object_new(&tuple_types[n], tuple_types[n].size_bytes);
}

SELDOM ouro_ref ouro_tuple_of(size_t n, ...)
{
    ouro_require_that(n <= SHORT_MOST, "ouro_tuple_of takes 16 items at most");
    if (n == 0) return OURO_EMPTY_TUPLE;
    va_list arguments;
    va_start(arguments, n);
    for (unsigned i = 0; i < n; i++) ouro_incref(va_arg(arguments, ouro_ref));
    va_end(arguments);
    ouro_ref tuple = make_unset(n);
    va_start(arguments, n);
    for (unsigned i = 0; i < n; i++) {
        ouro_ref item = va_arg(arguments, ouro_ref);
        if (tuple)
            *slot(tuple, i) = item;
        else
            ouro_decref(item);
    }
    va_end(arguments);
    return tuple;
}

/* ---- taking apart and joining ---- */

/* Add what a span takes of a tuple.  False with MemoryError. */
SELDOM static bool add_items(struct ouro_tuple_builder *builder, ouro_ref tuple,
                             struct ouro_span span)
{
    ptrdiff_t at = span.start;
    for (size_t i = 0; i < span.count; i++, at += span.step)
        if (ouro_tuple_add(builder, *item_at(tuple, (size_t)at)) < 0) return false;
    return true;
}

/* What spans take of a tuple and of another one, or of NULL. */
SELDOM static ouro_ref gather(ouro_ref a, struct ouro_span of_a, ouro_ref b, struct ouro_span of_b)
{
    struct ouro_tuple_builder builder;
    ouro_tuple_begin(&builder);
    ouro_incref(a); /* what is collected on the way may drop the last other reference */
    ouro_xincref(b);
    bool is_good = add_items(&builder, a, of_a) && (!b || add_items(&builder, b, of_b));
    ouro_ref tuple = is_good ? ouro_tuple_end(&builder) : NULL;
    if (!is_good) ouro_tuple_abandon(&builder);
    ouro_decref(a);
    ouro_xdecref(b);
    return tuple;
}

SELDOM static ouro_ref tuple_take(ouro_ref self, struct ouro_span span)
{
    if (span.step == 1 && span.count == length(self)) return ouro_own(self);
    return gather(self, span, NULL, (struct ouro_span){0});
}

SELDOM ouro_ref ouro_tuple_slice(ouro_ref tuple, ptrdiff_t start, ptrdiff_t stop)
{
    ptrdiff_t n = (ptrdiff_t)ouro_tuple_len(tuple);
    start = start < 0 ? start + n : start;
    stop = stop < 0 ? stop + n : stop;
    start = start < 0 ? 0 : start;
    stop = stop > n ? n : stop;
    struct ouro_span span = {start, 1, stop > start ? (size_t)(stop - start) : 0};
    return tuple_take(tuple, span);
}

SELDOM ouro_ref ouro_tuple_concat(ouro_ref a, ouro_ref b)
{
    must_be_tuple(a);
    if (!ouro_is_tuple(b)) return error_concat(a, b);
    if (length(a) == 0) return ouro_own(b);
    if (length(b) == 0) return ouro_own(a);

    struct ouro_span all_of_a = {0, 1, length(a)}, all_of_b = {0, 1, length(b)};
    return gather(a, all_of_a, b, all_of_b);
}

/* ---- operations ---- */

SELDOM static int tuple_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write,
                             void *context)
{
    if (part == OURO_AGAIN) return write_text(write, context, "(...)");
    if (part == OURO_BEGIN) return write_text(write, context, "(");
    return write_text(write, context, length(self) == 1 ? ",)" : ")");
}

HOT static bool tuple_next(ouro_ref self, size_t *position, ouro_ref *key, ouro_ref *item)
{
    (void)key;
    if (*position >= length(self)) return false;
    *item = *item_at(self, (*position)++);
    return true;
}

/* As CPython mixes them: xxHash (Y. Collet), in 32 bits. */
static uint32_t tuple_hash_mix(uint32_t hash, uint32_t item_hash)
{
    hash += item_hash * 0x85ebca77u;
    return (hash << 13 | hash >> 19) * 0x9e3779b1u;
}

static const struct ouro_ops tuple_ops = {
    .repr = tuple_repr,
    .len = length,
    .next = tuple_next,
    .hash_mix = tuple_hash_mix,
    .iterate = ouro_iterate_items,
    .take = tuple_take,
};

#define SHORT(n)                                                                                   \
    {                                                                                              \
        .name = "tuple", .index = OURO_TYPE_TUPLE + (n), .size_bytes = 8 + (n) * sizeof(ouro_ref), \
        .refs = (1u << (n)) - 1u, .ops = &tuple_ops                                                \
    }
const struct ouro_type tuple_types[SHORT_MOST + 1] = {
    SHORT(0), SHORT(1),  SHORT(2),  SHORT(3),  SHORT(4),  SHORT(5),  SHORT(6),  SHORT(7),  SHORT(8),
    SHORT(9), SHORT(10), SHORT(11), SHORT(12), SHORT(13), SHORT(14), SHORT(15), SHORT(16),
};
const struct ouro_type long_tuple_type = {
    .name = "tuple",
    .index = OURO_TYPE_LONG_TUPLE,
    .size_bytes = sizeof(struct long_tuple),
    .refs = OURO_REF_BIT(struct long_tuple, root),
    .ops = &tuple_ops,
};
