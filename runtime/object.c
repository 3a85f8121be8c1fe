/* SPDX-License-Identifier: MIT
 * object.c - the type table; objects are made and their memory is given back.
 *
 * An object of up to 504 bytes is a pool cell; a larger one, always a leaf, is a block. */
#include "object.h"

#include <string.h>

#include "collector.h"
#include "pageset.h"
#include "quarantine.h"
#include "tracemalloc.h"
#include "weak.h"

/* Built-in types have constant indices.  The references are weak, so that a program that uses no
 * dict links no dict: its entry reads NULL, and no object can name it. */
#define BUILTIN(name) extern const struct ouro_type name __attribute__((weak))
#define FAMILY(name)  extern const struct ouro_type name[] __attribute__((weak))
BUILTIN(ouro_none_type);
BUILTIN(ouro_not_implemented_type);
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
BUILTIN(weakcall_type);
BUILTIN(ouro_proxy_type);
BUILTIN(proxycall_type);
BUILTIN(weakentry_type);
BUILTIN(ouro_finalize_type);
BUILTIN(ouro_weakvalues_type);
BUILTIN(ouro_weakkeys_type);
BUILTIN(ouro_weakset_type);
BUILTIN(ouro_cache_type);
BUILTIN(cacheentry_type);
BUILTIN(ouro_context_type);
BUILTIN(head_type);
BUILTIN(long_tuple_type);
BUILTIN(anchor_type);
FAMILY(node_types);
FAMILY(values_types);
FAMILY(items_types);
FAMILY(pairs_types);
FAMILY(index_types);
FAMILY(tuple_types);
FAMILY(slotted_types);
FAMILY(generator_types);
FAMILY(view_types);

/* Types that differ only in how many references they hold. */
#define THREE(t)     &(t)[0], &(t)[1], &(t)[2]
#define SIX(t)       THREE(t), THREE(&(t)[3])
#define EIGHT(t)     SIX(t), &(t)[6], &(t)[7]
#define SEVENTEEN(t) EIGHT(t), EIGHT(&(t)[8]), &(t)[16]

const struct ouro_type *const builtin_types[OURO_TYPE_BUILTINS] = {
    [OURO_TYPE_NONE] = &ouro_none_type,
    [OURO_TYPE_NOTIMPLEMENTED] = &ouro_not_implemented_type,
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
    [OURO_TYPE_WEAKCALL] = &weakcall_type,
    [OURO_TYPE_PROXY] = &ouro_proxy_type,
    [OURO_TYPE_PROXYCALL] = &proxycall_type,
    [OURO_TYPE_WEAKENTRY] = &weakentry_type,
    [OURO_TYPE_FINALIZE] = &ouro_finalize_type,
    [OURO_TYPE_WEAKVALUES] = &ouro_weakvalues_type,
    [OURO_TYPE_WEAKKEYS] = &ouro_weakkeys_type,
    [OURO_TYPE_WEAKSET] = &ouro_weakset_type,
    [OURO_TYPE_CACHE] = &ouro_cache_type,
    [OURO_TYPE_CACHEENTRY] = &cacheentry_type,
    [OURO_TYPE_CONTEXT] = &ouro_context_type,
    [OURO_TYPE_DICTKEYS] = THREE(view_types),
    [OURO_TYPE_HEAD] = &head_type,
    [OURO_TYPE_LONG_TUPLE] = &long_tuple_type,
    [OURO_TYPE_ANCHOR] = &anchor_type,
    [OURO_TYPE_NODE] = SIX(node_types),
    [OURO_TYPE_VALUES] = SIX(values_types),
    [OURO_TYPE_ITEMS] = SIX(items_types),
    [OURO_TYPE_PAIRS] = SIX(pairs_types),
    [OURO_TYPE_INDEX] = THREE(index_types),
    [OURO_TYPE_TUPLE] = SEVENTEEN(tuple_types),
    [OURO_TYPE_SLOTTED] = EIGHT(slotted_types),
    [OURO_TYPE_GENERATOR] = EIGHT(generator_types),
};

