/* SPDX-License-Identifier: MIT
 * tracemalloc.c - what tracing adds to making and dropping an object of two slots, and to a block
 * of C code, in instructions: on average and at most, in a table that is nearly full.
 *
 * The same calls run first with tracing off; the clock's own cost is taken off. */
#include "ouro.h"
#include "t.h"

enum { OBJECTS = 20, ROUNDS = 100, LIVE = 580, MEMORY_BYTES = 4096 };

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

static uint32_t memory[MEMORY_BYTES / 4];
static void *held[OBJECTS], *live[LIVE];
static uint64_t overhead;

struct cost {
    uint32_t sum, longest;
};

static void count(struct cost *cost, uint64_t start)
{
    uint32_t spent = (uint32_t)(ouro_port_instructions() - start - overhead);
    cost->sum += spent;
    if (spent > cost->longest) cost->longest = spent;
}

static void print(const char *name, const struct cost *on, const struct cost *off)
{
    t_print(name);
    t_print(".mean ");
    t_print_int((on->sum - (int64_t)off->sum) / (OBJECTS * ROUNDS));
    t_print(" instructions\n");
    t_print(name);
    t_print(".max ");
    t_print_int((int64_t)on->longest - off->longest);
    t_print(" instructions\n");
}

__attribute__((noinline, noipa)) static void *make(void) { return ouro_obj_new(&pair_type); }
__attribute__((noinline, noipa)) static void *take(void) { return ouro_mem_alloc(40); }
static void drop(void *pair) { ouro_decref(pair); }

struct pattern {
    void *(*obtain)(void);
    void (*release)(void *it);
};

/* The second half of the rounds counts: the first is for pages and for the places of calls. */
static void run(const struct pattern *p, struct cost *obtained, struct cost *released)
{
    *obtained = *released = (struct cost){0};
    for (unsigned round = 0; round < 2 * ROUNDS; round++) {
        if (round == ROUNDS) *obtained = *released = (struct cost){0};
        for (unsigned i = 0; i < OBJECTS; i++) {
            uint64_t start = ouro_port_instructions();
            held[i] = p->obtain();
            count(obtained, start);
        }
        for (unsigned i = 0; i < OBJECTS; i++) {
            uint64_t start = ouro_port_instructions();
            p->release(held[i]);
            count(released, start);
        }
    }
}

int main(void)
{
    static const struct pattern objects = {make, drop}, blocks = {take, ouro_mem_free};
    struct cost off[4], on[4];
    uint64_t start = ouro_port_instructions();
    overhead = ouro_port_instructions() - start;
    t_restart(SIZE_MAX);
    ouro_gc_disable();
    run(&objects, &off[0], &off[1]);
    run(&blocks, &off[2], &off[3]);
    for (unsigned nframe = 1; nframe <= OURO_TRACE_FRAMES; nframe *= 8) {
        struct ouro_tracemalloc_stats stats;
        if (ouro_tracemalloc_start(nframe, memory, sizeof memory) != 0) return 1;
        for (unsigned i = 0; i < LIVE; i++) live[i] = ouro_mem_alloc(24);
        run(&objects, &on[0], &on[1]);
        run(&blocks, &on[2], &on[3]);
        ouro_tracemalloc_get_stats(&stats);
        t_note("lost", stats.lost_blocks);
        print(nframe == 1 ? "trace.alloc/1" : "trace.alloc/8", &on[0], &off[0]);
        print(nframe == 1 ? "trace.release/1" : "trace.release/8", &on[1], &off[1]);
        print(nframe == 1 ? "trace.take/1" : "trace.take/8", &on[2], &off[2]);
        print(nframe == 1 ? "trace.give/1" : "trace.give/8", &on[3], &off[3]);
        for (unsigned i = 0; i < LIVE; i++) ouro_mem_free(live[i]);
    }
    return 0;
}
