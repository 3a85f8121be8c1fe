/* SPDX-License-Identifier: MIT
 * wide_type.c - an object with references that is too large for a pool cell.
 * expect 0: a type with references is too large */
#include "ouro.h"
#include "t.h"

OURO_TYPE_DEFINE(wide_type) = {
    .name = "wide", .index = OURO_TYPE_USER, .size_bytes = 600, .refs = 1};

int main(void)
{
    t_restart(SIZE_MAX);
    ouro_obj_new(&wide_type);
    return 0;
}
