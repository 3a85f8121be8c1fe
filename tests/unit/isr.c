/* SPDX-License-Identifier: MIT
 * isr.c - the pool of blocks and the mailboxes that handlers use, without interrupts; with them:
 * tests/interrupt. */
#include <string.h>

#include "ouro.h"
#include "t.h"

/* ---- the pool ---- */

enum { BLOCKS = 40, BLOCK_BYTES = 20 };

static uint64_t pool_memory[(OURO_ISR_POOL_BYTES(BLOCKS, BLOCK_BYTES) + 7) / 8];
static struct ouro_isr_pool pool;
static struct ouro_isr_pool_stats stats;

static bool start_pool(void)
{
    size_t bytes = OURO_ISR_POOL_BYTES(BLOCKS, BLOCK_BYTES);
    return T_EQ(ouro_isr_pool_init(&pool, pool_memory, bytes, BLOCK_BYTES), BLOCKS);
}

static void blocks_are_apart_and_hold_what_they_are_asked_for(void)
{
    uint8_t *block[BLOCKS];
    if (!start_pool()) return;
    for (unsigned i = 0; i < BLOCKS; i++) {
        block[i] = ouro_isr_pool_alloc(&pool);
        if (!T_CHECK(block[i] != NULL)) return;
        T_EQ((uintptr_t)block[i] & 7, 0);
        memset(block[i], (int)i, 24); /* rounded up */
    }
    for (unsigned i = 0; i < BLOCKS; i++)
        for (unsigned b = 0; b < 24; b++) T_EQ(block[i][b], i);
    for (unsigned i = 0; i < BLOCKS; i++) ouro_isr_pool_free(&pool, block[i]);
}

static void an_empty_pool_says_no_and_counts_it(void)
{
    void *block[BLOCKS];
    if (!start_pool()) return;
    for (unsigned i = 0; i < BLOCKS; i++) block[i] = ouro_isr_pool_alloc(&pool);
    T_CHECK(ouro_isr_pool_alloc(&pool) == NULL);
    T_CHECK(ouro_isr_pool_alloc(&pool) == NULL);
    ouro_isr_pool_get_stats(&pool, &stats);
    T_EQ(stats.blocks, BLOCKS);
    T_EQ(stats.peak, BLOCKS);
    T_EQ(stats.refusals, 2);
    ouro_isr_pool_free(&pool, block[17]);
    T_CHECK(ouro_isr_pool_alloc(&pool) == block[17]); /* the last one given back comes first */
    for (unsigned i = 0; i < 70000; i++) ouro_isr_pool_alloc(&pool);
    ouro_isr_pool_get_stats(&pool, &stats);
    T_EQ(stats.refusals, 65535);
}

static void the_peak_is_the_most_in_use_at_once(void)
{
    void *block[BLOCKS];
    if (!start_pool()) return;
    for (unsigned most = 1; most <= 7; most += 3) {
        for (unsigned i = 0; i < most; i++) block[i] = ouro_isr_pool_alloc(&pool);
        for (unsigned i = 0; i < most; i++) ouro_isr_pool_free(&pool, block[i]);
        ouro_isr_pool_get_stats(&pool, &stats);
        T_EQ(stats.peak, most);
    }
    for (unsigned i = 0; i < 1000; i++) ouro_isr_pool_free(&pool, ouro_isr_pool_alloc(&pool));
    ouro_isr_pool_free(&pool, NULL);
    ouro_isr_pool_get_stats(&pool, &stats);
    T_EQ(stats.peak, 7);
    T_EQ(stats.refusals, 0);
}

static void a_pool_uses_the_memory_it_is_given_and_no_more(void)
{
    for (size_t bytes = 0; bytes <= sizeof pool_memory; bytes++) {
        uint32_t count = ouro_isr_pool_init(&pool, pool_memory, bytes, 8);
        T_EQ(count, bytes < OURO_ISR_POOL_BYTES(1, 8) ? 0 : (bytes - 2) / 10);
        memset(pool_memory, 0x5a, sizeof pool_memory);
        for (uint8_t *block; (block = ouro_isr_pool_alloc(&pool)) != NULL;) {
            memset(block, 0, 8);
            T_CHECK(block + 8 <= (uint8_t *)pool_memory + bytes);
        }
        for (size_t i = bytes; i < sizeof pool_memory; i++) T_EQ(((uint8_t *)pool_memory)[i], 0x5a);
    }
}

/* ---- the mailbox ---- */

enum { RING_BYTES = 64 };

static struct ouro_mailbox box;
static uint8_t ring[RING_BYTES + 1];

static void start_mailbox(void)
{
    ouro_mailbox_init(&box, ring, RING_BYTES);
    ring[RING_BYTES] = 0x5a;
}

static void messages_come_in_their_order(void)
{
    char buffer[8];
    start_mailbox();
    T_EQ(ouro_mailbox_next(&box), -1);
    T_EQ(ouro_mailbox_take(&box, buffer, sizeof buffer), -1);
    T_CHECK(ouro_mailbox_post(&box, "first", 5));
    T_CHECK(ouro_mailbox_post(&box, "", 0));
    T_CHECK(ouro_mailbox_post(&box, "third one", 9));
    T_EQ(ouro_mailbox_next(&box), 5);
    T_EQ(ouro_mailbox_take(&box, buffer, sizeof buffer), 5);
    T_EQ(memcmp(buffer, "first", 5), 0);
    T_EQ(ouro_mailbox_next(&box), 0);
    ouro_mailbox_drop(&box);
    T_CHECK(ouro_mailbox_post(&box, "", 0));
    T_EQ(ouro_mailbox_next(&box), 9);
    ouro_mailbox_drop(&box);
    T_EQ(ouro_mailbox_take(&box, buffer, sizeof buffer), 0);
    T_CHECK(ouro_mailbox_post(&box, "fourth one", 10));
    T_EQ(ouro_mailbox_take(&box, buffer, sizeof buffer), 10);
    T_EQ(memcmp(buffer, "fourth o", 8), 0);
    ouro_mailbox_drop(&box);
    T_EQ(ouro_mailbox_next(&box), -1);
}

