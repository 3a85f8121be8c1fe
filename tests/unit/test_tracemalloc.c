/* SPDX-License-Identifier: MIT
 * test_tracemalloc.c - CPython's Lib/test/test_tracemalloc.py on this runtime; names and assertions
 * are the originals'.
 *
 * A file of the originals is a function here, a line an address in it: a.py:2 is 0xa0002. */
#include <string.h>

#include "ouro.h"
#include "t.h"

enum {
    MEMORY_BYTES = 32 * 1024,
    TRACES = 64,
    A_PY = 0xa0000,
    B_PY = 0xb0000,
    C_PY = 0xc0000,
    FAR = 256, /* bytes of code of a function here, at most */
};

static uint32_t memory[MEMORY_BYTES / 4];

static void set_up(unsigned nframe)
{
    T_EQ(ouro_tracemalloc_start(nframe, memory, sizeof memory), 0);
}

/* ---- allocating ---- */

__attribute__((noinline, noipa)) static void *allocate_bytes(size_t bytes)
{
    void *block = ouro_mem_alloc(bytes);
    T_CHECK(block != NULL);
    return block;
}
__attribute__((noinline, noipa)) static void *allocate_bytes2(size_t bytes)
{
    void *block = allocate_bytes(bytes);
    T_CHECK(block != NULL);
    return block;
}
__attribute__((noinline, noipa)) static void *allocate_bytes3(size_t bytes)
{
    void *block = allocate_bytes2(bytes);
    T_CHECK(block != NULL);
    return block;
}
__attribute__((noinline, noipa)) static void *allocate_bytes4(size_t bytes)
{
    void *block = allocate_bytes3(bytes);
    T_CHECK(block != NULL);
    return block;
}

static bool is_in(uint32_t frame, void *(*function)(size_t))
{
    return frame - (uint32_t)(uintptr_t)function < FAR;
}

static size_t traced(size_t *peak)
{
    size_t current;
    ouro_tracemalloc_get_traced_memory(&current, peak);
    return current;
}

static void test_get_tracemalloc_memory(void)
{
    set_up(1);
    for (int i = 0; i < 1000; i++) (void)allocate_bytes(123);
    size_t size = ouro_tracemalloc_get_tracemalloc_memory();
    T_CHECK(size > 1000 * sizeof(uint32_t) && size <= sizeof memory);
    ouro_tracemalloc_clear_traces();
    size_t size2 = ouro_tracemalloc_get_tracemalloc_memory();
    T_CHECK(size2 > 0 && size2 < size);
    ouro_tracemalloc_stop();
    T_EQ(ouro_tracemalloc_get_tracemalloc_memory(), 0);
}

static void test_get_object_traceback(void)
{
    uint32_t frames[OURO_TRACE_FRAMES];
    set_up(1);
    void *obj = allocate_bytes(12345);
    T_EQ(ouro_tracemalloc_get_object_traceback(obj, frames), 1);
    T_CHECK(is_in(frames[0], allocate_bytes));
    T_EQ(ouro_tracemalloc_get_object_traceback((uint8_t *)obj + 8, frames), 0);
    T_EQ(ouro_tracemalloc_get_object_traceback(OURO_NONE, frames), 0);
    T_EQ(ouro_tracemalloc_get_object_traceback(ouro_int_new(1), frames), 0);
}

__attribute__((noinline, noipa)) static void *make_list(size_t unused)
{
    (void)unused;
    ouro_ref list = ouro_list_new();
    T_CHECK(list != NULL);
    return list;
}

/* The cell of an object that has just died is used again. */
static void test_new_reference(void)
{
    uint32_t frames[OURO_TRACE_FRAMES];
    set_up(1);
    ouro_ref obj = ouro_list_new();
    ouro_ref old = obj;
    T_EQ(ouro_tracemalloc_get_object_traceback(obj, frames), 1);
    T_CHECK(!is_in(frames[0], make_list));
    ouro_decref(obj);
    obj = make_list(0);
    if (OURO_CHECK < 3) T_CHECK(obj == old);
    T_EQ(ouro_tracemalloc_get_object_traceback(obj, frames), 1);
    T_CHECK(is_in(frames[0], make_list));
}

