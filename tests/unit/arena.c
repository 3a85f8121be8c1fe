/* SPDX-License-Identifier: MIT
 * arena.c - pages and runs of pages: taken, given back, merged, bounded by the mark; and each
 * invariant A1..A9 broken on purpose, to see that the validator names it.
 *
 * A page taken here is marked PAGE_TAIL, which makes it neither free nor a pool. */
#include "arena.h"
#include "object.h"

#include <string.h>

#include "invariant.h"
#include "ouro.h"
#include "t.h"

static size_t arena_bytes(void)
{
    return (size_t)((uintptr_t)ouro_arena_end - (uintptr_t)ouro_arena_start);
}

static uint32_t take(uint32_t count)
{
    uint32_t page = arena_take(count);
    if (page != NO_PAGE) memset(ouro_heap->arena.side + page, PAGE_TAIL, count);
    return page;
}

static bool is_intact(void) { return t_is_intact(arena_verify()); }

/* ---- taking and giving ---- */

static void virgin_pages_come_in_order(void)
{
    T_EQ(take(1), 0);
    T_EQ(take(3), 1);
    T_EQ(take(1), 4);
    T_EQ(ouro_heap->arena.mark, 5);
    T_EQ(ouro_heap->runs.pages_free, 0);
    arena_give(0, 5);
    T_EQ(ouro_heap->arena.mark, 0);
}

static void neighbours_merge(void)
{
    for (uint32_t i = 0; i < 8; i++) T_EQ(take(1), i);
    arena_give(1, 1);
    arena_give(3, 1);
    T_EQ(ouro_heap->runs.bins, 1u << 0);
    is_intact();
    arena_give(2, 1); /* joins both */
    T_EQ(ouro_heap->runs.bins, 1u << 1);
    T_EQ(ouro_heap->runs.pages_free, 3);
    is_intact();
    arena_give(4, 1); /* joins the one before */
    T_EQ(ouro_heap->runs.bins, 1u << 2);
    arena_give(0, 1); /* joins the one behind */
    T_EQ(ouro_heap->runs.pages_free, 5);
    T_EQ(ouro_heap->arena.mark, 8);
    is_intact();
    T_EQ(take(5), 0);
    T_EQ(ouro_heap->runs.bins, 0);
    arena_give(0, 8);
}

static void runs_end_in_a_footer(void)
{
    T_EQ(take(12), 0);
    arena_give(2, 5);
    T_EQ(*((uint32_t *)page_address(7) - 1), 5);
    T_EQ(take(2), 2); /* from the front: the rest stays where it ends */
    T_EQ(*((uint32_t *)page_address(7) - 1), 3);
    is_intact();
    arena_give(7, 5); /* finds the run before it by the footer */
    T_EQ(ouro_heap->arena.mark, 4);
    arena_give(0, 4);
}

static void the_mark_moves_back(void)
{
    T_EQ(take(10), 0);
    arena_give(4, 3);
    arena_give(8, 2);
    T_EQ(ouro_heap->arena.mark, 8);
    arena_give(7, 1); /* and over the free run before it */
    T_EQ(ouro_heap->arena.mark, 4);
    T_EQ(ouro_heap->runs.pages_free, 0);
    T_EQ(ouro_heap->runs.bins, 0);
    is_intact();
    arena_give(0, 4);
    T_EQ(ouro_heap->arena.mark, 0);
}

static void a_run_of_a_larger_bin_serves(void)
{
    T_EQ(take(40), 0);
    arena_give(10, 4); /* of the same bin, too short for 5 */
    arena_give(20, 9);
    T_EQ(take(5), 20);
    T_EQ(take(4), 25); /* what is left of it is in bin 2 now, and first there */
    T_EQ(take(4), 10);
    T_EQ(ouro_heap->runs.pages_free, 0);
    is_intact();
    arena_give(0, 40);
}

/* Behind up to three runs of its own bin that are too short, one that fits is found; behind four it
 * is not, and the figure for the longest run says so. */
