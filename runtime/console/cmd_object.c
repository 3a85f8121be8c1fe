/* SPDX-License-Identifier: MIT
 * cmd_object.c - commands that look at one object, or change what refers to it.
 *
 * An object is given by a name and, optionally, keys that lead on from there.  What is looked at
 * is only borrowed, so that `refs` shows the true count. */
#include <string.h>

#include "commands.h"
#include "output.h"
#include "ouro/diag.h"
#include "ouro/types.h"

static const char no_such_name[] = "no such name; try 'names'";

static ouro_ref named(const char *name)
{
    ouro_ref value = ouro_console_lookup(name);
    if (!value) ouro_error_set(OURO_KEY_ERROR, no_such_name);
    return value;
}

/* An index, which may be negative.  False, with ValueError, if it is none. */
static bool parse_index(const char *text, ptrdiff_t *index)
{
    uint32_t value;
    bool is_negative = *text == '-';
    if (!ouro_console_parse_number(text + is_negative, &value) || value > INT32_MAX) {
        ouro_error_set(OURO_VALUE_ERROR, "a list needs a number as index");
        return false;
    }
    *index = is_negative ? -(ptrdiff_t)value : (ptrdiff_t)value;
    return true;
}

/* The item of a container under a key, borrowed; NULL with an error. */
static ouro_ref item(ouro_ref container, const char *text)
{
    if (ouro_type_index(container) == OURO_TYPE_LIST) {
        ptrdiff_t index;
        return parse_index(text, &index) ? ouro_list_get(container, index) : NULL;
    }
    if (ouro_type_index(container) != OURO_TYPE_DICT) {
        ouro_error_set(OURO_TYPE_ERROR, "only a list or a dict has items");
        return NULL;
    }
    ouro_ref key = ouro_str_from(text);
    if (!key) return NULL;
    ouro_ref value = ouro_dict_get(container, key);
    ouro_decref(key);
    if (!value) ouro_error_set(OURO_KEY_ERROR, "no such key");
    return value;
}

ouro_ref command_find(int argc, char **argv)
{
    ouro_ref object = named(argv[1]);
    for (int i = 2; i < argc && object; i++) object = item(object, argv[i]);
    return object;
}

enum ouro_command_result command_show(int argc, char **argv)
{
    if (argc < 2) return OURO_COMMAND_USAGE;
    ouro_ref object = command_find(argc, argv);
    if (!object) return OURO_COMMAND_FAILED;
    int result = ouro_repr(object, ouro_console_write, NULL);
    ouro_console_print("\n");
    return result == 0 ? OURO_COMMAND_OK : OURO_COMMAND_FAILED;
}

enum ouro_command_result command_type(int argc, char **argv)
{
    if (argc < 2) return OURO_COMMAND_USAGE;
    ouro_ref object = command_find(argc, argv);
    if (!object) return OURO_COMMAND_FAILED;
    ouro_console_print(ouro_type_of(object)->name);
    ouro_console_print("\n");
    return OURO_COMMAND_OK;
}

enum ouro_command_result command_id(int argc, char **argv)
{
    if (argc < 2) return OURO_COMMAND_USAGE;
    ouro_ref object = command_find(argc, argv);
    if (!object) return OURO_COMMAND_FAILED;
    ouro_console_print("0x");
    ouro_console_print_hex(ouro_diag_id(object), 2u * sizeof(uintptr_t));
    ouro_console_print(ouro_is_immediate(object) ? " (immediate)\n" : "\n");
    return OURO_COMMAND_OK;
}

enum ouro_command_result command_refs(int argc, char **argv)
{
    if (argc < 2) return OURO_COMMAND_USAGE;
    ouro_ref object = command_find(argc, argv);
    if (!object) return OURO_COMMAND_FAILED;
    uint32_t count = ouro_diag_refcount(object);
    if (count == UINT32_MAX) {
        ouro_console_print("immortal\n");
    } else {
        ouro_console_print_int(count);
        ouro_console_print("\n");
    }
    return OURO_COMMAND_OK;
}

static enum ouro_command_result print_bytes(size_t bytes)
{
    if (bytes == SIZE_MAX) return OURO_COMMAND_FAILED;
    ouro_console_print_int((int64_t)bytes);
    ouro_console_print("\n");
    return OURO_COMMAND_OK;
}

enum ouro_command_result command_sizeof(int argc, char **argv)
{
    if (argc < 2) return OURO_COMMAND_USAGE;
    ouro_ref object = command_find(argc, argv);
    return object ? print_bytes(ouro_diag_sizeof(object)) : OURO_COMMAND_FAILED;
}

enum ouro_command_result command_deepsize(int argc, char **argv)
{
    if (argc < 2) return OURO_COMMAND_USAGE;
    ouro_ref object = command_find(argc, argv);
    return object ? print_bytes(ouro_diag_deepsize(object)) : OURO_COMMAND_FAILED;
}

/* ---- commands that change something ---- */

static int store(ouro_ref container, const char *text, ouro_ref value)
{
    if (ouro_type_index(container) == OURO_TYPE_LIST) {
        if (strcmp(text, "append") == 0) return ouro_list_append(container, value);
        ptrdiff_t index;
        return parse_index(text, &index) ? ouro_list_set(container, index, value) : -1;
    }
    if (ouro_type_index(container) != OURO_TYPE_DICT) {
        ouro_error_set(OURO_TYPE_ERROR, "only a list or a dict takes items");
        return -1;
    }
    ouro_ref key = ouro_str_from(text);
    if (!key) return -1;
    int result = ouro_dict_set(container, key, value);
    ouro_decref(key);
    return result;
}

enum ouro_command_result command_link(int argc, char **argv)
{
    if (argc != 4) return OURO_COMMAND_USAGE;
    ouro_ref container = named(argv[1]);
    ouro_ref value = container ? named(argv[3]) : NULL;
    if (!value || store(container, argv[2], value) != 0) return OURO_COMMAND_FAILED;
    return OURO_COMMAND_OK;
}

/* Unbind every name; each time the first one, since unbinding changes what is walked. */
static enum ouro_command_result forget_all(void)
{
    while (ouro_console_names()) {
        ouro_ref key, value;
        size_t position = 0;
        (void)ouro_dict_next(ouro_console_names(), &position, &key, &value);
        if (ouro_console_unbind(ouro_str_bytes(key, &position)) != 0) return OURO_COMMAND_FAILED;
    }
    return OURO_COMMAND_OK;
}

enum ouro_command_result command_del(int argc, char **argv)
{
    if (argc < 2) return OURO_COMMAND_USAGE;
    if (argc == 2 && strcmp(argv[1], "*") == 0) return forget_all();
    for (int i = 1; i < argc; i++) {
        if (ouro_console_unbind(argv[i]) != 0) return OURO_COMMAND_FAILED;
    }
    return OURO_COMMAND_OK;
}

enum ouro_command_result command_names(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) return OURO_COMMAND_USAGE;
    ouro_ref names = ouro_console_names(), key, value;
    size_t position = 0, bytes;
    while (names && ouro_dict_next(names, &position, &key, &value)) {
        output_text_row(ouro_str_bytes(key, &bytes), ouro_type_of(value)->name);
    }
    return OURO_COMMAND_OK;
}
