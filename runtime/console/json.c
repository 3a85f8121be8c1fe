/* SPDX-License-Identifier: MIT
 * json.c - a JSON document, given in pieces, becomes objects as it arrives.
 *
 * A container is put into the one around it when it is opened, not when it is closed: so the
 * document needs no memory of its own but one word a level, errors are found where they are, and
 * dropping the root drops all.  The errors and their places are those of Python's json module. */
#include "json.h"

#include <string.h>

#include "json_token.h"
#include "ouro/types.h"

enum { FIRST_LEVELS = 16 };

static const char *const expectations[] = {
    [JSON_VALUE] = "Expecting value",
    [JSON_FIRST_ITEM] = "Expecting value",
    [JSON_FIRST_KEY] = "Expecting property name enclosed in double quotes",
    [JSON_KEY] = "Expecting property name enclosed in double quotes",
    [JSON_COLON] = "Expecting ':' delimiter",
    [JSON_COMMA] = "Expecting ',' delimiter",
    [JSON_END] = "Extra data",
};

void json_begin(struct json *json) { *json = (struct json){.line = 1, .column = 1}; }

ouro_ref json_end(struct json *json)
{
    bool is_complete = json_is_complete(json);
    ouro_mem_free(json->open);
    json->open = NULL;
    ouro_put(&json->key, NULL);
    if (!is_complete) ouro_put(&json->root, NULL);
    return ouro_take(&json->root);
}

/* ---- places and errors ---- */

static void advance(struct json *json, const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        if (((unsigned char)text[i] & 0xc0u) == 0x80u) continue;
        json->chars++;
        json->column++;
        if (text[i] != '\n') continue;
        json->line++;
        json->column = 1;
    }
}

static void fail(struct json *json, const char *error)
{
    json->kind = OURO_VALUE_ERROR;
    json->error = error;
}

/* Take over the error that the runtime has set. */
static void fail_as_set(struct json *json)
{
    json->kind = ouro_error_get(&json->error);
    ouro_error_clear();
}

/* ---- containers ---- */

static ouro_ref innermost(const struct json *json)
{
    return json->depth > 0u ? json->open[json->depth - 1u] : NULL;
}

/* Put a value where it belongs; steals it. */
static void place(struct json *json, ouro_ref value)
{
    ouro_ref container = innermost(json);
    int result = 0;
    if (!container) {
        ouro_put(&json->root, ouro_own(value));
    } else if (ouro_type_index(container) == OURO_TYPE_LIST) {
        result = ouro_list_append(container, value);
    } else {
        result = ouro_dict_set(container, json->key, value);
        ouro_put(&json->key, NULL);
    }
    ouro_decref(value);
    json->state = container ? JSON_COMMA : JSON_END;
    if (result != 0) fail_as_set(json);
}

static bool make_room(struct json *json)
{
    if (json->depth < json->room) return true;
    size_t room = json->room ? 2u * json->room : FIRST_LEVELS;
    size_t bytes = room * sizeof *json->open;
    ouro_ref *open = json->open ? ouro_mem_resize(json->open, bytes) : ouro_mem_alloc(bytes);
    if (!open) return false;
    json->open = open;
    json->room = room;
    return true;
}

static void open_container(struct json *json, bool is_list)
{
    ouro_ref container = NULL;
    if (make_room(json)) container = is_list ? ouro_list_new() : ouro_dict_new();
    if (!container) {
        fail_as_set(json);
        return;
    }
    place(json, container);
    if (json->error) return;
    json->open[json->depth++] = container;
    json->state = is_list ? JSON_FIRST_ITEM : JSON_FIRST_KEY;
}

static void close_container(struct json *json)
{
    json->depth--;
    json->state = json->depth > 0u ? JSON_COMMA : JSON_END;
}

/* ---- the grammar ---- */

/* Does the innermost container end with this bracket, here? */
static bool is_closing(const struct json *json, char c)
{
    switch (json->state) {
    case JSON_FIRST_ITEM: return c == ']';
    case JSON_FIRST_KEY: return c == '}';
    case JSON_COMMA: return c == (ouro_type_index(innermost(json)) == OURO_TYPE_LIST ? ']' : '}');
    case JSON_VALUE:
    case JSON_KEY:
    case JSON_COLON:
    case JSON_END: break;
    }
    return false;
}

/* Take in a separator or bracket that is allowed here.  False: it is none. */
static bool take_punctuation(struct json *json, char c)
{
    bool is_value = json->state == JSON_VALUE || json->state == JSON_FIRST_ITEM;
    if (is_closing(json, c)) {
        close_container(json);
    } else if (is_value && (c == '[' || c == '{')) {
        open_container(json, c == '[');
    } else if (json->state == JSON_COLON && c == ':') {
        json->state = JSON_VALUE;
    } else if (json->state == JSON_COMMA && c == ',') {
        bool is_list = ouro_type_index(innermost(json)) == OURO_TYPE_LIST;
        json->state = is_list ? JSON_VALUE : JSON_KEY;
    } else {
        return false;
    }
    return true;
}

/* Take in a string, number or literal.  Returns its bytes; 0: it is cut short, or wrong. */
static size_t take_token(struct json *json, char *text, size_t bytes, bool is_final)
{
    struct json_token token;
    bool is_key = json->state == JSON_FIRST_KEY || json->state == JSON_KEY;
    json_token_read(&token, text, bytes, is_final);
    if (token.kind == JSON_INCOMPLETE) return 0;
    if (token.kind == JSON_WRONG) {
        advance(json, text, token.bytes);
        fail(json, token.error);
        return 0;
    }
    struct json place_of_end = *json;
    advance(&place_of_end, text, token.bytes);
    ouro_ref value = json_token_value(&token, text);
    if (!value) {
        fail_as_set(json);
    } else if (is_key) {
        ouro_put(&json->key, value);
        json->state = JSON_COLON;
    } else {
        place(json, value);
    }
    if (json->error) return 0;
    json->line = place_of_end.line;
    json->column = place_of_end.column;
    json->chars = place_of_end.chars;
    return token.bytes;
}

/* Take in whatever comes next.  Returns its bytes; 0: it is cut short, or wrong. */
static size_t take(struct json *json, char *text, size_t bytes, bool is_final)
{
    bool is_key = json->state == JSON_FIRST_KEY || json->state == JSON_KEY;
    bool is_value = json->state == JSON_VALUE || json->state == JSON_FIRST_ITEM;
    bool is_blank = *text == ' ' || *text == '\n' || *text == '\t' || *text == '\r';
    if (is_blank || take_punctuation(json, *text)) {
        if (json->error) return 0;
        advance(json, text, 1);
        return 1;
    }
    if (json->chars == 0u && bytes >= 3u && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        fail(json, "Unexpected UTF-8 BOM (decode using utf-8-sig)");
        return 0;
    }
    if (is_value || (is_key && *text == '"')) return take_token(json, text, bytes, is_final);
    fail(json, expectations[json->state]);
    return 0;
}

size_t json_feed(struct json *json, char *text, size_t bytes, bool is_final)
{
    size_t taken = 0;
    while (taken < bytes && !json->error) {
        size_t step = take(json, text + taken, bytes - taken, is_final);
        if (step == 0u) break;
        taken += step;
    }
    if (is_final && !json->error && json->state != JSON_END) fail(json, expectations[json->state]);
    return taken;
}
