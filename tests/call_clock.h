/* SPDX-License-Identifier: MIT
 * call_clock.h - a clock for calls, for tests of what operations may cost: how many instructions
 * they took on average and at most, and whether that was within their limits.
 *
 * MANY is the number of elements wherever a container is to be large.  What MEASURE counts goes to
 * the clock that start() set to zero; check() tells of it, judges it and starts anew. */
#ifndef CALL_CLOCK_H
#define CALL_CLOCK_H

#include <string.h>

#include "ouro.h"
#include "ouro/port.h"
#include "t.h"

enum { MANY = 20000 };

static bool is_skipped(void)
{
    if (strcmp(ouro_port_board, "host") != 0 && OURO_CHECK < 2) return false;
    t_skip("bounds hold on boards, at CHECK=0 and 1");
    return true;
}

/* What the collector is paid is another matter, see unit/pause: no cycle runs, and none starts. */
static void stop_collecting(void)
{
    (void)ouro_gc_collect(2);
    ouro_gc_disable();
}

/* ---- a clock for calls ---- */

static uint64_t begun, total;
static uint32_t calls, longest, overhead;
static void begin(void) { begun = ouro_port_instructions(); }
static void end(void)
{
    uint32_t spent = (uint32_t)(ouro_port_instructions() - begun);
    spent = spent > overhead ? spent - overhead : 0;
    total += spent;
    calls++;
    if (spent > longest) longest = spent;
}
static void start(void)
{
    overhead = longest = 0;
    begin();
    end();
    overhead = longest;
    total = calls = longest = 0;
}
/* Were they as short as that?  The limits are Cortex-M3's; others may take a tenth more.  The clock
 * errs by up to two, for one where a function crosses one of the emulator's pages. */
static void check(const char *name, uint32_t mean, uint32_t most)
{
    if (strcmp(ouro_port_board, "mps2-an385") != 0) {
        mean += (mean + 9) / 10;
        most += most / 10;
    }
    t_note(name, (int64_t)(total / calls));
    t_note("  at most", longest);
    T_CHECK(total <= (uint64_t)(mean + 2) * calls);
    T_CHECK(longest <= most + 2);
    start();
}
#define MEASURE(call)                                                                              \
    do {                                                                                           \
        begin();                                                                                   \
        (void)(call);                                                                              \
        end();                                                                                     \
    } while (0)

#endif
