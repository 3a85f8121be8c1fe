/* SPDX-License-Identifier: MIT
 * items.c - index, count, remove, merge, slices of ranges.  (What they give is compared with
 * CPython's by tests/parity/items.c.)  Here: == that changes what is looked at, failures, and what
 * 64 bits cannot hold. */
#include "unit_types.h"

static ouro_ref list; /* what an evil == empties */

static ouro_ref clear_list(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function;
    (void)argc;
    (void)argv;
    ouro_list_clear(list);
    return ouro_own(OURO_TRUE);
}
static ouro_ref fail(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function;
    (void)argc;
    (void)argv;
    ouro_error_set(OURO_VALUE_ERROR, "no");
    return NULL;
}
static const struct ouro_function_def clear_def = {.name = "f", .call = clear_list, .most = 2};
static const struct ouro_function_def fail_def = {.name = "f", .call = fail, .most = 2};

/* A list of three instances that are compared by that; one more is returned. */
static ouro_ref three_of(const struct ouro_function_def *equal)
{
    ouro_ref class = ouro_class_new("C", NULL);
    T_EQ(ouro_class_def(class, "__eq__", equal), 0);
    list = ouro_list_new();
    for (unsigned i = 0; i < 3; i++) {
        ouro_ref item = ouro_instance_new(class);
        T_EQ(ouro_list_append(list, item), 0);
        ouro_decref(item);
    }
    ouro_ref other = ouro_instance_new(class);
    ouro_decref(class);
    return other;
}
static void finish(ouro_ref other)
{
    ouro_decref(list);
    ouro_decref(other);
    settle();
    (void)ouro_gc_collect(2);
    T_EQ(objects(), 0);
}

static void equality_may_change_the_list(void)
{
    ouro_ref other = three_of(&clear_def);
    T_EQ(ouro_list_remove(list, other), 0); /* it has gone already */
    T_EQ(ouro_list_len(list), 0);
    finish(other);
    other = three_of(&clear_def);
    T_EQ(ouro_sequence_index(list, other), 0);
    finish(other);
    other = three_of(&clear_def);
    T_EQ(ouro_sequence_count(list, other), 1);
    finish(other);
}

static void equality_may_fail(void)
{
    ouro_ref other = three_of(&fail_def), last = ouro_own(ouro_list_get(list, -1));
    T_EQ(ouro_list_remove(list, other), -1);
    fails(OURO_VALUE_ERROR, "no");
    T_EQ(ouro_sequence_index(list, other), -1);
    fails(OURO_VALUE_ERROR, "no");
    T_EQ(ouro_sequence_count(list, other), -1);
    fails(OURO_VALUE_ERROR, "no");
    T_EQ(ouro_sequence_index(list, ouro_list_get(list, 0)), 0); /* identity is asked first */
    T_EQ(ouro_list_remove(list, last), -1);                     /* the first item is asked */
    fails(OURO_VALUE_ERROR, "no");
    T_EQ(ouro_list_len(list), 3);
    T_EQ(ouro_diag_refcount(last), 2);
    ouro_decref(last);
    finish(other);
}

static void a_merge_stops_at_what_is_no_pair(void)
{
    ouro_ref dict = ouro_dict_new(), pairs = ouro_list_new(), pair;
    pair = ouro_tuple_of(2, number(1), number(2));
    T_EQ(ouro_list_append(pairs, pair), 0);
    T_EQ(ouro_list_append(pairs, number(7)), 0);
    T_EQ(ouro_dict_merge(dict, pairs, true), -1);
    fails(OURO_TYPE_ERROR, "cannot convert dictionary update sequence element #1 to a sequence");
    T_EQ(ouro_dict_len(dict), 1); /* what was set before stays */
    T_CHECK(!ouro_dict_from(pairs) && !ouro_dict_fromkeys(number(3), pairs));
    ouro_error_clear();
    T_EQ(ouro_diag_refcount(pairs), 1);
    T_EQ(ouro_dict_merge(dict, dict, false), 0);
    T_EQ(ouro_dict_len(dict), 1);
    ouro_decref(pair);
    ouro_decref(pairs);
    ouro_decref(dict);
    settle();
    T_EQ(objects(), 0);
}

static ouro_ref sliced(ouro_ref range, ouro_ref start, ouro_ref stop, ouro_ref step)
{
    ouro_ref slice = ouro_slice_new(start, stop, step), part = ouro_range_slice(range, slice);
    ouro_decref(slice);
    return part;
}

/* The number behind the last, or before the first, may have 65 bits. */
static void ends_of_ranges(void)
{
    ouro_ref high = ouro_range_new(INT64_MAX - 10, INT64_MAX, 4), none = OURO_NONE;
    T_CHECK(!sliced(high, none, none, none));
    fails(OURO_OVERFLOW_ERROR, "an int has 64 bits at most");
    ouro_ref part = sliced(high, none, number(-1), none);
    T_EQ(ouro_range_len(part), 2);
    ouro_decref(part);
    part = sliced(high, none, none, number(-1));
    T_EQ(ouro_range_len(part), 3);
    T_EQ(ouro_range_index(part, INT64_MAX - 10), 2);
    ouro_decref(part);
    T_CHECK(!sliced(high, number(0), number(1), ouro_int_new(INT64_MAX)));
    fails(OURO_OVERFLOW_ERROR, "an int has 64 bits at most");
    ouro_ref all = ouro_range_new(INT64_MIN, INT64_MAX, 1);
    T_CHECK(!sliced(all, none, none, none));
    fails(OURO_OVERFLOW_ERROR, "an int has 64 bits at most");
    T_EQ(ouro_range_index(all, -1), INT64_MAX);
    T_EQ(ouro_range_index(all, 0), -1);
    fails(OURO_OVERFLOW_ERROR, "an int has 64 bits at most");
    T_EQ(ouro_range_index(high, 5), -1);
    fails(OURO_VALUE_ERROR, "5 is not in range");
    ouro_decref(all);
    ouro_decref(high);
}

static const struct t_test tests[] = {
    T_TEST(equality_may_change_the_list),
    T_TEST(equality_may_fail),
    T_TEST(a_merge_stops_at_what_is_no_pair),
    T_TEST(ends_of_ranges),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
