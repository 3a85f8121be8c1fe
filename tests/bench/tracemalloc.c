/* SPDX-License-Identifier: MIT
 * tracemalloc.c - what tracing adds to calls that allocate and that release, in instructions: on
 * average and at most.
 *
 * Each row is a sequence of calls, made once without tracing and once with, and compared call by
 * call.  No call is made from the place of the last one; the tables of `full` rows are too small
 * for all blocks and places.  The clock's own cost is taken off. */
#include "ouro.h"
#include "pair.h"
#include "t.h"

enum { CALLS = 1000, MEMORY_BYTES = 64 * 1024, FULL_BYTES = 1024, PLACES = 8 };

static uint32_t memory[MEMORY_BYTES / 4];
static void *held[CALLS];
static ouro_ref list, dict, set;
static uint64_t overhead;

/* A call from each of 8 places. */
typedef void call_fn(unsigned i);
#define AT(name, n, call)                                                                          \
    __attribute__((noinline, noipa)) static void name##n(unsigned i) { call; }
#define CALLS_OF(name, call)                                                                       \
    AT(name, 0, call)                                                                              \
    AT(name, 1, call)                                                                              \
    AT(name, 2, call)                                                                              \
    AT(name, 3, call)                                                                              \
    AT(name, 4, call)                                                                              \
    AT(name, 5, call)                                                                              \
    AT(name, 6, call)                                                                              \
    AT(name, 7, call)                                                                              \
    static call_fn *const name[PLACES] = {name##0, name##1, name##2, name##3,                      \
                                          name##4, name##5, name##6, name##7}

CALLS_OF(make, held[i] = ouro_obj_new(&pair_type));
CALLS_OF(drop, ouro_decref(held[i]));
CALLS_OF(take, held[i] = ouro_mem_alloc(40));
CALLS_OF(give, ouro_mem_free(held[i]));
CALLS_OF(append, (void)ouro_list_append(list, ouro_int_new((int)i)));
CALLS_OF(put, (void)ouro_dict_set(dict, ouro_int_new((int)i), OURO_NONE));
CALLS_OF(add, (void)ouro_set_add(set, ouro_int_new((int)i)));
CALLS_OF(pack, held[i] = ouro_tuple_of(2, OURO_NONE, OURO_TRUE)); /* two calls inside */

static const struct row {
    const char *name;
    call_fn *const *calls;
} rows[] = {{"alloc", make},    {"release", drop}, {"take", take}, {"give", give},
            {"append", append}, {"put", put},      {"add", add},   {"pack", pack}};
enum { ROWS = sizeof rows / sizeof rows[0] };

static uint16_t off[ROWS][CALLS];
static int32_t sum[ROWS], longest[ROWS];

static void run(bool is_traced)
{
    for (unsigned row = 0; row < ROWS; row++) {
        sum[row] = longest[row] = 0;
        for (unsigned i = 0; i < CALLS; i++) {
            uint64_t start = ouro_port_instructions();
            rows[row].calls[i % PLACES](i);
            int32_t spent = (int32_t)(ouro_port_instructions() - start - overhead);
            if (!is_traced) {
                off[row][i] = (uint16_t)spent;
                continue;
            }
            spent -= off[row][i];
            sum[row] += spent;
            if (spent > longest[row] && i >= PLACES) longest[row] = spent;
        }
    }
}

static void prepare(void)
{
    t_restart(SIZE_MAX);
    ouro_gc_disable();
    list = ouro_list_new();
    dict = ouro_dict_new();
    set = ouro_set_new();
}

static void print(const char *what, const char *name, const char *suffix, int32_t value)
{
    t_print("trace.");
    t_print(what);
    t_print(name);
    t_print(suffix);
    t_print(" ");
    t_print_int(value);
    t_print(" instructions\n");
}

static int measure(unsigned nframe, size_t bytes, const char *suffix)
{
    prepare();
    run(false);
    prepare();
    if (ouro_tracemalloc_start(nframe, memory, bytes) != 0) return 1;
    run(true);
    for (unsigned row = 0; row < ROWS; row++) {
        print("mean/", rows[row].name, suffix, sum[row] / CALLS);
        print("max/", rows[row].name, suffix, longest[row]);
    }
    return 0;
}

int main(void)
{
    uint64_t start = ouro_port_instructions();
    overhead = ouro_port_instructions() - start;
    return measure(1, sizeof memory, "/1") || measure(1, FULL_BYTES, "/1/full") ||
           measure(8, sizeof memory, "/8");
}