extern inline unsigned ouro_type_index(ouro_ref ref);
extern inline const struct ouro_type *user_type_at(uint32_t index);
extern inline const struct ouro_type *type_at(uint32_t index);
extern inline const struct ouro_type *type_of(ouro_ref o);
extern inline ouro_ref *slot(ouro_ref o, unsigned i);

/* First header word of the objects of a type: one of a program's own, or any. */
static inline uint32_t user_type_word(const struct ouro_type *type)
{
    enum { SIZE = sizeof *type, SHIFT = TYPE_SHIFT - (SIZE == 32 ? 5 : 6) };
    _Static_assert(SIZE == 32 || SIZE == 64, "a number is a shift of an address");
    uint32_t zero = (uint32_t)(uintptr_t)__start_ouro_types - OURO_TYPE_BUILTINS * SIZE;
    return ((uint32_t)(uintptr_t)type - zero) << SHIFT;
}
static inline uint32_t type_word(const struct ouro_type *type)
{
    if (type->index != OURO_TYPE_USER) return (uint32_t)type->index << TYPE_SHIFT;
    ouro_assert_that(type >= __start_ouro_types && type < __stop_ouro_types,
                     "a type must be defined with OURO_TYPE_DEFINE");
    return user_type_word(type);
}

SELDOM const struct ouro_type *ouro_type_of(ouro_ref ref) { return type_at(ouro_type_index(ref)); }

void page_join(struct page *page, unsigned set)
{
    page->word |= 1u << (PAGE_SETS_SHIFT + set);
    pageset_insert(set, page_number(page));
}

SELDOM void object_track(ouro_ref o)
{
    if (label(o) != UNTRACKED) return;
    set_label(o, ouro_heap->gc.nursery);
    young_set(&ouro_heap->gc, young_count(&ouro_heap->gc) + 1);
}

void object_untrack(ouro_ref o)
{
    set_label(o, UNTRACKED);
    young_gone(&ouro_heap->gc);
}

/* Test builds: nobody is to write behind the object. */
static inline void fence(ouro_ref o, size_t bytes, size_t spent)
{
    if (object_has_redzone(bytes)) redzone_write(o, bytes, spent);
    ouro_port_poison((uint8_t *)o + bytes, spent - bytes);
}

/* Zero all behind the header; a cell has two granules at least. */
static inline void clear(ouro_ref o, size_t granules)
{
    slot(o, 0)[0] = slot(o, 0)[1] = NULL;
    for (; granules > 2; granules--) ((uint64_t *)(void *)o)[granules - 1] = 0;
}

/* Whoever watches is told of memory that was taken.  Returns whether a tracer did. */
static inline bool tell(struct heap *heap, ouro_ref o, size_t spent)
{
    if (!heap->gc.is_watched) return false;
    if (heap->gc.phase != OURO_GC_IDLE) collector_allocated(spent);
    if (!heap->gc.is_traced) return false;
    trace_add(o, spent);
    return true;
}

/* While the window is open there is room for what a call takes: it will be owed. */
static inline void widen_window(struct heap *heap, int32_t bytes)
{
    if ((uint32_t)heap->room >= (uint32_t)bytes || !heap->gc.is_open) return; /* or below 0 */
    const int32_t more = bytes - heap->room;
    heap->room = bytes;
    heap->gc.window += more;
    heap->headroom -= more;
    heap_note_peak(heap);
}

/* The same for a cell.  Of the window it is owed at once: it may be given back before that closes.
 */
static inline bool tell_of_cell(struct heap *heap, ouro_ref o, size_t spent)
{
    struct gc *gc = &heap->gc;
    widen_window(heap, (int32_t)spent);
    int32_t room = heap->room - (int32_t)spent;
    if (room < 0) {
        heap_spend(heap, spent);
        return tell(heap, o, spent);
    }
    heap->room = room;
    if (gc->is_open) {
        gc->window -= (int32_t)spent;
        gc->now.debt += (int32_t)((spent >> GRANULE_SHIFT) * gc->now.pace);
    }
    return false; /* a tracer leaves no room */
}

