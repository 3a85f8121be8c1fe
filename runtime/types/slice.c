/* SPDX-License-Identifier: MIT
 * slice.c - the slice type, and subscripts with it. */
#include "types/ops.h"

struct slice {
    struct ouro_obj header;
    ouro_ref fields[3]; /* start, stop, step */
};

extern const struct ouro_type ouro_slice_type;

ouro_ref ouro_slice_new(ouro_ref start, ouro_ref stop, ouro_ref step)
{
    const ouro_ref fields[] = {start, stop, step};
    return object_holding(&ouro_slice_type, 3, fields);
}

/* One field as a number, clamped to what a position can be; `otherwise` for None. */
static bool number_of(ouro_ref field, ptrdiff_t otherwise, ptrdiff_t *number)
{
    int64_t value;
    *number = otherwise;
    if (field == OURO_NONE) return true;
    if (ouro_int_get(field, &value) < 0) {
        ouro_error_set(OURO_TYPE_ERROR,
                       "slice indices must be integers or None or have an __index__ method");
        return false;
    }
    *number = value > PTRDIFF_MAX    ? PTRDIFF_MAX
              : value < -PTRDIFF_MAX ? -PTRDIFF_MAX
                                     : (ptrdiff_t)value;
    return true;
}

/* A position among n, counted from the end if negative, clamped to what the direction allows. */
SELDOM static ptrdiff_t clamp(ptrdiff_t at, ptrdiff_t n, bool is_backward)
{
    if (at < 0) at += n;
    if (at < 0) return is_backward ? -1 : 0;
    return at < n ? at : n - is_backward;
}

int ouro_slice_span(ouro_ref slice, size_t n, struct ouro_span *span)
{
    const ouro_ref *fields = ((const struct slice *)expect(slice, OURO_TYPE_SLICE))->fields;
    ptrdiff_t start, stop, step, length = (ptrdiff_t)n;
    if (!number_of(fields[2], 1, &step)) return -1;
    if (step == 0) {
        ouro_error_set(OURO_VALUE_ERROR, "slice step cannot be zero");
        return -1;
    }
    bool is_backward = step < 0;
    if (!number_of(fields[0], is_backward ? PTRDIFF_MAX : 0, &start) ||
        !number_of(fields[1], is_backward ? PTRDIFF_MIN : PTRDIFF_MAX, &stop))
        return -1;
    start = clamp(start, length, is_backward);
    stop = clamp(stop, length, is_backward);
    ptrdiff_t way = is_backward ? start - stop : stop - start, pace = is_backward ? -step : step;
    *span = (struct ouro_span){start, step, way > 0 ? (size_t)((way - 1) / pace + 1) : 0};
    return 0;
}

ouro_ref ouro_slice_of(ouro_ref ref, ouro_ref slice)
{
    const struct ouro_ops *ops = ops_of(ref);
    struct ouro_span span;
    if (!ops->take) return error_about(OURO_TYPE_ERROR, "'%T' object is not subscriptable", ref);
    if (ouro_slice_span(slice, ops->len(ref), &span) < 0) return NULL;
    ouro_incref(ref); /* what is collected on the way may drop the last other reference */
    ouro_ref part = ops->take(ref, span);
    ouro_decref(ref);
    return part;
}

/* ---- operations ---- */

static int slice_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    static const char *const texts[] = {
        [OURO_BEGIN] = "slice(", [OURO_END] = ")", [OURO_AGAIN] = "slice(...)"};
    (void)self;
    return write_text(write, context, texts[part]);
}

static size_t slice_len(ouro_ref self)
{
    (void)self;
    return 3;
}

static bool slice_next(ouro_ref self, size_t *position, ouro_ref *key, ouro_ref *item)
{
    (void)key;
    if (*position >= 3) return false;
    *item = ((const struct slice *)(void *)self)->fields[(*position)++];
    return true;
}

/* Compared as a tuple of three, but unhashable. */
static const struct ouro_ops slice_ops = {
    .repr = slice_repr,
    .len = slice_len,
    .next = slice_next,
};

const struct ouro_type ouro_slice_type = {
    .name = "slice",
    .index = OURO_TYPE_SLICE,
    .size_bytes = sizeof(struct slice),
    .refs = OURO_REF_BIT(struct slice, fields[0]) | OURO_REF_BIT(struct slice, fields[1]) |
            OURO_REF_BIT(struct slice, fields[2]),
    .ops = &slice_ops,
};
