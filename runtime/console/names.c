/* SPDX-License-Identifier: MIT
 * names.c - the console's variables: one dict from str to object.
 *
 * The dict is made for the first name and dropped with the last, so that a console without names
 * holds no memory.  Looking a name up walks the dict and compares bytes: making a key would need
 * memory, and a full arena is where `del` is needed most. */
#include <string.h>

#include "ouro/console.h"
#include "ouro/types.h"

static ouro_ref names; /* owned */

ouro_ref ouro_console_names(void) { return names; }

bool ouro_console_is_name(const char *text)
{
    if (*text >= '0' && *text <= '9') return false;
    const char *c = text;
    while ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
           *c == '_') {
        c++;
    }
    return c > text && *c == '\0';
}

/* The entry of a name, both references borrowed.  False: not there. */
static bool find(const char *name, ouro_ref *key, ouro_ref *value)
{
    size_t length = strlen(name);
    size_t position = 0;
    while (names && ouro_dict_next(names, &position, key, value)) {
        size_t bytes;
        const char *text = ouro_str_bytes(*key, &bytes);
        if (text && bytes == length && memcmp(text, name, length) == 0) return true;
    }
    return false;
}

ouro_ref ouro_console_lookup(const char *name)
{
    ouro_ref key, value;
    return find(name, &key, &value) ? value : NULL;
}

static void drop_if_empty(void)
{
    if (names && ouro_dict_len(names) == 0u) ouro_put(&names, NULL);
}

int ouro_console_bind(const char *name, ouro_ref value)
{
    if (!ouro_console_is_name(name)) {
        ouro_error_set(OURO_VALUE_ERROR, "a name is made of letters, digits and _");
        return -1;
    }
    ouro_ref key = ouro_str_from(name);
    if (!key) return -1;
    if (!names) names = ouro_dict_new();
    int result = names ? ouro_dict_set(names, key, value) : -1;
    ouro_decref(key);
    drop_if_empty();
    return result;
}

int ouro_console_unbind(const char *name)
{
    ouro_ref key, value;
    if (!find(name, &key, &value)) {
        ouro_error_set(OURO_KEY_ERROR, "no such name; try 'names'");
        return -1;
    }
    ouro_incref(key); /* the dict's own reference goes with the entry */
    int result = ouro_dict_del(names, key);
    ouro_decref(key);
    drop_if_empty();
    return result;
}
