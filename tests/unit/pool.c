/* SPDX-License-Identifier: MIT
 * pool.c - cells of all classes: how they fill their pages, the order in which they come back, when
 * pages go back; and each invariant P1..P7 and G1 broken on purpose.
 *
 * Cells taken here hold no objects, so that each test ends with every cell given back or with a
 * fresh arena. */
#include "pool.h"

#include <string.h>

#include "invariant.h"
#include "ouro.h"
#include "pageset.h"
#include "t.h"

static bool is_intact(void)
{
    const char *broken = arena_verify();
    if (!broken) broken = pool_verify();
    return t_is_intact(broken);
}

/* A cell whose two words are no free cell's. */
static uint8_t *take(unsigned class)
{
    struct ouro_obj *cell = pool_take(class);
    if (cell) memset(cell, 0x5a, pool_cell_bytes[class]);
    return (uint8_t *)cell;
}

/* ---- sizes ---- */

static void a_class_for_every_size(void)
{
    for (size_t bytes = 1; bytes <= POOL_LARGEST; bytes++) {
        unsigned class = pool_class_for(bytes);
        if (!T_CHECK(class < POOL_CLASSES) || !T_CHECK(pool_cell_bytes[class] >= bytes) ||
            !T_CHECK(class == 0 || pool_cell_bytes[class - 1] < bytes))
            t_note("bytes", (int64_t)bytes);
    }
    for (unsigned class = 0; class < POOL_CLASSES; class ++) {
        T_EQ(pool_cells[class], POOL_LARGEST / pool_cell_bytes[class]);
        T_EQ(pool_cell_bytes[class] % 8, 0);
    }
}

/* Node sizes of a 32-bit target and header included: 72 bytes for 16 references. */
static void small_classes_are_eight_apart(void)
{
    for (unsigned class = 0; class < 6; class ++) T_EQ(pool_cell_bytes[class], 16 + 8 * class);
    T_EQ(pool_cell_bytes[6], 72);
    T_EQ(pool_cell_bytes[POOL_CLASSES - 1], POOL_LARGEST);
}

/* ---- pages ---- */

static void cells_fill_their_page(void)
{
    for (unsigned class = 0; class < POOL_CLASSES; class ++) {
        uint8_t *first = take(class), *cell = first;
        for (unsigned i = 1; i < pool_cells[class]; i++) {
            cell = take(class);
            if (!T_CHECK(cell == first + (size_t)i * pool_cell_bytes[class])) break;
        }
        T_CHECK((void *)(first - PAGE_HEADER_BYTES) == (void *)page_of(first));
        T_CHECK(cell + pool_cell_bytes[class] <= (uint8_t *)page_of(first) + PAGE_BYTES);
        T_EQ(page_of(first)->used, pool_cells[class]);
        T_EQ(ouro_heap->pools[class].listed, 0); /* full, and the current page: on no list */
        uint8_t *other = take(class);
        T_CHECK(page_of(other) != page_of(first));
        T_EQ(ouro_heap->pools[class].pages, 2);
        T_EQ(pool_used(class), pool_cells[class] + 1);
        is_intact();
        pool_give(other);
        for (unsigned i = 0; i < pool_cells[class]; i++)
            pool_give(first + (size_t)i * pool_cell_bytes[class]);
        is_intact();
    }
}

static void the_cell_just_freed_is_the_next_given(void)
{
    for (unsigned class = 0; class < POOL_CLASSES; class ++) {
        uint8_t *cells[3];
        unsigned n = pool_cells[class] < 3 ? pool_cells[class] : 3; /* of one page */
        for (unsigned i = 0; i < n; i++) cells[i] = take(class);
        for (unsigned i = 0; i < n; i++) pool_give(cells[i]);
        for (unsigned i = n; i > 0; i--) T_CHECK(take(class) == cells[i - 1]);
        for (unsigned i = 0; i < n; i++) pool_give(cells[i]);
    }
    is_intact();
}