static void a_few_runs_of_the_own_bin_are_tried(void)
{
    T_EQ(take(64), 0);
    arena_give(0, 7);
    for (uint32_t page = 8; page <= 18; page += 5) arena_give(page, 4);
    T_EQ(arena_longest_run() >= 7, true);
    T_EQ(take(7), 0);
    arena_give(0, 7);
    T_EQ(take(4), 0); /* first in, first tried */
    arena_give(0, 4);
    T_EQ(take(7), 0);
    arena_give(0, 7);
    is_intact();
    t_restart(64 * 1024);
    T_EQ(take(ouro_heap->arena.pages), 0);
    arena_give(0, 7);
    for (uint32_t page = 8; page <= 23; page += 5) arena_give(page, 4);
    T_EQ(arena_longest_run(), 4);
    T_EQ(arena_take(5), NO_PAGE);
    is_intact();
    t_restart(SIZE_MAX);
}

static void the_longest_run_is_known(void)
{
    uint32_t pages = ouro_heap->arena.pages;
    T_EQ(arena_longest_run(), pages);
    T_EQ(take(pages), 0);
    T_EQ(arena_longest_run(), 0);
    arena_give(3, 6);
    arena_give(20, 7);
    arena_give(40, 5);
    T_EQ(arena_longest_run(), 7);
    arena_give(46, pages - 46);
    T_EQ(arena_longest_run(), pages - 46);
    t_restart(SIZE_MAX);
}

static void exhaustion_changes_nothing(void)
{
    t_restart(64 * 1024);
    uint32_t pages = ouro_heap->arena.pages;
    T_EQ(arena_take(pages + 1), NO_PAGE);
    T_EQ(ouro_heap->arena.mark, 0);
    T_EQ(take(pages), 0);
    T_EQ(arena_take(1), NO_PAGE);
    arena_give(5, 2);
    T_EQ(arena_take(3), NO_PAGE);
    T_EQ(take(2), 5);
    T_EQ(arena_take(1), NO_PAGE);
    is_intact();
    arena_give(0, pages);
}

/* Runs of random lengths against a map of who owns which page. */
static void random_runs_never_overlap(void)
{
    enum { PAGES = 200, RUNS = 40, TURNS = 20000 };
    static bool is_taken[PAGES];
    static struct {
        uint32_t page, count;
    } runs[RUNS];
    uint32_t rng = t_seed() * 2654435761u + 1, owned = 0;
    t_restart(PAGES * PAGE_BYTES);
    T_CHECK(ouro_heap->arena.pages <= PAGES);
    memset(is_taken, 0, sizeof is_taken);
    memset(runs, 0, sizeof runs);
    for (unsigned turn = 0; turn < TURNS; turn++) {
        rng = rng * 1664525u + 1013904223u;
        unsigned at = (rng >> 8) % RUNS, count = 1 + (rng >> 16) % (turn % 2 ? 30 : 3);
        bool was_taken = runs[at].count == 0;
        if (was_taken) {
            uint32_t page = take(count);
            if (page == NO_PAGE) continue;
            runs[at].page = page;
            runs[at].count = count;
        } else {
            arena_give(runs[at].page, runs[at].count);
        }
        for (uint32_t i = runs[at].page; i < runs[at].page + runs[at].count; i++) {
            if (!T_CHECK(i < PAGES && is_taken[i] != was_taken)) return;
            is_taken[i] = was_taken;
        }
        owned += was_taken ? runs[at].count : 0u - runs[at].count;
        if (!was_taken) runs[at].count = 0;
        if (!T_EQ(ouro_heap->arena.mark - ouro_heap->runs.pages_free, owned)) return;
        if (turn % 16 == 0 && !is_intact()) return;
    }
    for (unsigned i = 0; i < RUNS; i++)
        if (runs[i].count) arena_give(runs[i].page, runs[i].count);
    T_EQ(ouro_heap->arena.mark, 0);
    T_EQ(ouro_heap->runs.pages_free, 0);
}

