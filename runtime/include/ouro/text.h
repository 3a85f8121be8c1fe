/* SPDX-License-Identifier: MIT
 * text.h - searching, splitting and changing texts: the methods of Python's str, and those of the
 * same names of bytes and bytearray.
 *
 * `text` below is a str, bytes or a bytearray.  Of a str positions and lengths are code points, and
 * what goes with it are strs; of the others bytes, and anything bytes-like goes with them.  What is
 * made is of the text's own type.  start and end are clamped as in a slice (0 and PTRDIFF_MAX are
 * all of it).  Errors are TypeError for another type, MemoryError, and those that are named.
 *
 * What says nothing of its cost is O(length of the text) beyond the search, which is O(length of
 * the text * length of what is looked for) at worst. */
#ifndef OURO_TEXT_H
#define OURO_TEXT_H

#include "ouro/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- searching ---- */

/* Where `part` stands in text[start:end]: first if direction > 0, last if it is negative.  In bytes
 * it may be an int, too: one byte.
 *   returns  its position in the text; -1 if it is not there; -2 with TypeError, or ValueError for
 *            an int that is no byte */
ptrdiff_t ouro_str_find(ouro_ref text, ouro_ref part, ptrdiff_t start, ptrdiff_t end,
                        int direction);
/* The same for what has to be there: -1 with ValueError, too. */
ptrdiff_t ouro_str_index(ouro_ref text, ouro_ref part, ptrdiff_t start, ptrdiff_t end,
                         int direction);
/* How often it stands there, without overlaps; -1 with an error. */
ptrdiff_t ouro_str_count(ouro_ref text, ouro_ref part, ptrdiff_t start, ptrdiff_t end);
/* Does text[start:end] start with it (direction < 0), or end (> 0)?  It may be a tuple: with one of
 * its items.  1, 0, or -1 with TypeError. */
int ouro_str_tailmatch(ouro_ref text, ouro_ref part, ptrdiff_t start, ptrdiff_t end, int direction);

/* ---- taking apart ---- */

/* A list of what stands between separators: new reference.
 *   separator  NULL or None: any run of white space, and none at the ends
 *   most       how often it is split, from the left or from the right; negative: no limit
 *   NULL       with an error; ValueError: the separator is empty */
ouro_ref ouro_str_split(ouro_ref text, ouro_ref separator, ptrdiff_t most);
ouro_ref ouro_str_rsplit(ouro_ref text, ouro_ref separator, ptrdiff_t most);
/* A list of its lines, with their ends or without.  New reference; NULL: MemoryError. */
ouro_ref ouro_str_splitlines(ouro_ref text, bool keeps_ends);
/* A tuple: what is before the first (the last) separator, the separator, and what is behind; where
 * there is none, the text and twice nothing (nothing twice and the text).  New reference; NULL with
 * an error; ValueError: the separator is empty. */
ouro_ref ouro_str_partition(ouro_ref text, ouro_ref separator);
ouro_ref ouro_str_rpartition(ouro_ref text, ouro_ref separator);

/* ---- changing ---- */

enum { OURO_STRIP_LEFT = 1, OURO_STRIP_RIGHT = 2, OURO_STRIP_BOTH = 3 };

/* What is left of it without what stands in `characters` at its ends; NULL or None: without white
 * space.  New reference; NULL with an error. */
ouro_ref ouro_str_strip(ouro_ref text, ouro_ref characters, unsigned ends);
/* With another part in the place of each, the first `most` of them (negative: all).  New reference;
 * NULL with an error. */
ouro_ref ouro_str_replace(ouro_ref text, ouro_ref part, ouro_ref by, ptrdiff_t most);
/* New reference to it with its ASCII letters in lower or upper case (of a str, too: Python knows
 * others there).  NULL: MemoryError or TypeError. */
ouro_ref ouro_str_lower(ouro_ref text);
ouro_ref ouro_str_upper(ouro_ref text);

/* ---- bytes ---- */

/* separator.join(items), of bytes-like objects: new reference to bytes (a bytearray, if the
 * separator is one); NULL with TypeError, MemoryError, BufferError or the iterator's error.  Strs
 * are joined by ouro_str_join(). */
ouro_ref ouro_bytes_join(ouro_ref separator, ouro_ref items);
/* A bytes-like object as a str of two digits a byte, and back, where spaces may stand between
 * bytes. New reference; NULL with MemoryError, TypeError, or ValueError: not hexadecimal. */
ouro_ref ouro_bytes_hex(ouro_ref bytes_like);
ouro_ref ouro_bytes_fromhex(ouro_ref str);

#ifdef __cplusplus
}
#endif
#endif
