/* SPDX-License-Identifier: MIT
 * 01-memory.c - memory as numbered cells: the arena, drawn. */
#include "lesson.h"

static void the_arena(void)
{
    struct ouro_mem_stats mem;

    ouro_diag_mem(&mem);
    tell("Memory is a row of numbered cells.  All that objects live in here is one block,\n"
         "the arena, cut into pages of %u bytes:",
         (unsigned)mem.page_bytes);
    note("from %x to %x: %u bytes, %u pages", (uintptr_t)ouro_arena_start,
         (uintptr_t)ouro_arena_start + mem.arena_bytes, (unsigned)mem.arena_bytes,
         (unsigned)mem.pages);
    bar("the runtime's tables", (unsigned)mem.control_bytes, (unsigned)mem.arena_bytes);
    bar("in use", (unsigned)mem.used_bytes, (unsigned)mem.arena_bytes);
    bar("lost between cells", (unsigned)mem.lost_bytes, (unsigned)mem.arena_bytes);
    bar("free", (unsigned)mem.free_bytes, (unsigned)mem.arena_bytes);
    CHECK(mem.arena_bytes == mem.control_bytes + mem.used_bytes + mem.lost_bytes + mem.free_bytes);
}

/* Section 1, block 1. */
static void a_value_and_its_name(void)
{
    tell("A value needs a place to live, and a name that leads there:");
    enter("x = 42");
    unsigned before = used_bytes();
    ouro_ref x = ouro_int_new(42);
    enter("print(x)");
    say("%r", x);
    note("%u bytes: an int this small is kept in the reference itself.", used_bytes() - before);
    CHECK(used_bytes() == before);
    enter("x = 42.5");
    x = ouro_float_new(42.5);
    enter("print(x)");
    say("%r", x);
    note("%u bytes, the first of which has the number %x:", used_bytes() - before, (uintptr_t)x);
    draw_page(x);
    CHECK_MEMORY(used_bytes() - before == ouro_diag_sizeof(x));
    CHECK((uintptr_t)x >= (uintptr_t)ouro_arena_start && (uintptr_t)x < (uintptr_t)ouro_arena_end);
    drop(x);
    CHECK(used_bytes() == before);
}

static void cells_are_used_again(void)
{
    ouro_ref x[5];

    tell("The manager of the building knows which cells are taken:");
    enter("x = [0.5, 1.5, 2.5, 3.5, 4.5]");
    for (int i = 0; i < 5; i++) x[i] = ouro_float_new(i + 0.5);
    draw_page(x[0]);
    enter("x[1] = x[3] = None");
    drop(x[1]);
    drop(x[3]);
    draw_page(x[0]);
    enter("print(x[2])");
    say("%r", x[2]);
    enter("y = 5.5");
    ouro_ref y = ouro_float_new(5.5);
    draw_page(x[0]);
    note("y is at %x, where x[3] was: the cell given back last is the next\n"
         "to be taken.  f: a float  .: free again  -: never used",
         (uintptr_t)y);
    CHECK_MEMORY(y == x[3]);
    enter("print(y)");
    say("%r", y);
    drop(x[0]);
    drop(x[2]);
    drop(x[4]);
    drop(y);
}

LESSON(1, "memory as numbered cells")
{
    the_arena();
    a_value_and_its_name();
    cells_are_used_again();
}
