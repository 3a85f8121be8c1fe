/* SPDX-License-Identifier: MIT
 * raw.c - plain memory from the arena, and the figures that ouro_diag_mem() and ouro_diag_pool()
 * give of it all. */
#include <string.h>

#include "pool.h"
#include "quarantine.h"
#include "ouro.h"
#include "t.h"

static struct ouro_mem_stats mem(void)
{
    struct ouro_mem_stats stats;
    quarantine_flush();
    ouro_diag_mem(&stats);
    return stats;
}

static bool is_filled(const uint8_t *block, uint8_t with, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        if (block[i] != with) return false;
    return true;
}

static void blocks_of_every_size(void)
{
    static uint8_t *blocks[64];
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned i = 0; i < T_COUNT(blocks); i++) {
            size_t bytes = 1 + i * 83;
            blocks[i] = ouro_mem_alloc(bytes);
            if (!T_CHECK(blocks[i] != NULL)) return;
            T_EQ((uintptr_t)blocks[i] & 7, 0);
            memset(blocks[i], (int)i, bytes);
        }
        T_CHECK(ouro_diag_verify() == NULL);
        for (unsigned i = round; i < T_COUNT(blocks); i += 2) {
            T_CHECK(is_filled(blocks[i], (uint8_t)i, 1 + i * 83));
            ouro_mem_free(blocks[i]);
        }
        for (unsigned i = 1 - round; i < T_COUNT(blocks); i += 2) {
            T_CHECK(is_filled(blocks[i], (uint8_t)i, 1 + i * 83));
            ouro_mem_free(blocks[i]);
        }
    }
    ouro_mem_free(NULL);
    T_EQ(mem().used_bytes, 0);
    T_EQ(mem().pages_free, mem().pages);
}

static void resizing_keeps_what_was_there(void)
{
    uint8_t *block = ouro_mem_resize(NULL, 100), *wall = ouro_mem_alloc(10);
    memset(block, 0x33, 100);
    block = ouro_mem_resize(block, 10000);
    T_CHECK(is_filled(block, 0x33, 100));
    memset(block, 0x44, 10000);
    T_CHECK(ouro_mem_resize(block, 3000) == block); /* in place */
    T_CHECK(is_filled(block, 0x44, 3000));
    T_CHECK(ouro_mem_resize(block, 2990) == block);
    T_CHECK(ouro_diag_verify() == NULL);
    ouro_mem_free(block);
    ouro_mem_free(wall);
    T_EQ(mem().used_bytes, 0);
    T_EQ(mem().pages_large, 0);
}

static void a_failed_resize_leaves_the_block(void)
{
    t_restart(32 * 1024);
    uint8_t *block = ouro_mem_alloc(8000);
    memset(block, 0x55, 8000);
    static const size_t huge[] = {40000, 16u * 1024 * 1024, SIZE_MAX / 2, SIZE_MAX - 8, SIZE_MAX};
    for (unsigned i = 0; i < T_COUNT(huge); i++) {
        T_CHECK(ouro_mem_resize(block, huge[i]) == NULL);
        T_EQ(ouro_error_get(NULL), OURO_MEMORY_ERROR);
        ouro_error_clear();
        T_CHECK(ouro_mem_alloc(huge[i]) == NULL);
        T_EQ(ouro_error_get(NULL), OURO_MEMORY_ERROR);
        ouro_error_clear();
        T_CHECK(is_filled(block, 0x55, 8000));
    }
    T_EQ(mem().failures, 2 * T_COUNT(huge));
    ouro_mem_free(block);
    T_EQ(mem().used_bytes, 0);
}

/* ---- pages between blocks, for cells ---- */

/* Objects of a page each until memory is used up. */
static unsigned objects_until_full(ouro_ref *objects, unsigned most)
{
    unsigned n = 0;
    char *text;
    while (n < most && (objects[n] = ouro_str_alloc(440, &text)) != NULL) n++;
    ouro_error_clear();
    return n;
}

static void use_up_virgin_memory(void)
{
    while (ouro_mem_alloc(2000)) {}
    while (ouro_mem_alloc(1)) {}
    ouro_error_clear();
}

