/* SPDX-License-Identifier: MIT
 * block.c - blocks: where they lie, how they merge, what passes between them and the pools; and
 * each invariant B1.. broken by hand.  The runtime's own users of blocks are in raw.c and str.c. */
#include "block.h"

#include <string.h>

#include "block_bins.h"
#include "invariant.h"
#include "ouro.h"
#include "pool.h"
#include "t.h"

static bool is_intact(void) { return t_is_intact(block_verify()); }

static size_t virgin_bytes(void)
{
    return (size_t)(ouro_heap->blocks.bottom - (uint8_t *)page_address(ouro_heap->arena.mark));
}

/* Each below the one before, 4 bytes and rounding apart; given back, all is virgin again. */
static void blocks_grow_downwards(void)
{
    size_t before = virgin_bytes();
    uint8_t *above = block_take(20);
    for (size_t bytes = 0; bytes < 3000; bytes = bytes * 2 + 1) {
        uint8_t *block = block_take(bytes);
        T_EQ((uintptr_t)block & 7, 0);
        T_CHECK(block_next(block) == above && block_room(block) >= bytes);
        T_CHECK(block_bytes(block) <= bytes + 24 + REDZONE_BYTES);
        above = block;
    }
    is_intact();
    while (block_bytes(above)) {
        uint8_t *next = block_next(above);
        block_give(above);
        above = next;
    }
    T_EQ(virgin_bytes(), before);
    T_EQ(heap_used_bytes(ouro_heap), 0);
}

static void neighbours_merge(void)
{
    static const uint8_t orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}};
    for (unsigned i = 0; i < T_COUNT(orders); i++) {
        void *block[5];
        for (unsigned j = 0; j < 5; j++) block[j] = block_take(100 + j * 50);
        size_t bytes = block_bytes(block[1]) + block_bytes(block[2]) + block_bytes(block[3]);
        for (unsigned j = 0; j < 3; j++) block_give(block[1 + orders[i][j]]);
        is_intact();
        void *merged = block_take(bytes - BLOCK_HEADER_BYTES - REDZONE_BYTES);
        T_CHECK(merged == block[3] && block_bytes(merged) == bytes);
        block_give(merged);
        block_give(block[0]);
        block_give(block[4]);
    }
    T_EQ(heap_used_bytes(ouro_heap), 0);
}

/* The smallest of the larger bins serves, and a bin's first block if it is large enough. */
static void a_good_fit_is_found(void)
{
    static const size_t sizes[] = {64, 1040, 1088, 9000};
    void *block[T_COUNT(sizes)], *wall[T_COUNT(sizes)];
    for (unsigned i = 0; i < T_COUNT(sizes); i++) {
        block[i] = block_take(sizes[i]);
        wall[i] = block_take(8);
    }
    for (unsigned i = 0; i < T_COUNT(sizes); i++) block_give(block[i]);
    T_CHECK(block_take(60) == block[0]);
    T_CHECK(block_take(1085) == block[2]); /* the same bin as 1040's, and its first */
    T_CHECK(block_take(1039) == block[1]);
    T_CHECK(block_take(1039) == block[3]);
    is_intact();
    (void)wall;
}

static void resizing_in_place(void)
{
    uint8_t *next = block_take(200), *block = block_take(100), *wall = block_take(8);
    T_CHECK(!block_resize(block, 150)); /* `next` is in use */
    block_give(next);
    T_CHECK(block_resize(block, 150));
    is_intact();
    T_CHECK(block_resize(block, 10));
    T_CHECK(block_room(block) >= 10 && block_bytes(block) <= 24 + REDZONE_BYTES);
    is_intact();
    T_CHECK(block_resize(block, 250));
    T_CHECK(!block_resize(block, 5000) && !block_resize(block, SIZE_MAX));
    is_intact();
    block_give(block);
    block_give(wall);
    T_EQ(heap_used_bytes(ouro_heap), 0);
}

