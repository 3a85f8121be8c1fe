/* SPDX-License-Identifier: MIT
 * skip.c - one test passes, one is skipped: the runner must count one and print the reason. */
#include "t.h"

static void passes(void) { T_CHECK(true); }
static void skips(void) { t_skip("there is nothing to see here"); }

static const struct t_test tests[] = {T_TEST(passes), T_TEST(skips)};

int main(void) { return t_run(tests, T_COUNT(tests)); }
