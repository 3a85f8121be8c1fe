/* SPDX-License-Identifier: MIT
 * exceptions.c - errors as objects, their causes, contexts, and what is released on the way out. */
#include <string.h>

#include "parity.h"

static ouro_ref error_new(enum ouro_error_kind kind, const char *message)
{
    ouro_ref text = ouro_str_from(message), error = ouro_exception_new(kind, text, NULL);
    ouro_decref(text);
    return error;
}

static void exceptions_as_text(void)
{
    static const enum ouro_error_kind kinds[] = {
        OURO_TYPE_ERROR,     OURO_VALUE_ERROR,   OURO_KEY_ERROR,       OURO_INDEX_ERROR,
        OURO_OVERFLOW_ERROR, OURO_RUNTIME_ERROR, OURO_ATTRIBUTE_ERROR, OURO_REFERENCE_ERROR,
        OURO_BUFFER_ERROR,   OURO_MEMORY_ERROR};
    static const char *const messages[] = {"a message", NULL, "it's", "\""};
    for (size_t i = 0; i < T_COUNT(kinds); i++) {
        for (size_t k = 0; k < T_COUNT(messages); k++) {
            ouro_ref error = messages[k] ? error_new(kinds[i], messages[k])
                                         : ouro_exception_new(kinds[i], NULL, NULL);
            say("%r %S %s", error, ouro_own(error), ouro_type_name(error));
        }
    }
}

static ouro_ref fail(ouro_ref error)
{
    ouro_error_raise(error);
    return NULL;
}

/* The error that something set, as an object. */
static ouro_ref catch_after(ouro_ref result)
{
    ouro_xdecref(result);
    return ouro_error_catch();
}
static ouro_ref catch_status(int status)
{
    (void)status;
    return ouro_error_catch();
}

static void say_caught(ouro_ref caught)
{
    say("%s %r %S", ouro_type_name(caught), caught, ouro_own(caught));
    say("%R", fail(caught));
}

static void errors_caught_and_raised(void)
{
    ouro_ref error = error_new(OURO_VALUE_ERROR, "mine"), empty = ouro_list_new(), x = py("'x'");
    uint32_t hash;
    say("%d", (int)ouro_getrefcount(error));
    for (int i = 0; i < 3; i++) {
        ouro_ref caught = catch_after(fail(error));
        say("%t %R", caught == error, caught);
    }
    say("%d", (int)ouro_getrefcount(error));
    say("%R", fail(error));
    say("%R", catch_after(NULL));
    say_caught(catch_after(ouro_list_get(empty, 0)));
    say_caught(catch_status(ouro_dict_del(ouro_dict_new(), x)));
    say_caught(catch_after(ouro_attr_get(empty, x)));
    say_caught(catch_status(ouro_compare(py("1"), py("'a'"), OURO_LT)));
    say_caught(catch_status(ouro_hash(empty, &hash)));
}

/* ---- contexts ---- */

/* A value is (name, kind of errors that it ends); it is entered as its name. */
static ouro_ref logged_enter(ouro_ref value)
{
    say("enter %S", ouro_own(ouro_tuple_get(value, 0)));
    return ouro_own(ouro_tuple_get(value, 0));
}
static int logged_leave(ouro_ref value, ouro_ref error)
{
    int64_t ends = 0;
    say("exit %S %r", ouro_own(ouro_tuple_get(value, 0)), error ? error : OURO_NONE);
    (void)ouro_int_get(ouro_tuple_get(value, 1), &ends);
    return error && (int64_t)ouro_exception_kind(error) == ends;
}
static const struct ouro_context_def logged_def = {
    .name = "Logged", .enter = logged_enter, .leave = logged_leave};