static void an_empty_page_goes_back_but_one(void)
{
    uint8_t *cells[4 * 31];
    for (unsigned i = 0; i < T_COUNT(cells); i++) cells[i] = take(0);
    T_EQ(ouro_heap->pools[0].pages, 4);
    T_EQ(ouro_heap->arena.mark, 4);
    for (unsigned i = 0; i < 31; i++) pool_give(cells[i]);
    T_EQ(ouro_heap->pools[0].pages, 3);
    for (unsigned i = 31; i < 61; i++) pool_give(cells[i]);
    T_EQ(ouro_heap->pools[0].pages, 3);
    pool_give(cells[61]);
    T_EQ(ouro_heap->pools[0].pages, 2);
    T_EQ(ouro_heap->spares, 2);
    is_intact();
    T_CHECK(pool_tidy(1) > 0);
    T_EQ(pool_tidy(1), 0); /* one is kept */
    T_CHECK(pool_tidy(0) > 0);
    T_EQ(ouro_heap->runs.pages_free, 2);
    is_intact();
    for (unsigned i = 62; i < T_COUNT(cells); i++) pool_give(cells[i]);
    T_EQ(ouro_heap->pools[0].pages, 1); /* the current page is kept */
    pool_trim();
    T_EQ(ouro_heap->pools[0].pages, 0);
    T_EQ(ouro_heap->arena.mark, 0);
    T_CHECK(ouro_heap->pools[0].listed == 0 && ouro_heap->pools[0].current == NULL);
    is_intact();
}

/* Its free cells are still there when the same class takes it again, not when another one does. */
static void a_spare_page_keeps_its_cells(void)
{
    uint8_t *cells[3 * 31], *others[15];
    for (unsigned i = 0; i < T_COUNT(cells); i++) cells[i] = take(0);
    struct page *page = page_of(cells[31]);
    for (unsigned i = 31; i < 62; i++) pool_give(cells[i]);
    T_CHECK(page_is_spare(page) && page->carved == 0); /* the collector finds nothing there */
    uint8_t *cell = take(0);
    T_CHECK(cell == cells[61] && page->carved == 31 && page->used == 1);
    is_intact();
    for (unsigned i = 61; i > 31; i--) T_CHECK(take(0) == cells[i - 1]);
    is_intact();
    pool_give(cells[0]); /* lest the page be the current one of its class */
    (void)take(0);
    for (unsigned i = 31; i < 62; i++) pool_give(cells[i]);
    for (unsigned i = 0; i < T_COUNT(others); i++) others[i] = take(2);
    T_CHECK(page_of(others[0]) == page && page->carved == T_COUNT(others));
    T_CHECK(others[0] == (uint8_t *)page + PAGE_HEADER_BYTES);
    is_intact();
    for (unsigned i = 0; i < T_COUNT(others); i++) pool_give(others[i]);
    for (unsigned i = 0; i < 31; i++) pool_give(cells[i]);
    for (unsigned i = 62; i < T_COUNT(cells); i++) pool_give(cells[i]);
}

static void the_edge_of_a_page_does_not_thrash(void)
{
    uint8_t *cells[12];
    for (unsigned i = 0; i < T_COUNT(cells); i++) cells[i] = take(3); /* one page */
    uint8_t *edge = take(3);
    for (unsigned i = 0; i < 100; i++) {
        pool_give(edge);
        T_EQ(ouro_heap->pools[3].pages, 2);
        T_CHECK(take(3) == edge);
    }
    T_EQ(ouro_heap->arena.mark, 2);
    pool_give(edge);
    for (unsigned i = 0; i < T_COUNT(cells); i++) pool_give(cells[i]);
    is_intact();
}

static void a_page_given_back_serves_any_class(void)
{
    t_restart(8 * 1024);
    uint8_t *cells[32];
    unsigned n = 0;
    while (n < T_COUNT(cells) && (cells[n] = take(POOL_CLASSES - 1)) != NULL) n++;
    T_EQ(n, ouro_heap->arena.pages);
    T_CHECK(take(0) == NULL);
    pool_give(cells[n - 1]);
    T_CHECK(take(0) == NULL); /* it is the class's current page */
    pool_trim();
    uint8_t *small = take(0);
    T_CHECK(small != NULL && page_of(small) == page_of(cells[n - 1]));
    pool_give(cells[2]);
    T_CHECK(take(1) != NULL); /* any other goes back at once */
    T_CHECK(take(POOL_CLASSES - 1) == NULL);
    is_intact();
    t_restart(SIZE_MAX);
}

static void exhaustion(size_t bytes)
{
    t_restart(bytes);
    uint32_t pages = ouro_heap->arena.pages, n = 0;
    uint8_t *last = NULL, *cell;
    while ((cell = pool_take(1)) != NULL) {
        memset(cell, 0, sizeof(struct ouro_obj));
        last = cell;
        n++;
    }
    T_EQ(n, pages * pool_cells[1]);
    T_EQ(ouro_heap->pools[1].pages, pages);
    T_CHECK(pool_take(0) == NULL);
    pool_give(last);
    T_CHECK(pool_take(1) == last);
    is_intact();
    t_restart(SIZE_MAX);
}

static void a_small_arena_runs_out(void) { exhaustion(8 * 1024); }
static void a_large_arena_runs_out(void) { exhaustion(SIZE_MAX); }