/* ---- the block of memory ---- */

/* A table lies before the pages, or behind the last block. */
static bool is_outside(const struct arena *arena, const uint8_t *table, size_t bytes)
{
    return table + bytes <= arena->base || table >= arena->end;
}

static bool fits_between(const uint8_t *base, size_t bytes)
{
    const struct arena *arena = &ouro_heap->arena;
    const uint8_t *end = arena->base + ((size_t)arena->pages << PAGE_SHIFT);
    uint32_t most = sizeof(void *) == 4 ? 6 : 10; /* pages of control memory: mostly pointers */
    return T_CHECK((uint8_t *)ouro_heap >= base) && T_CHECK(end <= base + bytes) &&
           T_CHECK(is_outside(arena, arena->side, (arena->pages | 31u) + 1)) &&
           T_CHECK((uint8_t *)(ouro_heap + 1) <= (uint8_t *)ouro_heap->set_middle) &&
           T_CHECK(((uintptr_t)arena->base & (PAGE_BYTES - 1)) == 0) &&
           T_CHECK(arena->pages + most + arena->pages / 256 >= bytes >> PAGE_SHIFT);
}

/* Every size at odd addresses: all pages can be taken and written, and no byte outside is. */
static void arenas_of_any_size_and_alignment(void)
{
    size_t all = arena_bytes();
    for (size_t bytes = 8 * 1024; bytes <= all; bytes *= 2) {
        for (unsigned odd = 1; odd < 600; odd += 167) {
            size_t size = bytes + 2 * odd > all ? all - 2 * odd : bytes;
            uint8_t *base = ouro_arena_start + odd;
            ouro_port_unpoison(ouro_arena_start, all);
            base[-1] = base[size] = 0xa5;
            if (!T_EQ(ouro_init(base, size), 0) || !fits_between(base, size)) return;
            uint32_t pages = ouro_heap->arena.pages;
            T_EQ(take(pages - 1), 0);
            memset(page_address(0), 0x11, PAGE_BYTES);
            T_EQ(take(1), pages - 1);
            memset(page_address(pages - 1), 0x22, PAGE_BYTES);
            T_EQ(arena_take(1), NO_PAGE);
            if (!T_CHECK(base[-1] == 0xa5 && base[size] == 0xa5)) return;
            for (uint32_t page = 0; page < pages; page += 2) arena_give(page, 1);
            for (uint32_t page = 1; page < pages; page += 2) arena_give(page, 1);
            T_EQ(ouro_heap->arena.mark, 0);
            is_intact();
        }
    }
}

static void sizes_out_of_range_are_refused(void)
{
    struct heap *before = ouro_heap;
    T_EQ(ouro_init(ouro_arena_start + 64, 8 * 1024 - 1), -1);
    T_EQ(ouro_init(ouro_arena_start + 64, 16 * 1024 * 1024 + 1), -1);
    T_EQ(ouro_init(ouro_arena_start + 64, 0), -1);
    T_EQ(ouro_init(ouro_arena_start + 64, SIZE_MAX), -1);
    T_CHECK(ouro_heap == before);
    T_EQ(ouro_heap->arena.mark, 0);
}

/* Neither instructions nor memory written grow with the arena, but for the heads of two bins of
 * free blocks each time that it doubles. */
