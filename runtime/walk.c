/* SPDX-License-Identifier: MIT
 * walk.c - walking the heap and the object graph without recursion. */
#include "walk.h"

#include <string.h>

#include "ouro/types.h"

OURO_COLD_FILE

ouro_ref heap_next(struct heap_cursor *cursor)
{
    const struct arena *arena = &ouro_heap->arena;
    for (; cursor->page < arena->mark; cursor->page++, cursor->cell = 0) {
        if (arena->side[cursor->page] == PAGE_OBJECT && cursor->cell++ == 0)
            return page_address(cursor->page);
        if (!page_is_pool(cursor->page)) continue;
        struct page *page = page_address(cursor->page);
        while (cursor->cell < page->carved) {
            ouro_ref o = page_cell(page, class_of(cursor->page), cursor->cell++);
            if (peek_word(&o->count_flags) != CELL_FREE) return o;
        }
    }
    return NULL;
}

/* ---- marks ---- */

bool marks_init(struct marks *marks)
{
    marks->granules = ouro_heap->arena.mark * (PAGE_BYTES / GRANULE_BYTES);
    size_t bytes = marks->granules / 8 + sizeof(uint32_t);
    marks->words = ouro_mem_alloc(bytes);
    if (marks->words) memset(marks->words, 0, bytes);
    return marks->words != NULL;
}

void marks_free(struct marks *marks)
{
    ouro_mem_free(marks->words);
    marks->words = NULL;
}

bool marks_set(struct marks *marks, ouro_ref o)
{
    uint32_t at = granule_of(o);
    if (at >= marks->granules) return true;
    bool was_set = (marks->words[at / 32] >> at % 32 & 1u) != 0;
    marks->words[at / 32] |= 1u << at % 32;
    return was_set;
}

void marks_clear(struct marks *marks, ouro_ref o)
{
    uint32_t at = granule_of(o);
    if (at < marks->granules) marks->words[at / 32] &= ~(1u << at % 32);
}

/* ---- paths ---- */

bool path_init(struct path *path, ouro_ref container)
{
    *path = (struct path){.container = ouro_own(container)};
    if (marks_init(&path->on_path)) {
        (void)marks_set(&path->on_path, container);
        path->frames = ouro_list_new();
        if (path->frames) return true;
    }
    path_free(path);
    return false;
}

void path_free(struct path *path)
{
    marks_free(&path->on_path);
    ouro_xdecref(path->frames);
    ouro_xdecref(path->container);
}

enum path_step path_enter(struct path *path, ouro_ref container)
{
    if (marks_set(&path->on_path, container)) return PATH_IS_CYCLE;
    ouro_ref at = ouro_int_new((int64_t)path->position);
    if (ouro_list_append(path->frames, path->container) < 0) return PATH_FAILED;
    if (ouro_list_append(path->frames, at) < 0) return PATH_FAILED;
    ouro_put(&path->container, ouro_own(container));
    path->position = 0;
    return PATH_ENTERED;
}

bool path_leave(struct path *path)
{
    marks_clear(&path->on_path, path->container);
    if (ouro_list_len(path->frames) == 0) return false;
    int64_t at = 0;
    ouro_ref position = ouro_list_pop(path->frames, -1);
    (void)ouro_int_get(position, &at);
    ouro_decref(path->container);
    path->container = ouro_list_pop(path->frames, -1);
    path->position = (size_t)at;
    return true;
}
