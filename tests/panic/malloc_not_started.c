/* SPDX-License-Identifier: MIT
 * malloc_not_started.c - the C library's malloc before ouro_init().
 * expect: ouro_init has not run
 */
#include <stdlib.h>

int main(void)
{
    free(malloc(10));
    return 0;
}
