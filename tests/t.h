/* SPDX-License-Identifier: MIT
 * t.h - the test harness: a table of test functions in, TAP out.
 *
 * The same test sources run on every board (TAP on the serial line) and on the host under the
 * sanitizers (TAP on stdout); only ouro/port.h lies between.  One function is one TAP point.  A
 * check that fails prints a `# file:line:` line and lets the function go on; every check returns
 * whether it held, for `if (!T_CHECK(p)) return;`.
 *
 * Before each test the runtime is started afresh on the whole arena; after it ouro_diag_verify()
 * must find nothing, or the test has failed.
 *
 *   static void append_grows(void) { T_EQ(ouro_list_len(ouro_list_new()), 0); }
 *   static const struct t_test tests[] = { T_TEST(append_grows) };
 *   int main(void) { return t_run(tests, T_COUNT(tests)); } */
#ifndef T_H
#define T_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct t_test {
    const char *name;
    void (*run)(void);
    bool is_small;
};

/* clang-format off */
#define T_TEST(function) { #function, function, false }
/* The same, and the test is content with an arena of 8 KiB and a stack of 2 KiB: a board of that
 * size runs it, and of files without any it says that they were skipped. */
#define T_SMALL(function) { #function, function, true }
/* clang-format on */
#define T_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Run the tests in order and print TAP.  Returns the status for main: 0 if none failed. */
int t_run(const struct t_test *tests, size_t count);

#define T_CHECK(condition) t_check((condition), #condition, __FILE__, __LINE__)
/* Integers of any width; pointers and booleans through T_CHECK. */
#define T_EQ(got, want) t_equal((int64_t)(got), (int64_t)(want), #got, __FILE__, __LINE__)
/* Zero-terminated texts. */
#define T_TEXT(got, want) t_text((got), (want), #got, __FILE__, __LINE__)

bool t_check(bool holds, const char *what, const char *file, int line);
bool t_equal(int64_t got, int64_t want, const char *what, const char *file, int line);
bool t_text(const char *got, const char *want, const char *what, const char *file, int line);

/* Report the running test as skipped; the caller returns right after it. */
void t_skip(const char *reason);

/* Start the runtime afresh on the first `bytes` of the arena (fewer if the arena is smaller). */
void t_restart(size_t bytes);

/* Print a `# text value` line: seeds, figures, whatever helps to repeat a failure. */
void t_note(const char *text, int64_t value);

/* Seed of random tests, and how many times their usual length they are to run: SEED= and SCALE= on
 * the command line of make, 1 and 1 unless told.  Noted in the output. */
uint32_t t_seed(void);
uint32_t t_scale(void);
uint32_t t_port_seed(void); /* where these come from: fixed in an image, environment of a host */
uint32_t t_port_scale(void);

/* For images that print their own lines (benches, panics). */
void t_print(const char *text);
void t_print_int(int64_t value);

#ifdef __cplusplus
}
#endif
#endif
