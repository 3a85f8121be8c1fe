/* SPDX-License-Identifier: MIT
 * t.c - the test harness; t.h says how it is used.
 *
 * It formats its own numbers and prints through ouro_port_put() alone, so that a broken runtime
 * cannot garble the report about itself. */
#include <string.h>

#include "ouro/core.h"
#include "ouro/diag.h"
#include "ouro/port.h"
#include "t.h"

#ifndef T_SEED
#define T_SEED 1
#endif
#ifndef T_SCALE
#define T_SCALE 1
#endif

/* Weak, so that the host can read them from its environment (tests/host/port.c). */
__attribute__((weak)) uint32_t t_port_seed(void) { return T_SEED; }
__attribute__((weak)) uint32_t t_port_scale(void) { return T_SCALE; }

static bool has_failed;         /* the running test */
static const char *skip_reason; /* of the running test, or NULL */

void t_print(const char *text)
{
    while (*text != '\0') ouro_port_put((uint8_t)*text++);
}

void t_print_int(int64_t value)
{
    char digits[21];
    size_t i = sizeof digits - 1;
    uint64_t rest = value < 0 ? 0u - (uint64_t)value : (uint64_t)value;

    digits[i] = '\0';
    do {
        digits[--i] = (char)('0' + rest % 10u);
        rest /= 10u;
    } while (rest > 0u);
    if (value < 0) digits[--i] = '-';
    t_print(&digits[i]);
}

void t_note(const char *text, int64_t value)
{
    t_print("# ");
    t_print(text);
    t_print(" ");
    t_print_int(value);
    t_print("\n");
}

static void begin_failure(const char *what, const char *file, int line)
{
    has_failed = true;
    t_print("# ");
    t_print(file);
    t_print(":");
    t_print_int(line);
    t_print(": ");
    t_print(what);
}

bool t_check(bool holds, const char *what, const char *file, int line)
{
    if (holds) return true;
    begin_failure(what, file, line);
    t_print(" does not hold\n");
    return false;
}

bool t_equal(int64_t got, int64_t want, const char *what, const char *file, int line)
{
    if (got == want) return true;
    begin_failure(what, file, line);
    t_print(": got ");
    t_print_int(got);
    t_print(", want ");
    t_print_int(want);
    t_print("\n");
    return false;
}

bool t_text(const char *got, const char *want, const char *what, const char *file, int line)
{
    if (got && strcmp(got, want) == 0) return true;
    begin_failure(what, file, line);
    t_print(": got ");
    t_print(got ? got : "NULL");
    t_print(", want ");
    t_print(want);
    t_print("\n");
    return false;
}

void t_skip(const char *reason) { skip_reason = reason; }

void t_restart(size_t bytes)
{
    size_t all = (size_t)((uintptr_t)ouro_arena_end - (uintptr_t)ouro_arena_start);
    T_CHECK(ouro_init(ouro_arena_start, bytes < all ? bytes : all) == 0);
}

uint32_t t_seed(void)
{
    uint32_t seed = t_port_seed();
    t_note("SEED", seed);
    return seed;
}

uint32_t t_scale(void)
{
    uint32_t scale = t_port_scale();
    t_note("SCALE", scale);
    return scale;
}

static bool has_room(const struct t_test *test)
{
    enum { LEAST_BYTES = 64 * 1024 };
    return test->is_small || (uintptr_t)ouro_arena_end - (uintptr_t)ouro_arena_start >= LEAST_BYTES;
}

static bool run_one(const struct t_test *test, size_t number)
{
    has_failed = false;
    skip_reason = NULL;
    t_restart(SIZE_MAX);
    if (has_room(test))
        test->run();
    else
        t_skip("needs a larger arena");
    const char *broken = ouro_diag_verify();
    if (broken) t_check(false, broken, "ouro_diag_verify", 0);

    t_print(has_failed ? "not ok " : "ok ");
    t_print_int((int64_t)number);
    t_print(" - ");
    t_print(test->name);
    if (skip_reason) {
        t_print(" # SKIP ");
        t_print(skip_reason);
    }
    t_print("\n");
    return !has_failed;
}

int t_run(const struct t_test *tests, size_t count)
{
    size_t failed = 0;

    t_print("1..");
    t_print_int((int64_t)count);
    t_print("\n");
    for (size_t i = 0; i < count; i++) failed += !run_one(&tests[i], i + 1);
    return failed == 0 ? 0 : 1;
}
