/* SPDX-License-Identifier: MIT
 * exception.c - the exception type: an error as an object.
 *
 * The error state is a kind and a pointer to a message, and costs nothing to set.  What is raised
 * as an object is kept by the heap besides (error_value), its message being the state's: so that it
 * can be told, when it is caught, from an error that was set meanwhile. */
#include "ouro/exception.h"

#include "ouro/flash.h"
#include "types/ops.h"

struct exception {
    struct ouro_obj header;
    uint16_t kind;      /* enum ouro_error_kind */
    bool is_from_state; /* its message is the state's text: of a KeyError the repr of the key */
    ouro_ref message, cause;
};

extern const struct ouro_type ouro_exception_type;

static const char no_message[] = "";

OURO_STR_CONST(out_of_memory, "out of memory");
static const struct exception memory_error __attribute__((aligned(8))) = {
    .header = OBJECT_IN_FLASH(OURO_TYPE_EXCEPTION),
    .kind = OURO_MEMORY_ERROR,
    .message = OURO_CONST(out_of_memory),
};

static bool is_exception(ouro_ref ref) { return ouro_type_index(ref) == OURO_TYPE_EXCEPTION; }
static struct exception *exception_of(ouro_ref ref) { return expect(ref, OURO_TYPE_EXCEPTION); }

ouro_ref ouro_exception_new(enum ouro_error_kind kind, ouro_ref message, ouro_ref cause)
{
    if (message && ouro_type_index(message) != OURO_TYPE_STR)
        return error_null(OURO_TYPE_ERROR, "the message of an exception must be a str");
    const ouro_ref refs[] = {message, cause};
    ouro_ref ref = object_holding(&ouro_exception_type, 2, refs);
    if (ref) exception_of(ref)->kind = (uint16_t)kind;
    return ref;
}

enum ouro_error_kind ouro_exception_kind(ouro_ref ref)
{
    return is_exception(ref) ? (enum ouro_error_kind)exception_of(ref)->kind : OURO_NO_ERROR;
}
ouro_ref ouro_exception_message(ouro_ref ref) { return exception_of(ref)->message; }
ouro_ref ouro_exception_cause(ouro_ref ref) { return exception_of(ref)->cause; }

void ouro_exception_set_cause(ouro_ref ref, ouro_ref cause)
{
    struct exception *exception = exception_of(ref);
    if (!is_counted(ref) || ref == cause) return;
    ouro_xincref(cause);
    ouro_put(&exception->cause, cause);
}

/* ---- the error state ---- */

static const char *message_of(const struct exception *exception)
{
    return exception->message ? ouro_str_bytes(exception->message, NULL) : no_message;
}

/* A str of a text; what is cut off within a code point loses that. */
static ouro_ref make_message(const char *text)
{
    ouro_ref str;
    size_t n = strlen(text);
    while (!(str = ouro_str_new(text, n)) && n > 0 && ouro_error_get(NULL) == OURO_VALUE_ERROR) n--;
    return str;
}

ouro_ref ouro_error_catch(void)
{
    OURO_THREAD_ONLY();
    const char *text;
    enum ouro_error_kind kind = ouro_error_get(&text);
    if (kind == OURO_NO_ERROR) return NULL;
    ouro_ref value = ouro_heap->error_value;
    ouro_heap->error_value = NULL;
    bool is_raised =
        value && ouro_exception_kind(value) == kind && message_of(exception_of(value)) == text;
    if (!is_raised) {
        struct error_state state; /* a copy of the text: making a str may collect */
        error_save(&state);
        if (value) drop_quietly(value, UINT32_MAX);
        value = NULL;
        text = state.message == ouro_heap->error_text ? state.text : state.message;
        ouro_ref message = text && kind != OURO_MEMORY_ERROR ? make_message(text) : NULL;
        if (message || (!text && kind != OURO_MEMORY_ERROR))
            value = ouro_exception_new(kind, message, NULL);
        ouro_xdecref(message);
        if (value)
            exception_of(value)->is_from_state = true;
        else
            value = OURO_CONST(memory_error);
    }
    ouro_error_clear();
    return value;
}

void ouro_error_raise(ouro_ref ref)
{
    OURO_THREAD_ONLY();
    struct exception *exception = exception_of(ref);
    ouro_ref old = ouro_heap->error_value;
    ouro_heap->error_value = ouro_own(ref);
    ouro_error_set((enum ouro_error_kind)exception->kind, message_of(exception));
    if (old) drop_quietly(old, UINT32_MAX); /* no user code: containers raise half-way */
}

/* ---- operations ---- */

static const char *exception_type_name(ouro_ref self)
{
    return ouro_error_name(ouro_exception_kind(self));
}

/* Is its message the repr of what it shows? */
static bool shows_text(const struct exception *exception)
{
    return exception->kind == OURO_KEY_ERROR && exception->is_from_state;
}

/* Around the repr of the message, the only item, unless the message is one already. */
static int exception_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    const struct exception *exception = exception_of(self);
    if (part == OURO_END) return write_text(write, context, ")");
    const char *text = shows_text(exception) ? message_of(exception) : "";
    return write_format(write, context, "%T(%s", self, text);
}

static bool exception_next(ouro_ref self, size_t *position, ouro_ref *key, ouro_ref *item)
{
    (void)key;
    *item = shows_text(exception_of(self)) ? NULL : exception_of(self)->message;
    return *item && (*position)++ == 0;
}

static int exception_str(ouro_ref self, ouro_write_fn *write, void *context)
{
    const struct exception *exception = exception_of(self);
    if (!exception->message) return 0;
    if (exception->kind == OURO_KEY_ERROR && !shows_text(exception))
        return str_repr(exception->message, OURO_BEGIN, write, context);
    return write_text(write, context, message_of(exception));
}

static const struct ouro_ops exception_ops = {
    .repr = exception_repr,
    .str = exception_str,
    .hash = ouro_identity_hash,
    .compare = ouro_identity_compare,
    .next = exception_next,
    .type_name = exception_type_name,
};
const struct ouro_type ouro_exception_type = {
    .name = "exception",
    .index = OURO_TYPE_EXCEPTION,
    .size_bytes = sizeof(struct exception),
    .refs = OURO_REF_BIT(struct exception, message) | OURO_REF_BIT(struct exception, cause),
    .ops = &exception_ops,
};
