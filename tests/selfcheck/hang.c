/* SPDX-License-Identifier: MIT
 * hang.c - the second test never ends; the runner's timeout must end it. */
#include "t.h"

static void passes(void) { T_CHECK(true); }
static void hangs(void)
{
    volatile bool forever = true;
    while (forever) {}
}

static const struct t_test tests[] = {T_TEST(passes), T_TEST(hangs)};

int main(void) { return t_run(tests, T_COUNT(tests)); }
