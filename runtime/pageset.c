/* SPDX-License-Identifier: MIT
 * pageset.c - sets of pages as three levels of bit maps. */
#include "pageset.h"

#include <string.h>

#include "arena.h"

OURO_COLD_FILE

static uint32_t word_of(const struct pageset_group *group, uint32_t sets)
{
    uint32_t word = 0;
    for (unsigned i = 0; i < PAGE_SETS; i++)
        if (sets >> i & 1u) word |= group->bits[i];
    return word;
}

void pageset_extend(uint32_t from, uint32_t to)
{
    struct heap *heap = ouro_heap;
    for (uint32_t g = (from + 31) / 32; g * 32 < to; g++) {
        uint32_t lent = arena_lent(g * 32); /* of those, arena_describe took care */
        if (g % 32 == 0 && !lent) memset(&heap->set_middle[g / 32], 0, sizeof heap->set_middle[0]);
        if (!(lent >> g % 32 & 1u)) memset(&heap->set_leaves[g], 0, sizeof heap->set_leaves[g]);
    }
}

void pageset_insert(unsigned set, uint32_t page)
{
    ouro_heap->set_leaves[page >> 5].bits[set] |= 1u << (page & 31);
    ouro_heap->set_middle[page >> 10].bits[set] |= 1u << (page >> 5 & 31);
    ouro_heap->set_root.bits[set] |= 1u << (page >> 10);
}

void pageset_remove(uint32_t sets, uint32_t page)
{
    for (unsigned set = 0; set < PAGE_SETS; set++) {
        if (!(sets >> set & 1u)) continue;
        uint32_t *leaf = &ouro_heap->set_leaves[page >> 5].bits[set];
        uint32_t *middle = &ouro_heap->set_middle[page >> 10].bits[set];
        *leaf &= ~(1u << (page & 31));
        if (*leaf) continue;
        *middle &= ~(1u << (page >> 5 & 31));
        if (!*middle) ouro_heap->set_root.bits[set] &= ~(1u << (page >> 10));
    }
}

bool pageset_holds(uint32_t sets, uint32_t page)
{
    if (!arena_describes(page)) return false;
    return (word_of(&ouro_heap->set_leaves[page >> 5], sets) >> (page & 31) & 1u) != 0;
}

/* Bits of `word` at and above `from`, which may be 32. */
static uint32_t at_or_above(uint32_t word, uint32_t from)
{
    return from < 32 ? word >> from << from : 0;
}

uint32_t pageset_next(uint32_t sets, uint32_t from)
{
    const struct heap *heap = ouro_heap;
    if (from >= heap->arena.pages) return NO_PAGE;
    uint32_t leaf = from >> 5, middle = from >> 10, word = 0;
    if (arena_describes(from))
        word = at_or_above(word_of(&heap->set_leaves[leaf], sets), from & 31);
    if (!word) {
        if (middle << 10 < heap->arena.mark_peak || arena_lent(from))
            word = at_or_above(word_of(&heap->set_middle[middle], sets), (leaf & 31) + 1);
        if (!word) {
            word = at_or_above(word_of(&heap->set_root, sets), middle + 1);
            if (!word) return NO_PAGE;
            middle = (uint32_t)__builtin_ctz(word);
            word = word_of(&heap->set_middle[middle], sets);
        }
        leaf = middle << 5 | (uint32_t)__builtin_ctz(word);
        word = word_of(&heap->set_leaves[leaf], sets);
    }
    return leaf << 5 | (uint32_t)__builtin_ctz(word);
}
