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
#include "pair.h"
#include "t.h"
#include "unit/oom_operations.h"

enum { MEMORY_BYTES = 32 * 1024, ALLOCATION = 300, RELEASE = 200 };
/* Probing goes by where code lies. */
enum { ALLOCATION_AT_FIRST = 320, ALLOCATION_IN_FULL = 325 };

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

/* ---- every operation ---- */

struct cost {
    uint32_t spent, added, removed;
};

/* The operation for the first time, when the stack is searched for the program's call, and again.
 */
static void measure(const struct operation *operation, bool is_traced, struct cost costs[2])
{
    struct world w = {0};
    t_restart(256 * 1024);
    ouro_gc_disable();
    if (is_traced) T_EQ(ouro_tracemalloc_start(1, memory, sizeof memory), 0);
    for (unsigned round = 0; round < 2; round++) {
        operation->prepare(&w, operation->n);
        begin();
        T_CHECK(operation->run(&w, operation->n));
        costs[round] = (struct cost){end(), added, removed};
    }
    ouro_tracemalloc_stop();
}

static void every_operation(void)
{
    if (!is_measured()) return;
    for (unsigned i = 0; i < T_COUNT(operations); i++) {
        struct cost off[2], on[2];
        measure(&operations[i], false, off);
        measure(&operations[i], true, on);
        for (unsigned round = 0; round < 2; round++) {
            const uint32_t each = round == 0 ? ALLOCATION_AT_FIRST : ALLOCATION;
            uint32_t allowed = each * on[round].added + RELEASE * on[round].removed;
            if (on[round].added == 0) continue;
            T_CHECK(on[round].spent <= off[round].spent + allowed);
            int64_t more = (int64_t)on[round].spent - off[round].spent;
            t_note(operations[i].name,
                   (more - RELEASE * (int64_t)on[round].removed) / on[round].added);
        }
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

__attribute__((noinline, noipa)) static ouro_ref double_here(ouro_ref tuple)
{
    ouro_ref doubled = ouro_tuple_concat(tuple, tuple);
    T_CHECK(doubled != NULL);
    return doubled;
}

/* The runtime calls itself far above its first frame: the program's call is found by and by, and
 * until then it is the runtime's. */
static void deep_calls_are_found(void)
{
    enum { FAR = 64, ROUNDS = 64 };
    if (strcmp(ouro_port_board, "host") == 0) {
        t_skip("the host does not know whose code it is");
        return;
    }
    uint32_t frames[OURO_TRACE_FRAMES], start = (uint32_t)(uintptr_t)ouro_runtime_start;
    unsigned found = 0;
    t_restart(256 * 1024);
    ouro_ref items[10] = {OURO_NONE, OURO_NONE, OURO_NONE, OURO_NONE, OURO_NONE,
                          OURO_NONE, OURO_NONE, OURO_NONE, OURO_NONE, OURO_NONE};
    ouro_ref tuple = ouro_tuple_new(10, items);
    T_EQ(ouro_tracemalloc_start(1, memory, sizeof memory), 0);
    for (unsigned i = 0; i < ROUNDS; i++) {
        ouro_ref doubled = double_here(tuple);
        T_EQ(ouro_tracemalloc_get_object_traceback(doubled, frames), 1);
        bool is_here = frames[0] - (uint32_t)(uintptr_t)double_here < FAR;
        found += is_here;
        if (is_here) continue;
        T_CHECK(found == 0);
        T_CHECK(frames[0] - start < (uint32_t)(uintptr_t)ouro_runtime_end - start);
    }
    t_note("calls until it was found", ROUNDS - found);
    T_CHECK(found > ROUNDS / 2 && found < ROUNDS);
    ouro_tracemalloc_stop();
}

/* ---- many calls, full tables ---- */

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

/* With so much memory for the tables.  No call is from the place of the last one. */
static void many_calls(size_t bytes)
{
    uint32_t longest = 0, sum = 0, all = 0;
    const uint32_t most = bytes < sizeof memory ? ALLOCATION_IN_FULL : ALLOCATION;
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
            if (!is_traced || added == 0) continue;
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
    T_TEST(every_operation),      T_TEST(every_site_is_the_programs),
    T_TEST(deep_calls_are_found), T_TEST(many_places),
    T_TEST(full_tables),          T_TEST(offsets_are_told),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
