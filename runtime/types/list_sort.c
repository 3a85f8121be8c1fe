/* SPDX-License-Identifier: MIT
 * list_sort.c - extend, reverse and sort.
 *
 * The sort is a merge sort from the bottom up, stable and without recursion.  Meanwhile the list is
 * empty, as CPython's is: comparing may run code of the program's.  Items go to and fro between
 * two private lists of equal length, made before anything is touched, so that nothing can fail but
 * a comparison; after that the pass is finished without comparing, and no item is lost. */
#include "types/list.h"

static int append(void *list, ouro_ref item) { return ouro_list_append(list, item); }

int ouro_list_extend(ouro_ref list, ouro_ref items)
{
    OURO_THREAD_ONLY();
    if (items != list) return each_item(items, append, list);
    size_t n = ouro_list_len(list); /* its old items */
    for (size_t i = 0; i < n && i < ouro_list_len(list); i++)
        if (ouro_list_append(list, ouro_list_get(list, (ptrdiff_t)i)) < 0) return -1;
    return 0;
}

void ouro_list_reverse(ouro_ref list)
{
    OURO_THREAD_ONLY();
    for (size_t i = 0, k = ouro_list_len(list); i + 1 < k; i++) list_swap(list, i, list, --k);
}

struct sort {
    ouro_ref from, to;
    bool is_reversed, has_failed;
};

/* Does the item at `right` belong before the one at `left`?  Equal ones stay as they are. */
static bool goes_first(struct sort *sort, size_t right, size_t left)
{
    if (sort->has_failed) return false;
    size_t low = sort->is_reversed ? left : right, high = left + right - low;
    int answer = ouro_compare(*list_slot(sort->from, low), *list_slot(sort->from, high), OURO_LT);
    sort->has_failed = answer < 0;
    return answer > 0;
}

/* Merge the runs [left, middle) and [middle, end). */
static void merge(struct sort *sort, size_t left, size_t middle, size_t end)
{
    size_t right = middle;
    for (size_t at = left; at < end; at++) {
        bool is_right = left == middle || (right < end && goes_first(sort, right, left));
        ouro_ref *from = list_slot(sort->from, is_right ? right++ : left++);
        list_store(sort->to, at, ouro_take(from)); /* in place of None */
        *from = OURO_NONE;
    }
}

static void sort_runs(struct sort *sort, size_t n)
{
    for (size_t width = 1; width < n && !sort->has_failed; width *= 2) {
        for (size_t left = 0; left < n; left += 2 * width) {
            size_t middle = left + width < n ? left + width : n;
            merge(sort, left, middle, middle + width < n ? middle + width : n);
        }
        ouro_ref sorted = sort->to;
        sort->to = sort->from;
        sort->from = sorted;
    }
}

/* Two private lists: an empty one, and one of n times None. */
static bool make_lists(struct sort *sort, size_t n)
{
    sort->from = ouro_list_new();
    sort->to = sort->from ? ouro_list_new() : NULL;
    size_t i = 0;
    while (sort->to && i < n && ouro_list_append(sort->to, OURO_NONE) == 0) i++;
    if (sort->to && i == n) return true;
    ouro_xdecref(sort->from);
    ouro_xdecref(sort->to);
    return false;
}

int ouro_list_sort(ouro_ref list, bool is_reversed)
{
    OURO_THREAD_ONLY();
    struct sort sort = {.is_reversed = is_reversed};
    size_t n = ouro_list_len(list);
    if (!make_lists(&sort, n)) return -1;
    if (ouro_list_len(list) != n) { /* a finalizer changed it meanwhile */
        ouro_error_set(OURO_VALUE_ERROR, "list modified during sort");
        sort.has_failed = true;
    } else {
        list_move(sort.from, list);
        sort_runs(&sort, n);
        if (ouro_list_len(list) > 0) {
            ouro_list_clear(list);
            if (!sort.has_failed) ouro_error_set(OURO_VALUE_ERROR, "list modified during sort");
            sort.has_failed = true;
        }
        if (ouro_list_len(list) == 0) list_move(list, sort.from);
    }
    ouro_decref(sort.from);
    ouro_decref(sort.to);
    return sort.has_failed ? -1 : 0;
}
