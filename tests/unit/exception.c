/* SPDX-License-Identifier: MIT
 * exception.c - errors as objects: caught, raised again, printed; and MemoryError without memory.
 */
#include <string.h>

#include "object.h"
#include "repr_text.h"
#include "unit_types.h"

static const char *str(ouro_ref ref)
{
    out_length = 0;
    out[0] = '\0';
    T_EQ(ouro_str_of(ref, collect, NULL), 0);
    return out;
}
static ouro_ref make(enum ouro_error_kind kind, const char *message)
{
    ouro_ref text = ouro_str_from(message), e = ouro_exception_new(kind, text, NULL);
    ouro_decref(text);
    return e;
}

/* ---- tests ---- */

static void repr_and_str(void)
{
    ouro_ref e = make(OURO_VALUE_ERROR, "it's x"), key = make(OURO_KEY_ERROR, "k");
    ouro_ref none = ouro_exception_new(OURO_TYPE_ERROR, NULL, NULL);
    T_TEXT(repr(e), "ValueError(\"it's x\")");
    T_TEXT(str(e), "it's x");
    T_TEXT(repr(key), "KeyError('k')");
    T_TEXT(str(key), "'k'");
    T_TEXT(repr(none), "TypeError()");
    T_TEXT(str(none), "");
    T_TEXT(ouro_type_name(e), "ValueError");
    T_EQ(ouro_exception_kind(key), OURO_KEY_ERROR);
    T_EQ(ouro_exception_kind(OURO_NONE), OURO_NO_ERROR);
    T_CHECK(ouro_exception_message(none) == NULL);
    T_EQ(ouro_equal(e, e), 1);
    T_EQ(ouro_equal(e, key), 0);
    T_CHECK(ouro_exception_new(OURO_KEY_ERROR, OURO_NONE, NULL) == NULL);
    T_EQ(ouro_error_get(NULL), OURO_TYPE_ERROR);
    ouro_error_clear();
    ouro_decref(none);
    ouro_decref(key);
    ouro_decref(e);
    T_EQ(objects(), 0);
}

static void what_failed_can_be_caught(void)
{
    T_CHECK(ouro_error_catch() == NULL);
    ouro_ref list = ouro_list_new();
    T_CHECK(ouro_list_get(list, 3) == NULL);
    ouro_ref e = ouro_error_catch();
    T_TEXT(repr(e), "IndexError('list index out of range')");
    T_EQ(ouro_error_get(NULL), OURO_NO_ERROR);
    T_EQ(ouro_diag_refcount(e), 1);
    ouro_decref(e);
    T_EQ(ouro_len(OURO_TRUE), -1); /* a message that was made */
    e = ouro_error_catch();
    ouro_error_format(OURO_KEY_ERROR, "%s", "another");
    T_TEXT(repr(e), "TypeError(\"object of type 'bool' has no len()\")");
    ouro_error_clear();
    ouro_decref(e);
    static char wide[94];
    memset(wide, 'x', sizeof wide - 1);
    ouro_error_format(OURO_KEY_ERROR, "%s%s", wide, "\xe2\x82\xac"); /* cut off inside */
    e = ouro_error_catch();
    T_EQ(ouro_exception_kind(e), OURO_KEY_ERROR);
    T_EQ(ouro_len(ouro_exception_message(e)), 93);
    ouro_decref(e);
    ouro_decref(list);
    T_EQ(objects(), 0);
}

