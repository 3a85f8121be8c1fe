/* SPDX-License-Identifier: MIT
 * backtrace.c - the calls that led to the runtime, for tracemalloc.
 *
 * The runtime notes the frame of its function that was called.  If that returns to the program, one
 * frame costs nothing; for more of them, the place on the stack where that address was saved (by
 * the first instruction of the function, so that it is the last word below its caller's frame) is
 * where the unwind tables take over.  The runtime's own frames need no tables: they are passed by
 * looking on the stack for the return address of a call from the program into the runtime, and
 * believing it if the tables lead on from there, for some frames or to the root: what calls have
 * left on the stack before may look like one.  Where it was found is remembered as a way. */
#include "layout.h"
#include "ouro/port.h"
#include "unwind.h"

enum {
    SEARCH_WORDS = 1024,
    VERIFY_FRAMES = 4,
    PUSHED = 16, /* words that a function may have pushed: an address that is known lies there */
};

/* Thumb code of the image? */
static bool is_code(uint32_t pc)
{
    return (pc & 1u) != 0u && pc > (uint32_t)layout_text_start && pc < (uint32_t)layout_text_end;
}

static bool is_runtime(uint32_t pc)
{
    return pc - (uint32_t)ouro_runtime_start <
           (uint32_t)ouro_runtime_end - (uint32_t)ouro_runtime_start;
}

/* Words that a function pushes before its return address, by its first instruction: arguments, if
 * their number varies.  0: the function is not known. */
static uint32_t words_above(uint32_t function)
{
    uint32_t first = function != 0u ? *(const uint16_t *)function : 0u;
    return (first & 0xfff0u) == 0xb400u ? (uint32_t)__builtin_popcount(first & 0xfu) : 0u;
}

/* A frame at which the program called the runtime; strictly: by a bl, and what called its function
 * in turn did so by a bl to just that, too, or through a pointer.  SP lies behind the return
 * address. */
static bool is_call_of_runtime(struct unwind *u, bool is_known, bool is_strict)
{
    uint32_t target;
    if (is_runtime(u->r[REG_PC]) || !unwind_is_return_address(u->r[REG_PC], &target)) return false;
    if (!is_known && (target == 0u ? is_strict : !is_runtime(target))) return false;
    u->r[REG_SP] += 4u * words_above(target);
    struct unwind caller = *u;
    if (!unwind_step_by_table(&caller)) return false;
    if (!is_strict || unwind_is_root(&caller)) return true;
    return unwind_is_return_address(caller.r[REG_PC], &target) &&
           (target == 0u || target == unwind_function(u));
}

/* From `u`'s SP upwards, the first such frame that returns to `pc`, or for 0 anywhere.  Other
 * registers are what they are: a function whose frame they tell ends the walk. */
static bool search(struct unwind *u, uint32_t pc, bool is_strict)
{
    uint32_t was_pc = u->r[REG_PC], was_sp = u->r[REG_SP];
    const uint32_t *at = (const uint32_t *)was_sp, *end = (uint32_t *)layout_stack_top;
    if (at < (uint32_t *)layout_stack_limit) return false; /* on a stack of its own */
    if (end - at > SEARCH_WORDS) end = at + SEARCH_WORDS;
    for (; at < end; at++) {
        if (pc != 0u ? *at != pc : !is_code(*at)) continue;
        u->r[REG_SP] = (uint32_t)(at + 1);
        u->r[REG_PC] = *at;
        if (is_call_of_runtime(u, pc != 0u, is_strict)) return true;
    }
    u->r[REG_PC] = was_pc;
    u->r[REG_SP] = was_sp;
    return false;
}

/* One frame up, to one of the program's. */
static enum unwind_result step(struct unwind *u)
{
    while (unwind_step_by_table(u)) {
        if (is_runtime(u->r[REG_PC])) continue;
        return unwind_is_root(u) ? UNWIND_ROOT : UNWIND_CALLER;
    }
    return is_runtime(u->r[REG_PC]) && (search(u, 0, true) || search(u, 0, false)) ? UNWIND_CALLER
                                                                                   : UNWIND_LOST;
}

