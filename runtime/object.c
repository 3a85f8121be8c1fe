/* SPDX-License-Identifier: MIT
 * object.c - the type table; objects are made and their memory is given back.
 *
 * An object of up to 504 bytes is a pool cell; a larger one, always a leaf, is a block. */
#include "object.h"

#include <string.h>

#include "collector.h"
#include "pageset.h"
#include "weak.h"

/* Built-in types have constant indices.  The references are weak, so that a program that uses no
 * dict links no dict: its entry reads NULL, and no object can name it. */
#define BUILTIN(name) extern const struct ouro_type name __attribute__((weak))
BUILTIN(ouro_none_type);
BUILTIN(ouro_bool_type);
BUILTIN(ouro_int_type);
BUILTIN(ouro_float_type);
BUILTIN(ouro_str_type);
BUILTIN(ouro_list_type);
BUILTIN(ouro_dict_type);
BUILTIN(ouro_weakref_type);
extern const struct ouro_type node_types[6] __attribute__((weak));
extern const struct ouro_type pairs_types[6] __attribute__((weak));
extern const struct ouro_type index_types[6] __attribute__((weak));
BUILTIN(dicthead_type);

static const struct ouro_type *const builtin_types[OURO_TYPE_BUILTINS] = {
    [OURO_TYPE_NONE] = &ouro_none_type,      [OURO_TYPE_BOOL] = &ouro_bool_type,
    [OURO_TYPE_INT] = &ouro_int_type,        [OURO_TYPE_FLOAT] = &ouro_float_type,
    [OURO_TYPE_STR] = &ouro_str_type,        [OURO_TYPE_LIST] = &ouro_list_type,
    [OURO_TYPE_DICT] = &ouro_dict_type,      [OURO_TYPE_WEAKREF] = &ouro_weakref_type,
    [OURO_TYPE_NODE] = &node_types[0],       [OURO_TYPE_NODE + 1] = &node_types[1],
    [OURO_TYPE_NODE + 2] = &node_types[2],   [OURO_TYPE_NODE + 3] = &node_types[3],
    [OURO_TYPE_NODE + 4] = &node_types[4],   [OURO_TYPE_NODE + 5] = &node_types[5],
    [OURO_TYPE_PAIRS] = &pairs_types[0],     [OURO_TYPE_PAIRS + 1] = &pairs_types[1],
    [OURO_TYPE_PAIRS + 2] = &pairs_types[2], [OURO_TYPE_PAIRS + 3] = &pairs_types[3],
    [OURO_TYPE_PAIRS + 4] = &pairs_types[4], [OURO_TYPE_PAIRS + 5] = &pairs_types[5],
    [OURO_TYPE_INDEX] = &index_types[0],     [OURO_TYPE_INDEX + 1] = &index_types[1],
    [OURO_TYPE_INDEX + 2] = &index_types[2], [OURO_TYPE_INDEX + 3] = &index_types[3],
    [OURO_TYPE_INDEX + 4] = &index_types[4], [OURO_TYPE_INDEX + 5] = &index_types[5],
    [OURO_TYPE_DICTHEAD] = &dicthead_type,
};

extern const struct ouro_type __start_ouro_types[] __attribute__((weak));
extern const struct ouro_type __stop_ouro_types[] __attribute__((weak));

size_t types_count(void)
{
    return OURO_TYPE_BUILTINS + (size_t)(__stop_ouro_types - __start_ouro_types);
}

void types_init(void)
{
    size_t n = 0;
    for (; n < OURO_TYPE_BUILTINS; n++) ouro_heap->types[n] = builtin_types[n];
    for (const struct ouro_type *type = __start_ouro_types; type < __stop_ouro_types; type++)
        ouro_heap->types[n++] = type;
}

static uint32_t type_index(const struct ouro_type *type)
{
    if (type->index != OURO_TYPE_USER) return type->index;
    ouro_require_that(type >= __start_ouro_types && type < __stop_ouro_types,
                      "a type must be defined with OURO_TYPE_DEFINE");
    return OURO_TYPE_BUILTINS + (uint32_t)(type - __start_ouro_types);
}

const struct ouro_type *ouro_type_of(ouro_ref ref) { return type_at(ouro_type_index(ref)); }

void page_join(struct page *page, unsigned set)
{
    page->sets = (uint8_t)(page->sets | 1u << set);
    pageset_insert(set, page_number(page));
}

