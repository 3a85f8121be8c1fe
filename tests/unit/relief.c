/* SPDX-License-Identifier: MIT
 * relief.c - a call that finds no room: it drains the dead and gives pages back a few pieces at a
 * time, and says that it was forced where it has to do more than that.
 *
 * Also budgets of any size: what is owed is paid, by whatever call asks for memory. */
#include "collector.h"
#include "ouro.h"
#include "t.h"

/* The last slot is dropped first. */
struct node {
    struct ouro_obj header;
    ouro_ref first, last;
};
OURO_TYPE_DEFINE(node_type) = {
    .name = "node",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct node),
    .refs = OURO_REF_BIT(struct node, first) | OURO_REF_BIT(struct node, last),
};

enum { ARENA = OURO_CHECK >= 2 ? 128 * 1024 : 64 * 1024, PIECES = 3 };

static struct node *node_of(ouro_ref ref) { return (struct node *)(void *)ref; }
static uint32_t forced(void) { return ouro_heap->figures.forced; }

static void begin(void)
{
    t_restart(ARENA);
    ouro_gc_disable();
    ouro_gc_set_budget(OURO_ALLOC_UNITS, 1); /* who drops leaves nearly all for later */
}
/* As many nodes as fit, each referring to the one before, and to one of its own. */
static ouro_ref fill(bool is_comb, unsigned *count)
{
    ouro_ref chain = NULL, ref;
    for (*count = 0; (ref = ouro_obj_new(&node_type)); ++*count) {
        node_of(ref)->last = chain;
        chain = ref;
        if (is_comb && !(node_of(ref)->first = ouro_obj_new(&node_type))) break;
    }
    T_EQ(ouro_error_get(NULL), OURO_MEMORY_ERROR);
    ouro_error_clear();
    T_CHECK(*count > 1000);
    return chain;
}
static void ends_sound(uint32_t objects)
{
    (void)ouro_gc_collect(2);
    T_EQ(object_count(), objects);
    const char *broken = ouro_diag_verify();
    T_TEXT(broken ? broken : "intact", "intact");
    t_restart(SIZE_MAX);
}

/* A chain is freed from its first node on: nobody waits for the end. */
static void the_dead_are_drained_in_pieces(void)
{
    enum { MOST = (1 + PIECES) * 20 / 2 }; /* objects: two units each */
    unsigned count;
    begin();
    ouro_ref chain = fill(false, &count);
    ouro_gc_set_budget(1, 1);
    uint32_t before = forced(), calls = 0, longest = 0;
    ouro_decref(chain);
    while (ouro_heap->gc.dead_head && calls < count) {
        uint32_t freed = ouro_heap->gc.freed;
        ouro_ref ref = ouro_obj_new(&node_type);
        if (!T_CHECK(ref != NULL)) return;
        if (ouro_heap->gc.freed - freed > longest) longest = ouro_heap->gc.freed - freed;
        ouro_decref(ref);
        calls++;
    }
    t_note("calls until a chain is freed", calls);
    T_CHECK(longest <= MOST && calls > count / MOST);
    T_EQ(forced(), before);
    ends_sound(0);
}

/* Here each node waits for the one behind it: no room before the end is reached. */
static void more_than_that_is_forced(void)
{
    unsigned count;
    begin();
    ouro_ref chain = fill(true, &count), ref;
    uint32_t before = forced();
    ouro_put(&node_of(chain)->last, NULL); /* the first may have nothing of its own */
    T_CHECK((ref = ouro_obj_new(&node_type)) != NULL);
    T_EQ(forced(), before + 1);
    T_CHECK(!ouro_heap->gc.dead_head);
    ouro_xdecref(ref);
    ouro_decref(chain);
    ends_sound(0);
}

/* A block that a page or two are enough for leaves the others spare. */
static void pages_are_given_back_in_pieces(void)
{
    unsigned count;
    begin();
    ouro_gc_set_budget(OURO_ALLOC_UNITS, UINT32_MAX);
    ouro_ref chain = fill(false, &count);
    uint32_t before = forced();
    ouro_decref(chain);
    uint32_t spares = ouro_heap->spares;
    T_CHECK(spares > 50);
    void *small = ouro_mem_alloc(PAGE_BYTES + 8);
    T_CHECK(small != NULL);
    T_EQ(forced(), before);
    T_CHECK(ouro_heap->spares >= spares - 2 * PIECES);
    void *large = ouro_mem_alloc((size_t)(spares / 2) * PAGE_BYTES);
    T_CHECK(large != NULL);
    T_EQ(forced(), before + 1);
    ouro_mem_free(small);
    ouro_mem_free(large);
    ends_sound(0);
}

/* ---- budgets ---- */

static ouro_ref garbage(void)
{
    ouro_ref ref = ouro_obj_new(&node_type);
    if (!T_CHECK(ref != NULL)) return NULL;
    node_of(ref)->first = ouro_own(ref);
    ouro_decref(ref);
    return ref;
}

static void any_budget_keeps_ahead(void)
{
    static const uint32_t budgets[] = {24, 25, 1000, 4096, 1u << 30, 1u << 31, UINT32_MAX};
    for (unsigned i = 0; i < T_COUNT(budgets); i++) {
        t_restart(ARENA);
        ouro_gc_set_budget(budgets[i], budgets[i]);
        for (unsigned k = 0; k < 20000; k++)
            if (!garbage()) return;
        T_EQ(forced(), 0);
        T_CHECK(ouro_heap->figures.collections[0] > 20);
    }
    t_restart(SIZE_MAX);
}

/* What is long by itself pays half. */
static void a_part_of_any_budget_is_something(void)
{
    static const uint32_t budgets[] = {1, 24, 1u << 31, UINT32_MAX};
    for (unsigned i = 0; i < T_COUNT(budgets); i++) {
        t_restart(SIZE_MAX);
        ouro_gc_disable();
        for (unsigned k = 0; k < 1000; k++) (void)garbage();
        ouro_gc_set_budget(budgets[i], budgets[i]);
        T_CHECK(ouro_gc_start(2));
        ouro_heap->gc.now.debt = 1 << 30;
        uint64_t before = ouro_heap->figures.units;
        memory_pay_little();
        T_CHECK(ouro_heap->figures.units > before);
    }
    t_restart(SIZE_MAX);
}

/* Nor is it used up where less is owed. */
static void a_large_budget_is_not_waited_for(void)
{
    enum { OWED = 2 * OURO_ALLOC_UNITS };
    t_restart(SIZE_MAX);
    ouro_gc_disable();
    for (unsigned k = 0; k < 1000; k++) (void)garbage();
    ouro_gc_set_budget(1000, 1000);
    T_CHECK(ouro_gc_start(2));
    ouro_heap->gc.now.debt = OWED * 16;
    uint64_t before = ouro_heap->figures.units;
    memory_pay();
    uint64_t paid = ouro_heap->figures.units - before;
    T_CHECK(paid > 0 && paid <= OWED + 20);
    t_restart(SIZE_MAX);
}

static const struct t_test tests[] = {
    T_TEST(the_dead_are_drained_in_pieces),    T_TEST(more_than_that_is_forced),
    T_TEST(pages_are_given_back_in_pieces),    T_TEST(any_budget_keeps_ahead),
    T_TEST(a_part_of_any_budget_is_something), T_TEST(a_large_budget_is_not_waited_for),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
