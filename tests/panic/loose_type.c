/* SPDX-License-Identifier: MIT
 * loose_type.c - an object of a type that is not in the type table.
 * expect: a type must be defined with OURO_TYPE_DEFINE */
#include "ouro.h"
#include "t.h"

static const struct ouro_type loose = {.name = "loose", .index = OURO_TYPE_USER, .size_bytes = 16};

int main(void)
{
    t_restart(SIZE_MAX);
    ouro_obj_new(&loose);
    return 0;
}
