/* SPDX-License-Identifier: MIT
 * json.h - a JSON document, given in pieces, becomes objects as it arrives. */
#ifndef CONSOLE_JSON_H
#define CONSOLE_JSON_H

#include "ouro/core.h"

/* What the grammar allows next. */
enum json_state {
    JSON_VALUE,      /* a value */
    JSON_FIRST_ITEM, /* a value or ] */
    JSON_FIRST_KEY,  /* a key or } */
    JSON_KEY,        /* a key */
    JSON_COLON,      /* : */
    JSON_COMMA,      /* , or the closing bracket */
    JSON_END,        /* blanks */
};

struct json {
    enum json_state state;
    ouro_ref root;      /* owned */
    ouro_ref key;       /* owned; waits for its value */
    ouro_ref *open;     /* containers not yet closed, borrowed: each is an item of the one before */
    size_t depth, room; /* of `open` */
    uint32_t line, column, chars; /* where we are: from 1, from 1, from 0; in code points */
    enum ouro_error_kind kind;    /* OURO_VALUE_ERROR for errors of the document itself */
    const char *error;            /* NULL while all is well */
};

void json_begin(struct json *json);

/* Take in a piece of the document.
 *   text      may be changed; tokens that it cuts in two must be given again, with more of them
 *   is_final  nothing follows; what is missing is an error
 *   returns   bytes taken in; with json->error set the rest is of no use */
size_t json_feed(struct json *json, char *text, size_t bytes, bool is_final);

/* All is there and right: any further text must be blank. */
static inline bool json_is_complete(const struct json *json)
{
    return json->state == JSON_END && !json->error;
}

/* Give everything back but the root.
 *   returns  the root, a new reference; NULL after an error, or if the document is incomplete */
ouro_ref json_end(struct json *json);

#endif
