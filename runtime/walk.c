/* SPDX-License-Identifier: MIT
 * walk.c - walking the heap and the object graph without recursion. */
#include "walk.h"

#include <string.h>

#include "ouro/types.h"

OURO_COLD_FILE

/* The next large object among the blocks under the cursor. */
static ouro_ref next_large(struct heap_cursor *cursor)
{
    while (block_bytes(cursor->block)) {
        uint8_t *block = cursor->block;
        cursor->block = block_next(block);
        if (block_header(block) & BLOCK_OBJECT) return (ouro_ref)(void *)block;
    }
    return NULL;
}

static ouro_ref next_cell(struct heap_cursor *cursor)
{
    struct page *page = page_address(cursor->page);
    while (cursor->cell < page->carved) {
        ouro_ref o = page_cell(page, class_of(cursor->page), cursor->cell++);
        if (peek_word(&o->count_flags) != CELL_FREE) return o;
    }
    return NULL;
}

ouro_ref heap_next(struct heap_cursor *cursor)
{
    while (cursor->page <= ouro_heap->arena.pages) {
        ouro_ref o = NULL;
        if (!cursor->block) cursor->block = block_first(cursor->page);
        if (cursor->block)
            o = next_large(cursor);
        else if (page_is_pool(cursor->page))
            o = next_cell(cursor);
        if (o) return o;
        *cursor = (struct heap_cursor){.page = block_skip(cursor->page)};
    }
    return NULL;
}

/* ---- marks ---- */

bool marks_init(struct marks *marks)
{
    const struct arena *arena = &ouro_heap->arena;
    marks->low = arena->mark * (PAGE_BYTES / GRANULE_BYTES);
    marks->high = arena_top() * (PAGE_BYTES / GRANULE_BYTES);
    marks->granules = (arena->pages + 2) * (PAGE_BYTES / GRANULE_BYTES) - marks->high + marks->low;
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

/* The number of the object's bit: past the last for what is younger than the marks. */
static uint32_t bit_of(const struct marks *marks, ouro_ref o)
{
    uint32_t at = granule_of(o);
    if (at < marks->low) return at;
    return at >= marks->high ? at - marks->high + marks->low : marks->granules;
}

bool marks_set(struct marks *marks, ouro_ref o)
{
    uint32_t at = bit_of(marks, o);
    if (at >= marks->granules) return true;
    bool was_set = (marks->words[at / 32] >> at % 32 & 1u) != 0;
    marks->words[at / 32] |= 1u << at % 32;
    return was_set;
}

void marks_clear(struct marks *marks, ouro_ref o)
{
    uint32_t at = bit_of(marks, o);
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
