/* SPDX-License-Identifier: MIT
 * status.c - every point passes, but the status says otherwise. */
#include "t.h"

int main(void)
{
    t_print("1..1\nok 1 - one\n");
    return 3;
}
