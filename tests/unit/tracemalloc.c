/* SPDX-License-Identifier: MIT
 * tracemalloc.c - tracing beyond what CPython's tests ask: every byte accounted for, tables that
 * are too small, calls that the collector makes, what it costs, and the checker of its tables. */
#include "tracemalloc.h"

#include <string.h>

#include "invariant.h"
#include "object.h"
#include "ouro.h"
#include "t.h"

enum { MEMORY_BYTES = 32 * 1024, FAR = 256, TRACES = 256 };

static uint32_t memory[MEMORY_BYTES / 4];
static struct ouro_tracemalloc_stats stats;

static void start(unsigned nframe, size_t bytes)
{
    T_EQ(ouro_tracemalloc_start(nframe, memory, bytes), 0);
}
static void look(void) { ouro_tracemalloc_get_stats(&stats); }

static size_t used_bytes(void)
{
    struct ouro_mem_stats mem;
    ouro_diag_mem(&mem);
    return mem.used_bytes;
}

/* The newest frame of a block or object; 0: not recorded. */
static uint32_t site_of(const void *object)
{
    uint32_t frames[OURO_TRACE_FRAMES];
    return ouro_tracemalloc_get_object_traceback(object, frames) ? frames[0] : 0;
}
static bool is_in(uint32_t frame, uintptr_t function) { return frame - (uint32_t)function < FAR; }

/* ---- sums ---- */

/* Random calls of all kinds: what is traced is what the arena spends, to the byte. */
static void every_byte_is_accounted_for(void)
{
    enum { SLOTS = 64, TURNS = 3000 };
    static void *blocks[SLOTS];
    uint32_t state = t_seed();
    size_t before = used_bytes();
    memset(blocks, 0, sizeof blocks);
    start(2, sizeof memory);
    ouro_ref list = ouro_list_new(), dict = ouro_dict_new();
    for (unsigned turn = 0; turn < TURNS; turn++) {
        state = state * 1664525u + 1013904223u;
        unsigned i = (state >> 8) % SLOTS, bytes = 1 + (state >> 14) % 900;
        ouro_ref key = ouro_int_new((int)i), value;
        switch (state >> 29) {
        case 0: value = ouro_list_new(); break;
        case 1: value = ouro_float_new(1.5); break;
        case 2: value = ouro_str_alloc(bytes, &(char *){NULL}); break;
        default: value = NULL; break;
        }
        if (value) {
            T_EQ(ouro_dict_set(dict, key, value), 0);
            T_EQ(ouro_list_append(list, value), 0);
            ouro_decref(value);
        } else if (state >> 29 == 3) {
            (void)ouro_dict_del(dict, key);
            ouro_error_clear();
        } else if (state >> 29 == 4) {
            if (ouro_list_len(list)) ouro_xdecref(ouro_list_pop(list, -1));
        } else {
            void *block = ouro_mem_resize(blocks[i], bytes);
            if (T_CHECK(block != NULL)) blocks[i] = block;
        }
        look();
        if (!T_EQ(stats.traced_bytes, used_bytes() - before)) break;
    }
    T_EQ(stats.lost_blocks, 0);
    T_EQ(stats.lost_sites, 0);
    T_CHECK(stats.peak_bytes >= stats.traced_bytes && stats.sites > 4);
    T_CHECK(trace_verify() == NULL);
    for (unsigned i = 0; i < SLOTS; i++) ouro_mem_free(blocks[i]);
    ouro_decref(list);
    ouro_decref(dict);
    (void)ouro_gc_collect(2);
    look();
    T_EQ(stats.traced_bytes, used_bytes() - before);
}

/* What the collector frees is forgotten, too. */
static void garbage_is_forgotten(void)
{
    start(1, sizeof memory);
    for (unsigned i = 0; i < 100; i++) {
        ouro_ref list = ouro_list_new();
        T_EQ(ouro_list_append(list, list), 0);
        ouro_decref(list);
    }
    look();
    T_CHECK(stats.blocks >= 100);
    (void)ouro_gc_collect(2);
    look();
    T_EQ(stats.blocks, 0);
    T_EQ(stats.traced_bytes, 0);
}

