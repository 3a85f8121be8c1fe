/* SPDX-License-Identifier: MIT
 * hash.c - seeded hashing, so that collisions cannot be chosen from outside. */
#include "hash.h"

#include "types/ops.h"
#include "walk.h"

static uint64_t rotl(uint64_t x, unsigned n) { return x << n | x >> (64 - n); }

static void sip_round(uint64_t v[4])
{
    v[0] += v[1], v[1] = rotl(v[1], 13) ^ v[0], v[0] = rotl(v[0], 32);
    v[2] += v[3], v[3] = rotl(v[3], 16) ^ v[2];
    v[0] += v[3], v[3] = rotl(v[3], 21) ^ v[0];
    v[2] += v[1], v[1] = rotl(v[1], 17) ^ v[2], v[2] = rotl(v[2], 32);
}

uint32_t hash_bytes(const void *bytes, size_t count)
{
    const uint32_t *seed = ouro_heap->hash_seed;
    uint64_t k0 = (uint64_t)seed[1] << 32 | seed[0];
    uint64_t k1 = (uint64_t)seed[3] << 32 | seed[2];
    uint64_t v[4] = {k0 ^ 0x736f6d6570736575u, k1 ^ 0x646f72616e646f6du, k0 ^ 0x6c7967656e657261u,
                     k1 ^ 0x7465646279746573u};
    const uint8_t *at = bytes;
    uint64_t word;
    for (size_t left = count;; left -= 8, at += 8) {
        word = left < 8 ? (uint64_t)count << 56 : 0;
        for (size_t i = 0; i < 8 && i < left; i++) word |= (uint64_t)at[i] << (8 * i);
        v[3] ^= word;
        sip_round(v);
        v[0] ^= word;
        if (left < 8) break;
    }
    v[2] ^= 0xff;
    for (int i = 0; i < 3; i++) sip_round(v);
    uint64_t hash = v[0] ^ v[1] ^ v[2] ^ v[3];
    return (uint32_t)hash ^ (uint32_t)(hash >> 32);
}

/* A bijection of 32 bits (the finalizer of MurmurHash3, A. Appleby), keyed: no two immediate ints
 * collide. */
static uint32_t mix(uint32_t x)
{
    x ^= ouro_heap->hash_seed[0];
    x = (x ^ x >> 16) * 0x85ebca6bu;
    x = (x ^ x >> 13) * 0xc2b2ae35u;
    return x ^ x >> 16;
}

uint32_t hash_int(int64_t value)
{
    if (value == (int32_t)value) return mix((uint32_t)value);
    return hash_bytes(&value, sizeof value);
}

/* ---- objects ---- */

static bool hash_leaf(const struct ouro_ops *ops, ouro_ref key, uint32_t *hash)
{
    if (ops->hash) return ops->hash(key, hash) == 0;
    if (!ops->compare && !ops->next) return ouro_identity_hash(key, hash) == 0;
    ouro_error_format(OURO_TYPE_ERROR, "unhashable type: '%s'", ouro_type_name(key));
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
            *hash = mix(top->hash + (uint32_t)ops->len(top->container));
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
        *hash = mix((uint32_t)((int32_t)(uint32_t)(uintptr_t)key >> 1));
        return true;
    }
    return hash_any(key, STACK_BORROWS, hash);
}

int ouro_hash(ouro_ref ref, uint32_t *hash)
{
    return hash_any(ref, STACK_HOLDS_CONTAINER, hash) ? 0 : -1;
}
