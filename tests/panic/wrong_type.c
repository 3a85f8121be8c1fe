/* SPDX-License-Identifier: MIT
 * wrong_type.c - a dict is used as a list.
 * expect 0: list was expected */
#include "ouro.h"
#include "t.h"

int main(void)
{
    t_restart(SIZE_MAX);
    ouro_list_append(ouro_dict_new(), OURO_NONE);
    return 0;
}
