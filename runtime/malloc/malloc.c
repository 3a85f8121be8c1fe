/* SPDX-License-Identifier: MIT
 * malloc.c - the C library's allocator on the runtime's arena: link libouro-malloc.a before the C
 * library, and its own is never pulled in.
 *
 * Blocks alone, no pools: see DESIGN.md for the figures behind that.  Nothing here runs the
 * collector; while a cycle is running, it is told how much was taken, so that it keeps pace.
 * Threads and interrupts must not call any of it at the same time as the runtime. */
#include <errno.h>
#include <string.h>

#include "block_hot.h"
#include "collector.h"
#include "quarantine.h"
#include "tracemalloc.h"

void *malloc(size_t bytes);
void *calloc(size_t count, size_t bytes);
void *realloc(void *block, size_t bytes);
void free(void *block);
void *memalign(size_t alignment, size_t bytes);
void *aligned_alloc(size_t alignment, size_t bytes);
size_t malloc_usable_size(void *block);

SELDOM static void refused(void)
{
    ouro_heap->failures++;
    errno = ENOMEM;
}

SELDOM static void tell(const void *block, size_t bytes, const void *stack)
{
    struct heap *heap = ouro_heap;
    note_caller(stack);
    if (heap->gc.phase != OURO_GC_IDLE) collector_allocated(bytes);
    if (heap->gc.is_traced) trace_add(block, block_bytes(block));
}

/* With what waits in quarantine, and the empty pages that pools keep: as in an object's last try.
 */
SELDOM static void *take_again(size_t alignment, size_t bytes)
{
    if (ouro_heap->spares) ouro_heap->figures.forced++;
    quarantine_flush();
    pool_trim();
    void *block = block_take_aligned(alignment, bytes);
    if (!block) refused();
    return block;
}

/* What became of a request for so many bytes: once more if nothing did, and tell the books. */
static inline void *book(void *block, size_t alignment, size_t bytes, const void *stack)
{
    if (!block && !(block = take_again(alignment, bytes))) return NULL;
    if (ouro_heap->gc.is_watched) tell(block, bytes, stack);
    return block;
}

/* First in what allocates. */
static inline void begin(const void *stack)
{
    ouro_assert_that(ouro_heap, "ouro_init has not run");
    if (OURO_CHECK >= 2) note_caller(stack);
}

void *malloc(size_t bytes)
{
    OURO_THREAD_ONLY();
    begin(STACK());
    return book(block_take_hot(bytes), GRANULE_BYTES, bytes, STACK());
}

/* The same for the functions that can wait. */
SELDOM static void *take_booked(size_t bytes, const void *stack)
{
    return book(block_take(bytes), GRANULE_BYTES, bytes, stack);
}

void free(void *block)
{
    OURO_THREAD_ONLY();
    if (OURO_CHECK < 3)
        block_give_hot(block);
    else if (block)
        quarantine_block(block);
}

void *calloc(size_t count, size_t bytes)
{
    OURO_THREAD_ONLY();
    size_t all;
    if (__builtin_mul_overflow(count, bytes, &all)) all = SIZE_MAX;
    begin(STACK());
    void *block = take_booked(all, STACK());
    return block ? memset(block, 0, all) : NULL;
}

void *realloc(void *block, size_t bytes)
{
    OURO_THREAD_ONLY();
    begin(STACK());
    if (!block) return take_booked(bytes, STACK());
    if (trace_resize(block, bytes, STACK())) return block;
    void *larger = take_booked(bytes, STACK());
    if (!larger) return NULL;
    size_t room = block_room(block);
    memcpy(larger, block, room < bytes ? room : bytes);
    quarantine_block(block);
    return larger;
}

void *memalign(size_t alignment, size_t bytes)
{
    OURO_THREAD_ONLY();
    begin(STACK());
    if (alignment == 0 || (alignment & (alignment - 1)) != 0) {
        errno = EINVAL;
        return NULL;
    }
    return book(block_take_aligned(alignment, bytes), alignment, bytes, STACK());
}

void *aligned_alloc(size_t alignment, size_t bytes)
{
    OURO_THREAD_ONLY();
    return memalign(alignment, bytes);
}

size_t malloc_usable_size(void *block)
{
    if (!block) return 0;
    block_require(block);
    return block_room(block);
}
