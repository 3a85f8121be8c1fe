/* SPDX-License-Identifier: MIT
 * float_from.c - floats out of texts and other objects. */
#include "ouro/diag.h"
#include "ouro/number.h"
#include "types/number.h"
#include "types/text.h"

/* Are these the letters of a word, in whatever case? */
static bool is_word(const char *at, size_t n, const char *word)
{
    size_t i = 0;
    while (i < n && (at[i] | 0x20) == word[i]) i++;
    return i == n && word[i] == '\0';
}

/* inf, infinity or nan, with a sign. */
static bool read_word(const char *at, size_t n, double *value)
{
    bool is_negative = n > 0 && *at == '-', is_signed = n > 0 && (*at == '-' || *at == '+');
    at += is_signed;
    n -= is_signed;
    if (is_word(at, n, "inf") || is_word(at, n, "infinity"))
        *value = __builtin_inf();
    else if (is_word(at, n, "nan"))
        *value = __builtin_nan("");
    else
        return false;
    if (is_negative) *value = -*value;
    return true;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Copy a text without its underscores.  How many bytes are left, -1 if one is not between digits.
 */
static ptrdiff_t copy_digits(char *to, const char *from, size_t n)
{
    ptrdiff_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (from[i] != '_')
            to[count++] = from[i];
        else if (i == 0 || i + 1 == n || !is_digit(from[i - 1]) || !is_digit(from[i + 1]))
            return -1;
    }
    return count;
}

/* 1, 0 if it is no number, -1 with MemoryError. */
static int read_real(const char *at, size_t n, double *value)
{
    if (read_word(at, n, value)) return 1;
    if (find_bytes(at, n, "_", 1) == NOWHERE) return ouro_parse_float(at, n, value);
    char *copy = ouro_mem_alloc(n);
    if (!copy) return -1;
    ptrdiff_t left = copy_digits(copy, at, n);
    bool is_read = left >= 0 && ouro_parse_float(copy, (size_t)left, value);
    ouro_mem_free(copy);
    return is_read;
}

ouro_ref ouro_float_from_str(ouro_ref ref)
{
    struct text text, spaces = {0};
    double value = 0;
    if (!text_open(&text, ref)) return NULL;
    struct region region = text_skip(&text, (struct region){0, text.n}, false, &spaces, true);
    region = text_skip(&text, region, true, &spaces, true);
    int is_read = read_real((const char *)text.data + region.from, region.to - region.from, &value);
    if (!is_read) (void)number_refuse("could not convert string to float: ", 0, ref);
    text_close(&text);
    return is_read > 0 ? ouro_float_new(value) : NULL;
}

ouro_ref ouro_float_from(ouro_ref x)
{
    struct text text;
    double real;
    if (is_float(x)) return ouro_own(x);
    if (text_open(&text, x)) {
        text_close(&text);
        return ouro_float_from_str(x);
    }
    ouro_error_clear();
    ouro_ref number = is_int(x) ? ouro_own(x) : number_by_method(x, SPECIAL_FLOAT);
    if (number && !is_float(number)) {
        (void)ouro_float_get(number, &real);
        ouro_put(&number, ouro_float_new(real));
    }
    if (number || ouro_error_get(NULL) != OURO_NO_ERROR) return number;
    return error_about(OURO_TYPE_ERROR,
                       "float() argument must be a string or a real number, not '%T'", x);
}