static void test_set_traceback_limit(void)
{
    uint32_t frames[OURO_TRACE_FRAMES];
    T_EQ(ouro_tracemalloc_start(0, memory, sizeof memory), -1);
    T_EQ(ouro_error_get(NULL), OURO_VALUE_ERROR);
    T_EQ(ouro_tracemalloc_start(OURO_TRACE_FRAMES + 1, memory, sizeof memory), -1);
    T_CHECK(!ouro_tracemalloc_is_tracing());
    ouro_error_clear();

    set_up(4);
    T_EQ(ouro_tracemalloc_get_traceback_limit(), 4);
    T_EQ(ouro_tracemalloc_get_object_traceback(allocate_bytes4(10), frames), 4);
    ouro_tracemalloc_stop();
    T_EQ(ouro_tracemalloc_get_traceback_limit(), 1);
    set_up(1);
    T_EQ(ouro_tracemalloc_get_object_traceback(allocate_bytes4(10), frames), 1);
}

/* Two identical tracebacks are kept once, their blocks added up. */
static void test_get_traces_intern_traceback(void)
{
    struct ouro_snapshot snapshot;
    struct ouro_trace traces[TRACES];
    set_up(4);
    for (size_t size = 123; size <= 125; size += 2) (void)allocate_bytes4(size);
    T_EQ(ouro_tracemalloc_take_snapshot(&snapshot, traces, TRACES), 0);
    T_EQ(snapshot.count, 1);
    T_EQ(traces[0].count, 2);
    T_CHECK(traces[0].bytes >= 123 + 125);
    T_CHECK(is_in(traces[0].frames[0], allocate_bytes));
    T_CHECK(is_in(traces[0].frames[1], allocate_bytes2));
    T_CHECK(is_in(traces[0].frames[2], allocate_bytes3));
    T_CHECK(is_in(traces[0].frames[3], allocate_bytes4));
}

static void test_get_traced_memory(void)
{
    enum { OBJ_SIZE = 32 * 1024, MAX_ERROR = 64 };
    size_t peak_size, peak_size2;
    set_up(1);
    void *obj = allocate_bytes(OBJ_SIZE);
    size_t size = traced(&peak_size);
    T_CHECK(size >= OBJ_SIZE && size - OBJ_SIZE <= MAX_ERROR);
    T_EQ(peak_size, size);

    ouro_mem_free(obj);
    T_EQ(traced(&peak_size2), 0);
    T_EQ(peak_size2, peak_size);

    obj = allocate_bytes(OBJ_SIZE);
    ouro_tracemalloc_clear_traces();
    T_EQ(traced(&peak_size), 0);
    T_EQ(peak_size, 0);
    ouro_mem_free(obj);
    T_EQ(traced(&peak_size), 0);

    (void)allocate_bytes(OBJ_SIZE);
    T_CHECK(traced(&peak_size) >= OBJ_SIZE);
    ouro_tracemalloc_stop();
    T_EQ(traced(&peak_size), 0);
    T_EQ(peak_size, 0);
}

static void test_clear_traces(void)
{
    uint32_t frames[OURO_TRACE_FRAMES];
    set_up(1);
    void *obj = allocate_bytes(123);
    T_EQ(ouro_tracemalloc_get_object_traceback(obj, frames), 1);
    ouro_tracemalloc_clear_traces();
    T_EQ(ouro_tracemalloc_get_object_traceback(obj, frames), 0);
}

static void test_reset_peak(void)
{
    enum { OBJ_SIZE = 16 * 1024 };
    size_t peak1, peak2, peak3;
    set_up(1);
    ouro_ref large = ouro_list_new();
    for (int i = 0; i < 1000; i++) T_EQ(ouro_list_append(large, ouro_int_new(i)), 0);
    size_t size1 = traced(&peak1);
    ouro_decref(large);
    while (ouro_gc_step(1000)) {}
    ouro_tracemalloc_reset_peak();
    size_t size2 = traced(&peak2);
    T_CHECK(size1 > size2 && peak2 >= size2 && peak2 < peak1);

    (void)allocate_bytes(OBJ_SIZE);
    size_t size3 = traced(&peak3);
    T_CHECK(peak3 >= size3 && peak3 - peak2 >= OBJ_SIZE);
}

