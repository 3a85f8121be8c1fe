/* SPDX-License-Identifier: MIT
 * crash.c - the second of three tests panics: two points must be counted as failed. */
#include "ouro/port.h"
#include "t.h"

static void passes(void) { T_CHECK(true); }
static void panics(void) { ouro_port_panic("asked for" OURO_HERE); }

static const struct t_test tests[] = {T_TEST(passes), T_TEST(panics), T_TEST(passes)};

int main(void) { return t_run(tests, T_COUNT(tests)); }
