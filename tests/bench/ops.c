/* SPDX-License-Identifier: MIT
 * ops.c - what the operations on containers and strings cost: the mean and the longest call, at 10,
 * 1,000 and 100,000 elements; and the bytes of objects.
 *
 * Each operation runs over a container that is built anew for its size, with the collector as a
 * program has it.  The clock's own cost is taken off. */
#include "ouro.h"
#include "ouro/port.h"
#include "t.h"

enum { MOST = 100000 };

static uint64_t overhead, total;
static uint32_t calls, longest;
static ouro_ref *keys; /* MOST interned strings, behind the arena in use */

/* ---- the clock ---- */

static uint64_t started;
static void begin(void) { started = ouro_port_instructions(); }
static void end(void)
{
    uint64_t spent = ouro_port_instructions() - started;
    spent = spent > overhead ? spent - overhead : 0;
    total += spent;
    calls++;
    if (spent > longest) longest = (uint32_t)spent;
}

static void print_figure(const char *kind, const char *name, uint32_t size, uint64_t value,
                         const char *unit)
{
    t_print(kind);
    t_print(name);
    if (size) {
        t_print("/");
        t_print_int(size);
    }
    t_print(" ");
    t_print_int((int64_t)value);
    t_print(unit);
}

/* ---- operations: each measures `size` calls ---- */

#define MEASURE(call)                                                                              \
    do {                                                                                           \
        begin();                                                                                   \
        (void)(call);                                                                              \
        end();                                                                                     \
    } while (0)

/* Elements in an order that is not theirs; 7919 is a prime that divides no size. */
static uint32_t shuffled(uint32_t i, uint32_t size)
{
    return (uint32_t)((uint64_t)i * 7919 % size);
}
/* A value that the compiler computes before it goes on. */
static uint32_t known(uint32_t value)
{
    __asm__ volatile("" : "+r"(value));
    return value;
}

/* The same at a place, or with a key, in shuffled order. */
#define AT(call)                                                                                   \
    do {                                                                                           \
        uint32_t at = known(shuffled(i, size));                                                    \
        MEASURE(call);                                                                             \
    } while (0)
#define AT_KEY(call)                                                                               \
    do {                                                                                           \
        ouro_ref key = keys[known(shuffled(i, size))];                                             \
        MEASURE(call);                                                                             \
    } while (0)

static ouro_ref make_list(uint32_t size)
{
    ouro_ref list = ouro_list_new();
    for (uint32_t i = 0; i < size; i++) (void)ouro_list_append(list, keys[i]);
    return list;
}
static ouro_ref make_dict(uint32_t size)
{
    ouro_ref dict = ouro_dict_new();
    for (uint32_t i = 0; i < size; i++) (void)ouro_dict_set(dict, keys[i], OURO_NONE);
    return dict;
}
static ouro_ref make_int_dict(uint32_t size)
{
    ouro_ref dict = ouro_dict_new();
    for (uint32_t i = 0; i < size; i++) (void)ouro_dict_set(dict, ouro_int_new(i), OURO_NONE);
    return dict;
}
static ouro_ref make_nothing(uint32_t size)
{
    (void)size;
    return ouro_list_new();
}

static void list_get(ouro_ref list, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) AT(ouro_list_get(list, (ptrdiff_t)at));
}
static void list_set(ouro_ref list, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) AT(ouro_list_set(list, (ptrdiff_t)at, OURO_TRUE));
}
static void list_append(ouro_ref list, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) MEASURE(ouro_list_append(list, keys[i]));
}
static void list_pop(ouro_ref list, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        begin();
        ouro_ref item = ouro_list_pop(list, -1);
        end();
        ouro_decref(item);
    }
}
static void list_len(ouro_ref list, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) MEASURE(ouro_list_len(list));
}

