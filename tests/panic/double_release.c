/* SPDX-License-Identifier: MIT
 * double_release.c - the last reference is dropped twice.
 * expect 0: use after free: a reference to a freed object
 * also 0: ^memory 0x[0-9a-f]{8}: free cell at 0x[0-9a-f]{8}, class [0-9]+, [0-9]+ bytes
 */
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
