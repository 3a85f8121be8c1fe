/* SPDX-License-Identifier: MIT
 * replay.c - replays each trace with malloc() and its kin: instructions of each call, and the
 * smallest arena in which the trace completes.
 *
 * Time is measured in an arena of twice the trace's peak.  Each block is stamped at both ends, and
 * the stamps are checked when it goes.  The clock is read twice around each call; what reading it
 * costs is taken off, and a loop of known length shows that the rest is instructions. */
#include "replay.h"

#include <stdlib.h>
#include <string.h>

#include "ouro/port.h"
#include "t.h"

enum { OP_MALLOC, OP_CALLOC, OP_REALLOC, OP_FREE, OPS, LOOP = 1000, STEP_BYTES = 64 };

static struct held {
    uint8_t *at;
    uint32_t bytes;
} * held; /* behind the arena under test */

static struct figures {
    uint64_t total;
    uint32_t calls, most;
} figures[OPS];

static uint64_t overhead;
static unsigned way;

static uint8_t stamp_of(uint32_t id, uint32_t bytes) { return (uint8_t)((id ^ bytes) * 167u + 1u); }

static void stamp(uint32_t id)
{
    struct held *it = &held[id];
    it->at[0] = it->at[it->bytes - 1] = stamp_of(id, it->bytes);
}

static void check(uint32_t id)
{
    const struct held *it = &held[id];
    uint8_t want = stamp_of(id, it->bytes);
    if (it->at[0] == want && it->at[it->bytes - 1] == want && ((uintptr_t)it->at & 7u) == 0) return;
    t_print("a block was overwritten or is not aligned\n");
    ouro_port_exit(1);
}

static void count(unsigned op, uint64_t start, uint64_t end)
{
    uint32_t spent = (uint32_t)(end - start - overhead);
    figures[op].total += spent;
    figures[op].calls++;
    if (spent > figures[op].most) figures[op].most = spent;
}

#define MEASURE(call)                                                                              \
    do {                                                                                           \
        start = ouro_port_instructions();                                                          \
        call;                                                                                      \
        count(op, start, ouro_port_instructions());                                                \
    } while (0)

/* One event.  False: there was no memory. */
static bool step(unsigned op, uint32_t id, uint32_t bytes)
{
    struct held *it = &held[id];
    if (it->bytes) check(id);
    uint8_t *at = it->at;
    uint64_t start;
    switch (op) {
    case OP_MALLOC: MEASURE(at = malloc(bytes)); break;
    case OP_CALLOC: MEASURE(at = calloc(1, bytes)); break;
    case OP_REALLOC: MEASURE(at = realloc(at, bytes)); break;
    default: MEASURE(free(at)); break;
    }
    it->at = at;
    it->bytes = bytes;
    if (op != OP_FREE && !at) return false;
    if (op != OP_FREE) stamp(id);
    return true;
}

/* The whole trace.  False: there was no memory. */
static bool replay(const struct trace *trace, size_t bytes)
{
    if (!replay_begin(way, ouro_arena_start, bytes)) return false;
    memset(figures, 0, sizeof figures);
    for (uint32_t id = 0; id < trace->ids; id++) held[id].bytes = 0;
    for (const uint32_t *event = trace->events; event < trace->end;) {
        unsigned op = *event >> 28;
        uint32_t id = *event++ & 0xfffffffu;
        if (!step(op, id, op == OP_FREE ? 0 : *event++)) return false;
    }
    return true;
}

static uint32_t smallest(const struct trace *trace)
{
    uint32_t fails = trace->peak_bytes / STEP_BYTES, fits = trace->peak_bytes * 2 / STEP_BYTES;
    while (fits - fails > 1) {
        uint32_t middle = (fits + fails) / 2;
        if (replay(trace, (size_t)middle * STEP_BYTES))
            fits = middle;
        else
            fails = middle;
    }
    return fits * STEP_BYTES;
}

/* A figure with so many thousandths. */
static void print_figure(const char *name, const struct trace *trace, uint64_t thousandths,
                         const char *unit)
{
    t_print(replay_prefixes[way]);
    t_print(name);
    t_print("/");
    t_print(trace->name);
    t_print(" ");
    t_print_int((int64_t)(thousandths / 1000));
    t_print(".");
    for (uint32_t rest = (uint32_t)(thousandths % 1000), scale = 100; scale; scale /= 10)
        t_print_int(rest / scale % 10);
    t_print(" ");
    t_print(unit);
    t_print("\n");
}

static void print_calls(const char *mean, const char *most, const struct trace *trace, unsigned op)
{
    if (!figures[op].calls) return;
    print_figure(mean, trace, figures[op].total * 1000 / figures[op].calls, "instructions");
    print_figure(most, trace, figures[op].most * UINT64_C(1000), "instructions");
}

/* What reading the clock costs; then a loop of 2 * LOOP instructions must be as long. */
static bool calibrate(void)
{
    uint64_t start = ouro_port_instructions();
    overhead = ouro_port_instructions() - start;
    start = ouro_port_instructions();
    uint32_t left = LOOP;
    __asm__ volatile("1: subs %0, %0, #1\n bne 1b" : "+r"(left) : : "cc");
    uint64_t loop = ouro_port_instructions() - start - overhead;
    t_note("instructions of a loop of 2000", (int64_t)loop);
    return loop >= 2 * LOOP && loop <= 2 * LOOP + 3;
}

static bool measure(void)
{
    for (const struct trace *trace = traces; trace < traces_end; trace++) {
        held = (struct held *)(void *)(ouro_arena_start + 8u * 1024 * 1024);
        if (!replay(trace, (size_t)trace->peak_bytes * 2)) return false;
        print_calls("malloc.mean", "malloc.max", trace, OP_MALLOC);
        print_calls("free.mean", "free.max", trace, OP_FREE);
        print_calls("realloc.mean", "realloc.max", trace, OP_REALLOC);
        uint64_t arena = smallest(trace);
        print_figure("arena.ratio", trace, arena * 1000 / trace->peak_bytes, "ratio");
    }
    return true;
}

int main(void)
{
    if (!calibrate()) return 1;
    for (way = 0; replay_prefixes[way]; way++)
        if (!measure()) return 1;
    return 0;
}
