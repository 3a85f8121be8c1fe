/* SPDX-License-Identifier: MIT
 * truth.c - what a method of the program's answered, taken as yes or no. */
#include "types/ops.h"

int truth(ouro_ref answer)
{
    if (!answer) return -1;
    int64_t number = 1; /* what is no number counts as true */
    unsigned type = ouro_type_index(answer);
    if (type == OURO_TYPE_NONE) number = 0;
    if (type == OURO_TYPE_INT || type == OURO_TYPE_BOOL) (void)ouro_int_get(answer, &number);
    ouro_decref(answer);
    return number != 0;
}
