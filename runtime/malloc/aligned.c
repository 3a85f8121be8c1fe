/* SPDX-License-Identifier: MIT
 * aligned.c - blocks at multiples of more than 8 bytes: a larger block, cut at both ends. */
#include "block.h"
#include "block_bins.h"

/* The larger block was there for a moment: that was no peak. */
static void forget_peak(size_t before)
{
    struct heap *heap = ouro_heap;
    size_t used = heap_used_bytes(heap), peak = used > before ? used : before;
    heap->headroom -= (int32_t)(heap->peak_bytes - peak);
    heap->peak_bytes = (uint32_t)peak;
}

void *block_take_aligned(size_t alignment, size_t bytes)
{
    enum { SPLIT_BYTES = BLOCK_LEAST << GRANULE_SHIFT };
    if (alignment <= GRANULE_BYTES) return block_take(bytes);
    if (alignment > BLOCK_LARGEST || bytes > BLOCK_LARGEST - alignment - SPLIT_BYTES) return NULL;
    size_t peak = ouro_heap->peak_bytes;
    uint8_t *block = block_take(bytes + alignment + SPLIT_BYTES);
    if (!block) return NULL;
    uintptr_t at = ((uintptr_t)block + alignment - 1) & ~(uintptr_t)(alignment - 1);
    if (at != (uintptr_t)block && at - (uintptr_t)block < SPLIT_BYTES) at += alignment;
    uint8_t *aligned = block + (at - (uintptr_t)block);
    if (aligned != block) {
        uint32_t lead = (uint32_t)(aligned - block) >> GRANULE_SHIFT;
        header_write(aligned, block_granules(block) - lead);
        header_write(block, lead);
        block_mark(block, 0);
        block_give(block);
    }
    block_mark(aligned, bytes);
    (void)block_resize(aligned, bytes);
    forget_peak(peak);
    return aligned;
}
