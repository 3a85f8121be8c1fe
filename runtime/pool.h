/* SPDX-License-Identifier: MIT
 * pool.h - cells of fixed sizes, carved from pages of 512 bytes.  Knows nothing of objects, but
 * that a cell begins with two words: a free cell says so in them.
 *
 * A page's header is 8 bytes.  Its cells are carved lazily, so that a new page costs O(1); freed
 * cells form a LIFO list of the page, so that the cell just freed is the next one given.  A class
 * takes cells from its current page until that is full.  Other pages that have room are on the
 * class's list, full ones on none; one that is empty goes back to the arena at once.  The current
 * page stays even when it is empty, lest the edge of a page thrash. */
#ifndef OURO_RUNTIME_POOL_H
#define OURO_RUNTIME_POOL_H

#include "block.h"
#include "redzone.h"

struct page {
    union {
        struct {
            union {
                struct {
                    uint32_t
                        free : 9; /* bytes from the page's start to the first free cell, or 0 */
                    uint32_t used : 5;    /* cells in use */
                    uint32_t carved : 5;  /* cells carved so far */
                    uint32_t sets : 4;    /* page sets that it is in: saves asking pageset.c */
                    uint32_t class : 4;   /* as the side table says, too */
                    uint32_t joining : 1; /* the nursery's set has yet to hear of it */
                    uint32_t suspect : 1; /* MARK left candidates behind */
                    uint32_t : 1;
                    uint32_t full : 1; /* no cell is free: on no list */
                    uint32_t current : 1;
                };
                uint32_t word; /* all of that: the common paths read it at once */
            };
            union {
                struct {
                    uint16_t next, prev; /* 1 + page on the class's list; 0: none */
                };
                uint32_t seal; /* of a current page, which is on no list: pool_seal[class] */
            };
        };
        uint64_t header; /* the seal above the word */
    };
};
_Static_assert(sizeof(struct page) == 8, "the page header is one granule");

/* The two words of a granule by one instruction, which the compiler does not take apart again. */
static inline uint64_t load_pair(const void *granule)
{
    return *(const volatile uint64_t *)granule;
}

enum {
    SPARES_KEPT = 8, /* while a cycle runs, at least */
    PAGE_HEADER_BYTES = 8,
    PAGE_FREE_BITS = 9, /* in struct page's word */
    PAGE_FREE_MASK = (1 << PAGE_FREE_BITS) - 1,
    PAGE_USED_ONE = 1 << PAGE_FREE_BITS,
    PAGE_USED_MASK = 31 * PAGE_USED_ONE,
    PAGE_CARVED_SHIFT = 14,
    PAGE_CARVED_MASK = 31 << PAGE_CARVED_SHIFT,
    PAGE_SETS_SHIFT = 19,
    PAGE_CLASS_SHIFT = 23,
    PAGE_SETS_MASK = 0xf << PAGE_SETS_SHIFT,
    PAGE_CLASS_MASK = 0xf << PAGE_CLASS_SHIFT,
    PAGE_JOINING = 1 << 27,
    PAGE_SUSPECT = 1 << 28,
    PAGE_FULL = 1 << 30,

    POOL_LARGEST = PAGE_BYTES - PAGE_HEADER_BYTES, /* bytes; what is larger gets pages of its own */
    CELL_FREE = 0x0f1u, /* flags of a free cell: DEAD, IMMORTAL, a label none has */
    CELL_FREE_MASK = 0x3ffu,
    CELL_LINK_SHIFT = 10, /* above: the link of the free list again, sealed */
    SEAL_CELLS_SHIFT = 18,
    SEAL_BYTES_SHIFT = 23,
};
#define PAGE_CURRENT (1u << 31)

/* Flags of a header: is the cell free? */
static inline bool is_free_cell(uint32_t count_flags)
{
    return (count_flags & CELL_FREE_MASK) == CELL_FREE;
}
/* The two words of a free cell: what its page's word changes by when it is taken, and the same
 * under the seal of its class.  So the list costs two instructions a cell, and no word of the two
 * is overwritten unseen, nor both by those of a cell elsewhere in its page or of another class. */
