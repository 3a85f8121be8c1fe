/* SPDX-License-Identifier: MIT
 * 06-manager.c - the manager keeps pools of cells, and gives empty pages back. */
#include <string.h>

#include "lesson.h"

enum { STRINGS = 1000 };

/* str("String ") + str(i) */
static ouro_ref numbered(int i)
{
    char text[32] = "String ";
    size_t bytes = strlen(text);

    bytes += ouro_format_int(text + bytes, i);
    return ouro_str_new(text, bytes);
}

static ouro_ref make_strings(void)
{
    ouro_ref objects = ouro_list_new();
    for (int i = 0; i < STRINGS; i++) append(objects, numbered(i));
    return objects;
}

static unsigned pool_pages(void)
{
    struct ouro_mem_stats stats;
    ouro_diag_mem(&stats);
    return stats.pages_pool;
}

static unsigned free_cells(void)
{
    struct ouro_pool_stats pool;
    unsigned sum = 0;
    for (unsigned i = 0; ouro_diag_pool(i, &pool); i++) sum += pool.cells_free;
    return sum;
}

static void show_memory(const char *when)
{
    note("%s: %u bytes in use, on %u pages with %u free cells", when, used_bytes(), pool_pages(),
         free_cells());
}

static void show_pools(void)
{
    struct ouro_pool_stats pool;
    char label[24];

    note("A page has cells of one size.  In use:");
    for (unsigned i = 0; ouro_diag_pool(i, &pool); i++) {
        if (pool.pages == 0) continue;
        memcpy(label, "cells of ", 10);
        size_t bytes = strlen(label);
        bytes += ouro_format_int(label + bytes, pool.cell_bytes);
        label[bytes] = '\0';
        bar(label, pool.cells_used, STRINGS);
    }
}

/* Section 6, block 1. */
static void a_thousand_strings(void)
{
    tell("Small objects live in cells on pages, so that making one takes no search:");
    show_memory("before");
    enter("objects = []");
    enter("for i in range(1000):\n"
          "    objects.append('String ' + str(i))");
    unsigned before = instructions();
    ouro_ref objects = make_strings();
    unsigned first = instructions() - before;
    show_memory("with them");
    enter("print(len(objects), objects[999])");
    say("%d %s", (int)ouro_list_len(objects), ouro_str_bytes(ouro_list_get(objects, 999), NULL));
    show_pools();
    unsigned high = pool_pages();
    uintptr_t place = ouro_diag_id(ouro_list_get(objects, 0));

    enter("objects = None");
    drop(objects);
    show_memory("after");
    note("Python would keep much of that from the operating system.  Here an empty\n"
         "page serves cells of any size at once, or a large block; but for one of\n"
         "each size, which stays a pool for what is made next.");
    CHECK_MEMORY(high > 40 && pool_pages() < 8);

    tell("Memory that was used before is used again:");
    enter("objects = ['String ' + str(i) for i in range(1000)]");
    before = instructions();
    objects = make_strings();
    unsigned second = instructions() - before;
    enter("print(objects[0])");
    say("%s", ouro_str_bytes(ouro_list_get(objects, 0), NULL));
    note("first at %x, now at %x; %u instructions a string, now %u.", place,
         ouro_diag_id(ouro_list_get(objects, 0)), first / STRINGS, second / STRINGS);
    CHECK_MEMORY(pool_pages() == high);
    drop(objects);
}

static void pools_keep_cells(void)
{
    tell("A page goes back only when all its cells are free.  Keep every 20th string:");
    ouro_ref objects = make_strings();
    unsigned high = pool_pages();
    enter("objects = ['String ' + str(i) for i in range(1000)]");
    show_memory("all");
    enter("objects = objects[::20]");
    ouro_ref step = ouro_slice_new(OURO_NONE, OURO_NONE, ouro_int_new(20));
    ouro_ref kept = ouro_slice_of(objects, step);
    ouro_decref(step);
    drop(objects);
    show_memory("every 20th");
    enter("print(len(objects))");
    say("%d", (int)ouro_list_len(kept));
    note("%u of %u pages are held, each by a few strings: fragmentation.", pool_pages(), high);
    CHECK_MEMORY(free_cells() > 500 && pool_pages() < high);
    drop(kept);
}

static void large_blocks(void)
{
    struct ouro_mem_stats stats;

    tell("What is larger than a page is a block of its own:");
    enter("large = 'x' * 10000");
    char *buffer;
    ouro_ref large = ouro_str_alloc(10000, &buffer);
    memset(buffer, 'x', 10000);
    ouro_diag_mem(&stats);
    note("%u bytes at %x, far from the pages", (unsigned)ouro_diag_sizeof(large),
         ouro_diag_id(large));
    enter("print(len(large))");
    say("%d", (int)ouro_len(large));
    CHECK(stats.pages_large > 0 && ouro_diag_sizeof(large) > 10000);
    drop(large);
}

LESSON(6, "pools of cells, and pages given back")
{
    a_thousand_strings();
    pools_keep_cells();
    large_blocks();
}
