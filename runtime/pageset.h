/* SPDX-License-Identifier: MIT
 * pageset.h - four sets of pages, one for each of HALF_A, HALF_B, GEN1 and GEN2: the pages that may
 * hold members of that part of the heap.
 *
 * Bit maps in three levels of fan-out 32: a bit above is set where the word below is not 0, so that
 * the next page of any union of sets is found in O(1), a page given back is taken out in O(1), and
 * no page spends a link on it: 4 bits in 512 bytes.  A word counts for 0 where the bit above is
 * clear, whatever it holds: so nothing is ever zeroed, neither by ouro_init nor when pages are
 * first handed out. */
#ifndef OURO_RUNTIME_PAGESET_H
#define OURO_RUNTIME_PAGESET_H

#include "heap.h"

void pageset_insert(unsigned set, uint32_t page);
/* The same without a call. */
static inline void pageset_insert_hot(struct heap *heap, unsigned set, uint32_t page)
{
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
/* Take a page out of the sets in `sets`, a bit a set. */
void pageset_remove(uint32_t sets, uint32_t page);
/* Is it in one of them? */
bool pageset_holds(uint32_t sets, uint32_t page);
/* First page >= `from` in the union of `sets`, or NO_PAGE. */
uint32_t pageset_next(uint32_t sets, uint32_t from);

#endif
