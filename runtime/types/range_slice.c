/* SPDX-License-Identifier: MIT
 * range_slice.c - slices of a range, which are ranges; and where a number is in one.
 *
 * What is taken are positions from 0 to the length, or from the length down to -1; the number at
 * that end, one step behind the last or before the first, may be none of 64 bits. */
#include "divide.h"
#include "types/ops.h"

static ouro_ref too_large(void)
{
    return error_null(OURO_OVERFLOW_ERROR, "an int has 64 bits at most");
}

/* Field i of a slice; `otherwise` for None.  False with TypeError. */
static bool number_of(ouro_ref slice, size_t i, int64_t otherwise, int64_t *number)
{
    ouro_ref key, item = NULL;
    (void)ops_of(slice)->next(slice, &i, &key, &item);
    *number = otherwise;
    if (item == OURO_NONE || ouro_int_get(item, number) == 0) return true;
    ouro_error_set(OURO_TYPE_ERROR,
                   "slice indices must be integers or None or have an __index__ method");
    return false;
}

static int64_t clamp(int64_t at, int64_t n, bool is_backward)
{
    if (at < 0) at += n;
    if (at < 0) return is_backward ? -1 : 0;
    return at < n ? at : n - is_backward;
}

/* The number at a position, -1 .. n.  False: it has more than 64 bits. */
static bool number_at(ouro_ref range, int64_t at, int64_t n, int64_t *number)
{
    int64_t step = (int64_t)range_get(range, RANGE_STEP);
    int64_t inside = at < 0 ? 0 : at < n || n == 0 ? at : n - 1; /* and from there a step on */
    *number = (int64_t)(range_get(range, RANGE_START) + (uint64_t)inside * (uint64_t)step);
    if (at < 0) return !__builtin_sub_overflow(*number, step, number);
    return at == inside || !__builtin_add_overflow(*number, step, number);
}

ouro_ref ouro_range_slice(ouro_ref range, ouro_ref slice)
{
    int64_t start, stop, step, n = (int64_t)ouro_range_len(range);
    expect(slice, OURO_TYPE_SLICE);
    if (n < 0) return too_large();
    if (!number_of(slice, 2, 1, &step)) return NULL;
    if (step == 0) return error_null(OURO_VALUE_ERROR, "slice step cannot be zero");
    bool is_backward = step < 0;
    if (!number_of(slice, 0, is_backward ? INT64_MAX : 0, &start) ||
        !number_of(slice, 1, is_backward ? INT64_MIN : INT64_MAX, &stop))
        return NULL;
    start = clamp(start, n, is_backward);
    stop = clamp(stop, n, is_backward);
    if (!number_at(range, start, n, &start) || !number_at(range, stop, n, &stop) ||
        __builtin_mul_overflow(step, (int64_t)range_get(range, RANGE_STEP), &step))
        return too_large();
    return ouro_range_new(start, stop, step);
}

int64_t ouro_range_index(ouro_ref range, int64_t value)
{
    uint64_t way = (uint64_t)value - range_get(range, RANGE_START), rest, at;
    uint64_t step = range_get(range, RANGE_STEP);
    bool is_backward = (int64_t)step < 0;
    if (!ouro_range_contains(range, value)) {
        error_about(OURO_VALUE_ERROR, "%D is not in range", value);
        return -1;
    }
    at = is_backward ? divide(0 - way, 0 - step, &rest) : divide(way, step, &rest);
    if (at <= INT64_MAX) return (int64_t)at;
    (void)too_large();
    return -1;
}
