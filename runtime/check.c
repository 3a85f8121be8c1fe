/* SPDX-License-Identifier: MIT
 * check.c - the integrity check in pieces: what ouro_diag_verify() looks at that can be judged
 * from where it stands, over as many calls as it takes, while the program runs on in between.
 *
 * A pass looks at the tables of struct heap, then at everything in the order of the pages.  It may
 * stop in two kinds of places, which the program cannot take from under it: before a cell of a
 * page, named by numbers, since pages of pools are told by the side table whatever becomes of them;
 * and before a block in use, which is pinned: giving a pinned block back takes the slow way and
 * moves the pin on (block_unpin).  So nothing here costs a program anything that does not use it.
 * Sums over the whole heap (A9, B10, G5.., M1, M2) are left to ouro_diag_verify(). */
#include "collector.h"
#include "ouro/diag.h"
#include "pageset.h"
#include "verify.h"

enum {
    TABLES = 1 + RUN_BINS + BINS, /* the words that never change, bins of runs, bins of blocks */
    WORDS_A_UNIT = 8,             /* of poison and red zones */
    OBJECT_UNITS = 6,             /* without its slots */
    SLOT_UNITS = 3,
};

struct piece {
    struct check *check;
    uint32_t units, limit;
    bool is_at_start; /* something ended right before the cursor's page: its kind can be believed */
};

static const char *blame(const void *address, const char *broken)
{
    if (broken) ouro_heap->suspect = address;
    return broken;
}

static const char *table_check(uint32_t i)
{
    if (i == 0) return heap_seal() == ouro_heap->seal ? NULL : "H1: words that never change";
    i--;
    return i < RUN_BINS ? arena_verify_bin(i) : block_verify_bin(i - RUN_BINS);
}

static void move_to(struct piece *piece, uint32_t page)
{
    piece->check->page = page;
    piece->check->cell = 0;
    piece->is_at_start = true;
}

/* ---- cells ---- */

static const char *cell_check(struct piece *piece, ouro_ref o, unsigned class)
{
    struct totals totals = {0};
    piece->units += 2;
    if (OURO_CHECK >= 2) piece->units += 4 + pool_cell_bytes[class] / (4 * WORDS_A_UNIT);
    if (is_free_cell(peek_word(&o->count_flags))) return pool_verify_free(o, class);
    const char *broken = verify_object(o, &totals);
    if (broken) return broken;
    uint32_t slots = (uint32_t)__builtin_popcount(type_of(o)->refs);
    piece->units += OBJECT_UNITS + SLOT_UNITS * slots;
    return NULL;
}

static const char *page_check(struct piece *piece)
{
    struct check *check = piece->check;
    unsigned class = class_of(check->page);
    struct page *page = page_address(check->page);
    if (check->cell == 0) {
        piece->units += 8u + pool_cells[class]; /* the list is followed in one go */
        const char *broken = pool_verify_page(check->page);
        if (broken) return blame(page, broken);
        check->cell = 1;
    }
    while (check->cell <= page->carved) {
        if (piece->units >= piece->limit) return NULL;
        ouro_ref o = page_cell(page, class, check->cell - 1);
        const char *broken = cell_check(piece, o, class);
        if (broken) return blame(o, broken);
        check->cell++;
    }
    move_to(piece, check->page + 1);
    return NULL;
}

/* ---- blocks ---- */

static const char *block_check(struct piece *piece, uint8_t *block, bool was_free)
{
    struct totals totals = {0};
    const char *broken = block_verify_one(block, was_free);
    piece->units += 4 + (OURO_CHECK >= 2 ? 4 : 0);
    if (!broken && block_is_object(block)) {
        piece->units += OBJECT_UNITS;
        broken = verify_object((ouro_ref)(void *)block, &totals);
    }
    return blame(block, broken);
}

/* From a block to the end of its region, or to a block in use where the budget ends. */
static const char *blocks_check(struct piece *piece, uint8_t *block)
{
    bool was_free = (block_header(block) & BLOCK_BEFORE_FREE) != 0;
    for (;;) {
        const char *broken = block_check(piece, block, was_free);
        if (broken) return broken;
        if (!block_bytes(block)) break;
        was_free = (block_header(block) & BLOCK_FREE) != 0;
        block = block_next(block);
        bool is_noted = was_free == ((block_header(block) & BLOCK_BEFORE_FREE) != 0); /* or B6 */
        if (piece->units >= piece->limit && is_noted && block_pin(block)) return NULL;
    }
    move_to(piece, page_number(block + PAGE_BYTES - 1));
    return NULL;
}

/* ---- the pass ---- */

/* The page under the cursor belongs to nothing that can be told: it changed since the last call, or
 * it is in the middle of something. */
static void skip(struct piece *piece)
{
    struct check *check = piece->check;
    piece->units += 2;
    check->page = arena_describes(check->page) ? check->page + 1 : (check->page | 31u) + 1;
    check->cell = 0;
}

static bool is_run(const struct piece *piece)
{
    uint32_t page = piece->check->page;
    return piece->is_at_start && !ouro_heap->blocks.pin && arena_describes(page) &&
           ouro_heap->arena.side[page] == PAGE_FREE;
}

static const char *run_check(struct piece *piece)
{
    uint32_t page = piece->check->page;
    const char *broken = arena_verify_run(page);
    piece->units += 2;
    if (!broken) move_to(piece, page + arena_run_pages(page));
    return blame(page_address(page), broken);
}

static const char *advance(struct piece *piece)
{
    struct check *check = piece->check;
    const struct arena *arena = &ouro_heap->arena;
    if (check->table < TABLES) {
        piece->units += 2;
        piece->is_at_start = true;
        return blame(ouro_heap, table_check(check->table++));
    }
    uint8_t *block = block_unpin();
    if (block) return blocks_check(piece, block);
    if (!check->is_in_zone && check->page >= arena->mark) {
        check->is_in_zone = true;
        move_to(piece, arena->mark);
        piece->is_at_start = false; /* of blocks, whatever the side table says of that page */
    }
    if (page_is_pool(check->page)) return page_check(piece);
    if (is_run(piece)) return run_check(piece);
    if (check->page == arena->mark || arena_describes(check->page))
        block = block_first(check->page);
    if (check->page == arena->mark && (block_header(block) & BLOCK_FREE))
        return blame(block, "B9: free block at bottom");
    if (block) return blocks_check(piece, block);
    skip(piece);
    return NULL;
}

enum ouro_check_status ouro_check(uint32_t units, const char **broken)
{
    struct check *check = &ouro_heap->check;
    struct piece piece = {.check = check, .limit = units};
    enum ouro_check_status status = OURO_CHECK_GOES_ON;
    *broken = NULL;
    while (status == OURO_CHECK_GOES_ON && (piece.units < units || is_run(&piece))) {
        *broken = advance(&piece);
        if (*broken)
            status = OURO_CHECK_BROKEN;
        else if (check->is_in_zone && !ouro_heap->blocks.pin &&
                 check->page >= ouro_heap->arena.pages)
            status = OURO_CHECK_PASSED;
    }
    if (status != OURO_CHECK_GOES_ON) {
        (void)block_unpin();
        *check = (struct check){0};
    }
    return status;
}
