/* SPDX-License-Identifier: MIT
 * heap.h - everything the runtime remembers: one struct at the start of the arena.
 *
 * Outside the arena there is the root alone (block.h).  The arena holds, in order: struct
 * heap, the bins of free blocks, the page sets (pageset.h), the side table of a byte a page, and
 * the pages; what is left at the end is less than a page and the block layer's.  Pages are numbered
 * from `base`; objects name each other by granule, the 8-byte unit counted from `base`, so that a
 * link fits in 21 bits.  Granule 0 is a page header and serves as "none". */
#ifndef OURO_RUNTIME_HEAP_H
#define OURO_RUNTIME_HEAP_H

#include "check.h"
#include "ouro/core.h"
#include "ouro/gc.h"

enum {
    PAGE_SHIFT = 9,
    PAGE_BYTES = 1 << PAGE_SHIFT,
    GRANULE_SHIFT = 3,
    GRANULE_BYTES = 1 << GRANULE_SHIFT,
    RUN_BINS = 16,
    POOL_CLASSES = 13,
    PAGE_SETS = 4,
    BINS = 64,       /* heads of free blocks, at most */
    BINS_EXACT = 32, /* granules: below, each number has a bin; above, each half of a power of 2 */
    FAST_GRANULES = 7, /* objects of fewer granules have a common path of their own */
    ERROR_BYTES = 96,
    ROOM_NONE = 1 << 30, /* more than any arena has */
};

/* A set of pages for each label that an object of a generation can have: see pageset.h. */
struct pageset_group {
    uint32_t bits[PAGE_SETS];
};

struct page;

struct arena {
    uint8_t *base;     /* page 0, aligned to PAGE_BYTES */
    uint8_t *side;     /* a byte a page: enum page_kind, or the size class + 1 */
    uint32_t pages;    /* that fit */
    uint32_t mark;     /* pages below were handed out or are in free runs; the rest is virgin */
    uint8_t *end;      /* of the zone of blocks */
    uint32_t granules; /* of all that ouro_init() was given */
};
/* Free runs of pages, and pages that pools borrowed from blocks. */
struct runs {
    uint32_t bins;          /* bit i: free runs of 2^i .. 2^(i+1)-1 pages exist */
    uint16_t run[RUN_BINS]; /* 1 + first page of the first run of each bin */
    uint32_t pages_free;    /* in runs */
    uint32_t *lent; /* bit: pools borrowed some of 32 pages of the zone; a word for 1024 pages */
    uint32_t lent_words; /* bit: that word of `lent` is in use */
};

/* The block layer: see block.h. */
struct free_block {
    struct free_block *next, *back;
};
struct blocks {
    uint8_t *bottom;              /* lowest block of the zone; below it virgin memory */
    uint32_t exact;               /* bit b: exact_bin[b] holds free blocks */
    struct free_block *exact_bin; /* heads, as many as the arena is large */
    uint32_t large;               /* bit b: large_bin[b] holds free blocks */
    struct free_block *large_bin; /* behind the others */
    uint32_t region_pages;        /* of regions, less those lent from the zone: may be "negative" */
    uint8_t *pin; /* a block in use that ouro_check() comes back to; its OBJECT is wrong */
};

/* Where the check in pieces stands: see check.c. */
struct check {
    uint32_t table, page, cell; /* cell 0: about to enter the page */
    bool is_in_zone;
};

struct pool_class {
    struct page *current;  /* where cells come from, full or not; on no list; NULL: none */
    uint16_t listed, last; /* 1 + first and last of the other pages with room; 0: none */
    uint32_t pages, used;  /* pages; cells in use, but for those of the current page */
};