static void what_is_raised_comes_back(void)
{
    const char *message;
    ouro_ref e = make(OURO_RUNTIME_ERROR, "once"), other = make(OURO_RUNTIME_ERROR, "twice");
    ouro_error_raise(e);
    T_EQ(ouro_error_get(&message), OURO_RUNTIME_ERROR);
    T_TEXT(message, "once");
    T_EQ(ouro_diag_refcount(e), 2);
    ouro_ref caught = ouro_error_catch();
    T_CHECK(caught == e);
    ouro_decref(caught);
    ouro_error_raise(e);
    ouro_error_raise(other);
    T_EQ(ouro_diag_refcount(e), 1);
    ouro_error_set(OURO_RUNTIME_ERROR, "a third"); /* set over it */
    caught = ouro_error_catch();
    T_CHECK(caught != e && caught != other);
    T_TEXT(str(caught), "a third");
    T_EQ(ouro_diag_refcount(other), 1);
    ouro_decref(caught);
    ouro_error_raise(other);
    ouro_decref(other); /* the error state keeps it */
    (void)ouro_gc_collect(2);
    T_EQ(ouro_error_get(&message), OURO_RUNTIME_ERROR);
    T_TEXT(message, "twice");
    caught = ouro_error_catch();
    T_CHECK(caught == other);
    ouro_decref(caught);
    ouro_decref(e);
    T_EQ(objects(), 0);
}

/* A finalizer that raises and fails, and a callback of the same kind. */
static void rude_finalize(ouro_ref self)
{
    (void)self;
    ouro_ref e = make(OURO_KEY_ERROR, "inner");
    ouro_error_raise(e);
    ouro_decref(e);
}
static ouro_ref rude_del(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function;
    (void)argc;
    rude_finalize(argv[0]);
    return NULL;
}
static const struct ouro_function_def rude_def = {"C.__del__", rude_del, "self", 1, 1};

static void an_error_outlives_what_fails_behind_it(void)
{
    const char *message;
    ouro_ref class_ = ouro_class_new("C", NULL);
    T_EQ(ouro_class_def(class_, "__del__", &rude_def), 0);
    ouro_ref instance = ouro_call(class_, 0, NULL), e = make(OURO_VALUE_ERROR, "outer");
    ouro_error_raise(e);
    ouro_decref(instance);
    T_EQ(ouro_error_get(&message), OURO_VALUE_ERROR);
    T_TEXT(message, "outer");
    ouro_ref caught = ouro_error_catch();
    T_CHECK(caught == e);
    ouro_decref(caught);
    ouro_decref(e);
    ouro_decref(class_);
}

static void causes(void)
{
    ouro_ref first = make(OURO_KEY_ERROR, "first");
    ouro_ref second = ouro_exception_new(OURO_VALUE_ERROR, NULL, first);
    T_CHECK(ouro_exception_cause(second) == first && ouro_exception_cause(first) == NULL);
    T_EQ(ouro_diag_refcount(first), 2);
    ouro_exception_set_cause(first, second); /* a cycle, for the collector */
    ouro_decref(first);
    ouro_decref(second);
    T_EQ(ouro_gc_collect(2), 2);
    T_EQ(objects(), 0);
}

static void memory_error_needs_no_memory(void)
{
    t_restart(8192);
    ouro_ref list = ouro_list_new();
    while (ouro_list_append(list, OURO_NONE) == 0) {}
    ouro_ref e = ouro_error_catch();
    T_TEXT(repr(e), "MemoryError('out of memory')");
    T_CHECK(!is_counted(e));
    ouro_exception_set_cause(e, list); /* nothing is written to flash */
    T_CHECK(ouro_exception_cause(e) == NULL);
    ouro_error_raise(e);
    ouro_ref again = ouro_error_catch();
    T_CHECK(again == e);
    for (size_t n = 480; n-- > 0;) { /* nor for another error, when all is full */
        uint8_t *data;
        while (ouro_bytes_alloc(n, &data)) {} /* forgotten with the arena */
    }
    ouro_error_set(OURO_KEY_ERROR, "a message that is too long for the memory that is left");
    ouro_ref caught = ouro_error_catch();
    T_CHECK(caught == e);
    T_EQ(ouro_error_get(NULL), OURO_NO_ERROR);
    ouro_decref(list);
}

static const struct t_test tests[] = {
    T_SMALL(repr_and_str),
    T_SMALL(what_failed_can_be_caught),
    T_SMALL(what_is_raised_comes_back),
    T_SMALL(an_error_outlives_what_fails_behind_it),
    T_SMALL(causes),
    T_SMALL(memory_error_needs_no_memory),
};
int main(void) { return t_run(tests, T_COUNT(tests)); }