size_t object_bytes(ouro_ref o)
{
    const struct ouro_type *type = type_of(o);
    return type->sizeof_bytes ? type->sizeof_bytes(o) : type->size_bytes;
}

size_t object_spent_bytes(ouro_ref o)
{
    size_t bytes = object_bytes(o);
    return bytes <= POOL_LARGEST ? pool_cell_bytes[pool_class_for(bytes)] : block_bytes(o);
}

static ouro_ref large_take(size_t bytes, size_t *spent)
{
    ouro_ref o = block_take(bytes);
    if (!o) return NULL;
    block_flip_object(o);
    *spent = block_bytes(o);
    return o;
}

/* Memory for an object, accounted for. */
static ouro_ref cell_take(const struct ouro_type *type, size_t bytes, size_t *spent)
{
    struct heap *heap = ouro_heap;
    if (bytes > POOL_LARGEST) {
        ouro_require_that(type->refs == 0, "a type with references is too large");
        return large_take(bytes, spent);
    }
    unsigned class = pool_class_for(bytes);
    ouro_ref cell = pool_take(class);
    if (!cell) return NULL;
    *spent = pool_cell_bytes[class];
    heap->used_bytes += *spent;
    if (heap->used_bytes > heap->peak_bytes) heap->peak_bytes = heap->used_bytes;
    ouro_port_poison((uint8_t *)cell + bytes, *spent - bytes); /* a red zone */
    return cell;
}

static void clear(ouro_ref o, size_t bytes)
{
    uint32_t *word = (uint32_t *)(void *)(o + 1), *end = (uint32_t *)(void *)o + bytes / 4;
    for (; word < end; word++) *word = 0;
}

ouro_ref object_make(const struct ouro_type *type, size_t bytes)
{
    struct heap *heap = ouro_heap;
    size_t spent;
    ouro_audit(__builtin_popcount(type->refs) <= SLOTS_MAX); /* or the bound does not hold */
    ouro_ref o = cell_take(type, bytes, &spent);
    if (!o) return NULL;
    heap->objects++;
    clear(o, type->size_bytes);
    o->type_gc = type_index(type) << TYPE_SHIFT;
    if (type->refs) {
        o->count_flags = OURO_COUNT_ONE;
        set_label(o, heap->gc.nursery);
        heap->gc.count[0]++;
    } else {
        o->count_flags = OURO_COUNT_ONE | (uint32_t)UNTRACKED << FLAG_LABEL_SHIFT;
    }
    if (type->finalize) heap->gc.special++;
    if (heap->gc.phase != OURO_GC_IDLE) collector_allocated(spent);
    return o;
}

static void large_free(ouro_ref o)
{
    ouro_require((block_header(o) & BLOCK_OBJECT) != 0);
    block_flip_object(o);
    block_give(o);
}

void object_free(ouro_ref o)
{
    struct heap *heap = ouro_heap;
    if (o->type_gc >> TYPE_SHIFT == OURO_TYPE_WEAKREF) weakref_unlink(o);
    ouro_assert(!has_flag(o, FLAG_HAS_WEAK | FLAG_ON_GRAY));
    ouro_audit(!is_finalizable(o));
    if (label(o) != UNTRACKED && heap->gc.count[0] > 0) heap->gc.count[0]--;
    heap->objects--;
    uint32_t page = page_number(o);
    if (page_is_pool(page)) {
        heap->used_bytes -= pool_cell_bytes[class_of(page)];
        pool_give(o);
    } else {
        large_free(o);
    }
}

/* ---- memory for public constructors ---- */

void memory_prepare(void)
{
    ouro_require_that(ouro_heap, "ouro_init has not run");
    collector_pay();
}

bool memory_relieve(unsigned *round)
{
    if (collector_relieve(round)) return true;
    ouro_heap->failures++;
    ouro_error_set(OURO_MEMORY_ERROR, "out of memory");
    return false;
}

ouro_ref object_new(const struct ouro_type *type, size_t bytes)
{
    ouro_ref o;
    memory_prepare();
    for (unsigned round = 0; !(o = object_make(type, bytes)) && memory_relieve(&round);) {}
    return o;
}

ouro_ref ouro_obj_new(const struct ouro_type *type) { return object_new(type, type->size_bytes); }
