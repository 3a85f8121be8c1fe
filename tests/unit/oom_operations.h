/* SPDX-License-Identifier: MIT
 * oom_operations.h - the table of oom.c: every operation that allocates, and what it works on.
 *
 * To add an operation, add a row: how its world is prepared, what is done with it (true: it
 * succeeded), a number for both, and the room that a failed call may leave behind.  `prepare` fills
 * a, b and c with references of the world's own, `run` leaves a new reference in `result`. */
#ifndef OOM_OPERATIONS_H
#define OOM_OPERATIONS_H

#include <string.h>

#include "ouro.h"
#include "ouro/classes.h"
#include "ouro/diag.h"
#include "t.h"

/* With `room`: the class has learned the name, and keeps it. */
enum { LEARNS = 1 << 16 };

struct world {
    ouro_ref a, b, c;
    void *block;
    ouro_ref result; /* a new reference that the operation returned */
};

struct operation {
    const char *name;
    void (*prepare)(struct world *, unsigned n);
    bool (*run)(struct world *, unsigned n);
    unsigned n;
    /* Bytes of room that a failed call may leave behind in a container, for the next one: it did
     * not grow all of its parts.  Contents and counts are unchanged even then. */
    unsigned room;
};

struct probe {
    struct ouro_obj header;
    ouro_ref first, weak;
};
OURO_TYPE_DEFINE(probe_type) = {
    .name = "probe",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct probe),
    .refs = OURO_REF_BIT(struct probe, first),
    .weak_word = OURO_WEAK_WORD(struct probe, weak),
};

/* ---- what operations work on ---- */

static void nothing(struct world *w, unsigned n)
{
    (void)w;
    (void)n;
}

static void a_list(struct world *w, unsigned n)
{
    w->a = ouro_list_new();
    w->b = ouro_str_from("item");
    for (unsigned i = 0; i < n; i++) T_EQ(ouro_list_append(w->a, ouro_int_new(i)), 0);
}

static void a_dict(struct world *w, unsigned n)
{
    w->a = ouro_dict_new();
    w->b = ouro_str_from("key");
    w->c = ouro_float_new(0.5);
    for (unsigned i = 0; i < n; i++) T_EQ(ouro_dict_set(w->a, ouro_int_new(i), w->b), 0);
}

/* Lists in lists, n deep, with a dict at the bottom. */
static ouro_ref nest(unsigned n)
{
    ouro_ref inner = ouro_dict_new(), key = ouro_str_from("k");
    T_EQ(ouro_dict_set(inner, key, key), 0);
    ouro_decref(key);
    while (n-- > 0) {
        ouro_ref outer = ouro_list_new();
        T_EQ(ouro_list_append(outer, inner), 0);
        ouro_decref(inner);
        inner = outer;
    }
    return inner;
}

static void two_nests(struct world *w, unsigned n)
{
    w->a = nest(n);
    w->b = nest(n);
}

/* Lists in lists of equal floats. */
static void two_lists(struct world *w, unsigned n)
{
    ouro_ref *roots[] = {&w->a, &w->b};
    for (unsigned i = 0; i < 2; i++) {
        *roots[i] = ouro_float_new(0.5);
        for (unsigned depth = 0; depth < n; depth++) {
            ouro_ref outer = ouro_list_new();
            T_EQ(ouro_list_append(outer, *roots[i]), 0);
            ouro_decref(*roots[i]);
            *roots[i] = outer;
        }
    }
}

static void a_block(struct world *w, unsigned n)
{
    w->block = ouro_mem_alloc(n);
    memset(w->block, 0x5a, n);
    w->a = ouro_float_new(1.5);
}

static void a_probe(struct world *w, unsigned n)
{
    (void)n;
    w->a = ouro_obj_new(&probe_type);
}

static void a_set(struct world *w, unsigned n)
{
    w->a = ouro_set_new();
    w->b = ouro_str_from("key");
    for (unsigned i = 0; i < n; i++) T_EQ(ouro_set_add(w->a, ouro_int_new(i)), 0);
}

static ouro_ref give_self(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function;
    (void)argc;
    return ouro_own(argv[0]);
}
static const struct ouro_function_def give_self_def = {
    .name = "give_self", .call = give_self, .least = 1, .most = 2};

static void a_function(struct world *w, unsigned n)
{
    (void)n;
    w->a = ouro_function_new(&give_self_def, NULL);
    w->b = ouro_float_new(2.5);
    w->c = ouro_method_new(w->a, w->b);
}

static void a_class(struct world *w, unsigned n)
{
    (void)n;
    w->a = ouro_class_new("C", NULL);
    w->b = ouro_str_from("attribute");
    w->c = ouro_float_new(3.5);
}