/* An object in a cell, some granules of it zeroed; as if it had no finalizer. */
static __attribute__((noinline)) ouro_ref make_cell(uint32_t type_word, unsigned class,
                                                    size_t granules, bool is_tracked)
{
    struct heap *heap = ouro_heap;
    struct gc *gc = &heap->gc;
    ouro_ref o = pool_take(class);
    if (!o) return NULL;
    clear(o, granules);
    o->type_gc = type_word;
    o->count_flags = LEAF_FLAGS;
    if (is_tracked) {
        o->count_flags = gc->birth_flags;
        if (!((unsigned)page_of(o)->sets >> gc->nursery & 1u)) page_join(page_of(o), gc->nursery);
        young_set(gc, young_count(gc) + 1);
    }
    /* The next ones of this size may come from its page by the common path. */
    if (!tell_of_cell(heap, o, pool_cell_bytes[class]) && class + 2u < FAST_GRANULES)
        heap->fast[!is_tracked][class + 1] = page_of(o);
    return o;
}

static __attribute__((noinline)) ouro_ref make_large(const struct ouro_type *type, size_t bytes,
                                                     size_t granules)
{
    ouro_require_that(type->refs == 0, "a type with references is too large");
    ouro_ref o = block_take(bytes);
    if (!o) return NULL;
    block_flip_object(o);
    ouro_heap->large_objects++;
    clear(o, granules);
    o->type_gc = type_word(type) | IS_BLOCK;
    o->count_flags = LEAF_FLAGS;
    (void)tell(ouro_heap, o, block_bytes(o));
    return o;
}

ouro_ref object_make(const struct ouro_type *type, size_t bytes)
{
    size_t granules = (type->size_bytes + GRANULE_BYTES - 1u) >> GRANULE_SHIFT;
    ouro_audit(__builtin_popcount(type->refs) <= SLOTS_MAX); /* or the bound does not hold */
    if (heap_refuses()) return NULL;
    bool is_large = bytes > POOL_LARGEST;
    unsigned class = is_large ? 0 : pool_class_for_object(bytes);
    ouro_ref o = is_large ? make_large(type, bytes, granules)
                          : make_cell(type_word(type), class, granules, type->refs != 0);
    if (!o) return NULL;
    if (!is_large) fence(o, bytes, pool_cell_bytes[class]);
    if (type->finalize) {
        struct heap *heap = ouro_heap;
        o->count_flags ^= FLAG_FINALIZED;
        heap->gc.special++;
        heap->monitor.has_uncollectable |= type->is_uncollectable;
    }
    return o;
}

ouro_ref object_make_node(const struct ouro_type *type, bool is_tracked)
{
    size_t granules = (type->size_bytes + GRANULE_BYTES - 1u) >> GRANULE_SHIFT;
    ouro_heap->node_requests++;
    if (OURO_CHECK < 2 && !OURO_POISON)
        return make_cell((uint32_t)type->index << TYPE_SHIFT, pool_class_of[granules], granules,
                         is_tracked);
    ouro_ref o = object_make(type, type->size_bytes);
    if (!o || is_tracked || !type->refs) return o;
    set_label(o, UNTRACKED);
    young_gone(&ouro_heap->gc);
    return o;
}

static void large_free(ouro_ref o)
{
    if (!(block_header(o) & BLOCK_OBJECT)) block_refused(o);
    block_flip_object(o);
    ouro_heap->large_objects--;
    quarantine_block(o);
}

void object_reclaim(ouro_ref o)
{
    if (is_weak_type(o->type_gc >> TYPE_SHIFT)) weakref_unlink(o);
    ouro_assert(!has_flag(o, FLAG_HAS_WEAK | FLAG_ON_GRAY));
    ouro_audit(!is_finalizable(o));
    if (OURO_CHECK >= 2)
        ouro_require_at(object_is_intact(o, pool_cell_bytes[page_of(o)->class]), o,
                        "an object was overrun");
    if (ouro_heap->tracer) trace_remove(o, pool_cell_bytes[page_of(o)->class]);
    quarantine_cell(o);
}