/* Blocks from before are none of its business, nor are those that live on after it. */
static void starts_and_stops_at_any_time(void)
{
    void *older = ouro_mem_alloc(100);
    ouro_ref list = ouro_list_new();
    start(1, sizeof memory);
    T_EQ(site_of(older), 0);
    older = ouro_mem_resize(older, 200);
    ouro_mem_free(older);
    ouro_decref(list);
    void *block = ouro_mem_alloc(100);
    list = ouro_list_new();
    ouro_tracemalloc_stop();
    T_EQ(site_of(block), 0);
    ouro_mem_free(block);
    start(1, sizeof memory);
    ouro_decref(list);
    look();
    T_EQ(stats.blocks, 0);
    T_EQ(stats.peak_bytes, 0);
}

/* ---- resizing ---- */

__attribute__((noinline, noipa)) static void *resize(void *block, size_t bytes)
{
    void *resized = ouro_mem_resize(block, bytes);
    T_CHECK(resized != NULL);
    return resized;
}

static void a_resized_block_is_the_resizing_calls(void)
{
    start(1, sizeof memory);
    void *block = ouro_mem_alloc(100);
    T_CHECK(!is_in(site_of(block), (uintptr_t)resize));
    for (size_t bytes = 200; bytes >= 20; bytes /= 3) {
        block = resize(block, bytes);
        T_CHECK(is_in(site_of(block), (uintptr_t)resize));
        look();
        T_EQ(stats.blocks, 1);
        T_CHECK(stats.traced_bytes >= bytes && stats.traced_bytes < bytes + 40);
    }
    size_t traced = stats.traced_bytes;
    T_CHECK(ouro_mem_resize(block, (size_t)1 << 30) == NULL);
    ouro_error_clear();
    look();
    T_EQ(stats.traced_bytes, traced);
}

/* ---- too little memory ---- */

static void what_does_not_fit_is_counted(void)
{
    enum { BLOCKS = 400 };
    static void *blocks[BLOCKS];
    T_EQ(ouro_tracemalloc_start(1, memory, 1023), -1);
    T_EQ(ouro_error_get(NULL), OURO_MEMORY_ERROR);
    ouro_error_clear();
    start(1, 1024);
    for (unsigned i = 0; i < BLOCKS; i++) blocks[i] = ouro_mem_alloc(16);
    look();
    T_EQ(stats.blocks + stats.lost_blocks, BLOCKS);
    T_CHECK(stats.block_limit < BLOCKS && stats.blocks > stats.block_limit * 8 / 10);
    T_CHECK(trace_verify() == NULL);
    for (unsigned i = 0; i < BLOCKS; i++) ouro_mem_free(blocks[i]);
    look();
    T_EQ(stats.traced_bytes, 0);
}

/* As if calls came from so many places. */
static void take_from(uint32_t places, void **blocks)
{
    static uintptr_t stack[2];
    for (uint32_t i = 0; i < places; i++) {
        blocks[i] = block_take(16);
        stack[0] = 0x10001u + 8u * i;
        ouro_heap->caller = &stack[1];
        trace_add(blocks[i], block_bytes(blocks[i]));
    }
}

static void calls_without_a_place_are_unknown(void)
{
    enum { PLACES = 100 };
    static void *blocks[PLACES];
    struct ouro_snapshot snapshot;
    static struct ouro_trace traces[TRACES];
    start(1, 1024);
    take_from(PLACES, blocks);
    look();
    T_EQ(stats.blocks, PLACES);
    T_CHECK(stats.sites <= stats.site_limit && stats.site_limit < PLACES);
    T_EQ(stats.sites + stats.lost_sites, PLACES);
    T_EQ(ouro_tracemalloc_take_snapshot(&snapshot, traces, TRACES), 0);
    T_EQ(snapshot.count, stats.sites + 1);
    T_EQ(traces[0].frames[0], 0);
    T_EQ(traces[0].count, stats.lost_sites);
    T_CHECK(trace_verify() == NULL);

    uint32_t lost = stats.lost_sites;
    for (unsigned i = 0; i < PLACES; i++) ouro_mem_free(blocks[i]);
    take_from(TRACE_PROBES, blocks); /* places that nobody needs any more are used again */
    look();
    T_EQ(stats.lost_sites, lost);
    T_CHECK(trace_verify() == NULL);
    for (unsigned i = 0; i < TRACE_PROBES; i++) ouro_mem_free(blocks[i]);
}

