/* SPDX-License-Identifier: MIT
 * support.c - what lessons need often: figures, and objects made in one line. */
#include <stdarg.h>

#include "lesson.h"
#include "ouro/port.h"

unsigned used_bytes(void)
{
    struct ouro_mem_stats stats;
    ouro_diag_mem(&stats);
    return (unsigned)stats.used_bytes;
}

unsigned peak_bytes(void)
{
    struct ouro_mem_stats stats;
    ouro_diag_mem(&stats);
    return (unsigned)stats.peak_bytes;
}

unsigned instructions(void) { return (unsigned)ouro_port_instructions(); }

void settle(void)
{
    while (ouro_gc_step(1000) > 0) {}
}

void drop(ouro_ref ref)
{
    ouro_xdecref(ref);
    settle();
}

ouro_ref list_of(size_t n, ...)
{
    ouro_ref list = ouro_list_new();
    va_list items;

    va_start(items, n);
    for (size_t i = 0; i < n; i++) append(list, va_arg(items, ouro_ref));
    va_end(items);
    return list;
}

void append(ouro_ref list, ouro_ref item)
{
    if (ouro_list_append(list, item) < 0) CHECK(!"appended");
    ouro_decref(item);
}

void set(ouro_ref object, const char *name, ouro_ref value)
{
    if (ouro_attr_set_string(object, name, value) < 0) CHECK(!"set");
    ouro_decref(value);
}

void text_write(void *context, const char *piece, size_t bytes)
{
    struct text *text = context;

    for (size_t i = 0; i < bytes && text->bytes < sizeof text->at - 1; i++)
        text->at[text->bytes++] = piece[i];
    text->at[text->bytes] = '\0';
}

static char mark_of(const struct ouro_cell *cell)
{
    if (!cell->type) return cell->is_virgin ? '-' : '.';
    char initial = cell->type->name[0];
    return cell->type->is_hidden && initial >= 'a' ? (char)(initial - 'a' + 'A') : initial;
}

void draw_page(const void *at)
{
    struct ouro_extent extent = {0};
    struct ouro_cell cell;
    char text[64];
    unsigned n = 0;

    while (ouro_diag_next(&extent)) {
        if ((uintptr_t)at - (uintptr_t)extent.at < extent.bytes) break;
    }
    while (n < sizeof text - 1 && ouro_diag_cell(&extent, n, &cell)) text[n++] = mark_of(&cell);
    text[n] = '\0';
    note("page at %x, %u cells of %u bytes: %s", (uintptr_t)extent.at, (unsigned)extent.cells,
         (unsigned)extent.cell_bytes, text);
    CHECK(n == extent.cells);
}