static void test_is_tracing(void)
{
    T_CHECK(!ouro_tracemalloc_is_tracing());
    set_up(1);
    T_CHECK(ouro_tracemalloc_is_tracing());
    ouro_tracemalloc_stop();
    T_CHECK(!ouro_tracemalloc_is_tracing());
    ouro_tracemalloc_stop();
}

static void test_snapshot(void)
{
    struct ouro_snapshot snapshot;
    struct ouro_trace traces[TRACES];
    const char *message;
    set_up(2);
    (void)allocate_bytes(123);
    T_EQ(ouro_tracemalloc_take_snapshot(&snapshot, traces, TRACES), 0);
    T_EQ(snapshot.traceback_limit, 2);
    T_EQ(snapshot.count, 1);
    T_EQ(ouro_tracemalloc_take_snapshot(&snapshot, traces, 0), -1);
    T_EQ(ouro_error_get(NULL), OURO_MEMORY_ERROR);
    T_EQ(snapshot.count, 1);

    ouro_tracemalloc_stop();
    T_EQ(ouro_tracemalloc_take_snapshot(&snapshot, traces, TRACES), -1);
    T_EQ(ouro_error_get(&message), OURO_RUNTIME_ERROR);
    T_TEXT(message, "the tracemalloc module must be tracing memory allocations to take a snapshot");
    ouro_error_clear();
}

/* The oldest frame is not of the runtime, however deep in it the memory was taken. */
static void test_no_incomplete_frames(void)
{
    uint32_t frames[OURO_TRACE_FRAMES];
    set_up(8);
    ouro_ref list = make_list(0);
    unsigned n = ouro_tracemalloc_get_object_traceback(list, frames);
    T_CHECK(n >= 3 && n <= 8);
    T_CHECK(is_in(frames[0], make_list));
    T_CHECK(is_in(frames[1], (void *(*)(size_t))(uintptr_t)test_no_incomplete_frames));
}

/* ---- snapshots that nothing was recorded for ---- */

static const char *name(uint32_t address, uint32_t *start)
{
    static const char *const names[] = {"a.py", "b.py", "c.py"};
    uint32_t file = address >> 16;
    if (file < 0xa || file > 0xc) return NULL;
    *start = file << 16;
    return names[file - 0xa];
}

static struct ouro_trace traces1[] = {
    {30, 3, {A_PY + 2, B_PY + 4}},
    {2, 1, {A_PY + 5, B_PY + 4}},
    {66, 1, {B_PY + 1}},
    {7, 1, {0}},
};
static struct ouro_trace traces2[] = {
    {30, 3, {A_PY + 2, B_PY + 4}},
    {5002, 2, {A_PY + 5, B_PY + 4}},
    {400, 1, {C_PY + 578}},
};
static const struct ouro_snapshot snapshot1 = {2, T_COUNT(traces1), traces1, name};
static const struct ouro_snapshot snapshot2 = {2, T_COUNT(traces2), traces2, name};

static struct ouro_trace_statistic stats[TRACES];

struct expected {
    uint32_t frame, bytes;
    int32_t bytes_diff;
    uint32_t count;
    int32_t count_diff;
};
static void check(int got, const struct expected *want, int count, bool is_difference)
{
    T_EQ(got, count);
    for (int i = 0; i < count && i < got; i++) {
        T_EQ(stats[i].frames[0], want[i].frame);
        T_EQ(stats[i].bytes, want[i].bytes);
        T_EQ(stats[i].count, want[i].count);
        if (!is_difference) continue;
        T_EQ(stats[i].bytes_diff, want[i].bytes_diff);
        T_EQ(stats[i].count_diff, want[i].count_diff);
    }
}
#define STATISTICS(snapshot, group, cumulative, ...)                                               \
    do {                                                                                           \
        static const struct expected want[] = {__VA_ARGS__};                                       \
        check(ouro_tracemalloc_statistics(snapshot, group, cumulative, stats, TRACES), want,       \
              (int)T_COUNT(want), false);                                                          \
    } while (0)
