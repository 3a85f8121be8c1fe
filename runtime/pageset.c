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

/* The union of `sets` around a page, of each level. */
static uint32_t root_word(uint32_t sets)
{
    uint32_t word = 0;
    for (; sets; sets &= sets - 1) word |= ouro_heap->set_root.bits[__builtin_ctz(sets)];
    return word;
}
static uint32_t middle_word(uint32_t sets, uint32_t page)
{
    uint32_t word = 0;
    for (; sets; sets &= sets - 1) {
        unsigned set = (unsigned)__builtin_ctz(sets);
        if (has_middle(set, page)) word |= ouro_heap->set_middle[page >> 10].bits[set];
    }
    return word;
}
static uint32_t leaf_word(uint32_t sets, uint32_t page)
{
    uint32_t word = 0;
    for (; sets; sets &= sets - 1) {
        unsigned set = (unsigned)__builtin_ctz(sets);
        if (has_leaf(set, page)) word |= ouro_heap->set_leaves[page >> 5].bits[set];
    }
    return word;
}

/* The first of 32 pages, and perhaps of 1024. */
SELDOM static void insert_first(unsigned set, uint32_t page)
{
    struct heap *heap = ouro_heap;
    uint32_t *middle = &heap->set_middle[page >> 10].bits[set];
    *middle = (has_middle(set, page) ? *middle : 0) | 1u << (page >> 5 & 31);
    heap->set_root.bits[set] |= 1u << (page >> 10);
}

void pageset_insert(unsigned set, uint32_t page)
{
    const struct heap *heap = ouro_heap;
    uint32_t *leaf = &heap->set_leaves[page >> 5].bits[set], bit = 1u << (page & 31);
    if (heap->set_root.bits[set] >> (page >> 10) & 1u &&
        heap->set_middle[page >> 10].bits[set] >> (page >> 5 & 31) & 1u) {
        *leaf |= bit;
        return;
    }
    *leaf = bit;
    insert_first(set, page);
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

bool pageset_holds(uint32_t sets, uint32_t page)
{
    return page < ouro_heap->arena.pages && (leaf_word(sets, page) >> (page & 31) & 1u) != 0;
}

/* Bits of `word` at and above `from`, which may be 32. */
static uint32_t at_or_above(uint32_t word, uint32_t from)
{
    return from < 32 ? word >> from << from : 0;
}

uint32_t pageset_next(uint32_t sets, uint32_t from)
{
    if (from >= ouro_heap->arena.pages) return NO_PAGE;
    uint32_t word = at_or_above(leaf_word(sets, from), from & 31);
    if (!word) {
        word = at_or_above(middle_word(sets, from), (from >> 5 & 31) + 1);
        if (!word) {
            word = at_or_above(root_word(sets), (from >> 10) + 1);
            if (!word) return NO_PAGE;
            from = (uint32_t)__builtin_ctz(word) << 10;
            word = middle_word(sets, from);
        }
        from = (from & ~1023u) | (uint32_t)__builtin_ctz(word) << 5;
        word = leaf_word(sets, from);
    }
    return (from & ~31u) | (uint32_t)__builtin_ctz(word);
}
