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
 *   m X operations   what each gives, in order, and then X: see changes[]
 * A value is a word: N, T, F, i and decimal digits, f, s, b or A (bytearray) and hexadecimal ones;
 * or ( [ { < ^ / (a tuple, list, dict, set, frozenset, slice), its items, and a `;` of its own. */
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
    case '/':
        result =
            ouro_slice_new(ouro_list_get(list, 0), ouro_list_get(list, 1), ouro_list_get(list, 2));
        break;
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
static ptrdiff_t number_of(ouro_ref number)
{
    int64_t value = 0;
    (void)ouro_int_get(number, &value);
    return (ptrdiff_t)value;
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

/* ---- what changes a list, dict, set or bytearray ---- */

static ouro_ref nothing(int result) { return result < 0 ? NULL : OURO_NONE; }

static ouro_ref change_list(ouro_ref x, char op, ouro_ref a, ouro_ref b)
{
    switch (op) {
    case 'a': return nothing(ouro_list_append(x, a));
    case 'i': return nothing(ouro_list_insert(x, number_of(a), b));
    case 'p': return ouro_list_pop(x, number_of(a));
    case 'e': return nothing(ouro_list_extend(x, a));
    case 'o': return nothing(ouro_list_sort(x, a == OURO_TRUE));
    case 'r': ouro_list_reverse(x); return OURO_NONE;
    default: ouro_list_clear(x); return OURO_NONE;
    }
}

static ouro_ref change_dict(ouro_ref x, char op, ouro_ref a, ouro_ref b)
{
    ouro_ref key, value, pair;
    switch (op) {
    case 'p': return ouro_dict_pop(x, a);
    case 'd': value = ouro_dict_setdefault(x, a, b); return value ? ouro_own(value) : NULL;
    case 'u': return nothing(ouro_dict_update(x, a));
    case 'y': return ouro_dict_copy(x);
    case 'q':
        if (ouro_dict_popitem(x, &key, &value) < 0) return NULL;
        pair = ouro_tuple_of(2, key, value);
        ouro_decref(key);
        ouro_decref(value);
        return pair;
    default: ouro_dict_clear(x); return OURO_NONE;
    }
}

static ouro_ref change_set(ouro_ref x, char op, ouro_ref a)
{
    switch (op) {
    case 'a': return nothing(ouro_set_add(x, a));
    case 'x': return nothing(ouro_set_discard(x, a));
    case 'k': return nothing(ouro_set_remove(x, a));
    case 'u': return nothing(ouro_set_update(x, a));
    case '&': return nothing(ouro_set_intersection_update(x, a));
    case '~': return nothing(ouro_set_difference_update(x, a));
    case '^': return nothing(ouro_set_symmetric_difference_update(x, a));
    case '<': return truth(ouro_set_issubset(x, a));
    case '>': return truth(ouro_set_issuperset(x, a));
    case '!': return truth(ouro_set_isdisjoint(x, a));
    default: ouro_set_clear(x); return OURO_NONE;
    }
}

static ouro_ref change_bytes(ouro_ref x, char op, ouro_ref a)
{
    switch (op) {
    case 'a': return nothing(ouro_bytearray_append(x, (int)number_of(a)));
    case 'e': return nothing(ouro_bytearray_extend(x, a));
    case 'v': return ouro_memoryview_of(x);
    default: return nothing(ouro_bytearray_resize(x, (size_t)number_of(a)));
    }
}

static ouro_ref change(ouro_ref x, char op, ouro_ref a, ouro_ref b)
{
    bool is_slice = a && ouro_type_index(a) == OURO_TYPE_SLICE;
    if (op == '=') return nothing((is_slice ? ouro_list_set_slice : ouro_item_set)(x, a, b));
    if (op == '-') return nothing((is_slice ? ouro_list_del_slice : ouro_item_del)(x, a));
    switch (ouro_type_index(x)) {
    case OURO_TYPE_LIST: return change_list(x, op, a, b);
    case OURO_TYPE_DICT: return change_dict(x, op, a, b);
    case OURO_TYPE_SET: return change_set(x, op, a);
    default: return change_bytes(x, op, a);
    }
}

/* An operation is a letter and its arguments, `.` the last one.  A view that is made is kept. */
static ouro_ref changes(ouro_ref x)
{
    ouro_ref views = ouro_list_new();
    for (const char *op; *(op = word()) != '.';) {
        ouro_ref a = read_value(), b = a ? read_value() : NULL;
        ouro_ref result = change(x, *op, a, b);
        if (result && ouro_type_index(result) == OURO_TYPE_MEMORYVIEW) {
            (void)ouro_list_append(views, result);
            ouro_decref(result);
            result = OURO_NONE;
        }
        tell(result);
        printf(" | ");
        ouro_xdecref(b);
        ouro_xdecref(a);
    }
    ouro_decref(views);
    return ouro_is_anyset(x) ? sorted(x) : ouro_own(x);
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
    case 'm': return changes(x);
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
