/* SPDX-License-Identifier: MIT
 * tracemalloc_print.c - statistics and tracebacks in CPython's words, and without floats: its
 * "%.1f" and "%.0f" of a quotient are worked out in integers, halves rounded to even. */
#include <string.h>

#include "divide.h"
#include "heap.h"
#include "ouro/diag.h"
#include "ouro/tracemalloc.h"

struct out {
    ouro_write_fn *write;
    void *context;
};

static void put(const struct out *out, const char *text)
{
    out->write(out->context, text, strlen(text));
}

static void put_int(const struct out *out, int64_t value)
{
    char digits[24];
    out->write(out->context, digits, ouro_format_int(digits, value));
}

static void put_sign(const struct out *out, int64_t value, bool is_signed)
{
    if (value < 0 || is_signed) put(out, value < 0 ? "-" : "+");
}

/* ---- sizes ---- */

static uint64_t divide_to_even(uint64_t value, uint64_t by)
{
    uint64_t rest, result = divide(value, by, &rest);
    return result + (2 * rest > by || (2 * rest == by && result % 2 == 1));
}

/* value / by bytes. */
static void put_size(const struct out *out, int64_t value, uint64_t by, bool is_signed)
{
    static const char units[][5] = {" B", " KiB", " MiB", " GiB"};
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    unsigned unit = 0;
    put_sign(out, value, is_signed);
    for (; unit + 1 < sizeof units / sizeof units[0]; unit++, by *= 1024) {
        if (unit > 0 && size < 100 * by) {
            uint64_t tenths = divide_to_even(10 * size, by);
            put_int(out, (int64_t)divide(tenths, 10, &tenths));
            put(out, ".");
            put_int(out, (int64_t)tenths);
            put(out, units[unit]);
            return;
        }
        if (size < 10 * 1024 * by) break;
    }
    put_int(out, (int64_t)divide_to_even(size, by));
    put(out, units[unit]);
}

void ouro_tracemalloc_print_size(int64_t bytes, bool is_signed, ouro_write_fn *write, void *context)
{
    struct out out = {write, context};
    put_size(&out, bytes, 1, is_signed);
}

/* ---- frames ---- */

static void put_hex(const struct out *out, uint32_t value, unsigned digits)
{
    char text[24];
    put(out, "0x");
    out->write(out->context, text, ouro_format_hex(text, value, digits));
}

static void put_frame(const struct out *out, uint32_t frame, ouro_trace_name_fn *name)
{
    uint32_t start = frame;
    if (!frame) {
        put(out, "<unknown>:0");
        return;
    }
    const char *function = name ? name(frame, &start) : NULL;
    put_hex(out, frame, 8);
    if (!function) return;
    put(out, " ");
    put(out, function);
    if (frame == start) return;
    put(out, "+");
    put_hex(out, frame - start, 1);
}

void ouro_tracemalloc_print_frame(uint32_t frame, ouro_trace_name_fn *name, ouro_write_fn *write,
                                  void *context)
{
    struct out out = {write, context};
    put_frame(&out, frame, name);
}

static unsigned oldest(const uint32_t *frames)
{
    unsigned n = 0;
    while (n + 1 < OURO_TRACE_FRAMES && frames[n + 1]) n++;
    return n;
}

void ouro_tracemalloc_print_traceback(const uint32_t *frames, ouro_trace_name_fn *name,
                                      ouro_write_fn *write, void *context)
{
    struct out out = {write, context};
    for (unsigned n = oldest(frames) + 1; n-- > 0;) {
        put(&out, "  ");
        put_frame(&out, frames[n], name);
        put(&out, "\n");
    }
}

/* ---- statistics ---- */

static void put_statistic(const struct ouro_trace_statistic *s, bool is_difference,
                          ouro_trace_name_fn *name, const struct out *out)
{
    put_frame(out, s->frames[oldest(s->frames)], name);
    put(out, ": size=");
    put_size(out, s->bytes, 1, false);
    if (is_difference) {
        put(out, " (");
        put_size(out, s->bytes_diff, 1, true);
        put(out, ")");
    }
    put(out, ", count=");
    put_int(out, s->count);
    if (is_difference) {
        put(out, " (");
        if (s->count_diff >= 0) put(out, "+");
        put_int(out, s->count_diff);
        put(out, ")");
    }
    if (!s->count) return;
    put(out, ", average=");
    put_size(out, s->bytes, s->count, false);
}

void ouro_tracemalloc_print_statistic(const struct ouro_trace_statistic *statistic,
                                      ouro_trace_name_fn *name, ouro_write_fn *write, void *context)
{
    struct out out = {write, context};
    put_statistic(statistic, false, name, &out);
}

void ouro_tracemalloc_print_difference(const struct ouro_trace_statistic *statistic,
                                       ouro_trace_name_fn *name, ouro_write_fn *write,
                                       void *context)
{
    struct out out = {write, context};
    put_statistic(statistic, true, name, &out);
}
