/* SPDX-License-Identifier: MIT
 * backtrace.c - the calls that led to the runtime, for tracemalloc.
 *
 * The runtime notes the frame of its function that was called.  If that returns to the program, one
 * frame costs nothing.  If it returns into the runtime itself, the stack is searched for the return
 * address of the program's call into the runtime, a few words a call, and where it was found is
 * remembered as a way, for the next time.
 *
 * For more frames, the place on the stack where that address was saved (by the first instruction of
 * the function, so that it is the last word below its caller's frame) is where the unwind tables
 * take over.  A search is believed here if they lead on from there, for some frames or to the root.
 * The runtime's own frames bear no tables. */
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

/* The program's code lies behind the runtime's. */
static inline bool is_program(uint32_t pc)
{
    return pc - (uint32_t)ouro_runtime_end < (uint32_t)layout_text_end - (uint32_t)ouro_runtime_end;
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
 * code calls in the same way each time.  Where pc is 0 that is still looked for, from so many words
 * on; `function` is 1 where a strict search has found none. */
struct way {
    uint32_t inner, words, function, pc;
};
enum { WAYS = 128, WAY_PROBES = 8, WAY_PLACES = 11, BEFORE = 1024, BEHIND = 2048 };
static struct way ways[WAYS + WAY_PROBES];

/* What the bl before a return address calls (less than 4 MB away), Thumb bit clear; 0: no bl. */
static inline uint32_t called_before(uint32_t pc)
{
    const uint16_t *after = (const uint16_t *)(pc & ~1u);
    uint32_t first = after[-2] - 0xf000u, second = after[-1] - 0xf800u;
    if (first >= 0x800u || second >= 0x800u) return 0;
    return (pc & ~1u) + (uint32_t)((int32_t)(first << 21 | second << 10) >> 9);
}

/* Is it a return address to the program, behind a bl to that function, or for 0 behind a call
 * through a pointer? */
static inline bool is_call_to(uint32_t pc, uint32_t function)
{
    if ((pc & 1u) == 0u || !is_program(pc)) return false;
    if (function != 0u) return called_before(pc) == function;
    return (((const uint16_t *)(pc & ~1u))[-1] & 0xff87u) == 0x4780u;
}

/* Does an address lie in a function of the runtime, or in one beside it, which it left for? */
static inline bool is_near(uint32_t pc, uint32_t function)
{
    return pc - function + BEFORE < BEFORE + BEHIND;
}

/* Look for the program's call at a few places more: where a stack that is aligned by 8 has return
 * addresses, behind a bl to the function that the runtime's next frame is of, as far as can be told
 * in a few instructions, or else behind the first to any: calls that have returned leave addresses
 * behind.  Returns 0 if it was not there. */
static inline uint32_t seek_way(struct way *way, uint32_t inner, uint32_t words,
                                const uint32_t *stack)
{
    const uint32_t start = (uint32_t)ouro_runtime_start, size = (uint32_t)layout_text_end - start;
    const uint32_t *at = stack + words, *top = (uint32_t *)layout_stack_top;
    const uint32_t *end = at + 2 * WAY_PLACES;
    struct way found = {.inner = inner};
    uint32_t below = inner;
    if (end > top) end = top;
    for (; at < end; at += 2) {
        uint32_t pc = *at;
        if (pc - start >= size) continue;
        uint32_t function = (pc & 1u) != 0u && is_program(pc) ? called_before(pc) : 0;
        if (!is_runtime(function)) {
            below = pc;
            continue;
        }
        bool is_next = is_near(below, function) || is_near(inner, function);
        if (is_next || found.pc == 0u)
            found = (struct way){inner, (uint32_t)(at - stack), function, pc};
        if (is_next) break;
    }
    if (found.pc == 0u && at < top) found.words = (uint32_t)(at - stack);
    if (found.pc == 0u && at >= top) found.function = 1;
    *way = found;
    return found.pc;
}

/* The same behind any call of the runtime or through a pointer, anywhere. */
static __attribute__((noinline)) uint32_t seek_any_way(struct way *way, const uint32_t *stack)
{
    const uint32_t *at = stack + way->words, *top = (uint32_t *)layout_stack_top;
    for (unsigned n = 0; n < WAY_PLACES && at < top; n++, at++) {
        if (!is_program(*at)) continue;
        uint32_t function = called_before(*at);
        if (!is_runtime(function) && !is_call_to(*at, 0)) continue;
        way->words = (uint32_t)(at - stack);
        way->function = function;
        return way->pc = *at;
    }
    way->words = at < top ? (uint32_t)(at - stack) : 0;
    return 0;
}

/* One frame, in a fixed number of instructions; `inner` again while it is not found yet. */
static uint32_t program_call(uint32_t inner, const uint32_t *stack)
{
    static uint32_t turn;
    uint32_t above = (uint32_t)((uint32_t *)layout_stack_top - stack), pc;
    struct way *way = &ways[inner * 0x9e3779b1u / (UINT32_MAX / WAYS + 1u)];
    struct way *end = way + WAY_PROBES, *sought = NULL;
    if (above > (uint32_t)((uint32_t *)layout_stack_top - (uint32_t *)layout_stack_limit))
        return inner; /* on a stack of its own */
    for (; way < end && way->inner != 0u; way++) {
        if (way->inner != inner) continue;
        if (way->pc == 0u) sought = way;
        if (way->pc == 0u || way->words >= above) continue;
        pc = stack[way->words];
        if (pc == way->pc || is_call_to(pc, way->function)) return way->pc = pc;
    }
    if (!sought) {
        if (way == end) way -= 1u + turn++ % WAY_PROBES;
        pc = seek_way(way, inner, 1, stack);
    } else if (sought->function == 0u) {
        pc = seek_way(sought, inner, sought->words, stack);
    } else {
        pc = seek_any_way(sought, stack);
    }
    return pc != 0u ? pc : inner;
}

/* ---- several frames ---- */

/* The frames that lead to a call of the runtime, which returns to `known` if that is not 0. */
static unsigned trace(struct unwind *u, uint32_t known, uint32_t *frames, unsigned max,
                      bool is_strict)
{
    unsigned n = 0;
    while (n == 0u && search(u, known, is_strict)) {
        frames[0] = u->r[REG_PC];
        n = walk(*u, frames, max);
    }
    return n;
}

/* Apart, since one frame needs none of this size. */
static __attribute__((noinline)) void look(uint32_t known, uint32_t *frames, unsigned max,
                                           const uint32_t *stack)
{
    struct unwind u = {.r = {[REG_SP] = (uint32_t)(known != 0u ? stack - PUSHED : stack)}};
    unsigned n = trace(&u, known, frames, max, true);
    if (n == 0u) n = trace(&u, known, frames, max, false);
    if (n == 0u && known != 0u) frames[n++] = known;
    if (n < max) frames[n] = 0;
}

void ouro_port_backtrace(uint32_t *frames, unsigned max, const void *stack)
{
    if (is_runtime(frames[0])) frames[0] = program_call(frames[0], stack);
    if (max > 1u) look(is_runtime(frames[0]) ? 0u : frames[0], frames, max, stack);
}