/* An instance with n attributes, a name and a value. */
static void an_instance(struct world *w, unsigned n)
{
    ouro_ref class = ouro_class_new("C", NULL);
    T_EQ(ouro_class_def(class, "method", &give_self_def), 0);
    w->a = ouro_instance_new(class);
    ouro_decref(class);
    w->b = ouro_str_from("attribute");
    w->c = ouro_float_new(3.5);
    for (unsigned i = 0; i < n; i++) {
        char name[] = {'a', (char)('a' + i), 0};
        T_EQ(ouro_attr_set_string(w->a, name, w->c), 0);
    }
}

/* ---- operations ---- */

static bool got(struct world *w, ouro_ref ref)
{
    w->result = ref;
    return ref != NULL;
}

static bool obj_new(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_obj_new(&probe_type));
}
static bool int_new(struct world *w, unsigned n) { return got(w, ouro_int_new(INT64_MAX - n)); }
static bool float_new(struct world *w, unsigned n) { return got(w, ouro_float_new(n)); }
static bool str_new(struct world *w, unsigned n)
{
    static char text[2000];
    memset(text, 'x', n);
    return got(w, ouro_str_new(text, n));
}
static bool str_alloc(struct world *w, unsigned n)
{
    char *buffer;
    return got(w, ouro_str_alloc(n, &buffer));
}
static bool list_new(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_list_new());
}
static bool list_append(struct world *w, unsigned n)
{
    (void)n;
    return ouro_list_append(w->a, w->b) == 0;
}
static bool list_insert(struct world *w, unsigned n)
{
    return ouro_list_insert(w->a, (ptrdiff_t)n / 2, w->b) == 0;
}
static bool dict_new(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_dict_new());
}
static bool dict_set(struct world *w, unsigned n)
{
    (void)n;
    return ouro_dict_set(w->a, w->b, w->c) == 0;
}
static bool dict_replace(struct world *w, unsigned n)
{
    return ouro_dict_set(w->a, ouro_int_new(n - 1), w->c) == 0;
}
static bool weakref_new(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_weakref_new(w->a));
}
static bool cell_new(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_cell_new(w->a));
}
static bool function_new(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_function_new(&give_self_def, w->a));
}
static bool method_new(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_method_new(w->a, w->b));
}
static bool call(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_call(w->c, 1, &w->b));
}
static bool mem_alloc(struct world *w, unsigned n)
{
    w->block = ouro_mem_alloc(n);
    return w->block != NULL;
}
static bool mem_resize(struct world *w, unsigned n)
{
    void *larger = ouro_mem_resize(w->block, n * 5);
    if (larger) w->block = larger;
    for (unsigned i = 0; i < n; i++)
        if (!T_EQ(((uint8_t *)w->block)[i], 0x5a)) break;
    return larger != NULL;
}
static void ignore(void *context, const char *text, size_t bytes)
{
    (void)context;
    (void)text;
    (void)bytes;
}
static bool repr(struct world *w, unsigned n)
{
    (void)n;
    return ouro_repr(w->a, ignore, NULL) == 0;
}
static bool str_of(struct world *w, unsigned n)
{
    (void)n;
    return ouro_str_of(w->a, ignore, NULL) == 0;
}
static bool equal(struct world *w, unsigned n)
{
    (void)n;
    int answer = ouro_equal(w->a, w->b);
    T_CHECK(answer != 0);
    return answer > 0;
}
static bool compare(struct world *w, unsigned n)
{
    (void)n;
    int answer = ouro_compare(w->a, w->b, OURO_LE);
    T_CHECK(answer != 0);
    return answer > 0;
}
static bool deepsize(struct world *w, unsigned n)
{
    (void)n;
    return ouro_diag_deepsize(w->a) != SIZE_MAX;
}

