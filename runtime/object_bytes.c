/* SPDX-License-Identifier: MIT
 * object_bytes.c - how large objects are, and how many there are. */
#include "object.h"
#include "quarantine.h"

size_t object_bytes(ouro_ref o)
{
    const struct ouro_type *type = type_of(o);
    return type->sizeof_bytes ? type->sizeof_bytes(o) : type->size_bytes;
}

SELDOM size_t object_spent_bytes(ouro_ref o)
{
    size_t bytes = object_bytes(o);
    return bytes <= POOL_LARGEST ? pool_cell_bytes[pool_class_for_object(bytes)] : block_bytes(o);
}

SELDOM size_t object_plain_bytes(ouro_ref o)
{
    size_t bytes = object_bytes(o);
    if (bytes <= POOL_LARGEST) return pool_cell_bytes[pool_class_for(bytes)];
    return block_bytes(o) - REDZONE_BYTES;
}

uint32_t object_count(void)
{
    struct heap *heap = ouro_heap;
    uint32_t count = heap->large_objects, waiting = 0;
    for (unsigned class = 0; class < POOL_CLASSES; class ++) {
        const struct pool_class *pool = &heap->pools[class];
        count += pool->used + (pool->current ? pool->current->used : 0);
        waiting += quarantine_cells(class);
    }
    return count - waiting;
}

SELDOM bool object_is_intact(ouro_ref o, size_t spent)
{
    size_t bytes = object_bytes(o);
    if (!object_has_redzone(bytes)) return true;
    return redzone_is_intact(o, spent) && redzone_asked(o, spent) >= type_of(o)->size_bytes;
}
