/* SPDX-License-Identifier: MIT
 * conversions.c - int() and float() of texts and other objects, powers, divmod, signs. */
#include <string.h>

#include "parity.h"

OURO_USE_SPECIAL_METHODS;

static ouro_ref b(const char *text) { return ouro_bytes_new(text, strlen(text)); }
static ouro_ref i64(int64_t value) { return ouro_int_new(value); }

static const char *const texts[] = {"'0'",
                                    "'12'",
                                    "'-7'",
                                    "'+5'",
                                    "' 42\\n'",
                                    "'\xc2\2403\xe2\x80\x83'",
                                    "''",
                                    "' '",
                                    "'+'",
                                    "'-'",
                                    "'--1'",
                                    "'1 2'",
                                    "'0x1f'",
                                    "'0X1F'",
                                    "'0b101'",
                                    "'0o17'",
                                    "'0x'",
                                    "'0x_1'",
                                    "'0x__1'",
                                    "'010'",
                                    "'00'",
                                    "'0_0'",
                                    "'1_000'",
                                    "'1__0'",
                                    "'_1'",
                                    "'1_'",
                                    "'z'",
                                    "'Zz'",
                                    "'12a'",
                                    "'9223372036854775807'",
                                    "'-9223372036854775808'",
                                    "'\xc3\xa9'",
                                    "'1.5'",
                                    "'0b2'",
                                    "'it\\'s'",
                                    "'a\"b\\'c'",
                                    "'-0x10'",
                                    "'1e5'"};

/* What Python gives where 64 bits do not suffice; of these few the pair leaves out the base. */
static bool is_too_long(size_t text, int base)
{
    return base == 36 || base == 16 ? strlen(texts[text]) > 18 : false;
}

static void int_of_str(void)
{
    static const int bases[] = {10, 0, 16, 2, 36};
    for (size_t i = 0; i < T_COUNT(texts); i++)
        for (size_t k = 0; k < T_COUNT(bases); k++) {
            if (is_too_long(i, bases[k])) continue;
            say("%R", ouro_int_from_str(py(texts[i]), bases[k]));
        }
    say("%R", ouro_int_from_str(py("'1'"), 1));
    say("%R", ouro_int_from_str(py("'1'"), 37));
    say("%R", ouro_int_from_str(py("'1'"), -1));
    say("%R", ouro_int_from_str(py("[]"), 10));
    say("%R", ouro_int_from_str(py("1"), 10));
}

/* The name of a type; drops the object. */
static void say_type(ouro_ref ref)
{
    if (!ref)
        say("%R", ref);
    else
        say("'%s'", ouro_type_name(ref));
}

static void int_of_anything(void)
{
    ouro_ref all[] = {py("0"),    py("5"),      OURO_TRUE,
                      OURO_FALSE, py("2.9"),    py("-2.9"),
                      py("-0.0"), py("1e18"),   i64(INT64_C(1) << 40),
                      py("'12'"), py("' -3 '"), b("77"),
                      b(" 1\t"),  b("x"),       py("'0x10'"),
                      OURO_NONE,  py("[]"),     py("(1,)"),
                      py("inf"),  py("-inf"),   py("nan"),
                      py("0.5"),  b("\xff")};
    for (size_t i = 0; i < T_COUNT(all); i++) {
        say("%R", ouro_int_from(all[i]));
        say_type(ouro_int_from(all[i]));
    }
}

static void float_of_str(void)
{
    static const char *const reals[] = {"'0'",
                                        "'1.5'",
                                        "'-2.25e3'",
                                        "' .5 '",
                                        "'5.'",
                                        "'1e400'",
                                        "'-1e-400'",
                                        "'inf'",
                                        "'-Infinity'",
                                        "'+iNf'",
                                        "'nan'",
                                        "'-nan'",
                                        "'infin'",
                                        "'1_0.2_5'",
                                        "'1__0'",
                                        "'_1'",
                                        "'1_'",
                                        "'1_.5'",
                                        "'1._5'",
                                        "'1e1_0'",
                                        "''",
                                        "' '",
                                        "'.'",
                                        "'e5'",
                                        "'1e'",
                                        "'1e+'",
                                        "'0x10'",
                                        "'1.5x'",
                                        "'1 2'",
                                        "'\xc3\xa9'",
                                        "'\xe3\x80\2001.5\xe3\x80\x80'",
                                        "'+-1'",
                                        "'in'",
                                        "'nano'",
                                        "'i'"};
    for (size_t i = 0; i < T_COUNT(reals); i++) say("%R", ouro_float_from(py(reals[i])));
    ouro_ref all[] = {
        b("1.5"),  b(" inf"), b("\2401"),    py("3"), OURO_TRUE, py("1.5"), i64(INT64_C(1) << 60),
        OURO_NONE, py("[]"),  py("'x\\ty'"), b("a'b")};
    for (size_t i = 0; i < T_COUNT(all); i++) say("%R", ouro_float_from(all[i]));
}

