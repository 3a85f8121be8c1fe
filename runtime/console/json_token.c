/* SPDX-License-Identifier: MIT
 * json_token.c - strings, numbers and literals of a JSON text, one at a time.
 *
 * jsmn finds where a token ends; what it lets pass is judged here, as Python's json module judges
 * it: control characters, escapes, UTF-8, the grammar of numbers, and NaN and Infinity, for which
 * jsmn's strict mode has no room.  Brackets and separators are the caller's.  jsmn is asked for
 * one token at a time: over a whole document it would want 16 bytes for each, and it finds the
 * partner of a bracket by climbing over the closed ones, which takes the square of the depth. */
#include "json_token.h"

#include <string.h>

#define JSMN_STATIC
#include <jsmn.h>

#include "ouro/diag.h"
#include "ouro/types.h"

static const char invalid_unicode_escape[] = "Invalid \\uXXXX escape";

static void wrong(struct json_token *token, size_t at, const char *error)
{
    token->kind = JSON_WRONG;
    token->bytes = at;
    token->error = error;
}

/* ---- strings ---- */

/* Value of a hexadecimal digit, or 16. */
static unsigned hex_digit(char c)
{
    if (c >= '0' && c <= '9') return (unsigned)(c - '0');
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10u : 16u;
}

/* Bytes of the UTF-8 sequence at the start of the text; 0 if it is none, SIZE_MAX if it may be one
 * that goes on past the end. */
static size_t utf8_length(const char *text, size_t bytes)
{
    const unsigned char *u = (const unsigned char *)text;
    size_t length = u[0] < 0xc2u   ? 0u
                    : u[0] < 0xe0u ? 2u
                    : u[0] < 0xf0u ? 3u
                    : u[0] < 0xf5u ? 4u
                                   : 0u;
    for (size_t i = 1; i < length; i++) {
        if (i == bytes) return SIZE_MAX;
        unsigned lowest = 0x80, highest = 0xbf;
        if (i == 1u) { /* overlong forms, surrogates, beyond the last plane */
            if (u[0] == 0xe0u) lowest = 0xa0;
            if (u[0] == 0xf0u) lowest = 0x90;
            if (u[0] == 0xedu) highest = 0x9f;
            if (u[0] == 0xf4u) highest = 0x8f;
        }
        if (u[i] < lowest || u[i] > highest) return 0;
    }
    return length;
}

/* Check the escape at `at`.  Returns its length; 0 if it is wrong, SIZE_MAX if it goes on. */
static size_t check_escape(struct json_token *token, const char *text, size_t at, size_t bytes)
{
    if (at + 1u == bytes) return SIZE_MAX;
    if (text[at + 1u] != 'u') {
        if (text[at + 1u] != '\0' && strchr("\"\\/bfnrt", text[at + 1u])) return 2;
        wrong(token, at, "Invalid \\escape");
        return 0;
    }
    for (size_t i = at + 2u; i < at + 6u; i++) {
        if (i == bytes) return SIZE_MAX;
        if (hex_digit(text[i]) < 16u) continue;
        wrong(token, at + 1u, invalid_unicode_escape);
        return 0;
    }
    return 6;
}

/* Check a string's characters from after the quote up to `end`.  False: the token is wrong, or
 * incomplete, with `bytes` saying where the incomplete part begins. */
static bool check_string(struct json_token *token, const char *text, size_t end)
{
    size_t at = 1;
    while (at < end) {
        unsigned char c = (unsigned char)text[at];
        size_t length = 1;
        if (c < 0x20u) {
            wrong(token, at, "Invalid control character at");
            return false;
        }
        if (c == '\\') {
            length = check_escape(token, text, at, end);
            if (length == 0u) return false;
        } else if (c >= 0x80u) {
            length = utf8_length(text + at, end - at);
            if (length == 0u) {
                wrong(token, at, "Invalid UTF-8");
                return false;
            }
        }
        if (length == SIZE_MAX) break;
        at += length;
    }
    token->bytes = at;
    return at == end;
}

/* The string that ends nowhere in the text: wrong at once if it cannot become right. */
static void read_open_string(struct json_token *token, const char *text, size_t bytes,
                             bool is_final)
{
    bool is_cut = !check_string(token, text, bytes);
    if (token->kind == JSON_WRONG || !is_final) return;
    size_t at = token->bytes;
    if (is_cut && text[at] != '\\') {
        wrong(token, at, "Invalid UTF-8");
    } else if (is_cut && at + 1u < bytes) {
        wrong(token, at + 1u, invalid_unicode_escape);
    } else {
        wrong(token, 0, "Unterminated string starting at");
    }
}

static void read_string(struct json_token *token, const char *text, size_t bytes, bool is_final)
{
    jsmn_parser parser;
    jsmntok_t found;
    jsmn_init(&parser);
    (void)jsmn_parse(&parser, text, bytes, &found, 1); /* complains about what follows, too */
    if (parser.toknext == 0u) {
        read_open_string(token, text, bytes, is_final);
        return;
    }
    size_t end = (size_t)found.end;
    if (check_string(token, text, end)) {
        token->kind = JSON_STRING;
        token->bytes = end + 1u;
    } else if (token->kind != JSON_WRONG) {
        wrong(token, token->bytes, "Invalid UTF-8"); /* cut short by the quote */
    }
}

static uint32_t hex4(const char *text)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++) value = value << 4 | hex_digit(text[i]);
    return value;
}

static size_t put_utf8(char *out, uint32_t c)
{
    size_t length = c < 0x80u ? 1u : c < 0x800u ? 2u : c < 0x10000u ? 3u : 4u;
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = length - 1u; i > 0u; i--, c >>= 6) out[i] = (char)(0x80u | (c & 0x3fu));
    out[0] = (char)(lead[length] | c);
    return length;
}