/* The frames from `u` on.  Returns how many; 0 if the way is lost, though a few were enough. */
static unsigned walk(struct unwind u, uint32_t *frames, unsigned max)
{
    enum unwind_result result = UNWIND_CALLER;
    unsigned n = 0;
    for (; result == UNWIND_CALLER && (n < max || n < VERIFY_FRAMES); n++) {
        if (n < max) frames[n] = u.r[REG_PC];
        result = step(&u);
    }
    if (result == UNWIND_LOST) return 0;
    return n < max ? n : max;
}

/* ---- calls inside the runtime ---- */

/* How many words above the noted frame a call inside the runtime has the return address to the
 * program, which function of the runtime the program called, and where it did so last: the same
 * code calls in the same way each time. */
struct way {
    uint32_t inner, words, function, pc;
};
enum { WAYS = 128, WAY_PROBES = 8 };
static struct way ways[WAYS + WAY_PROBES];

static struct way *ways_of(uint32_t inner)
{
    return &ways[inner * 0x9e3779b1u / (UINT32_MAX / WAYS + 1u)];
}

/* Is it a return address to the program, behind a bl to that function (less than 4 MB away), or for
 * 0 behind a call through a pointer? */
static inline bool is_call_to(uint32_t pc, uint32_t function)
{
    uint32_t end = (uint32_t)layout_text_end, offset = function - (pc & ~1u);
    const uint16_t *after = (const uint16_t *)(pc & ~1u);
    if ((pc & 1u) == 0u || pc - (uint32_t)ouro_runtime_end >= end - (uint32_t)ouro_runtime_end)
        return false;
    if (function == 0u) return (after[-1] & 0xff87u) == 0x4780u;
    return after[-2] == (0xf000u | (offset >> 12 & 0x7ffu)) &&
           after[-1] == (0xf800u | (offset >> 1 & 0x7ffu));
}

static bool find_way(uint32_t inner, const uint32_t *stack, uint32_t *frame)
{
    struct way *way = ways_of(inner), *end = way + WAY_PROBES;
    const uint32_t *top = (uint32_t *)layout_stack_top;
    if (stack < (uint32_t *)layout_stack_limit || stack > top) return false; /* on another stack */
    for (; way < end; way++) {
        if (way->inner != inner || way->words >= (uint32_t)(top - stack)) continue;
        uint32_t pc = stack[way->words];
        if (pc != way->pc && !is_call_to(pc, way->function)) continue;
        way->pc = *frame = pc;
        return true;
    }
    return false;
}

static void keep_way(uint32_t inner, const uint32_t *stack, const struct unwind *u)
{
    static uint32_t turn;
    struct way *way = ways_of(inner), *end = way + WAY_PROBES;
    while (way < end && way->inner != 0u) way++;
    if (way == end) way -= 1u + turn++ % WAY_PROBES;
    way->inner = inner;
    way->pc = u->r[REG_PC];
    (void)unwind_is_return_address(way->pc, &way->function);
    way->words =
        (uint32_t)((const uint32_t *)u->r[REG_SP] - stack) - 1u - words_above(way->function);
}

/* The frames that lead to a call of the runtime, which returns to `known` if that is not 0. */
static unsigned trace(struct unwind *u, uint32_t known, uint32_t *frames, unsigned max,
                      bool is_strict)
{
    unsigned n = 0;
    while (n == 0u && search(u, known, is_strict)) {
        frames[0] = u->r[REG_PC];
        n = max == 1u && is_strict ? 1u : walk(*u, frames, max);
    }
    return n;
}

/* Apart, since what is known needs no frame of this size. */
static __attribute__((noinline)) void look(uint32_t inner, uint32_t known, uint32_t *frames,
                                           unsigned max, const uint32_t *stack)
{
    struct unwind u = {.r = {[REG_SP] = (uint32_t)(known != 0u ? stack - PUSHED : stack)}};
    unsigned n = trace(&u, known, frames, max, true);
    if (n == 0u) n = trace(&u, known, frames, max, false);
    if (n > 0u && known == 0u) keep_way(inner, stack, &u);
    if (n == 0u && known != 0u) frames[n++] = known;
    if (n < max) frames[n] = 0;
}

void ouro_port_backtrace(uint32_t *frames, unsigned max, const void *stack)
{
    uint32_t inner = frames[0];
    bool is_way = (max == 1u || is_runtime(inner)) && find_way(inner, stack, frames);
    if (is_way && max == 1u) return;
    look(inner, is_runtime(frames[0]) ? 0u : frames[0], frames, max, stack);
}
