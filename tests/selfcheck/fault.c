/* SPDX-License-Identifier: MIT
 * fault.c - the second of three tests executes an undefined instruction. */
#include "t.h"

static void passes(void) { T_CHECK(true); }
static void faults(void) { __builtin_trap(); }

static const struct t_test tests[] = {T_TEST(passes), T_TEST(faults), T_TEST(passes)};

int main(void) { return t_run(tests, T_COUNT(tests)); }