/* Pools borrow pages of a full zone; blocks take the pages of empty pools; all of it comes back. */
static void pages_pass_both_ways(void)
{
    t_restart(32 * 1024);
    uint32_t pages = ouro_heap->arena.pages;
    size_t most = (size_t)pages * PAGE_BYTES - 64;
    uint8_t *low = block_take(most / 2), *high = block_take(most / 2 - 1024);
    if (!T_CHECK(low && high)) return;
    while (block_take(8)) {}
    T_EQ(arena_take(1), NO_PAGE);
    T_EQ(block_lend_page(), NO_PAGE);
    block_give(low);
    uint32_t lent[8];
    for (unsigned i = 0; i < T_COUNT(lent); i++) {
        lent[i] = block_lend_page();
        if (!T_CHECK(lent[i] != NO_PAGE && arena_describes(lent[i]))) return;
        memset(page_address(lent[i]), 0x77, PAGE_BYTES);
        ouro_heap->arena.side[lent[i]] = PAGE_TAIL;
        is_intact();
    }
    for (unsigned i = 0; i < T_COUNT(lent); i++) arena_give(lent[(i * 5) % 8], 1);
    is_intact();
    block_give(high);
    T_CHECK(arena_verify() == NULL);
    is_intact();
    t_restart(SIZE_MAX);
}

/* Free pages below the mark become a region, which goes back when it is free. */
static void regions_come_and_go(void)
{
    t_restart(32 * 1024);
    uint32_t pages = ouro_heap->arena.pages;
    T_EQ(arena_take(pages), 0);
    memset(ouro_heap->arena.side, PAGE_TAIL, pages);
    while (block_take(8)) {} /* what is less than a page, behind the last */
    arena_give(3, 4);
    uint8_t *block = block_take(1000), *other = block_take(500);
    T_EQ(page_number(block), 3);
    T_CHECK(other != NULL);
    is_intact();
    block_give(block);
    T_EQ(ouro_heap->runs.pages_free < 4, true);
    block_give(other);
    T_EQ(ouro_heap->runs.pages_free, 4);
    T_CHECK(arena_verify() == NULL);
    is_intact();
    t_restart(SIZE_MAX);
}

/* ---- the validator ---- */

static bool names(const char *id) { return t_names(block_verify(), id); }

/* Free blocks of 100 and of 100 bytes, with others between. */
BLIND static void each_invariant_is_checked(void)
{
    struct blocks *blocks = &ouro_heap->blocks;
    uint8_t *block[5];
    for (unsigned i = 0; i < T_COUNT(block); i++) block[i] = block_take(100);
    block_give(block[1]);
    block_give(block[3]);
    is_intact();
    struct free_block *first = (struct free_block *)(void *)block[3], *second = first->next;
    T_CHECK((uint8_t *)second == block[1]);
    uint32_t *header = (uint32_t *)(void *)first - 1, *last = (uint32_t *)(void *)block[2] - 2;
    uint32_t *next_header = (uint32_t *)(void *)block[2] - 1;
    T_BREAK("B1", blocks->large, 1);
    T_BREAK("B1", blocks->exact, blocks->exact | 1u << 8);
    T_BREAK("B2", *header, *header ^ BLOCK_FREE);
    T_BREAK("B2", *header, *header ^ 1u << 31);
    T_BREAK("B3", second->back, second);
    T_BREAK("B4", *header, *header ^ 1);
    T_BREAK("B5", *next_header, *next_header ^ 1u << 25);
    T_BREAK("B6", *next_header, *next_header ^ BLOCK_BEFORE_FREE);
    T_BREAK("B7", *next_header, *next_header ^ BLOCK_FREE);
    T_BREAK("B8", *last, 5);
    T_BREAK("B9", blocks->bottom, block[3]);
    T_BREAK("B1", blocks->exact, 0);
    struct free_block *head = second->next; /* a ring without it, and one of its own */
    first->next = head;
    head->back = first;
    second->next = second->back = second;
    names("B10");
    second->next = head;
    second->back = first;
    first->next = head->back = second;
    is_intact();
    for (unsigned i = 0; i < T_COUNT(block); i += 2) block_give(block[i]);
}

static const struct t_test tests[] = {
    T_SMALL(blocks_grow_downwards),     T_SMALL(neighbours_merge),    T_TEST(a_good_fit_is_found),
    T_SMALL(resizing_in_place),         T_TEST(pages_pass_both_ways), T_SMALL(regions_come_and_go),
    T_SMALL(each_invariant_is_checked),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
