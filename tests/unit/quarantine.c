/* SPDX-License-Identifier: MIT
 * quarantine.c - what was given back is not handed out again before QUARANTINE others were, unless
 * memory is short; the books do not count it.  At CHECK=3 alone; below, nothing waits. */
#include "quarantine.h"

#include "object.h"
#include "ouro.h"
#include "t.h"

static size_t used_bytes(void) { return heap_used_bytes(ouro_heap); }

static bool is_on(void)
{
    if (OURO_CHECK < 3) t_skip("the quarantine is at CHECK=3");
    return OURO_CHECK >= 3;
}

static void cells_wait(void)
{
    if (!is_on()) return;
    ouro_ref first = ouro_float_new(0.5), kept = ouro_float_new(1.5), others[QUARANTINE];
    size_t used = used_bytes();
    ouro_decref(first);
    T_EQ(used - used_bytes(), pool_cell_bytes[pool_class_for_object(16)]);
    T_EQ(object_count(), 1);
    for (unsigned i = 0; i < QUARANTINE; i++) {
        others[i] = ouro_float_new(i);
        T_CHECK(others[i] != first);
    }
    for (unsigned i = 0; i < QUARANTINE; i++) ouro_decref(others[i]);
    others[0] = ouro_float_new(2.5); /* of a page that they left room on, if not that very cell */
    T_CHECK(ouro_diag_verify() == NULL);
    ouro_decref(others[0]);
    ouro_decref(kept);
    T_EQ(object_count(), 0);
    quarantine_flush();
    T_EQ(used_bytes(), 0);
}

static void blocks_wait(void)
{
    if (!is_on()) return;
    void *wall = ouro_mem_alloc(10), *first = ouro_mem_alloc(100), *other = ouro_mem_alloc(10);
    size_t used = used_bytes(), peak = ouro_heap->peak_bytes;
    ouro_mem_free(first);
    T_CHECK(used_bytes() < used);
    for (unsigned i = 0; i < QUARANTINE; i++) {
        void *block = ouro_mem_alloc(100);
        T_CHECK(block != first);
        ouro_mem_free(block);
        T_CHECK(ouro_diag_verify() == NULL);
    }
    T_EQ(ouro_heap->peak_bytes, peak);
    void *again = ouro_mem_alloc(100);
    T_CHECK(again == first);
    ouro_mem_free(again);
    ouro_mem_free(other);
    ouro_mem_free(wall);
    T_EQ(used_bytes(), 0);
}

static void all_leave_when_memory_is_short(void)
{
    if (!is_on()) return;
    t_restart(32 * 1024);
    void *block = ouro_mem_alloc(20000);
    if (!T_CHECK(block != NULL)) return;
    ouro_mem_free(block);
    block = ouro_mem_alloc(20000);
    if (T_CHECK(block != NULL)) ouro_mem_free(block);
    t_restart(SIZE_MAX);
}

static const struct t_test tests[] = {
    T_TEST(cells_wait),
    T_TEST(blocks_wait),
    T_TEST(all_leave_when_memory_is_short),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
