/* SPDX-License-Identifier: MIT
 * verify.c - the heap validator: each invariant of objects, queues and totals (O1.., G2.., M1..) is
 * broken by writing into the heap, must be named, and is restored.  Those of pages and pools are
 * broken in arena.c and pool.c beside this file. */
#include <string.h>

#include "collector.h"
#include "invariant.h"
#include "ouro.h"
#include "pageset.h"
#include "t.h"

struct pair {
    struct ouro_obj header;
    ouro_ref first, second;
};

static void finalize(ouro_ref self) { (void)self; }

OURO_TYPE_DEFINE(pair_type) = {
    .name = "pair",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct pair),
    .refs = OURO_REF_BIT(struct pair, first) | OURO_REF_BIT(struct pair, second),
    .finalize = finalize,
};

static bool is_intact(void) { return t_is_intact(ouro_diag_verify()); }

static bool names(const char *id) { return t_names(ouro_diag_verify(), id); }

static void objects_are_checked(void)
{
    ouro_ref list = ouro_list_new(), real = ouro_float_new(0.5), other = ouro_float_new(1.5);
    void *block = ouro_mem_alloc(100);
    T_EQ(ouro_list_append(list, real), 0);
    ouro_decref(real); /* the list's alone */
    is_intact();
    T_BREAK("O1", list->type_gc, 0);
    T_BREAK("O1", list->type_gc, UINT32_MAX);
    T_BREAK("O2", list->count_flags, list->count_flags | FLAG_LABEL);
    T_BREAK("O3", real->count_flags, OURO_COUNT_ONE | (uint32_t)GEN1 << FLAG_LABEL_SHIFT);
    ouro_ref *field = slot(*slot(list, 1), 0);
    if (!T_CHECK(*field == real)) return;
    T_BREAK("O4", *field, (ouro_ref)(void *)((uint8_t *)real + 8));
    T_BREAK("O4", *field, block);
    T_BREAK("O4", *field, page_of(real));
    T_BREAK("O9", real->count_flags, real->count_flags & ~(uint32_t)FLAG_FINALIZED);
    T_BREAK("O5", real->count_flags, real->count_flags | FLAG_DEAD);
    T_BREAK("O6", other->count_flags, other->count_flags - OURO_COUNT_ONE);
    ouro_ref tuple = ouro_tuple_of(1, list);
    T_BREAK("O8", tuple->count_flags, tuple->count_flags | (uint32_t)UNTRACKED << FLAG_LABEL_SHIFT);
    ouro_decref(tuple);
    ouro_mem_free(block);
    ouro_decref(other);
    ouro_decref(list);
}

/* A reference to a cell that was freed. */
static void dangling_references_are_noticed(void)
{
    ouro_ref list = ouro_list_new(), real = ouro_float_new(0.5), kept = ouro_float_new(1.5);
    T_EQ(ouro_list_append(list, real), 0);
    ouro_ref *field = slot(*slot(list, 1), 0);
    ouro_decref(real);
    ouro_decref(real);
    names("O4");
    *field = NULL;
    is_intact();
    ouro_decref(kept);
    ouro_decref(list);
}

static void page_sets_are_checked(void)
{
    ouro_ref list = ouro_list_new();
    struct page *page = page_of(list);
    uint32_t word = page->word;
    T_EQ(page->sets, 1u << ouro_heap->gc.nursery);
    page->sets = 0;
    pool_slow_down(1);
    pageset_remove(1u << ouro_heap->gc.nursery, page_number(page));
    names("G2");
    page->word = word;
    pageset_insert(ouro_heap->gc.nursery, page_number(page));
    is_intact();
    ouro_decref(list);
}

