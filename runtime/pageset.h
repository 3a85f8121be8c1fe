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
/* Take a page out of the sets in `sets`, a bit a set. */
void pageset_remove(uint32_t sets, uint32_t page);
/* Is it in one of them? */
bool pageset_holds(uint32_t sets, uint32_t page);
/* First page >= `from` in the union of `sets`, or NO_PAGE. */
uint32_t pageset_next(uint32_t sets, uint32_t from);

#endif
