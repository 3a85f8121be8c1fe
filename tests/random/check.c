/* SPDX-License-Identifier: MIT
 * check.c - the integrity check in pieces while a program runs on: it must never complain.
 *
 * Blocks, texts and lists (some in cycles) come and go at random in arenas small enough to be full
 * most of the time, collections run, and between any two operations the check does a piece of
 * random size.  The validator sees from time to time that its pins disturb nobody. */
#include <string.h>

#include "ouro.h"
#include "t.h"

enum { HELD = 500, STEPS = OURO_CHECK >= 3 ? 5000 : 20000 };

static struct held {
    void *block;
    ouro_ref object;
} held[HELD];

static uint32_t state;
static uint32_t below(uint32_t limit)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return (uint32_t)((uint64_t)state * limit >> 32);
}

static uint32_t some_bytes(void)
{
    uint32_t limit = 1u << (3 + below(9));
    return 1 + below(limit);
}

static ouro_ref some_object(void)
{
    char *buffer;
    if (below(2)) return ouro_str_alloc(some_bytes(), &buffer);
    ouro_ref list = ouro_list_new();
    for (uint32_t n = below(20); list && n > 0; n--) {
        const struct held *other = &held[below(HELD)];
        if (ouro_list_append(list, other->object ? other->object : list) < 0) break;
    }
    return list;
}

static void step(void)
{
    struct held *it = &held[below(HELD)];
    if (it->block && below(3) == 0) {
        void *larger = ouro_mem_resize(it->block, some_bytes());
        if (larger) it->block = larger;
    } else if (it->block) {
        ouro_mem_free(it->block);
        it->block = NULL;
    } else if (it->object) {
        ouro_decref(it->object);
        it->object = NULL;
    } else if (below(2)) {
        it->block = ouro_mem_alloc(some_bytes());
    } else {
        it->object = some_object();
    }
    if (below(500) == 0) (void)ouro_gc_collect(2);
    if (below(20) == 0) (void)ouro_gc_step(below(100));
}

static void run(size_t arena)
{
    const char *broken;
    uint32_t passes = 0, most = 1 + below(400);
    t_restart(arena);
    memset(held, 0, sizeof held);
    for (uint32_t i = 0; i < STEPS; i++) {
        step();
        enum ouro_check_status status = ouro_check(1 + below(most), &broken);
        if (status == OURO_CHECK_BROKEN) {
            T_TEXT(broken, "intact");
            return;
        }
        passes += status == OURO_CHECK_PASSED;
        if (i % 512 == 0 && (broken = ouro_diag_verify())) {
            T_TEXT(broken, "intact");
            return;
        }
    }
    t_note("passes", passes);
    T_CHECK(passes > 5);
    for (uint32_t i = 0; i < HELD; i++) {
        ouro_mem_free(held[i].block);
        ouro_xdecref(held[i].object);
    }
    T_CHECK(ouro_gc_collect(2) >= 0);
}

static void the_check_never_complains(void)
{
    static const size_t arenas[] = {8192, 20000, 65536, 200000};
    uint32_t seed = t_seed(), scale = t_scale();
    for (uint32_t round = 0; round < scale; round++) {
        for (unsigned i = 0; i < T_COUNT(arenas); i++) {
            state = (seed + round * 16) * 2654435761u + i + 1;
            run(arenas[i]);
        }
    }
}

static const struct t_test tests[] = {
    T_TEST(the_check_never_complains),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