static void the_collectors_state_is_checked(void)
{
    struct gc *gc = &ouro_heap->gc;
    ouro_gc_disable();
    ouro_ref old = ouro_list_new();
    T_BREAK("G3", old->count_flags, old->count_flags | FLAG_LIVE);
    T_BREAK("G3", old->count_flags, old->count_flags | FLAG_ON_GRAY);
    T_BREAK("G3", old->count_flags, old->count_flags | OURO_FLAG_CANDIDATE);
    T_CHECK(ouro_gc_start(0));
    ouro_ref young = ouro_list_new(); /* not in S */
    is_intact();
    T_BREAK("G4", young->count_flags, young->count_flags | OURO_FLAG_CANDIDATE);
    T_BREAK("G5", gc->now.candidates, 1);
    while (ouro_gc_get_phase() == OURO_GC_COUNT && gc->now.candidates == 0) (void)ouro_gc_step(1);
    T_EQ(gc->now.candidates, 1);
    T_BREAK("G5", gc->now.candidates, 0);
    T_CHECK(ouro_gc_collect(2) >= 0);
    ouro_decref(old);
    ouro_decref(young);
}

static void queues_are_checked(void)
{
    struct gc *gc = &ouro_heap->gc;
    ouro_gc_disable();
    ouro_ref list = ouro_list_new(), child = ouro_list_new();
    T_BREAK("G7", gc->now.gray_head, granule_of(list));
    T_BREAK("G8", gc->dead_head, granule_of(list));
    T_EQ(ouro_list_append(list, child), 0);
    ouro_gc_set_budget(1, 1);
    ouro_decref(list); /* one unit: it is dead and waits */
    if (T_CHECK(gc->dead_head != 0)) T_BREAK("G8", gc->dead_head, 0);
    T_BREAK("G11", ouro_heap->room, 0);
    (void)ouro_gc_step(100);
    T_EQ(gc->dead_head, 0);
    T_CHECK(ouro_gc_start(0));
    while (ouro_gc_get_phase() != OURO_GC_MARK) (void)ouro_gc_step(1);
    ouro_incref(child); /* touched: gray */
    if (T_CHECK(gc->now.gray_head != 0)) T_BREAK("G7", gc->now.gray_head, 0);
    T_CHECK(ouro_gc_collect(2) >= 0);
    ouro_decref(child);
    ouro_decref(child);
}

static void the_list_of_garbage_is_checked(void)
{
    struct gc *gc = &ouro_heap->gc;
    ouro_gc_disable();
    ouro_ref list = ouro_list_new();
    T_EQ(ouro_list_append(list, list), 0);
    ouro_decref(list);
    T_CHECK(ouro_gc_start(0));
    while (ouro_gc_get_phase() != OURO_GC_FREE) (void)ouro_gc_step(1);
    if (T_CHECK(gc->now.garbage_head != 0)) T_BREAK("G10", gc->now.garbage_head, 0);
    T_EQ(ouro_gc_collect(2), 0);
}

static void totals_are_checked(void)
{
    struct heap *heap = ouro_heap;
    ouro_ref pair = ouro_obj_new(&pair_type), text = ouro_str_from("text");
    void *block = ouro_mem_alloc(2000);
    char *buffer;
    ouro_ref large = ouro_str_alloc(5000, &buffer);
    is_intact();
    T_BREAK("G6", heap->gc.special, 0);
    T_BREAK("G6", heap->gc.special, 2);
    T_BREAK("M1", heap->headroom, heap->headroom + 8);
    T_BREAK("M1", heap->headroom, heap->headroom - PAGE_BYTES);
    T_BREAK("M2", heap->large_objects, heap->large_objects + 1);
    ouro_mem_free(block);
    ouro_decref(large);
    ouro_decref(text);
    ouro_decref(pair);
}

static const struct t_test tests[] = {
    T_SMALL(objects_are_checked),   T_SMALL(dangling_references_are_noticed),
    T_SMALL(page_sets_are_checked), T_SMALL(the_collectors_state_is_checked),
    T_SMALL(queues_are_checked),    T_SMALL(the_list_of_garbage_is_checked),
    T_TEST(totals_are_checked),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