/* Cells of random classes, each filled with its own byte. */
static void random_cells_keep_their_bytes(void)
{
    enum { CELLS = 300, TURNS = 20000 };
    static struct {
        uint8_t *at;
        unsigned class;
    } cells[CELLS];
    memset(cells, 0, sizeof cells);
    t_restart(64 * 1024);
    uint32_t rng = t_seed() * 2654435761u + 3;
    for (unsigned turn = 0; turn < TURNS; turn++) {
        rng = rng * 1664525u + 1013904223u;
        unsigned i = (rng >> 9) % CELLS, class = (rng >> 20) % POOL_CLASSES;
        uint8_t *cell = cells[i].at;
        if (!cell) {
            if (!(cell = pool_take(class))) continue;
            memset(cell, (int)(i & 0x7f), pool_cell_bytes[class]);
            cells[i].at = cell;
            cells[i].class = class;
        } else {
            for (unsigned k = 0; k < pool_cell_bytes[cells[i].class]; k++)
                if (!T_EQ(cell[k], i & 0x7f)) return;
            pool_give(cell);
            cells[i].at = NULL;
        }
        if (turn % 64 == 0 && !is_intact()) return;
    }
    for (unsigned i = 0; i < CELLS; i++)
        if (cells[i].at) pool_give(cells[i].at);
    pool_trim();
    T_EQ(ouro_heap->arena.mark, 0);
    T_EQ(ouro_heap->runs.pages_free, 0);
}

/* ---- the validator ---- */

static bool names(const char *id) { return t_names(ouro_diag_verify(), id); }

static void each_invariant_is_checked(void)
{
    uint8_t *cells[12];
    for (unsigned i = 0; i < T_COUNT(cells); i++) cells[i] = take(7); /* pages of 6: two, full */
    uint8_t *other = take(7);
    pool_give(cells[1]);
    pool_give(cells[0]);
    struct page *page = page_of(cells[0]);
    struct pool_class *pool = &ouro_heap->pools[7];
    struct ouro_obj *freed = (struct ouro_obj *)(void *)cells[0];
    ouro_port_unpoison(freed, sizeof *freed);
    is_intact();
    T_BREAK("P1", page->word, page->word + 3 * PAGE_USED_ONE); /* 7 of 6 */
    T_BREAK("P1", page->word, page->word + (1u << PAGE_CARVED_SHIFT));
    T_BREAK("P2", page->word, page->word + GRANULE_BYTES);
    T_BREAK("P2", page_of(other)->word, page_of(other)->word + 328); /* not carved yet */
    T_BREAK("P3", freed->count_flags, freed->count_flags + OURO_COUNT_ONE);
    T_BREAK("P4", page->word, page->word - PAGE_USED_ONE);
    T_BREAK("P4", page->word, page->word & ~(uint32_t)PAGE_FREE_MASK);
    T_BREAK("P5", page->prev, 9);
    T_BREAK("P6", pool->listed, 0);
    T_BREAK("P6", page->word, page->word ^ PAGE_FULL);
    T_BREAK("P7", pool->pages, 4);
    T_BREAK("P7", pool->used, 4);
    T_BREAK("P8", page->word, page->word ^ 1u << PAGE_CLASS_SHIFT);
    T_BREAK("G1", page->word, page->word | 1u << (PAGE_SETS_SHIFT + 2));
    uint8_t *small = take(0);
    T_BREAK("P9", ouro_heap->fast[1][2], page);
    T_BREAK("P9", ouro_heap->fast[0][2], page_of(small)); /* in no set */
    T_BREAK("P11", ouro_heap->spares, 1);
    T_BREAK("P11", ouro_heap->spare, page_number(page) + 1);
    T_BREAK("P10", page->word, page->word ^ PAGE_CURRENT);
    T_BREAK("P10", page_of(small)->seal, pool_seal[1]);
    pool_give(small);
    pageset_insert(1, page_number(page));
    names("G1");
    pageset_remove(1u << 1, page_number(page));
    is_intact();
    t_restart(SIZE_MAX);
}

static const struct t_test tests[] = {
    T_SMALL(a_class_for_every_size),
    T_SMALL(small_classes_are_eight_apart),
    T_TEST(cells_fill_their_page),
    T_TEST(the_cell_just_freed_is_the_next_given),
    T_SMALL(an_empty_page_goes_back_but_one),
    T_SMALL(a_spare_page_keeps_its_cells),
    T_SMALL(the_edge_of_a_page_does_not_thrash),
    T_SMALL(a_page_given_back_serves_any_class),
    T_SMALL(a_small_arena_runs_out),
    T_SMALL(a_large_arena_runs_out),
    T_SMALL(random_cells_keep_their_bytes),
    T_SMALL(each_invariant_is_checked),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
