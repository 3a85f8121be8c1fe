/* SPDX-License-Identifier: MIT
 * tracemalloc.h - what a program that traces has beside the heap: who allocated what is in use.
 *
 *   memory | struct tracer | sites ... | buckets of blocks ...        given by the program
 *   site   | bytes | blocks | frame | ... nframe of them              a stack of calls
 *   block  | number of its site : 11 | granule : 21 |                 0: none
 *
 * Both are hash tables of which a call looks at a fixed part only: what does not fit there is
 * counted and left out.  A block of memory is in one of two buckets of 8; a site within 3 places
 * of where its hash says.  Site 0 stands for all that have no place.
 *
 * While a program traces, heap.fast is empty, so that every object is made by object_make(). */
#ifndef OURO_RUNTIME_TRACEMALLOC_H
#define OURO_RUNTIME_TRACEMALLOC_H

#include "block.h"
#include "ouro/tracemalloc.h"

enum {
    TRACE_SITE_SHIFT = 21, /* in a block's word */
    TRACE_SITES_MOST = (1 << (32 - TRACE_SITE_SHIFT)) - 1,
    TRACE_BUCKET = 8, /* blocks */
    TRACE_PROBES = 3,
};

struct trace_site {
    uint32_t bytes, count; /* of the blocks in use */
    uint32_t frames[];
};

struct tracer {
    struct ouro_tracemalloc_stats stats;
    uint32_t nframe, site_bytes;
    uint32_t buckets;
    uint32_t starts, probes; /* where a search for a site may start; how long it is */
    uint32_t last_call;      /* of one frame: calls in a loop need no search */
    struct trace_site *last_site;
    uint8_t *sites;   /* stats.site_limit + 1 of them */
    uint32_t *blocks; /* `buckets` times TRACE_BUCKET */
};

static inline struct trace_site *trace_site(const struct tracer *t, uint32_t number)
{
    return (struct trace_site *)(void *)(t->sites + (size_t)number * t->site_bytes);
}

/* A cell or block that the arena spends so many bytes on was handed out for the call at heap.site;
 * is given back.  Only while there is a tracer.  O(1). */
__attribute__((weak)) void trace_add(const void *at, size_t spent);
__attribute__((weak)) void trace_remove(const void *at, size_t spent);

/* block_resize(), told of, for a caller. */
static inline bool trace_resize(void *block, size_t bytes, const void *stack)
{
    if (!ouro_heap->tracer) return block_resize(block, bytes);
    block_require(block);
    size_t had = block_bytes(block);
    if (!block_resize(block, bytes)) return false;
    note_caller(stack);
    trace_remove(block, had);
    trace_add(block, block_bytes(block));
    return true;
}

/* NULL, or which invariant of the tables is broken.  O(tables). */
__attribute__((weak)) const char *trace_verify(void);

#endif
