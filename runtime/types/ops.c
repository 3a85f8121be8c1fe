/* SPDX-License-Identifier: MIT
 * ops.c - the operations of types that have none of their own, and of those with an identity. */
#include "types/ops.h"

#include "hash.h"

OURO_COLD_FILE

const struct ouro_ops no_ops = {0};

int ouro_identity_compare(ouro_ref self, ouro_ref other, enum ouro_op op)
{
    return op == OURO_EQ ? self == other : OURO_NOT_IMPLEMENTED;
}

int ouro_identity_hash(ouro_ref self, uint32_t round, uint32_t *hash)
{
    *hash = hash_bytes(&self, sizeof self, round);
    return 0;
}
