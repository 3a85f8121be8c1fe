/* SPDX-License-Identifier: MIT
 * text.h - a str, bytes or bytearray as bytes in a row, for what works on all of them alike.
 *
 * In UTF-8 no character begins within another, so that what is searched for as bytes is found where
 * it stands as characters. */
#ifndef OURO_RUNTIME_TEXT_H
#define OURO_RUNTIME_TEXT_H

#include "ouro/text.h"
#include "types/bytes.h"
#include "types/str.h"

enum { NOWHERE = -1 };

struct text {
    ouro_ref self;
    ouro_ref held; /* while it is open: nobody changes or frees its bytes */
    const uint8_t *data;
    size_t n;
};
struct region { /* of a text: bytes from .. to - 1 */
    size_t from, to;
};

/* Where some bytes stand in others first, or last; NOWHERE.  O(n * m).  find.c */
ptrdiff_t find_bytes(const void *all, size_t n, const void *part, size_t m);
ptrdiff_t find_last_bytes(const void *all, size_t n, const void *part, size_t m);

/* Open what is to be worked on: false with TypeError. */
bool text_open(struct text *text, ouro_ref ref);
/* Open what goes with a text, of its kind: false with TypeError, for a str's with the message that
 * is given: of %T. */
bool text_open_part(struct text *part, const struct text *of, ouro_ref ref, const char *message);
void text_close(const struct text *text);
/* The same for one that may be NULL or None: then it has no data, and needs no closing. */
static inline bool is_nothing(ouro_ref ref) { return !ref || ref == OURO_NONE; }

/* A new reference to a region of a text as an object of its type; NULL: MemoryError. */
ouro_ref text_piece(const struct text *text, struct region region);
/* The same for one that is to be filled in: `data` is where. */
ouro_ref text_new(const struct text *like, size_t n, uint8_t **data);

/* Where the character that begins at `at` ends, or the one that ends there begins. */
size_t text_after(const struct text *text, size_t at);
size_t text_before(const struct text *text, size_t at);
/* What is left of a region without characters at one end: as long as they stand in `set` (a set
 * without data: are white space), or as long as they do not. */
struct region text_skip(const struct text *text, struct region region, bool at_end,
                        const struct text *set, bool while_in);

#endif