static inline void free_cell_write(struct ouro_obj *cell, uint32_t link, uint32_t seal)
{
    cell->type_gc = link; /* type index 0: no object */
    cell->count_flags = seal + (link << CELL_LINK_SHIFT);
}
static inline bool is_free_cell_linked(uint32_t count_flags, uint32_t link, uint32_t seal)
{
    return count_flags - (link << CELL_LINK_SHIFT) == seal;
}

/* A page without cells: the common paths find none in it.  A page's own header never looks like a
 * free cell's, so that a page whose list of free cells is empty needs no test of its own. */
extern const struct page pool_none;
static inline struct page *pool_nobody(void) { return (struct page *)(uintptr_t)&pool_none; }
/* From now on, until one was taken by the long way, no cell is taken by the common path; of tracked
 * objects, or of all. */
void pool_slow_down(unsigned kinds);

/* Bytes of a cell of each class, cells a page, and the seal of free ones: CELL_FREE, above it what
 * no other word is likely to be, and on top cells and bytes. */
extern const uint16_t pool_cell_bytes[POOL_CLASSES];
extern const uint8_t pool_cells[POOL_CLASSES];
extern const uint32_t pool_seal[POOL_CLASSES];

/* Size class for `bytes` <= POOL_LARGEST.  O(1). */
extern const uint8_t pool_class_of[POOL_LARGEST / GRANULE_BYTES + 1]; /* by granules */
static inline unsigned pool_class_for(size_t bytes)
{
    return pool_class_of[(bytes + GRANULE_BYTES - 1) >> GRANULE_SHIFT];
}

/* What a free cell holds in place of its type: it leads from a page's word with the cell on its
 * list to the word without, one cell more in use, by a single addition. */
static inline uint32_t cell_link(uint32_t before, uint32_t offset)
{
    return PAGE_USED_ONE + before - offset;
}
/* Where the free cell behind the one at `offset` is; 0: it was the last. */
static inline uint32_t cell_next(const struct ouro_obj *cell, uint32_t offset)
{
    return peek_word(&cell->type_gc) - PAGE_USED_ONE + offset;
}
/* Bytes from its page's start to a cell. */
static inline uint32_t cell_offset(const void *cell)
{
    return (uint32_t)(uintptr_t)cell & (PAGE_BYTES - 1);
}
/* A page's word once this cell of it is free: three instructions. */
static inline uint32_t page_word_freed(uint32_t word, const void *cell)
{
    union {
        uint32_t word;
        struct {
            uint32_t free : PAGE_FREE_BITS, rest : 32 - PAGE_FREE_BITS;
        };
    } changed = {.word = word - PAGE_USED_ONE};
    changed.free = (uint32_t)(uintptr_t)cell & PAGE_FREE_MASK;
    return changed.word;
}

/* The same for an object: test builds put a red zone behind it, unless there is no room. */
static inline bool object_has_redzone(size_t bytes)
{
    return OURO_CHECK >= 2 && bytes <= POOL_LARGEST - REDZONE_BYTES;
}
static inline unsigned pool_class_for_object(size_t bytes)
{
    return pool_class_for(object_has_redzone(bytes) ? bytes + REDZONE_BYTES : bytes);
}

/* A cell is aligned: so one instruction clears the rest. */
static inline struct page *page_of(const void *cell)
{
    return (struct page *)((uintptr_t)cell & ~(uintptr_t)(PAGE_BYTES - GRANULE_BYTES));
}

/* A cell of the class, uninitialised; NULL when there is no page for it.  O(1). */
void *pool_take(unsigned class);

/* Give a cell back.  O(1). */
void pool_give(void *cell);

/* The two parts of it, for the collector's loop; what is poisoned is another matter.  The first
 * returns whether the second is due: a page other than the current one was full, or is empty. */
