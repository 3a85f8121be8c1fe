/* SPDX-License-Identifier: MIT
 * describe.c - what a panic about memory says of it: the cell or block that the address lies in,
 * its class, its sizes, who asked for it.
 *
 * It runs when the heap may be broken.  So it believes the words that never change only if their
 * sum is right (heap_seal), reads inside the arena alone, and every loop of it ends. */
#include "block_bins.h"
#include "fmt_text.h"
#include "object.h"
#include "ouro/diag.h"
#include "redzone.h"

uint32_t heap_seal(void)
{
    const struct heap *heap = ouro_heap;
    const uintptr_t words[] = {(uintptr_t)heap,
                               (uintptr_t)heap->arena.base,
                               (uintptr_t)heap->arena.side,
                               (uintptr_t)heap->runs.lent,
                               (uintptr_t)heap->blocks.exact_bin,
                               (uintptr_t)heap->blocks.large_bin,
                               (uintptr_t)heap->set_middle,
                               (uintptr_t)heap->set_leaves,
                               heap->arena.pages,
                               heap->arena.granules};
    uint32_t seal = 0;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        seal = (seal ^ (uint32_t)words[i]) * 0x9e3779b1u + (seal >> 16);
    return seal;
}

SELDOM void suspect(const void *address)
{
    if (ouro_heap) ouro_heap->suspect = address;
}

const void *ouro_diag_suspect(void) { return ouro_heap ? ouro_heap->suspect : NULL; }

/* Inside the arena, or right behind it? */
static bool holds(const void *address)
{
    return (uintptr_t)address - (uintptr_t)ouro_heap <= arena_given_bytes(&ouro_heap->arena);
}

struct output {
    ouro_write_fn *write;
    void *context;
};

#define put(out, ...) ((void)write_format((out)->write, (out)->context, __VA_ARGS__))

/* ` at 0x20001018 (+8)` for what begins at `start`. */
static void put_start(const struct output *out, const char *what, const void *start,
                      const void *address)
{
    uint32_t offset = (uint32_t)((uintptr_t)address - (uintptr_t)start);
    put(out, "%s at 0x%p", what, start);
    if (offset) put(out, " (+%d)", (int)offset);
}

/* How much was asked for, and by whom, where test builds have written it down. */
static void put_owner(const struct output *out, const void *start, size_t room)
{
    if (OURO_CHECK < 2) return;
    uint32_t bytes = redzone_asked(start, room);
    if (bytes == REDZONE_LOST)
        put(out, ", red zone overwritten, perhaps");
    else if (bytes == REDZONE_FREED)
        put(out, ", given back,");
    else
        put(out, ", bytes asked for %d,", (int)bytes);
    put(out, " by 0x%p", (const void *)(uintptr_t)redzone_site(start, room));
}

/* Its header may be overwritten, so that it is asked whether there is such a type. */
static void put_type(const struct output *out, ouro_ref o)
{
    uint32_t index = peek_word(&o->type_gc) >> TYPE_SHIFT, word = peek_word(&o->count_flags);
    bool is_builtin = index < OURO_TYPE_BUILTINS;
    const struct ouro_type *type = type_at(index);
    put(out, ", type %d", (int)index);
    if (is_builtin ? type != NULL : type < __stop_ouro_types) put(out, " %s", type->name);
    put(out, ", count %u", word / OURO_COUNT_ONE);
}

static void describe_cell(const struct output *out, const uint8_t *address)
{
    uint32_t number = page_number(address);
    unsigned class = class_of(number);
    struct page *page = page_address(number);
    uint32_t offset = (uint32_t)((uintptr_t)address & (PAGE_BYTES - 1));
    uint32_t cell = (offset - PAGE_HEADER_BYTES) / pool_cell_bytes[class];
    if (offset < PAGE_HEADER_BYTES || cell >= pool_cells[class]) {
        put_start(out, "no cell: page", page, address);
        put(out, ", of class %d", (int)class);
        return;
    }
    ouro_ref o = page_cell(page, class, cell);
    bool is_free = is_free_cell(peek_word(&o->count_flags));
    put_start(out, is_free ? "free cell" : "cell", o, address);
    put(out, ", class %d, %d bytes", (int)class, (int)pool_cell_bytes[class]);
    if (!is_free) put_type(out, o);
    put_owner(out, o, pool_cell_bytes[class]);
}

/* Where the blocks begin among which the address lies, or NULL. */
static const uint8_t *region_of(const uint8_t *address)
{
    const uint8_t *bottom = ouro_heap->blocks.bottom;
    for (uint32_t page = page_number(address);; page--) {
        const uint8_t *first = (uint8_t *)page_address(page) + BLOCK_REGION_OFFSET;
        if (first <= address && arena_describes(page) &&
            (ouro_heap->arena.side[page] & PAGE_STARTS) == PAGE_STARTS)
            return first;
        if (address >= bottom && (uint8_t *)page_address(page) <= bottom) return bottom;
        if (page == 0) return NULL;
    }
}

static void describe_block(const struct output *out, const uint8_t *address)
{
    const uint8_t *block = region_of(address), *next;
    uint32_t word = 0;
    for (; block; block = next) {
        word = block_header(block);
        next = block_next(block);
        if (word >> BLOCK_SEAL_SHIFT || !holds(next)) {
            put_start(out, "no block: header overwritten", block, address);
            return;
        }
        if (next == block) break;
        if (address < next) {
            size_t bytes = block_bytes(block);
            put_start(out, word & BLOCK_FREE ? "free block" : "block", block, address);
            put(out, ", bin %d, %d bytes", (int)bin_of(block_granules(block)), (int)bytes);
            if (!(word & BLOCK_FREE)) put_owner(out, block, bytes - BLOCK_HEADER_BYTES);
            return;
        }
    }
    put(out, "no block: unused memory");
}

void ouro_diag_describe(const void *address, ouro_write_fn *write, void *context)
{
    struct output out = {write, context};
    const char *what = NULL;
    if (!ouro_heap)
        what = "ouro_init has not run";
    else if (heap_seal() != ouro_heap->seal)
        what = "the runtime's own tables are overwritten";
    else if (!holds(address))
        what = "outside the arena";
    else if ((uintptr_t)address < (uintptr_t)ouro_heap->arena.base)
        what = "the runtime's own tables";
    else if (arena_describes(page_number(address)) &&
             ouro_heap->arena.side[page_number(address)] == PAGE_FREE)
        what = "free pages";
    put(&out, "memory 0x%p: ", address);
    if (what)
        put(&out, "%s", what);
    else if (page_is_pool(page_number(address)))
        describe_cell(&out, address);
    else
        describe_block(&out, address);
    put(&out, "\n");
}
