/* SPDX-License-Identifier: MIT
 * storm.c - a timer interrupt at 10 kHz of virtual time posts messages, while the main loop makes
 * objects of them, drops cycles, and takes blocks from the same pool.  SCALE=10: a million
 * messages.
 *
 * Message n is n itself, a text that depends on n, and a checksum; every other one lies in a block
 * of the pool, whose address alone is posted.  A block says which message it holds, so that one
 * handed out twice is noticed. */
#include <string.h>

#include "ouro.h"
#include "t.h"

enum {
    MESSAGES = 100000,
    DIGITS = 4,
    TEXT_MOST = 8,
    OWN_BLOCKS = 3,
    WINDOW = 61, /* strings that the main loop keeps */
};

struct block {
    uint32_t number, bytes;
    char text[TEXT_MOST + 2 * DIGITS];
};

/* While a cycle runs, the main loop falls behind: there is room for so many messages. */
struct plan {
    uint32_t nanoseconds; /* from one message to the next */
    size_t pool_bytes, text_bytes, address_bytes;
};
static const struct plan plan_10_khz = {100000, 24 * 1024, 16 * 1024, 4 * 1024};
static const struct plan plan_500_hz = {2000000, 1000, 512, 128};

static struct ouro_isr_pool pool;
static struct ouro_mailbox texts, addresses;
static volatile uint32_t posted, limit;

/* ---- messages ---- */

/* Six bits a digit. */
static void put_number(char *out, uint32_t value)
{
    for (unsigned i = 0; i < DIGITS; i++, value >>= 6) out[i] = (char)('0' + (value & 63u));
}

static uint32_t checksum(const char *text, size_t bytes)
{
    uint32_t sum = 2166136261u;
    for (size_t i = 0; i < bytes; i++) sum = (sum ^ (uint8_t)text[i]) * 16777619u;
    return sum >> (32 - 6 * DIGITS);
}

/* Message n; returns its length. */
static size_t compose(char *out, uint32_t n)
{
    uint32_t bytes = DIGITS, more = n * 2654435761u >> 16;
    put_number(out, n);
    for (uint32_t i = more % TEXT_MOST; i > 0; i--) out[bytes++] = (char)(0x20 + i);
    put_number(out + bytes, checksum(out, bytes));
    return bytes + DIGITS;
}

static uint32_t get_number(const char *text)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < DIGITS; i++) value |= (uint32_t)(text[i] - '0') << 6 * i;
    return value;
}

static bool is_intact(const char *text, size_t bytes, uint32_t n)
{
    return bytes >= 2u * DIGITS && get_number(text) == n &&
           get_number(text + bytes - DIGITS) == checksum(text, bytes - DIGITS);
}

/* ---- the handler ---- */

static void post_text(uint32_t n)
{
    char text[TEXT_MOST + 2 * DIGITS];
    ouro_mailbox_post(&texts, text, compose(text, n));
}

static void post_block(uint32_t n)
{
    struct block *block = ouro_isr_pool_alloc(&pool), *other = ouro_isr_pool_alloc(&pool);
    ouro_isr_pool_free(&pool, other);
    if (!block) return; /* the pool has counted it */
    block->number = n;
    block->bytes = (uint32_t)compose(block->text, n);
    ouro_mailbox_post(&addresses, &block, sizeof(struct block *));
}

static void tick(void)
{
    uint32_t n = posted;
    if (n == limit) return;
    if (n % 2 == 0)
        post_text(n);
    else
        post_block(n);
    posted = n + 1;
}

/* ---- the main loop ---- */

static ouro_ref window[WINDOW];
static uint32_t corrupt, taken;

/* A string is kept for a while, and now and then becomes part of a cycle. */
static void keep(ouro_ref str, uint32_t n)
{
    if (!str) {
        corrupt++;
        return;
    }
    if (n % 8 == 0) {
        ouro_ref list = ouro_list_new();
        ouro_list_append(list, str);
        ouro_list_append(list, list);
        ouro_decref(list);
    }
    ouro_put(&window[n % WINDOW], str);
}

