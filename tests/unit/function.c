/* SPDX-License-Identifier: MIT
 * function.c - functions, their cells, and what is said about wrong arguments. */
#include <string.h>

#include "ouro.h"
#include "t.h"
#include "unit_types.h"

/* ---- some functions ---- */

/* def count(step=1): nonlocal n; n += step; return n */
static ouro_ref count(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    int64_t n = 0, step = 1;
    ouro_ref cell = ouro_function_closure(function), value = ouro_cell_get(cell);
    if (!value) return NULL;
    (void)ouro_int_get(value, &n);
    if (argc > 0 && ouro_int_get(argv[0], &step) < 0) return NULL;
    ouro_cell_set(cell, ouro_int_new(n + step));
    return ouro_int_new(n + step);
}
static const struct ouro_function_def count_def = {
    .name = "count", .call = count, .parameters = "step", .least = 0, .most = 1};

/* Returns how many arguments it got. */
static ouro_ref arguments(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function;
    (void)argv;
    return ouro_int_new(argc);
}

static void calls(const struct ouro_function_def *def, unsigned argc, const char *message)
{
    ouro_ref argv[8] = {0}, function = ouro_function_new(def, NULL);
    for (unsigned i = 0; i < 8; i++) argv[i] = ouro_int_new(i);
    ouro_ref result = ouro_call(function, argc, argv);
    if (message) {
        T_CHECK(result == NULL);
        fails(OURO_TYPE_ERROR, message);
    } else {
        T_CHECK(result == ouro_int_new(argc));
    }
    ouro_decref(function);
}

/* ---- tests ---- */

static void a_closure_keeps_its_cell(void)
{
    ouro_ref cell = ouro_cell_new(ouro_int_new(40));
    ouro_ref function = ouro_function_new(&count_def, cell), one = ouro_int_new(1);
    T_CHECK(ouro_function_closure(function) == cell);
    T_EQ(ouro_diag_refcount(cell), 2);
    T_CHECK(ouro_call(function, 0, NULL) == ouro_int_new(41));
    T_CHECK(ouro_call(function, 1, &one) == ouro_int_new(42));
    T_CHECK(ouro_cell_get(cell) == ouro_int_new(42));
    T_CHECK(ouro_call(function, 1, (ouro_ref[]){OURO_NONE}) == NULL); /* its own error */
    T_EQ(ouro_error_get(NULL), OURO_TYPE_ERROR);
    ouro_error_clear();
    ouro_cell_set(cell, NULL);
    T_CHECK(ouro_call(function, 0, NULL) == NULL);
    fails(OURO_VALUE_ERROR, "Cell is empty");
    ouro_decref(cell);
    T_EQ(objects(), 2);
    ouro_decref(function);
    T_EQ(objects(), 0);
}

static void two_closures_share_a_cell(void)
{
    ouro_ref cell = ouro_cell_new(ouro_int_new(0));
    ouro_ref a = ouro_function_new(&count_def, cell), b = ouro_function_new(&count_def, cell);
    ouro_decref(cell);
    for (int i = 1; i < 10; i += 2) {
        T_CHECK(ouro_call(a, 0, NULL) == ouro_int_new(i));
        T_CHECK(ouro_call(b, 0, NULL) == ouro_int_new(i + 1));
    }
    ouro_decref(a);
    T_CHECK(ouro_call(b, 0, NULL) == ouro_int_new(11));
    ouro_decref(b);
    T_EQ(objects(), 0);
}

static void a_cell_owns_its_value(void)
{
    ouro_ref first = ouro_list_new(), second = ouro_list_new(), cell = ouro_cell_new(first);
    T_EQ(ouro_diag_refcount(first), 2);
    ouro_cell_set(cell, second);
    T_EQ(ouro_diag_refcount(first), 1);
    T_EQ(ouro_diag_refcount(second), 2);
    ouro_cell_set(cell, second);
    T_EQ(ouro_diag_refcount(second), 2);
    ouro_decref(cell);
    T_EQ(ouro_diag_refcount(second), 1);
    ouro_decref(first);
    ouro_decref(second);
}

static void sizes(void)
{
    ouro_ref cell = ouro_cell_new(NULL), function = ouro_function_new(&count_def, cell);
    if (sizeof(void *) == 4) {
        T_EQ(ouro_diag_sizeof(cell), 16);
        T_EQ(ouro_diag_sizeof(function), 16);
    }
    ouro_decref(cell);
    ouro_decref(function);
}

