/* SPDX-License-Identifier: MIT
 * malloc_not_started.c - the C library's malloc before ouro_init(); giving NULL back is no mistake.
 * expect: ouro_init has not run
 */
#include <stdlib.h>

int main(void)
{
    void *volatile none = NULL;
    free(none);
    free(malloc(10));
    return 0;
}
