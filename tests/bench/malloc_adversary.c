/* SPDX-License-Identifier: MIT
 * malloc_adversary.c - the longest single malloc() and free() in patterns that are meant to hurt.
 *
 * Each pattern fills an arena with blocks of one size or of mixed sizes, frees every second one
 * upwards, downwards or at random, asks for what fits nowhere and for what fits only at the end,
 * fills again and frees all.  The clock's own cost is taken off. */
#include <stdlib.h>

#include "ouro/core.h"
#include "ouro/diag.h"
#include "ouro/port.h"
#include "t.h"

enum { MOST_BLOCKS = 65536, MALLOC = 0, FREE = 1 };

static const uint16_t sizes[] = {1, 12, 13, 100, 509, 2000, 0}; /* 0: mixed */
static void **held;                                             /* behind the arena */
static uint32_t count, state, most[2];
static uint64_t overhead;

static uint32_t below(uint32_t limit)
{
    state = state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)state * limit >> 32);
}

static void note(unsigned what, uint64_t start, uint64_t end)
{
    uint32_t spent = (uint32_t)(end - start - overhead);
    if (spent > most[what]) most[what] = spent;
}

static void *obtain(size_t bytes)
{
    uint64_t start = ouro_port_instructions();
    void *block = malloc(bytes);
    note(MALLOC, start, ouro_port_instructions());
    return block;
}

static void drop(uint32_t i)
{
    uint64_t start = ouro_port_instructions();
    free(held[i]);
    note(FREE, start, ouro_port_instructions());
    held[i] = NULL;
}

static void fill(size_t bytes)
{
    void *block;
    while (count < MOST_BLOCKS && (block = obtain(bytes ? bytes : 1 + below(1u << below(12)))))
        held[count++] = block;
}

static void free_every_second(unsigned order)
{
    for (uint32_t i = 0; i < count / 2; i++) {
        uint32_t at = order == 0 ? 2 * i : order == 1 ? (count - 1 - 2 * i) : below(count);
        if (held[at]) drop(at);
    }
}

static void run(size_t arena, size_t bytes, unsigned order)
{
    if (ouro_init(ouro_arena_start, arena) != 0) ouro_port_exit(1);
    count = 0;
    fill(bytes);
    free_every_second(order);
    for (size_t more = 8; more < 2 * arena; more *= 2) {
        void *block = obtain(bytes + more);
        if (block) held[count++] = block;
    }
    fill(bytes + 5);
    fill(0);
    for (uint32_t i = 0; i < count; i++)
        if (held[i]) drop(i);
    const char *broken = ouro_diag_verify();
    if (!broken) return;
    t_print(broken);
    ouro_port_exit(1);
}

static void print(const char *name, const char *arena, uint32_t value)
{
    t_print("adversary.max/");
    t_print(name);
    t_print(arena);
    t_print_int(value);
    t_print(" instructions\n");
}

static void measure(size_t arena, const char *name)
{
    most[MALLOC] = most[FREE] = 0;
    for (unsigned i = 0; i < T_COUNT(sizes); i++)
        for (unsigned order = 0; order < 3; order++) run(arena, sizes[i], order);
    print("malloc", name, most[MALLOC]);
    print("free", name, most[FREE]);
}

int main(void)
{
    uint64_t start = ouro_port_instructions();
    overhead = ouro_port_instructions() - start;
    state = t_seed();
    held = (void **)(void *)(ouro_arena_start + 8u * 1024 * 1024);
    measure((size_t)64 * 1024, "/64K ");
    measure((size_t)1024 * 1024, "/1M ");
    return 0;
}
