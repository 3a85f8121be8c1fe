/* SPDX-License-Identifier: MIT
 * fail.c - one test passes, one fails: the runner must say so. */
#include "t.h"

static void passes(void) { T_EQ(6 * 7, 42); }
static void fails(void) { T_EQ(6 * 7, 41); }

static const struct t_test tests[] = {T_TEST(passes), T_TEST(fails)};

int main(void) { return t_run(tests, T_COUNT(tests)); }
