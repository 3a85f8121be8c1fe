/* SPDX-License-Identifier: MIT
 * diag.c - the figures of memory against what can be had and against a walk over the arena.
 *
 * Arenas are filled at random until nothing fits, some of it is freed, and at each stage the walk
 * must find what the totals say, and the longest free stretch must be what a block can have. */
#include <string.h>

#include "block.h"
#include "ouro.h"
#include "pool.h"
#include "quarantine.h"
#include "t.h"

enum { MOST = 4000, TRAILER_BYTES = OURO_CHECK >= 2 ? 8 : 0 };

static struct {
    void *block;
    ouro_ref object;
} held[MOST];
static unsigned count;

static uint32_t state;
static uint32_t below(uint32_t limit)
{
    state = state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)state * limit >> 32);
}

static struct ouro_mem_stats mem(void)
{
    struct ouro_mem_stats stats;
    quarantine_flush();
    ouro_diag_mem(&stats);
    return stats;
}

/* ---- what a walk finds ---- */

struct found {
    size_t bytes, used, free, asked;
    uint32_t cells, cells_used, pages;
};

static bool walk(struct found *found)
{
    struct ouro_extent extent = {0};
    const uint8_t *end = NULL;
    *found = (struct found){0};
    while (ouro_diag_next(&extent)) {
        if (end && !T_CHECK(extent.at >= end && extent.at - end < PAGE_BYTES + 8)) return false;
        if (!T_EQ(extent.page, page_number(extent.at))) return false;
        end = extent.at + extent.bytes;
        found->bytes += extent.bytes;
        found->asked += extent.asked_bytes;
        switch (extent.kind) {
        case OURO_EXTENT_CELLS:
            found->pages++;
            found->cells += extent.cells;
            found->cells_used += extent.cells_used;
            found->used += (size_t)extent.cells_used * extent.cell_bytes;
            break;
        case OURO_EXTENT_OBJECT: T_TEXT(extent.type->name, "str"); /* fall through */
        case OURO_EXTENT_BLOCK: found->used += extent.bytes; break;
        case OURO_EXTENT_PAGES:
        case OURO_EXTENT_VIRGIN:
        case OURO_EXTENT_FREE_BLOCK: found->free += extent.bytes; break;
        }
    }
    return T_CHECK(end == ouro_heap->arena.end - BLOCK_HEADER_BYTES);
}

static bool totals_agree(void)
{
    struct ouro_mem_stats stats = mem();
    struct ouro_pool_stats pool;
    struct found found;
    uint32_t cells_used = 0, cells_free = 0;
    size_t cells_free_bytes = 0, lost = 0;
    if (!walk(&found)) return false;
    for (unsigned i = 0; ouro_diag_pool(i, &pool); i++) {
        cells_used += pool.cells_used;
        cells_free += pool.cells_free;
        cells_free_bytes += (size_t)pool.cells_free * pool.cell_bytes;
        lost += pool.lost_bytes + (size_t)pool.pages * PAGE_HEADER_BYTES;
    }
    size_t all = stats.control_bytes + stats.used_bytes + stats.lost_bytes + stats.free_bytes;
    /* The ends of a region of blocks are in none of them. */
    size_t seams = stats.free_bytes - found.free - cells_free_bytes;
    return T_EQ(all, stats.arena_bytes) && T_EQ(found.used, stats.used_bytes) &&
           T_EQ(found.cells_used, cells_used) && T_EQ(found.cells - found.cells_used, cells_free) &&
           T_EQ(found.pages, stats.pages_pool) && T_EQ(lost, stats.lost_bytes) &&
           T_CHECK(seams <= 8 + 8 * (size_t)stats.pages_large) &&
           T_CHECK(found.asked <= found.used);
}

/* ---- filling and freeing ---- */

static bool obtain(void)
{
    uint32_t bytes = 1 + below(1u << below(12));
    char *text;
    held[count].block = held[count].object = NULL;
    if (below(3))
        held[count].object = ouro_str_alloc(bytes, &text);
    else
        held[count].block = ouro_mem_alloc(bytes);
    bool is_held = held[count].block || held[count].object;
    count += is_held;
    return is_held;
}

static void drop(unsigned i)
{
    if (held[i].object)
        ouro_decref(held[i].object);
    else
        ouro_mem_free(held[i].block);
    held[i] = held[--count];
}

/* Neither more nor less than the figure can be had at once. */
static bool longest_is_true(void)
{
    size_t longest = mem().largest_free_bytes, most = longest - BLOCK_HEADER_BYTES - TRAILER_BYTES;
    if (longest < 32) return true;
    if (!T_CHECK(block_take(most + 1) == NULL)) return false;
    void *block = block_take(most);
    if (!T_CHECK(block != NULL)) return false;
    block_give(block);
    return true;
}

