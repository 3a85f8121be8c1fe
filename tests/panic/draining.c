/* SPDX-License-Identifier: MIT
 * draining.c - an object that is being drained, its count field a cursor by now, is counted up.
 * expect: use after death: its count fell to 0 before
 * also: ^memory 0x[0-9a-f]{8}: cell at 0x[0-9a-f]{8}, class [0-9]+, [0-9]+ bytes, type [0-9]+ wide
 */
#include "ouro.h"
#include "t.h"

struct wide {
    struct ouro_obj header;
    ouro_ref slot[12];
};
OURO_TYPE_DEFINE(wide_type) = {
    .name = "wide",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct wide),
    .refs = (1u << 12) - 1u,
};

int main(void)
{
    t_restart(SIZE_MAX);
    ouro_ref wide = ouro_obj_new(&wide_type);
    for (unsigned i = 0; i < 12; i++) ((struct wide *)(void *)wide)->slot[i] = ouro_float_new(i);
    ouro_gc_set_budget(1, 5);
    ouro_decref(wide); /* five of its slots are dropped, the rest waits */
    ouro_incref(wide);
    return 0;
}
