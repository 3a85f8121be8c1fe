/* SPDX-License-Identifier: MIT
 * float.c - how much garbage floats in arenas of 16 KiB to 1 MiB; load/floating.h says what is
 * printed. */
#include "load/floating.h"

int main(void)
{
    floating_run(16 * 1024, 1024 * 1024);
    return 0;
}