static void wrong_numbers_of_arguments(void)
{
    static const struct ouro_function_def none = {.name = "f", .call = arguments},
                                          one = {"f", arguments, "a", 1, 1},
                                          three = {"C.g", arguments, "a b c", 3, 3},
                                          some = {"h", arguments, "self y z w", 2, 4},
                                          any = {"v", arguments, "a", 1, OURO_VARIADIC},
                                          untold = {"u", arguments, NULL, 2, 2};
    calls(&none, 0, NULL);
    calls(&none, 1, "f() takes 0 positional arguments but 1 was given");
    calls(&none, 2, "f() takes 0 positional arguments but 2 were given");
    calls(&one, 1, NULL);
    calls(&one, 0, "f() missing 1 required positional argument: 'a'");
    calls(&one, 2, "f() takes 1 positional argument but 2 were given");
    calls(&three, 3, NULL);
    calls(&three, 0, "C.g() missing 3 required positional arguments: 'a', 'b', and 'c'");
    calls(&three, 1, "C.g() missing 2 required positional arguments: 'b' and 'c'");
    calls(&some, 2, NULL);
    calls(&some, 4, NULL);
    calls(&some, 1, "h() missing 1 required positional argument: 'y'");
    calls(&some, 5, "h() takes from 2 to 4 positional arguments but 5 were given");
    calls(&any, 8, NULL);
    calls(&any, 0, "v() missing 1 required positional argument: 'a'");
    calls(&untold, 0, "u() missing 2 required positional arguments");
}

static void what_cannot_be_called(void)
{
    ouro_ref list = ouro_list_new();
    T_CHECK(ouro_call(ouro_int_new(5), 0, NULL) == NULL);
    fails(OURO_TYPE_ERROR, "'int' object is not callable");
    T_CHECK(ouro_call(list, 0, NULL) == NULL);
    fails(OURO_TYPE_ERROR, "'list' object is not callable");
    ouro_decref(list);
}

/* Fill the arena, then ask for one more of each: nothing changes but the error. */
static void exhaustion(void)
{
    t_restart(8 * 1024);
    ouro_ref chain = ouro_cell_new(NULL), value = ouro_list_new(), next;
    while ((next = ouro_cell_new(chain)) || (next = ouro_method_new(chain, OURO_NONE))) {
        ouro_decref(chain);
        chain = next;
    }
    ouro_error_clear();
    T_CHECK(ouro_cell_new(chain) == NULL);
    fails(OURO_MEMORY_ERROR, "out of memory");
    T_EQ(ouro_diag_refcount(chain), 1);
    T_CHECK(ouro_function_new(&count_def, value) == NULL);
    fails(OURO_MEMORY_ERROR, "out of memory");
    T_CHECK(ouro_method_new(chain, value) == NULL);
    fails(OURO_MEMORY_ERROR, "out of memory");
    T_EQ(ouro_diag_refcount(value), 1);
    T_EQ(ouro_diag_refcount(chain), 1);
    ouro_decref(chain);
    ouro_decref(value);
    while (ouro_gc_step(1000) > 0) {}
    T_EQ(objects(), 0);
}

/* cell -> function -> cell: a function that refers to itself, as every recursive closure does. */
static void a_recursive_closure_is_collected(void)
{
    ouro_gc_disable(); /* in a small arena 20 objects are a reason to begin */
    for (int i = 0; i < 10; i++) {
        ouro_ref cell = ouro_cell_new(NULL), function = ouro_function_new(&count_def, cell);
        ouro_cell_set(cell, function);
        ouro_decref(cell);
        ouro_decref(function);
    }
    T_EQ(objects(), 20);
    T_EQ(ouro_gc_collect(0), 20);
    T_EQ(objects(), 0);
    ouro_gc_enable();
}

static const struct t_test tests[] = {
    T_SMALL(a_closure_keeps_its_cell),
    T_SMALL(two_closures_share_a_cell),
    T_SMALL(a_cell_owns_its_value),
    T_SMALL(sizes),
    T_SMALL(wrong_numbers_of_arguments),
    T_SMALL(what_cannot_be_called),
    T_SMALL(exhaustion),
    T_SMALL(a_recursive_closure_is_collected),
};
int main(void) { return t_run(tests, T_COUNT(tests)); }
