/* SPDX-License-Identifier: MIT
 * text.c - str, bytes and bytearray as bytes in a row: opening, pieces, characters.
 *
 * A bytearray is open by a reference to the owner of its data: so its length cannot change
 * meanwhile, as if a view showed it. */
#include "types/text.h"

/* Open one of a kind that is known. */
static void open_text(struct text *text, ouro_ref ref)
{
    text->self = ref;
    if (is_str(ref)) {
        text->data = (const uint8_t *)str_text(ref, &text->n);
        text->held = ouro_own(ref);
    } else {
        text->data = bytes_data(ref);
        text->n = bytes_length(ref);
        text->held = bytes_hold(ref);
    }
    if (!text->data) text->data = (const uint8_t *)""; /* an array without memory */
}

bool text_open(struct text *text, ouro_ref ref)
{
    unsigned type = ouro_type_index(ref);
    bool is_text = type == OURO_TYPE_STR || type == OURO_TYPE_BYTES || type == OURO_TYPE_BYTEARRAY;
    if (is_text)
        open_text(text, ref);
    else
        error_about(OURO_TYPE_ERROR, "must be str, not %T", ref);
    return is_text;
}

bool text_open_part(struct text *part, const struct text *of, ouro_ref ref, const char *message)
{
    bool of_str = is_str(of->self), fits = of_str ? is_str(ref) : is_bytes_like(ref);
    if (fits)
        open_text(part, ref);
    else
        error_about(OURO_TYPE_ERROR, of_str ? message : "a bytes-like object is required, not '%T'",
                    ref);
    return fits;
}

void text_close(const struct text *text) { ouro_xdecref(text->held); }

ouro_ref text_new(const struct text *like, size_t n, uint8_t **data)
{
    ouro_ref made;
    char *buffer = NULL;
    switch (ouro_type_index(like->self)) {
    case OURO_TYPE_STR:
        made = ouro_str_alloc(n, &buffer);
        *data = (uint8_t *)buffer;
        return made;
    case OURO_TYPE_BYTEARRAY:
        made = ouro_bytearray_new(NULL, n);
        if (made) *data = bytes_data(made);
        return made;
    default: return ouro_bytes_alloc(n, data);
    }
}

ouro_ref text_piece(const struct text *text, struct region region)
{
    uint8_t *data;
    size_t n = region.to - region.from;
    bool is_array = ouro_type_index(text->self) == OURO_TYPE_BYTEARRAY;
    if (n == text->n && !is_array) return ouro_own(text->self);
    ouro_ref piece = text_new(text, n, &data);
    if (piece && n) memcpy(data, text->data + region.from, n);
    return piece;
}

/* ---- characters ---- */

static bool begins(const struct text *text, size_t at)
{
    return at >= text->n || (text->data[at] & 0xc0) != 0x80 || !is_str(text->self);
}

size_t text_after(const struct text *text, size_t at)
{
    do at++;
    while (!begins(text, at));
    return at;
}

size_t text_before(const struct text *text, size_t at)
{
    do at--;
    while (!begins(text, at));
    return at;
}

/* As str.isspace() and bytes.isspace() say of a character. */
static bool is_space(const struct text *text, size_t at)
{
    const uint8_t *byte = text->data + at;
    uint32_t c = byte[0];
    if (c == ' ' || c - '\t' < 5u) return true;
    if (!is_str(text->self)) return false;
    if (c == 0xc2) return byte[1] == 0x85 || byte[1] == 0xa0;
    if (c < 0xe1 || c > 0xe3) return c - 0x1c < 4u;
    c = (c & 0xf) << 12 | (byte[1] & 0x3fu) << 6 | (byte[2] & 0x3fu);
    return c == 0x1680 || c - 0x2000 < 11u || c - 0x2028 < 2u || c == 0x202f || c == 0x205f ||
           c == 0x3000;
}

struct region text_skip(const struct text *text, struct region region, bool at_end,
                        const struct text *set, bool while_in)
{
    while (region.from < region.to) {
        size_t at = at_end ? text_before(text, region.to) : region.from;
        size_t after = at_end ? region.to : text_after(text, region.from);
        bool is_in = !set->self
                         ? is_space(text, at)
                         : find_bytes(set->data, set->n, text->data + at, after - at) != NOWHERE;
        if (is_in != while_in) break;
        if (at_end)
            region.to = at;
        else
            region.from = after;
    }
    return region;
}
