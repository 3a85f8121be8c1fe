/* SPDX-License-Identifier: MIT
 * texts.c - the methods of str, bytes and bytearray: find, count, split, strip, replace, join. */
#include <string.h>

#include "parity.h"

static const char *const lines[] = {"''",
                                    "'a'",
                                    "'abcabc'",
                                    "'aXbXXc'",
                                    "'  a b  c '",
                                    "'\\n'",
                                    "'a\\nb\\r\\nc\\rd'",
                                    "'n\xc3\251e \xc3\xa9t\xc3\xa9'",
                                    "'\xe2\x80\xa8x\xc2\xa0y'",
                                    "'aaaa'",
                                    "'=a==b='"};
static const char *const parts[] = {"''",  "'a'",        "'bc'", "'X'",        "'XX'",
                                    "'='", "'\xc3\xa9'", "'aa'", "'\xc3\251e'"};

/* What a call gives for each part, as a list. */
typedef ouro_ref cell_fn(ouro_ref line, ouro_ref part, ptrdiff_t start, ptrdiff_t end,
                         int direction);
static ouro_ref row(const char *line, cell_fn *cell, ptrdiff_t start, ptrdiff_t end, int direction)
{
    ouro_ref list = ouro_list_new(), text = py(line);
    for (size_t i = 0; i < T_COUNT(parts); i++) {
        ouro_ref part = py(parts[i]), item = cell(text, part, start, end, direction);
        (void)ouro_list_append(list, item);
        ouro_decref(item);
        ouro_decref(part);
    }
    ouro_decref(text);
    return list;
}
static ouro_ref found(ouro_ref line, ouro_ref part, ptrdiff_t start, ptrdiff_t end, int direction)
{
    return ouro_int_new(ouro_str_find(line, part, start, end, direction));
}
static ouro_ref counted(ouro_ref line, ouro_ref part, ptrdiff_t start, ptrdiff_t end, int direction)
{
    (void)direction;
    return ouro_int_new(ouro_str_count(line, part, start, end));
}
static ouro_ref matched(ouro_ref line, ouro_ref part, ptrdiff_t start, ptrdiff_t end, int direction)
{
    return ouro_bool(ouro_str_tailmatch(line, part, start, end, direction) > 0);
}
enum { ALL = PTRDIFF_MAX };

static void find_in_str(void)
{
    for (size_t i = 0; i < T_COUNT(lines); i++) {
        say("%R %R", row(lines[i], found, 0, ALL, 1), row(lines[i], found, 0, ALL, -1));
        say("%R %R", row(lines[i], found, 1, -1, 1), row(lines[i], found, 2, 5, -1));
        ouro_ref list = ouro_list_new();
        for (ptrdiff_t start = -3; start < 4; start++)
            (void)ouro_list_append(list, found(py(lines[i]), py("''"), start, ALL, 1));
        say("%R", list);
    }
}

static void count_in_str(void)
{
    for (size_t i = 0; i < T_COUNT(lines); i++)
        say("%R %R", row(lines[i], counted, 0, ALL, 1), row(lines[i], counted, 1, -1, 1));
}

static void say_match(const char *text, const char *part, ptrdiff_t start, int direction)
{
    say("%t", ouro_str_tailmatch(py(text), py(part), start, ALL, direction));
}

static void ends_of_str(void)
{
    for (size_t i = 0; i < T_COUNT(lines); i++) {
        say("%R %R", row(lines[i], matched, 0, ALL, -1), row(lines[i], matched, 0, ALL, 1));
        say("%R %R", row(lines[i], matched, 1, ALL, -1), row(lines[i], matched, 0, -1, 1));
    }
    say_match("'abc'", "('b', 'a')", 0, -1);
    say_match("'abc'", "('b', 'a')", 0, 1);
    say_match("'abc'", "('b', 1)", 0, -1);
    say_match("'abc'", "(1,)", 0, 1);
    say_match("'abc'", "()", 0, -1);
    say_match("'abc'", "1", 0, -1);
    say_match("'abc'", "1", 0, 1);
    say_match("''", "''", 1, -1);
}

/* A position, or the error. */
static void say_index(ptrdiff_t at)
{
    if (at < 0)
        say("%R", (ouro_ref)NULL);
    else
        say("%d", (int)at);
}