/* When the collector starts cycles by itself, beside CPython's thresholds: see Pacing in DESIGN. */
struct limits {
    uint32_t bound;              /* F: bytes that may float */
    uint32_t average;            /* bytes of an object */
    uint32_t units[2];           /* times 16: what a cycle takes for an object; [1]: over the old */
    uint32_t young;              /* births */
    uint32_t aging;              /* objects that came to generation 1 */
    uint32_t promoted;           /* and to generation 2 */
    uint32_t settled;            /* bytes in use as the last cycle over the old ended */
    uint32_t base;               /* the larger of the last two of those */
    uint32_t late_old;           /* bytes in use above which a cycle over the old is late */
    uint32_t late;               /* the running cycle */
    uint32_t halves_old, halves; /* half budgets that a call pays then, at most */
};

/* A cycle.  One over the young may interrupt one over the old: then there are two. */
struct cycle {
    uint8_t generation;
    uint8_t to;          /* label of those that survive */
    bool is_second_look; /* COUNT and MARK run again, over what RELABEL condemned */
    bool was_touched;    /* something condemned was touched since the flip */
    bool has_some;       /* on the page under the cursor; MARK: candidates; CUT: survivors */
    uint32_t s_members;  /* who is in S: see is_member() */
    uint32_t s_sets;     /* bit per page set: where S lives */
    uint32_t cursor_page, cursor_cell; /* granule of a cell there; 0: on to the next in S */
    uint32_t gray_head, garbage_head;  /* granules */
    uint32_t candidates;
    uint32_t members;   /* of S: COUNT found so many */
    uint32_t survivors; /* CUT: so far, on the pages that it looked at */
    uint32_t births;    /* since the last cycle over the young, as it started */
    uint32_t pace;      /* units owed for each granule allocated, times 16 */
    int32_t debt;       /* units, times 16; never less than none */
    uint32_t paid;      /* units */
    uint32_t expected;  /* objects to look at, as it started */
};

struct gc {
    uint32_t freed;    /* objects that died by counting, ever */
    uint32_t count[3]; /* CPython's, but that `freed` is to be taken off the first: young_count() */
    uint32_t trigger;  /* young_count() from which on making an object begins with paying */
    int32_t window;    /* bytes of `room` that the running cycle left to the common paths */
    uint32_t birth_flags; /* header of what is born now and tracked: count 1 and the nursery */
    uint32_t birth_page;  /* the nursery's bit in the header of a page */
    union {
        struct {
            uint8_t phase;  /* enum ouro_gc_phase */
            bool is_traced; /* there is a tracer */
        };
        uint16_t is_watched; /* either: memory that is taken has to be told of */
    };
    uint8_t nursery; /* label of what is born now: HALF_A or HALF_B */
    bool enabled;
    bool is_open; /* the common paths have a window: nobody has to look but at what is owed */
    bool has_called_out;  /* a finalizer ran in this call: enough of it */
    uint8_t callouts;     /* user code on the stack that the collector called */
    uint8_t finalizers;   /* finalizers on the stack, whoever called them */
    uint8_t parked_phase; /* of the interrupted cycle */
    uint32_t pair; /* type with two references and nothing special, of which garbage was; 0: none */
    uint8_t survival;    /* how many of 16 births survived the last cycle over the youngest */
    struct cycle now;    /* the running cycle */
    struct cycle parked; /* the one over the old that it interrupted; all 0: none */
    uint32_t dead_head;  /* granule */
    ouro_ref due_head, due_tail; /* weak references whose callback is due: see weak.h */
    uint32_t special;            /* objects with a finalizer to run, or with weak references */
    uint32_t alloc_units, release_units; /* budgets of one call */
    uint32_t threshold[3];
    uint32_t old_pending, old_total; /* CPython's rule for full collections: long-lived objects */
    struct limits limits;
    uint32_t aging;    /* objects that came to generation 1 since it was collected */
    uint32_t aged;     /* and those that stayed there then */
    uint32_t promoted; /* to generation 2 since that was collected */
};

/* What ouro_gc_get_stats() tells. */
struct gc_figures {
    uint32_t collections[3], collected[3], resurrected, forced, overflowed;
    uint32_t longest_step;
    uint32_t units; /* ever: it may wrap */
};

/* At CHECK=3, what was given back waits here: see quarantine.h. */
enum { QUARANTINE = 32 };
struct quarantine {
    void *waiting[QUARANTINE]; /* a ring */
    uint32_t next;             /* the oldest, whose place the next one takes */
    uint32_t cells[POOL_CLASSES];
};

