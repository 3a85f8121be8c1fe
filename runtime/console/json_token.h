/* SPDX-License-Identifier: MIT
 * json_token.h - strings, numbers and literals of a JSON text, one at a time. */
#ifndef CONSOLE_JSON_TOKEN_H
#define CONSOLE_JSON_TOKEN_H

#include "ouro/core.h"

enum json_token_kind {
    JSON_INCOMPLETE, /* it may go on past the text at hand */
    JSON_WRONG,      /* `error` says why, `bytes` where */
    JSON_STRING,
    JSON_INT,
    JSON_FLOAT,
    JSON_LITERAL,
};

struct json_token {
    enum json_token_kind kind;
    size_t bytes;      /* its length, quotes included; JSON_WRONG: offset of the error */
    unsigned literal;  /* which one */
    const char *error; /* in the words of Python's json module */
};

/* Read the token at the start of a text, which is neither a blank nor a separator.
 *   is_final  nothing follows the text, so that what is incomplete is wrong
 *   cost      O(bytes of it and of the token after it) */
void json_token_read(struct json_token *token, const char *text, size_t bytes, bool is_final);

/* The object that a token stands for: a new reference; NULL with MemoryError, or OverflowError
 * for an int of more than 64 bits.  A string is decoded in place: `text` is no longer the token. */
ouro_ref json_token_value(const struct json_token *token, char *text);

#endif