static ouro_ref logged_value(ouro_ref name, enum ouro_error_kind ends)
{
    ouro_ref value = ouro_tuple_of(2, name, ouro_int_new(ends));
    ouro_ref context = ouro_context_new(&logged_def, value);
    ouro_decref(value);
    ouro_decref(name);
    return context;
}
static ouro_ref logged(const char *name, enum ouro_error_kind ends)
{
    return logged_value(ouro_str_from(name), ends);
}

static ouro_ref set_error(enum ouro_error_kind kind, const char *message)
{
    ouro_error_set(kind, message);
    return NULL;
}

/* Nobody but the error that is being handled can be the context of another: so does a context. */
static ouro_ref second_error;
static int leave_with_second(ouro_ref value, ouro_ref error)
{
    (void)value, (void)error;
    ouro_error_raise(second_error);
    return -1;
}
static const struct ouro_context_def handler_def = {.name = "handler", .leave = leave_with_second};

static ouro_ref fail_while_handling(ouro_ref first, ouro_ref second)
{
    ouro_ref handler = ouro_context_new(&handler_def, NULL);
    second_error = second;
    OURO_WITH(handling, handler) ouro_error_raise(first);
    ouro_decref(handler);
    return NULL;
}

static void errors_have_causes(void)
{
    ouro_ref first = error_new(OURO_KEY_ERROR, "first"), hashed;
    ouro_ref second = error_new(OURO_VALUE_ERROR, "second");
    ouro_ref third = error_new(OURO_TYPE_ERROR, "third");
    uint32_t x, y;
    say("%r", ouro_exception_cause(first));
    ouro_ref caught = catch_after(fail_while_handling(first, second));
    say("%t %t %r", caught == second, ouro_exception_cause(caught) == first, caught);
    caught = catch_after(fail_while_handling(second, third));
    ouro_ref cause = ouro_exception_cause(caught);
    say("%r %r", cause, ouro_exception_cause(cause));
    say("%r", ouro_exception_cause(ouro_exception_cause(cause)));
    ouro_exception_set_cause(caught, NULL);
    say("%r %r", caught, ouro_exception_cause(caught));
    say("%r", ouro_exception_cause(second));
    ouro_exception_set_cause(second, third);
    say("%r %r", ouro_exception_cause(second), ouro_exception_cause(third));
    ouro_exception_set_cause(second, NULL);
    hashed = first;
    say("%t %t %t", ouro_equal(first, first), ouro_equal(first, error_new(OURO_KEY_ERROR, "first")),
        ouro_hash(first, &x) == 0 && ouro_hash(hashed, &y) == 0 && x == y);
    say("%t", ouro_compare(first, second, OURO_LT));
    say("%n", (int)ouro_len(first));
    say("%R", ouro_iter(first));
    say("%R", ouro_call(first, 0, NULL));
}

/* Run a block inside a context; it fails with `kind` unless that is none. */
static ouro_ref run(ouro_ref context, enum ouro_error_kind kind, const char *message)
{
    OURO_WITH(name, context)
    {
        say("inside %S", ouro_own(name.value));
        if (kind != OURO_NO_ERROR) ouro_error_set(kind, message);
    }
    if (ouro_error_get(NULL) == OURO_NO_ERROR) say("behind");
    ouro_decref(context);
    return NULL;
}

static void contexts(void)
{
    (void)run(logged("plain", OURO_NO_ERROR), OURO_NO_ERROR, NULL);
    say("%R", run(logged("a", OURO_NO_ERROR), OURO_NO_ERROR, NULL));
    say("%R", run(logged("b", OURO_NO_ERROR), OURO_VALUE_ERROR, "passed on"));
    say("%R", run(logged("c", OURO_VALUE_ERROR), OURO_VALUE_ERROR, "ended"));
    say("%R", run(logged("d", OURO_VALUE_ERROR), OURO_KEY_ERROR, "'another'"));
}

