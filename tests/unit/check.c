/* SPDX-License-Identifier: MIT
 * check.c - the integrity check in pieces: each invariant that it judges is broken by hand and must
 * be named within one pass, whatever the pieces; blocks that it stands before are given back,
 * resized and die; and no call takes longer than it says. */
#include "collector.h"

#include <string.h>

#include "block_bins.h"
#include "invariant.h"
#include "ouro.h"
#include "pageset.h"
#include "quarantine.h"
#include "t.h"

/* A whole pass in pieces of so many units. */
static const char *pass(uint32_t units)
{
    const char *broken;
    enum ouro_check_status status;
    for (uint32_t calls = 0; (status = ouro_check(units, &broken)) == OURO_CHECK_GOES_ON; calls++)
        if (!T_CHECK(calls < 100000)) return "no end";
    T_EQ(status == OURO_CHECK_BROKEN, broken != NULL);
    return broken;
}

static bool is_intact(void)
{
    return t_is_intact(pass(1)) && t_is_intact(pass(7)) && t_is_intact(pass(100000));
}

static bool names(const char *id) { return t_names(pass(1), id) && t_names(pass(100000), id); }

/* ---- what is broken is found ---- */

static void tables_and_runs(void)
{
    struct arena *arena = &ouro_heap->arena;
    ouro_ref text[20]; /* each has a page of its own */
    char *buffer;
    for (unsigned i = 0; i < T_COUNT(text); i++) text[i] = ouro_str_alloc(480, &buffer);
    uint32_t first = page_number(text[0]);
    for (unsigned i = 2; i < 18; i += 4) {
        ouro_decref(text[i]);
        ouro_decref(text[i + 1]);
    }
    quarantine_flush();
    while (pool_tidy(0) > 0) {}
    T_EQ(ouro_heap->runs.pages_free, 8);
    is_intact();
    struct {
        uint32_t count, next, prev;
    } *run = page_address(first + 14); /* the last of its bin */
    T_BREAK("H1", arena->side, arena->side + 1);
    T_BREAK("A1", ouro_heap->runs.bins, ouro_heap->runs.bins | 1u << 9);
    T_BREAK("A1", ouro_heap->runs.run[1], 0);
    T_BREAK("A2", run->count, 0);
    T_BREAK("A2", run->next, arena->mark + 2);
    T_BREAK("A3", run->count, 5);
    T_BREAK("A4", run->prev, run->prev - 4);
    T_BREAK("A5", *((uint32_t *)page_address(first + 16) - 1), 3);
    T_BREAK("A7", arena->side[first + 16], PAGE_FREE);
    for (unsigned i = 0; i < T_COUNT(text); i++)
        if (i % 4 < 2) ouro_decref(text[i]);
}

BLIND static void blocks(void)
{
    struct blocks *blocks = &ouro_heap->blocks;
    uint8_t *block[7];
    for (unsigned i = 0; i < T_COUNT(block); i++) block[i] = ouro_mem_alloc(100);
    for (unsigned i = 1; i < T_COUNT(block); i += 2) ouro_mem_free(block[i]);
    quarantine_flush();
    is_intact();
    struct free_block *first = (struct free_block *)(void *)block[5], *second = first->next;
    if (!T_CHECK((uint8_t *)second == block[3])) return;
    uint32_t *header = (uint32_t *)(void *)second - 1, *last = (uint32_t *)(void *)block[2] - 2;
    uint32_t *next_header = (uint32_t *)(void *)block[2] - 1;
    T_BREAK("B1", blocks->exact, blocks->exact | 1u << 8);
    T_BREAK("B2", ((uint32_t *)(void *)first)[-1], 0);
    T_BREAK("B3", first->back, &second->next);
    T_BREAK("B3", second->back, second);
    T_BREAK("B3", second->next, NULL);
    T_BREAK("B3", second->next, first);
    T_BREAK("B3", second->next, (struct free_block *)(uintptr_t)0x55555555u);
    T_BREAK("B5", *next_header, *next_header ^ 1u << 25);
    T_BREAK("B6", *next_header, *next_header ^ BLOCK_BEFORE_FREE);
    T_BREAK("B7", *next_header, *next_header ^ BLOCK_FREE);
    T_BREAK("B8", *last, 5);
    T_BREAK("B9", blocks->bottom, block[5]);
    T_BREAK("B5", *header, *header ^ 0xff000000u);
    if (OURO_CHECK >= 2) {
        T_BREAK("B11", ((uint32_t *)(void *)second)[8], 0);
        T_BREAK("B12", block[2][100], 1);
        T_BREAK("B12", block[2][103], 1);
    }
    for (unsigned i = 0; i < T_COUNT(block); i += 2) ouro_mem_free(block[i]);
}

