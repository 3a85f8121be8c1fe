/* SPDX-License-Identifier: MIT
 * hash.h - hashing and equality of what a dict can have as a key. */
#ifndef OURO_RUNTIME_HASH_H
#define OURO_RUNTIME_HASH_H

#include "heap.h"

/* SipHash-1-3 of some bytes, keyed by the heap's seed, folded to 32 bits.
 * J.-P. Aumasson and D. J. Bernstein, "SipHash: a fast short-input PRF", INDOCRYPT 2012. */
uint32_t hash_bytes(const void *bytes, size_t count);

/* A bijection of 32 bits (the finalizer of MurmurHash3, A. Appleby), keyed: no two immediate ints
 * collide. */
static inline uint32_t hash_mix(uint32_t x)
{
    x ^= ouro_heap->hash_seed[0];
    x = (x ^ x >> 16) * 0x85ebca6bu;
    x = (x ^ x >> 13) * 0xc2b2ae35u;
    return x ^ x >> 16;
}
static inline uint32_t hash_immediate(ouro_ref key)
{
    return hash_mix((uint32_t)((int32_t)(uint32_t)(uintptr_t)key >> 1));
}

/* A hash of an int, the same for every number that equals it. */
uint32_t hash_int(int64_t value);

/* Hash of a key.  O(n) for a tuple of n items.
 *   returns  false, with TypeError for a type that cannot be hashed, or with RuntimeError for one
 *            nested more than 16 levels deep; allocates and collects nothing */
bool hash_key(ouro_ref key, uint32_t *hash);

/* Python's == for keys, identity first.
 *   returns  1, 0, or -1 with an error (RuntimeError if nested more than 16 levels deep, or what
 *            a type's own comparison failed with); allocates and collects nothing */
int keys_equal_slow(ouro_ref a, ouro_ref b);
static inline int keys_equal(ouro_ref a, ouro_ref b)
{
    if (a == b) return 1;
    return ouro_is_immediate(a) && ouro_is_immediate(b) ? 0 : keys_equal_slow(a, b);
}

/* str.c */
uint32_t str_hash(ouro_ref str);
bool str_equal(ouro_ref a, ouro_ref b);

#endif