static bool tuple_of(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_tuple_of(2, w->b, w->a));
}
/* A tuple of n items, built piece by piece. */
static ouro_ref tuple_from(ouro_ref item, unsigned n)
{
    struct ouro_tuple_builder builder;
    ouro_tuple_begin(&builder);
    for (unsigned i = 0; i < n; i++)
        if (ouro_tuple_add(&builder, item) < 0) {
            ouro_tuple_abandon(&builder);
            return NULL;
        }
    return ouro_tuple_end(&builder);
}
static bool tuple_of_list(struct world *w, unsigned n) { return got(w, tuple_from(w->a, n)); }
static bool set_new(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_set_new());
}
static bool set_add(struct world *w, unsigned n)
{
    (void)n;
    return ouro_set_add(w->a, w->b) == 0;
}
static bool set_union(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_set_union(w->a, w->a));
}
static bool frozenset_from(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_frozenset_from(w->a));
}
static bool dict_copy(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_dict_copy(w->a));
}
static bool dict_setdefault(struct world *w, unsigned n)
{
    (void)n;
    return ouro_dict_setdefault(w->a, w->b, w->c) != NULL;
}
static bool intern(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_intern("interned", 8));
}
static bool class_new(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_class_new("D", w->a));
}
static bool class_def(struct world *w, unsigned n)
{
    (void)n;
    return ouro_class_def(w->a, "method", &give_self_def) == 0;
}
static bool instance_new(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_instance_new(w->a));
}
static bool attr_set(struct world *w, unsigned n)
{
    (void)n;
    bool has_worked = ouro_attr_set(w->a, w->b, w->c) == 0;
    enum ouro_error_kind kind = ouro_error_get(NULL);
    T_EQ(ouro_attr_has(w->a, w->b), has_worked); /* clears the error */
    ouro_error_set(kind, NULL);
    return has_worked;
}
static bool attr_get_bound(struct world *w, unsigned n)
{
    (void)n;
    return got(w, ouro_attr_get_string(w->a, "method"));
}

/* ---- bytes, generators, exceptions, modules, caches ---- */

static void an_array(struct world *w, unsigned n)
{
    w->a = ouro_bytearray_new("0123456789abcdef", n);
    w->b = ouro_bytes_new("0123456789abcdef", 16);
}
static void a_cache(struct world *w, unsigned n)
{
    w->a = ouro_cache_new(n, 0, NULL);
    w->b = ouro_float_new(1.5);
    for (unsigned i = 0; i < n; i++) T_EQ(ouro_cache_set(w->a, ouro_int_new(i), w->b), 0);
}
static bool bytes_new(struct world *w, unsigned n)
{
    return (w->result = ouro_bytes_new("0123456789abcdef", n)) != NULL;
}
static bool bytes_concat(struct world *w, unsigned n)
{
    (void)n;
    return (w->result = ouro_bytes_concat(w->a, w->b)) != NULL;
}
static bool add_lists(struct world *w, unsigned n)
{
    (void)n;
    return (w->result = ouro_add(w->a, w->a)) != NULL;
}
static bool multiply(struct world *w, unsigned n)
{
    (void)n;
    return (w->result = ouro_arith(w->a, OURO_MUL, ouro_int_new(5))) != NULL;
}
static void some_strs(struct world *w, unsigned n)
{
    w->a = ouro_list_new();
    w->b = ouro_str_from("item");
    for (unsigned i = 0; i < n; i++) T_EQ(ouro_list_append(w->a, w->b), 0);
}
static bool str_join(struct world *w, unsigned n)
{
    (void)n;
    return (w->result = ouro_str_join(w->b, w->a)) != NULL;
}
static bool str_format(struct world *w, unsigned n)
{
    return (w->result = ouro_str_format("%s %d", ouro_str_bytes(w->b, NULL), (int)n)) != NULL;
}
static bool bytearray_new(struct world *w, unsigned n)
{
    return (w->result = ouro_bytearray_new(NULL, n)) != NULL;
}
static bool bytearray_extend(struct world *w, unsigned n)
{
    (void)n;
    return ouro_bytearray_extend(w->a, w->b) == 0;
}
static bool memoryview_of(struct world *w, unsigned n)
{
    (void)n;
    return (w->result = ouro_memoryview_of(w->a)) != NULL;
}
static bool generator_new(struct world *w, unsigned n)
{
    static const struct ouro_generator_def def = {.name = "g", .locals = 2};
    return (w->result = ouro_generator_new(&def, n, &w->b)) != NULL;
}
static bool exception_new(struct world *w, unsigned n)
{
    (void)n;
    return (w->result = ouro_exception_new(OURO_KEY_ERROR, w->b, w->a)) != NULL;
}
static bool context_new(struct world *w, unsigned n)
{
    static const struct ouro_context_def def = {.name = "context"};
    (void)n;
    return (w->result = ouro_context_new(&def, w->b)) != NULL;
}
static bool module_new(struct world *w, unsigned n)
{
    (void)n;
    return (w->result = ouro_module_new("module")) != NULL;
}
static bool cache_new(struct world *w, unsigned n)
{
    return (w->result = ouro_cache_new(n, 0, NULL)) != NULL;
}
static bool cache_set(struct world *w, unsigned n)
{
    return ouro_cache_set(w->a, ouro_int_new(n), w->b) == 0;
}

