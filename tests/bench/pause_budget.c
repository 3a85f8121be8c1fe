/* SPDX-License-Identifier: MIT
 * pause_budget.c - the longest pause where a call may do 8 units of the collector's work. */
#include "load/matrix.h"

int main(void)
{
    static const size_t arenas[] = {16 * 1024,   64 * 1024,       256 * 1024,
                                    1024 * 1024, 4 * 1024 * 1024, 16 * 1024 * 1024};
    matrix_run_small_budget(arenas, sizeof arenas / sizeof arenas[0]);
    return 0;
}
