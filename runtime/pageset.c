/* SPDX-License-Identifier: MIT
 * pageset.c - sets of pages as three levels of bit maps. */
#include "pageset.h"

#include "arena.h"

/* The bits of page `page` in the words of one set: is what they say to be believed? */
static bool has_middle(unsigned set, uint32_t page)
{
    return (ouro_heap->set_root.bits[set] >> (page >> 10) & 1u) != 0;
}
static bool has_leaf(unsigned set, uint32_t page)
{
    return has_middle(set, page) &&
           (ouro_heap->set_middle[page >> 10].bits[set] >> (page >> 5 & 31) & 1u) != 0;
}

/* The words of `sets` around a page, level by level, each set by itself: without a loop, since this
 * is what a turn of the collector's page waits for.  Each returns the union. */
static inline uint32_t root_word(uint32_t sets)
{
    uint32_t word = 0;
#pragma GCC unroll 4
    for (unsigned set = 0; set < PAGE_SETS; set++)
        if (sets >> set & 1u) word |= ouro_heap->set_root.bits[set];
    return word;
}
static inline uint32_t middle_words(uint32_t sets, uint32_t page, uint32_t middle[PAGE_SETS])
{
    const struct heap *heap = ouro_heap;
    uint32_t word = 0;
#pragma GCC unroll 4
    for (unsigned set = 0; set < PAGE_SETS; set++) {
        middle[set] = 0;
        if (!(sets >> set & 1u) || !(heap->set_root.bits[set] >> (page >> 10) & 1u)) continue;
        word |= middle[set] = heap->set_middle[page >> 10].bits[set];
    }
    return word;
}
static inline uint32_t leaf_word(const uint32_t middle[PAGE_SETS], uint32_t page)
{
    const uint32_t *leaf = ouro_heap->set_leaves[page >> 5].bits;
    uint32_t word = 0;
#pragma GCC unroll 4
    for (unsigned set = 0; set < PAGE_SETS; set++)
        if (middle[set] >> (page >> 5 & 31) & 1u) word |= leaf[set];
    return word;
}

void pageset_insert(unsigned set, uint32_t page)
{
    struct heap *heap = ouro_heap;
    uint32_t *root = &heap->set_root.bits[set];
    uint32_t *middle = &heap->set_middle[page >> 10].bits[set];
    uint32_t *leaf = &heap->set_leaves[page >> 5].bits[set];
    uint32_t bit = 1u << (page & 31), above = 1u << (page >> 5 & 31), top = *root;
    uint32_t there = top >> (page >> 10) & 1u ? *middle : 0;
    if (there & above) {
        *leaf |= bit;
        return;
    }
    *leaf = bit; /* the first of 32 pages, and perhaps of 1024 */
    *middle = there | above;
    *root = top | 1u << (page >> 10);
}

/* The last of 32 pages, and perhaps of 1024. */
SELDOM static void remove_last(unsigned set, uint32_t page)
{
    struct heap *heap = ouro_heap;
    uint32_t *middle = &heap->set_middle[page >> 10].bits[set];
    if (!has_leaf(set, page)) return;
    *middle &= ~(1u << (page >> 5 & 31));
    if (!*middle) heap->set_root.bits[set] &= ~(1u << (page >> 10));
}

void pageset_remove(uint32_t sets, uint32_t page)
{
    for (; sets; sets &= sets - 1) {
        unsigned set = (unsigned)__builtin_ctz(sets);
        uint32_t *leaf = &ouro_heap->set_leaves[page >> 5].bits[set];
        *leaf &= ~(1u << (page & 31)); /* a word that counts for 0 may hold anything */
        if (*leaf == 0) remove_last(set, page);
    }
}

SELDOM bool pageset_holds(uint32_t sets, uint32_t page)
{
    if (page >= ouro_heap->arena.pages) return false;
    for (; sets; sets &= sets - 1) {
        unsigned set = (unsigned)__builtin_ctz(sets);
        if (has_leaf(set, page) && ouro_heap->set_leaves[page >> 5].bits[set] >> (page & 31) & 1u)
            return true;
    }
    return false;
}

/* Bits of `word` at and above `from`, which may be 32. */
static inline uint32_t at_or_above(uint32_t word, uint32_t from)
{
    return from < 32 ? word >> from << from : 0;
}

/* Level by level: 32 pages, then 1024, then all; two rounds of the outer loop at most, and two of
 * the inner one in each. */
uint32_t pageset_next(uint32_t sets, uint32_t from)
{
    const struct heap *heap = ouro_heap;
    const unsigned set = (unsigned)__builtin_ctz(sets | 1u << 31);
    if (sets == 1u << set && from < heap->arena.pages && /* mostly the next is near */
        (heap->set_root.bits[set] >> (from >> 10) & 1u) &&
        (heap->set_middle[from >> 10].bits[set] >> (from >> 5 & 31) & 1u)) {
        uint32_t word = at_or_above(heap->set_leaves[from >> 5].bits[set], from & 31);
        if (word) return (from & ~31u) | (uint32_t)__builtin_ctz(word);
    }
    while (from < ouro_heap->arena.pages) {
        uint32_t middle[PAGE_SETS], above = middle_words(sets, from, middle);
        for (;;) {
            uint32_t word = at_or_above(leaf_word(middle, from), from & 31);
            if (word) return (from & ~31u) | (uint32_t)__builtin_ctz(word);
            above = at_or_above(above, (from >> 5 & 31) + 1);
            if (!above) break;
            from = (from & ~1023u) | (uint32_t)__builtin_ctz(above) << 5;
        }
        uint32_t root = at_or_above(root_word(sets), (from >> 10) + 1);
        if (!root) break;
        from = (uint32_t)__builtin_ctz(root) << 10;
    }
    return NO_PAGE;
}
