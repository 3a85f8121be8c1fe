/* SPDX-License-Identifier: MIT
 * tracemalloc.h - which calls allocated what is in use: CPython's tracemalloc.
 *
 * A *frame* is the address of a call instruction (the return address less 2); a *traceback* is the
 * calls that led to an allocation, newest first, those inside the runtime left out.  Sizes are what
 * the arena spends: headers and rounding included.  `make symbolize` on the host turns the
 * addresses that are printed here into lines; on the device a table of functions can give names.
 *
 * All tables lie in memory that the program gives, outside the arena or in a block of it.  What
 * does not fit is counted, and the program runs on as if it had been made before tracing began.
 *
 * What says nothing of its cost is O(1). */
#ifndef OURO_TRACEMALLOC_H
#define OURO_TRACEMALLOC_H

#include "ouro/core.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { OURO_TRACE_FRAMES = 8 /* of a traceback, at most */ };

/* ---- tracing ---- */

/* Record every allocation from now on, or begin anew.
 *   nframe   frames to keep of each traceback, 1 to OURO_TRACE_FRAMES
 *   memory   where the records go; the runtime's until ouro_tracemalloc_stop() or ouro_init()
 *   bytes    1 KiB at least; a quarter is for tracebacks, 8 + 4 * nframe bytes each, the rest for
 *            blocks, 4 bytes each
 *   returns  0, or -1 with ValueError (nframe), or MemoryError (bytes)
 *   cost     O(bytes) */
int ouro_tracemalloc_start(unsigned nframe, void *memory, size_t bytes);
/* The memory is the program's again.  Allowed when nothing is traced. */
void ouro_tracemalloc_stop(void);
bool ouro_tracemalloc_is_tracing(void);

/* Bytes in use of what was recorded, and the most that ever were; 0 when nothing is traced. */
void ouro_tracemalloc_get_traced_memory(size_t *current, size_t *peak);
/* The peak is what is in use now. */
void ouro_tracemalloc_reset_peak(void);
/* Forget all that was recorded.  O(memory). */
void ouro_tracemalloc_clear_traces(void);
/* Frames kept of each traceback; 1 when nothing is traced. */
unsigned ouro_tracemalloc_get_traceback_limit(void);
/* Bytes of the memory given that hold something. */
size_t ouro_tracemalloc_get_tracemalloc_memory(void);

struct ouro_tracemalloc_stats {
    size_t memory_bytes; /* given */
    size_t traced_bytes, peak_bytes;
    uint32_t blocks, block_limit;
    uint32_t sites, site_limit; /* different tracebacks */
    uint32_t lost_blocks;       /* allocations that found no place and are not recorded */
    uint32_t lost_sites;        /* tracebacks that found none: recorded as <unknown> */
};
/* All zeros when nothing is traced. */
void ouro_tracemalloc_get_stats(struct ouro_tracemalloc_stats *stats);

/* Which calls made an object, or took a block of ouro_mem_alloc().
 *   frames   receives up to OURO_TRACE_FRAMES of them, newest first
 *   returns  how many; 0: not recorded, or in flash, or an immediate int
 *   cost     O(1) */
unsigned ouro_tracemalloc_get_object_traceback(const void *object, uint32_t *frames);

/* ---- snapshots ---- */

/* Name and first address of the function that an address lies in; NULL: unknown. */
typedef const char *ouro_trace_name_fn(uint32_t address, uint32_t *start);

/* All blocks with the same traceback. */
struct ouro_trace {
    uint32_t bytes, count;
    uint32_t frames[OURO_TRACE_FRAMES]; /* newest first; 0 behind the last; all 0: unknown */
};
struct ouro_snapshot {
    unsigned traceback_limit;
    size_t count;
    struct ouro_trace *traces;
    ouro_trace_name_fn *name; /* who names functions; NULL: nobody */
};

