/* SPDX-License-Identifier: MIT
 * list.c - the list type: a tree of nodes and its length.
 *
 * Its nodes are untracked until something is stored that may be part of a cycle: a list of atoms is
 * no work for the collector, however long it is. */
#include "collector.h"
#include "types/list.h"

extern const struct ouro_type ouro_list_type;

/* Panics.  The quickest functions call it last, as if it returned, and so need no stack frame. */
__attribute__((noipa, cold)) static int not_a_list(void) { expect_failed(OURO_TYPE_LIST); }
static inline bool is_list(ouro_ref ref) { return ouro_type_index(ref) == OURO_TYPE_LIST; }
static inline struct list *as_list(ouro_ref ref) { return (struct list *)(void *)ref; }
static struct list *list_of(ouro_ref ref)
{
    if (!is_list(ref)) (void)not_a_list();
    return as_list(ref);
}
static uint32_t length(const struct list *list) { return list_length(list); }
static unsigned levels(const struct list *list) { return list_levels(list); }
static struct tree tree_of(const struct list *list)
{
    return (struct tree){list->root, levels(list) * TREE_BITS};
}
static void set_tree(struct list *list, struct tree tree, uint32_t n)
{
    list->root = tree.root;
    list->length_levels = n << LEVEL_BITS | tree.shift / TREE_BITS;
}

static ouro_ref *item_at(const struct list *list, uint32_t i) { return list_item(list, i); }

/* 0 <= i < n of an index that may count from the end, or what is not below n. */
static uint32_t position(ptrdiff_t i, uint32_t n) { return i < 0 ? (uint32_t)i + n : (uint32_t)i; }
SELDOM static int out_of_range(const char *message)
{
    ouro_error_set(OURO_INDEX_ERROR, message);
    return -1;
}

/* Leaves of a list that were there are gone, or another's: who walks over one has to look again. */
static void note_change(void) { ouro_heap->list_changes++; }

ouro_ref ouro_list_new(void) { return object_new(&ouro_list_type, sizeof(struct list)); }
HOT_WHOLE size_t ouro_list_len(ouro_ref ref) { return length(list_of(ref)); }

HOT_WHOLE ouro_ref ouro_list_get(ouro_ref ref, ptrdiff_t i)
{
    if (!is_list(ref)) return (ouro_ref)(intptr_t)not_a_list();
    const struct list *list = as_list(ref);
    size_t at = position(i, length(list));
    if (at < length(list)) return *item_at(list, (uint32_t)at);
    return error_null(OURO_INDEX_ERROR, "list index out of range");
}

/* May an item be stored into a leaf just so? */
static inline bool fits(ouro_ref leaf, ouro_ref item)
{
    return is_scalar(item) || label(leaf) != UNTRACKED;
}

HOT_WHOLE int ouro_list_set(ouro_ref ref, ptrdiff_t i, ouro_ref item)
{
    OURO_THREAD_ONLY();
    if (!is_list(ref)) return not_a_list();
    const struct list *list = as_list(ref);
    size_t at = position(i, length(list));
    if (at >= length(list)) return out_of_range("list assignment index out of range");
    ouro_ref *field = item_at(list, (uint32_t)at), old = *field;
    ouro_incref(item);
    *field = item;
    if (!fits(node_of(field, (uint32_t)at), item)) list_store(ref, at, item);
    ouro_decref(old);
    return 0;
}

/* The slot of one item more, at the end; what leads to one that may be part of a cycle is tracked.
 * NULL when there is no memory. */
SELDOM static ouro_ref *reserve_path(struct list *list, ouro_ref item)
{
    struct tree tree = tree_of(list);
    uint32_t n = length(list);
    if (n < TREE_FANOUT) note_change(); /* larger ones have leaves of their full size */
    ouro_ref *end = tree_reserve(&tree, node_types, n, 1);
    set_tree(list, tree, n);
    if (end && may_be_tracked(item)) tree_track(tree, n);
    return end;
}

/* The same, where mostly only the leaf is missing, in a node that has room for it. */
static inline ouro_ref *reserve(struct list *list, ouro_ref item)
{
    uint32_t n = length(list), leaf = n / TREE_FANOUT, at = leaf % TREE_FANOUT;
    if (!levels(list) || !at) return reserve_path(list, item);
    ouro_ref above = tree_leaf(list->root, (levels(list) - 1) * TREE_BITS, leaf);
    ouro_ref *field = slot(above, at);
    bool is_tracked = label(above) != UNTRACKED;
    if (at >= node_capacity(above) || *field) return reserve_path(list, item);
    if (!is_tracked && !is_scalar(item)) return reserve_path(list, item);
    *field = node_make_full(node_types, is_tracked);
    return *field ? slot(*field, 0) : NULL;
}

