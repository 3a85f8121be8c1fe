/* SPDX-License-Identifier: MIT
 * overwritten.c - a freed object is written to; its cell is refused when it is handed out again.
 * expect: a free cell was written to */
#include "ouro.h"
#include "quarantine.h"
#include "t.h"

int main(void)
{
    t_restart(SIZE_MAX);
    ouro_ref list = ouro_list_new(), kept = ouro_list_new();
    ouro_decref(list);
    quarantine_flush();
    list->count_flags += OURO_COUNT_ONE;
    ouro_ref next = ouro_list_new();
    return next == kept;
}
