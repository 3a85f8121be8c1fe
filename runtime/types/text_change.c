/* SPDX-License-Identifier: MIT
 * text_change.c - texts made of others: stripped, replaced, in another case, joined.
 *
 * To make one may run code of the program's: what it is made of is held. */
#include "types/text.h"

ouro_ref ouro_str_strip(ouro_ref ref, ouro_ref characters, unsigned ends)
{
    static const char *const messages[] = {
        [OURO_STRIP_LEFT] = "lstrip arg must be None or str",
        [OURO_STRIP_RIGHT] = "rstrip arg must be None or str",
        [OURO_STRIP_BOTH] = "strip arg must be None or str",
    };
    struct text text, set = {0};
    ouro_ref stripped = NULL;
    ouro_require(ends - 1 < OURO_STRIP_BOTH);
    if (!text_open(&text, ref)) return NULL;
    if (is_nothing(characters) || text_open_part(&set, &text, characters, messages[ends])) {
        struct region region = {0, text.n};
        if (ends & OURO_STRIP_LEFT) region = text_skip(&text, region, false, &set, true);
        if (ends & OURO_STRIP_RIGHT) region = text_skip(&text, region, true, &set, true);
        stripped = text_piece(&text, region);
        text_close(&set);
    }
    text_close(&text);
    return stripped;
}

/* ---- replacing ---- */

struct replacement {
    struct text text, part, by;
    size_t most;
};

/* Copy bytes to `to`, which moves on, unless it is NULL. */
static void put(uint8_t **to, const uint8_t *data, size_t n)
{
    if (!*to) return;
    memcpy(*to, data, n);
    *to += n;
}

/* Copy the text with its parts replaced to `to`, unless that is NULL.  Returns how many were.  A
 * part of no bytes stands before each character, and at the end. */
static size_t copy(const struct replacement *r, uint8_t *to)
{
    const struct text *text = &r->text;
    size_t from = 0, count = 0;
    for (ptrdiff_t at; count < r->most; count++) {
        at = find_bytes(text->data + from, text->n - from, r->part.data, r->part.n);
        if (at == NOWHERE) break;
        put(&to, text->data + from, (size_t)at);
        put(&to, r->by.data, r->by.n);
        size_t next = from + (size_t)at + r->part.n;
        if (r->part.n == 0) {
            if (from == text->n) return count + 1;
            next = text_after(text, from);
            put(&to, text->data + from, next - from);
        }
        from = next;
    }
    put(&to, text->data + from, text->n - from);
    return count;
}

static ouro_ref replace(const struct replacement *r)
{
    uint8_t *data;
    uint64_t count = copy(r, NULL), n = r->text.n;
    if (count == 0) return text_piece(&r->text, (struct region){0, r->text.n});
    n += count * r->by.n - count * r->part.n;
    ouro_ref made = text_new(&r->text, n > SIZE_MAX / 2 ? SIZE_MAX / 2 : (size_t)n, &data);
    if (made) (void)copy(r, data);
    return made;
}

ouro_ref ouro_str_replace(ouro_ref text, ouro_ref part, ouro_ref by, ptrdiff_t most)
{
    struct replacement r = {.most = most < 0 ? SIZE_MAX : (size_t)most};
    ouro_ref made = NULL;
    if (!text_open(&r.text, text)) return NULL;
    if (text_open_part(&r.part, &r.text, part, "replace() argument 1 must be str, not %T")) {
        if (text_open_part(&r.by, &r.text, by, "replace() argument 2 must be str, not %T")) {
            made = replace(&r);
            text_close(&r.by);
        }
        text_close(&r.part);
    }
    text_close(&r.text);
    return made;
}

/* ---- upper and lower case ---- */

/* A copy in which the letters from `first` on have their other case. */
static ouro_ref change_case(ouro_ref ref, uint8_t first)
{
    struct text text;
    uint8_t *data;
    if (!text_open(&text, ref)) return NULL;
    ouro_ref made = text_new(&text, text.n, &data);
    for (size_t i = 0; made && i < text.n; i++) {
        uint8_t c = text.data[i];
        data[i] = (uint8_t)(c - first) < 26 ? c ^ 0x20 : c;
    }
    text_close(&text);
    return made;
}

ouro_ref ouro_str_lower(ouro_ref text) { return change_case(text, 'A'); }
ouro_ref ouro_str_upper(ouro_ref text) { return change_case(text, 'a'); }