/* Decode one \uXXXX, or two that are a surrogate pair; other surrogates stand for themselves.
 * Returns the bytes of text read; what they decode to is never longer. */
static size_t decode_unicode(const char *text, const char *end, char *out, size_t *length)
{
    uint32_t c = hex4(text + 2);
    size_t taken = 6;
    if ((c & 0xfc00u) == 0xd800u && end - text >= 12 && text[6] == '\\' && text[7] == 'u') {
        uint32_t low = hex4(text + 8);
        if ((low & 0xfc00u) == 0xdc00u) {
            c = 0x10000u + ((c & 0x3ffu) << 10 | (low & 0x3ffu));
            taken = 12;
        }
    }
    *length = put_utf8(out, c);
    return taken;
}

/* Decode a checked string in place.  Returns its length. */
static size_t decode(char *text, size_t bytes)
{
    static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
    const char *end = text + bytes, *in = text;
    char *out = text;
    while (in < end) {
        if (*in != '\\') {
            *out++ = *in++;
        } else if (in[1] == 'u') {
            size_t length;
            in += decode_unicode(in, end, out, &length);
            out += length;
        } else {
            const char *control = strchr(from, in[1]);
            *out++ = control ? to[control - from] : in[1];
            in += 2;
        }
    }
    return (size_t)(out - text);
}

/* ---- numbers and literals ---- */

static const char *const literals[] = {"null", "true", "false", "NaN", "Infinity", "-Infinity"};

static ouro_ref literal_value(unsigned which)
{
    switch (which) {
    case 0: return OURO_NONE;
    case 1: return OURO_TRUE;
    case 2: return OURO_FALSE;
    case 3: return ouro_float_new((double)__builtin_nanf(""));
    case 4: return ouro_float_new((double)__builtin_inff());
    default: return ouro_float_new(-(double)__builtin_inff());
    }
}

static size_t digits(const char *text, size_t from, size_t bytes)
{
    size_t at = from;
    while (at < bytes && text[at] >= '0' && text[at] <= '9') at++;
    return at - from;
}

/* Length of the longest number that the text begins with, 0 if with none. */
static size_t match_number(const char *text, size_t bytes, bool *is_float)
{
    size_t at = text[0] == '-';
    size_t count = digits(text, at, bytes);
    *is_float = false;
    if (count == 0u) return 0;
    at += text[at] == '0' ? 1u : count;
    if (at < bytes && text[at] == '.' && digits(text, at + 1u, bytes) > 0u) {
        at += 1u + digits(text, at + 1u, bytes);
        *is_float = true;
    }
    if (at < bytes && (text[at] | 0x20) == 'e') {
        size_t sign = at + 1u < bytes && (text[at + 1u] == '+' || text[at + 1u] == '-');
        size_t exponent = digits(text, at + 1u + sign, bytes);
        if (exponent > 0u) {
            at += 1u + sign + exponent;
            *is_float = true;
        }
    }
    return at;
}

/* As Python does, take the longest piece that is a value; what follows it is for the grammar to
 * refuse.  jsmn says how far to look; where it sees a byte that no value has, to the end. */
static void read_primitive(struct json_token *token, const char *text, size_t bytes, bool is_final)
{
    jsmn_parser parser;
    jsmntok_t found;
    jsmn_init(&parser);
    (void)jsmn_parse(&parser, text, bytes, &found, 1);
    size_t limit = parser.toknext > 0u ? (size_t)found.end : bytes;
    if (parser.toknext > 0u && limit == bytes && !is_final) return;
    for (unsigned i = 0; i < sizeof literals / sizeof *literals; i++) {
        size_t length = strlen(literals[i]);
        if (length > limit || memcmp(text, literals[i], length) != 0) continue;
        token->kind = JSON_LITERAL;
        token->literal = i;
        token->bytes = length;
        return;
    }
    bool is_float;
    token->bytes = match_number(text, limit, &is_float);
    token->kind = is_float ? JSON_FLOAT : JSON_INT;
    if (token->bytes == 0u) wrong(token, 0, "Expecting value");
}

static ouro_ref int_value(const char *text, size_t bytes)
{
    size_t at = text[0] == '-';
    int64_t value = 0; /* kept negative, which reaches one further */
    for (; at < bytes; at++) {
        int64_t digit = text[at] - '0';
        if (value < (INT64_MIN + digit) / 10) {
            ouro_error_set(OURO_OVERFLOW_ERROR, "int needs more than 64 bits");
            return NULL;
        }
        value = value * 10 - digit;
    }
    if (text[0] == '-') return ouro_int_new(value);
    if (value > INT64_MIN) return ouro_int_new(-value);
    ouro_error_set(OURO_OVERFLOW_ERROR, "int needs more than 64 bits");
    return NULL;
}

/* ---- any token ---- */

void json_token_read(struct json_token *token, const char *text, size_t bytes, bool is_final)
{
    *token = (struct json_token){.kind = JSON_INCOMPLETE};
    if (text[0] == '"') {
        read_string(token, text, bytes, is_final);
    } else {
        read_primitive(token, text, bytes, is_final);
    }
}

ouro_ref json_token_value(const struct json_token *token, char *text)
{
    double number = 0;
    switch (token->kind) {
    case JSON_STRING: return ouro_str_new(text + 1, decode(text + 1, token->bytes - 2u));
    case JSON_INT: return int_value(text, token->bytes);
    case JSON_FLOAT:
        (void)ouro_parse_float(text, token->bytes, &number);
        return ouro_float_new(number);
    case JSON_LITERAL: return literal_value(token->literal);
    case JSON_INCOMPLETE:
    case JSON_WRONG: break;
    }
    return NULL;
}