static void index_in_str(void)
{
    static const char *const texts[] = {"'abc'", "'\xc3\xa9t\xc3\xa9'", "''"}, *const wanted[] = {
                                                                                   "'b'", "'t'",
                                                                                   "''", "'x'",
                                                                                   "1"};
    for (size_t i = 0; i < T_COUNT(texts); i++)
        for (size_t k = 0; k < T_COUNT(wanted); k++) {
            say_index(ouro_str_index(py(texts[i]), py(wanted[k]), 0, ALL, 1));
            say_index(ouro_str_index(py(texts[i]), py(wanted[k]), 0, ALL, -1));
        }
}

static void split_str(void)
{
    static const int most[] = {-1, 0, 1, 2};
    for (size_t i = 0; i < T_COUNT(lines); i++)
        for (size_t k = 0; k < T_COUNT(most); k++) {
            ouro_ref text = py(lines[i]);
            say("%R %R", ouro_str_split(text, NULL, most[k]),
                ouro_str_rsplit(text, OURO_NONE, most[k]));
            say("%R %R", ouro_str_split(text, py("'X'"), most[k]),
                ouro_str_rsplit(text, py("'X'"), most[k]));
        }
    say("%R", ouro_str_split(py("'a'"), py("''"), -1));
    say("%R", ouro_str_rsplit(py("'a'"), py("1"), -1));
    say("%R %R %R", ouro_str_split(py("'a--b---c'"), py("'--'"), -1),
        ouro_str_rsplit(py("'a--b---c'"), py("'--'"), -1),
        ouro_str_rsplit(py("'a--b---c'"), py("'--'"), 1));
}

static void say_lines(const char *text)
{
    say("%R %R", ouro_str_splitlines(py(text), false), ouro_str_splitlines(py(text), true));
}
static void lines_of_str(void)
{
    for (size_t i = 0; i < T_COUNT(lines); i++) say_lines(lines[i]);
    say_lines("'\\n\\na\\n'");
    say_lines("'a\v\f\x1c\x1d\036b\xc2\205c'");
    say_lines("'\\r\\n'");
    say_lines("'\\n\\r'");
    say_lines("'\xe2\x80\xa9\xe2\x80\xaa'");
}

static void say_stripped(const char *text)
{
    static const char *const sets[] = {"None", "''", "'a='", "'\xc3\xa9 '", "'X\\n'"};
    for (size_t i = 0; i < T_COUNT(sets); i++)
        say("%R %R %R", ouro_str_strip(py(text), py(sets[i]), OURO_STRIP_BOTH),
            ouro_str_strip(py(text), py(sets[i]), OURO_STRIP_LEFT),
            ouro_str_strip(py(text), py(sets[i]), OURO_STRIP_RIGHT));
}
static void strip_str(void)
{
    for (size_t i = 0; i < T_COUNT(lines); i++) say_stripped(lines[i]);
    say_stripped("'\xe3\x80\x80\xe2\x80\x83x\xe2\x81\x9f\xe1\x9a\x80'");
    say_stripped("'\x1f\xc2\x85x'");
    say_stripped("'\xe2\x80\x8bx'");
    say("%R", ouro_str_strip(py("'a'"), py("1"), OURO_STRIP_BOTH));
    say("%R", ouro_str_strip(py("'a'"), py("1"), OURO_STRIP_LEFT));
    say("%R", ouro_str_strip(py("'a'"), py("1"), OURO_STRIP_RIGHT));
}

static void parts_of_str(void)
{
    static const char *const separators[] = {"'a'", "'XX'", "'\xc3\xa9'", "' '", "'='"};
    for (size_t i = 0; i < T_COUNT(lines); i++)
        for (size_t k = 0; k < T_COUNT(separators); k++)
            say("%R %R", ouro_str_partition(py(lines[i]), py(separators[k])),
                ouro_str_rpartition(py(lines[i]), py(separators[k])));
    say("%R", ouro_str_partition(py("'a'"), py("''")));
    say("%R", ouro_str_rpartition(py("'a'"), py("1")));
}

/* `start` is how many, at most. */
static ouro_ref replaced(ouro_ref line, ouro_ref part, ptrdiff_t most, ptrdiff_t end, int by)
{
    static const char *const others[] = {"'-'", "''", "'\xc3\xa9\xe2\x82\xac'"};
    (void)end;
    return ouro_str_replace(line, part, py(others[by]), most);
}
static void replace_in_str(void)
{
    for (size_t i = 0; i < T_COUNT(lines); i++) {
        say("%R %R", row(lines[i], replaced, -1, 0, 0), row(lines[i], replaced, 1, 0, 1));
        say("%R", row(lines[i], replaced, 2, 0, 2));
    }
    say("%R", ouro_str_replace(py("'a'"), py("1"), py("''"), -1));
    say("%R", ouro_str_replace(py("'a'"), py("''"), py("1"), -1));
}