/* One copy of the way to an item, for what is not in a hurry. */
__attribute__((noinline)) static ouro_ref leaf_of(const struct list *list, uint32_t i)
{
    return tree_leaf(list->root, levels(list) * TREE_BITS, i);
}
static ouro_ref *far_item(const struct list *list, uint32_t i)
{
    return slot(leaf_of(list, i), i % TREE_FANOUT);
}

/* Move items i .. n-1 one up; slot n is reserved.  Afterwards slot i is empty. */
SELDOM static void shift_up(struct list *list, uint32_t i)
{
    for (uint32_t k = length(list); k > i;) {
        uint32_t base = k & ~(uint32_t)(TREE_FANOUT - 1), from = base > i ? base : i;
        ouro_ref *leaf = far_item(list, base);
        memmove(&leaf[from - base + 1], &leaf[from - base], (k - from) * sizeof *leaf);
        leaf[from - base] = NULL;
        if (from == i) return;
        list_store(&list->header, base, ouro_take(far_item(list, base - 1)));
        k = base - 1;
    }
}

/* Move items i+1 .. n-1 one down; slot i is empty.  Afterwards slot n-1 is. */
SELDOM static void shift_down(struct list *list, uint32_t i)
{
    for (uint32_t k = i, last = length(list) - 1; k < last;) {
        uint32_t base = k & ~(uint32_t)(TREE_FANOUT - 1), end = base + TREE_FANOUT - 1;
        if (end > last) end = last;
        ouro_ref *leaf = far_item(list, base);
        memmove(&leaf[k - base], &leaf[k - base + 1], (end - k) * sizeof *leaf);
        leaf[end - base] = NULL;
        if (end < last) list_store(&list->header, end, ouro_take(far_item(list, end + 1)));
        k = end + (end < last);
    }
}

/* Put an item in where nothing can be spared: at i, or at the end. */
SELDOM static int insert(struct list *list, ouro_ref item, ptrdiff_t i, const void *stack)
{
    note_caller(stack);
    uint32_t opened = ouro_heap->pages_opened;
    ouro_incref(item); /* before anything is collected: it may be borrowed from what dies */
    for (unsigned round = 0; !reserve_path(list, item);) {
        if (memory_relieve(&round)) continue;
        ouro_decref(item);
        return -1;
    }
    ptrdiff_t n = (ptrdiff_t)length(list);
    if (i < 0) i = i + n < 0 ? 0 : i + n;
    if (i > n) i = n;
    shift_up(list, (uint32_t)i);
    list_store(&list->header, (size_t)i, item);
    list->length_levels += 1u << LEVEL_BITS;
    /* The collector is paid when all is done; where a page was opened, by the next leaf. */
    if (ouro_heap->pages_opened == opened) memory_pay();
    return 0;
}

int ouro_list_insert(ouro_ref list, ptrdiff_t i, ouro_ref item)
{
    OURO_THREAD_ONLY();
    return insert(list_of(list), item, i, STACK());
}

/* At the end, where a leaf begins, or has no room. */
HOT_WHOLE __attribute__((noinline)) static int append_leaf(struct list *list, ouro_ref item,
                                                           const void *stack)
{
    uint32_t opened = ouro_heap->pages_opened;
    note_caller(stack);
    ouro_ref *end = reserve(list, item);
    if (!end) return insert(list, item, PTRDIFF_MAX, stack);
    *end = item;
    list->length_levels += 1u << LEVEL_BITS;
    ouro_incref(item);
    if (ouro_heap->pages_opened == opened) memory_pay();
    return 0;
}

/* Where a leaf has begun, which may be full: any item. */
HOT_WHOLE __attribute__((noinline)) static int append_any(struct list *list, ouro_ref item,
                                                          const void *stack)
{
    uint32_t n = length(list), at = n % TREE_FANOUT;
    ouro_ref leaf = leaf_of(list, n);
    if (at >= node_capacity(leaf)) return append_leaf(list, item, stack);
    *slot(leaf, at) = item;
    list->length_levels += 1u << LEVEL_BITS;
    if (!fits(leaf, item)) list_store(&list->header, n, item);
    ouro_incref(item);
    return 0;
}

/* An atom is mostly counted and stored at once; nothing is allocated then, so nothing is owed.  In
 * a function by itself all that is kept fits the registers that need no saving. */
HOT_WHOLE __attribute__((noipa)) static int append_atom(struct list *list, ouro_ref item,
                                                        uint32_t word)
{
    if (!ouro_is_immediate(item) && !(is_scalar(item) && count_simply(item)))
        return append_any(list, item, STACK());
    list->length_levels = word + (1u << LEVEL_BITS);
    __asm__("" ::: "memory"); /* one after the other, or there are too few */
    ouro_ref leaf =
        tree_leaf(list->root, word % (1u << LEVEL_BITS) * TREE_BITS, word >> LEVEL_BITS);
    __asm__("" : "+r"(word));
    *slot(leaf, (word >> LEVEL_BITS) % TREE_FANOUT) = item;
    return 0;
}

