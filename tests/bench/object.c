/* SPDX-License-Identifier: MIT
 * object.c - what making and dropping an object of two slots costs, in instructions.
 *
 * The common path is the mean over objects that come from their class's current page, dropped while
 * they hold nothing, and while they hold two references (release.two).  The longest is searched for
 * while pages are filled, emptied, taken and given back in every order, with objects of three slots
 * in between, and the collector off, so that nothing but the allocator is measured.  The clock's
 * own cost is taken off, and a loop of known length is counted by the same clock. */
#include "ouro/gc.h"
#include "ouro/port.h"
#include "ouro/types.h"
#include "pair.h"
#include "t.h"

struct triple {
    struct ouro_obj header;
    ouro_ref first, second, third;
};
OURO_TYPE_DEFINE(triple_type) = {
    .name = "triple",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct triple),
    .refs = 7,
};

enum { MANY = 4000, TURNS = 60000 };

static ouro_ref held[MANY];
static uint64_t overhead;

static uint32_t since(uint64_t start) { return (uint32_t)(ouro_port_instructions() - start); }

static void print(const char *name, uint32_t value)
{
    t_print(name);
    t_print(" ");
    t_print_int(value);
    t_print(" instructions\n");
}

/* Two instructions a turn, by design of the loop. */
static void check_clock(void)
{
    enum { READS = 1000 };
    uint64_t start;
    overhead = READS / 2;
    for (unsigned i = 0; i < READS; i++) {
        start = ouro_port_instructions();
        overhead += since(start);
    }
    overhead /= READS;
    uint32_t turns = 100000;
    start = ouro_port_instructions();
    __asm__ volatile("1: subs %0, %0, #1\n\tbne 1b" : "+r"(turns) : : "cc");
    print("clock.loop", since(start) - (uint32_t)overhead);
}

/* Sums over many calls, since the clock's own cost is a fraction of a tick off in a single one. */
static void fast(void)
{
    enum { ROUNDS = 100, CELLS = 8, CALLS = ROUNDS * CELLS }; /* cells of one page */
    uint32_t made = CALLS / 2, dropped = CALLS / 2, lowered = CALLS / 2;
    ouro_ref shared = ouro_obj_new(&triple_type);
    for (unsigned i = 0; i < CELLS; i++) held[i] = ouro_obj_new(&pair_type);
    for (unsigned i = 0; i < CELLS; i++) ouro_decref(held[i]);
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (unsigned i = 0; i < CELLS; i++) {
            uint64_t start = ouro_port_instructions();
            uint32_t empty = since(start);
            start = ouro_port_instructions();
            held[i] = ouro_obj_new(&pair_type);
            made += since(start) - empty;
        }
        for (unsigned i = 0; i < CELLS; i++) {
            uint64_t start = ouro_port_instructions();
            uint32_t empty = since(start);
            start = ouro_port_instructions();
            ouro_decref(held[i]);
            dropped += since(start) - empty;
        }
        for (unsigned i = 0; i < CELLS; i++) {
            struct pair *pair = (struct pair *)(held[i] = ouro_obj_new(&pair_type));
            pair->first = ouro_own(shared);
            pair->second = ouro_own(shared);
        }
        for (unsigned i = 0; i < CELLS; i++) {
            uint64_t start = ouro_port_instructions();
            uint32_t empty = since(start);
            start = ouro_port_instructions();
            ouro_decref(held[i]);
            lowered += since(start) - empty;
        }
    }
    print("alloc.fast", made / CALLS);
    print("release.fast", dropped / CALLS);
    print("release.two", lowered / CALLS);
    ouro_decref(shared);
}

/* Instructions of one call, for held[i]. */
static uint32_t make_two(unsigned i)
{
    uint64_t start = ouro_port_instructions();
    ouro_ref o = ouro_obj_new(&pair_type);
    uint32_t spent = since(start);
    held[i] = o;
    return spent - (uint32_t)overhead;
}
static uint32_t make_three(unsigned i)
{
    uint64_t start = ouro_port_instructions();
    ouro_ref o = ouro_obj_new(&triple_type);
    uint32_t spent = since(start);
    held[i] = o;
    return spent - (uint32_t)overhead;
}
static uint32_t drop(unsigned i)
{
    ouro_ref o = held[i];
    held[i] = NULL;
    uint64_t start = ouro_port_instructions();
    ouro_decref(o);
    return since(start) - (uint32_t)overhead;
}

static void worst(void)
{
    uint32_t longest[2][2] = {{0}}, state = 1;
    for (unsigned i = 0; i < MANY; i++) held[i] = NULL;
    for (unsigned turn = 0; turn < TURNS; turn++) {
        state = state * 1664525u + 1013904223u;
        unsigned i = (turn / 20000) % 3 == 0 ? turn % MANY : (state >> 8) % MANY;
        bool is_made = !held[i];
        bool is_two = is_made ? state >> 28 != 0 : ouro_type_of(held[i]) == &pair_type;
        uint32_t spent = !is_made ? drop(i) : is_two ? make_two(i) : make_three(i);
        if (is_made && !held[i]) continue;
        if (spent > longest[is_two][is_made]) longest[is_two][is_made] = spent;
    }
    print("alloc.max", longest[1][1]);
    print("release.max", longest[1][0]);
    print("alloc.max.three", longest[0][1]);
    print("release.max.three", longest[0][0]);
}

int main(void)
{
    t_restart(SIZE_MAX);
    check_clock();
    ouro_gc_disable();
    fast();
    worst();
    return 0;
}