static ouro_ref power(ouro_ref x, ouro_ref y) { return ouro_pow(x, y, NULL); }

static void int_powers(void)
{
    ouro_ref bases[] = {py("0"), py("1"), py("-1"), py("2"),   py("-2"),
                        py("3"), py("7"), py("10"), py("-10"), OURO_TRUE};
    for (size_t i = 0; i < T_COUNT(bases); i++) {
        ouro_ref row = ouro_list_new();
        for (int y = 0; y < 10; y++) (void)ouro_list_append(row, power(bases[i], i64(y)));
        say("%R", row);
    }
    static const int64_t pairs[][2] = {{2, 62},
                                       {-2, 63},
                                       {-2, 61},
                                       {3, 39},
                                       {10, 18},
                                       {1, INT64_C(1) << 40},
                                       {-1, (INT64_C(1) << 40) + 1},
                                       {0, 5},
                                       {0, 0},
                                       {1, 0},
                                       {-1, 0}};
    for (size_t i = 0; i < T_COUNT(pairs); i++)
        say("%R", power(i64(pairs[i][0]), i64(pairs[i][1])));
    static const int inverses[][2] = {{2, -1}, {2, -3}, {10, -2}, {-2, -3}, {0, -1},
                                      {1, -1}, {3, -1}, {1, -5},  {4, -1},  {-1, -3}};
    for (size_t i = 0; i < T_COUNT(inverses); i++)
        say("%R", power(i64(inverses[i][0]), i64(inverses[i][1])));
}

static void powers_modulo(void)
{
    const int64_t moduli[] = {1,
                              2,
                              7,
                              12,
                              -7,
                              -12,
                              97,
                              INT64_C(1) << 31,
                              (INT64_C(1) << 62) - 57,
                              -(INT64_C(1) << 61) + 1,
                              INT64_MAX};
    const int64_t bases[] = {0, 1, -1, 5, INT64_C(100000000000000003), INT64_MIN};
    const int64_t exponents[] = {0, 1, 2, 13, INT64_MAX};
    const int64_t inverted[] = {1, 3, 5, -11, INT64_C(100000000000000003)};
    for (size_t i = 0; i < T_COUNT(moduli); i++) {
        ouro_ref row = ouro_list_new(), m = i64(moduli[i]);
        for (size_t x = 0; x < T_COUNT(bases); x++)
            for (size_t y = 0; y < T_COUNT(exponents); y++)
                (void)ouro_list_append(row, ouro_pow(i64(bases[x]), i64(exponents[y]), m));
        say("%R", row);
        for (size_t x = 0; x < T_COUNT(inverted); x++) {
            ouro_ref first = ouro_pow(i64(inverted[x]), i64(-1), m);
            if (!first) {
                const char *message;
                (void)ouro_error_get(&message);
                say("ValueError: %s ValueError: %s", message, message);
                continue;
            }
            say("%R %R", first, ouro_pow(i64(inverted[x]), i64(-5), m));
        }
    }
    say("%R", ouro_pow(py("2"), py("3"), py("0")));
    say("%R", ouro_pow(py("2"), py("-1"), py("4")));
    ouro_error_clear();
    ouro_ref failed = ouro_pow(py("0"), py("-1"), py("5"));
    const char *message;
    (void)ouro_error_get(&message);
    say("%sValueError: %s %R", failed ? "?" : "", message, ouro_pow(py("0"), py("-1"), py("1")));
    say("%R", ouro_pow(py("2.0"), py("3"), py("5")));
    say("%R", ouro_pow(py("'a'"), py("2"), py("3")));
    say("%R", ouro_pow(py("2"), py("'a'"), py("3")));
    say("%R", ouro_pow(py("2"), py("3"), OURO_NONE));
}

static bool is_complex(double x, double y)
{
    bool is_finite = y - y == 0;
    return x < 0 && is_finite && y != (double)(int64_t)(y > 1e18 || y < -1e18 ? 0 : y) &&
           !(y > 1e18 || y < -1e18);
}

static void float_powers(void)
{
    static const char *const special[] = {"0.0",  "-0.0", "1.0",   "-1.0",   "2.0",
                                          "-2.0", "0.5",  "3.0",   "-3.0",   "inf",
                                          "-inf", "nan",  "1e300", "1e-300", "5e-324"};
    for (size_t i = 0; i < T_COUNT(special); i++)
        for (size_t k = 0; k < T_COUNT(special); k++) {
            double x, y;
            ouro_ref base = py(special[i]), exponent = py(special[k]);
            (void)ouro_float_get(base, &x);
            (void)ouro_float_get(exponent, &y);
            if (!is_complex(x, y)) say("%R", power(base, exponent));
        }
    static const char *const pairs[][2] = {{"2", "0.5"},
                                           {"2.0", "10"},
                                           {"10", "0.5"},
                                           {"9.0", "0.5"},
                                           {"27.0", "0.3333333333333333"},
                                           {"1.1", "7"},
                                           {"0.1", "3"},
                                           {"1.5", "100"},
                                           {"1.0000001", "1e7"},
                                           {"0.9999999", "1e7"},
                                           {"2.0", "-1074"},
                                           {"2.0", "-1075"},
                                           {"2.0", "1023"},
                                           {"2.0", "1024"},
                                           {"1.7", "-1387.5"},
                                           {"3.7", "2"},
                                           {"1e154", "2"},
                                           {"1e155", "2"},
                                           {"1e-162", "2"},
                                           {"1e-163", "2"},
                                           {"7", "-3"},
                                           {"123.456", "4.5"},
                                           {"1e10", "1.5"},
                                           {"2.5", "True"}};
    for (size_t i = 0; i < T_COUNT(pairs); i++) say("%R", power(py(pairs[i][0]), py(pairs[i][1])));
}

