/* SPDX-License-Identifier: MIT
 * blocks.c - blocks and texts at random against an array of what is held.
 *
 * Every block and text is filled with a pattern of its own and checked when it goes, so that an
 * overlap is seen; the validator runs now and then.  Arenas are small enough to be full most of the
 * time: blocks take runs of pages, pools borrow pages of the zone, and both come back.  In the end
 * everything is given back, and a block of nearly the whole arena must fit. */
#include <string.h>

#include "block.h"
#include "ouro.h"
#include "pool.h"
#include "quarantine.h"
#include "t.h"

enum { HELD = 600, STEPS = OURO_CHECK >= 3 ? 5000 : 20000 };

static struct held {
    uint8_t *at;
    uint32_t bytes;
    ouro_ref text; /* NULL: a block */
    uint8_t pattern;
} held[HELD];

static uint32_t state;
static uint32_t below(uint32_t limit)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return (uint32_t)((uint64_t)state * limit >> 32);
}

static bool is_intact(const struct held *it)
{
    for (uint32_t i = 0; i < it->bytes; i++)
        if (it->at[i] != it->pattern) return false;
    return true;
}

static void fill(struct held *it)
{
    it->pattern = (uint8_t)(1 + below(255));
    memset(it->at, it->pattern, it->bytes);
}

/* Mostly small, some large. */
static uint32_t some_bytes(void)
{
    uint32_t limit = 1u << (3 + below(10));
    return 1 + below(limit);
}

static void obtain(struct held *it, uint32_t texts)
{
    char *buffer;
    it->text = NULL;
    if (below(100) < texts) {
        it->bytes = 1 + below(below(8) ? 480 : 1500);
        it->text = ouro_str_alloc(it->bytes, &buffer);
        it->at = it->text ? (uint8_t *)buffer : NULL;
    } else {
        it->bytes = some_bytes();
        it->at = below(8) ? block_take(it->bytes) : ouro_mem_alloc(it->bytes);
    }
    if (it->at) fill(it);
}

static bool drop(struct held *it)
{
    if (!T_CHECK(is_intact(it))) return false;
    if (it->text)
        ouro_decref(it->text);
    else
        block_give(it->at);
    it->at = NULL;
    return true;
}

static bool resize(struct held *it)
{
    uint32_t bytes = some_bytes(), kept = bytes < it->bytes ? bytes : it->bytes;
    uint8_t *at = ouro_mem_resize(it->at, bytes);
    if (!at) return T_CHECK(is_intact(it));
    it->at = at;
    it->bytes = kept;
    if (!T_CHECK(is_intact(it) && block_room(at) >= bytes)) return false;
    it->bytes = bytes;
    fill(it);
    return true;
}

static bool step(uint32_t texts)
{
    struct held *it = &held[below(HELD)];
    if (!it->at) {
        obtain(it, texts);
        return true;
    }
    return it->text || below(3) ? drop(it) : resize(it);
}

static bool is_sound(void)
{
    const char *broken = ouro_diag_verify();
    if (broken) T_TEXT(broken, "sound");
    return !broken;
}

static void run(size_t arena, uint32_t texts)
{
    t_restart(arena);
    memset(held, 0, sizeof held);
    for (uint32_t i = 0; i < STEPS; i++) {
        if (!step(texts) || (i % 64 == 0 && !is_sound())) return;
        if (i % 2048 == 0) texts = below(101); /* the balance shifts */
    }
    for (uint32_t i = 0; i < HELD; i++)
        if (held[i].at && !drop(&held[i])) return;
    (void)ouro_gc_step(UINT32_MAX);
    quarantine_flush();
    pool_trim();
    if (!is_sound()) return;
    T_EQ(heap_used_bytes(ouro_heap), 0);
    size_t most = ((size_t)ouro_heap->arena.pages << PAGE_SHIFT) - 64;
    void *all = block_take(most);
    if (T_CHECK(all != NULL)) block_give(all);
}

static void random_blocks(void)
{
    static const size_t arenas[] = {8192, 12345, 32768, 100000, 300000};
    uint32_t seed = t_seed(), scale = t_scale();
    for (uint32_t round = 0; round < 2 * scale; round++) {
        for (unsigned i = 0; i < T_COUNT(arenas); i++) {
            state = (seed + round * 16) * 2654435761u + i + 1;
            run(arenas[i], round % 2 ? 60 : 10);
        }
    }
}

static const struct t_test tests[] = {
    T_TEST(random_blocks),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