/* Far more pages than are described together come back between two that were lent. */
static void pages_between_lent_ones_serve_pools(void)
{
    enum { PAGES = 100 };
    static ouro_ref objects[2 * PAGES];
    unsigned n = 0;
    ouro_port_unpoison(ouro_arena_start, 256 * 1024);
    memset(ouro_arena_start, PAGE_POOL_FIRST, 256 * 1024); /* not to be believed */
    t_restart(256 * 1024);
    T_CHECK(ouro_mem_alloc(5000) != NULL);
    void *above = ouro_mem_alloc(1500), *between = ouro_mem_alloc(PAGES * PAGE_BYTES);
    void *below = ouro_mem_alloc(1500);
    use_up_virgin_memory();
    ouro_mem_free(below);
    n += objects_until_full(objects, T_COUNT(objects));
    T_EQ(n, 1);
    ouro_mem_free(above);
    n += objects_until_full(objects + n, T_COUNT(objects) - n);
    T_EQ(n, 2);
    ouro_mem_free(between);
    T_CHECK(ouro_diag_verify() == NULL);
    T_CHECK(mem().pages_free >= PAGES);
    n += objects_until_full(objects + n, T_COUNT(objects) - n);
    T_CHECK(n > PAGES);
    T_CHECK(ouro_diag_verify() == NULL);
    while (n) ouro_decref(objects[--n]);
}

/* The last block of the arena may be too short to lend a page; that must not hide the others. */
static void a_page_is_lent_while_any_block_can(void)
{
    static ouro_ref objects[64];
    for (size_t bytes = 1000; bytes < 2600; bytes += 40) {
        t_restart(64 * 1024);
        void *last = ouro_mem_alloc(bytes), *wall = ouro_mem_alloc(1);
        void *large = ouro_mem_alloc(10000);
        T_CHECK(wall != NULL);
        use_up_virgin_memory();
        ouro_mem_free(last);
        ouro_mem_free(large);
        unsigned n = objects_until_full(objects, T_COUNT(objects));
        if (!T_CHECK(n >= 17) || !T_CHECK(ouro_diag_verify() == NULL)) return;
        while (n) ouro_decref(objects[--n]);
    }
}

/* Garbage makes room for a block: counting's, and a cycle's. */
static void blocks_push_garbage_out(void)
{
    t_restart(32 * 1024);
    ouro_gc_disable();
    ouro_ref list = ouro_list_new();
    while (ouro_list_len(list) < 2500 && ouro_list_append(list, list) == 0) {}
    ouro_error_clear();
    T_CHECK(mem().largest_free_bytes < 24000);
    ouro_decref(list);
    void *block = ouro_mem_alloc(24000);
    T_CHECK(block != NULL);
    T_EQ(mem().objects, 0);
    ouro_mem_free(block);
}

static void figures_add_up(void)
{
    struct ouro_mem_stats before = mem();
    T_EQ(before.used_bytes, 0);
    T_EQ(before.peak_bytes, 0);
    T_EQ(before.page_bytes, PAGE_BYTES);
    T_EQ(before.free_bytes + before.control_bytes, before.arena_bytes);
    T_CHECK(before.free_bytes - before.pages * (size_t)PAGE_BYTES < PAGE_BYTES + 8);
    T_EQ(before.largest_free_bytes, before.free_bytes - 8);
    ouro_ref real = ouro_float_new(0.5), other = ouro_float_new(1.5);
    void *block = ouro_mem_alloc(1000);
    struct ouro_mem_stats now = mem();
    T_EQ(now.objects, 2);
    unsigned class = pool_class_for_object(16);
    size_t cell = pool_cell_bytes[class], block_bytes = now.used_bytes - 2 * cell;
    T_CHECK(block_bytes >= 1000 && block_bytes <= 1024);
    T_EQ(now.peak_bytes, now.used_bytes);
    T_EQ(now.pages_pool, 1);
    T_CHECK(now.pages_large >= 1 && now.pages_large <= 3);
    T_EQ(now.pages_free + now.pages_pool + now.pages_large, now.pages);
    T_EQ(now.free_bytes + now.lost_bytes + now.used_bytes, now.arena_bytes - now.control_bytes);
    struct ouro_pool_stats pool;
    T_CHECK(ouro_diag_pool(class, &pool));
    T_EQ(pool.cell_bytes, cell);
    T_EQ(pool.pages, 1);
    T_EQ(pool.cells_used, 2);
    T_EQ(pool.cells_free, pool_cells[class] - 2);
    T_CHECK(ouro_diag_pool(POOL_CLASSES - 1, &pool) && !ouro_diag_pool(POOL_CLASSES, &pool));
    ouro_mem_free(block);
    ouro_decref(other);
    T_EQ(mem().used_bytes, cell);
    T_EQ(mem().peak_bytes, 2 * cell + block_bytes);
    ouro_diag_reset_peak();
    T_EQ(mem().peak_bytes, cell);
    ouro_decref(real);
    T_EQ(mem().peak_bytes, cell);
}

static const struct t_test tests[] = {
    T_TEST(blocks_of_every_size),
    T_TEST(resizing_keeps_what_was_there),
    T_TEST(a_failed_resize_leaves_the_block),
    T_TEST(pages_between_lent_ones_serve_pools),
    T_TEST(a_page_is_lent_while_any_block_can),
    T_TEST(blocks_push_garbage_out),
    T_SMALL(figures_add_up),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
