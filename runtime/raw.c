/* SPDX-License-Identifier: MIT
 * raw.c - plain memory for C code, from whole pages of the arena: they never hold objects too. */
#include <string.h>

#include "arena.h"
#include "object.h"

OURO_COLD_FILE

struct raw_header {
    uint32_t pages;
    uint32_t bytes; /* as asked for; what lies behind them is a red zone to a sanitizer */
};

/* The block has `bytes` from now on. */
static void *resized(struct raw_header *header, size_t bytes)
{
    size_t room = ((size_t)header->pages << PAGE_SHIFT) - sizeof *header;
    header->bytes = (uint32_t)bytes;
    ouro_port_unpoison(header + 1, bytes);
    ouro_port_poison((uint8_t *)(header + 1) + bytes, room - bytes);
    return header + 1;
}

static struct raw_header *header_of(void *block)
{
    struct raw_header *header = (struct raw_header *)block - 1;
    ouro_require_that(arena_holds(header) && ((uintptr_t)header & (PAGE_BYTES - 1)) == 0 &&
                          ouro_heap->arena.side[page_number(header)] == PAGE_RAW,
                      "not a live block of ouro_mem_alloc");
    return header;
}

static size_t raw_pages(size_t bytes)
{
    return (bytes + sizeof(struct raw_header) + PAGE_BYTES - 1) >> PAGE_SHIFT;
}

static void account_pages(uint32_t more, uint32_t less)
{
    struct heap *heap = ouro_heap;
    heap->large_pages += more - less;
    heap->used_bytes += ((size_t)more << PAGE_SHIFT) - ((size_t)less << PAGE_SHIFT);
    if (heap->used_bytes > heap->peak_bytes) heap->peak_bytes = heap->used_bytes;
}

static void *raw_take(size_t bytes)
{
    size_t pages = raw_pages(bytes);
    uint32_t first = pages <= ouro_heap->arena.pages ? arena_take((uint32_t)pages) : NO_PAGE;
    if (first == NO_PAGE) return NULL;
    memset(ouro_heap->arena.side + first, PAGE_TAIL, pages);
    ouro_heap->arena.side[first] = PAGE_RAW;
    struct raw_header *header = page_address(first);
    header->pages = (uint32_t)pages;
    account_pages((uint32_t)pages, 0);
    return resized(header, bytes);
}

void *ouro_mem_alloc(size_t bytes)
{
    void *block = NULL;
    ouro_require_that(ouro_heap, "ouro_init has not run");
    if (bytes >= SIZE_MAX - PAGE_BYTES - sizeof(struct raw_header)) bytes = SIZE_MAX / 2;
    for (unsigned round = 0; !(block = raw_take(bytes)) && memory_relieve(&round);) {}
    return block;
}

void ouro_mem_free(void *block)
{
    if (!block) return;
    struct raw_header *header = header_of(block);
    uint32_t first = page_number(header), pages = header->pages;
    ouro_heap->arena.side[first] = PAGE_TAIL;
    arena_give(first, pages);
    account_pages(0, pages);
}

void *ouro_mem_resize(void *block, size_t bytes)
{
    if (!block) return ouro_mem_alloc(bytes);
    struct raw_header *header = header_of(block);
    uint32_t pages = header->pages;
    size_t wanted = bytes < SIZE_MAX / 2 ? raw_pages(bytes) : SIZE_MAX;
    if (wanted == pages) return resized(header, bytes);
    if (wanted < pages) {
        header->pages = (uint32_t)wanted;
        arena_give(page_number(header) + (uint32_t)wanted, pages - (uint32_t)wanted);
        account_pages(0, pages - (uint32_t)wanted);
        return resized(header, bytes);
    }
    void *larger = ouro_mem_alloc(bytes);
    if (!larger) return NULL;
    memcpy(larger, block, header->bytes);
    ouro_mem_free(block);
    return larger;
}
