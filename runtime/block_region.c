/* SPDX-License-Identifier: MIT
 * block_region.c - what happens when the virgin memory between pools and blocks is used up: blocks
 * take free runs of pages as regions, and pools borrow a page from a free block.
 *
 * A region is a series of blocks that an empty header ends.  Its first page and its last are marked
 * in the side table, so that regions that come to lie side by side are joined, and so that one that
 * is all free gives its pages back. */
#include "block.h"
#include "block_bins.h"

/* ---- pages to blocks ---- */

static bool starts(uint32_t page)
{
    return (ouro_heap->arena.side[page] & PAGE_STARTS) == PAGE_STARTS;
}

/* What lies up to page `behind` becomes the blocks': where does it end?  A region that begins there
 * begins no more. */
static uint8_t *end_before(uint32_t behind)
{
    uint8_t *side = ouro_heap->arena.side, *end = page_address(behind);
    if (starts(behind)) {
        side[behind] &= (uint8_t) ~(PAGE_STARTS & ~PAGE_BLOCKS);
        return end + BLOCK_REGION_OFFSET;
    }
    side[behind - 1] |= PAGE_ENDS;
    header_write(end, BLOCK_END);
    return end;
}

/* Free pages become blocks, and join the regions before and behind. */
static void region_add(uint32_t first, uint32_t count)
{
    uint8_t *side = ouro_heap->arena.side, *block = page_address(first);
    bool is_joined = first > 0 && (side[first - 1] & PAGE_ENDS) == PAGE_ENDS;
    uint32_t before = is_joined ? block_header(block) & BLOCK_BEFORE_FREE : 0;
    ouro_port_poison(block, (size_t)count << PAGE_SHIFT);
    side[first] = side[first + count - 1] = PAGE_BLOCKS;
    if (is_joined)
        side[first - 1] &= (uint8_t) ~(PAGE_ENDS & ~PAGE_BLOCKS);
    else
        block += BLOCK_REGION_OFFSET;
    ouro_heap->blocks.region_pages += count;
    block_release(block, (size_t)(end_before(first + count) - block), before);
    if (!is_joined) side[first] |= PAGE_STARTS; /* not before: it would be given back at once */
}

/* The zone's lowest blocks are free up to a page that was lent, and that came back. */
static bool sink(struct blocks *blocks)
{
    const struct arena *arena = &ouro_heap->arena;
    uint32_t page = page_number(blocks->bottom);
    if (block_bytes(blocks->bottom) || page >= arena->pages || arena->side[page] != PAGE_FREE)
        return false;
    uint32_t count = arena_run_pages(page);
    arena_take_run(page);
    blocks->region_pages += count;
    ouro_port_poison(page_address(page), (size_t)count << PAGE_SHIFT);
    uint8_t *end = end_before(page + count);
    if (block_header(end) & BLOCK_FREE) {
        block_remove(end);
        end = block_next(end);
        header_flip(end, BLOCK_BEFORE_FREE);
    }
    bottom_set(ouro_heap, end);
    return true;
}

bool block_grow(uint32_t want)
{
    size_t bytes = ((size_t)want << GRANULE_SHIFT) + BLOCK_REGION_OFFSET;
    uint32_t pages = (uint32_t)((bytes + PAGE_BYTES - 1) >> PAGE_SHIFT);
    if (sink(&ouro_heap->blocks)) return true;
    if (!ouro_heap->runs.bins || pages > ouro_heap->arena.pages) return false;
    uint32_t first = arena_take(pages);
    if (first == NO_PAGE) return false;
    region_add(first, pages);
    return true;
}

bool block_is_in_region(const void *block)
{
    uint32_t page = page_number(block);
    return arena_holds(block) && page < ouro_heap->arena.mark &&
           ouro_heap->arena.side[page] - (unsigned)PAGE_POOL_FIRST >= POOL_CLASSES;
}

/* ---- blocks to pages ---- */

void block_shrink(void *block)
{
    struct heap *heap = ouro_heap;
    uint32_t page = page_number(block);
    uint8_t *end = block_next(block);
    uint32_t behind = page_number(end);
    if (block_bytes(end) || behind >= heap->arena.pages) return; /* the last one stays as it is */
    if (!arena_describes(page) || !starts(page)) return;
    block_remove(block);
    heap->arena.side[page] = heap->arena.side[behind - 1] = PAGE_TAIL;
    heap->blocks.region_pages -= behind - page;
    arena_give(page, behind - page);
}

