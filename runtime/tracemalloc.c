/* SPDX-License-Identifier: MIT
 * tracemalloc.c - recording which call allocated what is in use; see tracemalloc.h for the tables.
 *
 * A record is added and removed within a fixed number of steps, whatever the tables' size: a bucket
 * or a row of places is looked at and no more.  Nothing here allocates or calls the program. */
#include "tracemalloc.h"

#include <string.h>

#include "collector.h"
#include "ouro/port.h"

enum { GRANULE_MASK = (1 << TRACE_SITE_SHIFT) - 1, LEAST_BYTES = 1024 };

/* ---- hashing ---- */

/* Where a hash falls among n places. */
static inline uint32_t place(uint32_t hash, uint32_t n)
{
    return (uint32_t)((uint64_t)hash * n >> 32);
}

static inline uint32_t mix(uint32_t hash, uint32_t word)
{
    return (hash ^ hash >> 15 ^ word) * 0x9e3779b1u;
}

/* ---- sites ---- */

static inline bool has_frames(const struct trace_site *site, const uint32_t *frames, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (site->frames[i] != frames[i]) return false;
    return true;
}

static inline struct trace_site *site_behind(const struct tracer *t, struct trace_site *site)
{
    return (struct trace_site *)(void *)((uint8_t *)site + t->site_bytes);
}

/* The place of a traceback.  It takes that of one that has no block left, if need be, which is why
 * a search goes on past such a one. */
__attribute__((always_inline)) static inline struct trace_site *site_find(struct tracer *t,
                                                                          const uint32_t *frames,
                                                                          uint32_t nframe)
{
    uint32_t hash = frames[0] * 0x9e3779b1u;
    for (uint32_t i = 1; i < nframe; i++) hash = mix(hash, frames[i]);
    struct trace_site *vacant = NULL, *site = trace_site(t, 1 + place(hash, t->starts));
    for (unsigned probe = t->probes; probe > 0; probe--) {
        if (has_frames(site, frames, nframe)) return site;
        if (!site->count && !vacant) vacant = site;
        if (!site->frames[0]) break; /* never used: nobody went past it */
        site = site_behind(t, site);
    }
    if (!vacant) {
        t->stats.lost_sites++;
        return trace_site(t, 0);
    }
    t->stats.sites += !vacant->frames[0];
    for (uint32_t i = 0; i < nframe; i++) vacant->frames[i] = frames[i];
    return vacant;
}

/* Is it a call of the runtime's own? */
static inline bool is_inside(uint32_t site)
{
    uint32_t start = (uint32_t)(uintptr_t)ouro_runtime_start;
    return site - start < (uint32_t)(uintptr_t)ouro_runtime_end - start;
}

/* The place of the calls that led here, newest first; 0 behind the last. */
static SELDOM struct trace_site *site_of_calls(struct tracer *t)
{
    uint32_t frames[OURO_TRACE_FRAMES], n = 0;
    frames[0] = caller_site();
    frames[1] = 0;
    if (ouro_port_backtrace) ouro_port_backtrace(frames, t->nframe, ouro_heap->caller);
    for (; n < t->nframe && frames[n]; n++) frames[n] -= CALL_BACK;
    for (uint32_t i = n; i < t->nframe; i++) frames[i] = 0;
    return n ? site_find(t, frames, t->nframe) : trace_site(t, 0);
}

/* The program's call that led to a call of the runtime's own; 0: not found. */
static uint32_t outer_site(uint32_t site)
{
    if (ouro_port_backtrace) ouro_port_backtrace(&site, 1, ouro_heap->caller);
    return site;
}

/* The place of the site that an allocation is for.  One frame costs least, least of all the last
 * one's again. */
static inline struct trace_site *site_of_call(struct tracer *t)
{
    if (t->nframe > 1) return site_of_calls(t);
    uint32_t site = caller_site();
    if (is_inside(site)) site = outer_site(site);
    if (site != t->last_call) {
        uint32_t frame = site - CALL_BACK;
        t->last_site = site ? site_find(t, &frame, 1) : trace_site(t, 0);
        t->last_call = (uint8_t *)t->last_site == t->sites ? 0 : site;
    }
    return t->last_site;
}

/* ---- blocks ---- */

static inline uint32_t *bucket(const struct tracer *t, uint32_t granule, bool is_second)
{
    uint32_t hash = granule * (is_second ? 0x85ebca6bu : 0x9e3779b1u);
    return t->blocks + (size_t)place(hash, t->buckets) * TRACE_BUCKET;
}

