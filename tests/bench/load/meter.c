/* SPDX-License-Identifier: MIT
 * meter.c - public calls, measured one by one; meter.h says how. */
#include "meter.h"

#include <string.h>

#include "heap.h"

struct meter meter;

static const char *const names[CALLS] = {
    "obj_new",      "tuple_of",    "tuple_of_3",  "str_new",      "list_new",   "list_append",
    "list_grow",    "list_pop",    "list_set",    "dict_new",     "dict_first", "dict_itself",
    "dict_replace", "dict_insert", "dict_delete", "instance_new", "attr_set",   "attr_replace",
    "weak_insert",  "put",         "decref_last", "decref",       "gc_start",
};
const char *meter_call_name(enum call call) { return names[call]; }

/* ---- the clock ---- */

static uint64_t started;
static uint32_t overhead, forced_before;
static uint8_t phase_before;

static inline void begin(void)
{
    forced_before = ouro_heap->figures.forced;
    phase_before = ouro_heap->gc.phase;
    started = ouro_port_instructions();
}

static bool varies_by_itself(enum call call)
{
    return call == CALL_DICT_INSERT || call == CALL_DICT_DELETE || call == CALL_WEAK_INSERT;
}

static void keep(enum call call, uint32_t added)
{
    unsigned bin = (added + METER_BIN - 1) / METER_BIN;
    meter.histogram[bin < METER_BINS ? bin : METER_BINS - 1]++;
    if (added > meter.longest[call]) meter.longest[call] = added;
    if (added <= meter.pause.instructions) return;
    meter.pause = (struct pause){added, call, phase_before, ouro_heap->gc.phase,
                                 ouro_heap->gc.now.generation};
}

/* What a call takes by itself that depends on a size; NULL: it does not. */
static uint32_t *own_by_size(enum call call, size_t size)
{
    if ((call != CALL_STR && call != CALL_APPEND_GROW) || size >= METER_SIZES) return NULL;
    return &meter.own_by_size[call == CALL_APPEND_GROW][size];
}

static void learn(enum call call, uint32_t spent, size_t size)
{
    if (spent > meter.longest[call]) meter.longest[call] = spent;
    if (spent < meter.shortest[call] || meter.calls[call] == 1) meter.shortest[call] = spent;
    uint32_t *own = own_by_size(call, size);
    if (own && (spent < *own || *own == 0)) *own = spent;
}

static uint32_t own_of(enum call call, size_t bytes)
{
    const uint32_t *own = own_by_size(call, bytes);
    if (own && *own > 0) return *own;
    return meter.own[call] + (bytes > 128 ? 2 * (uint32_t)(bytes - 128) : 0);
}

/* Not inlined, so that the clock's own cost is the same everywhere. */
__attribute__((noinline)) static void end(enum call call, size_t bytes)
{
    uint32_t spent = (uint32_t)(ouro_port_instructions() - started);
    spent = spent > overhead ? spent - overhead : 0;
    meter.calls[call]++;
    if (meter.is_learning) {
        learn(call, spent, bytes);
        return;
    }
    uint32_t own = own_of(call, bytes), added = spent > own ? spent - own : 0;
    meter.mutator += own;
    if (ouro_heap->figures.forced == forced_before) {
        keep(call, added);
        return;
    }
    meter.forced++;
    if (added > meter.forced_longest) meter.forced_longest = added;
}

void meter_learn(void)
{
    memset(&meter, 0, sizeof meter);
    meter.is_learning = true;
    overhead = 0;
    begin();
    end(CALL_START, 0);
    overhead = meter.longest[CALL_START];
    memset(&meter, 0, sizeof meter);
    meter.is_learning = true;
}

void meter_begin(void)
{
    struct meter fresh = {.is_learning = false};
    for (enum call call = 0; call < CALLS; call++) {
        const uint32_t *own = varies_by_itself(call) ? meter.longest : meter.shortest;
        fresh.own[call] = own[call == CALL_DROP ? CALL_RELEASE : call];
    }
    memcpy(fresh.own_by_size, meter.own_by_size, sizeof fresh.own_by_size);
    meter = fresh;
}

/* ---- the calls ---- */

static ouro_ref made(ouro_ref ref)
{
    meter.failures += !ref;
    return ref;
}
static void done(int status) { meter.failures += status != 0; }