HOT_WHOLE int ouro_list_append(ouro_ref ref, ouro_ref item)
{
    OURO_THREAD_ONLY();
    if (!is_list(ref)) return not_a_list();
    struct list *list = as_list(ref);
    uint32_t word = list->length_levels;
    if ((word >> LEVEL_BITS) % TREE_FANOUT == 0) return append_leaf(list, item, STACK());
    if (word < TREE_FANOUT << LEVEL_BITS) return append_any(list, item, STACK());
    return append_atom(list, item, word);
}

/* Take item i out and close the gap. */
SELDOM static ouro_ref remove_item(struct list *list, uint32_t i)
{
    uint32_t n = length(list) - 1;
    ouro_ref item = ouro_take(far_item(list, i));
    shift_down(list, i);
    struct tree tree = tree_of(list);
    if (n % TREE_FANOUT == 0) { /* a leaf, and a level perhaps */
        tree_cut(&tree, n);
        note_change();
    }
    set_tree(list, tree, n);
    return item;
}

HOT_WHOLE ouro_ref ouro_list_pop(ouro_ref ref, ptrdiff_t i)
{
    OURO_THREAD_ONLY();
    if (!is_list(ref)) return (ouro_ref)(intptr_t)not_a_list();
    struct list *list = as_list(ref);
    uint32_t n = length(list);
    size_t at = position(i, n);
    if (at >= n)
        return error_null(OURO_INDEX_ERROR, n ? "pop index out of range" : "pop from empty list");
    if (at != n - 1 || at % TREE_FANOUT == 0) return remove_item(list, (uint32_t)at);
    list->length_levels -= 1u << LEVEL_BITS;
    return ouro_take(item_at(list, (uint32_t)at));
}

SELDOM void ouro_list_clear(ouro_ref ref)
{
    OURO_THREAD_ONLY();
    struct list *list = list_of(ref);
    list->length_levels = 0;
    note_change();
    ouro_put(&list->root, NULL);
}

ouro_ref *list_slot(ouro_ref list, size_t i) { return far_item(list_of(list), (uint32_t)i); }

SELDOM void list_store(ouro_ref ref, size_t i, ouro_ref item)
{
    const struct list *list = list_of(ref);
    ouro_ref *place = far_item(list, (uint32_t)i);
    *place = item;
    if (may_be_tracked(item) && label(node_of(place, (uint32_t)i)) == UNTRACKED)
        tree_track(tree_of(list), (uint32_t)i);
}

SELDOM void list_swap(ouro_ref a, size_t i, ouro_ref b, size_t k)
{
    ouro_ref item = ouro_take(list_slot(a, i));
    list_store(a, i, ouro_take(list_slot(b, k)));
    list_store(b, k, item);
}

SELDOM void list_move(ouro_ref to, ouro_ref from)
{
    struct list *source = list_of(from), *target = list_of(to);
    ouro_move(&target->root, &source->root);
    target->length_levels = source->length_levels;
    source->length_levels = 0;
    note_change();
}

SELDOM ouro_ref ouro_list_walk_slowly(struct ouro_list_walk *walk)
{
    const struct list *list = list_of(walk->list);
    uint32_t i = (uint32_t)(walk->position - (size_t)(walk->end - walk->at)), at = i % TREE_FANOUT;
    walk->at = walk->end = NULL;
    walk->position = i;
    if (i >= length(list)) return NULL;
    ouro_ref leaf = leaf_of(list, i);
    walk->at = slot(leaf, at + 1);
    walk->end = slot(leaf, node_capacity(leaf));
    walk->position = i - at + node_capacity(leaf);
    walk->changes = ouro_heap->list_changes;
    return *slot(leaf, at);
}

/* ---- operations ---- */

static int list_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    static const char *const texts[] = {
        [OURO_BEGIN] = "[", [OURO_END] = "]", [OURO_AGAIN] = "[...]"};
    (void)self;
    return write_text(write, context, texts[part]);
}

static bool list_next(ouro_ref self, size_t *position, ouro_ref *key, ouro_ref *item)
{
    const struct list *list = (const struct list *)(void *)self;
    (void)key;
    if (*position >= length(list)) return false;
    *item = *tree_slot(tree_of(list), (uint32_t)(*position)++);
    return true;
}

static const struct ouro_ops list_ops = {
    .repr = list_repr,
    .len = ouro_list_len,
    .next = list_next,
    .iterate = ouro_iterate_items,
    .take = list_take,
};

const struct ouro_type ouro_list_type = {
    .name = "list",
    .index = OURO_TYPE_LIST,
    .size_bytes = sizeof(struct list),
    .refs = OURO_REF_BIT(struct list, root),
    .ops = &list_ops,
};
