/* SPDX-License-Identifier: MIT
 * paths.c - the common paths keep to so many instructions, and no call of the allocator to more.
 *
 * A pair is made and dropped in the current page, in another page, and while pages fill, empty and
 * change their lists, with the collector off.  What make bench prints as alloc.* and release.* is
 * held here, each call on its own.  On the board whose instructions the figures are in. */
#include <string.h>

#include "ouro.h"
#include "pair.h"
#include "t.h"

enum { MANY = 2000, OF_A_PAGE = 504 / sizeof(struct pair) };
enum {
    CLOCK = 2, /* what the compiler may put between a call and the clock's two reads */
    ALLOC_FAST = 40 + CLOCK,
    RELEASE_FAST = 40 + CLOCK,
    RELEASE_ELSEWHERE = 58 + CLOCK,
    ALLOC_MAX = 150 + CLOCK,
    ALLOC_JOINING = 190 + CLOCK,
    RELEASE_MAX = 112 + CLOCK,
};

static ouro_ref held[MANY];
static uint32_t overhead;

static bool is_measured(void)
{
    enum { READS = 1000 };
    overhead = READS / 2;
    for (unsigned i = 0; i < READS; i++) {
        uint64_t start = ouro_port_instructions();
        overhead += (uint32_t)(ouro_port_instructions() - start);
    }
    overhead /= READS;
    bool is = strcmp(ouro_port_board, "mps2-an385") == 0 && OURO_CHECK < 2;
    if (!is) t_skip("counted on mps2-an385, at CHECK=0 and 1");
    ouro_gc_disable();
    return is;
}

/* Instructions of one call, for held[i]. */
static uint32_t made(unsigned i)
{
    uint64_t start = ouro_port_instructions();
    ouro_ref pair = ouro_obj_new(&pair_type);
    uint64_t end = ouro_port_instructions();
    held[i] = pair;
    return (uint32_t)(end - start) - overhead;
}
static uint32_t dropped(unsigned i)
{
    ouro_ref pair = held[i];
    held[i] = NULL;
    uint64_t start = ouro_port_instructions();
    ouro_decref(pair);
    return (uint32_t)(ouro_port_instructions() - start) - overhead;
}

static void is_within(const char *what, uint32_t most, uint32_t limit)
{
    t_note(what, most);
    T_CHECK(most <= limit);
}

static uint32_t longer(uint32_t one, uint32_t other) { return one > other ? one : other; }

static void the_current_page_is_fast(void)
{
    if (!is_measured()) return;
    uint32_t alloc = 0, release = 0;
    for (unsigned i = 0; i < OF_A_PAGE; i++) (void)made(i);
    for (unsigned i = 0; i < OF_A_PAGE; i++) (void)dropped(i);
    for (unsigned round = 0; round < 10; round++) {
        for (unsigned i = 1; i < OF_A_PAGE; i++) alloc = longer(alloc, made(i));
        for (unsigned i = 1; i < OF_A_PAGE; i++) release = longer(release, dropped(i));
    }
    is_within("made", alloc, ALLOC_FAST);
    is_within("dropped", release, RELEASE_FAST);
}

static void the_cell_just_freed_is_the_next(void)
{
    for (unsigned i = 0; i < OF_A_PAGE; i++) held[i] = ouro_obj_new(&pair_type);
    enum { LAST = OF_A_PAGE - 1 }; /* sure to be in the current page, as the one before */
    ouro_ref first = held[LAST - 1], second = held[LAST];
    ouro_decref(first);
    ouro_decref(second);
    held[LAST] = ouro_obj_new(&pair_type);
    held[LAST - 1] = ouro_obj_new(&pair_type);
    T_CHECK(OURO_CHECK >= 3 || (held[LAST] == second && held[LAST - 1] == first));
    for (unsigned i = 0; i < OF_A_PAGE; i++) ouro_decref(held[i]);
}

/* Neither the first nor the last of a page, which changes lists. */
static void another_page_costs_little_more(void)
{
    if (!is_measured()) return;
    uint32_t release = 0;
    for (unsigned i = 0; i < 4 * OF_A_PAGE; i++) (void)made(i);
    (void)dropped(0);
    for (unsigned i = 1; i < OF_A_PAGE - 2; i++) release = longer(release, dropped(i));
    is_within("dropped elsewhere", release, RELEASE_ELSEWHERE);
    for (unsigned i = 0; i < 4 * OF_A_PAGE; i++) ouro_xdecref(held[i]);
}

static void no_call_is_longer(void)
{
    if (!is_measured()) return;
    uint32_t alloc = 0, release = 0, state = t_seed();
    for (unsigned i = 0; i < MANY; i++) held[i] = NULL;
    for (unsigned turn = 0; turn < 60000; turn++) {
        state = state * 1664525u + 1013904223u;
        unsigned i = (turn / 20000) % 3 == 0 ? turn % MANY : (state >> 8) % MANY;
        if (held[i])
            release = longer(release, dropped(i));
        else
            alloc = longer(alloc, made(i));
    }
    is_within("made at worst", alloc, ALLOC_MAX);
    is_within("dropped at worst", release, RELEASE_MAX);
    for (unsigned i = 0; i < MANY; i++) ouro_xdecref(held[i]);
}

/* A cycle took all pages out of the nursery's set, and each has but one free cell: a call makes one
 * page the current one and lets the one before join. */
static void pages_join_one_a_call(void)
{
    if (!is_measured()) return;
    uint32_t alloc = 0;
    for (unsigned i = 0; i < MANY; i++) (void)made(i);
    ouro_gc_collect(2);
    for (unsigned i = 0; i < MANY - OF_A_PAGE; i += OF_A_PAGE) (void)dropped(i);
    for (unsigned i = 0; i < MANY - OF_A_PAGE; i += OF_A_PAGE) alloc = longer(alloc, made(i));
    is_within("made while pages join", alloc, ALLOC_JOINING);
    for (unsigned i = 0; i < MANY; i++) ouro_xdecref(held[i]);
}

static const struct t_test tests[] = {
    T_TEST(the_current_page_is_fast),       T_TEST(the_cell_just_freed_is_the_next),
    T_TEST(another_page_costs_little_more), T_TEST(no_call_is_longer),
    T_TEST(pages_join_one_a_call),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