#define COMPARED(group, ...)                                                                       \
    do {                                                                                           \
        static const struct expected want[] = {__VA_ARGS__};                                       \
        check(ouro_tracemalloc_compare_to(&snapshot2, &snapshot1, group, false, stats, TRACES),    \
              want, (int)T_COUNT(want), true);                                                     \
    } while (0)

static void test_snapshot_group_by_line(void)
{
    STATISTICS(&snapshot1, OURO_TRACE_LINE, false, {B_PY + 1, 66, .count = 1},
               {A_PY + 2, 30, .count = 3}, {0, 7, .count = 1}, {A_PY + 5, 2, .count = 1});
    STATISTICS(&snapshot2, OURO_TRACE_LINE, false, {A_PY + 5, 5002, .count = 2},
               {C_PY + 578, 400, .count = 1}, {A_PY + 2, 30, .count = 3});
    COMPARED(OURO_TRACE_LINE, {A_PY + 5, 5002, 5000, 2, 1}, {C_PY + 578, 400, 400, 1, 1},
             {B_PY + 1, 0, -66, 0, -1}, {0, 0, -7, 0, -1}, {A_PY + 2, 30, 0, 3, 0});
}

static void test_snapshot_group_by_file(void)
{
    STATISTICS(&snapshot1, OURO_TRACE_FUNCTION, false, {B_PY, 66, .count = 1},
               {A_PY, 32, .count = 4}, {0, 7, .count = 1});
    STATISTICS(&snapshot2, OURO_TRACE_FUNCTION, false, {A_PY, 5032, .count = 5},
               {C_PY, 400, .count = 1});
    COMPARED(OURO_TRACE_FUNCTION, {A_PY, 5032, 5000, 5, 1}, {C_PY, 400, 400, 1, 1},
             {B_PY, 0, -66, 0, -1}, {0, 0, -7, 0, -1});
}

static void test_snapshot_group_by_traceback(void)
{
    STATISTICS(&snapshot1, OURO_TRACE_STACK, false, {B_PY + 1, 66, .count = 1},
               {A_PY + 2, 30, .count = 3}, {0, 7, .count = 1}, {A_PY + 5, 2, .count = 1});
    STATISTICS(&snapshot2, OURO_TRACE_STACK, false, {A_PY + 5, 5002, .count = 2},
               {C_PY + 578, 400, .count = 1}, {A_PY + 2, 30, .count = 3});
    T_EQ(stats[0].frames[1], B_PY + 4);
    T_EQ(stats[1].frames[1], 0);
    COMPARED(OURO_TRACE_STACK, {A_PY + 5, 5002, 5000, 2, 1}, {C_PY + 578, 400, 400, 1, 1},
             {B_PY + 1, 0, -66, 0, -1}, {0, 0, -7, 0, -1}, {A_PY + 2, 30, 0, 3, 0});
    T_EQ(ouro_tracemalloc_statistics(&snapshot1, OURO_TRACE_STACK, true, stats, TRACES), -1);
    T_EQ(ouro_error_get(NULL), OURO_VALUE_ERROR);
    ouro_error_clear();
}

static void test_snapshot_group_by_cumulative(void)
{
    STATISTICS(&snapshot1, OURO_TRACE_FUNCTION, true, {B_PY, 98, .count = 5},
               {A_PY, 32, .count = 4}, {0, 7, .count = 1});
    STATISTICS(&snapshot1, OURO_TRACE_LINE, true, {B_PY + 1, 66, .count = 1},
               {B_PY + 4, 32, .count = 4}, {A_PY + 2, 30, .count = 3}, {0, 7, .count = 1},
               {A_PY + 5, 2, .count = 1});
    T_EQ(ouro_tracemalloc_statistics(&snapshot1, OURO_TRACE_LINE, true, stats, 5), -1);
    T_EQ(ouro_error_get(NULL), OURO_MEMORY_ERROR);
    ouro_error_clear();
}

