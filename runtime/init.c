/* SPDX-License-Identifier: MIT
 * init.c - bringing the runtime up. */
#include "arena.h"
#include "collector.h"
#include "object.h"

enum { ARENA_LEAST = 8 * 1024, ARENA_MOST = 16 * 1024 * 1024 };

int ouro_init(void *base, size_t bytes)
{
    OURO_THREAD_ONLY();
    if (bytes < ARENA_LEAST || bytes > ARENA_MOST || !arena_init(base, bytes)) return -1;
    pool_slow_down(2);
    collector_init();
    /* Fixed, so that runs repeat; a board with a source of entropy may want its own. */
    static const uint32_t seed[4] = {0x6f75726fu, 0x626f726fu, 0x73657270u, 0x656e7421u};
    for (unsigned i = 0; i < 4; i++) ouro_heap->hash_seed[i] = seed[i];
    ouro_heap->seal = heap_seal();
    return 0;
}
