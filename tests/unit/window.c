/* SPDX-License-Identifier: MIT
 * window.c - what the common paths may take while a cycle runs, and who closes that window.
 *
 * The accounts are right whatever happens while it is open, nobody who waits is forgotten, and what
 * was taken is owed. */
#include "collector.h"
#include "ouro.h"
#include "t.h"

struct node {
    struct ouro_obj header;
    ouro_ref next, other;
};
OURO_TYPE_DEFINE(node_type) = {
    .name = "node",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct node),
    .refs = OURO_REF_BIT(struct node, next) | OURO_REF_BIT(struct node, other),
};
static void finalize(ouro_ref self);
OURO_TYPE_DEFINE(dying_type) = {
    .name = "dying",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct node),
    .refs = OURO_REF_BIT(struct node, next) | OURO_REF_BIT(struct node, other),
    .finalize = finalize,
};

enum { NEVER = 1 << 30, MANY = 100000, SLOW = 1 };

static struct gc *gc;
static ouro_ref chain;

static struct node *node_of(ouro_ref ref) { return (struct node *)(void *)ref; }

/* A node in front of a chain. */
static void keep(ouro_ref *head)
{
    ouro_ref ref = ouro_obj_new(&node_type);
    if (!T_CHECK(ref != NULL)) return;
    node_of(ref)->next = *head;
    *head = ref;
}
static void keep_many(unsigned count)
{
    while (count-- > 0) keep(&chain);
}
static void begin(size_t arena)
{
    t_restart(arena);
    gc = &ouro_heap->gc;
    chain = NULL;
    ouro_gc_disable(); /* cycles start where the tests say so */
}
/* A cycle over the young that takes its time, and what is allocated meanwhile has a window. */
static void open_window(void)
{
    T_CHECK(ouro_gc_start(0));
    gc->now.pace = SLOW;
    gc->limits.young = NEVER;
    gc->limits.tight = UINT32_MAX;
    for (unsigned i = 0; i < MANY && gc->window == 0; i++) keep(&chain);
    T_CHECK(gc->window > 0);
}
/* Pools borrow pages of blocks, also by a call that nobody pays in. */
static void a_page_is_lent(void)
{
    enum { ARENA = 64 * 1024, BLOCK = 1500, BEFORE = 400, AFTER = 300 };
    begin(ARENA);
    keep_many(BEFORE);
    void *block = block_take(AFTER * 2 * sizeof(struct node)), *wall = block_take(8);
    while (block_take(BLOCK)) {}
    while (block_take(8)) {}
    if (!T_CHECK(block && wall)) return;
    block_give(block);
    open_window();
    uint32_t lent = ouro_heap->blocks.region_pages;
    for (unsigned i = 0; i < AFTER; i++) {
        keep(&chain);
        if (!T_CHECK(heap_used_bytes(ouro_heap) < ARENA)) break;
    }
    T_CHECK(ouro_heap->blocks.region_pages != lent);
    T_CHECK(gc->phase != OURO_GC_IDLE);
    T_CHECK(ouro_diag_verify() == NULL);
    t_restart(SIZE_MAX);
}

static void finalize(ouro_ref self) { (void)self; }
static const struct t_test tests[] = {
    T_TEST(a_page_is_lent),
};
int main(void) { return t_run(tests, T_COUNT(tests)); }
