/* SPDX-License-Identifier: MIT
 * free_page_link.c - the link of a free run to the next one leads out of the arena; the pages
 * before it are given back.
 * expect: a free page was written to
 * also: ^memory 0x[0-9a-f]{8}: free pages
 */
#include "arena.h"
#include "ouro.h"
#include "t.h"

int main(void)
{
    t_restart(SIZE_MAX);
    uint32_t before = arena_take(8), page = arena_take(8), wall = arena_take(1);
    arena_give(page, 8);
    ((uint32_t *)page_address(page))[1] = 0x10000000;
    arena_give(before, 8);
    return arena_take(8) == wall;
}
