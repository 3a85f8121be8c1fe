/* SPDX-License-Identifier: MIT
 * text_find.c - where a text has another one, how often, and at its ends.
 *
 * No code of the program's runs in here, so that nothing changes meanwhile. */
#include "types/text.h"

/* What of a text is searched, and for what. */
struct search {
    struct text text, part;
    struct region within; /* its `from` may be behind its `to`: then not even nothing is there */
    size_t start;         /* the position of `from`, in characters */
    uint8_t byte;         /* the part, where it is an int */
};

/* Characters of a region. */
static size_t count_characters(const struct text *text, struct region region)
{
    size_t n = 0;
    for (size_t at = region.from; at < region.to; at = text_after(text, at)) n++;
    return n;
}

/* The byte where a character begins. */
static size_t byte_of(const struct text *text, size_t position, bool is_ascii)
{
    size_t at = 0;
    if (is_ascii) return position;
    while (position-- > 0 && at < text->n) at = text_after(text, at);
    return at;
}

/* start and end among n, as in a slice. */
static void limit(struct search *search, ptrdiff_t start, ptrdiff_t end)
{
    const struct text *text = &search->text;
    ptrdiff_t n = (ptrdiff_t)(is_str(text->self) ? str_points(text->self) : text->n);
    bool is_ascii = (size_t)n == text->n;
    if (end > n) end = n;
    if (end < 0) end = end + n < 0 ? 0 : end + n;
    if (start < 0) start = start + n < 0 ? 0 : start + n;
    search->start = (size_t)start;
    search->within.to = byte_of(text, (size_t)end, is_ascii);
    search->within.from = start > end ? SIZE_MAX : byte_of(text, (size_t)start, is_ascii);
}

/* An int as what is looked for in bytes. */
static bool open_byte(struct search *search, ouro_ref part)
{
    int64_t number;
    if (ouro_int_get(part, &number) < 0) return false;
    if (number < 0 || number > 255) {
        ouro_error_set(OURO_VALUE_ERROR, "byte must be in range(0, 256)");
        return false;
    }
    search->byte = (uint8_t)number;
    search->part = (struct text){.self = part, .data = &search->byte, .n = 1};
    return true;
}

/* 0, or -1 with an error. */
static int open_search(struct search *search, ouro_ref text, ouro_ref part)
{
    if (!text_open(&search->text, text)) return -1;
    bool of_bytes = !is_str(text), is_number = of_bytes && !is_bytes_like(part);
    if (is_number ? open_byte(search, part)
                  : text_open_part(&search->part, &search->text, part, "must be str, not %T"))
        return 0;
    if (is_number && ouro_error_get(NULL) == OURO_TYPE_ERROR)
        error_about(OURO_TYPE_ERROR, "argument should be integer or bytes-like object, not '%T'",
                    part);
    text_close(&search->text);
    return -1;
}

static void close_search(const struct search *search)
{
    text_close(&search->part);
    text_close(&search->text);
}

/* Where the part stands in what is to be searched, from its beginning; NOWHERE. */
static ptrdiff_t look(const struct search *search, bool is_last)
{
    if (search->within.from > search->within.to) return NOWHERE;
    return (is_last ? find_last_bytes : find_bytes)(search->text.data + search->within.from,
                                                    search->within.to - search->within.from,
                                                    search->part.data, search->part.n);
}

ptrdiff_t ouro_str_find(ouro_ref text, ouro_ref part, ptrdiff_t start, ptrdiff_t end, int direction)
{
    struct search search;
    if (open_search(&search, text, part) < 0) return -2;
    limit(&search, start, end);
    ptrdiff_t at = look(&search, direction < 0);
    if (at != NOWHERE) {
        size_t from = search.within.from;
        struct region before = {from, from + (size_t)at};
        at = (ptrdiff_t)(search.start + count_characters(&search.text, before));
    }
    close_search(&search);
    return at;
}

ptrdiff_t ouro_str_index(ouro_ref text, ouro_ref part, ptrdiff_t start, ptrdiff_t end,
                         int direction)
{
    ptrdiff_t at = ouro_str_find(text, part, start, end, direction);
    if (at == NOWHERE)
        ouro_error_set(OURO_VALUE_ERROR,
                       is_str(text) ? "substring not found" : "subsection not found");
    return at < 0 ? -1 : at;
}

ptrdiff_t ouro_str_count(ouro_ref text, ouro_ref part, ptrdiff_t start, ptrdiff_t end)
{
    struct search search;
    ptrdiff_t count = 0;
    if (open_search(&search, text, part) < 0) return -1;
    limit(&search, start, end);
    struct region *within = &search.within;
    if (search.part.n == 0) { /* it stands before each character, and at the end */
        if (within->from <= within->to)
            count = (ptrdiff_t)count_characters(&search.text, *within) + 1;
    } else {
        for (ptrdiff_t at; (at = look(&search, false)) != NOWHERE; count++)
            within->from += (size_t)at + search.part.n;
    }
    close_search(&search);
    return count;
}

/* ---- at the ends ---- */

static int match(struct search *search, ouro_ref part, bool at_end, const char *message)
{
    const struct region *within = &search->within;
    if (!text_open_part(&search->part, &search->text, part, message)) return -1;
    size_t n = search->part.n;
    bool matches = within->from <= within->to && n <= within->to - within->from;
    if (matches && n)
        matches = memcmp(search->text.data + (at_end ? within->to - n : within->from),
                         search->part.data, n) == 0;
    text_close(&search->part);
    return matches;
}

static int match_any(struct search *search, ouro_ref parts, bool at_end)
{
    int result = 0;
    size_t n = ouro_tuple_len(parts);
    for (size_t i = 0; i < n && result == 0; i++)
        result = match(search, ouro_tuple_get(parts, (ptrdiff_t)i), at_end,
                       at_end ? "tuple for endswith must only contain str, not %T"
                              : "tuple for startswith must only contain str, not %T");
    return result;
}

int ouro_str_tailmatch(ouro_ref text, ouro_ref part, ptrdiff_t start, ptrdiff_t end, int direction)
{
    struct search search;
    int result = -1;
    bool at_end = direction > 0;
    if (!text_open(&search.text, text)) return -1;
    limit(&search, start, end);
    if (ouro_is_tuple(part)) {
        result = match_any(&search, part, at_end);
    } else if (is_str(text) ? is_str(part) : is_bytes_like(part)) {
        result = match(&search, part, at_end, "%T");
    } else {
        const char *kind = is_str(text) ? "str" : "bytes";
        error_about(OURO_TYPE_ERROR, "%s first arg must be %s or a tuple of %s, not %T",
                    at_end ? "endswith" : "startswith", kind, kind, part);
    }
    text_close(&search.text);
    return result;
}
