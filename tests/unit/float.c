/* SPDX-License-Identifier: MIT
 * float.c - loops that make nothing but cyclic garbage go on for ever: what floats is bounded.
 *
 * A part of what tests/bench/float*.c measure; a walk of the bench's own counts the garbage. */
#include "bench/load/floating.h"
#include "ouro/config.h"
#include "t.h"

static void check(size_t arena, unsigned live_percent)
{
    struct floating result = floating_measure(arena, live_percent);
    t_note("arena", (int64_t)arena);
    t_note("  peak", (int64_t)result.peak_bytes);
    t_note("  bound", (int64_t)result.bound_bytes);
    t_note("  forced", result.forced);
    T_EQ(result.failed, 0);
    T_CHECK(result.peak_bytes > 0 && result.peak_bytes <= result.free_bytes);
    if (OURO_CHECK >= 2) return; /* red zones and the quarantine take room */
    T_EQ(result.forced, 0);
    /* At 75 % a quarter more floats: the goal is the bound there, too. */
    size_t more = live_percent <= 50 ? 0 : result.bound_bytes / 3;
    T_CHECK(result.peak_bytes <= result.bound_bytes + more);
}

static void half_alive(void)
{
    check(16 * 1024, 50);
    check(64 * 1024, 50);
    if (OURO_CHECK < 2) check(256 * 1024, 50);
    t_restart(SIZE_MAX);
}
static void three_quarters_alive(void)
{
    check(16 * 1024, 75);
    check(64 * 1024, 75);
    if (OURO_CHECK < 2) check(256 * 1024, 75);
    t_restart(SIZE_MAX);
}

/* The other side of the edge: see Pacing in DESIGN. */
static void too_much_alive(void)
{
    if (OURO_CHECK >= 2) return; /* a look at all at each change of phase, at each forced cycle */
    struct floating result = floating_measure(64 * 1024, 90);
    t_note("forced", result.forced);
    T_EQ(result.failed, 0);
    T_CHECK(result.forced > 0);
    t_restart(SIZE_MAX);
}

static const struct t_test tests[] = {
    T_TEST(half_alive),
    T_TEST(three_quarters_alive),
    T_TEST(too_much_alive),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
