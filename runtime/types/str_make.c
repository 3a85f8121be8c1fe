/* SPDX-License-Identifier: MIT
 * str_make.c - strs made of objects and of other strs. */
#include "ouro/abstract.h"
#include "types/ops.h"
#include "types/str.h"

/* A text that grows, in raw memory. */
struct text {
    char *bytes;
    size_t length, room;
    bool has_failed;
};

static void collect(void *context, const char *piece, size_t bytes)
{
    struct text *text = context;
    size_t length = text->length + bytes;
    if (text->has_failed || bytes == 0) return;
    if (length > text->room) {
        char *larger = ouro_mem_resize(text->bytes, length + length / 2);
        text->has_failed = !larger;
        if (!larger) return;
        text->bytes = larger;
        text->room = length + length / 2;
    }
    memcpy(text->bytes + text->length, piece, bytes);
    text->length = length;
}

typedef int write_fn(ouro_ref ref, ouro_write_fn *write, void *context);

static ouro_ref written(ouro_ref ref, write_fn *write)
{
    struct text text = {0};
    ouro_ref str = NULL;
    ouro_incref(ref); /* to make room may collect, and run anything */
    int result = write(ref, collect, &text);
    if (text.has_failed)
        ouro_error_set(OURO_MEMORY_ERROR, "out of memory");
    else if (result == 0)
        str = ouro_str_new(text.bytes, text.length);
    ouro_mem_free(text.bytes);
    ouro_decref(ref);
    return str;
}

ouro_ref ouro_repr_str(ouro_ref ref) { return written(ref, ouro_repr); }
ouro_ref ouro_str_str(ouro_ref ref)
{
    return is_str(ref) ? ouro_own(ref) : written(ref, ouro_str_of);
}

ouro_ref ouro_str_concat(ouro_ref a, ouro_ref b)
{
    char *buffer;
    if (!is_str(a) || !is_str(b)) {
        if (is_str(a))
            error_about(OURO_TYPE_ERROR, "can only concatenate str (not \"%T\") to str", b);
        else
            error_about(OURO_TYPE_ERROR, "unsupported operand type(s) for +: '%T' and '%T'", a, b);
        return NULL;
    }
    size_t n, m;
    const char *x = str_text(a, &n), *y = str_text(b, &m);
    if (n == 0) return ouro_own(b);
    if (m == 0) return ouro_own(a);
    ouro_incref(a); /* before anything is collected: they may be borrowed from what dies */
    ouro_incref(b);
    ouro_ref sum = ouro_str_alloc(n + m, &buffer);
    if (sum) {
        memcpy(buffer, x, n);
        memcpy(buffer + n, y, m);
        str_keep_points(sum, str_points(a) + str_points(b));
    }
    ouro_decref(b);
    ouro_decref(a);
    return sum;
}
