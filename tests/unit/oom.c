/* SPDX-License-Identifier: MIT
 * oom.c - out of memory is ordinary: every operation that allocates fails cleanly or succeeds.
 *
 * Each row of the table is an operation and what it works on.  It is tried with its 1st, 2nd, 3rd,
 * ... request for memory and all later ones refused, until it succeeds; and in small arenas that
 * are truly full, with one more object given back after each failure.  A failing call must set
 * MemoryError and leave everything as it was: what the objects hold, their counts, the bytes in
 * use; the heap must be sound.  To add an operation, add a row.
 *
 * Refusing needs the hook that CHECK=2 and up compile in (the host builds have it). */
#include <string.h>

#include "collector.h"
#include "ouro.h"
#include "ouro/classes.h"
#include "ouro/diag.h"
#include "pool.h"
#include "object.h"
#include "t.h"

enum {
    DEEPEST = 6,
    ATTEMPTS = 400,
    FILLERS = 3000,
    LEARNS = 1 << 16, /* with `room`: the class has learned the name, and keeps it */
};

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

/* ---- what must not change ---- */

struct state {
    uint32_t digest;
    size_t used_bytes;
    uint32_t objects;
};

static uint32_t mix(uint32_t digest, uint32_t word) { return (digest ^ word) * 16777619u; }

/* What an object is and holds, counts included.  Allocates nothing. */
static uint32_t digest_of(ouro_ref o, uint32_t digest, unsigned depth)
{
    if (!o || !is_counted(o)) return mix(digest, (uint32_t)(uintptr_t)o);
    const struct ouro_type *type = type_of(o);
    const struct ouro_ops *ops = type->ops;
    digest = mix(mix(digest, type->index), ouro_diag_refcount(o));
    if (depth == DEEPEST) return digest;
    if (ops && ops->next) {
        size_t at = 0;
        ouro_ref key = NULL, item;
        while (ops->next(o, &at, &key, &item)) {
            digest = digest_of(key, digest, depth + 1);
            digest = digest_of(item, digest, depth + 1);
        }
        return mix(digest, ops->len ? (uint32_t)ops->len(o) : 0);
    }
    for (uint32_t refs = type->refs; refs; refs &= refs - 1)
        digest = digest_of(*slot(o, (unsigned)__builtin_ctz(refs)), digest, depth + 1);
    if (ouro_type_index(o) != OURO_TYPE_STR) return digest;
    size_t bytes;
    const char *text = ouro_str_bytes(o, &bytes);
    for (size_t i = 0; i < bytes; i++) digest = mix(digest, (uint8_t)text[i]);
    return digest;
}

static struct state state_of(const struct world *w)
{
    struct ouro_mem_stats stats;
    ouro_diag_mem(&stats);
    uint32_t digest = digest_of(w->a, 1, 0);
    digest = digest_of(w->b, digest, 0);
    digest = digest_of(w->c, digest, 0);
    return (struct state){digest, stats.used_bytes, stats.objects};
}

static bool failed_cleanly(const struct world *w, struct state *before, unsigned room)
{
    collector_drain(UINT32_MAX); /* what was made in vain dies in pieces, as everything does */
    struct state after = state_of(w);
    if (room & LEARNS) before->digest = after.digest;
    if (after.used_bytes - before->used_bytes <= (room & (LEARNS - 1))) {
        before->used_bytes = after.used_bytes;
        before->objects = after.objects;
    }
    bool is_clean =
        T_EQ(ouro_error_get(NULL), OURO_MEMORY_ERROR) & T_CHECK(after.digest == before->digest) &
        T_EQ(after.used_bytes, before->used_bytes) & T_EQ(after.objects, before->objects);
    ouro_error_clear();
    const char *broken = ouro_diag_verify();
    return !(broken && !T_TEXT(broken, "sound")) && is_clean;
}

static void drop_all(struct world *w)
{
    ouro_xdecref(w->result);
    ouro_xdecref(w->c);
    ouro_xdecref(w->b);
    ouro_xdecref(w->a);
    ouro_mem_free(w->block);
    *w = (struct world){0};
    (void)ouro_gc_collect(2);
}

static size_t used_bytes(void)
{
    struct ouro_mem_stats stats;
    ouro_diag_mem(&stats);
    return stats.used_bytes;
}

/* ---- refusing ---- */