static void dict_get(ouro_ref dict, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) AT_KEY(ouro_dict_get(dict, key));
}
static void dict_get_int(ouro_ref dict, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) AT(ouro_dict_get(dict, (ouro_ref)(uintptr_t)(at << 1 | 1)));
}
static void dict_set(ouro_ref dict, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) AT_KEY(ouro_dict_set(dict, key, OURO_TRUE));
}
static void dict_insert(ouro_ref list, uint32_t size)
{
    ouro_ref dict = ouro_dict_new();
    for (uint32_t i = 0; i < size; i++) MEASURE(ouro_dict_set(dict, keys[i], OURO_NONE));
    (void)ouro_list_append(list, dict);
    ouro_decref(dict);
}
static void dict_del(ouro_ref dict, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) AT_KEY(ouro_dict_del(dict, key));
}
static void dict_next(ouro_ref dict, uint32_t size)
{
    size_t position = 0;
    ouro_ref key, value;
    for (uint32_t i = 0; i < size; i++) MEASURE(ouro_dict_next(dict, &position, &key, &value));
}

/* The same with a set; a look-up of what is interned; a step of a `for` over a list. */
static ouro_ref make_set(uint32_t size)
{
    ouro_ref set = ouro_set_new();
    for (uint32_t i = 0; i < size; i++) (void)ouro_set_add(set, keys[i]);
    return set;
}
static void set_add(ouro_ref list, uint32_t size)
{
    ouro_ref set = ouro_set_new();
    for (uint32_t i = 0; i < size; i++) MEASURE(ouro_set_add(set, keys[i]));
    (void)ouro_list_append(list, set);
    ouro_decref(set);
}
static void set_has(ouro_ref set, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) AT_KEY(ouro_set_contains(set, key));
}
static void intern(ouro_ref list, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        size_t bytes;
        const char *text = ouro_str_bytes(keys[i], &bytes);
        begin();
        ouro_ref name = ouro_intern(text, bytes);
        end();
        (void)ouro_list_append(list, name);
        ouro_decref(name);
    }
}
/* Half of them when the cache is full. */
static void cache_set(ouro_ref list, uint32_t size)
{
    ouro_ref cache = ouro_cache_new(size / 2, 0, NULL);
    for (uint32_t i = 0; i < size; i++) MEASURE(ouro_cache_set(cache, keys[i], OURO_NONE));
    (void)ouro_list_append(list, cache);
    ouro_decref(cache);
}
/* Of what it has, in shuffled order. */
static ouro_ref make_cache(uint32_t size)
{
    ouro_ref cache = ouro_cache_new(size, 0, NULL);
    for (uint32_t i = 0; i < size; i++) (void)ouro_cache_set(cache, keys[i], OURO_NONE);
    return cache;
}
static void cache_get(ouro_ref cache, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        ouro_ref key = keys[known(shuffled(i, size))];
        begin();
        ouro_ref value = ouro_cache_get(cache, key);
        end();
        ouro_decref(value);
    }
}

/* Weak references to instances, and a dict with weak values. */
static ouro_ref make_instances(uint32_t size)
{
    ouro_ref class = ouro_class_new("C", NULL), list = ouro_list_new();
    for (uint32_t i = 0; i < size; i++) {
        ouro_ref instance = ouro_instance_new(class);
        (void)ouro_list_append(list, instance);
        ouro_decref(instance);
    }
    ouro_decref(class);
    return list;
}
static void weakref_new(ouro_ref list, uint32_t size)
{
    ouro_ref made = ouro_list_new();
    for (uint32_t i = 0; i < size; i++) {
        ouro_ref instance = ouro_list_get(list, (ptrdiff_t)i), weak;
        MEASURE(weak = ouro_weakref_new(instance));
        (void)ouro_list_append(made, weak);
        ouro_decref(weak);
    }
    ouro_decref(made);
}
static void weakvalues_set(ouro_ref list, uint32_t size)
{
    ouro_ref values = ouro_weakvalues_new();
    for (uint32_t i = 0; i < size; i++) {
        ouro_ref instance = ouro_list_get(list, (ptrdiff_t)i);
        MEASURE(ouro_weakvalues_set(values, keys[i], instance));
    }
    ouro_decref(values);
}
static void weakvalues_get(ouro_ref list, uint32_t size)
{
    ouro_ref values = ouro_weakvalues_new();
    for (uint32_t i = 0; i < size; i++)
        (void)ouro_weakvalues_set(values, keys[i], ouro_list_get(list, (ptrdiff_t)i));
    for (uint32_t i = 0; i < size; i++) {
        ouro_ref key = keys[known(shuffled(i, size))];
        begin();
        ouro_ref instance = ouro_weakvalues_get(values, key);
        end();
        ouro_decref(instance);
    }
    ouro_decref(values);
}
static ouro_ref make_tuple(uint32_t size)
{
    struct ouro_tuple_builder builder;
    ouro_tuple_begin(&builder);
    for (uint32_t i = 0; i < size; i++) (void)ouro_tuple_add(&builder, keys[i]);
    return ouro_tuple_end(&builder);
}
static void tuple_get(ouro_ref tuple, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) AT(ouro_tuple_get(tuple, (ptrdiff_t)at));
}
static void iter_next(ouro_ref list, uint32_t size)
{
    ouro_ref iterator = ouro_iter(list);
    for (uint32_t i = 0; i < size; i++) {
        begin();
        ouro_ref item = ouro_iter_next(iterator);
        end();
        ouro_decref(item);
    }
    ouro_decref(iterator);
}

