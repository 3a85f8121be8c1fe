/* SPDX-License-Identifier: MIT
 * not_started.c - an object is asked for before ouro_init().
 * expect 0: ouro_init has not run */
#include "ouro.h"

int main(void)
{
    ouro_list_new();
    return 0;
}