void object_free_cell(ouro_ref o)
{
    struct heap *heap = ouro_heap;
    if (label(o) != UNTRACKED) young_gone(&heap->gc);
    heap_earn(heap, pool_cell_bytes[page_of(o)->class]);
    object_reclaim(o);
}

SELDOM void object_free(ouro_ref o)
{
    if (type_of(o)->refs || page_is_pool(page_number(o))) {
        object_free_cell(o);
    } else {
        ouro_assert(!has_flag(o, FLAG_HAS_WEAK));
        large_free(o);
    }
}

/* ---- the common path ---- */

/* A cell from the current page, which leaves so much room; NULL: it has no free one, or is not in
 * the set that it has to be in. */
__attribute__((always_inline)) static inline ouro_ref take_current(struct heap *heap,
                                                                   size_t granules,
                                                                   uint32_t is_tracked,
                                                                   int32_t room)
{
    struct page *page = heap->fast[!is_tracked][granules - 1];
    uint64_t header = load_pair(&page->header);
    uint32_t word = (uint32_t)header, seal = (uint32_t)(header >> 32);
    uint32_t offset = word & PAGE_FREE_MASK;
    ouro_ref o = (ouro_ref)(void *)((uint8_t *)page + offset);
    uint64_t free = load_pair(o);
    uint32_t link = (uint32_t)free, flags = (uint32_t)(free >> 32);
    if (OURO_CHECK >= 1 ? !is_free_cell_linked(flags, link, seal) : !offset) return NULL;
    heap->room = room;
    heap->gc.count[0] += is_tracked;
    page->word = word + link;
    return o;
}

/* The same if nothing is to be paid and no peak is passed. */
__attribute__((always_inline)) static inline ouro_ref take_fast(struct heap *heap, size_t granules,
                                                                uint32_t is_tracked)
{
    int32_t room = heap->room - (int32_t)(granules << GRANULE_SHIFT);
    return room < 0 ? NULL : take_current(heap, granules, is_tracked, room);
}

/* May an object be made without anybody looking or paying before? */
static inline bool is_free_to_make(const struct heap *heap, size_t bytes)
{
    return heap->room >= (int32_t)bytes || young_count(&heap->gc) < heap->gc.trigger;
}

/* Memory was handed out for a tracked object that room need not have been for.  Returns whether
 * there was none. */
static inline bool spend(struct heap *heap, size_t bytes)
{
    int32_t room = heap->room - (int32_t)bytes, headroom = heap->headroom;
    heap->gc.count[0]++;
    if (room >= 0) {
        heap->room = room;
        return false;
    }
    headroom += room; /* the trigger is not 0 */
    if (headroom < 0) {
        heap->peak_bytes -= (uint32_t)headroom;
        headroom = 0;
    }
    heap->headroom = headroom;
    heap->room = 0;
    return true;
}

/* The common paths may take as many bytes as neither pass the peak nor let more objects be born, of
 * 16 bytes at least, than before somebody pays. */
static void make_room(struct heap *heap)
{
    enum { LEAST_BYTES = 2 * GRANULE_BYTES, MOST = 1 << 16 };
    struct gc *gc = &heap->gc;
    uint32_t young = young_count(gc), births = gc->trigger - young;
    young_set(gc, young);
    int32_t room = (int32_t)(births < MOST ? births : MOST) * LEAST_BYTES;
    if (room > heap->headroom) room = heap->headroom;
    heap->room = room;
    heap->headroom -= room;
}

/* A cell for a tracked object by the long way when nothing is to be paid: of another page, or more
 * room is made, but not both in one call.  NULL: something is to be paid, or there is no memory. */
static inline ouro_ref take_long(struct heap *heap, size_t granules)
{
    size_t bytes = granules << GRANULE_SHIFT;
    if (!is_free_to_make(heap, bytes)) return NULL;
    unsigned class = (unsigned)granules - 2;
    struct pool_class *pool = &heap->pools[class];
    ouro_ref o;
    if (pool_is_over(pool->current)) {
        if (!(o = pool_turn(heap, pool, class))) return NULL;
        pool_go_on(heap, o, class);
        (void)spend(heap, bytes);
    } else {
        o = pool_more(heap, pool, class);
        if (spend(heap, bytes) && heap->headroom > 0) make_room(heap);
    }
    return o;
}

