/* SPDX-License-Identifier: MIT
 * lists.c - a program of lists and ints: test_image.py looks at what the linker took for it. */
#include "ouro.h"

int main(void)
{
    (void)ouro_init(ouro_arena_start, (size_t)(ouro_arena_end - ouro_arena_start));
    ouro_ref list = ouro_list_new(), sum = ouro_int_new(0), item;
    for (int i = 0; i < 10; i++) (void)ouro_list_append(list, ouro_int_new(i));
    OURO_LIST_FOR(item, list)
    {
        ouro_ref next = ouro_add(sum, item);
        ouro_decref(sum);
        sum = next;
    }
    ouro_decref(list);
    return sum == ouro_int_new(45) ? 0 : 1;
}
