/* SPDX-License-Identifier: MIT
 * init.c - bringing the runtime up. */
#include <string.h>

#include "arena.h"
#include "collector.h"
#include "object.h"

enum { ARENA_LEAST = 8 * 1024, ARENA_MOST = 16 * 1024 * 1024 };

void ouro_set_hash_seed(const uint32_t seed[4])
{
    ouro_require_that(ouro_heap->pages_opened == 0, "hashes are seeded when there are objects");
    memcpy(ouro_heap->hash_seed, seed, sizeof ouro_heap->hash_seed);
}

int ouro_init(void *base, size_t bytes)
{
    OURO_THREAD_ONLY();
    if (bytes < ARENA_LEAST || bytes > ARENA_MOST || !arena_init(base, bytes)) return -1;
    pool_slow_down(2);
    collector_init();
    static const uint32_t seed[4] = {0x6f75726fu, 0x626f726fu, 0x73657270u, 0x656e7421u};
    ouro_set_hash_seed(seed);
    ouro_heap->seal = heap_seal();
    return 0;
}
