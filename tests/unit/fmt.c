/* SPDX-License-Identifier: MIT
 * fmt.c - numbers as text and back, on the board: the hard cases.
 *
 * The bits were computed by CPython 3.11.  tests/host/test_fmt.py compares millions of values; what
 * counts here is that the same code, compiled for this processor, does the same. */
#include <string.h>

#include "ouro/diag.h"
#include "t.h"

struct number {
    const char *text;
    uint64_t bits;
};

/* Texts that are the repr() of their value. */
static const struct number shortest[] = {
    {"0.0", UINT64_C(0x0000000000000000)},
    {"-0.0", UINT64_C(0x8000000000000000)},
    {"1.0", UINT64_C(0x3ff0000000000000)},
    {"-1.5", UINT64_C(0xbff8000000000000)},
    {"0.1", UINT64_C(0x3fb999999999999a)},
    {"0.3", UINT64_C(0x3fd3333333333333)},
    {"0.30000000000000004", UINT64_C(0x3fd3333333333334)},
    {"0.3333333333333333", UINT64_C(0x3fd5555555555555)},
    {"0.6666666666666666", UINT64_C(0x3fe5555555555555)},
    {"4.35", UINT64_C(0x4011666666666666)},
    {"100.0", UINT64_C(0x4059000000000000)},
    {"12345678.9", UINT64_C(0x41678c29dccccccd)},
    {"3.141592653589793", UINT64_C(0x400921fb54442d18)},
    {"0.0001", UINT64_C(0x3f1a36e2eb1c432d)},
    {"0.00012", UINT64_C(0x3f1f75104d551d69)},
    {"1e-05", UINT64_C(0x3ee4f8b588e368f1)},
    {"5e-05", UINT64_C(0x3f0a36e2eb1c432d)},
    {"999999999999999.9", UINT64_C(0x430c6bf52633ffff)},
    {"1000000000000000.0", UINT64_C(0x430c6bf526340000)},
    {"9999999999999998.0", UINT64_C(0x4341c37937e07fff)},
    {"1e+16", UINT64_C(0x4341c37937e08000)},
    {"1.2345678901234568e+17", UINT64_C(0x437b69b4ba630f35)},
    {"1e+22", UINT64_C(0x4480f0cf064dd592)},
    {"1e+23", UINT64_C(0x44b52d02c7e14af6)},
    {"9.999999999999997e+22", UINT64_C(0x44b52d02c7e14af5)},
    {"1e+100", UINT64_C(0x54b249ad2594c37d)},
    {"9007199254740991.0", UINT64_C(0x433fffffffffffff)},
    {"9007199254740992.0", UINT64_C(0x4340000000000000)},
    {"9007199254740994.0", UINT64_C(0x4340000000000001)},
    {"9.5367431640625e-07", UINT64_C(0x3eb0000000000000)},
    {"2.9802322387695312e-08", UINT64_C(0x3e60000000000000)},
    {"5.684341886080802e-14", UINT64_C(0x3d30000000000000)},
    {"5e-324", UINT64_C(0x0000000000000001)},
    {"1e-323", UINT64_C(0x0000000000000002)},
    {"2.225073858507201e-308", UINT64_C(0x000fffffffffffff)},
    {"2.2250738585072014e-308", UINT64_C(0x0010000000000000)},
    {"4.450147717014403e-308", UINT64_C(0x0020000000000000)},
    {"8.98846567431158e+307", UINT64_C(0x7fe0000000000000)},
    {"1.7976931348623157e+308", UINT64_C(0x7fefffffffffffff)},
    {"-1.7976931348623157e+308", UINT64_C(0xffefffffffffffff)},
    {"2.0019e-296", UINT64_C(0x028a2f4a76eec6f6)},
    {"6.0221e+23", UINT64_C(0x44dfe177a620ab35)},
};

