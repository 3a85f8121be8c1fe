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

/* The same of one set, level by level: 32 pages, then 1024, then all.  Without a loop, since this
 * is what a turn of the collector's page waits for. */
static inline uint32_t next_of(const struct heap *heap, unsigned set, uint32_t from)
{
    uint32_t top = from >> 10, root = heap->set_root.bits[set], middle = 0;
    if (root >> top & 1u) {
        const uint32_t at = from >> 5 & 31;
        middle = heap->set_middle[top].bits[set];
        if (middle >> at & 1u) { /* mostly the next is near */
            uint32_t leaf = at_or_above(heap->set_leaves[from >> 5].bits[set], from & 31);
            if (leaf) return (from & ~31u) | (uint32_t)__builtin_ctz(leaf);
        }
        middle = at_or_above(middle, at + 1);
    }
    if (!middle) {
        root = at_or_above(root, top + 1);
        if (!root) return NO_PAGE;
        top = (uint32_t)__builtin_ctz(root);
        middle = heap->set_middle[top].bits[set];
    }
    const uint32_t group = top << 5 | (uint32_t)__builtin_ctz(middle);
    return group << 5 | (uint32_t)__builtin_ctz(heap->set_leaves[group].bits[set]);
}

uint32_t pageset_next(uint32_t sets, uint32_t from)
{
    const struct heap *heap = ouro_heap;
    uint32_t nearest = NO_PAGE;
    if (from >= heap->arena.pages) return NO_PAGE;
    while (sets) { /* the old first, whose pages are the closest */
        const unsigned set = 31u - (unsigned)__builtin_clz(sets);
        uint32_t page = next_of(heap, set, from);
        if (page < nearest) nearest = page;
        if (page == from) break;
        sets ^= 1u << set;
    }
    return nearest;
}
