/* SPDX-License-Identifier: MIT
 * levels.c - what each checking level costs: the same calls, in an image of each level.
 *
 * Pairs (two references, 16 bytes) are made and dropped in batches that a page holds, blocks of 40
 * bytes are taken and given back, the collector at rest; the clock's own cost is taken off.  The
 * number of the level ends the name. */
#include <stdlib.h>

#include "ouro.h"
#include "pair.h"
#include "t.h"

enum { ROUNDS = 50, BATCH = 20, BLOCK_BYTES = 40 };

static void *held[BATCH];
static uint64_t overhead;

static void print(const char *name, uint64_t value, const char *unit)
{
    t_print(name);
    t_print_int(OURO_CHECK);
    t_print(" ");
    t_print_int((int64_t)value);
    t_print(unit);
}

static size_t used_bytes(void)
{
    struct ouro_mem_stats stats;
    ouro_diag_mem(&stats);
    return stats.used_bytes;
}

static void *make(void) { return ouro_obj_new(&pair_type); }
static void drop(void *pair) { ouro_decref(pair); }
static void *take(void) { return malloc(BLOCK_BYTES); }

struct pattern {
    void *(*obtain)(void);
    void (*release)(void *it);
    const char *obtained, *released, *bytes;
};

/* Twice, since the first time is for the pages. */
static void measure(const struct pattern *pattern)
{
    uint64_t spent[2] = {0, 0};
    size_t before = used_bytes(), used = 0;
    for (unsigned round = 0; round < 2 * ROUNDS; round++) {
        if (round == ROUNDS) spent[0] = spent[1] = 0;
        uint64_t start = ouro_port_instructions();
        for (unsigned i = 0; i < BATCH; i++) held[i] = pattern->obtain();
        spent[0] += ouro_port_instructions() - start - overhead;
        used = used_bytes() - before;
        start = ouro_port_instructions();
        for (unsigned i = 0; i < BATCH; i++) pattern->release(held[i]);
        spent[1] += ouro_port_instructions() - start - overhead;
    }
    print(pattern->obtained, spent[0] / (ROUNDS * BATCH), " instructions\n");
    print(pattern->released, spent[1] / (ROUNDS * BATCH), " instructions\n");
    print(pattern->bytes, used / BATCH, " bytes\n");
}

int main(void)
{
    static const struct pattern patterns[] = {
        {make, drop, "level.alloc/", "level.free/", "level.bytes_per_object/"},
        {take, free, "level.malloc/", "level.mfree/", "level.bytes_per_block/"},
    };
    uint64_t start = ouro_port_instructions();
    overhead = ouro_port_instructions() - start;
    t_restart(SIZE_MAX);
    ouro_gc_disable();
    for (unsigned i = 0; i < T_COUNT(patterns); i++) measure(&patterns[i]);
    return 0;
}
