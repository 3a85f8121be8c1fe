/* SPDX-License-Identifier: MIT
 * list.c - the list type: every function, every error, sizes, and what growing asks for. */
#include <string.h>

#include "object.h"
#include "ouro.h"
#include "t.h"
#include "types/tree.h"
#include "unit_types.h"

/* A list of the ints 0 .. n-1. */
static ouro_ref numbers(unsigned n)
{
    ouro_ref list = ouro_list_new();
    for (unsigned i = 0; i < n; i++)
        if (!T_EQ(ouro_list_append(list, ouro_int_new(i)), 0)) break;
    return list;
}

static void items_come_back(void)
{
    ouro_ref list = numbers(1000);
    T_EQ(ouro_list_len(list), 1000);
    for (int i = 0; i < 1000; i++) {
        if (!T_CHECK(ouro_list_get(list, i) == ouro_int_new(i))) break;
        if (!T_CHECK(ouro_list_get(list, i - 1000) == ouro_int_new(i))) break;
    }
    ouro_decref(list);
    settle();
    T_EQ(objects(), 0);
}

static void indices_out_of_range(void)
{
    ouro_ref list = numbers(3);
    static const ptrdiff_t bad[] = {3, 4, -4, 1000000, PTRDIFF_MAX, PTRDIFF_MIN};
    for (unsigned i = 0; i < T_COUNT(bad); i++) {
        T_CHECK(ouro_list_get(list, bad[i]) == NULL);
        fails(OURO_INDEX_ERROR, "list index out of range");
        T_EQ(ouro_list_set(list, bad[i], OURO_NONE), -1);
        fails(OURO_INDEX_ERROR, "list assignment index out of range");
        T_CHECK(ouro_list_pop(list, bad[i]) == NULL);
        fails(OURO_INDEX_ERROR, "pop index out of range");
    }
    T_EQ(ouro_list_len(list), 3);
    ouro_list_clear(list);
    T_CHECK(ouro_list_get(list, 0) == NULL);
    fails(OURO_INDEX_ERROR, "list index out of range");
    T_CHECK(ouro_list_pop(list, -1) == NULL);
    fails(OURO_INDEX_ERROR, "pop from empty list");
    ouro_decref(list);
}

static void set_counts_references(void)
{
    ouro_ref list = numbers(20), item = ouro_float_new(0.5);
    T_EQ(ouro_list_set(list, -1, item), 0);
    T_EQ(ouro_list_set(list, 3, item), 0);
    T_EQ(ouro_diag_refcount(item), 3);
    T_EQ(ouro_list_set(list, 3, item), 0); /* itself in place of itself */
    T_EQ(ouro_diag_refcount(item), 3);
    T_EQ(ouro_list_set(list, 3, OURO_NONE), 0);
    ouro_ref popped = ouro_list_pop(list, -1);
    T_CHECK(popped == item);
    T_EQ(ouro_diag_refcount(item), 2);
    ouro_decref(popped);
    ouro_decref(list);
    T_EQ(ouro_diag_refcount(item), 1);
    ouro_decref(item);
}

/* At every position of lists around the sizes at which nodes fill up. */
static void insert_and_pop_at_every_position(void)
{
    static const unsigned sizes[] = {0, 1, 2, 3, 15, 16, 17, 31, 32, 33, 255, 256, 257};
    for (unsigned s = 0; s < T_COUNT(sizes); s++) {
        ptrdiff_t n = (ptrdiff_t)sizes[s];
        ouro_ref list = numbers(sizes[s]);
        for (ptrdiff_t at = 0; at <= n; at++) {
            T_EQ(ouro_list_insert(list, at, OURO_NONE), 0);
            bool is_good = T_EQ(ouro_list_len(list), n + 1);
            for (ptrdiff_t i = 0; i <= n && is_good; i++) {
                ouro_ref want = i == at ? OURO_NONE : ouro_int_new(i - (i > at));
                is_good = T_CHECK(ouro_list_get(list, i) == want);
            }
            is_good = T_CHECK(ouro_list_pop(list, at) == OURO_NONE) && is_good;
            for (ptrdiff_t i = 0; i < n && is_good; i++)
                is_good = T_CHECK(ouro_list_get(list, i) == ouro_int_new(i));
            if (!is_good) {
                t_note("size", n);
                t_note("position", at);
                return;
            }
        }
        ouro_decref(list);
    }
    settle();
    T_EQ(objects(), 0);
}

