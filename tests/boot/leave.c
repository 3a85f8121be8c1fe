/* SPDX-License-Identifier: MIT
 * leave.c - a console whose names have finalizers and finalizes: what `exit` calls, in order. */
#include "ouro/classes.h"
#include "ouro/console.h"
#include "ouro/port.h"
#include "ouro/weakref.h"

static ouro_ref say(const char *text, ouro_ref name)
{
    ouro_console_print(text);
    (void)ouro_repr(name, ouro_console_write, NULL);
    ouro_console_print("\n");
    return OURO_NONE;
}

static ouro_ref call_del(ouro_ref closure, unsigned argc, const ouro_ref *argv)
{
    (void)closure;
    (void)argc;
    ouro_ref name = ouro_attr_get_string(argv[0], "name");
    say("__del__ ", name);
    ouro_decref(name);
    return OURO_NONE;
}
static const struct ouro_function_def del = {
    .name = "__del__", .call = call_del, .parameters = "self", .least = 1, .most = 1};

static ouro_ref call_finalize(ouro_ref name) { return say("finalize ", name); }

/* An instance that a name refers to, and one in a cycle of its own if it `is_loop`. */
static void make(ouro_ref class, const char *text, bool is_loop, bool is_for_exit)
{
    ouro_ref instance = ouro_instance_new(class), name = ouro_str_from(text);
    ouro_ref finalize = ouro_finalize_new(instance, call_finalize, name);
    ouro_finalize_set_atexit(finalize, is_for_exit);
    if (ouro_attr_set_string(instance, "name", name) < 0 || ouro_console_bind(text, instance) < 0 ||
        (is_loop && ouro_attr_set_string(instance, "me", instance) < 0))
        ouro_port_panic("no memory");
    ouro_decref(finalize);
    ouro_decref(name);
    ouro_decref(instance);
}

int main(void)
{
    if (ouro_init(ouro_arena_start, (size_t)(ouro_arena_end - ouro_arena_start)) < 0) return 1;
    ouro_ref class = ouro_class_new("C", NULL);
    if (ouro_class_def(class, "__del__", &del) < 0) return 1;
    make(class, "first", false, true);
    make(class, "loop", true, true);
    make(class, "silent", false, false);
    make(class, "last", false, true);
    ouro_decref(class);
    return ouro_console_run();
}
