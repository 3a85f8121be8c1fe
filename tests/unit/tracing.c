/* SPDX-License-Identifier: MIT
 * tracing.c - what tracing with one frame adds to calls that allocate, in instructions: at most 300
 * an allocation and 200 a release, however many calls there are and however full the tables (from
 * 2 KiB on); and for which call.
 *
 * On the board whose instructions the figures are in.  Operations are those of oom_operations.h,
 * each in a heap of its own.  The linker leads the calls of trace_add() and trace_remove() here,
 * where they are counted. */
#include <string.h>

#include "tracemalloc.h"

#include "ouro.h"
#include "t.h"
#include "unit/oom_operations.h"

enum { MEMORY_BYTES = 32 * 1024, ALLOCATION = 300, RELEASE = 200 };

static uint32_t memory[MEMORY_BYTES / 4];
static uint32_t overhead, added, removed;

__attribute__((weak)) void __real_trace_add(const void *at, size_t spent);
__attribute__((weak)) void __real_trace_remove(const void *at, size_t spent);
void __wrap_trace_add(const void *at, size_t spent);
void __wrap_trace_remove(const void *at, size_t spent);

void __wrap_trace_add(const void *at, size_t spent)
{
    added++;
    __real_trace_add(at, spent);
}
void __wrap_trace_remove(const void *at, size_t spent)
{
    removed++;
    __real_trace_remove(at, spent);
}

static bool is_measured(void)
{
    uint64_t start = ouro_port_instructions();
    overhead = (uint32_t)(ouro_port_instructions() - start);
    bool is = strcmp(ouro_port_board, "mps2-an385") == 0 && OURO_CHECK < 2;
    if (!is) t_skip("counted on mps2-an385, at CHECK=0 and 1");
    ouro_gc_disable();
    return is;
}

static uint64_t begun;
static void begin(void)
{
    added = removed = 0;
    begun = ouro_port_instructions();
}
static uint32_t end(void) { return (uint32_t)(ouro_port_instructions() - begun) - overhead; }

/* More than untraced by no more than what it allocated and released allows? */
static bool is_allowed(uint32_t on, uint32_t off)
{
    return on <= off + ALLOCATION * added + RELEASE * removed;
}

/* ---- every operation ---- */

/* The operation for the second time: the first time the runtime calls itself somewhere, the stack
 * is searched. */
static uint32_t measure(const struct operation *operation, bool is_traced)
{
    struct world w = {0};
    uint32_t spent = 0;
    t_restart(256 * 1024);
    ouro_gc_disable();
    if (is_traced) T_EQ(ouro_tracemalloc_start(1, memory, sizeof memory), 0);
    for (unsigned round = 0; round < 2; round++) {
        operation->prepare(&w, operation->n);
        begin();
        T_CHECK(operation->run(&w, operation->n));
        spent = end();
    }
    ouro_tracemalloc_stop();
    return spent;
}

static void every_operation(void)
{
    if (!is_measured()) return;
    for (unsigned i = 0; i < T_COUNT(operations); i++) {
        uint32_t off = measure(&operations[i], false), on = measure(&operations[i], true);
        if (added == 0) continue;
        t_note(operations[i].name, ((int64_t)on - off - RELEASE * (int64_t)removed) / added);
        T_CHECK(is_allowed(on, off));
    }
}

/* What an operation allocates is recorded for the program's call, whatever calls lie between. */
static void every_site_is_the_programs(void)
{
    enum { FAR = 512 };
    static struct ouro_trace traces[64];
    bool is_host = strcmp(ouro_port_board, "host") == 0; /* does not know whose code it is */
    for (unsigned i = 0; i < T_COUNT(operations); i++) {
        struct world w = {0};
        struct ouro_snapshot snapshot;
        t_restart(256 * 1024);
        operations[i].prepare(&w, operations[i].n);
        T_EQ(ouro_tracemalloc_start(1, memory, sizeof memory), 0);
        T_CHECK(operations[i].run(&w, operations[i].n));
        T_EQ(ouro_tracemalloc_take_snapshot(&snapshot, traces, T_COUNT(traces)), 0);
        for (size_t at = 0; at < snapshot.count; at++) {
            uint32_t frame = traces[at].frames[0];
            bool is_its = frame - (uint32_t)(uintptr_t)operations[i].run < FAR;
            if (frame && (is_its || is_host)) continue;
            T_CHECK(is_its);
            t_note(operations[i].name, frame);
        }
        ouro_tracemalloc_stop();
    }
}

/* ---- many calls, full tables ---- */

