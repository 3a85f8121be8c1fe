/* SPDX-License-Identifier: MIT
 * hash.c - seeded hashing, so that collisions cannot be chosen from outside. */
#include "hash.h"

#include <string.h>

#include "heap.h"
#include "ouro/types.h"

static uint64_t rotl(uint64_t x, unsigned n) { return x << n | x >> (64 - n); }

static void sip_round(uint64_t v[4])
{
    v[0] += v[1], v[1] = rotl(v[1], 13) ^ v[0], v[0] = rotl(v[0], 32);
    v[2] += v[3], v[3] = rotl(v[3], 16) ^ v[2];
    v[0] += v[3], v[3] = rotl(v[3], 21) ^ v[0];
    v[2] += v[1], v[1] = rotl(v[1], 17) ^ v[2], v[2] = rotl(v[2], 32);
}

uint32_t hash_bytes(const void *bytes, size_t count, uint32_t round)
{
    const uint32_t *seed = ouro_heap->hash_seed;
    uint64_t k0 = (uint64_t)seed[1] << 32 | (seed[0] ^ round);
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

static uint32_t hash_int(int64_t value, uint32_t round)
{
    if (round == 0 && value == (int32_t)value) return mix((uint32_t)value);
    return hash_bytes(&value, sizeof value, round);
}

/* The int that a float equals, if there is one of 64 bits. */
static bool float_is_int(double value, int64_t *whole)
{
    if (!(value >= -9223372036854775808.0 && value < 9223372036854775808.0)) return false;
    *whole = (int64_t)value;
    return (double)*whole == value;
}

bool hash_key(ouro_ref key, uint32_t round, uint32_t *hash)
{
    int64_t whole;
    double real;
    if (ouro_is_immediate(key) && round == 0) {
        *hash = mix((uint32_t)((int32_t)(uint32_t)(uintptr_t)key >> 1));
        return true;
    }
    switch (ouro_type_index(key)) {
    case OURO_TYPE_STR: *hash = str_hash(key, round); return true;
    case OURO_TYPE_BOOL:
    case OURO_TYPE_INT:
        (void)ouro_int_get(key, &whole);
        *hash = hash_int(whole, round);
        return true;
    case OURO_TYPE_FLOAT:
        (void)ouro_float_get(key, &real);
        *hash = float_is_int(real, &whole) ? hash_int(whole, round)
                                           : hash_bytes(&real, sizeof real, round);
        return true;
    case OURO_TYPE_LIST: ouro_error_set(OURO_TYPE_ERROR, "unhashable type: 'list'"); return false;
    case OURO_TYPE_DICT: ouro_error_set(OURO_TYPE_ERROR, "unhashable type: 'dict'"); return false;
    default: *hash = hash_bytes(&key, sizeof key, round); return true; /* identity */
    }
}

static bool is_number(unsigned type)
{
    return type == OURO_TYPE_INT || type == OURO_TYPE_BOOL || type == OURO_TYPE_FLOAT;
}

bool keys_equal(ouro_ref a, ouro_ref b)
{
    if (a == b) return true;
    unsigned x = ouro_type_index(a), y = ouro_type_index(b);
    if (x == OURO_TYPE_STR && y == OURO_TYPE_STR) return str_equal(a, b);
    if (!is_number(x) || !is_number(y)) return false;
    int64_t i, j;
    double real;
    if (x == OURO_TYPE_FLOAT && y == OURO_TYPE_FLOAT) {
        double other;
        return ouro_float_get(a, &real) == 0 && ouro_float_get(b, &other) == 0 && real == other;
    }
    if (y == OURO_TYPE_FLOAT) return keys_equal(b, a);
    if (x == OURO_TYPE_FLOAT)
        return ouro_float_get(a, &real) == 0 && ouro_int_get(b, &j) == 0 &&
               float_is_int(real, &i) && i == j;
    return ouro_int_get(a, &i) == 0 && ouro_int_get(b, &j) == 0 && i == j;
}

int ouro_hash(ouro_ref ref, uint32_t *hash) { return hash_key(ref, 0, hash) ? 0 : -1; }
