/* SPDX-License-Identifier: MIT
 * own_tests.c - a project's own tests on the target, by the library's harness.
 *
 * Each function is one TAP point; the runtime is started afresh before each, and the heap verified
 * behind it. */
#include "ouro.h"
#include "ouro/t.h"

static void a_list_keeps_its_order(void)
{
    ouro_ref list = ouro_list_new();

    for (int i = 0; i < 100; i++) T_EQ(ouro_list_append(list, ouro_int_new(i)), 0);
    for (int i = 0; i < 100; i++) T_CHECK(ouro_list_get(list, i) == ouro_int_new(i));
    ouro_decref(list);
}

static void a_missing_key_is_no_error(void)
{
    ouro_ref dict = ouro_dict_new();

    T_CHECK(ouro_dict_get(dict, OURO_NONE) == NULL);
    T_EQ(ouro_error_get(NULL), OURO_NO_ERROR);
    T_EQ(ouro_dict_del(dict, OURO_NONE), -1);
    T_EQ(ouro_error_get(NULL), OURO_KEY_ERROR);
    T_TEXT(ouro_error_name(OURO_KEY_ERROR), "KeyError");
    ouro_decref(dict);
}

static const struct t_test tests[] = {
    T_TEST(a_list_keeps_its_order),
    T_TEST(a_missing_key_is_no_error),
};
int main(void) { return t_run(tests, T_COUNT(tests)); }