static void case_of_str(void)
{
    static const char *const texts[] = {"''",   "'abc'",   "'ABC'", "'a-Z_9@[`{'", "'Hello, World'",
                                        "'{}'", "'MiXeD'", "' a'",  "'xyzXYZ'",    "'1'"};
    for (size_t i = 0; i < T_COUNT(texts); i++)
        say("%R %R", ouro_str_lower(py(texts[i])), ouro_str_upper(py(texts[i])));
}

/* ---- bytes ---- */

static ouro_ref b(const char *text) { return ouro_bytes_new(text, strlen(text)); }
static ouro_ref array(const char *text) { return ouro_bytearray_new(text, strlen(text)); }

static void find_in_bytes(void)
{
    ouro_ref in[] = {b(""), b("abcabc"), ouro_bytes_new("\0\xff\0", 3), b("aaaa")};
    ouro_ref wanted[] = {b(""),    b("a"),    b("bc"),    ouro_bytes_new("", 1),        b("aa"),
                         py("97"), py("255"), array("c"), ouro_memoryview_of(b("\xff"))};
    for (size_t i = 0; i < T_COUNT(in); i++)
        for (size_t k = 0; k < T_COUNT(wanted); k++)
            say("%d %d %d %d", (int)ouro_str_find(in[i], wanted[k], 0, ALL, 1),
                (int)ouro_str_find(in[i], wanted[k], 0, ALL, -1),
                (int)ouro_str_count(in[i], wanted[k], 0, ALL),
                (int)ouro_str_find(in[i], wanted[k], 1, -1, 1));
    static const char *const others[] = {"'a'", "256", "-1", "None", "[]", "1.5"};
    for (size_t i = 0; i < T_COUNT(others); i++) {
        say_index(ouro_str_find(b("a"), py(others[i]), 0, ALL, 1));
        say_index(ouro_str_index(b("a"), py(others[i]), 0, ALL, 1));
        say_index(ouro_str_count(b("a"), py(others[i]), 0, ALL));
    }
    say_index(ouro_str_index(b("a"), b("b"), 0, ALL, 1));
    say("%t %t", ouro_str_tailmatch(b("abc"), b("ab"), 0, ALL, -1),
        ouro_str_tailmatch(b("abc"), ouro_tuple_of(2, b("x"), array("c")), 0, ALL, 1));
    say("%t", ouro_str_tailmatch(b("abc"), py("'ab'"), 0, ALL, -1));
    say("%t", ouro_str_tailmatch(b("abc"), py("'ab'"), 0, ALL, 1));
    say("%t", ouro_str_tailmatch(b("abc"), py("('ab',)"), 0, ALL, 1));
}

static void say_bytes(ouro_ref text)
{
    say("%R %R %R %R", ouro_str_split(text, NULL, -1), ouro_str_split(text, b(","), -1),
        ouro_str_rsplit(text, b(","), 1), ouro_str_splitlines(text, false));
    say("%R %R %R %R", ouro_str_strip(text, NULL, OURO_STRIP_BOTH),
        ouro_str_strip(text, b("a,"), OURO_STRIP_LEFT),
        ouro_str_strip(text, b("c\n"), OURO_STRIP_RIGHT), ouro_str_partition(text, b(",")));
    say("%R %R %R", ouro_str_rpartition(text, b(",")), ouro_str_replace(text, b(","), b(";"), -1),
        ouro_str_replace(text, b(""), b("."), 2));
    say("%R %R", ouro_str_upper(text), ouro_str_lower(text));
}

static void bytes_in_parts(void)
{
    static const char *const texts[] = {"", "a,b,,c", " a \t b\n", "\xc2\xa0x\x1c", "a\r\nb\013c"};
    for (size_t i = 0; i < T_COUNT(texts); i++) say_bytes(b(texts[i]));
    for (size_t i = 0; i < T_COUNT(texts); i++) say_bytes(array(texts[i]));
    say("%R", ouro_str_split(b("a"), b(""), -1));
    say("%R", ouro_str_split(b("a"), py("'a'"), -1));
    say("%R", ouro_str_strip(b("a"), py("'a'"), OURO_STRIP_BOTH));
    say("%R", ouro_str_partition(b("a"), py("'a'")));
    say("%R", ouro_str_replace(b("a"), py("'a'"), b(""), -1));
    say("%R", ouro_str_replace(b("a"), b("a"), py("''"), -1));
}