static void insert_clamps_its_position(void)
{
    ouro_ref list = numbers(3);
    T_EQ(ouro_list_insert(list, -100, ouro_int_new(7)), 0);
    T_EQ(ouro_list_insert(list, 100, ouro_int_new(8)), 0);
    T_EQ(ouro_list_insert(list, -1, ouro_int_new(9)), 0);
    T_EQ(ouro_list_insert(list, PTRDIFF_MIN, ouro_int_new(6)), 0);
    static const int want[] = {6, 7, 0, 1, 2, 9, 8};
    T_EQ(ouro_list_len(list), T_COUNT(want));
    for (int i = 0; i < (int)T_COUNT(want); i++)
        T_CHECK(ouro_list_get(list, i) == ouro_int_new(want[i]));
    ouro_decref(list);
}

static void a_list_in_itself_grows(void)
{
    ouro_ref list = ouro_list_new();
    for (unsigned i = 0; i < 40; i++) T_EQ(ouro_list_insert(list, 0, list), 0);
    T_EQ(ouro_diag_refcount(list), 41);
    ouro_list_clear(list);
    settle();
    T_EQ(ouro_diag_refcount(list), 1);
    ouro_decref(list);
    T_EQ(objects(), 0);
}

/* ---- extend, reverse, sort ---- */

static void extend_and_reverse(void)
{
    ouro_ref list = numbers(20), dict = ouro_dict_new();
    T_EQ(ouro_dict_set(dict, ouro_int_new(99), OURO_NONE), 0);
    T_EQ(ouro_list_extend(list, list), 0);
    T_EQ(ouro_list_extend(list, dict), 0);
    T_EQ(ouro_list_len(list), 41);
    T_EQ(ouro_list_extend(list, OURO_NONE), -1);
    fails(OURO_TYPE_ERROR, "'NoneType' object is not iterable");
    ouro_list_reverse(list);
    T_CHECK(ouro_list_get(list, 0) == ouro_int_new(99));
    for (int i = 1; i <= 40; i++)
        if (!T_CHECK(ouro_list_get(list, i) == ouro_int_new((40 - i) % 20))) break;
    ouro_decref(list);
    ouro_decref(dict);
    settle();
    T_EQ(objects(), 0);
}

/* Of equal items the one that came first comes first. */
static void sort_is_stable(void)
{
    uint32_t rng = t_seed();
    for (unsigned n = 0; n < 600; n = n < 20 ? n + 1 : n * 3) {
        for (int reversed = 0; reversed < 2; reversed++) {
            ouro_ref list = ouro_list_new();
            for (unsigned i = 0; i < n; i++) { /* a key, and behind it where it was */
                rng = rng * 1664525u + 1013904223u;
                ouro_ref item = ouro_float_new((double)(rng >> 28) + 0.5);
                T_EQ(ouro_list_append(list, item), 0);
                ouro_decref(item);
            }
            ouro_ref before = ouro_list_new();
            T_EQ(ouro_list_extend(before, list), 0);
            T_EQ(ouro_list_sort(list, reversed != 0), 0);
            if (!T_EQ(ouro_list_len(list), n)) return;
            for (ptrdiff_t i = 1; i < (ptrdiff_t)n; i++) {
                ouro_ref a = ouro_list_get(list, i - 1), b = ouro_list_get(list, i);
                if (!T_EQ(ouro_compare(a, b, reversed ? OURO_GE : OURO_LE), 1)) return;
                if (ouro_equal(a, b) == 0) continue;
                ptrdiff_t k = 0; /* the first of the two came first before */
                while (ouro_list_get(before, k) != a && ouro_list_get(before, k) != b) k++;
                if (!T_CHECK(ouro_list_get(before, k) == a)) return;
            }
            ouro_decref(before);
            settle(); /* it dies piece by piece */
            for (ptrdiff_t i = 0; i < (ptrdiff_t)n; i++)
                T_EQ(ouro_diag_refcount(ouro_list_get(list, i)), 1);
            ouro_decref(list);
        }
    }
    settle();
    T_EQ(objects(), 0);
}

static void a_failed_sort_loses_nothing(void)
{
    ouro_ref list = numbers(100), text = ouro_str_from("no number");
    T_EQ(ouro_list_insert(list, 50, text), 0);
    T_EQ(ouro_list_sort(list, true), -1);
    T_EQ(ouro_error_get(NULL), OURO_TYPE_ERROR);
    ouro_error_clear();
    T_EQ(ouro_list_len(list), 101);
    bool seen[100] = {false};
    for (int i = 0; i < 101; i++) {
        int64_t value;
        ouro_ref item = ouro_list_get(list, i);
        if (item != text && T_EQ(ouro_int_get(item, &value), 0)) seen[value] = true;
    }
    for (int i = 0; i < 100; i++) T_CHECK(seen[i]);
    T_EQ(ouro_diag_refcount(text), 2);
    ouro_decref(list);
    ouro_decref(text);
    settle();
    T_EQ(objects(), 0);
}

