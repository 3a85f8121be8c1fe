/* SPDX-License-Identifier: MIT
 * value_check.c - what the runtime does with values as a filter, for test_values.py to question.
 *
 * A request a line on stdin, an answer a line on stdout: repr() of the result, or `Kind: message`.
 *   r X, s X         repr(X), str(X) as a str
 *   c N X Y          X `op` Y, N as in enum ouro_op
 *   a N X Y          X `op` Y, N as in enum ouro_arith
 *   i X K, k X K     X[K], K in X
 *   h X Y            whether their hashes are equal, or the error of the first that has none
 *   n X, t X         len(X), bool(X)
 *   l X, S X         list(X), sorted(X)
 *   g X A B C        X[A:B:C]
 * A value is a word: N, T, F, i and decimal digits, f, s, b or A (bytearray) and hexadecimal ones;
 * or ( [ { < ^ (a tuple, list, dict, set, frozenset), its items, and a `;` of its own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ouro.h"

static char *next; /* the rest of the request */

static const char *word(void)
{
    char *start = next + strspn(next, " ");
    next = start + strcspn(start, " ");
    if (*next) *next++ = '\0';
    return start;
}

static ouro_ref read_value(void);

static ouro_ref read_items(char kind)
{
    ouro_ref list = ouro_list_new(), item, result = NULL;
    while ((item = read_value())) {
        (void)ouro_list_append(list, item);
        ouro_decref(item);
    }
    size_t n = ouro_list_len(list);
    switch (kind) {
    case '[': return list;
    case '(': result = ouro_tuple_from(list); break;
    case '<': result = ouro_set_from(list); break;
    case '^': result = ouro_frozenset_from(list); break;
    default:
        result = ouro_dict_new();
        for (size_t i = 0; i + 1 < n; i += 2)
            (void)ouro_dict_set(result, ouro_list_get(list, (ptrdiff_t)i),
                                ouro_list_get(list, (ptrdiff_t)i + 1));
    }
    ouro_decref(list);
    return result;
}

static ouro_ref read_flat(char kind, const char *digits)
{
    static uint8_t data[4096];
    size_t n = strlen(digits) / 2;
    for (size_t i = 0; i < n; i++) {
        const char pair[] = {digits[2 * i], digits[2 * i + 1], '\0'};
        data[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    if (kind == 's') return ouro_str_new((const char *)data, n);
    return kind == 'b' ? ouro_bytes_new(data, n) : ouro_bytearray_new(data, n);
}

/* NULL at the end of items. */
static ouro_ref read_value(void)
{
    const char *text = word();
    uint64_t bits;
    double number;
    switch (text[0]) {
    case 'N': return OURO_NONE;
    case 'T': return OURO_TRUE;
    case 'F': return OURO_FALSE;
    case 'i': return ouro_int_new(strtoll(text + 1, NULL, 10));
    case 'f':
        bits = strtoull(text + 1, NULL, 16);
        memcpy(&number, &bits, sizeof number);
        return ouro_float_new(number);
    case 's':
    case 'b':
    case 'A': return read_flat(text[0], text + 1);
    case ';':
    case '\0': return NULL;
    default: return read_items(text[0]);
    }
}

static void write_text(void *context, const char *text, size_t bytes)
{
    (void)context;
    fwrite(text, 1, bytes, stdout);
}

/* Drops the result. */
static void tell(ouro_ref result)
{
    const char *message;
    if (result && ouro_repr(result, write_text, NULL) == 0) {
        ouro_decref(result);
        return;
    }
    enum ouro_error_kind kind = ouro_error_get(&message);
    printf("%s: %s", ouro_error_name(kind), message);
    ouro_error_clear();
}
static ouro_ref truth(int answer) { return answer < 0 ? NULL : ouro_own(ouro_bool(answer)); }

static ouro_ref hashes(ouro_ref x, ouro_ref y)
{
    uint32_t a, b;
    if (ouro_hash(x, &a) < 0 || ouro_hash(y, &b) < 0) return NULL;
    return truth(a == b);
}
static ouro_ref sorted(ouro_ref x)
{
    ouro_ref list = ouro_list_from(x);
    if (!list || ouro_list_sort(list, false) == 0) return list;
    ouro_decref(list);
    return NULL;
}
static ouro_ref length(ouro_ref x)
{
    ptrdiff_t n = ouro_len(x);
    return n < 0 ? NULL : ouro_int_new(n);
}
static ouro_ref slice(ouro_ref x, ouro_ref start)
{
    ouro_ref stop = read_value(), step = read_value(), cut = ouro_slice_new(start, stop, step);
    ouro_ref result = ouro_item_get(x, cut);
    ouro_decref(stop);
    ouro_decref(step);
    ouro_decref(cut);
    return result;
}

static ouro_ref answer(char kind, int op, ouro_ref x, ouro_ref y)
{
    switch (kind) {
    case 'r': return ouro_own(x);
    case 's': return ouro_str_str(x);
    case 'c': return truth(ouro_compare(x, y, (enum ouro_op)op));
    case 'a': return ouro_arith(x, (enum ouro_arith)op, y);
    case 'i': return ouro_item_get(x, y);
    case 'k': return truth(ouro_contains(x, y));
    case 'h': return hashes(x, y);
    case 'n': return length(x);
    case 't': return truth(ouro_truth(x));
    case 'l': return ouro_list_from(x);
    case 'S': return sorted(x);
    default: return slice(x, y);
    }
}

int main(void)
{
    static char line[1 << 16], arena[1 << 20];
    if (ouro_init(arena, sizeof arena) < 0) return 1;
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        next = line;
        char kind = word()[0];
        int op = kind == 'c' || kind == 'a' ? atoi(word()) : 0;
        ouro_ref x = read_value(), y = strchr("caikhg", kind) ? read_value() : NULL;
        tell(answer(kind, op, x, y));
        putchar('\n');
        ouro_decref(x);
        ouro_xdecref(y);
    }
    const char *broken = ouro_diag_verify();
    if (broken) fprintf(stderr, "%s\n", broken);
    return broken || ferror(stdin) || fflush(stdout);
}
