/* SPDX-License-Identifier: MIT
 * text_split.c - a text in parts: between separators, by lines, before and behind.
 *
 * What is left to be split is a region, which gets shorter at one end.  To make a part may run code
 * of the program's: the text and the separator are held, and nobody else sees the list. */
#include "types/text.h"

/* ---- lists of parts ---- */

/* Append a part to a list, which is dropped where that fails: false. */
static bool append(ouro_ref *list, const struct text *text, struct region region)
{
    ouro_ref part = text_piece(text, region);
    if (!part || ouro_list_append(*list, part) < 0) ouro_put(list, NULL);
    ouro_xdecref(part);
    return *list != NULL;
}

/* The next part at one end of what is left.  1: there is one, and what is left begins behind its
 * separator; 0: there is no separator any more. */
static int split_off(const struct text *text, const struct text *separator, bool at_end,
                     struct region *left, struct region *part)
{
    *part = *left;
    if (separator->self) {
        ptrdiff_t at = (at_end ? find_last_bytes : find_bytes)(
            text->data + left->from, left->to - left->from, separator->data, separator->n);
        if (at == NOWHERE) return 0;
        size_t found = left->from + (size_t)at, behind = found + separator->n;
        *(at_end ? &part->from : &part->to) = at_end ? behind : found;
        *(at_end ? &left->to : &left->from) = at_end ? found : behind;
        return 1;
    }
    *left = text_skip(text, *left, at_end, separator, false); /* it begins with white space now */
    *(at_end ? &part->from : &part->to) = at_end ? left->to : left->from;
    return left->from < left->to;
}

static ouro_ref split_text(const struct text *text, const struct text *separator, ptrdiff_t most,
                           bool at_end)
{
    struct region left = {0, text->n}, part;
    ouro_ref list = ouro_list_new();
    bool by_space = !separator->self;
    while (list) {
        if (by_space) left = text_skip(text, left, at_end, separator, true);
        if (by_space && left.from == left.to) break;
        struct region rest = left;
        if (most-- == 0 || split_off(text, separator, at_end, &left, &part) == 0) {
            (void)append(&list, text, rest);
            break;
        }
        (void)append(&list, text, part);
    }
    if (list && at_end) ouro_list_reverse(list);
    return list;
}

static ouro_ref split(ouro_ref ref, ouro_ref by, ptrdiff_t most, bool at_end)
{
    struct text text, separator = {0};
    ouro_ref list = NULL;
    if (!text_open(&text, ref)) return NULL;
    if (is_nothing(by) || text_open_part(&separator, &text, by, "must be str or None, not %T")) {
        if (separator.self && separator.n == 0)
            ouro_error_set(OURO_VALUE_ERROR, "empty separator");
        else
            list = split_text(&text, &separator, most, at_end);
        text_close(&separator);
    }
    text_close(&text);
    return list;
}

ouro_ref ouro_str_split(ouro_ref text, ouro_ref separator, ptrdiff_t most)
{
    return split(text, separator, most, false);
}
ouro_ref ouro_str_rsplit(ouro_ref text, ouro_ref separator, ptrdiff_t most)
{
    return split(text, separator, most, true);
}

/* ---- lines ---- */

/* Bytes of the end of a line that begins at `at`; 0: none does. */
static size_t line_end(const struct text *text, size_t at)
{
    const uint8_t *byte = text->data + at;
    uint8_t c = byte[0];
    if (c == '\r') return at + 1 < text->n && byte[1] == '\n' ? 2 : 1;
    if (c == '\n') return 1;
    if (!is_str(text->self)) return 0;
    if (c == 0xc2) return byte[1] == 0x85 ? 2 : 0;
    if (c == 0xe2) return byte[1] == 0x80 && (byte[2] & 0xfe) == 0xa8 ? 3 : 0;
    return c == '\v' || c == '\f' || (c >= 0x1c && c <= 0x1e);
}

ouro_ref ouro_str_splitlines(ouro_ref ref, bool keeps_ends)
{
    struct text text;
    if (!text_open(&text, ref)) return NULL;
    ouro_ref list = ouro_list_new();
    for (size_t from = 0; list && from < text.n;) {
        size_t at = from, n = 0;
        for (; at < text.n && (n = line_end(&text, at)) == 0;) at++;
        (void)append(&list, &text, (struct region){from, keeps_ends ? at + n : at});
        from = at + n;
    }
    text_close(&text);
    return list;
}

/* ---- three parts ---- */

static ouro_ref partition(const struct text *text, const struct text *separator, bool at_end)
{
    ptrdiff_t at =
        (at_end ? find_last_bytes : find_bytes)(text->data, text->n, separator->data, separator->n);
    size_t from = at != NOWHERE ? (size_t)at : at_end ? 0 : text->n;
    size_t to = at != NOWHERE ? from + separator->n : from;
    const struct region regions[] = {{0, from}, {from, to}, {to, text->n}};
    ouro_ref parts[3] = {0}, tuple = NULL;
    unsigned n = 0;
    for (; n < 3; n++)
        if (!(parts[n] = text_piece(text, regions[n]))) break;
    if (n == 3) tuple = ouro_tuple_new(3, parts);
    while (n-- > 0) ouro_decref(parts[n]);
    return tuple;
}

static ouro_ref open_partition(ouro_ref ref, ouro_ref by, bool at_end)
{
    struct text text, separator;
    ouro_ref tuple = NULL;
    if (!text_open(&text, ref)) return NULL;
    if (text_open_part(&separator, &text, by, "must be str, not %T")) {
        if (separator.n == 0)
            ouro_error_set(OURO_VALUE_ERROR, "empty separator");
        else
            tuple = partition(&text, &separator, at_end);
        text_close(&separator);
    }
    text_close(&text);
    return tuple;
}

ouro_ref ouro_str_partition(ouro_ref text, ouro_ref separator)
{
    return open_partition(text, separator, false);
}
ouro_ref ouro_str_rpartition(ouro_ref text, ouro_ref separator)
{
    return open_partition(text, separator, true);
}
