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
#define FAMILY(name)  extern const struct ouro_type name[] __attribute__((weak))
BUILTIN(ouro_none_type);
BUILTIN(ouro_bool_type);
BUILTIN(ouro_int_type);
BUILTIN(ouro_float_type);
BUILTIN(ouro_str_type);
BUILTIN(ouro_list_type);
BUILTIN(ouro_dict_type);
BUILTIN(ouro_weakref_type);
BUILTIN(ouro_set_type);
BUILTIN(ouro_frozenset_type);
BUILTIN(ouro_bytes_type);
BUILTIN(ouro_bytearray_type);
BUILTIN(ouro_memoryview_type);
BUILTIN(ouro_range_type);
BUILTIN(ouro_slice_type);
BUILTIN(ouro_iterator_type);
BUILTIN(ouro_cell_type);
BUILTIN(ouro_function_type);
BUILTIN(ouro_method_type);
BUILTIN(ouro_class_type);
BUILTIN(ouro_instance_type);
BUILTIN(ouro_module_type);
BUILTIN(ouro_exception_type);
BUILTIN(ouro_proxy_type);
BUILTIN(ouro_finalize_type);
BUILTIN(ouro_weakvalues_type);
BUILTIN(ouro_weakkeys_type);
BUILTIN(ouro_weakset_type);
BUILTIN(ouro_cache_type);
BUILTIN(ouro_context_type);
BUILTIN(head_type);
BUILTIN(long_tuple_type);
BUILTIN(layout_type);
BUILTIN(anchor_type);
FAMILY(node_types);
FAMILY(pairs_types);
FAMILY(index_types);
FAMILY(tuple_types);
FAMILY(slotted_types);
FAMILY(generator_types);

static const struct ouro_type *const builtin_types[OURO_TYPE_BUILTINS] = {
    [OURO_TYPE_NONE] = &ouro_none_type,
    [OURO_TYPE_BOOL] = &ouro_bool_type,
    [OURO_TYPE_INT] = &ouro_int_type,
    [OURO_TYPE_FLOAT] = &ouro_float_type,
    [OURO_TYPE_STR] = &ouro_str_type,
    [OURO_TYPE_LIST] = &ouro_list_type,
    [OURO_TYPE_DICT] = &ouro_dict_type,
    [OURO_TYPE_WEAKREF] = &ouro_weakref_type,
    [OURO_TYPE_SET] = &ouro_set_type,
    [OURO_TYPE_FROZENSET] = &ouro_frozenset_type,
    [OURO_TYPE_BYTES] = &ouro_bytes_type,
    [OURO_TYPE_BYTEARRAY] = &ouro_bytearray_type,
    [OURO_TYPE_MEMORYVIEW] = &ouro_memoryview_type,
    [OURO_TYPE_RANGE] = &ouro_range_type,
    [OURO_TYPE_SLICE] = &ouro_slice_type,
    [OURO_TYPE_ITERATOR] = &ouro_iterator_type,
    [OURO_TYPE_CELL] = &ouro_cell_type,
    [OURO_TYPE_FUNCTION] = &ouro_function_type,
    [OURO_TYPE_METHOD] = &ouro_method_type,
    [OURO_TYPE_CLASS] = &ouro_class_type,
    [OURO_TYPE_INSTANCE] = &ouro_instance_type,
    [OURO_TYPE_MODULE] = &ouro_module_type,
    [OURO_TYPE_EXCEPTION] = &ouro_exception_type,
    [OURO_TYPE_PROXY] = &ouro_proxy_type,
    [OURO_TYPE_FINALIZE] = &ouro_finalize_type,
    [OURO_TYPE_WEAKVALUES] = &ouro_weakvalues_type,
    [OURO_TYPE_WEAKKEYS] = &ouro_weakkeys_type,
    [OURO_TYPE_WEAKSET] = &ouro_weakset_type,
    [OURO_TYPE_CACHE] = &ouro_cache_type,
    [OURO_TYPE_CONTEXT] = &ouro_context_type,
    [OURO_TYPE_HEAD] = &head_type,
    [OURO_TYPE_LONG_TUPLE] = &long_tuple_type,
    [OURO_TYPE_LAYOUT] = &layout_type,
    [OURO_TYPE_ANCHOR] = &anchor_type,
};

/* Types that differ only in how many references they hold. */
static const struct {
    uint16_t first, count;
    const struct ouro_type *types;
} families[] = {
    {OURO_TYPE_NODE, 6, node_types},        {OURO_TYPE_PAIRS, 6, pairs_types},
    {OURO_TYPE_INDEX, 3, index_types},      {OURO_TYPE_TUPLE, 17, tuple_types},
    {OURO_TYPE_SLOTTED, 15, slotted_types}, {OURO_TYPE_GENERATOR, 15, generator_types},
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
    for (size_t f = 0; f < sizeof families / sizeof families[0]; f++)
        for (unsigned i = 0; i < families[f].count && families[f].types; i++)
            ouro_heap->types[families[f].first + i] = &families[f].types[i];
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

void(memory_prepare)(void)
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

ouro_ref(object_new)(const struct ouro_type *type, size_t bytes)
{
    ouro_ref o;
    memory_prepare();
    for (unsigned round = 0; !(o = object_make(type, bytes)) && memory_relieve(&round);) {}
    return o;
}

ouro_ref ouro_obj_new(const struct ouro_type *type) { return object_new(type, type->size_bytes); }
