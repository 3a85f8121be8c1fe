/* SPDX-License-Identifier: MIT
 * float_large.c - how much garbage floats in arenas of 4 and 16 MiB; load/floating.h says what is
 * printed. */
#include "load/floating.h"

int main(void)
{
    floating_run(4 * 1024 * 1024, 16 * 1024 * 1024);
    return 0;
}
