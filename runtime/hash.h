/* SPDX-License-Identifier: MIT
 * hash.h - hashing and equality of what a dict can have as a key. */
#ifndef OURO_RUNTIME_HASH_H
#define OURO_RUNTIME_HASH_H

#include "ouro/core.h"

/* SipHash-1-3 of some bytes, keyed by the heap's seed and a round, folded to 32 bits.
 * J.-P. Aumasson and D. J. Bernstein, "SipHash: a fast short-input PRF", INDOCRYPT 2012. */
uint32_t hash_bytes(const void *bytes, size_t count, uint32_t round);

/* Hash of a key in a round; rounds past 0 serve where 32 bits do not tell keys apart.
 *   returns  false, with TypeError, for a type that cannot be hashed */
bool hash_key(ouro_ref key, uint32_t round, uint32_t *hash);

/* Python's == for keys: no containers, so no recursion and no memory. */
bool keys_equal(ouro_ref a, ouro_ref b);

/* str.c */
uint32_t str_hash(ouro_ref str, uint32_t round);
bool str_equal(ouro_ref a, ouro_ref b);

#endif