static void a_message_is_posted_whole_or_not_at_all(void)
{
    uint8_t message[RING_BYTES], buffer[RING_BYTES];
    memset(message, 0x77, sizeof message);
    start_mailbox();
    T_CHECK(!ouro_mailbox_post(&box, message, RING_BYTES - 1)); /* the length needs 2 */
    T_EQ(ouro_mailbox_next(&box), -1);
    T_CHECK(ouro_mailbox_post(&box, message, RING_BYTES - 2));
    T_CHECK(!ouro_mailbox_post(&box, "", 0));
    T_EQ(ouro_mailbox_take(&box, buffer, sizeof buffer), RING_BYTES - 2);
    T_EQ(memcmp(buffer, message, RING_BYTES - 2), 0);
    T_EQ(ouro_mailbox_next(&box), -1);
    T_EQ(ouro_mailbox_refused(&box), 2);
    T_CHECK(!ouro_mailbox_post(&box, message, 65536));
    T_EQ(ring[RING_BYTES], 0x5a);
}

/* Every length at every place in the ring, so that the end cuts through everything. */
static void messages_wrap_around_the_end(void)
{
    uint8_t message[RING_BYTES], buffer[RING_BYTES + 1];
    for (size_t offset = 0; offset < RING_BYTES; offset++) {
        for (size_t bytes = 0; bytes <= RING_BYTES - 2; bytes++) {
            start_mailbox();
            box.written = box.taken = (uint32_t)offset - 32u; /* and around 2^32 */
            for (size_t i = 0; i < bytes; i++) message[i] = (uint8_t)(i * 7 + offset);
            buffer[bytes] = 0x5a;
            if (!T_CHECK(ouro_mailbox_post(&box, message, bytes))) return;
            if (!T_EQ(ouro_mailbox_take(&box, buffer, sizeof buffer), bytes)) return;
            if (!T_EQ(memcmp(buffer, message, bytes), 0)) return;
            if (!T_EQ(buffer[bytes] == 0x5a && ring[RING_BYTES] == 0x5a, 1)) return;
        }
    }
}

static void messages_become_strings(void)
{
    size_t bytes;
    for (uint32_t offset = 0; offset < RING_BYTES; offset++) {
        start_mailbox();
        box.written = box.taken = offset;
        ouro_error_clear();
        T_CHECK(ouro_mailbox_take_str(&box) == NULL);
        T_EQ(ouro_error_get(NULL), OURO_NO_ERROR);
        T_CHECK(ouro_mailbox_post(&box, "Félix the cat", 14));
        ouro_ref str = ouro_mailbox_take_str(&box);
        if (!T_CHECK(str != NULL)) return;
        T_TEXT(ouro_str_bytes(str, &bytes), "Félix the cat");
        T_EQ(bytes, 14);
        T_EQ(ouro_mailbox_next(&box), -1);
        ouro_decref(str);
        T_CHECK(ouro_mailbox_post(&box, "\xff?", 2));
        T_CHECK(ouro_mailbox_take_str(&box) == NULL);
        T_EQ(ouro_error_get(NULL), OURO_VALUE_ERROR);
        T_EQ(ouro_mailbox_next(&box), 2); /* still there */
    }
}

static void a_message_waits_until_there_is_memory(void)
{
    char text[40];
    memset(text, 'x', sizeof text);
    t_restart(8 * 1024);
    for (uint32_t offset = 0; offset < RING_BYTES; offset += 8) {
        ouro_ref chain = NULL;
        start_mailbox();
        box.written = box.taken = offset;
        T_CHECK(ouro_mailbox_post(&box, text, sizeof text));
        for (ouro_ref list; (list = ouro_list_new()) != NULL; chain = list)
            if (chain && ouro_list_append(list, chain) == 0) ouro_decref(chain);
        T_CHECK(ouro_mailbox_take_str(&box) == NULL);
        T_EQ(ouro_error_get(NULL), OURO_MEMORY_ERROR);
        T_EQ(ouro_mailbox_next(&box), sizeof text);
        ouro_xdecref(chain);
        t_restart(8 * 1024);
        ouro_ref str = ouro_mailbox_take_str(&box);
        if (T_CHECK(str != NULL)) ouro_decref(str);
    }
}

static const struct t_test tests[] = {
    T_SMALL(blocks_are_apart_and_hold_what_they_are_asked_for),
    T_SMALL(an_empty_pool_says_no_and_counts_it),
    T_SMALL(the_peak_is_the_most_in_use_at_once),
    T_SMALL(a_pool_uses_the_memory_it_is_given_and_no_more),
    T_SMALL(messages_come_in_their_order),
    T_SMALL(a_message_is_posted_whole_or_not_at_all),
    T_SMALL(messages_wrap_around_the_end),
    T_SMALL(messages_become_strings),
    T_SMALL(a_message_waits_until_there_is_memory),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