static inline uint32_t *free_in(uint32_t *word)
{
    for (uint32_t *end = word + TRACE_BUCKET; word < end; word += 4) {
        uint32_t first = word[0], second = word[1], third = word[2], fourth = word[3];
        if (!first) return word;
        if (!second) return word + 1;
        if (!third) return word + 2;
        if (!fourth) return word + 3;
    }
    return NULL;
}

/* Where in one of its buckets a block is recorded; NULL: nowhere. */
__attribute__((noinline)) static uint32_t *find(const struct tracer *t, uint32_t granule)
{
    for (unsigned is_second = 0; is_second < 2; is_second++) {
        uint32_t *word = bucket(t, granule, is_second);
        for (uint32_t *end = word + TRACE_BUCKET; word < end; word += 2) {
            if ((word[0] ^ granule) << (32 - TRACE_SITE_SHIFT) == 0) return word;
            if ((word[1] ^ granule) << (32 - TRACE_SITE_SHIFT) == 0) return word + 1;
        }
    }
    return NULL;
}

HOT void trace_add(const void *at, size_t spent)
{
    struct tracer *t = ouro_heap->tracer;
    uint32_t granule = granule_of(at);
    uint32_t *word = free_in(bucket(t, granule, false));
    if (!word) word = free_in(bucket(t, granule, true));
    if (!word) {
        t->stats.lost_blocks++;
        return;
    }
    struct trace_site *site = site_of_call(t);
    uint32_t number = (uint32_t)((uint8_t *)site - t->sites) / t->site_bytes;
    *word = number << TRACE_SITE_SHIFT | granule;
    site->bytes += (uint32_t)spent;
    site->count++;
    t->stats.blocks++;
    t->stats.traced_bytes += spent;
    if (t->stats.traced_bytes > t->stats.peak_bytes) t->stats.peak_bytes = t->stats.traced_bytes;
}

HOT void trace_remove(const void *at, size_t spent)
{
    struct tracer *t = ouro_heap->tracer;
    uint32_t *word = find(t, granule_of(at));
    if (!word) return; /* from before, or lost */
    struct trace_site *site = trace_site(t, *word >> TRACE_SITE_SHIFT);
    *word = 0;
    site->bytes -= (uint32_t)spent;
    site->count--;
    t->stats.blocks--;
    t->stats.traced_bytes -= spent;
}

unsigned ouro_tracemalloc_get_object_traceback(const void *object, uint32_t *frames)
{
    const struct tracer *t = ouro_heap->tracer;
    if (!t || (uintptr_t)object & (GRANULE_BYTES - 1) || !arena_holds(object)) return 0;
    const uint32_t *word = find(t, granule_of(object));
    if (!word) return 0;
    const struct trace_site *site = trace_site(t, *word >> TRACE_SITE_SHIFT);
    unsigned n = 0;
    for (; n < t->nframe && site->frames[n]; n++) frames[n] = site->frames[n];
    if (n == 0) frames[n++] = 0;
    return n;
}

/* ---- starting and stopping ---- */

static void clear(struct tracer *t)
{
    struct ouro_tracemalloc_stats *stats = &t->stats;
    size_t bytes = (size_t)((uint8_t *)(t->blocks + t->buckets * TRACE_BUCKET) - t->sites);
    memset(t->sites, 0, bytes);
    t->last_call = 0;
    t->last_site = trace_site(t, 0);
    stats->traced_bytes = stats->peak_bytes = 0;
    stats->blocks = stats->sites = stats->lost_blocks = stats->lost_sites = 0;
}

static void watch(struct tracer *t)
{
    ouro_heap->tracer = t;
    ouro_heap->gc.is_traced = t != NULL;
    block_trace();
    collector_set_trigger();
}

