/* SPDX-License-Identifier: MIT
 * backtrace.c - the calls that led to the runtime, for tracemalloc.
 *
 * The runtime notes where its function that was called returns to.  If that is the program, one
 * frame costs nothing; for more of them, the place on the stack where that address was saved (by
 * the first instruction of the function, so that it is the last word below its caller's frame) is
 * where the unwind tables take over.  The runtime's own frames need no tables: they are passed by
 * looking on the stack for the return address of a call from the program into the runtime, and
 * believing it if the tables lead on from there. */
#include "layout.h"
#include "ouro/port.h"
#include "unwind.h"

enum { SEARCH_WORDS = 1024 };

static bool is_runtime(uint32_t pc)
{
    return pc - (uint32_t)layout_runtime_start <
           (uint32_t)layout_runtime_end - (uint32_t)layout_runtime_start;
}

/* A frame at which the program called the runtime. */
static bool is_call_from_program(uint32_t pc)
{
    uint32_t target;
    return !is_runtime(pc) && unwind_is_return_address(pc, &target) &&
           (target == 0u || is_runtime(target));
}

/* From `u`'s SP upwards, the first frame that returns to `pc`, or for 0 to the program. */
static bool search(struct unwind *u, uint32_t pc)
{
    const uint32_t *at = (const uint32_t *)u->r[REG_SP], *end = (uint32_t *)layout_stack_top;
    if (at < (uint32_t *)layout_stack_limit) return false; /* on a stack of its own */
    if (end - at > SEARCH_WORDS) end = at + SEARCH_WORDS;
    for (; at < end; at++) {
        if (pc != 0u ? *at != pc : !is_call_from_program(*at)) continue;
        struct unwind found = {.r = {[REG_SP] = (uint32_t)(at + 1), [REG_PC] = *at}};
        struct unwind caller = found;
        if (!unwind_step_by_table(&caller)) continue;
        *u = found;
        return true;
    }
    return false;
}

/* One frame up, to one of the program's. */
static bool step(struct unwind *u)
{
    while (unwind_step_by_table(u))
        if (!is_runtime(u->r[REG_PC])) return !unwind_is_root(u);
    return is_runtime(u->r[REG_PC]) && search(u, 0);
}

__attribute__((noinline)) void ouro_port_backtrace(uint32_t *frames, unsigned max)
{
    uint32_t known = frames[0] != 0u && !is_runtime(frames[0]) ? frames[0] : 0u;
    if (max == 1u && known != 0u) return;
    struct unwind u = {.r = {[REG_SP] = (uint32_t)__builtin_frame_address(0)}};
    unsigned n = 0;
    if (search(&u, known)) {
        do {
            frames[n++] = u.r[REG_PC];
        } while (n < max && step(&u));
    } else if (known != 0u) {
        n = 1;
    }
    if (n < max) frames[n] = 0;
}