/* What is told about cycles: gc_monitor.c and gc_garbage.c. */
struct gc_monitor {
    struct ouro_gc_info cycle;  /* the running one, or the last */
    struct ouro_gc_info parked; /* the interrupted one */
    struct ouro_gc_info told;   /* what callbacks are told */
    uint64_t duration[3];
    uint32_t uncollectable[3], candidates[3];
    uint32_t float_peak;   /* objects that a cycle found to be garbage, at most */
    uint32_t longest_step; /* instructions */
    uint64_t (*clock)(void);
    uint64_t timed;                           /* what the clock said last */
    struct ouro_gc_callback *callbacks, *due; /* all; the next to be called */
    bool is_stop;                             /* the same */
    bool has_uncollectable;                   /* there ever was such an object */
    uint8_t debug;
    ouro_ref garbage; /* a list, or NULL */
    ouro_write_fn *output;
    void *output_context;
};

/* What is used most comes first: Thumb reaches the first 124 bytes with short instructions. */
struct heap {
    uint32_t list_changes; /* first: ouro_list_walk_next() reads it.  Leaves of lists replaced */
    /* Current pages of the small classes, by granules of a cell less 1, that a tracked object (the
     * page is in the nursery's set) or a leaf may take a cell of; pool_none: take the long way. */
    struct page *fast[2][FAST_GRANULES - 1]; /* [0] tracked, [1] leaves */
    struct arena arena;
    int32_t headroom; /* with `room`: peak_bytes less the bytes in live cells and blocks */
    int32_t room;     /* bytes that the common paths may take before somebody has to look, and what
                       * they gave back; ROOM_NONE less, below 0, while each call has to look */
    struct gc gc;
    uint32_t peak_bytes;
    uint32_t large_objects;
    struct runs runs;
    struct gc_figures figures;
    struct check check;
    struct blocks blocks;
    struct pool_class pools[POOL_CLASSES];
    uint32_t spare, spares; /* 1 + the first of the empty pages that any class may have; how many */
    struct pageset_group set_root; /* level 2; the lower levels lie behind this struct */
    struct pageset_group *set_middle, *set_leaves;
    uint32_t failures;
    uint32_t refuse_from; /* tests set it: n > 0 refuses the nth request for memory and all later */
    uint32_t pages_opened;  /* by pools, ever: a call that opened one does no more */
    uint32_t node_requests; /* nodes that containers asked for: a test watches it */
    uint32_t hash_seed[4];
    uint32_t hashed_by_code; /* how often __hash__ was called: tables keep such hashes */
    ouro_ref interned;       /* root of the index of interned strings, or NULL */
    uint32_t interned_count;
    uint8_t comparing; /* comparisons of containers on the stack */
#if OURO_CHECK >= 3
    struct quarantine quarantine;
#endif
    const void *suspect;   /* what a panic is about */
    const void *caller;    /* the last that allocates: see note_caller() */
    struct tracer *tracer; /* records what allocates; NULL: nothing does.  See tracemalloc.h */
    uint32_t seal;         /* heap_seal() as ouro_init left it */
    enum ouro_error_kind error_kind;
    const char *error_message;
    ouro_ref error_value; /* what was raised last as an object: see exception.c */
    ouro_error_hook *error_hook;
    ouro_ref finalize_newest; /* of those that are alive */
    struct gc_monitor monitor;
    const struct ouro_search *search; /* whose phase SEARCH is; only ever compared */
    char error_text[ERROR_BYTES];     /* where a message that is no literal is made */
};

extern struct heap *ouro_heap;

_Static_assert(offsetof(struct heap, list_changes) == 0, "ouro_list_walk_next() reads it there");

/* A sum over the words of struct heap that never change after ouro_init. */
uint32_t heap_seal(void);

/* ---- accounts ---- */