/* Texts that are read as a value, but not how it is written. */
static const struct number readable[] = {
    {"+1.5", UINT64_C(0x3ff8000000000000)},
    {"1.", UINT64_C(0x3ff0000000000000)},
    {".5", UINT64_C(0x3fe0000000000000)},
    {"-.5e1", UINT64_C(0xc014000000000000)},
    {"00012", UINT64_C(0x4028000000000000)},
    {"1E5", UINT64_C(0x40f86a0000000000)},
    {"1e+05", UINT64_C(0x40f86a0000000000)},
    {"0e999999999999999999999", UINT64_C(0x0000000000000000)},
    {"1e-99999999999999999999", UINT64_C(0x0000000000000000)},
    {"-1e-400", UINT64_C(0x8000000000000000)},
    {"1e400", UINT64_C(0x7ff0000000000000)},
    {"-1e99999999999999999999", UINT64_C(0xfff0000000000000)},
    {"2.4703282292062327e-324", UINT64_C(0x0000000000000000)},
    {"2.4703282292062328e-324", UINT64_C(0x0000000000000001)},
    {"7.4109846876186981e-324", UINT64_C(0x0000000000000001)},
    {"7.4109846876186982e-324", UINT64_C(0x0000000000000002)},
    {"2.2250738585072011e-308", UINT64_C(0x000fffffffffffff)},
    {"2.2250738585072012e-308", UINT64_C(0x0010000000000000)},
    {"1.7976931348623158e308", UINT64_C(0x7fefffffffffffff)},
    {"1.7976931348623159e308", UINT64_C(0x7ff0000000000000)},
    {"9007199254740993", UINT64_C(0x4340000000000000)},
    {"9007199254740993.00000000000000000000001", UINT64_C(0x4340000000000001)},
    {"9007199254740995", UINT64_C(0x4340000000000002)},
    {"9007199254740991.4999999999999999999999999999999995", UINT64_C(0x433fffffffffffff)},
    {"1.00000000000000011102230246251565404236316680908203125", UINT64_C(0x3ff0000000000000)},
    {"1.00000000000000011102230246251565404236316680908203126", UINT64_C(0x3ff0000000000001)},
    {"1.00000000000000033306690738754696212708950042724609375", UINT64_C(0x3ff0000000000002)},
    {"1.00000000000000033306690738754696212708950042724609374", UINT64_C(0x3ff0000000000001)},
    {"62.5364939768271845828", UINT64_C(0x404f44abd5aa7ca4)},
    {"8.10109172351e-10", UINT64_C(0x3e0bd5cbaef0fd0c)},
    {"123456789012345678901234567890", UINT64_C(0x45f8ee90ff6c373e)},
};

static const char *const malformed[] = {
    "",   ".",    "-",    "+",  "e",  "e5", ".e5", "1e",  "1e+", "1e+-5", "1.2.3",    "1..",  "--1",
    "1-", "1e5.", "0x10", "1a", " 1", "1 ", "1_0", "1,5", "inf", "nan",   "Infinity", "-inf",
};

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

