/* SPDX-License-Identifier: MIT
 * cache.h - a cache of limited size: what was used least recently makes room, and what is too old
 * is not given any more.
 *
 * Keys are those of a dict.  A program's own __eq__ and __hash__ must not use the cache.
 *
 * What says nothing of its cost is O(1). */
#ifndef OURO_CACHE_H
#define OURO_CACHE_H

#include "ouro/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* As functools' cache_info(); expired entries count until they are dropped. */
struct ouro_cache_info {
    uint32_t hits, misses, maxsize, currsize;
};

/* New reference to an empty cache.
 *   maxsize  entries that it holds at most
 *   ttl      how long an entry lives after it was set, in units of the clock, up to 2^31 - 1; 0: as
 *            long as it is used often enough
 *   clock    the time, in any unit, may wrap around; NULL where ttl is 0
 *   NULL     MemoryError */
ouro_ref ouro_cache_new(uint32_t maxsize, uint32_t ttl, uint32_t (*clock)(void));
/* The value of a key: a new reference, and the key is now the one used last.  NULL without an error
 * when it is missing or expired, with TypeError when the key cannot be hashed.  O(1): of the
 * expired entries each call drops one or two. */
ouro_ref ouro_cache_get(ouro_ref cache, ouro_ref key);
/* Set the value of a key; takes references of its own.  Where there are too many then, the one used
 * least recently is dropped.  0, or -1 with MemoryError or TypeError (nothing is dropped then).
 * O(1). */
int ouro_cache_set(ouro_ref cache, ouro_ref key, ouro_ref value);
/* Drop all entries, the one used least recently first; hits and misses count from 0 again. */
void ouro_cache_clear(ouro_ref cache);
void ouro_cache_info(ouro_ref cache, struct ouro_cache_info *info);

#ifdef __cplusplus
}
#endif
#endif
