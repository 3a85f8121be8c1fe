/* SPDX-License-Identifier: MIT
 * walk.c - walking the heap and the object graph without recursion. */
#include "walk.h"

#include <string.h>

/* The next large object among the blocks under the cursor. */
static ouro_ref next_large(struct heap_cursor *cursor)
{
    while (block_bytes(cursor->block)) {
        uint8_t *block = cursor->block;
        cursor->block = block_next(block);
        if (block_is_object(block)) return (ouro_ref)(void *)block;
    }
    return NULL;
}

static ouro_ref next_cell(struct heap_cursor *cursor)
{
    struct page *page = page_address(cursor->page);
    while (cursor->cell < page->carved) {
        ouro_ref o = page_cell(page, class_of(cursor->page), cursor->cell++);
        if (!is_free_cell(peek_word(&o->count_flags))) return o;
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

/* Outside the arena there are objects in flash only. */
static bool is_in_arena(ouro_ref o)
{
    const struct arena *arena = &ouro_heap->arena;
    return (uintptr_t)o - (uintptr_t)arena->base < (size_t)(arena->pages + 2) << PAGE_SHIFT;
}

bool marks_set(struct marks *marks, ouro_ref o)
{
    if (!is_in_arena(o)) return false;
    uint32_t at = bit_of(marks, o);
    if (at >= marks->granules) return true;
    bool was_set = (marks->words[at / 32] >> at % 32 & 1u) != 0;
    marks->words[at / 32] |= 1u << at % 32;
    return was_set;
}

void marks_clear(struct marks *marks, ouro_ref o)
{
    if (!is_in_arena(o)) return;
    uint32_t at = bit_of(marks, o);
    if (at < marks->granules) marks->words[at / 32] &= ~(1u << at % 32);
}

/* ---- the stack ---- */

enum { BLOCK_FRAMES = 32 };

struct frame_block {
    struct frame_block *below;
    struct frame frames[BLOCK_FRAMES];
};

void stack_init(struct stack *stack, enum stack_kind kind)
{
    stack->depth = 0;
    stack->kind = kind;
    stack->block = NULL;
}

void stack_free(struct stack *stack)
{
    while (stack->depth > 0) stack_pop(stack);
}

struct frame *stack_top(struct stack *stack)
{
    uint32_t i = stack->depth - 1;
    return i < STACK_FIRST ? &stack->first[i]
                           : &stack->block->frames[(i - STACK_FIRST) % BLOCK_FRAMES];
}

/* Does the frame that follows `i` others begin a block? */
static bool begins_block(uint32_t i)
{
    return i >= STACK_FIRST && (i - STACK_FIRST) % BLOCK_FRAMES == 0;
}

static bool add_block(struct stack *stack)
{
    if (stack->kind == STACK_BORROWS) {
        ouro_error_set(OURO_RUNTIME_ERROR, "maximum recursion depth exceeded in a key");
        return false;
    }
    struct frame_block *block = ouro_mem_alloc(sizeof *block);
    if (!block) return false;
    block->below = stack->block;
    stack->block = block;
    return true;
}

static void drop(const struct stack *stack, ouro_ref container, ouro_ref other)
{
    if (stack->kind != STACK_BORROWS) ouro_decref(container);
    if (stack->kind == STACK_HOLDS_BOTH) ouro_xdecref(other);
}

struct frame *stack_push(struct stack *stack, ouro_ref container, ouro_ref other)
{
    /* Held first: making room may drop the last other reference. */
    if (stack->kind != STACK_BORROWS) ouro_incref(container);
    if (stack->kind == STACK_HOLDS_BOTH) ouro_xincref(other);
    if (begins_block(stack->depth) && !add_block(stack)) {
        drop(stack, container, other);
        return NULL;
    }
    stack->depth++;
    struct frame *top = stack_top(stack);
    *top = (struct frame){.container = container, .other = other};
    return top;
}

void stack_pop(struct stack *stack)
{
    struct frame top = *stack_top(stack);
    if (begins_block(--stack->depth)) {
        struct frame_block *block = stack->block;
        stack->block = block->below;
        ouro_mem_free(block);
    }
    drop(stack, top.container, top.other);
}