uint32_t block_lend_page(void)
{
    enum { ENOUGH_BYTES = 2 * PAGE_BYTES + 64 }; /* a whole page and two blocks, wherever it is */
    struct heap *heap = ouro_heap;
    int32_t headroom = heap->headroom;
    heap->headroom = ROOM_NONE; /* the block is nobody's: no peak, and the room stays as it is */
    uint8_t *block = block_take(ENOUGH_BYTES);
    heap->headroom = headroom;
    if (!block) return NO_PAGE;
    uint8_t *end = block_next(block), *side = heap->arena.side;
    uint32_t page = page_number(block + (BLOCK_LEAST << GRANULE_SHIFT) + PAGE_BYTES - 1);
    uint8_t *before = page_address(page), *behind = before + PAGE_BYTES + BLOCK_REGION_OFFSET;
    if (page + 1 >= heap->arena.pages) { /* no whole page would be left behind it */
        page = block_lend_page();        /* out of another one: this one is taken */
        block_release(block, (size_t)(end - block), block_header(block) & BLOCK_BEFORE_FREE);
        return page;
    }
    for (uint32_t at = page - 1; at <= page + 1; at++) {
        arena_describe(at);
        if (!(side[at] & PAGE_BLOCKS)) side[at] = PAGE_BLOCKS;
    }
    side[page - 1] |= PAGE_ENDS;
    side[page + 1] |= PAGE_STARTS;
    heap->blocks.region_pages--;
    header_write(before, BLOCK_END);
    block_release(behind, (size_t)(end - behind), 0);
    block_release(block, (size_t)(before - block), 0);
    ouro_port_unpoison(before, PAGE_BYTES);
    return page;
}

/* ---- test builds ---- */

static size_t room_of(const void *block) { return block_bytes(block) - BLOCK_HEADER_BYTES; }

void block_mark_trailer(void *block, size_t bytes) { redzone_write(block, bytes, room_of(block)); }

void block_check_trailer(const void *block)
{
    ouro_require_at(redzone_asked(block, room_of(block)) != REDZONE_FREED, block,
                    "not a live block");
    ouro_require_at(redzone_is_intact(block, room_of(block)), block, "a block was overrun");
}

bool block_waits(const void *block)
{
    return OURO_CHECK >= 3 && redzone_asked(block, room_of(block)) == REDZONE_FREED;
}

size_t block_room(const void *block)
{
    return OURO_CHECK >= 2 ? redzone_asked(block, room_of(block)) : room_of(block);
}

/* ---- looking at everything ---- */

size_t block_longest(void)
{
    const struct arena *arena = &ouro_heap->arena;
    const struct blocks *blocks = &ouro_heap->blocks;
    const uint8_t *limit = (uint8_t *)page_address(arena->mark) + BLOCK_REGION_OFFSET;
    size_t longest = (size_t)(blocks->bottom - limit), bytes = 0;
    uint32_t pages = arena_longest_run();
    if (blocks->large)
        bytes = block_bytes(blocks->large_bin[31 - __builtin_clz(blocks->large)].next);
    else if (blocks->exact)
        bytes = block_bytes(blocks->exact_bin[31 - __builtin_clz(blocks->exact)].next);
    if (bytes > longest) longest = bytes;
    bytes = pages ? ((size_t)pages << PAGE_SHIFT) - BLOCK_REGION_OFFSET : 0;
    return bytes > longest ? bytes : longest;
}

void *block_first(uint32_t page)
{
    if (page == ouro_heap->arena.mark) return ouro_heap->blocks.bottom;
    if (page >= ouro_heap->arena.pages) return NULL;
    return (ouro_heap->arena.side[page] & PAGE_STARTS) == PAGE_STARTS
               ? (uint8_t *)page_address(page) + BLOCK_REGION_OFFSET
               : NULL;
}

uint32_t block_skip(uint32_t page)
{
    const uint8_t *block = block_first(page);
    if (!block) {
        if (ouro_heap->arena.side[page] == PAGE_FREE) return page + arena_run_pages(page);
        return page + 1;
    }
    while (block_bytes(block)) block = block_next(block);
    return page_number(block + PAGE_BYTES - 1); /* a page's start, or the end of the arena */
}

BLIND void block_check_links(const struct free_block *block)
{
    ouro_require_at(is_link_place(ouro_heap, block->next) && is_link_place(ouro_heap, block->back),
                    block, "a free block was written to");
}

BLIND void block_check_before(const uint8_t *block, uint32_t granules)
{
    const uint8_t *before = block - ((size_t)granules << GRANULE_SHIFT);
    ouro_require_at(is_link_place(ouro_heap, before) &&
                        block_header(before) == (granules | BLOCK_FREE),
                    block - GRANULE_BYTES, "a free block was written to");
}

void block_check_poison(const void *block, uint32_t granules)
{
    size_t bytes = ((size_t)granules << GRANULE_SHIFT) - BLOCK_OVERHEAD_BYTES;
    ouro_require_at(poison_is_intact((const struct free_block *)block + 1, bytes), block,
                    "use after free: a free block was written to");
}

/* ---- a pin ---- */

bool block_pin(void *block)
{
    uint32_t word = block_header(block);
    if (word >> BLOCK_SEAL_SHIFT || (word & BLOCK_FREE) || !block_bytes(block)) return false;
    block_flip_object(block);
    ouro_heap->blocks.pin = block;
    return true;
}

void *block_unpin(void)
{
    uint8_t *block = ouro_heap->blocks.pin;
    if (block) block_flip_object(block);
    ouro_heap->blocks.pin = NULL;
    return block;
}