static void bytes_joined(void)
{
    say("%R",
        ouro_bytes_join(b(", "), ouro_tuple_of(3, b("a"), array("b"), ouro_memoryview_of(b("c")))));
    say("%R", ouro_bytes_join(array("-"), ouro_tuple_of(2, b("a"), b("b"))));
    say("%R", ouro_bytes_join(b(""), py("[]")));
    say("%R", ouro_bytes_join(b(""), ouro_tuple_of(1, b("a"))));
    ouro_ref dict = ouro_dict_new();
    (void)ouro_dict_set(dict, b("a"), OURO_NONE);
    (void)ouro_dict_set(dict, b("b"), OURO_NONE);
    say("%R", ouro_bytes_join(b("x"), dict));
    say("%R", ouro_bytes_join(b("x"), ouro_tuple_of(2, b("a"), py("'b'"))));
    say("%R", ouro_bytes_join(b("x"), py("[1]")));
    ouro_ref data[] = {b(""), ouro_bytes_new("\0\1\xfe\xff", 4), b("abc")};
    for (size_t i = 0; i < T_COUNT(data); i++)
        say("%R %R", ouro_bytes_hex(data[i]), ouro_bytes_fromhex(ouro_bytes_hex(data[i])));
    static const char *const texts[] = {"''",     "' 0 1'",      "'0g'", "'00 1'", "' 00\\t01\\n'",
                                        "'AbCd'", "'\xc3\2510'", "'0'",  "'0 0'"};
    for (size_t i = 0; i < T_COUNT(texts); i++) say("%R", ouro_bytes_fromhex(py(texts[i])));
    say("%R", ouro_bytes_fromhex(b("00")));
}

/* Is it the very same object?  Steals it. */
static int is(ouro_ref made, ouro_ref self)
{
    ouro_decref(made);
    return made == self;
}
/* The first item of a list or tuple, borrowed from what stays. */
static ouro_ref first(ouro_ref made) { return ouro_item_get(made, py("0")); }

static void identity_of_texts(void)
{
    ouro_ref text = py("'abc'"), data = b("abc"), x = py("'x'");
    say("%t %t %t", is(ouro_str_strip(text, NULL, OURO_STRIP_BOTH), text),
        is(first(ouro_str_split(text, x, -1)), text),
        is(ouro_str_replace(text, x, py("'y'"), -1), text));
    say("%t %t", is(first(ouro_str_partition(text, x)), text),
        is(first(ouro_str_splitlines(text, false)), text));
    say("%t %t %t", is(ouro_str_strip(data, NULL, OURO_STRIP_BOTH), data),
        is(first(ouro_str_split(data, b("x"), -1)), data),
        is(ouro_str_replace(data, b("x"), b("y"), -1), data));
    ouro_ref bytes = array("abc");
    say("%t %t %t", is(ouro_str_strip(bytes, NULL, OURO_STRIP_BOTH), bytes),
        is(first(ouro_str_split(bytes, b("x"), -1)), bytes),
        is(ouro_str_replace(bytes, b("x"), b(""), -1), bytes));
    ouro_ref stripped = ouro_str_strip(bytes, NULL, OURO_STRIP_BOTH);
    (void)ouro_bytearray_append(stripped, 1);
    say("%r", bytes);
    ouro_ref made[] = {ouro_str_strip(text, NULL, OURO_STRIP_BOTH),
                       ouro_str_replace(text, py("'a'"), py("'b'"), -1),
                       first(ouro_str_split(data, b("b"), -1)), ouro_str_upper(bytes)};
    for (size_t i = 0; i < T_COUNT(made); i++)
        say("%s %S", ouro_type_name(made[i]), ouro_own(made[i]));
    say("%d %d", (int)ouro_diag_refcount(bytes) + 1, (int)ouro_len(bytes));
}

static const struct section sections[] = {
    SECTION(find_in_str),  SECTION(count_in_str),      SECTION(ends_of_str),
    SECTION(index_in_str), SECTION(split_str),         SECTION(lines_of_str),
    SECTION(strip_str),    SECTION(parts_of_str),      SECTION(replace_in_str),
    SECTION(case_of_str),  SECTION(find_in_bytes),     SECTION(bytes_in_parts),
    SECTION(bytes_joined), SECTION(identity_of_texts),
};
PARITY_MAIN(sections)