static void init_is_constant(void)
{
    size_t sizes[2] = {16 * 1024, arena_bytes()};
    uint32_t bins[2];
    uint64_t instructions[2];
    for (unsigned i = 0; i < 2; i++) {
        ouro_port_unpoison(ouro_arena_start, sizes[i]);
        memset(ouro_arena_start, 0xa5, sizes[i]);
        uint64_t start = ouro_port_instructions();
        (void)ouro_init(ouro_arena_start, sizes[i]);
        instructions[i] = ouro_port_instructions() - start;
        ouro_port_unpoison(ouro_arena_start, sizes[i]);
        size_t written = 0;
        for (size_t at = 0; at < sizes[i]; at++) written += ouro_arena_start[at] != 0xa5;
        bins[i] = block_bins((uint32_t)(sizes[i] >> GRANULE_SHIFT));
        T_CHECK(written <= sizeof(struct heap) + 4 + bins[i] * sizeof(struct free_block));
        t_note("instructions of ouro_init", (int64_t)instructions[i]);
    }
    T_CHECK(bins[1] - bins[0] <= 2 * 10);
    T_CHECK(instructions[1] <= instructions[0] + 64 + 8 * (bins[1] - bins[0]));
    T_CHECK(instructions[1] < (OURO_CHECK >= 3 ? 3500 : 3000));
    t_restart(SIZE_MAX);
}

/* ---- the validator ---- */

struct run_image { /* as arena.c has it in the first page of a free run */
    uint32_t count, next, prev;
};

static struct run_image *run_image(uint32_t page) { return page_address(page); }

static bool names(const char *id) { return t_names(ouro_diag_verify(), id); }

/* Runs of 1 page at 8, 6 and 2, of 2 pages at 10; mark 20. */
static void lay_out_runs(void)
{
    (void)take(20);
    arena_give(2, 1);
    arena_give(6, 1);
    arena_give(8, 1);
    arena_give(10, 2);
    is_intact();
}

static void each_invariant_is_checked(void)
{
    struct arena *arena = &ouro_heap->arena;
    lay_out_runs();
    T_BREAK("A1", ouro_heap->runs.bins, ouro_heap->runs.bins | 1u << 9);
    T_BREAK("A1", ouro_heap->runs.run[1], 0);
    T_BREAK("A2", run_image(10)->count, 0);
    T_BREAK("A2", run_image(10)->count, 10);
    T_BREAK("A2", run_image(8)->next, 21);
    T_BREAK("A3", run_image(8)->count, 2);
    T_BREAK("A4", run_image(6)->prev, 0);
    T_BREAK("A4", run_image(2)->next, 9); /* a ring */
    T_BREAK("A5", *((uint32_t *)page_address(12) - 1), 3);
    T_BREAK("A6", arena->side[6], PAGE_TAIL);
    T_BREAK("A7", arena->side[7], PAGE_FREE);
    T_BREAK("A9", ouro_heap->runs.pages_free, ouro_heap->runs.pages_free + 1);
    t_restart(SIZE_MAX);
}

/* A run within a run: links, bins and footers all agree. */
static void overlapping_runs_are_noticed(void)
{
    (void)take(10);
    arena_give(0, 7);
    ouro_port_unpoison(page_address(0), 7 * PAGE_BYTES);
    *run_image(1) = (struct run_image){.count = 5, .next = 0, .prev = 1};
    *((uint32_t *)page_address(6) - 1) = 5;
    run_image(0)->next = 2;
    ouro_heap->arena.side[1] = PAGE_FREE;
    ouro_heap->arena.side[6] = PAGE_TAIL;
    names("A8");
    t_restart(SIZE_MAX);
}

static const struct t_test tests[] = {
    T_SMALL(virgin_pages_come_in_order),     T_SMALL(neighbours_merge),
    T_SMALL(runs_end_in_a_footer),           T_SMALL(the_mark_moves_back),
    T_TEST(a_run_of_a_larger_bin_serves),    T_TEST(a_few_runs_of_the_own_bin_are_tried),
    T_TEST(the_longest_run_is_known),        T_SMALL(exhaustion_changes_nothing),
    T_SMALL(random_runs_never_overlap),      T_TEST(arenas_of_any_size_and_alignment),
    T_SMALL(sizes_out_of_range_are_refused), T_TEST(init_is_constant),
    T_TEST(each_invariant_is_checked),       T_SMALL(overlapping_runs_are_noticed),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
