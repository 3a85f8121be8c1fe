/* SPDX-License-Identifier: MIT
 * json_transform.c - a JSON document in, another out: cities grouped by country, largest first.
 *
 * jsmn finds the tokens, in an array of raw memory from the same arena; they become objects, the
 * objects are regrouped, and the result is written as JSON.  Nesting is limited, since reader and
 * writer call themselves. */
#define JSMN_STATIC
#include <jsmn.h>

#include "print.h"

enum { TOKENS_MOST = 128, DEPTH_MOST = 8 };

static const char document[] =
    "[{\"name\": \"Porto\", \"country\": \"PT\", \"size\": 231962},\n"
    " {\"name\": \"Kyoto\", \"country\": \"JP\", \"size\": 1463723},\n"
    " {\"name\": \"Lisboa\", \"country\": \"PT\", \"size\": 545796.5},\n"
    " {\"name\": \"M\xc3\xbcnchen\", \"country\": \"DE\", \"size\": null},\n"
    " {\"name\": \"Nara\", \"country\": \"JP\", \"size\": -1, \"tags\": [true, false, []]}]";

/* ---- reading ---- */

struct reader {
    const jsmntok_t *token; /* the next one */
    unsigned depth;
};

static ouro_ref read_value(struct reader *reader);

static ouro_ref read_primitive(const char *text, size_t bytes)
{
    double number;

    switch (*text) {
    case 't': return OURO_TRUE;
    case 'f': return OURO_FALSE;
    case 'n': return OURO_NONE;
    default: break;
    }
    if (!ouro_parse_float(text, bytes, &number)) {
        ouro_error_set(OURO_VALUE_ERROR, "not a number");
        return NULL;
    }
    bool is_int = !memchr(text, '.', bytes) && number > -1e9 && number < 1e9;
    return is_int ? ouro_int_new((int64_t)number) : ouro_float_new(number);
}

/* An array or, with a key before each value, an object.  Drops what it made if a part fails. */
static ouro_ref read_container(struct reader *reader, const jsmntok_t *token)
{
    bool is_object = token->type == JSMN_OBJECT;
    ouro_ref made = is_object ? ouro_dict_new() : ouro_list_new();

    for (int i = 0; made && i < token->size; i++) {
        ouro_ref key = is_object ? read_value(reader) : OURO_NONE;
        ouro_ref value = key ? read_value(reader) : NULL;
        int result = !value      ? -1
                     : is_object ? ouro_dict_set(made, key, value)
                                 : ouro_list_append(made, value);
        ouro_xdecref(value);
        ouro_xdecref(key);
        if (result < 0) ouro_put(&made, NULL);
    }
    return made;
}

/* New reference; NULL with an error. */
static ouro_ref read_value(struct reader *reader)
{
    const jsmntok_t *token = reader->token++;
    const char *text = document + token->start;
    size_t bytes = (size_t)(token->end - token->start);
    ouro_ref made = NULL;

    if (token->type == JSMN_STRING) return ouro_str_new(text, bytes);
    if (token->type == JSMN_PRIMITIVE) return read_primitive(text, bytes);
    if (reader->depth == DEPTH_MOST) {
        ouro_error_set(OURO_VALUE_ERROR, "nested too deep");
    } else {
        reader->depth++;
        made = read_container(reader, token);
        reader->depth--;
    }
    return made;
}

static ouro_ref read_document(void)
{
    jsmn_parser parser;
    jsmntok_t *tokens = ouro_mem_alloc(TOKENS_MOST * sizeof *tokens);
    ouro_ref made = NULL;

    if (!tokens) return NULL;
    jsmn_init(&parser);
    if (jsmn_parse(&parser, document, sizeof document - 1, tokens, TOKENS_MOST) > 0)
        made = read_value(&(struct reader){.token = tokens});
    else
        ouro_error_set(OURO_VALUE_ERROR, "not JSON");
    ouro_mem_free(tokens);
    return made;
}

/* ---- regrouping ---- */

/* (size, name), so that sorting sorts by size; no size counts as 0.  New reference. */
static ouro_ref entry_of(ouro_ref city, ouro_ref name_key, ouro_ref size_key)
{
    ouro_ref name = ouro_dict_get(city, name_key), size = ouro_dict_get(city, size_key);

    return ouro_tuple_of(2, size && size != OURO_NONE ? size : ouro_int_new(0), name);
}

/* {country: [(size, name), ...]}.  New reference; NULL with an error. */
static ouro_ref regroup(ouro_ref cities, const ouro_ref keys[3])
{
    ouro_ref groups = ouro_dict_new(), key, group;
    bool is_well = groups != NULL;
    size_t at = 0;

    for (size_t i = 0; is_well && i < ouro_list_len(cities); i++) {
        ouro_ref city = ouro_list_get(cities, (ptrdiff_t)i), fresh = ouro_list_new();
        ouro_ref entry = fresh ? entry_of(city, keys[1], keys[2]) : NULL;
        group = entry ? ouro_dict_setdefault(groups, ouro_dict_get(city, keys[0]), fresh) : NULL;
        is_well = group && ouro_list_append(group, entry) == 0;
        ouro_xdecref(entry);
        ouro_xdecref(fresh);
    }
    while (is_well && ouro_dict_next(groups, &at, &key, &group))
        is_well = ouro_list_sort(group, true) == 0;
    if (is_well) return groups;
    ouro_xdecref(groups);
    return NULL;
}

/* ---- writing ---- */

static void write_str(ouro_ref str)
{
    size_t bytes;
    const char *text = ouro_str_bytes(str, &bytes);

    print("\"");
    for (size_t i = 0; i < bytes; i++) {
        if (text[i] == '"' || text[i] == '\\') print("\\");
        print_piece(NULL, &text[i], 1);
    }
    print("\"");
}

static void write_json(ouro_ref value)
{
    bool is_dict = ouro_type_index(value) == OURO_TYPE_DICT;

    if (ouro_type_index(value) == OURO_TYPE_STR) {
        write_str(value);
    } else if (is_dict || ouro_is_tuple(value) || ouro_type_index(value) == OURO_TYPE_LIST) {
        ouro_ref iterator = ouro_iter(value), item;
        print(is_dict ? "{" : "[");
        for (bool is_first = true; iterator && (item = ouro_iter_next(iterator));
             is_first = false) {
            if (!is_first) print(", ");
            write_json(item);
            if (is_dict) print(": ");
            if (is_dict) write_json(ouro_dict_get(value, item));
            ouro_decref(item);
        }
        ouro_xdecref(iterator);
        print(is_dict ? "}" : "]");
    } else {
        (void)ouro_repr(value, print_piece, NULL); /* numbers: as in Python */
    }
}

int main(void)
{
    static const char *const names[3] = {"country", "name", "size"};
    ouro_ref keys[3];

    if (!start()) return 1;
    for (int i = 0; i < 3; i++)
        if (!(keys[i] = ouro_intern(names[i], strlen(names[i])))) return fail("keys");
    ouro_ref cities = read_document();
    if (!cities) return fail("read");
    print_object("read", cities);
    ouro_ref groups = regroup(cities, keys);
    if (!groups) return fail("regroup");
    write_json(groups);
    print("\n");
    ouro_decref(groups);
    ouro_decref(cities);
    for (int i = 0; i < 3; i++) ouro_decref(keys[i]);
    return end_clean();
}
