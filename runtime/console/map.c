/* SPDX-License-Identifier: MIT
 * map.c - `mem map`: the arena drawn as text, a character a page, and a page, a character a cell.
 *
 * The walk of ouro/diag.h tells the extents by address; here they are poured into pages.  A line
 * has 64 of them, 32 KiB; lines like the one before are counted and not printed, so that an arena
 * of 16 MiB stays readable.  Nothing is kept but two lines. */
#include "map.h"

#include <string.h>

#include "output.h"
#include "ouro/diag.h"

enum { COLUMNS = 64, NUMBER_COLUMNS = 6 };

/* ---- pages ---- */

enum { USED = 1, FREE = 2 }; /* what was seen of a page of blocks, a bit each */

struct map {
    char line[COLUMNS + 1], before[COLUMNS + 1];
    uint32_t page; /* the next to be drawn */
    uint32_t page_bytes;
    unsigned blocks; /* seen so far in that page */
    uint32_t folded; /* lines like the one before */
};

static void tell_folded(struct map *map)
{
    if (map->folded == 0) return;
    output_spaces(NUMBER_COLUMNS + 1);
    ouro_console_print("... ");
    ouro_console_print_int(map->folded);
    ouro_console_print(map->folded == 1 ? " more line like it\n" : " more lines like it\n");
    map->folded = 0;
}

static void end_line(struct map *map)
{
    uint32_t length = (map->page - 1) % COLUMNS + 1;
    map->line[length] = '\0';
    if (strcmp(map->line, map->before) == 0) {
        map->folded++;
        return;
    }
    tell_folded(map);
    ouro_console_print_padded(map->page - length, NUMBER_COLUMNS);
    ouro_console_print(" ");
    ouro_console_print(map->line);
    ouro_console_print("\n");
    memcpy(map->before, map->line, sizeof map->before);
}

static void draw(struct map *map, char mark)
{
    map->line[map->page++ % COLUMNS] = mark;
    map->blocks = 0;
    if (map->page % COLUMNS == 0) end_line(map);
}

static void draw_blocks(struct map *map)
{
    draw(map, map->blocks == USED ? 'B' : map->blocks == FREE ? '.' : 'b');
}

static char mark_of(const struct ouro_extent *extent)
{
    if (extent->kind == OURO_EXTENT_VIRGIN) return '-';
    if (extent->kind == OURO_EXTENT_PAGES) return '.';
    return extent->cells_used < extent->cells ? 'o' : 'O';
}

/* Blocks begin and end anywhere: the page that the last one ended in may still be open. */
static void pour(struct map *map, const struct ouro_extent *extent)
{
    uint32_t left = map->page_bytes - (uint32_t)((uintptr_t)extent->at % map->page_bytes);
    bool is_whole = extent->kind <= OURO_EXTENT_VIRGIN;
    if (map->page < extent->page) draw_blocks(map);
    for (size_t bytes = extent->bytes; bytes > 0; left = map->page_bytes) {
        size_t here = bytes < left ? bytes : left;
        bytes -= here;
        if (is_whole && here == map->page_bytes) {
            draw(map, mark_of(extent));
            continue;
        }
        map->blocks |= is_whole || extent->kind == OURO_EXTENT_FREE_BLOCK ? FREE : USED;
        if (here == left) draw_blocks(map);
    }
}

void map_print(void)
{
    struct ouro_mem_stats stats;
    struct ouro_extent extent = {0};
    ouro_diag_mem(&stats);
    struct map map = {.page_bytes = stats.page_bytes};
    ouro_console_print_int(stats.pages);
    ouro_console_print(" pages of ");
    ouro_console_print_int(stats.page_bytes);
    ouro_console_print(" bytes, a character each; 'mem map PAGE' shows one\n"
                       "  O cells, all in use   o cells, some free   . free\n"
                       "  B blocks in use       b blocks, some free  - never used\n");
    while (ouro_diag_next(&extent)) pour(&map, &extent);
    if (map.page < stats.pages) draw_blocks(&map); /* the last one ends where the arena does */
    if (map.page % COLUMNS > 0) end_line(&map);
    tell_folded(&map);
}

/* ---- a page ---- */

static char mark_of_cell(const struct ouro_cell *cell)
{
    if (!cell->type) return cell->is_virgin ? '-' : '.';
    if (cell->is_dead) return '+';
    char initial = cell->type->name[0];
    bool is_capital = cell->type->is_hidden && initial >= 'a' && initial <= 'z';
    return is_capital ? (char)(initial - 'a' + 'A') : initial;
}

static void print_cells(const struct ouro_extent *page)
{
    struct ouro_cell cell;
    ouro_console_print("  ");
    ouro_console_print_int(page->cells_used);
    ouro_console_print(" of ");
    ouro_console_print_int(page->cells);
    ouro_console_print(" cells of ");
    ouro_console_print_int(page->cell_bytes);
    ouro_console_print(" bytes are in use\n  ");
    for (unsigned i = 0; ouro_diag_cell(page, i, &cell); i++) {
        char mark = mark_of_cell(&cell);
        ouro_console_write(NULL, &mark, 1);
    }
    ouro_console_print(
        "\n  a letter: initial of the object's type, a capital: part of a container\n"
        "  + dead   . free   - never used\n");
}

static void print_extent(const struct ouro_extent *extent)
{
    static const char *const names[] = {
        [OURO_EXTENT_PAGES] = "free pages",
        [OURO_EXTENT_VIRGIN] = "never used",
        [OURO_EXTENT_BLOCK] = "block in use",
        [OURO_EXTENT_FREE_BLOCK] = "free block",
    };
    if (extent->kind == OURO_EXTENT_CELLS) {
        print_cells(extent);
        return;
    }
    ouro_console_print("  0x");
    ouro_console_print_hex((uintptr_t)extent->at, 8);
    ouro_console_print_padded(extent->bytes, 10);
    ouro_console_print(" bytes  ");
    ouro_console_print(extent->kind == OURO_EXTENT_OBJECT ? extent->type->name
                                                          : names[extent->kind]);
    ouro_console_print("\n");
}

enum ouro_command_result map_page(uint32_t page)
{
    struct ouro_mem_stats stats;
    struct ouro_extent extent = {0};
    uintptr_t start = 0;
    ouro_diag_mem(&stats);
    if (page >= stats.pages) {
        ouro_console_print("error: the last page is ");
        ouro_console_print_int((int64_t)stats.pages - 1);
        ouro_console_print("\n");
        return OURO_COMMAND_FAILED;
    }
    while (ouro_diag_next(&extent) && extent.page <= page) {
        if (start == 0) {
            start = (uintptr_t)extent.at / stats.page_bytes * stats.page_bytes;
            start += (uintptr_t)page * stats.page_bytes;
            ouro_console_print("page at 0x");
            ouro_console_print_hex(start, 8);
            ouro_console_print("\n");
        }
        if ((uintptr_t)extent.at + extent.bytes > start) print_extent(&extent);
    }
    return OURO_COMMAND_OK;
}