/* No two free blocks are neighbours: the next block or the one after it is in use, or an end. */
SELDOM void block_refused(void *block)
{
    ouro_require_at(block == ouro_heap->blocks.pin, block, "not a live block");
    uint8_t *next = block_next(block_unpin());
    if (block_header(next) & BLOCK_FREE) next = block_next(next);
    if (block_pin(next)) return;
    ouro_heap->check.page = page_number(next + PAGE_BYTES - 1);
    ouro_heap->check.cell = 0;
}

/* ---- verifying ---- */

BLIND static const char *verify_free(const struct free_block *block, uint32_t granules)
{
    const uint8_t *next = (const uint8_t *)block + ((size_t)granules << GRANULE_SHIFT);
    enum { LOOKED_AT = 128 }; /* bytes of poison */
    if (((const uint32_t *)(const void *)next)[-2] != granules)
        return "B8: free block's size again";
    if (!is_link_place(ouro_heap, block->back) || block->back->next != block ||
        !is_link_place(ouro_heap, block->next) || block->next->back != block)
        return "B3: free block's back link";
    if (OURO_CHECK < 2) return NULL;
    size_t bytes = ((size_t)granules << GRANULE_SHIFT) - BLOCK_OVERHEAD_BYTES;
    bool is_intact = poison_is_intact(block + 1, bytes < LOOKED_AT ? bytes : LOOKED_AT);
    return is_intact ? NULL : "B11: free block written to";
}

BLIND const char *block_verify_one(const void *block, bool was_free)
{
    uint32_t word = block_header(block), granules = block_granules(block);
    bool is_free = (word & BLOCK_FREE) != 0;
    if (word >> BLOCK_SEAL_SHIFT || granules > ouro_heap->arena.granules) return "B5: block's seal";
    if (was_free != ((word & BLOCK_BEFORE_FREE) != 0)) return "B6: note of the block before";
    if (was_free && is_free) return "B7: free blocks not merged";
    if (is_free) return verify_free(block, granules);
    if (OURO_CHECK >= 2 && granules > 0 && !block_waits(block) &&
        !redzone_is_intact(block, room_of(block)))
        return "B12: block's red zone";
    return NULL;
}

static unsigned bins_in_use(void) { return block_bins(ouro_heap->arena.granules); }

BLIND static const char *verify_link(unsigned bin, const struct free_block *at,
                                     const struct free_block *back)
{
    if (!arena_holds(at) || FLAGS(block_header(at)) != FLAGS(BLOCK_FREE))
        return "B2: no free block in a bin";
    if (at->back != back) return "B3: free block's back link";
    return bin_of(block_granules(at)) == bin ? NULL : "B4: free block's bin";
}

BLIND const char *block_verify_bin(unsigned bin)
{
    const struct blocks *blocks = &ouro_heap->blocks;
    if (bin >= bins_in_use()) return NULL;
    const struct free_block *head = &blocks->exact_bin[bin];
    uint32_t map = bin < BINS_EXACT ? blocks->exact : blocks->large;
    if (((map >> bin % 32 & 1u) != 0) != (head->next != head)) return "B1: bin map";
    return head->next == head ? NULL : verify_link(bin, head->next, head);
}

/* What the bins say.  Their rings end, since each block names the one before. */
BLIND static const char *verify_bins(const struct blocks *blocks, size_t *free_bytes)
{
    for (unsigned bin = 0; bin < bins_in_use(); bin++) {
        const struct free_block *head = &blocks->exact_bin[bin], *back = head;
        const char *broken = block_verify_bin(bin);
        for (const struct free_block *at = head->next; !broken && at != head; at = at->next) {
            broken = verify_link(bin, at, back);
            if (!broken) *free_bytes += block_bytes(at);
            back = at;
        }
        if (broken) return broken;
    }
    return NULL;
}

/* What the blocks from here to the end of their region say. */
static const char *verify_region(const uint8_t *block, size_t *free_bytes)
{
    size_t left = arena_given_bytes(&ouro_heap->arena);
    for (bool was_free = false;;) {
        const char *broken = block_verify_one(block, was_free);
        if (broken) return broken;
        size_t bytes = block_bytes(block);
        if (bytes == 0) return NULL;
        if (bytes > left) return "B5: block's seal";
        left -= bytes;
        was_free = (block_header(block) & BLOCK_FREE) != 0;
        if (was_free) *free_bytes += bytes;
        block += bytes;
    }
}

const char *block_verify(void)
{
    const struct arena *arena = &ouro_heap->arena;
    const struct blocks *blocks = &ouro_heap->blocks;
    size_t listed = 0, found = 0;
    const char *broken = verify_bins(blocks, &listed);
    if (!broken && (block_header(blocks->bottom) & BLOCK_FREE)) broken = "B9: free block at bottom";
    for (uint32_t page = 0; !broken && page <= arena->pages;) {
        const uint8_t *first = block_first(page);
        if (first) broken = verify_region(first, &found);
        if (!broken) page = block_skip(page);
    }
    if (!broken && listed != found) broken = "B10: free blocks in no bin";
    return broken;
}
