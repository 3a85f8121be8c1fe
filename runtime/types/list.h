/* SPDX-License-Identifier: MIT
 * list.h - a list's slots, for what works on many of them. */
#ifndef OURO_RUNTIME_LIST_H
#define OURO_RUNTIME_LIST_H

#include "types/ops.h"

/* Slot i < len of a list.  O(depth). */
ouro_ref *list_slot(ouro_ref list, size_t i);
/* All items of a list go to another, empty one.  O(1). */
void list_move(ouro_ref to, ouro_ref from);

#endif
