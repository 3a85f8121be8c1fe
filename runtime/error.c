/* SPDX-License-Identifier: MIT
 * error.c - the error state: what the last failing call reported.
 *
 * A message is a literal, or made in a buffer of the heap's, so that an error costs no memory: the
 * one that says that there is none least of all. */
#include <string.h>

#include "fmt_text.h"
#include "object.h"
#include "ouro/diag.h"

static const char *const error_names[] = {
    [OURO_NO_ERROR] = "no error",
    [OURO_MEMORY_ERROR] = "MemoryError",
    [OURO_TYPE_ERROR] = "TypeError",
    [OURO_VALUE_ERROR] = "ValueError",
    [OURO_KEY_ERROR] = "KeyError",
    [OURO_INDEX_ERROR] = "IndexError",
    [OURO_OVERFLOW_ERROR] = "OverflowError",
    [OURO_RUNTIME_ERROR] = "RuntimeError",
    [OURO_ATTRIBUTE_ERROR] = "AttributeError",
    [OURO_REFERENCE_ERROR] = "ReferenceError",
    [OURO_BUFFER_ERROR] = "BufferError",
    [OURO_ZERO_DIVISION_ERROR] = "ZeroDivisionError",
};

const char *ouro_error_name(enum ouro_error_kind kind)
{
    return (unsigned)kind < sizeof error_names / sizeof error_names[0] ? error_names[kind] : "?";
}

enum ouro_error_kind ouro_error_get(const char **message)
{
    if (message) *message = ouro_heap->error_message;
    return ouro_heap->error_kind;
}

void ouro_error_set(enum ouro_error_kind kind, const char *message)
{
    ouro_heap->error_kind = kind;
    ouro_heap->error_message = message;
}

void ouro_error_clear(void) { ouro_error_set(OURO_NO_ERROR, NULL); }

/* ---- around a call of the runtime's own ---- */

void error_save(struct error_state *state)
{
    struct heap *heap = ouro_heap;
    state->caller = heap->caller;
    state->kind = heap->error_kind;
    state->message = heap->error_message;
    state->value = heap->error_value;
    heap->error_value = NULL;
    if (state->message == heap->error_text) memcpy(state->text, heap->error_text, ERROR_BYTES);
}

void error_restore(const struct error_state *state)
{
    if (state->message == ouro_heap->error_text)
        memcpy(ouro_heap->error_text, state->text, ERROR_BYTES);
    ouro_ref value = ouro_heap->error_value;
    ouro_heap->error_value = state->value;
    ouro_heap->caller = state->caller;
    ouro_error_set(state->kind, state->message);
    if (value) drop_quietly(value, UINT32_MAX);
}

void error_report(ouro_ref where)
{
    const struct heap *heap = ouro_heap;
    if (heap->error_hook) heap->error_hook(heap->error_kind, heap->error_message, where);
}

void ouro_error_set_hook(ouro_error_hook *hook) { ouro_heap->error_hook = hook; }

/* ---- messages ---- */

ouro_ref error_null(enum ouro_error_kind kind, const char *message)
{
    ouro_error_set(kind, message);
    return NULL;
}

void error_append(void *context, const char *text, size_t bytes)
{
    char **at = context;
    size_t room = (size_t)(ouro_heap->error_text + ERROR_BYTES - 1 - *at);
    if (bytes > room) bytes = room;
    memcpy(*at, text, bytes);
    *at += bytes;
}

void error_made(enum ouro_error_kind kind, char *at)
{
    *at = '\0';
    ouro_error_set(kind, ouro_heap->error_text);
}

SELDOM static void set(enum ouro_error_kind kind, const char *format, va_list *arguments)
{
    char *at = ouro_heap->error_text;
    write_arguments(error_append, &at, format, arguments);
    error_made(kind, at);
}

ouro_ref error_about(enum ouro_error_kind kind, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    set(kind, format, &arguments);
    va_end(arguments);
    return NULL;
}

void ouro_error_format(enum ouro_error_kind kind, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    set(kind, format, &arguments);
    va_end(arguments);
}