/* ---- memory for public constructors ---- */

SELDOM void(memory_prepare)(const void *stack)
{
    ouro_require_that(ouro_heap, "ouro_init has not run");
    note_caller(stack);
    memory_pay();
}

SELDOM bool memory_relieve(unsigned *round)
{
    if (collector_relieve(round)) return true;
    ouro_heap->failures++;
    ouro_error_set(OURO_MEMORY_ERROR, "out of memory");
    return false;
}

/* What a call pays that has no free cell of its class at hand: not both in one call, so nothing as
 * long as not much is owed or if a page has to be opened, else half; but where few cells make a
 * page nobody might ever pay, and one call does both if much is owed and memory is short, a little
 * less of each. */
SELDOM static uint32_t units_without_cell(const struct heap *heap, size_t class)
{
    enum { FEW_CELLS = 5, SOME = 4, MUCH = 16 };
    const struct pool_class *pool = &heap->pools[class];
    const struct gc *gc = &heap->gc;
    const uint32_t units = gc->alloc_units;
    const bool is_short = heap_used_bytes(heap) > gc->limits.late;
    if (is_short && gc->now.debt > (int32_t)(units * (MUCH * 16))) return units - units * 9 / 16;
    bool can_wait = gc->is_open && !is_short && gc->now.debt < (int32_t)(units * (SOME * 16));
    bool has_to_open = !pool->listed && pool_is_over(pool->current);
    if (pool_cells[class] > FEW_CELLS && (can_wait || has_to_open)) return 0;
    return units - units / 2;
}

/* What a call pays that takes so many bytes. */
static inline uint32_t units_for(const struct heap *heap, size_t bytes)
{
    if (bytes > POOL_LARGEST) return heap->gc.alloc_units;
    unsigned class = pool_class_for_object(bytes);
    const struct page *page = heap->pools[class].current;
    return page && page->free ? heap->gc.alloc_units : units_without_cell(heap, class);
}

/* A tracer stops the common paths as those do that have to be paid: is it alone? */
static inline bool is_only_traced(const struct gc *gc)
{
    return gc->is_traced && gc->phase == OURO_GC_IDLE && !gc->dead_head && !gc->due_head &&
           !ouro_heap->monitor.due && (!gc->enabled || young_count(gc) <= gc->limits.young);
}

/* May the call that begins be one that pays? */
static inline bool is_watched(const struct gc *gc)
{
    return young_count(gc) >= gc->trigger && !is_only_traced(gc);
}

/* What a public constructor does first. */
static inline void prepare(size_t bytes, const void *stack)
{
    const struct heap *heap = ouro_heap;
    ouro_require_that(heap, "ouro_init has not run");
    note_caller(stack);
    if (!is_watched(&heap->gc)) return;
    if (heap->room >= (int32_t)bytes && heap->gc.trigger == 0 && !is_much_owed()) return;
    uint32_t units = units_for(heap, bytes);
    if (units) collector_pay(units);
}

/* There was no memory for it. */
SELDOM static ouro_ref relieve_and_make(const struct ouro_type *type, size_t bytes)
{
    ouro_ref o = NULL;
    for (unsigned round = 0; !o && memory_relieve(&round);) o = object_make(type, bytes);
    return o;
}

__attribute__((noinline))
ouro_ref(object_new)(const struct ouro_type *type, size_t bytes, const void *stack)
{
    prepare(bytes, stack);
    ouro_ref o = object_make(type, bytes);
    return o ? o : relieve_and_make(type, bytes);
}

__attribute__((always_inline)) static inline ouro_ref plain_init(const struct heap *heap,
                                                                 ouro_ref o,
                                                                 const struct ouro_type *type,
                                                                 size_t granules)
{
    o->type_gc = user_type_word(type);
    o->count_flags = heap->gc.birth_flags;
    clear(o, granules);
    return o;
}