static void take_text(void)
{
    size_t bytes;
    ouro_ref str = ouro_mailbox_take_str(&texts);
    const char *text = str ? ouro_str_bytes(str, &bytes) : NULL;
    corrupt += !text || !is_intact(text, bytes, taken);
    keep(str, taken++);
}

static void take_block(void)
{
    struct block *block;
    ouro_mailbox_take(&addresses, &block, sizeof(struct block *));
    corrupt += block->number != taken || !is_intact(block->text, block->bytes, taken);
    keep(ouro_str_new(block->text, block->bytes), taken++);
    ouro_isr_pool_free(&pool, block);
}

/* Blocks of the main loop's own, at any moment of the handler's. */
static void use_pool(void)
{
    struct block *own[OWN_BLOCKS];
    for (uint32_t i = 0; i < OWN_BLOCKS; i++) {
        own[i] = ouro_isr_pool_alloc(&pool);
        own[i]->number = ~i;
    }
    for (uint32_t i = 0; i < OWN_BLOCKS; i++) {
        corrupt += own[i]->number != ~i;
        ouro_isr_pool_free(&pool, own[i]);
    }
}

static void run(uint32_t messages)
{
    corrupt = taken = posted = 0;
    limit = messages;
    while (taken < messages && corrupt == 0) {
        if (taken == posted)
            use_pool();
        else if (taken % 2 == 0)
            take_text();
        else
            take_block();
    }
}

/* Virtual nanoseconds of an instruction: what the emulator is started with. */
static uint32_t instructions_of(uint32_t nanoseconds)
{
    return nanoseconds / (strcmp(ouro_port_board, "virt") == 0 ? 16u : 64u);
}

/* Small boards have no room for what piles up at 10 kHz, and checks may take most of the time. */
static const struct plan *choose_plan(void)
{
    struct ouro_mem_stats mem;
    ouro_diag_mem(&mem);
    return mem.arena_bytes < 64 * 1024 || OURO_CHECK >= 2 ? &plan_500_hz : &plan_10_khz;
}

static void no_message_is_lost_or_corrupt(void)
{
    struct ouro_isr_pool_stats stats;
    struct ouro_gc_stats gc;
    uint32_t messages = MESSAGES * t_scale();
    const struct plan *plan = choose_plan();
    uint32_t period = instructions_of(plan->nanoseconds);
    void *pool_memory = ouro_mem_alloc(plan->pool_bytes);
    void *text_ring = ouro_mem_alloc(plan->text_bytes);
    void *address_ring = ouro_mem_alloc(plan->address_bytes);
    ouro_isr_pool_init(&pool, pool_memory, plan->pool_bytes, sizeof(struct block));
    ouro_mailbox_init(&texts, text_ring, plan->text_bytes);
    ouro_mailbox_init(&addresses, address_ring, plan->address_bytes);

    ouro_port_every(period, tick);
    uint64_t before = ouro_port_instructions();
    run(messages);
    uint64_t instructions = ouro_port_instructions() - before;
    ouro_port_every(0, NULL);

    T_EQ(corrupt, 0);
    T_EQ(taken, messages);
    T_EQ(ouro_mailbox_refused(&texts) + ouro_mailbox_refused(&addresses), 0);
    ouro_isr_pool_get_stats(&pool, &stats);
    T_EQ(stats.refusals, 0);
    ouro_gc_get_stats(&gc);
    T_CHECK(gc.collections[0] > messages / 10000);
    t_note("messages", taken);
    t_note("instructions from one to the next", (int64_t)(instructions / taken));
    t_note("pool, peak", stats.peak);
    t_note("collections", gc.collections[0]);
    uint64_t spread = instructions / taken + 2 - period;
    T_CHECK(spread <= 4); /* the handler did run as often as that */

    for (unsigned i = 0; i < WINDOW; i++) ouro_put(&window[i], NULL);
    ouro_gc_collect(2);
    ouro_mem_free(pool_memory);
    ouro_mem_free(text_ring);
    ouro_mem_free(address_ring);
    struct ouro_mem_stats mem;
    ouro_diag_mem(&mem);
    T_EQ(mem.used_bytes, 0);
}

static const struct t_test tests[] = {T_SMALL(no_message_is_lost_or_corrupt)};

int main(void) { return t_run(tests, T_COUNT(tests)); }
