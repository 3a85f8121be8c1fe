/* SPDX-License-Identifier: MIT
 * walk.h - what walks the object graph: every object of the heap in turn, or all that one reaches.
 *
 * Nesting has no limit but the arena: the way down is kept on a stack of frames in raw memory, and
 * a bit a granule says what is on it, or what was seen. */
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
 * read as set, those in flash as clear. */
bool marks_set(struct marks *marks, ouro_ref o);
void marks_clear(struct marks *marks, ouro_ref o);

/* ---- a stack of containers that are being walked ---- */

enum { STACK_FIRST = 16 }; /* frames without memory from the arena */

struct frame {
    ouro_ref container;
    union {
        ouro_ref other; /* a second reference, or NULL */
        uint32_t hash;
    };
    size_t position;
};

/* Do frames hold references?  Where they do, pushing may collect.  Where they do not (hashing and
 * comparing keys, when no user code may run), nothing is counted, and nothing allocated either: the
 * stack ends with STACK_FIRST frames. */
enum stack_kind { STACK_BORROWS, STACK_HOLDS_CONTAINER, STACK_HOLDS_BOTH };

struct stack {
    uint32_t depth;
    enum stack_kind kind;
    struct frame_block *block;
    struct frame first[STACK_FIRST];
};

/* Nothing on it. */
void stack_init(struct stack *stack, enum stack_kind kind);
/* Pop all. */
void stack_free(struct stack *stack);
/* Push a frame; `other` may be NULL.  O(1).  NULL with MemoryError, or with RuntimeError if the
 * stack borrows and is full. */
struct frame *stack_push(struct stack *stack, ouro_ref container, ouro_ref other);
/* Drop the last frame and the references it holds. */
void stack_pop(struct stack *stack);
/* The last frame. */
struct frame *stack_top(struct stack *stack);

#endif