/* What `room` says of the headroom. */
static inline int32_t heap_room(const struct heap *heap)
{
    return heap->room + (heap->room < 0 ? ROOM_NONE : 0);
}
/* Bytes in live cells and blocks, rounding included. */
static inline size_t heap_used_bytes(const struct heap *heap)
{
    return heap->peak_bytes - (uint32_t)(heap->headroom + heap_room(heap));
}
/* Set gc.trigger.  The common paths may take no more for now; with 0, until it is set again.  What
 * they took while a cycle ran is owed now.  In collector.c. */
void heap_set_trigger(struct heap *heap, uint32_t trigger);
/* All calls are to look, if they do not. */
static inline void heap_somebody_waits(struct heap *heap)
{
    if (heap->room >= 0 || heap->gc.is_open) heap_set_trigger(heap, 0);
}
/* More is in use than ever before. */
static inline void heap_note_peak(struct heap *heap)
{
    if (heap->headroom >= 0) return;
    heap->peak_bytes -= (uint32_t)heap->headroom;
    heap->headroom = 0;
}
/* The same, when there may be room: all calls are to look. */
void heap_pass_peak(struct heap *heap);
/* Bytes were handed out, or came back. */
static inline void heap_spend(struct heap *heap, size_t bytes)
{
    heap->headroom -= (int32_t)bytes;
    if (heap->headroom >= 0) return;
    if (heap->room)
        heap_pass_peak(heap);
    else
        heap_note_peak(heap);
}
static inline void heap_earn(struct heap *heap, size_t bytes) { heap->headroom += (int32_t)bytes; }

/* Tracked objects born since the last cycle began, less those freed; never less than none. */
static inline uint32_t young_count(const struct gc *gc)
{
    uint32_t count = gc->count[0] - gc->freed;
    return (int32_t)count > 0 ? count : 0;
}
static inline void young_set(struct gc *gc, uint32_t count) { gc->count[0] = gc->freed + count; }
/* One was freed; or it is not to be counted. */
static inline void young_gone(struct gc *gc) { gc->count[0]--; }
/* An object died by counting; its memory is given back by another call. */
static inline void count_freed(struct gc *gc)
{
    gc->freed++;
    gc->count[0]++;
}

/* Where the stack begins above the frame of the function that this is expanded in.  The function
 * that allocates keeps the address that it returns to in the word below that: see ouro/port.h. */
#define STACK() __builtin_dwarf_cfa()
/* What may allocate remembers it: an instruction, and one more for the macro. */
__attribute__((always_inline)) static inline void note_caller(const void *stack)
{
    ouro_heap->caller = stack;
}
#define NOTE_CALLER() note_caller(STACK())
/* Where the last call that may allocate returns to; it ends CALL_BACK bytes before that.  That call
 * may be over, for what allocates without a note: then it is any word. */
enum { CALL_BACK = 2 };
BLIND static inline uint32_t caller_site(void)
{
    const uintptr_t *stack = ouro_heap->caller;
    return stack ? (uint32_t)stack[-1] : 0;
}

/* Test builds: is this request for memory to be refused? */
static inline bool heap_refuses(void)
{
    struct heap *heap = ouro_heap;
    if (OURO_CHECK < 2 || heap->refuse_from == 0) return false;
    if (heap->refuse_from == 1) return true;
    heap->refuse_from--;
    return false;
}

/* The error state, put by while the runtime calls code of the program's own accord (error.c), and
 * for which call of the program it does so. */
struct error_state {
    const void *caller;
    enum ouro_error_kind kind;
    const char *message;
    ouro_ref value;
    char text[ERROR_BYTES];
};
void error_save(struct error_state *state);
void error_restore(const struct error_state *state);
/* Tell the hook of the error that is set, in something that belongs to `where`. */
void error_report(ouro_ref where);

static inline uint32_t granule_of(const void *address)
{
    return (uint32_t)((size_t)((const uint8_t *)address - ouro_heap->arena.base) >> GRANULE_SHIFT);
}
static inline void *granule_at(uint32_t granule)
{
    return ouro_heap->arena.base + ((size_t)granule << GRANULE_SHIFT);
}

#endif
