/* SPDX-License-Identifier: MIT
 * tracemalloc_snapshot.c - snapshots: taken, filtered, summed up and compared, in CPython's order.
 *
 * A statistic is a comparison with a snapshot that is empty: what CPython sorts the one by is then
 * what it sorts the other by.  Everything happens in the memory that the caller gives: a record for
 * each trace, sorted by traceback, merged where neighbours agree, sorted by size. */
#include <string.h>

#include "ouro/port.h"
#include "tracemalloc.h"

typedef bool before_fn(const struct ouro_trace_statistic *a, const struct ouro_trace_statistic *b);

int ouro_tracemalloc_take_snapshot(struct ouro_snapshot *snapshot, struct ouro_trace *traces,
                                   size_t limit)
{
    const struct tracer *t = ouro_heap->tracer;
    size_t count = 0;
    if (!t) {
        ouro_error_set(OURO_RUNTIME_ERROR, "the tracemalloc module must be tracing memory "
                                           "allocations to take a snapshot");
        return -1;
    }
    for (uint32_t number = 0; number <= t->stats.site_limit; number++) {
        const struct trace_site *site = trace_site(t, number);
        if (!site->count) continue;
        if (count == limit) {
            ouro_error_set(OURO_MEMORY_ERROR, "no room for all tracebacks");
            return -1;
        }
        struct ouro_trace *trace = &traces[count++];
        *trace = (struct ouro_trace){.bytes = site->bytes, .count = site->count};
        memcpy(trace->frames, site->frames, t->nframe * sizeof(uint32_t));
    }
    *snapshot = (struct ouro_snapshot){t->nframe, count, traces, ouro_port_name};
    return 0;
}

/* ---- filters ---- */

/* As a file's name with * and ?: what a * stands for grows until the rest fits. */
static bool matches(const char *text, const char *pattern)
{
    const char *star = NULL, *from = NULL;
    while (*text) {
        if (*pattern == '*') {
            star = ++pattern;
            from = text;
        } else if (*pattern == *text || *pattern == '?') {
            pattern++;
            text++;
        } else if (star) {
            pattern = star;
            text = ++from;
        } else {
            return false;
        }
    }
    while (*pattern == '*') pattern++;
    return !*pattern;
}

static bool is_meant(const struct ouro_snapshot *snapshot, const struct ouro_trace_filter *filter,
                     uint32_t frame)
{
    uint32_t start;
    if (filter->last && (frame < filter->first || frame > filter->last)) return false;
    if (!filter->pattern) return true;
    const char *name = frame && snapshot->name ? snapshot->name(frame, &start) : NULL;
    return matches(name ? name : "<unknown>", filter->pattern);
}

static bool passes(const struct ouro_snapshot *snapshot, const struct ouro_trace_filter *filter,
                   const struct ouro_trace *trace)
{
    unsigned frames = filter->all_frames ? OURO_TRACE_FRAMES : 1;
    for (unsigned i = 0; i < frames && (i == 0 || trace->frames[i]); i++)
        if (is_meant(snapshot, filter, trace->frames[i])) return filter->inclusive;
    return !filter->inclusive;
}

static bool passes_all(const struct ouro_snapshot *snapshot,
                       const struct ouro_trace_filter *filters, size_t count,
                       const struct ouro_trace *trace)
{
    bool is_asked_for = true, is_found = false;
    for (size_t i = 0; i < count; i++) {
        if (!filters[i].inclusive) {
            if (!passes(snapshot, &filters[i], trace)) return false;
            continue;
        }
        is_asked_for = false;
        is_found |= passes(snapshot, &filters[i], trace);
    }
    return is_asked_for || is_found;
}

void ouro_tracemalloc_filter_traces(const struct ouro_snapshot *from,
                                    const struct ouro_trace_filter *filters, size_t count,
                                    struct ouro_snapshot *to)
{
    size_t passed = 0;
    for (size_t i = 0; i < from->count; i++)
        if (passes_all(from, filters, count, &from->traces[i]))
            to->traces[passed++] = from->traces[i];
    to->traceback_limit = from->traceback_limit;
    to->name = from->name;
    to->count = passed;
}

/* ---- order ---- */

static unsigned depth(const uint32_t *frames)
{
    unsigned n = 1; /* unknown is a frame, too */
    while (n < OURO_TRACE_FRAMES && frames[n]) n++;
    return n;
}

/* As tuples of frames, oldest first.  Below 0, 0, above 0. */
static int compare_tracebacks(const uint32_t *a, const uint32_t *b)
{
    unsigned left = depth(a), right = depth(b);
    while (left && right) {
        uint32_t one = a[--left], other = b[--right];
        if (one != other) return one < other ? -1 : 1;
    }
    return (int)left - (int)right;
}

static bool is_traceback_before(const struct ouro_trace_statistic *a,
                                const struct ouro_trace_statistic *b)
{
    return compare_tracebacks(a->frames, b->frames) < 0;
}

static uint32_t size_of(int32_t difference)
{
    return difference < 0 ? 0u - (uint32_t)difference : (uint32_t)difference;
}

