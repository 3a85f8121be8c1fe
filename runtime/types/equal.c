/* SPDX-License-Identifier: MIT
 * equal.c - Python's == for any two objects, without recursion.
 *
 * Pairs that are still to be compared wait on a list; the order does not matter to the answer.  Two
 * containers that both hold themselves make an error of it, as in CPython. */
#include "hash.h"
#include "ouro/types.h"
#include "walk.h"

OURO_COLD_FILE

/* A pair waits with how deep it lies: deeper than there are objects is in a cycle. */
static int queue_pair(ouro_ref waiting, ouro_ref x, ouro_ref y, int64_t depth)
{
    if (depth > ouro_heap->objects) {
        ouro_error_set(OURO_RUNTIME_ERROR, "maximum recursion depth exceeded in comparison");
        return -1;
    }
    ouro_incref(y); /* a finalizer may run meanwhile */
    int result = ouro_list_append(waiting, x);
    if (result == 0) result = ouro_list_append(waiting, y);
    if (result == 0) result = ouro_list_append(waiting, ouro_int_new(depth));
    ouro_decref(y);
    return result;
}

/* Both are containers: queue the pairs inside.  1 so far equal, 0 different, -1 an error. */
static int queue_items(ouro_ref waiting, ouro_ref a, ouro_ref b, int64_t depth)
{
    if (ouro_type_index(a) != ouro_type_index(b)) return 0;
    bool is_list = ouro_type_index(a) == OURO_TYPE_LIST;
    size_t n = is_list ? ouro_list_len(a) : ouro_dict_len(a);
    if (n != (is_list ? ouro_list_len(b) : ouro_dict_len(b))) return 0;
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        ouro_ref x, y, key;
        if (is_list) {
            x = ouro_list_get(a, (ptrdiff_t)i);
            y = ouro_list_get(b, (ptrdiff_t)i);
        } else {
            if (!ouro_dict_next(a, &at, &key, &x)) return 0;
            y = ouro_dict_get(b, key);
        }
        if (!x || !y) return 0;
        if (keys_equal(x, y)) continue;
        if (!is_container(x) || !is_container(y)) return 0;
        if (queue_pair(waiting, x, y, depth + 1) < 0) return -1;
    }
    return 1;
}

/* A NaN equals nothing, not even itself.  Inside containers identity comes first, as in CPython. */
static bool is_nan(ouro_ref ref)
{
    double real;
    return ouro_type_index(ref) == OURO_TYPE_FLOAT && ouro_float_get(ref, &real) == 0 &&
           real != real;
}

int ouro_equal(ouro_ref a, ouro_ref b)
{
    if (keys_equal(a, b)) return !is_nan(a);
    if (!is_container(a) || !is_container(b)) return 0;
    ouro_ref waiting = ouro_list_new();
    if (!waiting) return -1;
    int answer = queue_items(waiting, a, b, 0);
    while (answer == 1 && ouro_list_len(waiting) > 0) {
        int64_t depth = 0;
        (void)ouro_int_get(ouro_list_pop(waiting, -1), &depth);
        ouro_ref y = ouro_list_pop(waiting, -1), x = ouro_list_pop(waiting, -1);
        answer = queue_items(waiting, x, y, depth);
        ouro_decref(x);
        ouro_decref(y);
    }
    ouro_decref(waiting);
    return answer;
}