/* ---- text ---- */

static char text[256];
static size_t length;
static void write(void *context, const char *piece, size_t bytes)
{
    (void)context;
    memcpy(&text[length], piece, bytes);
    length += bytes;
    text[length] = '\0';
}
static const char *statistic_text(const struct ouro_trace_statistic *s, bool is_difference,
                                  ouro_trace_name_fn *names)
{
    length = 0;
    if (is_difference)
        ouro_tracemalloc_print_difference(s, names, write, NULL);
    else
        ouro_tracemalloc_print_statistic(s, names, write, NULL);
    return text;
}

static void test_statistic_format(void)
{
    ouro_tracemalloc_statistics(&snapshot1, OURO_TRACE_LINE, false, stats, TRACES);
    T_TEXT(statistic_text(&stats[0], false, NULL), "0x000b0001: size=66 B, count=1, average=66 B");
    T_TEXT(statistic_text(&stats[0], false, name),
           "0x000b0001 b.py+0x1: size=66 B, count=1, average=66 B");
    T_TEXT(statistic_text(&stats[2], false, name), "<unknown>:0: size=7 B, count=1, average=7 B");
}

static void test_statistic_diff_format(void)
{
    ouro_tracemalloc_compare_to(&snapshot2, &snapshot1, OURO_TRACE_LINE, false, stats, TRACES);
    T_TEXT(statistic_text(&stats[0], true, name),
           "0x000a0005 a.py+0x5: size=5002 B (+5000 B), count=2 (+1), average=2501 B");
    T_TEXT(statistic_text(&stats[2], true, name),
           "0x000b0001 b.py+0x1: size=0 B (-66 B), count=0 (-1)");
    ouro_tracemalloc_compare_to(&snapshot2, &snapshot1, OURO_TRACE_FUNCTION, false, stats, TRACES);
    T_TEXT(statistic_text(&stats[1], true, name),
           "0x000c0000 c.py: size=400 B (+400 B), count=1 (+1), average=400 B");
}

static void test_format_traceback(void)
{
    length = 0;
    ouro_tracemalloc_print_traceback(traces1[0].frames, name, write, NULL);
    T_TEXT(text, "  0x000b0004 b.py+0x4\n  0x000a0002 a.py+0x2\n");
    length = 0;
    ouro_tracemalloc_print_traceback(traces1[3].frames, name, write, NULL);
    T_TEXT(text, "  <unknown>:0\n");
}

/* ---- filters ---- */

static struct ouro_trace kept[TRACES];
static struct ouro_snapshot filtered = {.traces = kept};

static void test_filter_traces(void)
{
    const struct ouro_trace_filter filter1 = {false, false, "b.py", 0, 0};
    const struct ouro_trace_filter including[] = {
        {true, false, "a.py", A_PY + 2, A_PY + 2},
        {true, false, "a.py", A_PY + 5, A_PY + 5},
    };
    ouro_tracemalloc_filter_traces(&snapshot1, &filter1, 1, &filtered);
    T_EQ(filtered.count, 3);
    T_EQ(kept[0].frames[0], A_PY + 2);
    T_EQ(kept[1].frames[0], A_PY + 5);
    T_EQ(kept[2].frames[0], 0);
    T_EQ(snapshot1.count, 4);
    ouro_tracemalloc_filter_traces(&filtered, including, 2, &filtered);
    T_EQ(filtered.count, 2);
    T_EQ(kept[1].frames[0], A_PY + 5);
    ouro_tracemalloc_filter_traces(&snapshot1, NULL, 0, &filtered);
    T_EQ(filtered.count, snapshot1.count);
    T_CHECK(memcmp(kept, traces1, sizeof traces1) == 0);
}

