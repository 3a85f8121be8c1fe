/* SPDX-License-Identifier: MIT
 * str_make.c - strs made of objects and of other strs, piece by piece. */
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

/* The str of it; what it took is given back. */
static ouro_ref finished(struct text *text)
{
    ouro_ref str = NULL;
    if (text->has_failed)
        ouro_error_set(OURO_MEMORY_ERROR, "out of memory");
    else
        str = ouro_str_new(text->bytes ? text->bytes : "", text->length);
    ouro_mem_free(text->bytes);
    return str;
}

typedef int write_fn(ouro_ref ref, ouro_write_fn *write, void *context);

static ouro_ref written(ouro_ref ref, write_fn *write)
{
    struct text text = {0};
    ouro_incref(ref); /* to make room may collect, and run anything */
    int result = write(ref, collect, &text);
    ouro_decref(ref);
    if (result == 0 || text.has_failed) return finished(&text);
    ouro_mem_free(text.bytes);
    return NULL;
}

ouro_ref ouro_repr_str(ouro_ref ref) { return written(ref, ouro_repr); }
ouro_ref ouro_str_str(ouro_ref ref)
{
    return is_str(ref) ? ouro_own(ref) : written(ref, ouro_str_of);
}

ouro_ref ouro_str_format(const char *format, ...)
{
    struct text text = {0};
    va_list arguments;
    va_start(arguments, format);
    write_arguments(collect, &text, format, &arguments);
    va_end(arguments);
    return finished(&text);
}

/* A separator, and what it stands between. */
struct joint {
    struct text text;
    ouro_ref separator;
    int items;
};

static int join(void *context, ouro_ref item)
{
    struct joint *joint = context;
    if (!is_str(item)) {
        error_about(OURO_TYPE_ERROR, "sequence item %d: expected str instance, %T found",
                    joint->items, item);
        return -1;
    }
    if (joint->items++) (void)ouro_str_of(joint->separator, collect, &joint->text);
    return ouro_str_of(item, collect, &joint->text);
}

ouro_ref ouro_str_join(ouro_ref separator, ouro_ref items)
{
    struct joint joint = {.separator = separator};
    if (!ouro_str_bytes(separator, NULL)) return NULL;
    ouro_incref(separator); /* to iterate and to make room may run anything */
    int result = each_item(items, join, &joint);
    ouro_decref(separator);
    if (result == 0) return finished(&joint.text);
    ouro_mem_free(joint.text.bytes);
    return NULL;
}
