/* SPDX-License-Identifier: MIT
 * use_after_free.c - a reference to a dead object is copied.
 * expect 0: use after free: a reference to a freed object */
#include "ouro.h"
#include "t.h"

int main(void)
{
    t_restart(SIZE_MAX);
    ouro_ref list = ouro_list_new();
    ouro_decref(list);
    ouro_incref(list);
    return 0;
}