/* CPython's sort keys, largest first. */
static bool is_larger(const struct ouro_trace_statistic *a, const struct ouro_trace_statistic *b)
{
    const uint32_t keys[][2] = {{size_of(a->bytes_diff), size_of(b->bytes_diff)},
                                {a->bytes, b->bytes},
                                {size_of(a->count_diff), size_of(b->count_diff)},
                                {a->count, b->count}};
    for (unsigned i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (keys[i][0] != keys[i][1]) return keys[i][0] > keys[i][1];
    return compare_tracebacks(a->frames, b->frames) > 0;
}

static void exchange(struct ouro_trace_statistic *a, struct ouro_trace_statistic *b)
{
    struct ouro_trace_statistic old = *a;
    *a = *b;
    *b = old;
}

/* Let the record at `at` sink to its place in a heap of `count`, the last in order on top. */
static void sink(struct ouro_trace_statistic *s, size_t at, size_t count, before_fn *is_before)
{
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && is_before(&s[child], &s[child + 1])) child++;
        if (!is_before(&s[at], &s[child])) return;
        exchange(&s[at], &s[child]);
    }
}

/* Heapsort: no memory, no recursion. */
static void sort(struct ouro_trace_statistic *s, size_t count, before_fn *is_before)
{
    for (size_t at = count / 2; at-- > 0;) sink(s, at, count, is_before);
    for (size_t left = count; left-- > 1;) {
        exchange(&s[0], &s[left]);
        sink(s, 0, left, is_before);
    }
}

/* ---- sums ---- */

/* The first address of the function that a frame lies in. */
static uint32_t function_of(const struct ouro_snapshot *snapshot, uint32_t frame)
{
    uint32_t start;
    return snapshot->name && snapshot->name(frame, &start) ? start : frame;
}

/* Where records are gathered, and how. */
struct gathering {
    struct ouro_trace_statistic *out;
    size_t count, limit;
    enum ouro_trace_group group;
    bool cumulative;
};

/* The record of a frame of a trace; sign 1: of the snapshot; -1: of the older one. */
static void record(struct gathering *g, const struct ouro_snapshot *snapshot,
                   const struct ouro_trace *trace, unsigned frame, int sign)
{
    struct ouro_trace_statistic *s = &g->out[g->count++];
    *s = (struct ouro_trace_statistic){.bytes_diff = sign * (int32_t)trace->bytes,
                                       .count_diff = sign * (int32_t)trace->count};
    if (sign > 0) {
        s->bytes = trace->bytes;
        s->count = trace->count;
    }
    if (g->group == OURO_TRACE_STACK)
        memcpy(s->frames, trace->frames, sizeof s->frames);
    else if (g->group == OURO_TRACE_LINE)
        s->frames[0] = trace->frames[frame];
    else
        s->frames[0] = function_of(snapshot, trace->frames[frame]);
}

/* False if there is no room. */
static bool gather(struct gathering *g, const struct ouro_snapshot *snapshot, int sign)
{
    for (size_t i = 0; i < snapshot->count; i++) {
        const struct ouro_trace *trace = &snapshot->traces[i];
        unsigned frames = g->cumulative ? depth(trace->frames) : 1;
        if (g->limit - g->count < frames) return false;
        for (unsigned n = 0; n < frames; n++) record(g, snapshot, trace, n, sign);
    }
    return true;
}

/* Neighbours of the same traceback become one.  Returns how many are left. */
static size_t merge(struct ouro_trace_statistic *s, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        struct ouro_trace_statistic *last = &s[kept - (kept > 0)];
        if (kept == 0 || compare_tracebacks(last->frames, s[i].frames) != 0) {
            s[kept++] = s[i];
            continue;
        }
        last->bytes += s[i].bytes;
        last->count += s[i].count;
        last->bytes_diff += s[i].bytes_diff;
        last->count_diff += s[i].count_diff;
    }
    return kept;
}

int ouro_tracemalloc_compare_to(const struct ouro_snapshot *snapshot,
                                const struct ouro_snapshot *older, enum ouro_trace_group group,
                                bool cumulative, struct ouro_trace_statistic *out, size_t limit)
{
    if (cumulative && group == OURO_TRACE_STACK) {
        ouro_error_set(OURO_VALUE_ERROR,
                       "cumulative mode cannot by used with key type 'traceback'");
        return -1;
    }
    struct gathering g = {out, 0, limit, group, cumulative};
    if (!gather(&g, snapshot, 1) || (older && !gather(&g, older, -1))) {
        ouro_error_set(OURO_MEMORY_ERROR, "no room for all statistics");
        return -1;
    }
    sort(out, g.count, is_traceback_before);
    size_t count = merge(out, g.count);
    sort(out, count, is_larger);
    return (int)count;
}

int ouro_tracemalloc_statistics(const struct ouro_snapshot *snapshot, enum ouro_trace_group group,
                                bool cumulative, struct ouro_trace_statistic *out, size_t limit)
{
    return ouro_tracemalloc_compare_to(snapshot, NULL, group, cumulative, out, limit);
}