static void cells_and_objects(void)
{
    ouro_gc_disable();
    ouro_ref list = ouro_list_new(), real = ouro_float_new(0.5), other = ouro_float_new(1.5);
    void *block = ouro_mem_alloc(100);
    T_EQ(ouro_list_append(list, real), 0);
    ouro_decref(real); /* the list's alone */
    is_intact();
    struct page *page = page_of(real);
    T_BREAK("P1", page->word, page->word | PAGE_USED_MASK);
    T_BREAK("P4", page->word, page->word - PAGE_USED_ONE);
    T_BREAK("G1", page->word, page->word ^ 1u << (PAGE_SETS_SHIFT + 2));
    T_BREAK("G1", page_of(list)->word, page_of(list)->word ^ PAGE_JOINING);
    T_BREAK("P6", page->word, page->word ^ PAGE_FULL);
    T_BREAK("P8", page->word, page->word ^ 1u << PAGE_CLASS_SHIFT);
    T_BREAK("P10", ouro_heap->pools[page->class].current, NULL);
    T_BREAK("O1", list->type_gc, 0);
    T_BREAK("O1", list->type_gc, 0xffffffffu);
    T_BREAK("O2", list->count_flags, list->count_flags | FLAG_LABEL);
    T_BREAK("O3", real->count_flags, OURO_COUNT_ONE | (uint32_t)GEN1 << FLAG_LABEL_SHIFT);
    ouro_ref *field = slot(*slot(list, 1), 0);
    if (!T_CHECK(*field == real)) return;
    T_BREAK("O4", *field, (ouro_ref)(void *)((uint8_t *)real + 8));
    T_BREAK("O4", *field, block);
    T_BREAK("O4", *field, page_of(real));
    T_BREAK("O5", real->count_flags, real->count_flags | FLAG_DEAD);
    T_BREAK("O6", other->count_flags, other->count_flags - OURO_COUNT_ONE);
    T_BREAK("G3", list->count_flags, list->count_flags | FLAG_LIVE);
    T_BREAK("G2", list->count_flags,
            (list->count_flags & ~(uint32_t)FLAG_LABEL) | (uint32_t)GEN2 << FLAG_LABEL_SHIFT);
    ouro_mem_free(block);
    ouro_decref(other);
    ouro_decref(list);
}

static void free_cells(void)
{
    ouro_ref cell[6];
    for (unsigned i = 0; i < T_COUNT(cell); i++) cell[i] = ouro_float_new(i);
    ouro_decref(cell[1]);
    ouro_decref(cell[4]);
    quarantine_flush();
    ouro_port_unpoison(cell[1], sizeof *cell[1]);
    ouro_port_unpoison(cell[4], sizeof *cell[4]);
    is_intact();
    T_BREAK("P3", cell[4]->count_flags, cell[4]->count_flags + OURO_COUNT_ONE);
    T_BREAK("P3", cell[4]->type_gc, cell[4]->type_gc + 1);
    T_BREAK("P2", page_of(cell[4])->word, page_of(cell[4])->word + 1);
    for (unsigned i = 0; i < T_COUNT(cell); i++)
        if (i != 1 && i != 4) ouro_decref(cell[i]);
}

/* ---- the heap changes under the check ---- */