ouro_ref meter_new(const struct ouro_type *type)
{
    begin();
    ouro_ref ref = ouro_obj_new(type);
    end(CALL_NEW, 0);
    return made(ref);
}
ouro_ref meter_tuple(ouro_ref a, ouro_ref b)
{
    if (!a || !b) return NULL;
    begin();
    ouro_ref ref = ouro_tuple_of(2, a, b);
    end(CALL_TUPLE, 0);
    return made(ref);
}
ouro_ref meter_triple(ouro_ref a, ouro_ref b, ouro_ref c)
{
    if (!a || !b || !c) return NULL;
    begin();
    ouro_ref ref = ouro_tuple_of(3, a, b, c);
    end(CALL_TRIPLE, 0);
    return made(ref);
}
ouro_ref meter_str(const char *text, size_t bytes)
{
    begin();
    ouro_ref ref = ouro_str_new(text, bytes);
    end(CALL_STR, bytes);
    return made(ref);
}
ouro_ref meter_list(void)
{
    begin();
    ouro_ref ref = ouro_list_new();
    end(CALL_LIST, 0);
    return made(ref);
}
void meter_append(ouro_ref list, ouro_ref item)
{
    if (!list || !item) return;
    uint32_t nodes = ouro_heap->node_requests;
    size_t size = ouro_list_len(list);
    begin();
    int status = ouro_list_append(list, item);
    bool grew = ouro_heap->node_requests != nodes;
    end(grew ? CALL_APPEND_GROW : CALL_APPEND, size < METER_SIZES ? size : 0);
    done(status);
}
void meter_pop(ouro_ref list)
{
    begin();
    ouro_ref item = ouro_list_pop(list, -1);
    end(CALL_POP, 0);
    ouro_xdecref(item);
}
void meter_list_set(ouro_ref list, size_t i, ouro_ref item)
{
    if (!item) return;
    begin();
    int status = ouro_list_set(list, (ptrdiff_t)i, item);
    end(CALL_LIST_SET, 0);
    done(status);
}
ouro_ref meter_dict(void)
{
    begin();
    ouro_ref ref = ouro_dict_new();
    end(CALL_DICT, 0);
    return made(ref);
}
void meter_dict_set(enum call call, ouro_ref dict, ouro_ref key, ouro_ref value)
{
    if (!dict || !key || !value) return;
    begin();
    int status = ouro_dict_set(dict, key, value);
    end(call, 0);
    done(status);
}
void meter_dict_del(ouro_ref dict, ouro_ref key)
{
    begin();
    (void)ouro_dict_del(dict, key); /* it may be missing, where memory had run out */
    end(CALL_DICT_DELETE, 0);
}
ouro_ref meter_instance(ouro_ref class)
{
    begin();
    ouro_ref ref = ouro_instance_new(class);
    end(CALL_INSTANCE, 0);
    return made(ref);
}
void meter_attr_set(ouro_ref instance, ouro_ref name, ouro_ref value, bool is_new)
{
    if (!instance || !value) return;
    begin();
    int status = ouro_attr_set(instance, name, value);
    end(is_new ? CALL_ATTR_SET : CALL_ATTR_REPLACE, 0);
    done(status);
}
void meter_weakvalues_set(ouro_ref dict, ouro_ref key, ouro_ref value)
{
    if (!value) return;
    begin();
    int status = ouro_weakvalues_set(dict, key, value);
    end(CALL_WEAK_INSERT, 0);
    done(status);
}
void meter_weakkeys_set(ouro_ref dict, ouro_ref key, ouro_ref value)
{
    if (!key || !value) return;
    begin();
    int status = ouro_weakkeys_set(dict, key, value);
    end(CALL_WEAK_INSERT, 0);
    done(status);
}
void meter_put(ouro_ref *field, ouro_ref value)
{
    if (!value) return;
    begin();
    ouro_put(field, value);
    end(CALL_STORE, 0);
}
void meter_drop(ouro_ref ref)
{
    if (!ref) return;
    begin();
    ouro_decref(ref);
    end(CALL_DROP, 0);
}
void meter_release(ouro_ref ref)
{
    if (!ref) return;
    begin();
    ouro_decref(ref);
    end(CALL_RELEASE, 0);
}
bool meter_start(int generation)
{
    begin();
    bool has_started = ouro_gc_start(generation);
    end(CALL_START, 0);
    return has_started;
}
