/* SPDX-License-Identifier: MIT
 * pageset.c - the four sets of pages against plain arrays of bits.
 *
 * Sets only know pages below the mark; a single run of all pages brings the mark up. */
#include "pageset.h"

#include <string.h>

#include "arena.h"
#include "ouro.h"
#include "t.h"

enum { MOST_PAGES = 32768, ALL_SETS = (1u << PAGE_SETS) - 1u };

static uint8_t shadow[MOST_PAGES]; /* a bit a set */

/* Take every page of an arena that held rubbish before.  Returns the number of pages. */
static uint32_t begin(size_t bytes)
{
    size_t all = (size_t)((uintptr_t)ouro_arena_end - (uintptr_t)ouro_arena_start);
    if (bytes > all) bytes = all;
    ouro_port_unpoison(ouro_arena_start, bytes);
    memset(ouro_arena_start, 0xff, bytes);
    t_restart(bytes);
    memset(shadow, 0, sizeof shadow);
    uint32_t pages = ouro_heap->arena.pages;
    T_EQ(arena_take(pages), 0);
    memset(ouro_heap->arena.side, PAGE_TAIL, pages);
    return pages;
}

static uint32_t next_in_shadow(uint32_t sets, uint32_t from, uint32_t pages)
{
    while (from < pages && !(shadow[from] & sets)) from++;
    return from < pages ? from : NO_PAGE;
}

static void sets_begin_empty(void)
{
    uint32_t pages = begin(SIZE_MAX);
    T_EQ(pageset_next(ALL_SETS, 0), NO_PAGE);
    for (uint32_t page = 0; page < pages; page += 13)
        if (!T_CHECK(!pageset_holds(ALL_SETS, page))) break;
    arena_give(0, pages);
}

/* Alone in its word, its middle word and its root. */
static void single_pages_are_found_from_anywhere(void)
{
    static const uint32_t at[] = {0, 1, 31, 32, 33, 63, 1023, 1024, 1055, 2047, 16384, 32639};
    uint32_t pages = begin(SIZE_MAX);
    for (unsigned i = 0; i < T_COUNT(at); i++) {
        if (at[i] >= pages) continue;
        unsigned set = i % PAGE_SETS;
        pageset_insert(set, at[i]);
        T_EQ(pageset_next(1u << set, 0), at[i]);
        T_EQ(pageset_next(ALL_SETS, at[i]), at[i]);
        T_EQ(pageset_next(ALL_SETS, at[i] + 1), NO_PAGE);
        T_EQ(pageset_next(ALL_SETS & ~(1u << set), 0), NO_PAGE);
        T_CHECK(pageset_holds(1u << set, at[i]));
        T_CHECK(!pageset_holds(ALL_SETS & ~(1u << set), at[i]));
        pageset_remove(ALL_SETS, at[i]);
        T_EQ(pageset_next(ALL_SETS, 0), NO_PAGE);
    }
    arena_give(0, pages);
}

static void pages_past_the_mark_are_in_no_set(void)
{
    uint32_t pages = begin(64 * 1024);
    T_EQ(pageset_next(ALL_SETS, pages), NO_PAGE);
    T_EQ(pageset_next(ALL_SETS, NO_PAGE), NO_PAGE);
    T_CHECK(!pageset_holds(ALL_SETS, pages));
    arena_give(0, pages);
    T_EQ(pageset_next(ALL_SETS, 0), NO_PAGE);
}

static void random_sets(size_t bytes, uint32_t span)
{
    uint32_t pages = begin(bytes), rng = t_seed() * 2654435761u + 7;
    if (span > pages) span = pages;
    for (unsigned turn = 0; turn < 20000; turn++) {
        rng = rng * 1664525u + 1013904223u;
        uint32_t page = (rng >> 9) % span * (pages / span), sets = rng >> 5 & ALL_SETS;
        if (turn % 400 < 250) {
            unsigned set = rng >> 28 & (PAGE_SETS - 1);
            pageset_insert(set, page);
            shadow[page] |= (uint8_t)(1u << set);
        } else {
            pageset_remove(sets, page);
            shadow[page] &= (uint8_t)~sets;
        }
        if (!T_EQ(pageset_holds(sets, page), (shadow[page] & sets) != 0)) return;
        if (turn % 32) continue;
        for (uint32_t at = 0;; at++) { /* all of a union, in order */
            uint32_t want = next_in_shadow(sets, at, pages);
            at = pageset_next(sets, at);
            if (!T_EQ(at, want)) return;
            if (at == NO_PAGE) break;
        }
    }
    t_restart(SIZE_MAX);
}

static void crowded_sets(void) { random_sets(32 * 1024, MOST_PAGES); }
static void sparse_sets(void) { random_sets(1024 * 1024, 40); }

static const struct t_test tests[] = {
    T_TEST(sets_begin_empty),
    T_TEST(single_pages_are_found_from_anywhere),
    T_TEST(pages_past_the_mark_are_in_no_set),
    T_TEST(crowded_sets),
    T_TEST(sparse_sets),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
