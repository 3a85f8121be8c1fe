/* SPDX-License-Identifier: MIT
 * bytes.h - bytes, bytearray and memoryview: flat memory, whatever its size, in one piece.
 *
 * The three read alike: "bytes-like" below is any of them.  bytes is immutable.  A bytearray grows;
 * while a memoryview shows it, its length cannot change (BufferError).  A memoryview shows memory
 * of somebody else's, whom it keeps alive, and copies nothing.
 *
 * What says nothing of its cost is O(1). */
#ifndef OURO_BYTES_H
#define OURO_BYTES_H

#include "ouro/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- any bytes-like object ---- */

/* Its memory, borrowed (of a bytearray until its length changes; NULL if there is none), and its
 * length.  False with TypeError for what is not bytes-like.  O(1). */
bool ouro_bytes_view(ouro_ref bytes_like, const uint8_t **data, size_t *n);
/* Byte i, 0 .. 255.  i < 0 counts from the end.  -1 with IndexError or TypeError.  O(1). */
int ouro_bytes_get(ouro_ref bytes_like, ptrdiff_t i);
/* Write byte i of a bytearray, or of a memoryview of memory that may be written.
 *   value    0 .. 255
 *   returns  0, or -1 with IndexError, ValueError, or TypeError for what is immutable.  O(1) */
int ouro_bytes_set(ouro_ref bytes_like, ptrdiff_t i, int value);

/* ---- bytes: 12 bytes and the data ---- */

/* New reference to a copy of n bytes.  O(n).  NULL: MemoryError. */
ouro_ref ouro_bytes_new(const void *data, size_t n);
/* One whose bytes the caller fills in before anybody else sees it.  New reference; NULL:
 * MemoryError.  O(1). */
ouro_ref ouro_bytes_alloc(size_t n, uint8_t **data);
/* a + b as bytes, both bytes-like.  New reference; NULL: MemoryError or TypeError.  O(n). */
ouro_ref ouro_bytes_concat(ouro_ref a, ouro_ref b);

/* ---- bytearray: 24 bytes, and a bytes object that holds the data ---- */

/* All that grows is O(n) when the memory must be had anew: it is copied, as in CPython, and a
 * fourth more is asked for, so that an append copies 5 bytes on average.  They return 0, or -1 with
 * MemoryError or BufferError, and nothing has changed then. */

/* New reference to a copy of n bytes; data NULL: n zeros.  O(n).  NULL: MemoryError. */
ouro_ref ouro_bytearray_new(const void *data, size_t n);
/* Append a byte; ValueError unless it is 0 .. 255. */
int ouro_bytearray_append(ouro_ref array, int value);
/* Append what a bytes-like object holds; it may be the array itself.  TypeError if it is none. */
int ouro_bytearray_extend(ouro_ref array, ouro_ref bytes_like);
/* Cut off what is behind the first n bytes, or fill up with zeros. */
int ouro_bytearray_resize(ouro_ref array, size_t n);

/* ---- memoryview: 24 bytes ---- */

/* New reference to a view of n bytes at `data`, which stay there as long as `owner` lives (NULL:
 * for ever); a reference of its own is taken to the owner.  NULL: MemoryError.  O(1). */
ouro_ref ouro_memoryview_new(void *data, size_t n, ouro_ref owner, bool is_readonly);
/* New reference to a view of a bytes-like object; of bytes it is read-only.  NULL: MemoryError or
 * TypeError.  O(1). */
ouro_ref ouro_memoryview_of(ouro_ref bytes_like);

#ifdef __cplusplus
}
#endif
#endif