static void the_walk_and_the_totals_agree(void)
{
    static const size_t arenas[] = {8192, 20000, 65536, 250000};
    state = t_seed() * 2654435761u;
    for (unsigned i = 0; i < 4 * t_scale(); i++) {
        t_restart(arenas[i % T_COUNT(arenas)]);
        count = 0;
        unsigned failures = 0;
        while (count < MOST && failures < 30) {
            if (count % 64 == 0 && !totals_agree()) return;
            failures += !obtain();
        }
        ouro_error_clear();
        if (!totals_agree()) return;
        while (count > 0) {
            drop(below(count));
            if (count % 32 == 0 && (!longest_is_true() || !totals_agree())) return;
        }
        pool_trim();
        T_EQ(mem().used_bytes, 0);
        T_EQ(mem().fragmentation_percent, 0);
        if (!T_CHECK(totals_agree())) return;
    }
}

/* ---- what is seen of single things ---- */

static void internal_waste_is_seen(void)
{
    struct found found;
    ouro_ref text = ouro_str_new("abc", 3); /* header, hash, length, 4 bytes: 17 of 24 */
    T_CHECK(walk(&found));
    T_EQ(found.used, pool_cell_bytes[pool_class_for_object(17)]); /* 24 without a red zone */
    T_EQ(found.asked, 17);
    char *buffer;
    ouro_ref large = ouro_str_alloc(1000, &buffer);
    T_CHECK(walk(&found));
    T_EQ(found.asked, 17 + 21 + 1000);
    T_EQ(found.used, mem().used_bytes);
    ouro_decref(text);
    ouro_decref(large);
}

static void fragmentation_is_seen(void)
{
    t_restart(64 * 1024);
    void *blocks[200];
    unsigned n = 0;
    T_EQ(mem().fragmentation_percent, 0);
    while (n < T_COUNT(blocks) && (blocks[n] = ouro_mem_alloc(1000))) n++;
    ouro_error_clear();
    for (unsigned i = 0; i < n; i += 2) ouro_mem_free(blocks[i]);
    uint32_t percent = mem().fragmentation_percent;
    T_CHECK(percent > 90 && percent < 100);
    for (unsigned i = 1; i < n; i += 2) ouro_mem_free(blocks[i]);
    T_EQ(mem().fragmentation_percent, 0);
}

static void cells_are_seen(void)
{
    struct ouro_extent extent = {0};
    struct ouro_cell cell;
    ouro_ref first = ouro_float_new(0.5), second = ouro_int_new(INT64_MAX);
    ouro_decref(first);
    quarantine_flush();
    T_CHECK(ouro_diag_next(&extent));
    T_EQ(extent.kind, OURO_EXTENT_CELLS);
    T_EQ(extent.cells_used, 1);
    T_CHECK(ouro_diag_cell(&extent, 0, &cell) && !cell.type && !cell.is_virgin);
    T_CHECK(ouro_diag_cell(&extent, 1, &cell) && !cell.is_virgin && !cell.is_dead);
    T_TEXT(cell.type ? cell.type->name : NULL, "int");
    T_CHECK(ouro_diag_cell(&extent, 6, &cell) && cell.is_virgin && !cell.type);
    unsigned cells = pool_cells[pool_class_for_object(16)];
    T_CHECK(ouro_diag_cell(&extent, cells - 1, &cell));
    T_CHECK(!ouro_diag_cell(&extent, cells, &cell));
    T_CHECK(ouro_diag_next(&extent));
    T_EQ(extent.kind, OURO_EXTENT_VIRGIN);
    T_CHECK(!ouro_diag_cell(&extent, 0, &cell));
    T_CHECK(!ouro_diag_next(&extent));
    ouro_decref(second);
}

static void the_smallest_arena(void)
{
    t_restart(8 * 1024);
    t_note("bytes free of 8 KiB", (int64_t)mem().free_bytes);
    t_note("bytes of control memory", (int64_t)mem().control_bytes);
    T_CHECK(totals_agree());
    T_CHECK(longest_is_true());
    T_CHECK(mem().free_bytes > 8 * 1024 * 3 / 4 || sizeof(void *) > 4);
}

/* DESIGN.md quotes these. */
static void control_memory_by_size(void)
{
    for (size_t bytes = 8 * 1024; bytes <= (size_t)16 * 1024 * 1024;
         bytes *= bytes < 65536 ? 2 : 16) {
        t_restart(bytes);
        t_note("arena", (int64_t)mem().arena_bytes);
        t_note("  control", (int64_t)mem().control_bytes);
        t_note("  pages", (int64_t)mem().pages);
        T_CHECK(mem().control_bytes <= bytes / 8 + (sizeof(void *) > 4 ? 3072 : 1024));
    }
}

static const struct t_test tests[] = {
    T_TEST(the_walk_and_the_totals_agree),
    T_TEST(internal_waste_is_seen),
    T_TEST(fragmentation_is_seen),
    T_TEST(cells_are_seen),
    T_TEST(the_smallest_arena),
    T_TEST(control_memory_by_size),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
