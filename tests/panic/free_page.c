/* SPDX-License-Identifier: MIT
 * free_page.c - a free run of pages is written to; it is refused when a page of it is asked for.
 * expect: a free page was written to
 * also: ^memory 0x[0-9a-f]{8}: free pages
 */
#include "arena.h"
#include "ouro.h"
#include "t.h"

int main(void)
{
    t_restart(SIZE_MAX);
    uint32_t page = arena_take(8), wall = arena_take(1);
    arena_give(page, 8);
    uint32_t *count = page_address(page);
    *count = 20;
    return arena_take_page() == wall;
}