/* All of them by the macro, told as the mean of an item. */
static void list_for(ouro_ref list, uint32_t size)
{
    ouro_ref item, last = NULL;
    begin();
    OURO_LIST_FOR(item, list) last = item;
    end();
    (void)known((uint32_t)(uintptr_t)last);
    calls = size;
}

static const struct {
    const char *name;
    ouro_ref (*make)(uint32_t size);
    void (*run)(ouro_ref container, uint32_t size);
} operations[] = {
    {"list_get", make_list, list_get},
    {"list_set", make_list, list_set},
    {"list_append", make_nothing, list_append},
    {"list_pop", make_list, list_pop},
    {"list_len", make_list, list_len},
    {"dict_get", make_dict, dict_get},
    {"dict_get_int", make_int_dict, dict_get_int},
    {"dict_set", make_dict, dict_set},
    {"dict_insert", make_nothing, dict_insert},
    {"dict_del", make_dict, dict_del},
    {"dict_next", make_dict, dict_next},
    {"set_add", make_nothing, set_add},
    {"set_has", make_set, set_has},
    {"intern", make_nothing, intern},
    {"cache_set", make_nothing, cache_set},
    {"cache_get", make_cache, cache_get},
    {"weakref_new", make_instances, weakref_new},
    {"weakvalues_set", make_instances, weakvalues_set},
    {"weakvalues_get", make_instances, weakvalues_get},
    {"tuple_get", make_tuple, tuple_get},
    {"iter_next", make_list, iter_next},
    {"list_for", make_list, list_for},
};

static void measure(unsigned o, uint32_t size)
{
    ouro_ref container = operations[o].make(size);
    total = calls = longest = 0;
    for (uint32_t repeat = 0; repeat < 1; repeat++) operations[o].run(container, size);
    ouro_decref(container);
    while (ouro_gc_step(1000) > 0) {}
    print_figure("op.mean/", operations[o].name, size, (total + calls / 2) / calls,
                 " instructions\n");
    if (operations[o].run != list_for)
        print_figure("op.max/", operations[o].name, size, longest, " instructions\n");
}

static void make_keys(void)
{
    keys = ouro_mem_alloc(MOST * sizeof *keys);
    for (uint32_t i = 0; i < MOST; i++) {
        char name[16] = "key";
        keys[i] = ouro_str_new(name, 3 + ouro_format_int(name + 3, i));
        uint32_t hash;
        (void)ouro_hash(keys[i], &hash);
    }
}

static void print_bytes(void)
{
    for (uint32_t size = 0; size <= 4; size += 2) {
        ouro_ref list = make_list(size), dict = make_dict(size);
        print_figure("bytes/list_",
                     size == 0   ? "0"
                     : size == 2 ? "2"
                                 : "4",
                     0, ouro_diag_sizeof(list), " bytes\n");
        print_figure("bytes/dict_",
                     size == 0   ? "0"
                     : size == 2 ? "2"
                                 : "4",
                     0, ouro_diag_sizeof(dict), " bytes\n");
        ouro_decref(list);
        ouro_decref(dict);
    }
}

int main(void)
{
    static const uint32_t sizes[] = {8, 10, 1000, 10000, MOST};
    begin();
    end();
    overhead = total;
    t_restart(SIZE_MAX);
    make_keys();
    for (unsigned o = 0; o < T_COUNT(operations); o++)
        for (unsigned s = 0; s < T_COUNT(sizes); s++) measure(o, sizes[s]);
    print_bytes();
    return 0;
}