static ouro_ref run_two(enum ouro_error_kind outer_ends, enum ouro_error_kind inner_ends,
                        enum ouro_error_kind kind, const char *message)
{
    ouro_ref outer = logged("outer", outer_ends), inner = logged("inner", inner_ends);
    OURO_WITH(o, outer)
    {
        OURO_WITH(i, inner) ouro_error_set(kind, message);
        if (ouro_error_get(NULL) != OURO_NO_ERROR) break;
        say("between");
    }
    if (ouro_error_get(NULL) == OURO_NO_ERROR) say("behind");
    ouro_decref(inner);
    ouro_decref(outer);
    return NULL;
}

static void contexts_in_contexts(void)
{
    say("%R", run_two(OURO_NO_ERROR, OURO_NO_ERROR, OURO_VALUE_ERROR, "one"));
    say("%R", run_two(OURO_VALUE_ERROR, OURO_NO_ERROR, OURO_VALUE_ERROR, "two"));
    say("%R", run_two(OURO_NO_ERROR, OURO_VALUE_ERROR, OURO_VALUE_ERROR, "three"));
    say("%R", run_two(OURO_KEY_ERROR, OURO_VALUE_ERROR, OURO_KEY_ERROR, "'four'"));
}

/* A value is (fails at enter, fails at exit). */
static ouro_ref failing_enter(ouro_ref value)
{
    say("enter");
    if (ouro_tuple_get(value, 0) == OURO_TRUE) return set_error(OURO_VALUE_ERROR, "in enter");
    return ouro_int_new(1);
}
static int failing_leave(ouro_ref value, ouro_ref error)
{
    say("exit %r", error ? error : OURO_NONE);
    if (ouro_tuple_get(value, 1) != OURO_TRUE) return 0;
    ouro_error_set(OURO_TYPE_ERROR, "in exit");
    return -1;
}
static const struct ouro_context_def failing_def = {
    .name = "Failing", .enter = failing_enter, .leave = failing_leave};

static ouro_ref run_failing(const char *flags, enum ouro_error_kind kind)
{
    ouro_ref value = py(flags), context = ouro_context_new(&failing_def, value);
    OURO_WITH(c, context)
    {
        say("inside");
        if (kind != OURO_NO_ERROR) ouro_error_set(kind, "'inside'");
    }
    if (ouro_error_get(NULL) == OURO_NO_ERROR) say("behind");
    ouro_decref(context);
    ouro_decref(value);
    return NULL;
}

static void contexts_that_fail(void)
{
    static const char *const things[] = {"1", "[]", "None", "'x'"};
    say("%R", run_failing("(True, False)", OURO_NO_ERROR));
    say("%R", run_failing("(False, True)", OURO_NO_ERROR));
    say("%R", run_failing("(False, True)", OURO_KEY_ERROR));
    ouro_ref caught = catch_after(run_failing("(False, True)", OURO_KEY_ERROR));
    say("%r %r", caught, ouro_exception_cause(caught));
    say("%R", run_failing("(False, False)", OURO_KEY_ERROR));
    for (size_t i = 0; i < T_COUNT(things); i++) say("%R", ouro_enter(py(things[i])));
}

static ouro_ref say_entered(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function, (void)argc, (void)argv;
    say("entered");
    return OURO_NONE;
}
static const struct ouro_function_def enter_def = {
    .name = "OnlyEnter.__enter__", .call = say_entered, .least = 1, .most = 1};

static void half_a_context(void)
{
    ouro_ref class_ = ouro_class_new("OnlyEnter", NULL);
    (void)ouro_class_def(class_, "__enter__", &enter_def);
    ouro_ref half = ouro_instance_new(class_);
    OURO_WITH(h, half) say("inside");
    say("%n", ouro_error_get(NULL) == OURO_NO_ERROR ? 1 : -1);
    say("%R", ouro_enter(class_));
    for (int i = 0; i < 4; i++) {
        ouro_ref context = logged_value(ouro_int_new(i), OURO_NO_ERROR);
        int count = (int)ouro_getrefcount(context);
        OURO_WITH(c, context) say("%d", (int)ouro_getrefcount(context) - count);
        say("%d", (int)ouro_getrefcount(context) - count);
    }
}

