/* SPDX-License-Identifier: MIT
 * range.c - the range type: the numbers from start on by steps, up to stop. */
#include "divide.h"
#include "hash.h"
#include "ouro/diag.h"
#include "types/ops.h"

struct range {
    struct ouro_obj header;
    uint32_t words[8]; /* fields of 64 bits each, low word first */
};

extern const struct ouro_type ouro_range_type;

static bool is_range(ouro_ref ref) { return ouro_type_index(ref) == OURO_TYPE_RANGE; }

/* All arithmetic is that of 64 bits without a sign: it wraps, and comes out right. */
uint64_t range_get(ouro_ref range, enum range_field field)
{
    uint64_t value;
    const struct range *at = expect(range, OURO_TYPE_RANGE);
    __builtin_memcpy(&value, &at->words[2 * field], sizeof value);
    return value;
}

static uint64_t count_of(int64_t start, int64_t stop, int64_t step)
{
    uint64_t way = (uint64_t)stop - (uint64_t)start, pace = (uint64_t)step;
    bool is_empty = start >= stop;
    if (step < 0) {
        way = 0 - way;
        pace = 0 - pace;
        is_empty = start <= stop;
    }
    uint64_t rest;
    return is_empty ? 0 : divide(way - 1, pace, &rest) + 1;
}

ouro_ref ouro_range_new(int64_t start, int64_t stop, int64_t step)
{
    if (step == 0) return error_null(OURO_VALUE_ERROR, "range() arg 3 must not be zero");
    ouro_ref range = object_new(&ouro_range_type, sizeof(struct range));
    if (!range) return NULL;
    uint64_t fields[] = {(uint64_t)start, (uint64_t)stop, (uint64_t)step,
                         count_of(start, stop, step)};
    __builtin_memcpy(((struct range *)(void *)range)->words, fields, sizeof fields);
    return range;
}

uint64_t ouro_range_len(ouro_ref range) { return range_get(range, RANGE_COUNT); }

static ouro_ref item(ouro_ref range, uint64_t i)
{
    return ouro_int_new(
        (int64_t)(range_get(range, RANGE_START) + i * range_get(range, RANGE_STEP)));
}

ouro_ref ouro_range_get(ouro_ref range, int64_t i)
{
    uint64_t n = range_get(range, RANGE_COUNT), at = (uint64_t)i;
    bool is_inside = i >= 0 ? at < n : 0 - at <= n;
    if (is_inside) return item(range, i >= 0 ? at : n + at);
    return error_null(OURO_INDEX_ERROR, "range object index out of range");
}

bool ouro_range_contains(ouro_ref range, int64_t value)
{
    int64_t step = (int64_t)range_get(range, RANGE_STEP);
    uint64_t way = (uint64_t)value - range_get(range, RANGE_START), pace = (uint64_t)step;
    if (step < 0) {
        way = 0 - way;
        pace = 0 - pace;
    }
    uint64_t rest, at = divide(way, pace, &rest);
    return rest == 0 && at < range_get(range, RANGE_COUNT);
}

/* ---- operations ---- */

static int range_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    (void)part;
    int64_t step = (int64_t)range_get(self, RANGE_STEP);
    return write_format(write, context, step == 1 ? "range(%D, %D)" : "range(%D, %D, %D)",
                        (int64_t)range_get(self, RANGE_START), (int64_t)range_get(self, RANGE_STOP),
                        step);
}

/* What two equal ranges have in common: how many numbers, the first and the distance, as far as
 * there are so many. */
static void identify(ouro_ref range, uint64_t as[3])
{
    as[0] = range_get(range, RANGE_COUNT);
    as[1] = as[0] > 0 ? range_get(range, RANGE_START) : 0;
    as[2] = as[0] > 1 ? range_get(range, RANGE_STEP) : 0;
}

static int range_hash(ouro_ref self, uint32_t *hash)
{
    uint64_t as[3];
    identify(self, as);
    *hash = hash_bytes(as, sizeof as);
    return 0;
}

static int range_compare(ouro_ref self, ouro_ref other, enum ouro_op op)
{
    uint64_t a[3], b[3];
    if (op != OURO_EQ || !is_range(other)) return OURO_NOT_IMPLEMENTED;
    identify(self, a);
    identify(other, b);
    return memcmp(a, b, sizeof a) == 0;
}

static size_t range_len(ouro_ref self)
{
    uint64_t n = range_get(self, RANGE_COUNT);
    return n < SIZE_MAX ? (size_t)n : SIZE_MAX;
}

static ouro_ref range_iterate(ouro_ref self, size_t *position)
{
    if (*position >= range_get(self, RANGE_COUNT)) return NULL;
    if (*position == SIZE_MAX)
        return error_null(OURO_OVERFLOW_ERROR, "the range is too long to go through");
    ouro_ref next = item(self, *position);
    if (next) ++*position;
    return next;
}

static const struct ouro_ops range_ops = {
    .repr = range_repr,
    .hash = range_hash,
    .compare = range_compare,
    .len = range_len,
    .iterate = range_iterate,
};

const struct ouro_type ouro_range_type = {
    .name = "range",
    .index = OURO_TYPE_RANGE,
    .size_bytes = sizeof(struct range),
    .ops = &range_ops,
};
