/* SPDX-License-Identifier: MIT
 * 11-leaks.c - leaks in spite of a collector: the unbounded cache, and the closure that keeps a
 * large object alive; found by comparing two snapshots, and by asking why. */
#include <string.h>

#include "lesson.h"

enum { CALLS = 200, LIMIT = 10, LARGE = 10000 };

/* ---- what tells of a leak ---- */

static struct text why;

static int add_edge(const struct ouro_edge *edge, void *context)
{
    ouro_edge_write(edge, text_write, context);
    return 0;
}

/* Remark on the shortest chain of references that keeps an object alive. */
static int note_why(const char *what, ouro_ref of, ouro_ref names)
{
    why = (struct text){0};
    int edges = ouro_diag_path(of, names, add_edge, &why);
    note("why is %s there?  %s", what, why.at);
    return edges;
}

/* The holder that the context names becomes NULL if there is another. */
static int compare_holder(const struct ouro_edge *edge, void *context)
{
    ouro_ref *holder = context;

    if (edge->holder != *holder) *holder = NULL;
    return 0;
}

/* Remark on what there is more than at an earlier census; returns by how many bytes. */
static int note_growth(const struct ouro_census *earlier)
{
    struct ouro_census now;
    int bytes = 0;

    CHECK(ouro_diag_census(&now) == 0);
    ouro_census_subtract(&now, earlier);
    ouro_census_sort(&now);
    note("since the first snapshot:");
    for (uint32_t i = 0; i < now.count; i++) {
        const struct ouro_census_row *row = &now.rows[i];
        note("  %s: %s%d objects, %s%d bytes", row->name, row->objects < 0 ? "" : "+",
             (int)row->objects, row->bytes < 0 ? "" : "+", (int)row->bytes);
        bytes += row->bytes;
    }
    return bytes;
}

/* ---- the cache ---- */

static ouro_ref expensive_calculation(ouro_ref data) { return list_of(1, ouro_own(data)); }

/* Section 11, block 1. */
static ouro_ref process_data(ouro_ref cache, ouro_ref key, ouro_ref data)
{
    ouro_ref result = expensive_calculation(data);

    (void)ouro_dict_set(cache, key, result); /* and who removes it? */
    return result;
}

static void process_all(ouro_ref cache)
{
    for (int i = 0; i < CALLS; i++) {
        ouro_ref data = ouro_float_new(i);
        ouro_decref(process_data(cache, ouro_int_new(i), data));
        ouro_decref(data);
    }
}

static void the_unbounded_cache(void)
{
    struct ouro_census before;

    tell("A collector frees what nobody can reach.  A cache can be reached:");
    enter("import gc, weakref");
    enter("cache = {}");
    enter("def process_data(key, data):\n"
          "    result = [data]  # an expensive calculation\n"
          "    cache[key] = result  # and who removes it?\n"
          "    return result");
    ouro_ref cache = ouro_dict_new(), names = ouro_dict_new(), name = ouro_str_from("cache");
    CHECK(ouro_dict_set(names, name, cache) == 0);
    ouro_decref(name);
    CHECK(ouro_diag_census(&before) == 0);
    enter("for i in range(200): result = process_data(i, float(i))");
    process_all(cache);
    enter("print(gc.collect(), len(cache))");
    say("%d %d", (int)ouro_gc_collect(2), (int)ouro_dict_len(cache));

    tell("Two snapshots tell what grows, and a chain of references who holds it:");
    int grown = note_growth(&before);
    ouro_ref result = ouro_dict_get(cache, ouro_int_new(123));
    CHECK(note_why("one of the lists", result, names) == 2);
    CHECK(strcmp(why.at, "cache[123]") == 0);
    enter("print([holder is cache for holder in gc.get_referrers(cache[123])])");
    ouro_ref holder = cache;
    int holders = ouro_diag_referrers(result, NULL, compare_holder, &holder);
    say("[%t]", holder == cache);
    CHECK(holders == 1);
    uint32_t objects;
    size_t retained = ouro_diag_retained(cache, &objects);
    note("with the cache would go: %u objects, %u bytes", (unsigned)objects, (unsigned)retained);
    note("(console: `gc leaks start`, `gc leaks show`, `gc why`, `gc retained`)");
    CHECK(grown > CALLS * 16 && retained > (size_t)grown / 2);

    tell("The remedy is a limit (lesson 15 has a cache with one):");
    enter("while len(cache) > 10: del cache[next(iter(cache))]");
    ouro_ref key, value;
    while (ouro_dict_len(cache) > LIMIT) {
        size_t position = 0;
        (void)ouro_dict_next(cache, &position, &key, &value);
        (void)ouro_dict_del(cache, key);
    }
    settle();
    enter("print(len(cache), min(cache))");
    size_t first = 0;
    CHECK(ouro_dict_next(cache, &first, &key, &value));
    say("%d %r", (int)ouro_dict_len(cache), key);
    int left = note_growth(&before);
    note("(the dict itself keeps room for as many keys as there were)");
    CHECK(left < grown / 3);
    drop(names);
    drop(cache);
}

