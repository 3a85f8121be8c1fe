/* SPDX-License-Identifier: MIT
 * walk.h - what walks the object graph: every object of the heap in turn, or all that one reaches.
 *
 * Nesting has no limit but the arena: the path is kept in a list, and a bit a granule says what is
 * on it. */
#ifndef OURO_RUNTIME_WALK_H
#define OURO_RUNTIME_WALK_H

#include "object.h"

/* ---- every object of the heap ---- */

struct heap_cursor { /* start with zeros */
    uint32_t page, cell;
    uint8_t *block; /* the next to look at, where blocks are */
};

/* Next object, dead ones included, or NULL at the end.  Borrowed.  O(pages and blocks skipped).
 * Nothing may be allocated or freed meanwhile. */
ouro_ref heap_next(struct heap_cursor *cursor);

/* ---- a bit for each granule of the heap ---- */

struct marks {
    uint32_t *words;
    uint32_t granules;
    uint32_t low, high; /* granules between were virgin and have no bits */
};

/* All clear, in memory of the arena.  False with MemoryError. */
bool marks_init(struct marks *marks);
void marks_free(struct marks *marks);
/* Set or clear the bit of an object; true if it was set before.  Objects younger than the marks
 * read as set. */
bool marks_set(struct marks *marks, ouro_ref o);
void marks_clear(struct marks *marks, ouro_ref o);

/* ---- a path down into containers ---- */

struct path {
    struct marks on_path;
    ouro_ref frames;    /* a list: container, position, container, position, ... */
    ouro_ref container; /* the innermost, held; its frame is not in the list */
    size_t position;
};

/* Start at a container.  False with MemoryError. */
bool path_init(struct path *path, ouro_ref container);
void path_free(struct path *path);
enum path_step { PATH_FAILED, PATH_ENTERED, PATH_IS_CYCLE };
/* Go into a container that the caller holds a reference to. */
enum path_step path_enter(struct path *path, ouro_ref container);
/* Back to the container outside; false when there is none. */
bool path_leave(struct path *path);

/* Is it a list or a dict? */
static inline bool is_container(ouro_ref ref)
{
    unsigned type = ouro_type_index(ref);
    return type == OURO_TYPE_LIST || type == OURO_TYPE_DICT;
}

#endif