/* Whatever it stands before is given back. */
static void a_block_under_the_check_may_go(void)
{
    enum { BLOCKS = 40 };
    for (unsigned how = 0; how < 4; how++) {
        const char *broken = NULL;
        ouro_ref text[BLOCKS];
        char *buffer;
        unsigned hit = 0;
        for (unsigned i = 0; i < BLOCKS; i++) text[i] = ouro_str_alloc(600, &buffer);
        void *raw[BLOCKS];
        for (unsigned i = 0; i < BLOCKS; i++) raw[i] = ouro_mem_alloc(20 + i * 8);
        while (ouro_check(1, &broken) == OURO_CHECK_GOES_ON) {
            for (unsigned i = 0; i < BLOCKS; i++) {
                if (raw[i] && raw[i] == ouro_heap->blocks.pin && (how & 1u || i % 2)) {
                    if (how < 2)
                        ouro_mem_free(raw[i]);
                    else
                        raw[BLOCKS - 1 - i] = raw[i] = ouro_mem_resize(raw[i], 700);
                    if (how < 2) raw[i] = NULL;
                    hit++;
                } else if ((uint8_t *)text[i] == ouro_heap->blocks.pin && i % 3) {
                    ouro_decref(text[i]);
                    text[i] = NULL;
                    hit++;
                }
                if (ouro_diag_verify()) T_TEXT(ouro_diag_verify(), "intact");
            }
        }
        T_CHECK(broken == NULL && hit > 5);
        t_restart(SIZE_MAX);
    }
}

static void pages_under_the_check_may_go(void)
{
    enum { CELLS = 400 };
    ouro_ref cell[CELLS];
    const char *broken;
    for (unsigned round = 0; round < 50; round++) {
        for (unsigned i = 0; i < CELLS; i++) cell[i] = ouro_float_new(i);
        for (unsigned i = 0; i < 4 * round; i++)
            if (!T_CHECK(ouro_check(3, &broken) != OURO_CHECK_BROKEN)) return;
        for (unsigned i = 0; i < CELLS; i++) ouro_decref(cell[i * 7 % CELLS]);
        t_is_intact(pass(round + 1));
    }
}

/* ---- cost ---- */

static uint32_t longest;

static void measure(uint32_t units, uint32_t a_unit, uint32_t more)
{
    enum ouro_check_status status = OURO_CHECK_GOES_ON;
    const char *broken;
    while (status == OURO_CHECK_GOES_ON) {
        uint64_t start = ouro_port_instructions();
        status = ouro_check(units, &broken);
        uint64_t spent = ouro_port_instructions() - start;
        if (spent > longest) longest = (uint32_t)spent;
        T_CHECK(spent <= units * a_unit + more);
    }
    t_note("units", units);
    t_note("longest call, instructions", longest);
}

/* Lists, a dict, cells of all classes, large texts, free blocks and free runs. */
static void no_call_takes_long(void)
{
    ouro_ref all = ouro_list_new(), keep = ouro_list_new();
    for (unsigned i = 0; i < 1500; i++) {
        char *buffer;
        ouro_ref text = ouro_str_alloc(1 + i * 37 % 900, &buffer), list = ouro_list_new();
        memset(buffer, 'x', 1 + i * 37 % 900);
        for (unsigned j = 0; j < i % 18; j++) (void)ouro_list_append(list, text);
        (void)ouro_list_append(i % 2 ? all : keep, list);
        ouro_decref(text);
        ouro_decref(list);
    }
    ouro_decref(all);
    longest = 0;
    for (uint32_t units = 1; units < 1000; units *= 10)
        measure(units, 30, OURO_CHECK >= 2 ? 1900 : 1800);
    ouro_decref(keep);
}

static const struct t_test tests[] = {
    T_TEST(tables_and_runs),
    T_TEST(blocks),
    T_TEST(cells_and_objects),
    T_TEST(free_cells),
    T_TEST(a_block_under_the_check_may_go),
    T_TEST(pages_under_the_check_may_go),
    T_TEST(no_call_takes_long),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