static double double_of(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

static void check_format(uint64_t bits, const char *want)
{
    char text[33];
    size_t length = ouro_format_float(text, double_of(bits));
    text[length < 32u ? length : 32u] = '\0';
    T_TEXT(text, want);
}

static void check_parse(const char *text, size_t bytes, uint64_t want)
{
    double value = 0;
    bool is_number = ouro_parse_float(text, bytes, &value);
    if (T_CHECK(is_number) && T_EQ(bits_of(value), want)) return;
    t_print("#   ");
    t_print(text);
    t_print("\n");
}

static void floats_are_written_short(void)
{
    for (size_t i = 0; i < T_COUNT(shortest); i++) check_format(shortest[i].bits, shortest[i].text);
}

static void infinity_and_nan_are_words(void)
{
    check_format(UINT64_C(0x7ff0000000000000), "inf");
    check_format(UINT64_C(0xfff0000000000000), "-inf");
    check_format(UINT64_C(0x7ff8000000000000), "nan");
    check_format(UINT64_C(0xfff0000000000001), "nan");
}

static void floats_are_read_exactly(void)
{
    for (size_t i = 0; i < T_COUNT(shortest); i++) {
        check_parse(shortest[i].text, strlen(shortest[i].text), shortest[i].bits);
    }
    for (size_t i = 0; i < T_COUNT(readable); i++) {
        check_parse(readable[i].text, strlen(readable[i].text), readable[i].bits);
    }
}

/* Every byte counts that the length says, and none after it. */
static void length_bounds_the_text(void)
{
    check_parse("12345", 3, bits_of(123.0));
    check_parse("1e55", 3, bits_of(1e5));
    double value = 7.0;
    T_CHECK(!ouro_parse_float("1\0", 2, &value));
    T_CHECK(!ouro_parse_float("1e5", 2, &value));
    T_CHECK(bits_of(value) == bits_of(7.0));
}

static void malformed_numbers_are_refused(void)
{
    for (size_t i = 0; i < T_COUNT(malformed); i++) {
        double value;
        if (T_CHECK(!ouro_parse_float(malformed[i], strlen(malformed[i]), &value))) continue;
        t_print("#   ");
        t_print(malformed[i]);
        t_print("\n");
    }
}

/* HEAD, a thousand zeros, TAIL. */
static void check_long(const char *head, const char *tail, uint64_t want)
{
    static char text[1100];
    size_t length = strlen(head);
    strcpy(text, head);
    memset(text + length, '0', 1000);
    strcpy(text + length + 1000, tail);
    check_parse(text, strlen(text), want);
}

static void no_digit_is_too_far_out(void)
{
    const uint64_t one = bits_of(1.0);
    check_long("1", "e-1000", one);
    check_long("0.", "1e1001", one);
    check_long("", "1", one);
    check_long("1.", "", one);
    check_long("1", "", UINT64_C(0x7ff0000000000000));
    check_long("0.", "1", 0);
    check_long("1.00000000000000011102230246251565404236316680908203125", "", one);
    check_long("1.00000000000000011102230246251565404236316680908203125", "1", one + 1u);
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void random_floats_come_back(void)
{
    uint64_t state = UINT64_C(0x9e3779b97f4a7c15) * (t_seed() + 1u);
    for (uint32_t left = 200u * t_scale(); left > 0u; left--) {
        uint64_t bits = next_random(&state);
        if ((bits >> 52 & 0x7ffu) == 0x7ffu) continue;
        char text[33];
        size_t length = ouro_format_float(text, double_of(bits));
        text[length] = '\0';
        check_parse(text, length, bits);
    }
}

static void check_int(int64_t value, const char *want)
{
    char text[25];
    text[ouro_format_int(text, value)] = '\0';
    T_TEXT(text, want);
}

static void integers_are_written(void)
{
    check_int(0, "0");
    check_int(-1, "-1");
    check_int(1000000009, "1000000009");
    check_int(INT64_C(4294967296), "4294967296");
    check_int(-INT64_C(10000000000000000), "-10000000000000000");
    check_int(INT64_MAX, "9223372036854775807");
    check_int(INT64_MIN, "-9223372036854775808");
}

static void check_hex(uint64_t value, unsigned digits, const char *want)
{
    char text[25];
    text[ouro_format_hex(text, value, digits)] = '\0';
    T_TEXT(text, want);
}

static void hexadecimal_is_padded_not_cut(void)
{
    check_hex(0, 0, "0");
    check_hex(0, 8, "00000000");
    check_hex(0xbeef, 2, "beef");
    check_hex(0xbeef, 8, "0000beef");
    check_hex(UINT64_MAX, 1, "ffffffffffffffff");
}

static void printable_is_what_python_says(void)
{
    static const uint32_t yes[] = {' ', '~', 0xa1, 0xe9, 0x4e00, 0xfffd, 0x1f600, 0x3134a, 0xe01ef};
    static const uint32_t no[] = {0,       0x1f,    0x7f,     0xa0,     0xad,      0x378,
                                  0x2028,  0x3000,  0xd800,   0xdfff,   0xe000,    0xf8ff,
                                  0x3134b, 0xe0001, 0x10ffff, 0x110000, UINT32_MAX};
    for (size_t i = 0; i < T_COUNT(yes); i++) T_EQ(ouro_is_printable(yes[i]) ? yes[i] : 0, yes[i]);
    for (size_t i = 0; i < T_COUNT(no); i++) T_EQ(ouro_is_printable(no[i]) ? no[i] : 0, 0);
    uint32_t count = 0;
    for (uint32_t c = 0; c < 0x3000u; c++) count += ouro_is_printable(c) ? 1u : 0u;
    T_EQ(count, 11110);
}

static const struct t_test tests[] = {
    T_SMALL(floats_are_written_short),      T_SMALL(infinity_and_nan_are_words),
    T_SMALL(floats_are_read_exactly),       T_SMALL(length_bounds_the_text),
    T_SMALL(malformed_numbers_are_refused), T_SMALL(no_digit_is_too_far_out),
    T_SMALL(random_floats_come_back),       T_SMALL(integers_are_written),
    T_SMALL(hexadecimal_is_padded_not_cut), T_SMALL(printable_is_what_python_says),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
