/* SPDX-License-Identifier: MIT
 * double_release.c - the last reference is dropped twice.
 * expect 0: use after free: a reference to a freed object */
#include "ouro.h"
#include "t.h"

int main(void)
{
    t_restart(SIZE_MAX);
    ouro_ref list = ouro_list_new();
    ouro_decref(list);
    ouro_decref(list);
    return 0;
}