/* The operation with request number `from` and all later ones refused.  True: it succeeded. */
static bool attempt(const struct operation *operation, unsigned from, bool *is_sound)
{
    struct world w = {0};
    operation->prepare(&w, operation->n);
    (void)ouro_gc_collect(2);
    struct state before = state_of(&w);
    ouro_heap->refuse_from = from;
    bool has_worked = operation->run(&w, operation->n);
    ouro_heap->refuse_from = 0;
    if (has_worked) {
        *is_sound = T_EQ(ouro_error_get(NULL), OURO_NO_ERROR);
    } else {
        *is_sound = failed_cleanly(&w, &before, operation->room);
        if (operation->room) { /* left behind once, not again and again */
            ouro_heap->refuse_from = 1;
            T_CHECK(!operation->run(&w, operation->n));
            ouro_heap->refuse_from = 0;
            *is_sound &= failed_cleanly(&w, &before, 0);
        }
    }
    drop_all(&w);
    *is_sound &= T_EQ(used_bytes(), 0);
    return has_worked;
}

static void every_request_may_be_refused(void)
{
    if (OURO_CHECK < 2) {
        t_skip("requests are refused at CHECK=2 and up");
        return;
    }
    for (unsigned i = 0; i < T_COUNT(operations); i++) {
        bool is_sound = true, has_worked = false;
        t_restart(64 * 1024);
        for (unsigned from = 1; from < ATTEMPTS && is_sound && !has_worked; from++)
            has_worked = attempt(&operations[i], from, &is_sound);
        if (!T_CHECK(has_worked && is_sound)) T_TEXT(operations[i].name, "sound");
    }
}

/* ---- full arenas ---- */

static ouro_ref fillers[FILLERS];
static unsigned filled;

/* Objects of all sizes until not even the smallest fits.  None is tracked. */
static void fill(void)
{
    static const uint16_t sizes[] = {800, 300, 180, 100, 60, 30, 3};
    char *buffer;
    for (unsigned i = 0; i < T_COUNT(sizes); i++)
        for (unsigned n = 0; n < 4u << i || i + 1 == T_COUNT(sizes); n++) {
            if (filled == FILLERS || !(fillers[filled] = ouro_str_alloc(sizes[i], &buffer))) break;
            filled++;
        }
    while (filled < FILLERS && (fillers[filled] = ouro_float_new(0.5))) filled++;
    T_CHECK(filled < FILLERS);
    ouro_error_clear();
}

/* Room comes back object by object, every third one first, so that it is scattered. */
static bool make_room(void)
{
    static unsigned next;
    if (filled == 0) return false;
    next = (next + 3) % filled;
    ouro_decref(fillers[next]);
    fillers[next] = fillers[--filled];
    return true;
}

static bool works_in_a_full_arena(const struct operation *operation, size_t arena)
{
    struct world w = {0};
    bool is_sound = true, has_worked = false;
    t_restart(arena);
    operation->prepare(&w, operation->n);
    filled = 0;
    fill();
    while (is_sound && !has_worked) {
        struct state before = state_of(&w);
        has_worked = operation->run(&w, operation->n);
        if (has_worked) break;
        is_sound = failed_cleanly(&w, &before, operation->room);
        if (!T_CHECK(make_room())) return false;
    }
    while (filled > 0) ouro_decref(fillers[--filled]);
    drop_all(&w);
    return T_EQ(used_bytes(), 0) && is_sound;
}

static void full_arenas(void)
{
    static const size_t arenas[] = {16 * 1024, 24000, 32 * 1024};
    for (unsigned i = 0; i < T_COUNT(operations); i++)
        for (unsigned a = 0; a < T_COUNT(arenas); a++)
            if (!T_CHECK(works_in_a_full_arena(&operations[i], arenas[a])))
                T_TEXT(operations[i].name, "sound");
}

/* ---- garbage makes room ---- */

/* What memory is short of is held by a cycle, or waits on the dead queue: then nothing fails. */
static void garbage_is_not_out_of_memory(void)
{
    t_restart(16 * 1024);
    ouro_gc_disable();
    for (unsigned round = 0; round < 300; round++) {
        ouro_ref list = ouro_list_new(), probe = ouro_obj_new(&probe_type);
        if (!T_CHECK(list && probe)) return;
        for (unsigned i = 0; i < 20; i++)
            if (!T_EQ(ouro_list_append(list, probe), 0)) return;
        ((struct probe *)(void *)probe)->first = list; /* the list's only reference */
        ouro_decref(probe);
    }
    T_EQ(ouro_error_get(NULL), OURO_NO_ERROR);
}

static const struct t_test tests[] = {
    T_TEST(every_request_may_be_refused),
    T_TEST(full_arenas),
    T_TEST(garbage_is_not_out_of_memory),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
