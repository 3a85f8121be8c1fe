/* SPDX-License-Identifier: MIT
 * dicts.c - a program of a dict from strs to ints: test_image.py looks at what was linked for it.
 */
#include "ouro.h"

int main(void)
{
    (void)ouro_init(ouro_arena_start, (size_t)(ouro_arena_end - ouro_arena_start));
    ouro_ref dict = ouro_dict_new(), key = ouro_intern("answer", 6);
    (void)ouro_dict_set(dict, key, ouro_int_new(42));
    bool is_right = ouro_dict_get(dict, key) == ouro_int_new(42);
    ouro_decref(key);
    ouro_decref(dict);
    return is_right ? 0 : 1;
}
