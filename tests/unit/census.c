/* SPDX-License-Identifier: MIT
 * census.c - how many objects of which type there are, and what has become more. */
#include <string.h>

#include "ouro.h"
#include "search_text.h"

static struct ouro_census first, second;

static struct ouro_census_row row(const struct ouro_census *census, const char *name)
{
    for (uint32_t i = 0; i < census->count; i++)
        if (strcmp(census->rows[i].name, name) == 0) return census->rows[i];
    return (struct ouro_census_row){.objects = 0};
}

static int64_t all_bytes(const struct ouro_census *census)
{
    int64_t bytes = 0;
    for (uint32_t i = 0; i < census->count; i++) bytes += census->rows[i].bytes;
    return bytes;
}

static bool adds_up(const struct ouro_census *census)
{
    struct ouro_mem_stats stats;
    ouro_diag_mem(&stats);
    return T_EQ(all_bytes(census), stats.used_bytes);
}

static void objects_by_type(void)
{
    char *text;
    ouro_ref list = ouro_list_new(), dict = in_list(list, ouro_dict_new());
    ouro_ref class = ouro_class_new("Room", NULL), large = ouro_str_alloc(3000, &text);
    memset(text, 'x', 3000);
    for (unsigned i = 0; i < 100; i++) {
        in_list(list, ouro_float_new(i));
        T_EQ(ouro_dict_set(dict, ouro_int_new((int)i), OURO_NONE), 0);
    }
    for (unsigned i = 0; i < 7; i++)
        in_attr(in_list(list, ouro_instance_new(class)), "n", ouro_float_new(i));
    T_EQ(ouro_diag_census(&first), 0);
    (void)adds_up(&first);
    T_EQ(row(&first, "float").objects, 107);
    T_EQ(row(&first, "list").objects, 1);
    T_EQ(row(&first, "Room").objects, 7);
    T_EQ(row(&first, "type").objects, 1);
    T_EQ(row(&first, "node").objects, 0); /* its bytes are the list's */
    if (OURO_CHECK < 2) {
        T_EQ(row(&first, "list").bytes, ouro_diag_sizeof(list));
        T_EQ(row(&first, "float").bytes, 107 * ouro_diag_sizeof(ouro_list_get(list, 1)));
        T_CHECK(row(&first, "dict").bytes >= (int32_t)ouro_diag_sizeof(dict));
    }
    int32_t of_c = row(&first, "C memory").bytes, of_str = row(&first, "str").bytes;
    T_CHECK(of_c >= 3000); /* no object refers to it */
    T_EQ(ouro_list_append(list, large), 0);
    T_EQ(ouro_list_append(list, large), 0);
    T_EQ(ouro_diag_census(&first), 0);
    (void)adds_up(&first);
    T_CHECK(row(&first, "C memory").bytes <= of_c - 3000);
    T_CHECK(row(&first, "str").bytes >= of_str + 3000 && row(&first, "str").bytes < of_str + 3100);
    for (uint32_t i = 1; i < first.count; i++)
        T_CHECK(first.rows[i - 1].bytes >= first.rows[i].bytes);
    ouro_decref(large);
    ouro_decref(class);
    ouro_decref(list);
}

static void what_became_more(void)
{
    ouro_ref kept = ouro_list_new(), gone = ouro_list_new();
    for (unsigned i = 0; i < 10; i++) in_list(gone, ouro_float_new(0.5));
    T_EQ(ouro_diag_census(&first), 0);
    for (unsigned i = 0; i < 100; i++) in_list(kept, ouro_dict_new());
    ouro_decref(gone);
    T_EQ(ouro_diag_census(&second), 0);
    ouro_census_subtract(&second, &first);
    T_EQ(row(&second, "dict").objects, 100);
    T_EQ(row(&second, "float").objects, -10);
    T_EQ(row(&second, "list").objects, -1);
    T_CHECK(row(&second, "list").bytes > 0); /* the nodes of one, less the other */
    T_CHECK(strcmp(second.rows[0].name, "dict") == 0);
    T_EQ(ouro_diag_census(&first), 0);
    T_EQ(ouro_diag_census(&second), 0);
    ouro_census_subtract(&second, &first);
    T_EQ(second.count, 0);
    ouro_decref(kept);
}

static void more_types_than_rows(void)
{
    enum { MANY = 60 };
    char name[] = "Class00";
    ouro_ref list = ouro_list_new();
    for (unsigned i = 0; i < MANY; i++) {
        name[5] = (char)('0' + i / 10);
        name[6] = (char)('0' + i % 10);
        ouro_ref class = ouro_class_new(name, NULL);
        in_list(list, ouro_instance_new(class));
        ouro_decref(class);
    }
    T_EQ(ouro_diag_census(&first), 0);
    (void)adds_up(&first);
    T_CHECK(first.count >= OURO_CENSUS_ROWS - 1);
    T_CHECK(row(&first, "(other types)").objects > MANY - OURO_CENSUS_ROWS);
    ouro_decref(list);
    ouro_gc_collect(2);
    second.count = 0;
    ouro_census_subtract(&second, &first); /* all of it, and less than nothing is there */
    T_EQ(all_bytes(&second), -all_bytes(&first));
}

static void in_steps_while_objects_come_and_go(void)
{
    struct ouro_search search;
    ouro_ref list = ouro_list_new();
    for (unsigned i = 0; i < 200; i++) in_list(list, ouro_float_new(i));
    ouro_search_census(&search, &first);
    unsigned steps = 0;
    for (; ouro_search_step(&search, 20) == OURO_SEARCH_GOES_ON; steps++) {
        ouro_ref other = ouro_list_new();
        in_list(other, ouro_dict_new());
        ouro_decref(other);
    }
    T_EQ(search.status, OURO_SEARCH_DONE);
    ouro_search_end(&search);
    T_CHECK(steps > 20);
    T_EQ(row(&first, "float").objects, 200); /* what was there all the time */
    ouro_gc_collect(2);
    ouro_decref(list);
}

static const struct t_test tests[] = {
    T_TEST(objects_by_type),
    T_SMALL(what_became_more),
    T_TEST(more_types_than_rows),
    T_SMALL(in_steps_while_objects_come_and_go),
};
int main(void) { return t_run(tests, T_COUNT(tests)); }
