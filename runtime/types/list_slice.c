/* SPDX-License-Identifier: MIT
 * list_slice.c - assigning to a slice of a list, and deleting it.
 *
 * All memory is taken first: None stands where an item is to come or has gone.  Then items change
 * places with those of a private list, which takes the old ones along when all is done, so that
 * their finalizers find the list as it is to be. */
#include "ouro/abstract.h"
#include "types/class.h"
#include "types/list.h"

/* Append None n times.  False: no memory, as many as before. */
static bool pad(ouro_ref list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (ouro_list_append(list, OURO_NONE) == 0) continue;
        while (i-- > 0) (void)ouro_list_pop(list, -1);
        return false;
    }
    return true;
}

/* Has the list so many items still?  To take memory may have run code that changed it. */
static bool has_length(ouro_ref list, size_t n)
{
    if (ouro_list_len(list) == n) return true;
    ouro_error_set(OURO_RUNTIME_ERROR, "list changed size during slice assignment");
    return false;
}

/* Items of a span change places with the first ones of `others`. */
static void exchange(ouro_ref list, struct ouro_span span, ouro_ref others)
{
    ptrdiff_t at = span.start;
    for (size_t i = 0; i < span.count; i++, at += span.step) list_swap(list, (size_t)at, others, i);
}

/* Move what stands between and behind the items of an ascending span down over them, and drop the
 * last ones: those of the span, by now None. */
static void close_gaps(ouro_ref list, struct ouro_span span)
{
    size_t n = ouro_list_len(list), to = (size_t)span.start, gap = to, gaps = span.count;
    for (size_t from = to; from < n; from++) {
        if (from == gap && gaps > 0) {
            gaps--;
            gap += (size_t)span.step;
        } else {
            list_swap(list, to++, list, from);
        }
    }
    for (size_t i = 0; i < span.count; i++) (void)ouro_list_pop(list, -1);
}

/* The same items from the first to the last. */
static struct ouro_span ascending(struct ouro_span span)
{
    if (span.step > 0) return span;
    if (span.count > 0) span.start += (ptrdiff_t)(span.count - 1) * span.step;
    span.step = -span.step;
    return span;
}

int ouro_list_del_slice(ouro_ref list, ouro_ref slice)
{
    OURO_THREAD_ONLY();
    struct ouro_span span;
    size_t n = ouro_list_len(list);
    if (ouro_slice_span(slice, n, &span) < 0) return -1;
    if (span.count == 0) return 0;
    ouro_ref removed = ouro_list_new();
    bool is_done = removed && pad(removed, span.count) && has_length(list, n);
    if (is_done) {
        span = ascending(span);
        exchange(list, span, removed);
        close_gaps(list, span);
    }
    ouro_xdecref(removed);
    return is_done ? 0 : -1;
}

/* Put the items of a private list in the place of a span without a step.  The old ones are in it
 * afterwards. */
static bool replace(ouro_ref list, struct ouro_span span, ouro_ref items)
{
    size_t n = ouro_list_len(list), wanted = ouro_list_len(items), old = span.count;
    size_t more = wanted > old ? wanted - old : 0, fewer = old > wanted ? old - wanted : 0;
    if (!pad(items, fewer) || !pad(list, more)) return false;
    if (!has_length(list, n + more)) return false;
    for (size_t i = n; more && i-- > (size_t)span.start + old;) list_swap(list, i, list, i + more);
    span.count = old + more;
    exchange(list, span, items);
    if (fewer) close_gaps(list, (struct ouro_span){span.start + (ptrdiff_t)wanted, 1, fewer});
    return true;
}

int ouro_list_set_slice(ouro_ref list, ouro_ref slice, ouro_ref items)
{
    OURO_THREAD_ONLY();
    struct ouro_span span;
    const struct ouro_ops *ops = ops_of(items);
    if (ouro_slice_span(slice, ouro_list_len(list), &span) < 0) return -1;
    if (!ops->iterate && !ops->advance && !is_instance(items)) {
        ouro_error_set(OURO_TYPE_ERROR, span.step == 1 ? "can only assign an iterable"
                                                       : "must assign iterable to extended slice");
        return -1;
    }
    ouro_incref(list); /* what is collected on the way may drop the last other references */
    ouro_incref(slice);
    ouro_ref taken = ouro_list_from(items);
    int result = taken ? ouro_slice_span(slice, ouro_list_len(list), &span) : -1;
    if (result == 0 && span.step == 1) {
        if (!replace(list, span, taken)) result = -1;
    } else if (result == 0 && ouro_list_len(taken) != span.count) {
        error_about(OURO_VALUE_ERROR,
                    "attempt to assign sequence of size %d to extended slice of size %d",
                    (int)ouro_list_len(taken), (int)span.count);
        result = -1;
    } else if (result == 0) {
        exchange(list, span, taken);
    }
    ouro_xdecref(taken);
    ouro_decref(slice);
    ouro_decref(list);
    return result;
}