/* Does the filter let a trace of these frames through? */
static bool passes(bool inclusive, const char *pattern, uint32_t line, bool all_frames,
                   uint32_t frame, uint32_t older)
{
    struct ouro_trace trace = {1, 1, {frame, older}};
    struct ouro_snapshot snapshot = {2, 1, &trace, name};
    const struct ouro_trace_filter filter = {inclusive, all_frames, pattern, line, line};
    ouro_tracemalloc_filter_traces(&snapshot, &filter, 1, &filtered);
    return filtered.count == 1;
}

static void test_filter_match(void)
{
    for (uint32_t line = 0; line <= 10; line += 5) {
        T_CHECK(passes(true, "a.py", 0, false, A_PY + line, 0));
        T_CHECK(!passes(true, "a.py", 0, false, B_PY + line, 0));
        T_CHECK(!passes(false, "a.py", 0, false, A_PY + line, 0));
        T_CHECK(passes(false, "a.py", 0, false, B_PY + line, 0));
        T_EQ(passes(true, "a.py", A_PY + 5, false, A_PY + line, 0), line == 5);
        T_CHECK(!passes(true, "a.py", A_PY + 5, false, B_PY + line, 0));
        T_EQ(passes(false, "a.py", A_PY + 5, false, A_PY + line, 0), line != 5);
        T_CHECK(passes(false, "a.py", A_PY + 5, false, B_PY + line, 0));
    }
}

static void test_filter_match_filename_joker(void)
{
    static const char *const fitting[] = {"a.py", "*", "a*", "a.py*", "a*y", "?.py", "*.*", "**"};
    static const char *const others[] = {"", "a", "b*", "a.pyc*", "a*c", "?py", "*.c", "?????"};
    for (unsigned i = 0; i < T_COUNT(fitting); i++) {
        T_CHECK(passes(true, fitting[i], 0, false, A_PY, 0));
        T_CHECK(!passes(true, others[i], 0, false, A_PY, 0));
    }
}

static void test_filter_match_trace(void)
{
    static const uint32_t t[4][2] = {
        {A_PY + 2, B_PY + 3}, {B_PY + 4, B_PY + 5}, {C_PY + 5, 0}, {0, 0}};
    static const struct {
        bool inclusive, all_frames, want[4];
        const char *pattern;
    } cases[] = {
        {true, true, {true, true, false, false}, "b.py"},
        {true, false, {false, true, false, false}, "b.py"},
        {false, true, {false, false, true, true}, "b.py"},
        {false, false, {true, false, true, true}, "b.py"},
        {false, false, {true, true, true, false}, "<unknown>"},
        {true, true, {false, false, false, true}, "<unknown>"},
        {false, true, {true, true, true, false}, "<unknown>"},
    };
    for (unsigned i = 0; i < T_COUNT(cases); i++)
        for (unsigned n = 0; n < 4; n++)
            T_EQ(passes(cases[i].inclusive, cases[i].pattern, 0, cases[i].all_frames, t[n][0],
                        t[n][1]),
                 cases[i].want[n]);
}

static const struct t_test tests[] = {
    T_TEST(test_get_tracemalloc_memory),
    T_TEST(test_get_object_traceback),
    T_TEST(test_new_reference),
    T_TEST(test_set_traceback_limit),
    T_TEST(test_get_traces_intern_traceback),
    T_TEST(test_get_traced_memory),
    T_TEST(test_clear_traces),
    T_TEST(test_reset_peak),
    T_TEST(test_is_tracing),
    T_TEST(test_snapshot),
    T_TEST(test_no_incomplete_frames),
    T_TEST(test_filter_traces),
    T_TEST(test_snapshot_group_by_line),
    T_TEST(test_snapshot_group_by_file),
    T_TEST(test_snapshot_group_by_traceback),
    T_TEST(test_snapshot_group_by_cumulative),
    T_TEST(test_statistic_format),
    T_TEST(test_statistic_diff_format),
    T_TEST(test_format_traceback),
    T_TEST(test_filter_match),
    T_TEST(test_filter_match_filename_joker),
    T_TEST(test_filter_match_trace),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
