/* SPDX-License-Identifier: MIT
 * redzone.h - what test builds (CHECK 2 and 3) put behind the bytes that were asked for, and into
 * memory that was given back.
 *
 *     bytes asked for ... | canary, up to 7 bytes or the class's waste | code | site |
 *
 * `code` says how many bytes were asked for, so that the canary's start is known, and checks
 * itself, so that an overrun of a single byte is seen; `site` is where the allocating call was
 * made.  What is given back is filled with POISON, so that a later write is seen when it is handed
 * out again. */
#ifndef OURO_RUNTIME_REDZONE_H
#define OURO_RUNTIME_REDZONE_H

#include "heap.h"

enum { REDZONE_BYTES = OURO_CHECK >= 2 ? 8 : 0 };

/* What redzone_asked() says when there is no number. */
enum { REDZONE_LOST = 0xffffffffu, REDZONE_FREED = 0xfffffffeu };

/* The memory of `room` bytes was handed out for `bytes`.  O(waste). */
void redzone_write(void *start, size_t bytes, size_t room);
/* Is all of it as it was written?  O(waste). */
bool redzone_is_intact(const void *start, size_t room);
/* How many bytes were asked for, and by whom. */
uint32_t redzone_asked(const void *start, size_t room);
uint32_t redzone_site(const void *start, size_t room);

/* Fill memory that nobody may write to any more; is it still so?  O(bytes). */
void poison_write(void *start, size_t bytes);
bool poison_is_intact(const void *start, size_t bytes);

#endif
