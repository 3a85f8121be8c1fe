/* SPDX-License-Identifier: MIT
 * strings.c - str: repr, ==, order, slices, iteration, interning. */
#include <string.h>

#include "parity.h"

static void repr_escapes(void)
{
    static const char *const texts[] = {"''",
                                        "'a'",
                                        "'it\\'s'",
                                        "'\"'",
                                        "'\\'\"'",
                                        "'a\\\\b'",
                                        "'\\n\\r\\t'",
                                        "'\\x00\\x01\\x1f'",
                                        "'\\x7f'",
                                        "'caf\xc3\xa9'",
                                        "'\xe2\x82\xac'",
                                        "'\xf0\x9f\x90\x8d'",
                                        "'\xc2\xa0'",
                                        "'\xe2\x80\xa8'",
                                        "'\xc2\xad'",
                                        "'\xef\xbf\xbf'"};
    for (size_t i = 0; i < T_COUNT(texts); i++) say("%R", py(texts[i]));
}

static void str_within_containers(void)
{
    say("%S", py("'it\\'s'"));
    say("%S", py("['it\\'s']"));
    say("%S", py("('a', 'b\\n')"));
    say("%S", py("{'k': 'v\\t'}"));
    say("%S", py("{'one'}"));
    say("%S", py("'a\\nb'"));
    say("%S", py("''"));
    say("%S", py("1"));
    say("%S", py("1.0"));
    say("%S", py("[1.0, 'x', None, True]"));
    say("%S", py("('single',)"));
}

static const char *const words[] = {"''",
                                    "'a'",
                                    "'b'",
                                    "'ab'",
                                    "'A'",
                                    "'abc'",
                                    "'a '",
                                    "'~'",
                                    "'\xc3\xa9'",
                                    "'z'",
                                    "'\xe2\x82\xac'",
                                    "'\xf0\x9f\x90\x8d'"};
static void table(enum ouro_op op)
{
    for (size_t i = 0; i < T_COUNT(words); i++) {
        ouro_ref row = ouro_list_new();
        for (size_t k = 0; k < T_COUNT(words); k++)
            (void)ouro_list_append(row, ouro_bool(ouro_compare(py(words[i]), py(words[k]), op)));
        say("%R", row);
    }
}
static void equality(void)
{
    table(OURO_EQ);
    table(OURO_NE);
}
static void order(void)
{
    table(OURO_LT);
    table(OURO_GE);
}

static void lengths(void)
{
    for (size_t i = 0; i < T_COUNT(words); i++) say("%d", (int)ouro_len(py(words[i])));
}

static void slices(void)
{
    static const int cuts[][3] = {{NONE, NONE, NONE}, {1, 3, NONE},     {-3, NONE, NONE},
                                  {NONE, -2, NONE},   {NONE, NONE, -1}, {5, 1, -2},
                                  {10, 20, NONE},     {3, 1, NONE},     {0, 100, 3},
                                  {-100, 100, NONE},  {NONE, NONE, 2},  {-1, -4, -1}};
    ouro_ref s = py("'a\xc3\xa9\xe2\x82\xacxyz'");
    for (size_t i = 0; i < T_COUNT(cuts); i++)
        say("%R", cut(s, cuts[i][0], cuts[i][1], cuts[i][2]));
    say("%R", cut(s, NONE, NONE, 0));
    say("%t", cut(s, NONE, NONE, NONE) == s);
}

static void iteration(void)
{
    for (size_t i = 0; i < T_COUNT(words); i++) say_items("items", ouro_iter(py(words[i])));
    say_items("long", ouro_iter(py("'abc\xc3\xa9\xf0\x9f\x90\x8d\\x00z'")));
}

static void made_of_others(void)
{
    static const char *const separators[] = {"''", "', '", "'\xc3\xa9'"};
    ouro_ref y = ouro_arith(py("'y'"), OURO_MUL, ouro_int_new(300)), b = ouro_bytes_new("b", 1);
    ouro_ref last = py("['a']");
    (void)ouro_list_append(last, b);
    for (size_t i = 0; i < T_COUNT(separators); i++) {
        ouro_ref items[] = {py("[]"),
                            py("['a']"),
                            py("['a', '', '\xc3\xbc\xf0\x9f\x90\x8d']"),
                            ouro_tuple_of(2, py("'x'"), y),
                            py("{'k': 1}"),
                            py("'abc'"),
                            py("{'s'}"),
                            py("[1]"),
                            py("['a', None]"),
                            last};
        for (size_t k = 0; k < T_COUNT(items); k++)
            say("%R", ouro_str_join(py(separators[i]), items[k]));
    }
    say("%R", ouro_str_format("%s is %d%% of %s", "half", 50, "\xe2\x82\xac"));
    say("%R", ouro_str_format("%u", 4000000000u));
    say("%R", ouro_str_format("%s", ""));
    say("%R", ouro_str_format("plain"));
}

static void interning(void)
{
    ouro_ref a = ouro_intern("alpha", 5), b = ouro_intern("alpha", 5), c = ouro_intern("beta", 4);
    ouro_ref d = py("'gamma'"), e = ouro_str_intern(d), f = py("'gamma'");
    say("%t", a == b);
    say("%t", a == c);
    say("%t", d == e);
    say("%t", f == d);
    say("%t", ouro_str_intern(f) == d);
    say("%t", ouro_equal(f, d));
    say("%r %r %r", a, c, d);
    ouro_ref u = ouro_intern("\xe2\x82\xac", 3);
    say("%t", u == ouro_str_intern(py("'\xe2\x82\xac'")));
    say("%t", ouro_intern("", 0) == ouro_str_intern(py("''")));
    ouro_ref dict = py("{'alpha': 1}");
    say("%r", ouro_dict_get(dict, a));
}

static void as_keys(void)
{
    ouro_ref dict = ouro_dict_new();
    for (size_t i = 0; i < T_COUNT(words); i++)
        say("%n", ouro_dict_set(dict, py(words[i]), ouro_int_new((int)i)));
    for (size_t i = 0; i < T_COUNT(words); i++) say("%r", ouro_dict_get(dict, py(words[i])));
    say("%r", dict);
    say("%r", ouro_dict_get(dict, py("'absent'")));
}

static const struct section sections[] = {
    SECTION(repr_escapes), SECTION(str_within_containers),
    SECTION(equality),     SECTION(order),
    SECTION(lengths),      SECTION(slices),
    SECTION(iteration),    SECTION(made_of_others),
    SECTION(interning),    SECTION(as_keys),
};
PARITY_MAIN(sections)
