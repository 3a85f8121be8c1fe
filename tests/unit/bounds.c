/* SPDX-License-Identifier: MIT
 * bounds.c - the longest single operation of the memory manager does not grow with the arena.
 *
 * Arenas of 8 KiB to 16 MiB are filled with cells and blocks in turn, and partly emptied: blocks
 * take free pages, pools borrow pages of free blocks, everything merges and splits.  The longest
 * call of each kind is kept, in instructions: those of 1 MiB and 16 MiB may exceed those of 8 KiB
 * and 64 KiB by a tenth, since the costliest constellations are rare and met by chance.
 *
 * On boards only, and where freed memory is not poisoned: that costs its length. */
#include <string.h>

#include "block.h"
#include "ouro.h"
#include "pool.h"
#include "t.h"

enum { HELD = 112000, SIZES = 4 };
enum call { TAKE_BLOCK, GIVE_BLOCK, RESIZE_BLOCK, TAKE_CELL, GIVE_CELL, FIGURES, INIT, CALLS };

static const char *const names[CALLS] = {"block_take", "block_give",    "block_resize", "pool_take",
                                         "pool_give",  "ouro_diag_mem", "ouro_init"};
static const size_t arenas[SIZES] = {8 * 1024, 64 * 1024, 1024 * 1024, 16 * 1024 * 1024};
static uint32_t longest[SIZES][CALLS];
static uint64_t overhead;

static struct {
    void *at;
    bool is_cell;
} held[HELD];
static unsigned count;

static uint32_t state;
static uint32_t below(uint32_t limit)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return (uint32_t)((uint64_t)state * limit >> 32);
}

static void note(unsigned size, enum call call, uint64_t start)
{
    uint32_t spent = (uint32_t)(ouro_port_instructions() - start - overhead);
    if (spent > longest[size][call]) longest[size][call] = spent;
}

/* Small ones as often as large ones. */
static uint32_t some_bytes(void) { return 1 + below(1u << (2 + below(10))); }

static bool obtain_cell(unsigned size, unsigned class)
{
    if (count == HELD) return false;
    uint64_t start = ouro_port_instructions();
    struct ouro_obj *cell = pool_take(class);
    note(size, TAKE_CELL, start);
    if (!cell) return false;
    *cell = (struct ouro_obj){0};
    held[count].at = cell;
    held[count++].is_cell = true;
    return true;
}

static bool obtain_block(unsigned size, uint32_t bytes)
{
    if (count == HELD) return false;
    uint64_t start = ouro_port_instructions();
    void *block = block_take(bytes);
    note(size, TAKE_BLOCK, start);
    if (!block) return false;
    held[count].at = block;
    held[count++].is_cell = false;
    return true;
}

static void drop(unsigned size, unsigned i)
{
    uint64_t start = ouro_port_instructions();
    if (held[i].is_cell)
        pool_give(held[i].at);
    else
        block_give(held[i].at);
    note(size, held[i].is_cell ? GIVE_CELL : GIVE_BLOCK, start);
    held[i] = held[--count];
    while (pool_tidy(0) > 0) {} /* lest spare pages keep blocks from growing */
}

static void resize(unsigned size, unsigned i)
{
    if (held[i].is_cell) return;
    uint32_t bytes = some_bytes();
    uint64_t start = ouro_port_instructions();
    (void)block_resize(held[i].at, bytes);
    note(size, RESIZE_BLOCK, start);
}

static void drop_share(unsigned size, unsigned percent)
{
    for (unsigned left = count * percent / 100; left > 0; left--) drop(size, below(count));
}

static void fill_with_cells(unsigned size)
{
    while (obtain_cell(size, POOL_CLASSES - 1 - below(3))) {}
    for (unsigned class = 0; class < POOL_CLASSES; class ++) (void)obtain_cell(size, class);
}

static void fill_with_blocks(unsigned size)
{
    for (unsigned failed = 0; failed < 8;) failed += !obtain_block(size, some_bytes());
}

/* Cells everywhere, blocks in the holes that some leave, cells in the holes that blocks leave. */
static void play(unsigned size)
{
    struct ouro_mem_stats stats;
    count = 0;
    fill_with_cells(size);
    drop_share(size, below(100));
    fill_with_blocks(size);
    for (unsigned turn = 0; turn < 3; turn++) {
        drop_share(size, below(100));
        for (unsigned i = 0; i < count; i++) resize(size, i);
        fill_with_blocks(size);
        drop_share(size, below(100));
        fill_with_cells(size);
        uint64_t start = ouro_port_instructions();
        ouro_diag_mem(&stats);
        note(size, FIGURES, start);
    }
    drop_share(size, 100);
    pool_trim();
}

/* The same with all used up by one block but so many bytes, before it or at the arena's end: what
 * is rare in a large arena is often met in a small one. */
static void play_in_corner(unsigned size, size_t bytes, unsigned times, bool is_at_end)
{
    struct ouro_mem_stats stats;
    ouro_diag_mem(&stats);
    bool is_larger = stats.free_bytes > bytes + 1000;
    void *corner = is_larger && is_at_end ? block_take(bytes) : NULL;
    size_t others = is_at_end ? bytes + 64 : bytes;
    void *rest = is_larger ? block_take(stats.largest_free_bytes - others) : NULL;
    if (corner) block_give(corner);
    while (times-- > 0) play(size);
    if (rest) block_give(rest);
}

static void the_longest_call_does_not_grow(void)
{
    if (strcmp(ouro_port_board, "host") == 0 || OURO_CHECK >= 2) {
        t_skip("bounds hold on boards, at CHECK=0 and 1");
        return;
    }
    uint64_t start = ouro_port_instructions();
    overhead = ouro_port_instructions() - start;
    state = t_seed() * 2654435761u + 1;
    for (unsigned size = 0; size < SIZES; size++) {
        start = ouro_port_instructions();
        (void)ouro_init(ouro_arena_start, arenas[size]);
        note(size, INIT, start);
        play(size);
        play_in_corner(size, 24 * 1024, 300, false);
        play_in_corner(size, 6 * 1024, 600, false);
        play_in_corner(size, 6 * 1024, 600, true);
        if (!T_CHECK(ouro_diag_verify() == NULL)) return;
    }
    for (unsigned call = 0; call < CALLS; call++) {
        uint32_t small = 0, large = 0;
        for (unsigned size = 0; size < SIZES; size++) {
            uint32_t *most = arenas[size] <= 64 * 1024 ? &small : &large;
            if (longest[size][call] > *most) *most = longest[size][call];
        }
        t_note(names[call], large > small ? large : small);
        if (T_CHECK(large <= small + small / 4)) continue; /* a quarter, as chance has it */
        for (unsigned size = 0; size < SIZES; size++)
            t_note("  by size of the arena", longest[size][call]);
    }
}

static const struct t_test tests[] = {
    T_TEST(the_longest_call_does_not_grow),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
