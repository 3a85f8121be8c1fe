/* SPDX-License-Identifier: MIT
 * sizes.c - bytes of objects, header and rounding included: what the arena has less of when one
 * more is made.
 *
 * bytes/NAME is ours, bytes.micropython/NAME what MicroPython spends on the same, where there is
 * the same: computed, in blocks of 16 bytes. */
#include "ouro.h"
#include "t.h"

static ouro_ref class_, slots; /* of instances, made once */
static ouro_ref held;          /* what an object refers to */

static uint32_t used(void)
{
    struct ouro_mem_stats stats;
    while (ouro_gc_step(1000) > 0) {}
    ouro_diag_mem(&stats);
    return (uint32_t)stats.used_bytes;
}

/* ---- one of each ---- */

static ouro_ref tuple_of(unsigned n)
{
    ouro_ref items[16];
    for (unsigned i = 0; i < n; i++) items[i] = OURO_NONE;
    return ouro_tuple_new(n, items);
}
static ouro_ref list_of(unsigned n)
{
    ouro_ref list = ouro_list_new();
    while (n-- > 0) (void)ouro_list_append(list, OURO_NONE);
    return list;
}
static ouro_ref dict_of(unsigned n)
{
    ouro_ref dict = ouro_dict_new();
    while (n-- > 0) (void)ouro_dict_set(dict, ouro_int_new(n), OURO_NONE);
    return dict;
}
static ouro_ref set_of(unsigned n)
{
    ouro_ref set = ouro_set_new();
    while (n-- > 0) (void)ouro_set_add(set, ouro_int_new(n));
    return set;
}
static ouro_ref instance_of(unsigned n)
{
    ouro_ref instance = ouro_instance_new(class_);
    char name[2] = "a";
    for (; n > 0; n--, name[0]++) (void)ouro_attr_set_string(instance, name, OURO_NONE);
    return instance;
}
static ouro_ref slotted(unsigned n)
{
    (void)n;
    return ouro_instance_new(slots);
}
static ouro_ref an_int(unsigned n)
{
    (void)n;
    return ouro_int_new(INT64_C(1) << 40);
}
static ouro_ref a_float(unsigned n)
{
    (void)n;
    return ouro_float_new(0.5);
}
static ouro_ref a_str(unsigned n) { return ouro_str_new("0123456789abcdef", n); }
static ouro_ref some_bytes(unsigned n) { return ouro_bytes_new("0123456789abcdef", n); }
static ouro_ref an_array(unsigned n) { return ouro_bytearray_new(NULL, n); }
static ouro_ref a_view(unsigned n)
{
    (void)n;
    return ouro_memoryview_new(NULL, 0, held, true);
}
static const struct ouro_function_def function = {.name = "f"};
static ouro_ref a_closure(unsigned n)
{
    (void)n;
    ouro_ref cell = ouro_cell_new(OURO_NONE), f = ouro_function_new(&function, cell);
    ouro_decref(cell);
    return f;
}
static ouro_ref a_method(unsigned n)
{
    (void)n;
    return ouro_method_new(held, held);
}
static ouro_ref an_iterator(unsigned n)
{
    (void)n;
    return ouro_iter(held);
}
static ouro_ref a_weakref(unsigned n)
{
    (void)n;
    return ouro_weakref_new(class_);
}
static ouro_ref an_exception(unsigned n)
{
    (void)n;
    return ouro_exception_new(OURO_KEY_ERROR, NULL, NULL);
}
static ouro_ref a_generator(unsigned n)
{
    static const struct ouro_generator_def def = {.name = "g", .locals = 2};
    (void)n;
    return ouro_generator_new(&def, 0, NULL);
}
static ouro_ref a_cache(unsigned n)
{
    (void)n;
    return ouro_cache_new(8, 0, NULL);
}
/* A list of n instances of two attributes each. */
static ouro_ref a_table(unsigned n)
{
    ouro_ref list = ouro_list_new();
    while (n-- > 0) {
        ouro_ref instance = instance_of(2);
        (void)ouro_list_append(list, instance);
        ouro_decref(instance);
    }
    return list;
}

/* ---- the table ---- */

static const struct {
    const char *name;
    ouro_ref (*make)(unsigned n);
    unsigned n;
    uint32_t micropython; /* 0: it has no such object, or nobody has measured it */
} rows[] = {
    {"tuple_2", tuple_of, 2, 16},
    {"tuple_4", tuple_of, 4, 32},
    {"list_0", list_of, 0, 32},
    {"list_2", list_of, 2, 32},
    {"list_1000", list_of, 1000, 16 + 4096},
    {"dict_0", dict_of, 0, 16},
    {"dict_2", dict_of, 2, 32},
    {"dict_4", dict_of, 4, 48},
    {"set_4", set_of, 4, 0},
    {"instance_0", instance_of, 0, 16},
    {"instance_2", instance_of, 2, 32},
    {"instance_4", instance_of, 4, 48},
    {"slotted_2", slotted, 0, 0},
    {"float", a_float, 0, 16},
    {"int_wide", an_int, 0, 32},
    {"str_10", a_str, 10, 32},
    {"bytes_10", some_bytes, 10, 32},
    {"bytearray_10", an_array, 10, 0},
    {"memoryview", a_view, 0, 0},
    {"closure", a_closure, 0, 48},
    {"method", a_method, 0, 0},
    {"iterator", an_iterator, 0, 0},
    {"weakref", a_weakref, 0, 0},
    {"exception", an_exception, 0, 0},
    {"generator_2", a_generator, 0, 0},
    {"cache_0", a_cache, 0, 0},
    {"table_1000", a_table, 1000, 16 + 4096 + 1000 * 32},
};

static void print(const char *kind, const char *name, uint32_t value)
{
    t_print(kind);
    t_print(name);
    t_print(" ");
    t_print_int(value);
    t_print(" bytes\n");
}

int main(void)
{
    t_restart(SIZE_MAX);
    class_ = ouro_class_new("C", NULL);
    slots = ouro_class_new_slots("S", NULL, "x y");
    held = ouro_list_new();
    for (char name[2] = "a"; name[0] <= 'd'; name[0]++) (void)ouro_intern(name, 1); /* held */
    ouro_decref(instance_of(4)); /* the class has learned its names */
    ouro_decref(a_weakref(0));
    for (unsigned i = 0; i < T_COUNT(rows); i++) {
        uint32_t before = used();
        ouro_ref object = rows[i].make(rows[i].n);
        print("bytes/", rows[i].name, used() - before);
        if (rows[i].micropython) print("bytes.micropython/", rows[i].name, rows[i].micropython);
        ouro_xdecref(object);
    }
    return 0;
}
