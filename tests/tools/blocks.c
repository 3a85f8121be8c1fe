/* SPDX-License-Identifier: MIT
 * blocks.c - ends a program that goes on for ever, for mutate.py.
 *
 * Every other source is compiled so that each basic block calls the function below
 * (-fsanitize-coverage=trace-pc). What it counts is the same on every machine and however busy that
 * is, as instructions would be. $BLOCKS is how many there may be; the last line says how many there
 * were. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void __sanitizer_cov_trace_pc(void);

enum { TOO_MANY = 72 };
static uint64_t blocks, most = UINT64_MAX;

__attribute__((constructor)) static void begin(void)
{
    const char *text = getenv("BLOCKS");
    if (text) most = strtoull(text, NULL, 10);
}

__attribute__((destructor)) static void end(void)
{
    fflush(stdout);
    fprintf(stderr, "blocks %llu\n", (unsigned long long)blocks);
}

void __sanitizer_cov_trace_pc(void)
{
    if (++blocks <= most) return;
    fprintf(stderr, "# blocks: more than %llu\n", (unsigned long long)most);
    _exit(TOO_MANY);
}
