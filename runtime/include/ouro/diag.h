/* SPDX-License-Identifier: MIT
 * diag.h - read-only snapshots: what the console, a test or a crash dump may look at. */
#ifndef OURO_DIAG_H
#define OURO_DIAG_H

#include "ouro/core.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ouro_mem_stats {
    size_t arena_bytes;       /* given to ouro_init */
    size_t control_bytes;     /* of those, the runtime's own tables */
    size_t used_bytes;        /* in live cells and blocks, headers and rounding included */
    size_t peak_bytes;        /* highest used_bytes so far */
    size_t free_bytes;        /* in free pages and free cells */
    size_t largest_run_bytes; /* longest run of free pages */
    uint32_t page_bytes;
    uint32_t pages, pages_free, pages_pool, pages_large;
    uint32_t objects;  /* live objects, hidden nodes included */
    uint32_t failures; /* allocations that failed */
};
void ouro_diag_mem(struct ouro_mem_stats *stats);
/* Forget the peak: it is used_bytes from now on. */
void ouro_diag_reset_peak(void);

struct ouro_pool_stats {
    uint32_t cell_bytes, pages, cells_used, cells_free;
};
/* Size class i (0, 1, ...): false past the last one. */
bool ouro_diag_pool(unsigned i, struct ouro_pool_stats *stats);

/* True reference count, without the temporary one of sys.getrefcount; immortals and immediates
 * report UINT32_MAX. */
uint32_t ouro_diag_refcount(ouro_ref ref);
/* Bytes that the arena spends on the object itself: header, rounding and the nodes of a list or
 * dict included, items not.  0 for immediates and objects in flash.  O(nodes) for containers. */
size_t ouro_diag_sizeof(ouro_ref ref);
/* Bytes of the object and all it reaches; shared objects once, cycles survived.
 *   returns  SIZE_MAX with MemoryError when there is no memory for the walk; O(n) */
size_t ouro_diag_deepsize(ouro_ref ref);
/* Identity: address, or the tagged word of an immediate. */
uintptr_t ouro_diag_id(ouro_ref ref);

/* Verify every invariant of the heap; O(heap).
 *   returns NULL, or the text of the first invariant found broken */
const char *ouro_diag_verify(void);

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
 * of `bytes` must be the number.  False if it is not one. */
bool ouro_parse_float(const char *text, size_t bytes, double *value);
/* Python's str.isprintable for one code point. */
bool ouro_is_printable(uint32_t code_point);

#ifdef __cplusplus
}
#endif
#endif
