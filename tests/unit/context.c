/* SPDX-License-Identifier: MIT
 * context.c - entering and leaving, on every way out of a block; and what is released there. */
#include <string.h>

#include "ouro.h"
#include "t.h"
#include "unit_types.h"

/* ---- OURO_AUTO ---- */

static bool leave_by(ouro_ref held, int way)
{
    OURO_AUTO(ouro_ref x) = ouro_own(held);
    OURO_AUTO(ouro_ref nothing) = NULL;
    T_EQ(ouro_diag_refcount(held), 2);
    for (int i = 0; i < 3; i++) {
        OURO_AUTO(ouro_ref y) = ouro_own(held);
        T_EQ(ouro_diag_refcount(y), 3);
        if (way == 1) break;
        if (way == 2) continue;
        if (way == 3) goto out;
        if (way == 4) return false;
    }
out:
    return !nothing && ouro_diag_refcount(x) == 2;
}

static void what_is_auto_goes_on_every_way_out(void)
{
    ouro_ref list = ouro_list_new();
    for (int way = 0; way <= 4; way++) {
        T_EQ(leave_by(list, way), way != 4);
        T_EQ(ouro_diag_refcount(list), 1);
    }
    ouro_decref(list);
}

/* ---- OURO_WITH ---- */

/* A lock: a cell that says how many times it is taken. */
static enum ouro_error_kind seen;
static int answer;
static void add(ouro_ref cell, int more)
{
    int64_t n;
    (void)ouro_int_get(ouro_cell_get(cell), &n);
    ouro_cell_set(cell, ouro_int_new(n + more));
}
static ouro_ref lock_enter(ouro_ref cell)
{
    add(cell, 1);
    return ouro_int_new(42);
}
static int lock_leave(ouro_ref cell, ouro_ref error)
{
    T_EQ(ouro_error_get(NULL), OURO_NO_ERROR); /* it has the error state to itself */
    add(cell, -1);
    seen = error ? ouro_exception_kind(error) : OURO_NO_ERROR;
    if (answer < 0) ouro_error_set(OURO_RUNTIME_ERROR, "from leave");
    return answer;
}
static const struct ouro_context_def lock_def = {
    .name = "lock", .enter = lock_enter, .leave = lock_leave};

static bool leave_with(ouro_ref context, ouro_ref cell, int way)
{
    OURO_WITH(lock, context)
    {
        T_CHECK(lock.value == ouro_int_new(42));
        T_CHECK(ouro_cell_get(cell) == ouro_int_new(1));
        if (way == 1) break;
        if (way == 2) return false;
        if (way == 3) goto out;
        if (way == 4) ouro_error_set(OURO_KEY_ERROR, "from the block");
    }
out:
    return true;
}

static void a_block_leaves_its_context_on_every_way_out(void)
{
    ouro_ref cell = ouro_cell_new(ouro_int_new(0)), lock = ouro_context_new(&lock_def, cell);
    for (int way = 0; way <= 3; way++) {
        T_EQ(leave_with(lock, cell, way), way != 2);
        T_CHECK(ouro_cell_get(cell) == ouro_int_new(0));
        T_EQ(seen, OURO_NO_ERROR);
        T_EQ(ouro_diag_refcount(lock), 1);
    }
    ouro_decref(lock);
    ouro_decref(cell);
    T_EQ(objects(), 0);
}

static void an_error_goes_on_ends_or_is_a_cause(void)
{
    ouro_ref cell = ouro_cell_new(ouro_int_new(0)), lock = ouro_context_new(&lock_def, cell);
    (void)leave_with(lock, cell, 4);
    T_EQ(seen, OURO_KEY_ERROR);
    fails(OURO_KEY_ERROR, "from the block");
    answer = 1;
    (void)leave_with(lock, cell, 4);
    T_EQ(seen, OURO_KEY_ERROR);
    T_EQ(ouro_error_get(NULL), OURO_NO_ERROR);
    answer = -1;
    (void)leave_with(lock, cell, 4);
    ouro_ref e = ouro_error_catch();
    T_EQ(ouro_exception_kind(e), OURO_RUNTIME_ERROR);
    T_EQ(ouro_exception_kind(ouro_exception_cause(e)), OURO_KEY_ERROR);
    ouro_decref(e);
    (void)leave_with(lock, cell, 0);
    fails(OURO_RUNTIME_ERROR, "from leave");
    answer = 0;
    ouro_decref(lock);
    ouro_decref(cell);
    (void)ouro_error_catch();
    T_EQ(objects(), 0);
}

/* ---- instances ---- */

static ouro_ref enter(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function;
    (void)argc;
    return ouro_own(argv[0]);
}
/* Ends a ValueError. */
static ouro_ref leave(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function;
    (void)argc;
    T_CHECK(argv[1] == argv[2] && argv[3] == OURO_NONE);
    seen = argv[1] == OURO_NONE ? OURO_NO_ERROR : ouro_exception_kind(argv[1]);
    return ouro_bool(seen == OURO_VALUE_ERROR);
}
static const struct ouro_function_def enter_def = {"C.__enter__", enter, "self", 1, 1},
                                      leave_def = {"C.__exit__", leave, "self t v b", 4, 4};

static void instances_are_entered_by_their_methods(void)
{
    ouro_ref class_ = ouro_class_new("C", NULL), instance = ouro_call(class_, 0, NULL);
    bool has_run = false;
    OURO_WITH(with, instance) has_run = true;
    T_CHECK(!has_run);
    fails(OURO_TYPE_ERROR, "'C' object does not support the context manager protocol");
    T_EQ(ouro_class_def(class_, "__enter__", &enter_def), 0);
    T_EQ(ouro_leave(instance), -1);
    fails(OURO_TYPE_ERROR,
          "'C' object does not support the context manager protocol (missed __exit__ method)");
    T_EQ(ouro_class_def(class_, "__exit__", &leave_def), 0);
    OURO_WITH(with, instance)
    {
        has_run = with.value == instance;
        ouro_error_set(OURO_VALUE_ERROR, "ends here");
    }
    T_CHECK(has_run && seen == OURO_VALUE_ERROR);
    T_EQ(ouro_error_get(NULL), OURO_NO_ERROR);
    OURO_WITH(with, instance) ouro_error_set(OURO_KEY_ERROR, "goes on");
    fails(OURO_KEY_ERROR, "goes on");
    T_CHECK(ouro_enter(OURO_NONE) == NULL);
    fails(OURO_TYPE_ERROR, "'NoneType' object does not support the context manager protocol");
    ouro_decref(instance);
    ouro_decref(class_);
}

static const struct t_test tests[] = {
    T_SMALL(what_is_auto_goes_on_every_way_out),
    T_SMALL(a_block_leaves_its_context_on_every_way_out),
    T_SMALL(an_error_goes_on_ends_or_is_a_cause),
    T_SMALL(instances_are_entered_by_their_methods),
};
int main(void) { return t_run(tests, T_COUNT(tests)); }