/* ---- the closure ---- */

static ouro_ref data_class, names;

static ouro_ref process_first(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)argc, (void)argv;
    say("Processing %r", ouro_cell_get(ouro_function_closure(function)));
    return OURO_NONE;
}
static ouro_ref process_badly(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)argc, (void)argv;
    ouro_ref data = ouro_cell_get(ouro_function_closure(function));
    ouro_ref items = ouro_attr_get_string(data, "items");
    say("Processing %r", ouro_list_get(items, 0));
    ouro_decref(items);
    return OURO_NONE;
}
static const struct ouro_function_def first_def = {.name = "process", .call = process_first},
                                      badly_def = {.name = "process", .call = process_badly};

/* A function that closes over a variable with this value, which it steals. */
static ouro_ref closure(const struct ouro_function_def *def, ouro_ref value)
{
    ouro_ref cell = ouro_cell_new(value), function = ouro_function_new(def, cell);

    ouro_decref(value);
    ouro_decref(cell);
    return function;
}

static ouro_ref get_first_item(ouro_ref data)
{
    ouro_ref items = ouro_attr_get_string(data, "items");
    ouro_ref first = ouro_own(ouro_list_get(items, 0));
    ouro_decref(items);
    return closure(&first_def, first);
}
static ouro_ref get_badly(ouro_ref data) { return closure(&badly_def, ouro_own(data)); }

/* Section 11, block 2, at 1/1000 of its size: make large data, get a function of it, let go of the
 * data, and see whether the function keeps it. */
static void keep(const char *call, ouro_ref (*get)(ouro_ref data), bool is_kept)
{
    unsigned before = used_bytes();
    ouro_ref items = ouro_list_new(), large_data = ouro_instance_new(data_class);

    for (int i = 0; i < LARGE; i++) append(items, ouro_int_new(i));
    set(large_data, "items", items);
    ouro_ref watch = ouro_weakref_new(large_data);
    enter("large_data = Data(); watch = weakref.ref(large_data)");
    enter(call);
    ouro_ref func = get(large_data), name = ouro_str_from("func");
    CHECK(ouro_dict_set(names, name, func) == 0);
    drop(large_data);
    enter("func()");
    ouro_decref(ouro_call(func, 0, NULL));
    ouro_ref seen = ouro_weakref_get(watch);
    ask("print(watch() is None)", seen == OURO_NONE);
    note("%u bytes are in use.", used_bytes() - before);
    CHECK((seen != OURO_NONE) == is_kept);
    CHECK((used_bytes() - before > 4 * LARGE) == is_kept);
    ouro_decref(seen);
    ouro_decref(func);
    if (is_kept) {
        note_why("the list", items, names);
        CHECK(strstr(why.at, "func") == why.at && strstr(why.at, ".items") != NULL);
        note("with func would go: %u bytes", (unsigned)ouro_diag_retained(func, NULL));
        CHECK(ouro_diag_retained(func, NULL) > 4 * LARGE);
    }
    enter("del func");
    CHECK(ouro_dict_del(names, name) == 0);
    drop(name);
    drop(watch);
}

static void the_closure(void)
{
    tell("A function keeps what it closes over.  One that needs the first item of a large\n"
         "list (10,000 items here, not ten million) may keep that alone:");
    enter("class Data:\n"
          "    def __init__(self): self.items = list(range(10000))");
    enter("def get_first_item(data):\n"
          "    first = data.items[0]\n"
          "    def process(): print('Processing', first)\n"
          "    return process");
    data_class = ouro_class_new("Data", NULL);
    names = ouro_dict_new();
    keep("func = get_first_item(large_data); del large_data", get_first_item, false);

    tell("or, by mistake, all of it:");
    enter("def get_badly(data):\n"
          "    def process(): print('Processing', data.items[0])\n"
          "    return process");
    keep("func = get_badly(large_data); del large_data", get_badly, true);
    drop(names);
    drop(data_class);
}

LESSON(11, "leaks, and how to find them")
{
    the_unbounded_cache();
    the_closure();
}