/* ---- whose call it was ---- */

static void *kept;
__attribute__((noinline, noipa)) static void finalize(ouro_ref self)
{
    (void)self;
    kept = ouro_mem_alloc(24);
    T_CHECK(kept != NULL);
}
struct last_words {
    struct ouro_obj header;
    ouro_ref other;
};
OURO_TYPE_DEFINE(last_words_type) = {
    .name = "last_words",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct last_words),
    .refs = OURO_REF_BIT(struct last_words, other),
    .finalize = finalize,
};

__attribute__((noinline, noipa)) static ouro_ref make_while_collecting(void)
{
    ouro_ref list = ouro_list_new();
    T_CHECK(list != NULL);
    return list;
}

/* A finalizer that runs within a call allocates for itself. */
static void finalizers_have_sites_of_their_own(void)
{
    enum { MOST = 20000 };
    start(1, sizeof memory);
    kept = NULL;
    ouro_ref cycle = ouro_obj_new(&last_words_type);
    ((struct last_words *)(void *)cycle)->other = ouro_own(cycle);
    ouro_decref(cycle);
    ouro_ref made = NULL;
    for (unsigned i = 0; i < MOST && !kept; i++) {
        ouro_xdecref(made);
        made = make_while_collecting();
        if (ouro_gc_get_phase() == OURO_GC_IDLE) (void)ouro_gc_start(2);
    }
    if (!T_CHECK(kept != NULL)) return;
    T_CHECK(is_in(site_of(kept), (uintptr_t)finalize));
    T_CHECK(is_in(site_of(made), (uintptr_t)make_while_collecting));
}

__attribute__((noinline, noipa)) static ouro_ref fill(void)
{
    ouro_ref dict = ouro_dict_new(), key = ouro_str_from("a key longer than an immediate");
    for (int i = 0; i < 40; i++) T_EQ(ouro_dict_set(dict, ouro_int_new(i), key), 0);
    ouro_decref(key);
    return dict;
}

/* Hidden nodes and all: no trace is of a call inside the runtime. */
static void no_trace_is_of_the_runtimes_own_calls(void)
{
    static struct ouro_trace traces[TRACES];
    struct ouro_snapshot snapshot;
    if (strcmp(ouro_port_board, "host") == 0) {
        t_skip("the host does not know which code is the runtime's");
        return;
    }
    start(4, sizeof memory);
    ouro_ref dict = fill(), copy = ouro_dict_copy(dict), set = ouro_set_new();
    T_EQ(ouro_set_update(set, dict), 0);
    T_EQ(ouro_tracemalloc_take_snapshot(&snapshot, traces, TRACES), 0);
    for (size_t i = 0; i < snapshot.count; i++) {
        uint32_t frame = traces[i].frames[0];
        uintptr_t here = (uintptr_t)no_trace_is_of_the_runtimes_own_calls;
        if (!T_CHECK(is_in(frame, (uintptr_t)fill) || frame - (uint32_t)here < 2 * FAR))
            t_note("frame", frame);
    }
    ouro_decref(set);
    ouro_decref(copy);
    ouro_decref(dict);
}

__attribute__((noinline, noipa)) static void update_one(ouro_ref set, ouro_ref items)
{
    T_EQ(ouro_set_update(set, items), 0);
}
__attribute__((noinline, noipa)) static void update_other(ouro_ref set, ouro_ref items)
{
    T_EQ(ouro_set_update(set, items), 0);
    T_CHECK(ouro_set_len(set) > 0);
}

/* Two calls that allocate at the same place in the runtime. */
static void calls_through_the_same_code_are_told_apart(void)
{
    enum { ITEMS = 40 };
    static struct ouro_trace traces[TRACES];
    struct ouro_snapshot snapshot;
    uint32_t one = 0, other = 0;
    if (strcmp(ouro_port_board, "host") == 0) {
        t_skip("the host does not know which code is the runtime's");
        return;
    }
    ouro_ref list = ouro_list_new(), set = ouro_set_new(), copy = ouro_set_new();
    for (int i = 0; i < ITEMS; i++) T_EQ(ouro_list_append(list, ouro_int_new(i)), 0);
    start(1, sizeof memory);
    update_one(set, list);
    update_other(copy, list);
    T_EQ(ouro_tracemalloc_take_snapshot(&snapshot, traces, TRACES), 0);
    for (size_t i = 0; i < snapshot.count; i++) {
        uint32_t behind_one = traces[i].frames[0] - (uint32_t)(uintptr_t)update_one;
        uint32_t behind_other = traces[i].frames[0] - (uint32_t)(uintptr_t)update_other;
        *(behind_one < behind_other ? &one : &other) += traces[i].bytes;
    }
    look();
    T_CHECK(one > 0);
    T_EQ(one, other);
    T_EQ(one + other, stats.traced_bytes);
    ouro_decref(copy);
    ouro_decref(set);
    ouro_decref(list);
}

