/* SPDX-License-Identifier: MIT
 * event_loop.c - closures, called for messages that a timer interrupt posts.
 *
 * The handler may not touch the heap: it posts bytes to a mailbox.  The main loop makes a str of
 * each message and calls the closure that is registered for its first letter.  A closure keeps its
 * own count in a cell. */
#include "print.h"

enum { MESSAGES = 12, RING_BYTES = 64 };

static struct ouro_mailbox mailbox;
static uint8_t ring[RING_BYTES];
static volatile uint32_t posted;

/* In the interrupt: button, temperature, button, temperature, unknown, ... */
static void on_timer(void)
{
    static const char *const messages[] = {"button", "temperature", "button", "noise"};
    const char *text = messages[posted % 4];

    if (posted == MESSAGES) return;
    if (ouro_mailbox_post(&mailbox, text, strlen(text))) posted++;
}

/* Adds one to its cell and returns the new count. */
static ouro_ref count(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    ouro_ref cell = ouro_function_closure(function);
    int64_t n = 0;

    (void)argc, (void)argv;
    if (ouro_int_get(ouro_cell_get(cell), &n) < 0) return NULL;
    ouro_ref next = ouro_int_new(n + 1);
    if (next) ouro_cell_set(cell, next);
    return next;
}
static const struct ouro_function_def count_def = {
    .name = "count", .call = count, .parameters = "message", .least = 1, .most = 1};

/* Register a new closure for a message.  0 or -1. */
static int listen(ouro_ref handlers, const char *message)
{
    ouro_ref cell = ouro_cell_new(ouro_int_new(0)); /* a small int: no memory, no count */
    ouro_ref handler = cell ? ouro_function_new(&count_def, cell) : NULL;
    ouro_ref key = handler ? ouro_intern(message, strlen(message)) : NULL;
    int result = key ? ouro_dict_set(handlers, key, handler) : -1;

    ouro_xdecref(key);
    ouro_xdecref(handler);
    ouro_xdecref(cell);
    return result;
}

/* One message: 1 if it was handled, 0 if nobody listens, -1 with an error. */
static int dispatch(ouro_ref handlers, ouro_ref message)
{
    ouro_error_clear();
    ouro_ref handler = ouro_dict_get(handlers, message);
    if (!handler) return ouro_error_get(NULL) == OURO_NO_ERROR ? 0 : -1;
    ouro_ref answer = ouro_call(handler, 1, &message);
    if (!answer) return -1;
    print_object(ouro_str_bytes(message, NULL), answer);
    ouro_decref(answer);
    return 1;
}

static int run(ouro_ref handlers)
{
    int unheard = 0;

    for (unsigned taken = 0; taken < MESSAGES;) {
        ouro_ref message = ouro_mailbox_take_str(&mailbox);
        if (!message) {
            if (ouro_error_get(NULL) != OURO_NO_ERROR) return -1; /* it is still there */
            (void)ouro_gc_step(32); /* nothing to do: a little collecting */
            continue;
        }
        int handled = dispatch(handlers, message);
        ouro_decref(message);
        if (handled < 0) return -1;
        unheard += !handled;
        taken++;
    }
    print_number("unheard", unheard);
    return 0;
}

int main(void)
{
    if (!start()) return 1;
    ouro_mailbox_init(&mailbox, ring, sizeof ring);
    ouro_ref handlers = ouro_dict_new();
    if (!handlers || listen(handlers, "button") < 0 || listen(handlers, "temperature") < 0)
        return fail("listen");
    ouro_port_every(2000, on_timer);
    int result = run(handlers);
    ouro_port_every(0, NULL);
    ouro_decref(handlers);
    return result < 0 ? fail("run") : end_clean();
}
