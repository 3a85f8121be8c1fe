/* SPDX-License-Identifier: MIT
 * malloc.c - libouro-malloc.a in the place of the C library's malloc: what the standard and POSIX
 * promise, and that it lives in the runtime's arena.  On boards alone: the host has the sanitizers'
 * own malloc. */
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "ouro.h"
#include "t.h"

static size_t used_bytes(void)
{
    struct ouro_mem_stats stats;
    ouro_diag_mem(&stats);
    return stats.used_bytes;
}

static void blocks_are_in_the_arena(void)
{
    uint8_t *block = malloc(1000);
    T_CHECK(block >= ouro_arena_start && block + 1000 <= ouro_arena_end);
    T_CHECK(used_bytes() >= 1000 && malloc_usable_size(block) >= 1000);
    free(block);
    free(NULL);
    T_EQ(used_bytes(), 0);
    T_EQ(malloc_usable_size(NULL), 0);
}

static volatile size_t none; /* which the linters do not know */

static void zero_bytes_are_a_block(void)
{
    void *one = malloc(none), *two = malloc(none);
    T_CHECK(one && two && one != two);
    free(one);
    free(two);
}

static bool is_refused(void *block)
{
    bool is_null = block == NULL;
    free(block);
    return is_null;
}

static void calloc_clears(void)
{
    uint8_t *dirt = malloc(300);
    memset(dirt, 0xff, 300);
    free(dirt);
    uint8_t *block = calloc(30, 10);
    for (unsigned i = 0; i < 300; i++)
        if (!T_EQ(block[i], 0)) break;
    free(block);
    volatile size_t huge = SIZE_MAX / 2;
    T_CHECK(is_refused(calloc(huge, 3)) && is_refused(calloc(huge, 2)) && is_refused(malloc(huge)));
}

static char *resized(char *block, size_t bytes)
{
    char *larger = realloc(block, bytes);
    if (larger) return larger;
    T_CHECK(larger != NULL);
    return block;
}

static void realloc_keeps_what_was_there(void)
{
    char *block = realloc(NULL, 10);
    strcpy(block, "arena");
    void *wall = malloc(10);
    for (size_t bytes = 20; bytes < 100000; bytes *= 3) {
        block = resized(block, bytes);
        T_TEXT(block, "arena");
    }
    block = resized(block, 6);
    T_TEXT(block, "arena");
    volatile size_t huge = SIZE_MAX - 3;
    errno = 0;
    char *larger = realloc(block, huge);
    free(wall);
    T_CHECK(larger == NULL && errno == ENOMEM);
    if (larger) return;
    T_TEXT(block, "arena");
    free(block);
    T_EQ(used_bytes(), 0);
}

static void realloc_grows_in_place(void)
{
    char *next = malloc(500), *block = malloc(100), *wall = malloc(10); /* downwards */
    free(next);
    char *larger = resized(block, 300), *smaller = resized(larger, 50);
    T_CHECK(smaller == block || OURO_CHECK >= 3); /* where what was freed waits in quarantine */
    free(wall);
    free(smaller);
}

static void alignment_is_kept(void)
{
    void *blocks[40];
    for (unsigned i = 0; i < T_COUNT(blocks); i++) {
        size_t alignment = (size_t)1 << i % 13;
        blocks[i] = i & 1u ? memalign(alignment, 1 + i * 7) : aligned_alloc(alignment, 1 + i * 7);
        T_CHECK(blocks[i] && (uintptr_t)blocks[i] % alignment == 0);
        T_EQ((uintptr_t)blocks[i] % 8, 0);
        memset(blocks[i], (int)i, 1 + i * 7);
        T_CHECK(ouro_diag_verify() == NULL);
    }
    for (unsigned i = 0; i < T_COUNT(blocks); i++) free(blocks[(i * 17) % 40]);
    T_EQ(used_bytes(), 0);
}

static void is_refused_with(void *block, int error)
{
    int was = errno;
    T_CHECK(is_refused(block));
    T_EQ(was, error);
    errno = 0;
}

/* Alignments that are no powers of 2, and sizes that are none. */
static void nonsense_is_refused(void)
{
    volatile size_t odd = 24, most = SIZE_MAX;
    errno = 0;
    is_refused_with(memalign(odd, 8), EINVAL);
    is_refused_with(memalign(none, 8), EINVAL);
    is_refused_with(aligned_alloc(most, 8), EINVAL);
    is_refused_with(memalign(most / 2 + 1, 8), ENOMEM);
    is_refused_with(aligned_alloc(64, most - 64), ENOMEM);
    is_refused_with(memalign(8, most), ENOMEM);
    is_refused_with(malloc(most - 11), ENOMEM);
    is_refused_with(calloc(most / 2 + 1, 2), ENOMEM);
    is_refused_with(calloc(most, 1), ENOMEM);
    is_refused_with(realloc(NULL, most), ENOMEM);
    T_EQ(used_bytes(), 0);
}

/* All that malloc_usable_size() promises. */
static void what_is_usable_may_be_written(void)
{
    for (size_t bytes = none; bytes < 300; bytes++) {
        uint8_t *block = malloc(bytes), *other = malloc(bytes);
        T_CHECK(malloc_usable_size(block) >= bytes);
        memset(block, 0x5a, malloc_usable_size(block));
        T_CHECK(ouro_diag_verify() == NULL);
        free(other);
        free(block);
    }
    T_EQ(used_bytes(), 0);
}

