/* SPDX-License-Identifier: MIT
 * malloc_pools.c - the traces, were small requests served from the pools that objects have: up to
 * so many bytes, of which 0 is libouro-malloc.a as it is.  See DESIGN for what became of them.
 *
 * The linker leads calls of malloc() and its kin here.  A byte a page, inside the arena, tells
 * cells from blocks: it is written whenever one is handed out, so that it is true of all in use. */
#include <stdlib.h>
#include <string.h>

#include "bench/replay/replay.h"
#include "ouro/core.h"
#include "pool.h"

void *__real_malloc(size_t bytes);
void *__real_realloc(void *block, size_t bytes);
void __real_free(void *block);
void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void *__wrap_realloc(void *block, size_t bytes);
void __wrap_free(void *block);

const char *const replay_prefixes[] = {"pools0.",  "pools16.",  "pools32.", "pools56.",
                                       "pools80.", "pools120.", NULL};
static const uint16_t largest[] = {0, 16, 32, 56, 80, 120};

static uint8_t *is_pool; /* by pages; at the arena's start */
static size_t most;      /* bytes of a request that a pool serves */

bool replay_begin(unsigned which, void *base, size_t bytes)
{
    size_t table = (bytes >> PAGE_SHIFT) + GRANULE_BYTES;
    table -= table % GRANULE_BYTES;
    is_pool = base;
    most = largest[which];
    return ouro_init((uint8_t *)base + table, bytes - table) == 0;
}

static inline uint8_t *note_of(const void *at)
{
    return &is_pool[(size_t)((const uint8_t *)at - is_pool) >> PAGE_SHIFT];
}

static inline void *noted(void *at, bool is_cell)
{
    if (at) *note_of(at) = is_cell;
    return at;
}

static inline void *take_cell(size_t bytes)
{
    unsigned class = pool_class_for(bytes ? bytes : 1);
    void *cell = pool_take(class);
    if (cell) heap_spend(ouro_heap, pool_cell_bytes[class]);
    return noted(cell, true);
}

void *__wrap_malloc(size_t bytes)
{
    if (bytes <= most && most) return take_cell(bytes);
    void *block = __real_malloc(bytes);
    if (!block && most) {
        pool_trim(); /* in no measured call, since there is memory enough */
        block = __real_malloc(bytes);
    }
    return noted(block, false);
}

void __wrap_free(void *block)
{
    if (!block || !*note_of(block)) {
        __real_free(block);
        return;
    }
    heap_earn(ouro_heap, pool_cell_bytes[page_of(block)->class]);
    pool_give(block);
}

void *__wrap_calloc(size_t count, size_t bytes)
{
    void *block = __wrap_malloc(count * bytes); /* of the traces, which ask for no more */
    return block ? memset(block, 0, count * bytes) : NULL;
}

static void *realloc_block(void *block, size_t bytes)
{
    void *other = __real_realloc(block, bytes);
    if (!other) {
        pool_trim();
        other = __real_realloc(block, bytes);
    }
    return noted(other, false);
}

void *__wrap_realloc(void *block, size_t bytes)
{
    if (!block) return __wrap_malloc(bytes);
    if (!*note_of(block)) return realloc_block(block, bytes);
    size_t room = pool_cell_bytes[page_of(block)->class];
    if (bytes <= room) return block;
    void *larger = __wrap_malloc(bytes);
    if (!larger) return NULL;
    memcpy(larger, block, room);
    __wrap_free(block);
    return larger;
}
