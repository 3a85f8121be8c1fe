/* SPDX-License-Identifier: MIT
 * hash.c - seeded hashing, so that collisions cannot be chosen from outside. */
#include "hash.h"

#include "types/ops.h"
#include "walk.h"

static inline uint64_t rotl(uint64_t x, unsigned n) { return x << n | x >> (64 - n); }

struct sip {
    uint64_t v0, v1, v2, v3;
};
__attribute__((always_inline)) static inline void sip_round(struct sip *s)
{
    s->v0 += s->v1, s->v1 = rotl(s->v1, 13) ^ s->v0, s->v0 = rotl(s->v0, 32);
    s->v2 += s->v3, s->v3 = rotl(s->v3, 16) ^ s->v2;
    s->v0 += s->v3, s->v3 = rotl(s->v3, 21) ^ s->v0;
    s->v2 += s->v1, s->v1 = rotl(s->v1, 17) ^ s->v2, s->v2 = rotl(s->v2, 32);
}

/* The next up to 8 bytes, the first in the lowest place. */
static inline uint64_t word_of(const uint8_t *at, size_t left)
{
    uint32_t low = 0, high = 0;
    if (left < 4) {
        for (; left > 0; left--) low = low << 8 | at[left - 1];
        return low;
    }
    __builtin_memcpy(&low, at, 4);
    if (left >= 8) {
        __builtin_memcpy(&high, at + 4, 4);
    } else {
        for (; left > 4; left--) high = high << 8 | at[left - 1];
    }
    return (uint64_t)high << 32 | low;
}

HOT uint32_t hash_bytes(const void *bytes, size_t count)
{
    const uint32_t *seed = ouro_heap->hash_seed;
    uint64_t k0 = (uint64_t)seed[1] << 32 | seed[0];
    uint64_t k1 = (uint64_t)seed[3] << 32 | seed[2];
    struct sip s = {k0 ^ 0x736f6d6570736575u, k1 ^ 0x646f72616e646f6du, k0 ^ 0x6c7967656e657261u,
                    k1 ^ 0x7465646279746573u};
    const uint8_t *at = bytes;
    for (size_t left = count;; left -= 8, at += 8) {
        uint64_t word = word_of(at, left);
        if (left < 8) word |= (uint64_t)count << 56;
        s.v3 ^= word;
        sip_round(&s);
        s.v0 ^= word;
        if (left < 8) break;
    }
    s.v2 ^= 0xff;
    for (int i = 0; i < 3; i++) sip_round(&s);
    uint64_t hash = s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
    return (uint32_t)hash ^ (uint32_t)(hash >> 32);
}

uint32_t hash_int(int64_t value)
{
    if (value == (int32_t)value) return hash_mix((uint32_t)value);
    return hash_bytes(&value, sizeof value);
}

/* ---- objects ---- */

static bool hash_leaf(const struct ouro_ops *ops, ouro_ref key, uint32_t *hash)
{
    if (ops->hash) return ops->hash(key, hash) == 0;
    if (!ops->compare && !ops->next) return ouro_identity_hash(key, hash) == 0;
    error_about(OURO_TYPE_ERROR, "unhashable type: '%T'", key);
    return false;
}

/* Go into a key.  What its hash starts from tells kinds of containers apart. */
static bool enter(struct stack *stack, ouro_ref key)
{
    struct frame *top = stack_push(stack, key, NULL);
    if (top) top->hash = hash_int((intptr_t)ops_of(key));
    return top != NULL;
}

/* Depth first, the hash of those before in each frame. */
static bool hash_items(ouro_ref key, enum stack_kind kind, uint32_t *hash)
{
    struct stack stack;
    stack_init(&stack, kind);
    bool is_good = enter(&stack, key);
    while (is_good) {
        struct frame *top = stack_top(&stack);
        const struct ouro_ops *ops = ops_of(top->container);
        ouro_ref item, ignored;
        if (ops->next(top->container, &top->position, &ignored, &item)) {
            const struct ouro_ops *inner = ops_of(item);
            if (hashes_items(inner)) {
                is_good = enter(&stack, item);
                continue;
            }
            is_good = hash_leaf(inner, item, hash);
        } else {
            *hash = hash_mix(top->hash + (uint32_t)ops->len(top->container));
            stack_pop(&stack);
            if (stack.depth == 0) return true;
            top = stack_top(&stack);
            ops = ops_of(top->container);
        }
        top->hash = ops->hash_mix(top->hash, *hash);
    }
    stack_free(&stack);
    return false;
}

static bool hash_any(ouro_ref key, enum stack_kind kind, uint32_t *hash)
{
    const struct ouro_ops *ops = ops_of(key);
    if (hashes_items(ops)) return hash_items(key, kind, hash);
    return hash_leaf(ops, key, hash);
}

bool hash_key(ouro_ref key, uint32_t *hash)
{
    if (ouro_is_immediate(key)) {
        *hash = hash_immediate(key);
        return true;
    }
    return hash_any(key, STACK_BORROWS, hash);
}

int ouro_hash(ouro_ref ref, uint32_t *hash)
{
    return hash_any(ref, STACK_HOLDS_CONTAINER, hash) ? 0 : -1;
}
