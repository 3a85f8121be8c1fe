/* SPDX-License-Identifier: MIT
 * pause_large.c - the longest pause in arenas of 4 and 16 MiB; load/matrix.h says what is printed.
 */
#include "load/matrix.h"

int main(void)
{
    static const size_t arenas[] = {4 * 1024 * 1024, 16 * 1024 * 1024};
    matrix_run(arenas, sizeof arenas / sizeof arenas[0]);
    return 0;
}