/* Each of these is called last by its caller, so that all return to the same place. */

/* When nothing is to be paid, or nothing more. */
static __attribute__((noinline)) ouro_ref plain_new_long(const struct ouro_type *type,
                                                         size_t granules)
{
    const struct heap *heap = ouro_heap;
    ouro_ref o = take_long(ouro_heap, granules);
    return o ? plain_init(heap, o, type, granules) : (object_new)(type, type->size_bytes, STACK());
}
/* When something may have to be paid. */
static __attribute__((noinline)) ouro_ref plain_new_paid(const struct ouro_type *type,
                                                         size_t granules)
{
    struct heap *heap = ouro_heap;
    struct gc *gc = &heap->gc;
    const int32_t bytes = (int32_t)(granules << GRANULE_SHIFT);
    NOTE_CALLER();
    bool is_at_hand = heap->fast[0][granules - 1]->free != 0;
    uint32_t units = is_at_hand ? gc->alloc_units : units_without_cell(heap, granules - 2);
    if (units) collector_pay(units);
    widen_window(heap, bytes);
    ouro_ref o = take_fast(heap, granules, 1);
    if (!o && heap->room >= bytes) return plain_new_long(type, granules);
    if (!o && gc->is_open && is_at_hand && (o = take_current(heap, granules, 1, heap->room))) {
        heap_spend(heap, (size_t)bytes);
        collector_allocated((size_t)bytes);
    }
    if (o) return plain_init(heap, o, type, granules);
    o = make_cell(user_type_word(type), (unsigned)granules - 2, granules, true);
    return o ? o : relieve_and_make(type, type->size_bytes);
}

_Static_assert((OURO_PLAIN_BYTES + GRANULE_BYTES - 1) / GRANULE_BYTES < FAST_GRANULES,
               "a plain object has a common path");
ouro_ref ouro_obj_new_plain(const struct ouro_type *type, size_t granules)
{
    struct heap *heap = ouro_heap;
    ouro_ref o;
    if (!heap) return (object_new)(type, type->size_bytes, STACK()); /* which complains */
    if ((o = take_fast(heap, granules, 1))) return plain_init(heap, o, type, granules);
    bool is_paid = heap->gc.trigger > 0 || heap->gc.is_traced ||
                   heap->room >= (int32_t)(granules << GRANULE_SHIFT);
    return is_paid ? plain_new_long(type, granules) : plain_new_paid(type, granules);
}

static inline ouro_ref leaf_init(ouro_ref o, const struct ouro_type *type)
{
    o->type_gc = (uint32_t)type->index << TYPE_SHIFT;
    o->count_flags = LEAF_FLAGS;
    return o;
}

/* As any other object; and where no room was left to the common path, there is some again. */
static SELDOM ouro_ref leaf_new_long(const struct ouro_type *type, size_t bytes, const void *stack)
{
    ouro_ref o = (object_new)(type, bytes, stack);
    struct heap *heap = ouro_heap;
    bool is_short = (uint32_t)heap->room < bytes && heap->headroom > 0;
    if (o && is_short && young_count(&heap->gc) < heap->gc.trigger) {
        heap->headroom += heap->room;
        make_room(heap);
    }
    return o;
}

ouro_ref(ouro_obj_new)(const struct ouro_type *type)
{
    size_t bytes = type->size_bytes;
    if (ouro_type_is_plain(type)) return ouro_obj_new_plain(type, (bytes + 7u) / 8u);
    return object_new(type, bytes);
}

ouro_ref(leaf_new)(const struct ouro_type *type, size_t bytes, const void *stack)
{
    struct heap *heap = ouro_heap;
    size_t granules = (bytes + GRANULE_BYTES - 1) >> GRANULE_SHIFT;
    ouro_ref o;
    if (OURO_CHECK >= 2 || OURO_POISON) return (object_new)(type, bytes, stack);
    if (!heap || granules >= FAST_GRANULES || !(o = take_fast(heap, granules, 0)))
        return leaf_new_long(type, bytes, stack);
    return leaf_init(o, type);
}