static void divmods(void)
{
    ouro_ref as[] = {py("7"),   py("-7"),   py("0"),    py("1"),   OURO_TRUE,
                     py("7.5"), py("-7.5"), py("1e17"), py("inf"), i64((INT64_C(1) << 62) + 1)};
    ouro_ref bs[] = {py("2"),   py("-2"),   py("3"),    py("0"),   py("0.0"),
                     py("2.5"), py("-2.5"), OURO_FALSE, py("inf"), i64(INT64_C(1) << 40)};
    for (size_t i = 0; i < T_COUNT(as); i++)
        for (size_t k = 0; k < T_COUNT(bs); k++) say("%R", ouro_divmod(as[i], bs[k]));
    say("%R", ouro_divmod(py("'a'"), py("1")));
    say("%R", ouro_divmod(py("1"), OURO_NONE));
}

static void signs(void)
{
    ouro_ref all[] = {py("0"),
                      py("1"),
                      py("-1"),
                      OURO_TRUE,
                      OURO_FALSE,
                      i64(INT64_C(1) << 40),
                      i64(-(INT64_C(1) << 40)),
                      i64(1 << 30),
                      i64(-(1 << 30)),
                      py("0.0"),
                      py("-0.0"),
                      py("1.5"),
                      py("-1.5"),
                      py("inf"),
                      py("-inf"),
                      py("nan"),
                      py("'a'"),
                      py("[]"),
                      OURO_NONE};
    for (size_t i = 0; i < T_COUNT(all); i++) {
        ouro_ref minus = ouro_negative(all[i]);
        if (minus) {
            say("%R %R", minus, ouro_positive(all[i]));
        } else {
            const char *message;
            (void)ouro_error_get(&message);
            char first[96];
            strcpy(first, message);
            ouro_error_clear();
            say("TypeError: %s %R", first, ouro_positive(all[i]));
        }
        say("%R", ouro_absolute(all[i]));
        say("%R", ouro_invert(all[i]));
    }
}

/* ---- classes ---- */

static ouro_ref answers(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)argc;
    (void)argv;
    return ouro_own(ouro_function_closure(function));
}
static ouro_ref answering(const char *method, ouro_ref answer)
{
    static const struct ouro_function_def def = {.name = "f", .call = answers, .most = 3};
    ouro_ref class = ouro_class_new("C", NULL);
    (void)ouro_attr_set_string(class, method, ouro_function_new(&def, answer));
    return ouro_call(class, 0, NULL);
}

static void numbers_of_classes(void)
{
    static const char *const methods[] = {"__int__", "__float__", "__index__"};
    static const char *const answered[] = {"5", "2.5", "'x'", "None"};
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < 4; k++) {
            ouro_ref thing = answering(methods[i], py(answered[k]));
            say("%R", ouro_int_from(thing));
            if (i != 1 || k != 3) say("%R", ouro_float_from(thing));
        }
    static const char *const names[] = {"__neg__", "__pos__", "__abs__", "__invert__"};
    static ouro_ref (*const calls[])(ouro_ref) = {ouro_negative, ouro_positive, ouro_absolute,
                                                  ouro_invert};
    for (size_t i = 0; i < 4; i++) {
        say("%R", calls[i](answering(names[i], py("'yes'"))));
        say("%R", calls[i](answering("__x__", OURO_NONE)));
    }
    ouro_ref dull = answering("__x__", OURO_NONE), two = py("2");
    say("%R %R", power(answering("__pow__", py("'p'")), two),
        power(two, answering("__rpow__", py("'r'"))));
    say("%R", ouro_divmod(answering("__divmod__", py("'d'")), two));
    say("%R", ouro_divmod(two, answering("__rdivmod__", py("'r'"))));
    say("%R", power(dull, two));
    say("%R", ouro_divmod(two, dull));
    say("%R", ouro_pow(dull, two, py("3")));
}

static const struct section sections[] = {
    SECTION(int_of_str), SECTION(int_of_anything), SECTION(float_of_str),
    SECTION(int_powers), SECTION(powers_modulo),   SECTION(float_powers),
    SECTION(divmods),    SECTION(signs),           SECTION(numbers_of_classes),
};
PARITY_MAIN(sections)