int ouro_tracemalloc_start(unsigned nframe, void *memory, size_t bytes)
{
    ouro_require_that(ouro_heap, "ouro_init has not run");
    if (nframe < 1 || nframe > OURO_TRACE_FRAMES) {
        ouro_error_set(OURO_VALUE_ERROR, "the number of frames must be in range [1; 8]");
        return -1;
    }
    uintptr_t start = ((uintptr_t)memory + GRANULE_BYTES - 1) & ~(uintptr_t)(GRANULE_BYTES - 1);
    if (!memory || bytes < LEAST_BYTES) {
        ouro_error_set(OURO_MEMORY_ERROR, "at least 1024 bytes are needed");
        return -1;
    }
    struct tracer *t = (struct tracer *)start;
    size_t left = bytes - (start - (uintptr_t)memory) - sizeof *t;
    *t = (struct tracer){.nframe = nframe, .stats.memory_bytes = bytes};
    t->site_bytes = (uint32_t)(sizeof(struct trace_site) + nframe * sizeof(uint32_t));
    t->sites = (uint8_t *)(t + 1);
    size_t sites = left / 4 / t->site_bytes;
    if (sites > TRACE_SITES_MOST + 1) sites = TRACE_SITES_MOST + 1;
    t->stats.site_limit = (uint32_t)sites - 1;
    t->probes = sites <= TRACE_PROBES ? (uint32_t)sites - 1 : TRACE_PROBES;
    t->starts = (uint32_t)sites - t->probes;
    t->blocks = (uint32_t *)(void *)(t->sites + sites * t->site_bytes);
    t->buckets = (uint32_t)((left - sites * t->site_bytes) / (TRACE_BUCKET * sizeof(uint32_t)));
    t->stats.block_limit = t->buckets * TRACE_BUCKET;
    clear(t);
    watch(t);
    return 0;
}

void ouro_tracemalloc_stop(void) { watch(NULL); }
bool ouro_tracemalloc_is_tracing(void) { return ouro_heap && ouro_heap->tracer; }

void ouro_tracemalloc_clear_traces(void)
{
    if (ouro_heap->tracer) clear(ouro_heap->tracer);
}

/* ---- figures ---- */

void ouro_tracemalloc_get_stats(struct ouro_tracemalloc_stats *stats)
{
    if (ouro_heap->tracer)
        *stats = ouro_heap->tracer->stats;
    else
        memset(stats, 0, sizeof *stats);
}

void ouro_tracemalloc_get_traced_memory(size_t *current, size_t *peak)
{
    struct ouro_tracemalloc_stats stats;
    ouro_tracemalloc_get_stats(&stats);
    *current = stats.traced_bytes;
    *peak = stats.peak_bytes;
}

void ouro_tracemalloc_reset_peak(void)
{
    struct tracer *t = ouro_heap->tracer;
    if (t) t->stats.peak_bytes = t->stats.traced_bytes;
}

unsigned ouro_tracemalloc_get_traceback_limit(void)
{
    return ouro_heap->tracer ? ouro_heap->tracer->nframe : 1;
}

size_t ouro_tracemalloc_get_tracemalloc_memory(void)
{
    const struct tracer *t = ouro_heap->tracer;
    if (!t) return 0;
    return sizeof *t + (t->stats.sites + 1) * t->site_bytes + t->stats.blocks * sizeof *t->blocks;
}

/* ---- checking ---- */

/* What the arena spends on a block or object in use; 0: it is none. */
static size_t spent_at(uint32_t granule)
{
    const void *at = granule_at(granule);
    if (!arena_holds(at)) return 0;
    uint32_t page = page_number(at);
    const struct ouro_obj *cell = at;
    if (!page_is_pool(page)) return block_header(at) & BLOCK_FREE ? 0 : block_bytes(at);
    return is_free_cell(peek_word(&cell->count_flags)) ? 0 : pool_cell_bytes[class_of(page)];
}

/* Do the blocks recorded add up to what a site says? */
static bool adds_up(const struct tracer *t, uint32_t number)
{
    const struct trace_site *site = trace_site(t, number);
    size_t bytes = 0, count = 0;
    for (uint32_t i = 0; i < t->stats.block_limit; i++) {
        uint32_t word = t->blocks[i];
        if (!word || word >> TRACE_SITE_SHIFT != number) continue;
        bytes += spent_at(word & GRANULE_MASK);
        count++;
    }
    return bytes == site->bytes && count == site->count;
}

const char *trace_verify(void)
{
    const struct tracer *t = ouro_heap->tracer;
    size_t bytes = 0, blocks = 0, counted = 0;
    for (uint32_t i = 0; i < t->stats.block_limit; i++) {
        uint32_t granule = t->blocks[i] & GRANULE_MASK;
        if (!granule) continue;
        blocks++;
        if (!spent_at(granule)) return "T1: a record of no block";
        if (find(t, granule) != &t->blocks[i]) return "T2: a record not where it is looked for";
    }
    for (uint32_t number = 0; number <= t->stats.site_limit; number++) {
        const struct trace_site *site = trace_site(t, number);
        if ((site->count || site->bytes) && !adds_up(t, number)) return "T3: a site's sums";
        bytes += site->bytes;
        counted += site->count;
    }
    if (bytes != t->stats.traced_bytes || blocks != t->stats.blocks || blocks != counted)
        return "T4: traced bytes";
    return NULL;
}
