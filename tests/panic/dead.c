/* SPDX-License-Identifier: MIT
 * dead.c - an object that died with the one that held it is dropped before it is freed.
 * expect: use after death: its count fell to 0 before
 * also: ^memory 0x[0-9a-f]{8}: cell at 0x[0-9a-f]{8}, class [0-9]+, .*, type [0-9]+ link, count 0
 */
#include "ouro.h"
#include "t.h"

struct link {
    struct ouro_obj header;
    ouro_ref next;
};
OURO_TYPE_DEFINE(link_type) = {
    .name = "link",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct link),
    .refs = OURO_REF_BIT(struct link, next),
};

int main(void)
{
    t_restart(SIZE_MAX);
    ouro_ref outer = ouro_obj_new(&link_type), inner = ouro_obj_new(&link_type);
    ((struct link *)(void *)outer)->next = inner;
    ouro_gc_set_budget(1, 1);
    ouro_decref(outer); /* one unit: inner is dead now, and waits */
    ouro_decref(inner);
    return 0;
}