/* ---- memory ---- */

static void sizes_on_a_32_bit_board(void)
{
    if (sizeof(void *) != 4) {
        t_skip("sizes are those of 32-bit addresses");
        return;
    }
    static const uint16_t node_bytes[] = {0,  16, 16, 24, 24, 32, 32, 40, 40,
                                          72, 72, 72, 72, 72, 72, 72, 72};
    for (unsigned n = 0; n <= 16; n++) {
        ouro_ref list = numbers(n);
        size_t bytes = ouro_diag_sizeof(list);
        T_CHECK(bytes >= 16u + 8u * (n > 0) + 4u * n && bytes <= 16u + 72u);
        if (n <= 4) T_EQ(bytes, 16u + node_bytes[n]);
        ouro_decref(list);
    }
}

static void deepsize_counts_shared_objects_once(void)
{
    ouro_ref list = ouro_list_new(), item = ouro_float_new(0.5);
    for (unsigned i = 0; i < 50; i++) T_EQ(ouro_list_append(list, item), 0);
    T_EQ(ouro_diag_deepsize(list), ouro_diag_sizeof(list) + ouro_diag_sizeof(item));
    T_EQ(ouro_list_append(list, list), 0);
    T_EQ(ouro_diag_deepsize(list), ouro_diag_sizeof(list) + ouro_diag_sizeof(item));
    ouro_list_clear(list);
    T_EQ(ouro_diag_deepsize(list), 16 + (sizeof(void *) == 8 ? 8 : 0));
    ouro_decref(item);
    ouro_decref(list);
}

static unsigned levels_for(size_t n)
{
    unsigned levels = 1;
    for (; n > TREE_FANOUT; n = (n + TREE_FANOUT - 1) / TREE_FANOUT) levels++;
    return levels;
}

/* No append or insert asks for more than one node a level. */
static void growing_asks_for_a_node_a_level(void)
{
    ouro_ref list = ouro_list_new(), front = ouro_list_new();
    uint32_t most = 0;
    for (unsigned i = 0; i < 70000; i++) {
        uint32_t before = ouro_heap->node_requests;
        if (!T_EQ(ouro_list_append(list, OURO_NONE), 0)) break;
        uint32_t asked = ouro_heap->node_requests - before;
        if (asked > most) most = asked;
        if (!T_CHECK(asked <= levels_for(i + 1))) break;
        if (i >= 1500) continue;
        before = ouro_heap->node_requests;
        T_EQ(ouro_list_insert(front, 0, OURO_NONE), 0);
        if (!T_CHECK(ouro_heap->node_requests - before <= levels_for(i + 1))) break;
    }
    t_note("nodes that one append asked for, at most", most);
    ouro_decref(list);
    ouro_decref(front);
    settle();
    T_EQ(objects(), 0);
}

static void a_hundred_thousand_items(void)
{
    enum { MANY = 100000 };
    ouro_ref list = numbers(MANY);
    T_EQ(ouro_list_len(list), MANY);
    for (int i = 0; i < MANY; i += 997) T_CHECK(ouro_list_get(list, i) == ouro_int_new(i));
    T_CHECK(ouro_list_get(list, -1) == ouro_int_new(MANY - 1));
    T_CHECK(ouro_diag_verify() == NULL);
    for (int i = MANY - 1; i >= MANY / 2; i--)
        if (!T_CHECK(ouro_list_pop(list, -1) == ouro_int_new(i))) break;
    settle();
    T_CHECK(objects() < 1 + MANY / 2 / 15 + 20); /* nodes went as the list shrank */
    while (ouro_list_len(list) > 1) (void)ouro_list_pop(list, -1);
    settle();
    T_EQ(objects(), 2); /* and levels too */
    T_CHECK(ouro_list_get(list, 0) == ouro_int_new(0));
    ouro_list_clear(list);
    settle();
    T_EQ(ouro_list_len(list), 0);
    T_EQ(objects(), 1);
    T_EQ(ouro_list_append(list, OURO_TRUE), 0);
    ouro_decref(list);
    T_EQ(objects(), 0);
}

