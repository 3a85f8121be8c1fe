/* SPDX-License-Identifier: MIT
 * object.c - what making and dropping an object of two slots costs, in instructions.
 *
 * The common path is the mean over objects that come from their class's current page; the longest
 * is searched for while pages are filled, emptied, taken and given back in every order, with the
 * collector off, so that nothing but the allocator is measured.  The clock's own cost is taken off,
 * and a loop of known length is counted by the same clock. */
#include "ouro/gc.h"
#include "ouro/port.h"
#include "ouro/types.h"
#include "t.h"

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
    uint64_t start = ouro_port_instructions();
    overhead = since(start);
    uint32_t turns = 100000;
    start = ouro_port_instructions();
    __asm__ volatile("1: subs %0, %0, #1\n\tbne 1b" : "+r"(turns) : : "cc");
    print("clock.loop", since(start) - (uint32_t)overhead);
}

static void fast(void)
{
    enum { ROUNDS = 100, CELLS = 8 }; /* of one page */
    uint32_t made = 0, dropped = 0;
    for (unsigned i = 0; i < CELLS; i++) held[i] = ouro_obj_new(&pair_type);
    for (unsigned i = 0; i < CELLS; i++) ouro_decref(held[i]);
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (unsigned i = 0; i < CELLS; i++) {
            uint64_t start = ouro_port_instructions();
            held[i] = ouro_obj_new(&pair_type);
            made += since(start) - (uint32_t)overhead;
        }
        for (unsigned i = 0; i < CELLS; i++) {
            uint64_t start = ouro_port_instructions();
            ouro_decref(held[i]);
            dropped += since(start) - (uint32_t)overhead;
        }
    }
    print("alloc.fast", made / (ROUNDS * CELLS));
    print("release.fast", dropped / (ROUNDS * CELLS));
}

static void worst(void)
{
    uint32_t longest[2] = {0}, state = 1, other = 0;
    for (unsigned i = 0; i < MANY; i++) held[i] = NULL;
    for (unsigned turn = 0; turn < TURNS; turn++) {
        state = state * 1664525u + 1013904223u;
        unsigned i = (turn / 20000) % 3 == 0 ? turn % MANY : (state >> 8) % MANY;
        const struct ouro_type *type = state >> 28 == 0 ? &triple_type : &pair_type;
        uint64_t start = ouro_port_instructions();
        bool is_made = !held[i];
        if (is_made)
            held[i] = ouro_obj_new(type);
        else
            ouro_decref(held[i]);
        uint32_t spent = since(start) - (uint32_t)overhead;
        if (is_made && !held[i]) continue;
        if (!is_made && other != turn && ouro_is_immediate(held[i])) continue;
        if (!is_made) held[i] = NULL;
        if (spent > longest[!is_made]) longest[!is_made] = spent;
    }
    print("alloc.max", longest[0]);
    print("release.max", longest[1]);
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