/* The larger block that an aligned one is cut from is no peak; what was one before stays. */
static void alignment_is_no_peak(void)
{
    struct ouro_mem_stats stats;
    void *block = memalign(4096, 16);
    ouro_diag_mem(&stats);
    T_EQ(stats.peak_bytes, stats.used_bytes);
    T_CHECK(stats.used_bytes < 64);
    free(malloc(1000));
    size_t peak = 1000 + stats.used_bytes;
    void *other = memalign(256, 40);
    ouro_diag_mem(&stats);
    T_CHECK(stats.peak_bytes >= peak && stats.peak_bytes < peak + 64);
    free(block);
    free(other);
    block = malloc(3000);
    ouro_diag_mem(&stats);
    T_EQ(stats.peak_bytes, stats.used_bytes);
    free(block);
    T_EQ(used_bytes(), 0);
}

static bool is_hole_used(size_t bytes)
{
    void *block = memalign(64, bytes);
    free(block);
    return block != NULL;
}

/* Even where what was freed before waits in quarantine. */
static void alignment_finds_what_was_freed(void)
{
    t_restart(16384);
    void *block = malloc(12000);
    T_CHECK(block && !is_hole_used(8000));
    free(block);
    T_CHECK(is_hole_used(8000));
}

/* C code drives no cycle, but a running cycle learns what it took. */
static void the_collector_keeps_pace(void)
{
    ouro_ref list = ouro_list_new();
    T_EQ(ouro_list_append(list, list), 0);
    ouro_decref(list);
    T_CHECK(ouro_gc_start(2));
    enum ouro_gc_phase phase = ouro_gc_get_phase();
    for (unsigned i = 0; i < 100; i++) free(malloc(1000));
    T_EQ(ouro_gc_get_phase(), phase);
    while (ouro_gc_get_phase() != OURO_GC_IDLE) ouro_decref(ouro_float_new(0.5));
    T_EQ(used_bytes(), 0);
}

static size_t traced_bytes(void)
{
    struct ouro_tracemalloc_stats stats;
    ouro_tracemalloc_get_stats(&stats);
    return stats.traced_bytes;
}

/* Empty pages that pools keep are not lost to blocks. */
static void spare_pages_are_memory(void)
{
    enum { ARENA = 64 * 1024, LARGE = ARENA / 8 * 5, MANY = ARENA / 2 / 16 };
    t_restart(ARENA);
    ouro_ref list = ouro_list_new();
    for (unsigned i = 0; i < MANY; i++) {
        ouro_ref item = ouro_float_new(i);
        T_EQ(ouro_list_append(list, item), 0);
        ouro_decref(item);
    }
    T_CHECK(is_refused(malloc(LARGE)) && errno == ENOMEM);
    ouro_decref(list);
    ouro_gc_collect(2);
    list = ouro_list_new();
    for (unsigned i = 0; i < MANY; i++) {
        ouro_ref item = ouro_float_new(i);
        T_EQ(ouro_list_append(list, item), 0);
        ouro_decref(item);
    }
    while (ouro_list_len(list) > 0) ouro_xdecref(ouro_list_pop(list, -1));
    void *block = malloc(LARGE);
    T_CHECK(block != NULL);
    free(block);
    ouro_decref(list);
    T_EQ(used_bytes(), 0);
    t_restart(SIZE_MAX);
}

__attribute__((noinline, noipa)) static void *take(size_t bytes)
{
    void *block = malloc(bytes);
    T_CHECK(block != NULL);
    return block;
}

/* What was taken before is not, and given back as ever. */
static void blocks_are_traced(void)
{
    static uint32_t memory[1024];
    uint32_t frames[OURO_TRACE_FRAMES], state = t_seed();
    void *blocks[40], *older[4];
    for (unsigned i = 0; i < T_COUNT(older); i++) older[i] = malloc(100);
    for (unsigned i = 0; i < T_COUNT(blocks); i++) blocks[i] = NULL;
    free(older[0]);
    size_t before = used_bytes();
    T_EQ(ouro_tracemalloc_start(1, memory, sizeof memory), 0);
    for (unsigned turn = 0; turn < 2000; turn++) {
        state = state * 1664525u + 1013904223u;
        unsigned i = (state >> 8) % T_COUNT(blocks), bytes = 1 + (state >> 16) % 600;
        if (state >> 30 == 0) {
            blocks[i] = realloc(blocks[i], bytes);
        } else {
            free(blocks[i]);
            blocks[i] = state >> 30 == 1 ? memalign(64, bytes) : calloc(1, bytes);
        }
        if (!T_CHECK(blocks[i]) || !T_EQ(traced_bytes(), used_bytes() - before)) break;
    }
    void *block = take(40);
    T_EQ(ouro_tracemalloc_get_object_traceback(block, frames), 1);
    T_CHECK(frames[0] - (uint32_t)(uintptr_t)take < 64);
    free(block);
    for (unsigned i = 0; i < T_COUNT(blocks); i++) free(blocks[i]);
    T_EQ(traced_bytes(), 0);
    free(older[1]);
    block = malloc(200);
    ouro_tracemalloc_stop();
    free(older[2]);
    free(block);
    free(older[3]);
    T_EQ(used_bytes(), 0);
}

static const struct t_test tests[] = {
    T_TEST(blocks_are_in_the_arena),
    T_TEST(zero_bytes_are_a_block),
    T_TEST(calloc_clears),
    T_TEST(realloc_keeps_what_was_there),
    T_TEST(realloc_grows_in_place),
    T_TEST(alignment_is_kept),
    T_TEST(nonsense_is_refused),
    T_TEST(what_is_usable_may_be_written),
    T_TEST(alignment_is_no_peak),
    T_TEST(alignment_finds_what_was_freed),
    T_TEST(the_collector_keeps_pace),
    T_TEST(spare_pages_are_memory),
    T_TEST(blocks_are_traced),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