/* ---- cost ---- */

/* An allocation with tracing on, less the same with it off: 300 instructions at most. */
static void one_frame_costs_300_instructions_at_most(void)
{
    enum { OBJECTS = 500, MOST = 300 };
    static ouro_ref held[OBJECTS];
    uint64_t spent[2] = {0, 0}, longest[2] = {0, 0};
    if (strcmp(ouro_port_board, "host") == 0 || OURO_CHECK >= 2) {
        t_skip("counted on boards, at CHECK=0 and 1");
        return;
    }
    ouro_gc_disable();
    for (unsigned on = 0; on < 2; on++) {
        if (on) start(1, 4096);
        for (unsigned i = 0; i < 2 * OBJECTS; i++) {
            if (i == OBJECTS) spent[on] = longest[on] = 0;
            if (i >= OBJECTS) ouro_decref(held[i - OBJECTS]);
            uint64_t begin = ouro_port_instructions();
            held[i % OBJECTS] = ouro_list_new();
            uint64_t took = ouro_port_instructions() - begin;
            spent[on] += took;
            if (took > longest[on]) longest[on] = took;
        }
        for (unsigned i = 0; i < OBJECTS; i++) ouro_decref(held[i]);
    }
    t_note("off", (int64_t)(spent[0] / OBJECTS));
    t_note("on", (int64_t)(spent[1] / OBJECTS));
    t_note("longest", (int64_t)longest[1]);
    T_CHECK(spent[1] - spent[0] <= (uint64_t)MOST * OBJECTS);
    T_CHECK(longest[1] - longest[0] <= MOST);
}

/* ---- invariants ---- */

static bool is_intact(void) { return t_is_intact(ouro_diag_verify()); }
static bool names(const char *id) { return t_names(ouro_diag_verify(), id); }

static void broken_tables_are_noticed(void)
{
    start(1, sizeof memory);
    ouro_ref list = ouro_list_new(), other = make_while_collecting();
    struct tracer *t = ouro_heap->tracer;
    uint32_t *word = t->blocks, *free_word = NULL;
    while (!*word) word++;
    for (uint32_t *at = t->blocks; !free_word; at += TRACE_BUCKET)
        if (!*at && (at - t->blocks) / TRACE_BUCKET != (word - t->blocks) / TRACE_BUCKET)
            free_word = at;
    struct trace_site *site = trace_site(t, *word >> TRACE_SITE_SHIFT);
    is_intact();
    T_BREAK("T1", *word, *word + 64);
    T_BREAK("T2", *free_word, *word);
    T_BREAK("T3", site->bytes, site->bytes + 8);
    T_BREAK("T3", site->count, site->count + 1);
    T_BREAK("T4", t->stats.traced_bytes, t->stats.traced_bytes + 8);
    T_BREAK("T4", t->stats.blocks, t->stats.blocks - 1);
    ouro_decref(other);
    ouro_decref(list);
}

static const struct t_test tests[] = {
    T_TEST(every_byte_is_accounted_for),
    T_TEST(garbage_is_forgotten),
    T_TEST(starts_and_stops_at_any_time),
    T_TEST(a_resized_block_is_the_resizing_calls),
    T_TEST(what_does_not_fit_is_counted),
    T_TEST(calls_without_a_place_are_unknown),
    T_TEST(finalizers_have_sites_of_their_own),
    T_TEST(no_trace_is_of_the_runtimes_own_calls),
    T_TEST(calls_through_the_same_code_are_told_apart),
    T_TEST(one_frame_costs_300_instructions_at_most),
    T_TEST(broken_tables_are_noticed),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