/* Fill a small arena; each failure must leave the list as it was, and room can be made again. */
static void memory_error_changes_nothing(void)
{
    t_restart(16 * 1024);
    ouro_ref list = ouro_list_new();
    unsigned n = 0;
    while (ouro_list_append(list, ouro_int_new((int)n)) == 0) n++;
    fails(OURO_MEMORY_ERROR, "out of memory");
    struct ouro_mem_stats before, after;
    settle();
    ouro_diag_mem(&before);
    ouro_ref item = ouro_list_get(list, 0);
    T_EQ(ouro_list_insert(list, 5, OURO_NONE), -1);
    T_CHECK(ouro_list_get(list, 0) == item);
    ouro_diag_mem(&after);
    T_EQ(after.used_bytes, before.used_bytes);
    T_EQ(after.objects, before.objects);
    T_EQ(after.failures, before.failures + 1);
    T_EQ(ouro_list_len(list), n);
    for (unsigned i = 0; i < n; i++)
        if (!T_CHECK(ouro_list_get(list, (ptrdiff_t)i) == ouro_int_new(i))) break;
    for (unsigned i = 0; i < 40; i++) (void)ouro_list_pop(list, -1);
    settle();
    T_EQ(ouro_list_append(list, OURO_NONE), 0);
    ouro_decref(list);
    settle();
    T_EQ(objects(), 0);
}

static void failed_appends_do_not_count_the_item(void)
{
    t_restart(8 * 1024);
    ouro_ref list = ouro_list_new(), item = ouro_float_new(2.5);
    uint32_t n = 0;
    while (ouro_list_append(list, item) == 0) n++;
    T_EQ(ouro_diag_refcount(item), n + 1);
    T_EQ(ouro_list_insert(list, 0, item), -1);
    T_EQ(ouro_diag_refcount(item), n + 1);
    ouro_decref(list);
    settle();
    T_EQ(ouro_diag_refcount(item), 1);
    ouro_decref(item);
}

/* A hundred thousand levels: built, measured, dropped, without recursion. */
static void deep_nesting(void)
{
    enum { DEEP = 100000 };
    ouro_gc_disable();
    ouro_ref list = ouro_list_new();
    for (unsigned i = 1; i < DEEP; i++) {
        ouro_ref outer = ouro_list_new();
        if (!T_EQ(ouro_list_append(outer, list), 0)) return;
        ouro_decref(list);
        list = outer;
    }
    T_EQ(objects(), 2 * DEEP - 1);
    T_EQ(ouro_diag_deepsize(list) / (DEEP - 1), 32 + (sizeof(void *) == 8 ? 16 : 0));
    T_EQ(ouro_gc_collect(2), 0);
    ouro_decref(list);
    T_CHECK(objects() > DEEP);
    settle();
    T_EQ(objects(), 0);
}

/* ---- a finalizer that changes the list that is being looked at ---- */

struct ring {
    struct ouro_obj header;
    ouro_ref next;
};

static ouro_ref grown_at_finalize;
static void grow(ouro_ref self)
{
    (void)self;
    T_EQ(ouro_list_append(grown_at_finalize, OURO_NONE), 0);
}
OURO_TYPE_DEFINE(ring_type) = {
    .name = "ring",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct ring),
    .refs = OURO_REF_BIT(struct ring, next),
    .finalize = grow,
};

/* Finalizers run before anything is looked at, not meanwhile. */
static void deepsize_ends_the_running_cycle_first(void)
{
    ouro_gc_disable();
    ouro_ref list = grown_at_finalize = ouro_list_new(), item = ouro_list_new();
    for (unsigned i = 0; i < 100; i++) T_EQ(ouro_list_append(list, item), 0);
    for (unsigned i = 0; i < 9; i++) {
        ouro_ref garbage = ouro_obj_new(&ring_type);
        ((struct ring *)(void *)garbage)->next = garbage;
    }
    T_CHECK(ouro_gc_start(2));
    while (ouro_gc_get_phase() < OURO_GC_FINALIZE) ouro_gc_step(1);
    T_EQ(ouro_diag_deepsize(list), ouro_diag_sizeof(list) + ouro_diag_sizeof(item));
    T_EQ(ouro_list_len(list), 109);
    T_EQ(ouro_gc_collect(2), 0);
    ouro_decref(item);
    ouro_decref(list);
}

static const struct t_test tests[] = {
    T_TEST(items_come_back),
    T_SMALL(indices_out_of_range),
    T_SMALL(set_counts_references),
    T_SMALL(insert_and_pop_at_every_position),
    T_SMALL(insert_clamps_its_position),
    T_SMALL(a_list_in_itself_grows),
    T_TEST(extend_and_reverse),
    T_TEST(sort_is_stable),
    T_TEST(a_failed_sort_loses_nothing),
    T_SMALL(sizes_on_a_32_bit_board),
    T_SMALL(deepsize_counts_shared_objects_once),
    T_SMALL(deepsize_ends_the_running_cycle_first),
    T_TEST(growing_asks_for_a_node_a_level),
    T_TEST(a_hundred_thousand_items),
    T_SMALL(memory_error_changes_nothing),
    T_SMALL(failed_appends_do_not_count_the_item),
    T_TEST(deep_nesting),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