static inline bool pool_put(struct ouro_obj *cell)
{
    struct page *page = page_of(cell);
    uint32_t word = page->word, class = page->class, changed = page_word_freed(word, cell);
    page->word = changed;
    free_cell_write(cell, word - changed, pool_seal[class]);
    if (changed & PAGE_CURRENT) return false;
    ouro_heap->pools[class].used--;
    return (changed & PAGE_FULL) != 0 || (changed & PAGE_USED_MASK) == 0;
}
void pool_loosen(struct heap *heap, struct page *page, uint32_t word);
/* Some cells of a page were put back: this is its word now.  Returns how many. */
uint32_t pool_put_back(struct page *page, uint32_t word);

/* Cells in use.  O(1). */
uint32_t pool_used(unsigned class);

/* Is another page to take the place of this current one: is it full, or is there none? */
static inline bool pool_is_over(const struct page *page)
{
    if (!page) return true;
    uint64_t header = load_pair(page);
    uint32_t word = (uint32_t)header, seal = (uint32_t)(header >> 32);
    return ((word ^ seal >> (SEAL_CELLS_SHIFT - PAGE_FREE_BITS)) & PAGE_USED_MASK) == 0u;
}
/* Another page takes the place of the current one, which is over or not there: a cell of it.  NULL:
 * no memory.  O(1) */
struct ouro_obj *pool_turn(struct heap *heap, struct pool_class *pool, unsigned class);
/* The common path goes on with the page of that cell, which a tracked object gets.  Turning a page
 * and making it join the nursery's set are two calls' work. */
static inline void pool_go_on(struct heap *heap, const void *cell, unsigned class)
{
    struct page *page = page_of(cell), **fast = &heap->fast[0][class + 1];
    uint32_t word = page->word, bit = heap->gc.birth_page;
    if (!(word & bit)) {
        page->word = word | bit | PAGE_JOINING;
        page = pool_nobody(); /* the next call takes the long way, too */
    }
    fast[0] = fast[FAST_GRANULES - 1] = page;
}
/* A cell for a tracked object from the current page, with which the common path goes on.  O(1) */
struct ouro_obj *pool_more(struct heap *heap, struct pool_class *pool, unsigned class);
/* The nursery is about to be another one: what has yet to join the old one's set does.  O(classes)
 */
void pool_settle(void);

/* Give one of the spare pages back to the arena, if there are more than `kept`.  Returns units. */
uint32_t pool_tidy(uint32_t kept);

/* Give spare pages back, empty current pages too, for up to `limit` units.  O(classes and units).
 *   returns  units */
uint32_t pool_trim_some(uint32_t limit);
/* All of them. */
static inline void pool_trim(void) { (void)pool_trim_some(UINT32_MAX); }

/* Bytes of a free cell, behind its header, that test builds poison.  The last word is left as it
 * is: who asked for the cell. */
static inline size_t pool_poison_bytes(unsigned class)
{
    return pool_cell_bytes[class] - sizeof(struct ouro_obj) - sizeof(uint32_t);
}

/* NULL, or which invariant of the pages is broken.  O(pages). */
const char *pool_verify(void);
/* The same for one page, O(cells of it), and for a free cell, O(bytes). */
const char *pool_verify_page(uint32_t page);
const char *pool_verify_free(const void *cell, unsigned class);

/* Size class of a page's cells, from the side table. */
static inline unsigned class_of(uint32_t page)
{
    return (unsigned)ouro_heap->arena.side[page] - PAGE_POOL_FIRST;
}
static inline bool page_is_pool(uint32_t page)
{
    return arena_describes(page) &&
           (unsigned)ouro_heap->arena.side[page] - PAGE_POOL_FIRST < POOL_CLASSES;
}
/* Is it empty, and waits for any class to take it? */
static inline bool page_is_spare(const struct page *page)
{
    return page->used == 0 && !page->current;
}
/* A page by one more than its number; NULL for 0. */
static inline struct page *page_numbered(uint32_t one_more)
{
    return one_more ? page_address(one_more - 1) : NULL;
}
/* Cell i of a page of the class. */
static inline struct ouro_obj *page_cell(struct page *page, unsigned class, unsigned i)
{
    return (struct ouro_obj *)((uint8_t *)page + PAGE_HEADER_BYTES + i * pool_cell_bytes[class]);
}

#endif
