/* SPDX-License-Identifier: MIT
 * pause.c - the longest pause in arenas of 16 KiB to 1 MiB; load/matrix.h says what is printed. */
#include "load/matrix.h"

int main(void)
{
    static const size_t arenas[] = {16 * 1024, 64 * 1024, 256 * 1024, 1024 * 1024};
    matrix_run(arenas, sizeof arenas / sizeof arenas[0]);
    return 0;
}