static void leave_by_break(void)
{
    for (int i = 0; i < 5; i++) {
        OURO_AUTO(ouro_ref context) = logged_value(ouro_int_new(i), OURO_NO_ERROR);
        bool is_last = false;
        OURO_WITH(c, context)
        {
            is_last = i == 1;
            if (is_last) break;
            say("turn %d", i);
        }
        if (is_last) break;
    }
}
static int leave_by_return(void)
{
    OURO_AUTO(ouro_ref context) = logged("return", OURO_NO_ERROR);
    OURO_WITH(c, context) return 5;
    return 0;
}

static void ways_out_of_contexts(void)
{
    leave_by_break();
    say("%d", leave_by_return());
    for (int i = 0; i < 2; i++) {
        OURO_AUTO(ouro_ref context) = logged_value(ouro_int_new(i), OURO_NO_ERROR);
        OURO_WITH(c, context) continue;
    }
    say("end");
}

/* ---- what is released ---- */

static ouro_ref say_released(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function, (void)argc;
    say("released %S", ouro_attr_get_string(argv[0], "name"));
    return OURO_NONE;
}
static const struct ouro_function_def del_def = {
    .name = "Name.__del__", .call = say_released, .least = 1, .most = 1};
static ouro_ref name_class;

static ouro_ref name_new(const char *text)
{
    ouro_ref name = ouro_instance_new(name_class), str = ouro_str_from(text);
    (void)ouro_attr_set_string(name, "name", str);
    ouro_decref(str);
    return name;
}

static void hold(ouro_ref list, const char *text)
{
    OURO_AUTO(ouro_ref name) = name_new(text);
    (void)ouro_list_append(list, name);
}

static ouro_ref run_releasing(int n)
{
    OURO_AUTO(ouro_ref held) = ouro_list_new();
    hold(held, "a");
    if (n == 0) return ouro_str_from("early");
    hold(held, "b");
    if (n == 1) return set_error(OURO_VALUE_ERROR, "after b");
    hold(held, "c");
    return ouro_str_from("late");
}

static void released_on_error(void)
{
    name_class = ouro_class_new("Name", NULL);
    (void)ouro_class_def(name_class, "__del__", &del_def);
    for (int n = 0; n < 3; n++) {
        ouro_ref result = run_releasing(n);
        settle();
        say("%d %R", n, result);
    }
    for (int i = 0; i < 3; i++) {
        char text[] = "turn 0";
        text[5] = (char)('0' + i);
        OURO_AUTO(ouro_ref x) = name_new(text);
    }
}

static void errors_change_nothing(void)
{
    ouro_ref x = py("[1, 2]"), d = py("{'a': 1}"), s = py("{1}"), b = py("'b'");
    say("%R", ouro_list_pop(x, 5));
    say("%n", ouro_list_set(x, 7, py("0")));
    say("%R", ouro_dict_pop(d, b));
    say("%n", ouro_dict_set(d, py("[]"), py("0")));
    say("%r", ouro_dict_setdefault(d, py("{}"), py("0")));
    say("%n", ouro_set_add(s, py("[]")));
    say("%n", ouro_set_update(s, py("5")));
    say("%n", ouro_dict_update(d, py("{1: 2}")));
    say("%n", ouro_list_extend(x, OURO_NONE));
    say("%n", ouro_list_sort(x, false));
    say("%r %r %r", x, d, s);
}

static const struct section sections[] = {
    SECTION(exceptions_as_text),   SECTION(errors_caught_and_raised),
    SECTION(errors_have_causes),   SECTION(contexts),
    SECTION(contexts_in_contexts), SECTION(contexts_that_fail),
    SECTION(half_a_context),       SECTION(ways_out_of_contexts),
    SECTION(released_on_error),    SECTION(errors_change_nothing),
};
PARITY_MAIN(sections)