struct pair {
    struct ouro_obj header;
    ouro_ref first, second;
};
OURO_TYPE_DEFINE(pair_type) = {
    .name = "pair",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct pair),
    .refs = OURO_REF_BIT(struct pair, first) | OURO_REF_BIT(struct pair, second),
};
static ouro_ref list, dict, set;

/* Calls of each kind from 8 places each. */
typedef bool call_fn(unsigned i);
#define CALL(name, n, call)                                                                        \
    __attribute__((noinline, noipa)) static bool name##n(unsigned i)                               \
    {                                                                                              \
        (void)i;                                                                                   \
        return call;                                                                               \
    }
#define CALLS(name, call)                                                                          \
    CALL(name, 0, call)                                                                            \
    CALL(name, 1, call)                                                                            \
    CALL(name, 2, call)                                                                            \
    CALL(name, 3, call)                                                                            \
    CALL(name, 4, call)                                                                            \
    CALL(name, 5, call)                                                                            \
    CALL(name, 6, call)                                                                            \
    CALL(name, 7, call)                                                                            \
    static call_fn *const name[] = {name##0, name##1, name##2, name##3,                            \
                                    name##4, name##5, name##6, name##7}
CALLS(make, ouro_obj_new(&pair_type) != NULL);
CALLS(take, ouro_mem_alloc(40 + i % 64) != NULL);
CALLS(append, ouro_list_append(list, OURO_NONE) == 0);
CALLS(put, ouro_dict_set(dict, ouro_int_new((int)i), OURO_NONE) == 0);
CALLS(add, ouro_set_add(set, ouro_int_new((int)i)) == 0);
CALLS(box, ouro_float_new(i) != NULL);
CALLS(join, ouro_str_new("a text that is no immediate", 20 + i % 8) != NULL);
CALLS(wrap, ouro_tuple_of(2, OURO_NONE, OURO_TRUE) != NULL);

static call_fn *const *const kinds[] = {make, take, append, put, add, box, join, wrap};
enum { KINDS = T_COUNT(kinds), PLACES = 8, MANY = 4000 };
static uint16_t off[MANY];

static void prepare(void)
{
    t_restart(1024 * 1024);
    ouro_gc_disable();
    list = ouro_list_new();
    dict = ouro_dict_new();
    set = ouro_set_new();
}

/* With so much memory for the tables.  No call is from the place of the last one.  Where nothing
 * has a place any more, up to a tenth more is looked at. */
static void many_calls(size_t bytes)
{
    const uint32_t most = bytes < sizeof memory ? ALLOCATION + ALLOCATION / 8 : ALLOCATION;
    uint32_t longest = 0, sum = 0, all = 0;
    bool is_within = true;
    for (unsigned is_traced = 0; is_traced < 2; is_traced++) {
        prepare();
        if (is_traced) T_EQ(ouro_tracemalloc_start(1, memory, bytes), 0);
        for (unsigned i = 0; i < MANY; i++) {
            call_fn *here = kinds[i % KINDS][i / KINDS % PLACES];
            begin();
            bool has_worked = here(i);
            uint32_t spent = end();
            if (!has_worked) T_CHECK(has_worked);
            if (!is_traced) off[i] = (uint16_t)spent;
            if (!is_traced || added == 0 || i < KINDS) continue;
            is_within &= spent <= off[i] + most * added + RELEASE * removed;
            uint32_t each = (spent - off[i]) / added;
            if (removed == 0 && each > longest) longest = each;
            if (removed == 0) sum += spent - off[i], all += added;
        }
    }
    struct ouro_tracemalloc_stats stats;
    ouro_tracemalloc_get_stats(&stats);
    t_note("an allocation", sum / all);
    t_note("at most", longest);
    t_note("tracebacks lost", stats.lost_sites);
    t_note("blocks lost", stats.lost_blocks);
    T_CHECK(is_within && longest <= most);
}

static void many_places(void)
{
    if (is_measured()) many_calls(sizeof memory);
}
static void full_tables(void)
{
    if (!is_measured()) return;
    for (size_t bytes = 2048; bytes < sizeof memory; bytes *= 2) many_calls(bytes);
}

/* Where in struct heap is what tracing asks for: for tests/image/test_tracing.py. */
static void offsets_are_told(void)
{
#define TELL(name, field)                                                                          \
    __asm__ volatile(".globl tracing_" name "\n\t.set tracing_" name                               \
                     ", %c0" ::"i"(offsetof(struct heap, field)))
    TELL("caller", caller);
    TELL("tracer", tracer);
    T_CHECK(ouro_heap->tracer == NULL);
}

static const struct t_test tests[] = {
    T_TEST(every_operation), T_TEST(every_site_is_the_programs), T_TEST(many_places),
    T_TEST(full_tables),     T_TEST(offsets_are_told),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