static const struct operation operations[] = {
    {"obj_new", nothing, obj_new, 0, 0},
    {"int_new", nothing, int_new, 0, 0},
    {"float_new", nothing, float_new, 0, 0},
    {"str_new", nothing, str_new, 3, 0},
    {"str_new, a block", nothing, str_new, 1000, 0},
    {"str_alloc", nothing, str_alloc, 100, 0},
    {"str_alloc, a block", nothing, str_alloc, 2000, 0},
    {"list_new", nothing, list_new, 0, 0},
    {"list_append, first", a_list, list_append, 0, 0},
    {"list_append, node grows", a_list, list_append, 4, 0},
    {"list_append, in place", a_list, list_append, 3, 0},
    {"list_append, second level", a_list, list_append, 16, 0},
    {"list_append, new leaf", a_list, list_append, 48, 0},
    {"list_append, third level", a_list, list_append, 256, 0},
    {"list_insert", a_list, list_insert, 33, 0},
    {"list_insert, third level", a_list, list_insert, 256, 0},
    {"dict_new", nothing, dict_new, 0, 0},
    {"dict_set, first", a_dict, dict_set, 0, 0},
    {"dict_set, node grows", a_dict, dict_set, 4, 0},
    {"dict_set, becomes large", a_dict, dict_set, 8, 400},
    {"dict_set, large", a_dict, dict_set, 9, 0},
    {"dict_set, bucket splits", a_dict, dict_set, 16, 400},
    {"dict_set, new leaf", a_dict, dict_set, 24, 0},
    {"dict_set, larger", a_dict, dict_set, 128, 0},
    {"dict_set, replaces", a_dict, dict_replace, 20, 0},
    {"weakref_new", a_probe, weakref_new, 0, 0},
    {"cell_new", a_probe, cell_new, 0, 0},
    {"function_new", a_probe, function_new, 0, 0},
    {"method_new", a_function, method_new, 0, 0},
    {"call of a method", a_function, call, 0, 0},
    {"tuple_of", a_list, tuple_of, 1, 0},
    {"tuple of 20", a_list, tuple_of_list, 20, 0},
    {"tuple of 300", a_list, tuple_of_list, 300, 0},
    {"set_new", nothing, set_new, 0, 0},
    {"set_add, first", a_set, set_add, 0, 0},
    {"set_add, node grows", a_set, set_add, 4, 0},
    {"set_add, becomes large", a_set, set_add, 8, 400},
    {"set_add, large", a_set, set_add, 40, 0},
    {"set_union", a_set, set_union, 20, 0},
    {"frozenset_from", a_set, frozenset_from, 20, 0},
    {"dict_copy", a_dict, dict_copy, 20, 0},
    {"dict_setdefault", a_dict, dict_setdefault, 4, 0},
    {"intern", nothing, intern, 0, 0},
    {"class_new", a_class, class_new, 0, 0},
    {"class_def", a_class, class_def, 0, 0},
    {"instance_new", a_class, instance_new, 0, 0},
    {"attr_set, first", an_instance, attr_set, 0, LEARNS | 400},
    {"attr_set, node grows", an_instance, attr_set, 2, LEARNS | 400},
    {"attr_set, more", an_instance, attr_set, 16, LEARNS | 400},
    {"attr_get, bound", an_instance, attr_get_bound, 1, 0},
    {"bytes_new", nothing, bytes_new, 16, 0},
    {"bytes_concat", an_array, bytes_concat, 10, 0},
    {"list + list", a_list, add_lists, 20, 0},
    {"list * 5", a_list, multiply, 20, 0},
    {"str_join", some_strs, str_join, 30, 0},
    {"str_format", some_strs, str_format, 2, 0},
    {"bytearray * 5", an_array, multiply, 10, 0},
    {"bytearray_new", nothing, bytearray_new, 100, 0},
    {"bytearray_extend", an_array, bytearray_extend, 10, 0},
    {"memoryview_of", an_array, memoryview_of, 3, 0},
    {"memoryview_of_no_bytes", an_array, memoryview_of, 0, 0},
    {"generator_new", a_list, generator_new, 1, 0},
    {"exception_new", a_list, exception_new, 1, 0},
    {"context_new", a_list, context_new, 1, 0},
    {"module_new", nothing, module_new, 0, 0},
    {"cache_new", nothing, cache_new, 8, 0},
    {"cache_set, first", a_cache, cache_set, 0, 0},
    {"cache_set, drops one", a_cache, cache_set, 4, 0},
    {"cache_set, large", a_cache, cache_set, 40, 400},
    {"mem_alloc", nothing, mem_alloc, 100, 0},
    {"mem_alloc, large", nothing, mem_alloc, 1500, 0},
    {"mem_resize", a_block, mem_resize, 200, 0},
    {"repr", two_nests, repr, 3, 0},
    {"str", two_nests, str_of, 3, 0},
    {"repr, flat", a_dict, repr, 20, 0},
    {"equal", two_nests, equal, 3, 0},
    {"compare", two_lists, compare, 4, 0},
    {"deepsize", two_nests, deepsize, 3, 0},
};

#endif
