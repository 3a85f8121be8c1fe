/* SPDX-License-Identifier: MIT
 * isr.c - what the functions for interrupt handlers cost, in instructions, call included. */
#include "ouro.h"
#include "t.h"

enum { ROUNDS = 1000, BYTES = 16 };

static uint64_t pool_memory[100];
static uint8_t ring[256];
static struct ouro_isr_pool pool;
static struct ouro_mailbox box;
static uint8_t message[BYTES];

static void nothing(void) {}
static void alloc(void) { ouro_isr_pool_alloc(&pool); }
static void alloc_free(void) { ouro_isr_pool_free(&pool, ouro_isr_pool_alloc(&pool)); }
static void post_drop(void)
{
    ouro_mailbox_post(&box, message, sizeof message);
    ouro_mailbox_drop(&box);
}
static void post_take(void)
{
    ouro_mailbox_post(&box, message, sizeof message);
    ouro_mailbox_take(&box, message, sizeof message);
}

static uint32_t cost(void (*volatile call)(void), uint32_t rounds)
{
    uint64_t before = ouro_port_instructions();
    for (uint32_t i = 0; i < rounds; i++) call();
    return (uint32_t)((ouro_port_instructions() - before) / rounds);
}

static void report(const char *name, uint32_t instructions)
{
    t_print(name);
    t_print(" ");
    t_print_int((int64_t)instructions - cost(nothing, ROUNDS));
    t_print(" instructions\n");
}

int main(void)
{
    ouro_isr_pool_init(&pool, pool_memory, sizeof pool_memory, BYTES);
    ouro_mailbox_init(&box, ring, sizeof ring);
    report("isr.alloc_free", cost(alloc_free, ROUNDS));
    report("isr.alloc_virgin", cost(alloc, pool.count - 1));
    alloc(); /* the last one */
    report("isr.alloc_refused", cost(alloc, ROUNDS));
    report("isr.post_drop_16", cost(post_drop, ROUNDS));
    report("isr.post_take_16", cost(post_take, ROUNDS));
    return 0;
}
