/* SPDX-License-Identifier: MIT
 * repr.c - repr() as CPython prints it, written piece by piece: no string is built, and the C stack
 * stays flat at any nesting. */
#include <string.h>

#include "ouro/diag.h"
#include "ouro/types.h"
#include "walk.h"

OURO_COLD_FILE

struct output {
    ouro_write_fn *write;
    void *context;
};

static void put(const struct output *out, const char *text)
{
    out->write(out->context, text, strlen(text));
}

/* ---- str ---- */

/* Decode one code point of valid UTF-8; returns its length. */
static size_t decode(const uint8_t *at, uint32_t *point)
{
    size_t n = at[0] < 0x80 ? 1 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
    *point = n == 1 ? at[0] : at[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++) *point = *point << 6 | (at[i] & 0x3fu);
    return n;
}

/* The escape of a code point, or 0 if it stands for itself. */
static size_t escape(char *text, uint32_t point, char quote)
{
    char letter = point == '\n' ? 'n' : point == '\r' ? 'r' : point == '\t' ? 't' : 0;
    text[0] = '\\';
    if (letter || point == '\\' || point == (uint8_t)quote) {
        text[1] = letter ? letter : (char)point;
        return 2;
    }
    if (ouro_is_printable(point)) return 0;
    unsigned digits = point < 0x100 ? 2 : point < 0x10000 ? 4 : 8;
    text[1] = digits == 2 ? 'x' : digits == 4 ? 'u' : 'U';
    return 2 + ouro_format_hex(text + 2, point, digits);
}

static void repr_str(const struct output *out, ouro_ref ref)
{
    size_t n;
    const char *text = ouro_str_bytes(ref, &n);
    char quote[2] = {memchr(text, '\'', n) && !memchr(text, '"', n) ? '"' : '\'', 0};
    put(out, quote);
    size_t written = 0;
    for (size_t i = 0; i < n;) {
        uint32_t point;
        char escaped[16];
        size_t bytes = decode((const uint8_t *)text + i, &point);
        size_t length = escape(escaped, point, quote[0]);
        if (length) {
            out->write(out->context, text + written, i - written);
            out->write(out->context, escaped, length);
            written = i + bytes;
        }
        i += bytes;
    }
    out->write(out->context, text + written, n - written);
    put(out, quote);
}

/* ---- everything that is no container ---- */

static void repr_leaf(const struct output *out, ouro_ref ref)
{
    char number[40];
    int64_t whole;
    double real;
    switch (ouro_type_index(ref)) {
    case OURO_TYPE_NONE: put(out, "None"); return;
    case OURO_TYPE_BOOL: put(out, ref == OURO_TRUE ? "True" : "False"); return;
    case OURO_TYPE_INT:
        (void)ouro_int_get(ref, &whole);
        out->write(out->context, number, ouro_format_int(number, whole));
        return;
    case OURO_TYPE_FLOAT:
        (void)ouro_float_get(ref, &real);
        out->write(out->context, number, ouro_format_float(number, real));
        return;
    case OURO_TYPE_STR: repr_str(out, ref); return;
    default:
        put(out, "<");
        put(out, ouro_type_of(ref)->name);
        put(out, " object at 0x");
        out->write(out->context, number, ouro_format_hex(number, (uintptr_t)ref, 8));
        put(out, ">");
    }
}

/* ---- containers ---- */

static const char *opening(ouro_ref c) { return ouro_type_index(c) == OURO_TYPE_LIST ? "[" : "{"; }
static const char *closing(ouro_ref c) { return ouro_type_index(c) == OURO_TYPE_LIST ? "]" : "}"; }

/* Next item of the innermost container, its key and the punctuation written; a new reference, since
 * what writes may run code of the program's.  NULL at its end. */
static ouro_ref next_item(const struct output *out, struct path *path)
{
    ouro_ref container = path->container, key = NULL, item = NULL;
    bool is_first = path->position == 0;
    if (ouro_type_index(container) == OURO_TYPE_LIST) {
        if (path->position < ouro_list_len(container))
            item = ouro_list_get(container, (ptrdiff_t)path->position++);
    } else {
        (void)ouro_dict_next(container, &path->position, &key, &item);
    }
    if (!item) return NULL;
    ouro_incref(item);
    ouro_xincref(key);
    if (!is_first) put(out, ", ");
    if (!key) return item;
    repr_leaf(out, key);
    put(out, ": ");
    ouro_decref(key);
    return item;
}

/* Write an item, or its opening if it is a container that was not entered yet. */
static enum path_step begin_item(const struct output *out, struct path *path, ouro_ref item)
{
    if (!is_container(item)) {
        repr_leaf(out, item);
        return PATH_ENTERED;
    }
    enum path_step step = path_enter(path, item);
    if (step == PATH_FAILED) return step;
    put(out, opening(item));
    if (step == PATH_ENTERED) return step;
    put(out, "...");
    put(out, closing(item));
    return step;
}

static int repr_containers(const struct output *out, struct path *path)
{
    put(out, opening(path->container));
    for (;;) {
        ouro_ref item = next_item(out, path);
        if (item) {
            enum path_step step = begin_item(out, path, item);
            ouro_decref(item);
            if (step == PATH_FAILED) return -1;
        } else {
            put(out, closing(path->container));
            if (!path_leave(path)) return 0;
        }
    }
}

int ouro_repr(ouro_ref ref, ouro_write_fn *write, void *context)
{
    struct output out = {write, context};
    struct path path;
    if (!is_container(ref)) {
        repr_leaf(&out, ref);
        return 0;
    }
    if (!path_init(&path, ref)) return -1;
    int result = repr_containers(&out, &path);
    path_free(&path);
    return result;
}
