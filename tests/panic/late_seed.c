/* SPDX-License-Identifier: MIT
 * late_seed.c - hashes are seeded when a str may have its hash already.
 * expect 0: hashes are seeded when there are objects */
#include "ouro.h"
#include "t.h"

int main(void)
{
    static const uint32_t seed[4] = {1, 2, 3, 4};
    t_restart(SIZE_MAX);
    ouro_set_hash_seed(seed);
    ouro_decref(ouro_list_new());
    ouro_set_hash_seed(seed);
    return 0;
}
