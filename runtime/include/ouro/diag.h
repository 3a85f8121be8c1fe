/* SPDX-License-Identifier: MIT
 * diag.h - read-only snapshots: what the console, a test or a crash dump may look at.
 *
 * What says nothing of its cost is O(1). */
#ifndef OURO_DIAG_H
#define OURO_DIAG_H

#include "ouro/core.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- memory ---- */

/* arena = control + used + lost + free. */
struct ouro_mem_stats {
    size_t arena_bytes;   /* given to ouro_init */
    size_t control_bytes; /* of those, the runtime's own tables */
    size_t used_bytes;    /* in live cells and blocks, headers and rounding included */
    size_t lost_bytes;    /* headers of pages, and what is left of a page behind its last cell */
    size_t free_bytes;    /* in free cells, free pages, free blocks, and never used */
    size_t peak_bytes;    /* highest used_bytes so far */
    size_t largest_free_bytes; /* longest block to be had at once; its header takes 4 of them */
    uint32_t fragmentation_percent; /* of what is free: what is not in the longest stretch */
    uint32_t page_bytes;
    uint32_t pages, pages_free, pages_pool, pages_large;
    uint32_t objects;  /* live objects, hidden nodes included */
    uint32_t failures; /* allocations that failed */
};
/* O(1). */
void ouro_diag_mem(struct ouro_mem_stats *stats);
/* Forget the peak: it is used_bytes from now on. */
void ouro_diag_reset_peak(void);

struct ouro_pool_stats {
    uint32_t cell_bytes, pages, cells_used, cells_free;
    uint32_t header_bytes; /* of each page */
    uint32_t lost_bytes;   /* behind the last cells of its pages */
};
/* Size class i (0, 1, ...): false past the last one.  O(1). */
bool ouro_diag_pool(unsigned i, struct ouro_pool_stats *stats);

enum ouro_extent_kind {
    OURO_EXTENT_CELLS,  /* a page of cells of one size */
    OURO_EXTENT_PAGES,  /* free pages */
    OURO_EXTENT_VIRGIN, /* never used, or as good as that: in one piece, between pages and blocks */
    OURO_EXTENT_OBJECT, /* a block that holds a large object */
    OURO_EXTENT_BLOCK,  /* a block that C code was given */
    OURO_EXTENT_FREE_BLOCK,
};
/* A stretch of the arena that serves one purpose. */
struct ouro_extent {
    enum ouro_extent_kind kind;
    uint32_t page;     /* number of the page that it begins in */
    const uint8_t *at; /* where it begins; for a block, its header */
    size_t bytes;
    size_t asked_bytes; /* of those, asked for by what is in use: the rest is internal waste.  Of
                         * C code's blocks this is known at CHECK=2 and up, else it is what may be
                         * used of the block */
    uint32_t cell_bytes, cells, cells_used; /* CELLS */
    const struct ouro_type *type;           /* OBJECT */
};
/* Walk over the whole arena by address: start with zeros; false at the end.  O(1) a call.  Nothing
 * may be allocated or freed meanwhile. */
bool ouro_diag_next(struct ouro_extent *extent);

struct ouro_cell {
    const struct ouro_type *type; /* of the object in it; NULL: free */
    bool is_virgin;               /* free, and was never used */
    bool is_dead;                 /* its object waits for what it refers to be dropped */
};
/* Cell i (0, 1, ...) of an extent of cells; false past the last one, or if it has none.  O(1). */
bool ouro_diag_cell(const struct ouro_extent *extent, unsigned i, struct ouro_cell *cell);

/* ---- objects ---- */

/* True reference count, without the temporary one of sys.getrefcount; immortals and immediates
 * report UINT32_MAX. */
uint32_t ouro_diag_refcount(ouro_ref ref);
/* Bytes that the arena spends on the object itself: header, rounding and the nodes of a list or
 * dict included, items not.  0 for immediates and objects in flash.  O(nodes) for containers. */
size_t ouro_diag_sizeof(ouro_ref ref);
/* Bytes of the object and all it reaches; shared objects once, cycles survived; in constant memory.
 * A search (search.h): a running cycle is finished first.
 *   returns  SIZE_MAX with RuntimeError when called from a finalizer or callback
 *   cost     O(heap): each object looked at twice */
size_t ouro_diag_deepsize(ouro_ref ref);
/* Identity: address, or the tagged word of an immediate. */
uintptr_t ouro_diag_id(ouro_ref ref);

/* Verify every invariant of the heap; O(heap).
 *   returns NULL, or the text of the first invariant found broken */
const char *ouro_diag_verify(void);

/* Verify the heap in pieces, while the program runs on between the calls.
 *   units    how much to look at: a cell, a slot, a block, a page's list or a bin counts one or a
 *            few; some 40 instructions each
 *   broken   receives the text of what was found broken, else NULL
 *   returns  BROKEN; PASSED when this call has ended a pass over the whole heap: the next one
 *            begins another; else GOES_ON
 *   cost     O(units), at most 80 more than asked for; allocates nothing, calls nobody
 * What is broken before a pass begins is found by its end, except what shows in sums over the
 * whole heap only: those are ouro_diag_verify()'s.  Panics never: that is up to the caller;
 * ouro_diag_suspect() says what it is about. */
enum ouro_check_status { OURO_CHECK_GOES_ON, OURO_CHECK_PASSED, OURO_CHECK_BROKEN };
enum ouro_check_status ouro_check(uint32_t units, const char **broken);

/* What lies at an address: the cell or block, its class and sizes, and in test builds how many
 * bytes were asked for and where the call was made.  One line.  For crash dumps: reads nothing
 * outside the arena, and believes nothing that it can check.  O(blocks). */
void ouro_diag_describe(const void *address, ouro_write_fn *write, void *context);
/* The address that the runtime's panic is about, or NULL. */
const void *ouro_diag_suspect(void);

/* What the runtime was doing, for a crash dump: phase, units, totals.  Reads nothing that a
 * corrupted heap could turn into a fault. */
void ouro_diag_crash(ouro_write_fn *write, void *context);

/* Numbers without printf, for writers of diagnostics.  Return the length; `out` needs 24 bytes
 * for an integer, 32 for a float.  Not zero-terminated. */
size_t ouro_format_int(char *out, int64_t value);
size_t ouro_format_hex(char *out, uint64_t value, unsigned digits);
/* Shortest text that reads back as the same double, in the form of Python's repr(). */
size_t ouro_format_float(char *out, double value);
/* Decimal text (JSON or Python float syntax, no spaces) to the nearest double, ties to even; all
 * of `bytes` must be the number.  False if it is not one.  O(bytes). */
bool ouro_parse_float(const char *text, size_t bytes, double *value);
/* Python's str.isprintable for one code point. */
bool ouro_is_printable(uint32_t code_point);

#ifdef __cplusplus
}
#endif
#endif
