/* SPDX-License-Identifier: MIT
 * init.c - bringing the runtime up; the error state. */
#include "arena.h"
#include "collector.h"
#include "object.h"

OURO_COLD_FILE

enum { ARENA_LEAST = 8 * 1024, ARENA_MOST = 16 * 1024 * 1024 };

int ouro_init(void *base, size_t bytes)
{
    if (bytes < ARENA_LEAST || bytes > ARENA_MOST || !arena_init(base, bytes, types_count()))
        return -1;
    types_init();
    collector_init();
    /* Fixed, so that runs repeat; a board with a source of entropy may want its own. */
    static const uint32_t seed[4] = {0x6f75726fu, 0x626f726fu, 0x73657270u, 0x656e7421u};
    for (unsigned i = 0; i < 4; i++) ouro_heap->hash_seed[i] = seed[i];
    return 0;
}

static const char *const error_names[] = {
    [OURO_NO_ERROR] = "no error",
    [OURO_MEMORY_ERROR] = "MemoryError",
    [OURO_TYPE_ERROR] = "TypeError",
    [OURO_VALUE_ERROR] = "ValueError",
    [OURO_KEY_ERROR] = "KeyError",
    [OURO_INDEX_ERROR] = "IndexError",
    [OURO_OVERFLOW_ERROR] = "OverflowError",
    [OURO_RUNTIME_ERROR] = "RuntimeError",
};

const char *ouro_error_name(enum ouro_error_kind kind)
{
    return (unsigned)kind < sizeof error_names / sizeof error_names[0] ? error_names[kind] : "?";
}

enum ouro_error_kind ouro_error_get(const char **message)
{
    if (message) *message = ouro_heap->error_message;
    return ouro_heap->error_kind;
}

void ouro_error_set(enum ouro_error_kind kind, const char *message)
{
    ouro_heap->error_kind = kind;
    ouro_heap->error_message = message;
}

void ouro_error_clear(void) { ouro_error_set(OURO_NO_ERROR, NULL); }