/* Copy what is recorded now.
 *   traces   the snapshot's memory: `limit` of them
 *   returns  0, or -1 with RuntimeError when nothing is traced, MemoryError when there are more
 *            tracebacks (stats.sites + 1 always suffice)
 *   cost     O(site_limit); allocates nothing */
int ouro_tracemalloc_take_snapshot(struct ouro_snapshot *snapshot, struct ouro_trace *traces,
                                   size_t limit);

/* Which traces to keep: those whose frame is in a function of that name, and at such an address. */
struct ouro_trace_filter {
    bool inclusive;       /* false: all others */
    bool all_frames;      /* any frame counts, not just the newest */
    const char *pattern;  /* with * and ?; "<unknown>" is a function without a name; NULL: all */
    uint32_t first, last; /* addresses; last 0: all */
};
/* What passes one of the inclusive filters (if there are any) and all of the others.
 *   to      another snapshot, or the same; its traces have room for those of `from`
 *   cost    O(traces x filters) */
void ouro_tracemalloc_filter_traces(const struct ouro_snapshot *from,
                                    const struct ouro_trace_filter *filters, size_t count,
                                    struct ouro_snapshot *to);

/* What statistics are grouped by. */
enum ouro_trace_group {
    OURO_TRACE_LINE,     /* the newest frame: CPython's 'lineno' */
    OURO_TRACE_FUNCTION, /* the function it lies in: CPython's 'filename' */
    OURO_TRACE_STACK,    /* the whole traceback: CPython's 'traceback' */
};
struct ouro_trace_statistic {
    uint32_t frames[OURO_TRACE_FRAMES]; /* of LINE and FUNCTION only the first */
    uint32_t bytes, count;
    int32_t bytes_diff, count_diff;
};

/* Sums by group, largest first, in CPython's order.
 *   cumulative  each frame of a traceback counts, not just the newest; LINE and FUNCTION only
 *   out         room for `limit`: as many as there are traces always suffice, times
 *               traceback_limit if cumulative
 *   returns     how many, or -1 with ValueError (STACK and cumulative) or MemoryError (limit)
 *   cost        O(n log n), no memory */
int ouro_tracemalloc_statistics(const struct ouro_snapshot *snapshot, enum ouro_trace_group group,
                                bool cumulative, struct ouro_trace_statistic *out, size_t limit);
/* The same with the differences to an older snapshot, the largest first; `out` has room for both.
 * O(n log n). */
int ouro_tracemalloc_compare_to(const struct ouro_snapshot *snapshot,
                                const struct ouro_snapshot *older, enum ouro_trace_group group,
                                bool cumulative, struct ouro_trace_statistic *out, size_t limit);

/* ---- text, in CPython's words; O(log names) a frame ---- */

/* "FRAME: size=66 B, count=1, average=66 B" */
void ouro_tracemalloc_print_statistic(const struct ouro_trace_statistic *statistic,
                                      ouro_trace_name_fn *name, ouro_write_fn *write,
                                      void *context);
/* "FRAME: size=5002 B (+5000 B), count=2 (+1), average=2501 B" */
void ouro_tracemalloc_print_difference(const struct ouro_trace_statistic *statistic,
                                       ouro_trace_name_fn *name, ouro_write_fn *write,
                                       void *context);
/* "0x00001a2d load+0x24", without a name the address alone, "<unknown>:0" for 0. */
void ouro_tracemalloc_print_frame(uint32_t frame, ouro_trace_name_fn *name, ouro_write_fn *write,
                                  void *context);
/* A line for each frame, oldest first. */
void ouro_tracemalloc_print_traceback(const uint32_t *frames, ouro_trace_name_fn *name,
                                      ouro_write_fn *write, void *context);
/* "66 B", "9.8 KiB", "+97.7 KiB". */
void ouro_tracemalloc_print_size(int64_t bytes, bool is_signed, ouro_write_fn *write,
                                 void *context);

#ifdef __cplusplus
}
#endif
#endif
