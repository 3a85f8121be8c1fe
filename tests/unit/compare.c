/* SPDX-License-Identifier: MIT
 * compare.c - Python's order of leaves and of containers, its errors, and types of one's own. */
#include <string.h>

#include "object.h"
#include "ouro.h"
#include "t.h"
#include "unit_types.h"

/* The answers to < <= == != > >= as bits from 0 on, -1 if there is no order.  Both are dropped. */
static int answers(ouro_ref a, ouro_ref b)
{
    int bits = 0;
    for (int op = OURO_LT; op <= OURO_GE; op++) {
        int answer = ouro_compare(a, b, (enum ouro_op)op);
        if (op == OURO_EQ || op == OURO_NE) {
            T_CHECK(answer >= 0);
        } else if (answer < 0) {
            T_EQ(ouro_error_get(NULL), OURO_TYPE_ERROR);
            bits = -1;
        }
        if (bits >= 0) bits |= answer << op;
    }
    ouro_decref(a);
    ouro_decref(b);
    return bits;
}

enum {
    LESS = 1 << OURO_LT | 1 << OURO_LE | 1 << OURO_NE,
    SAME = 1 << OURO_LE | 1 << OURO_EQ | 1 << OURO_GE,
    GREATER = 1 << OURO_GT | 1 << OURO_GE | 1 << OURO_NE,
    NEITHER = 1 << OURO_NE,
    NO_ORDER = -1,
};

static double from_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void numbers(void)
{
    double nan = from_bits(0x7ff8000000000000u), infinity = from_bits(0x7ff0000000000000u);
    T_EQ(answers(ouro_int_new(1), ouro_int_new(2)), LESS);
    T_EQ(answers(ouro_int_new(2), ouro_int_new(2)), SAME);
    T_EQ(answers(ouro_int_new(2), ouro_int_new(-2)), GREATER);
    T_EQ(answers(ouro_int_new(INT64_MIN), ouro_int_new(INT64_MAX)), LESS);
    T_EQ(answers(OURO_TRUE, ouro_int_new(2)), LESS);
    T_EQ(answers(OURO_TRUE, OURO_FALSE), GREATER);
    T_EQ(answers(ouro_float_new(1.5), ouro_int_new(1)), GREATER);
    T_EQ(answers(ouro_float_new(-1.5), ouro_int_new(-1)), LESS);
    T_EQ(answers(ouro_int_new(1), ouro_float_new(1.5)), LESS);
    T_EQ(answers(ouro_float_new(2.0), OURO_TRUE), GREATER);
    T_EQ(answers(ouro_float_new(0.0), ouro_float_new(-0.0)), SAME);
    T_EQ(answers(ouro_float_new(0.1), ouro_float_new(0.2)), LESS);
    T_EQ(answers(ouro_float_new(infinity), ouro_int_new(INT64_MAX)), GREATER);
    T_EQ(answers(ouro_int_new(INT64_MIN), ouro_float_new(-infinity)), GREATER);
    T_EQ(answers(ouro_float_new(nan), ouro_float_new(nan)), NEITHER);
    T_EQ(answers(ouro_float_new(nan), ouro_int_new(0)), NEITHER);
    T_EQ(answers(ouro_int_new(0), ouro_float_new(nan)), NEITHER);
    /* Where a double cannot tell neighbours apart. */
    T_EQ(answers(ouro_int_new(INT64_MAX), ouro_float_new(9223372036854775808.0)), LESS);
    T_EQ(answers(ouro_int_new(((int64_t)1 << 53) + 1), ouro_float_new(9007199254740992.0)),
         GREATER);
    T_EQ(answers(ouro_float_new(9007199254740992.0), ouro_int_new(((int64_t)1 << 53) + 1)), LESS);
}

static void strings(void)
{
    T_EQ(answers(ouro_str_from("a"), ouro_str_from("b")), LESS);
    T_EQ(answers(ouro_str_from("a"), ouro_str_from("a")), SAME);
    T_EQ(answers(ouro_str_from("a"), ouro_str_from("")), GREATER);
    T_EQ(answers(ouro_str_from("ab"), ouro_str_from("abc")), LESS);
    T_EQ(answers(ouro_str_from("Z"), ouro_str_from("a")), LESS);
    T_EQ(answers(ouro_str_from("\xf0\x90\x80\x80"), ouro_str_from("\xef\xbf\xbf")), GREATER);
    T_EQ(answers(ouro_str_new("a\0b", 3), ouro_str_new("a\0c", 3)), LESS);
}

static void expect_type_error(ouro_ref a, ouro_ref b, enum ouro_op op, const char *text)
{
    const char *message = "";
    T_EQ(ouro_compare(a, b, op), -1);
    T_EQ(ouro_error_get(&message), OURO_TYPE_ERROR);
    T_TEXT(message, text);
    ouro_error_clear();
}

static void no_order(void)
{
    ouro_ref text = ouro_str_from("x"), list = ouro_list_new(), dict = ouro_dict_new();
    expect_type_error(ouro_int_new(1), text, OURO_LT,
                      "'<' not supported between instances of 'int' and 'str'");
    expect_type_error(text, ouro_int_new(1), OURO_LE,
                      "'<=' not supported between instances of 'str' and 'int'");
    expect_type_error(list, OURO_EMPTY_TUPLE, OURO_GT,
                      "'>' not supported between instances of 'list' and 'tuple'");
    expect_type_error(OURO_NONE, OURO_NONE, OURO_GE,
                      "'>=' not supported between instances of 'NoneType' and 'NoneType'");
    expect_type_error(dict, dict, OURO_LT,
                      "'<' not supported between instances of 'dict' and 'dict'");
    T_EQ(answers(list, dict), NO_ORDER);
    T_EQ(answers(text, OURO_NONE), NO_ORDER);
    settle();
}

static ouro_ref pair(ouro_ref a, ouro_ref b)
{
    ouro_ref tuple = ouro_tuple_of(2, a, b);
    ouro_decref(a);
    ouro_decref(b);
    return tuple;
}
static ouro_ref list_of(ouro_ref item, unsigned n)
{
    ouro_ref list = ouro_list_new();
    for (unsigned i = 0; i < n; i++) T_EQ(ouro_list_append(list, item), 0);
    ouro_decref(item);
    return list;
}
static ouro_ref ints(int a, int b) { return pair(ouro_int_new(a), ouro_int_new(b)); }

static void sequences(void)
{
    T_EQ(answers(OURO_EMPTY_TUPLE, OURO_EMPTY_TUPLE), SAME);
    T_EQ(answers(OURO_EMPTY_TUPLE, ints(0, 0)), LESS);
    T_EQ(answers(ints(1, 2), ints(1, 2)), SAME);
    T_EQ(answers(ints(1, 2), ints(1, 3)), LESS);
    T_EQ(answers(ints(2, 1), ints(1, 3)), GREATER);
    T_EQ(answers(list_of(ouro_int_new(1), 20), list_of(ouro_int_new(1), 21)), LESS);
    T_EQ(answers(list_of(ouro_int_new(1), 300), list_of(OURO_TRUE, 300)), SAME);
    T_EQ(answers(list_of(ouro_int_new(2), 2), list_of(ouro_int_new(1), 9)), GREATER);
    /* The first pair that differs decides, however deep it lies. */
    T_EQ(answers(pair(ints(1, 2), ouro_int_new(9)), pair(ints(1, 3), ouro_int_new(0))), LESS);
    T_EQ(answers(pair(ints(1, 2), ouro_int_new(9)), pair(ints(1, 2), ouro_int_new(0))), GREATER);
    T_EQ(answers(list_of(OURO_EMPTY_TUPLE, 2), list_of(ints(0, 0), 1)), LESS);
    T_EQ(answers(pair(ouro_int_new(1), OURO_NONE), pair(ouro_int_new(2), OURO_TRUE)), LESS);
    T_EQ(answers(pair(ouro_int_new(1), OURO_NONE), pair(ouro_int_new(1), OURO_NONE)), SAME);
    T_EQ(answers(pair(ouro_int_new(1), OURO_NONE), pair(ouro_int_new(1), OURO_TRUE)), NO_ORDER);
    T_EQ(answers(list_of(OURO_TRUE, 1), ints(1, 1)), NO_ORDER);
    settle();
}

/* Dicts inside have no order, but equal ones are passed over. */
static void mappings_inside(void)
{
    ouro_ref a = ouro_dict_new(), b = ouro_dict_new();
    T_EQ(ouro_dict_set(a, OURO_NONE, ouro_int_new(1)), 0);
    T_EQ(ouro_dict_set(b, OURO_NONE, OURO_TRUE), 0);
    T_EQ(answers(pair(ouro_own(a), ouro_int_new(1)), pair(ouro_own(b), ouro_int_new(2))), LESS);
    T_EQ(ouro_dict_set(b, OURO_NONE, ouro_int_new(2)), 0);
    T_EQ(answers(pair(ouro_own(a), ouro_int_new(1)), pair(ouro_own(b), ouro_int_new(2))), NO_ORDER);
    ouro_ref x = ouro_tuple_of(1, a), y = ouro_tuple_of(1, b);
    expect_type_error(x, y, OURO_GT, "'>' not supported between instances of 'dict' and 'dict'");
    ouro_decref(x);
    ouro_decref(y);
    T_EQ(ouro_dict_set(a, OURO_NONE, x = ints(1, 1)), 0);
    T_EQ(ouro_dict_set(b, OURO_NONE, y = ints(1, 2)), 0);
    ouro_decref(x);
    ouro_decref(y);
    x = ouro_tuple_of(1, a), y = ouro_tuple_of(1, b);
    expect_type_error(x, y, OURO_GT, "'>' not supported between instances of 'dict' and 'dict'");
    T_EQ(answers(x, y), NO_ORDER);
    ouro_decref(a);
    ouro_decref(b);
    settle();
}

/* ---- a type of one's own: equal to, and ordered like, the int it holds ---- */

struct box {
    struct ouro_obj header;
    ouro_ref value;
};
static unsigned comparisons;

static int box_compare(ouro_ref self, ouro_ref other, enum ouro_op op)
{
    comparisons++;
    T_CHECK(op != OURO_NE);
    ouro_ref value = ((struct box *)(void *)self)->value;
    if (ouro_type_of(other) == ouro_type_of(self)) other = ((struct box *)(void *)other)->value;
    return ouro_type_index(other) == OURO_TYPE_INT ? ouro_compare(value, other, op)
                                                   : OURO_NOT_IMPLEMENTED;
}
static int box_repr(ouro_ref self, enum ouro_part part, ouro_write_fn *write, void *context)
{
    (void)self;
    if (part == OURO_AGAIN) write(context, "box(...)", 8);
    if (part == OURO_BEGIN) write(context, "box(", 4);
    if (part == OURO_END) write(context, ")", 1);
    return 0;
}
static int box_str(ouro_ref self, ouro_write_fn *write, void *context)
{
    return ouro_repr(((struct box *)(void *)self)->value, write, context);
}
static bool box_next(ouro_ref self, size_t *position, ouro_ref *key, ouro_ref *item)
{
    (void)key;
    *item = ((struct box *)(void *)self)->value;
    return (*position)++ == 0;
}
static const struct ouro_ops box_ops = {
    .repr = box_repr, .str = box_str, .compare = box_compare, .next = box_next};
OURO_TYPE_DEFINE(box_type) = {
    .name = "box",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct box),
    .refs = OURO_REF_BIT(struct box, value),
    .ops = &box_ops,
};

static ouro_ref box(ouro_ref value)
{
    ouro_ref ref = ouro_obj_new(&box_type);
    ((struct box *)(void *)ref)->value = value;
    return ref;
}

static void own_types(void)
{
    T_EQ(answers(box(ouro_int_new(1)), box(ouro_int_new(2))), LESS);
    T_EQ(answers(box(ouro_int_new(2)), ouro_int_new(1)), GREATER);
    T_EQ(answers(ouro_int_new(1), box(ouro_int_new(2))), LESS); /* asked the other way round */
    T_EQ(answers(ouro_int_new(2), box(ouro_int_new(2))), SAME);
    T_EQ(answers(box(ouro_int_new(2)), OURO_NONE), NO_ORDER);
    T_EQ(answers(pair(box(ouro_int_new(1)), OURO_NONE), pair(box(ouro_int_new(2)), OURO_NONE)),
         LESS);
    T_CHECK(comparisons > 10);

    uint32_t hash;
    const char *message = "";
    ouro_ref ref = box(ouro_int_new(1));
    T_EQ(ouro_hash(ref, &hash), -1); /* == without hash() */
    T_EQ(ouro_error_get(&message), OURO_TYPE_ERROR);
    T_TEXT(message, "unhashable type: 'box'");
    ouro_decref(ref);
}

struct text {
    char bytes[100];
    size_t length;
};
static void collect(void *context, const char *bytes, size_t n)
{
    struct text *text = context;
    for (size_t i = 0; i < n && text->length < sizeof text->bytes - 1; i++)
        text->bytes[text->length++] = bytes[i];
}

static void own_texts(void)
{
    struct text out = {0};
    ouro_ref ref = box(box(ouro_str_from("x"))), list = list_of(ouro_own(ref), 1);
    T_EQ(ouro_repr(list, collect, &out), 0);
    T_TEXT(out.bytes, "[box(box('x'))]");
    memset(&out, 0, sizeof out);
    T_EQ(ouro_str_of(ref, collect, &out), 0);
    T_TEXT(out.bytes, "box('x')");
    ouro_ref inner = ((struct box *)(void *)ref)->value;
    ouro_put(&((struct box *)(void *)inner)->value, ouro_own(list));
    memset(&out, 0, sizeof out);
    T_EQ(ouro_repr(ref, collect, &out), 0);
    T_TEXT(out.bytes, "box(box([box(...)]))");
    ouro_decref(ref);
    ouro_decref(list);
    T_EQ(ouro_gc_collect(2), 3);
}

static void str_of_a_str_is_itself(void)
{
    struct text out = {0};
    ouro_ref text = ouro_str_from("it's\n"), list = list_of(ouro_own(text), 1);
    T_EQ(ouro_str_of(text, collect, &out), 0);
    T_TEXT(out.bytes, "it's\n");
    memset(&out, 0, sizeof out);
    T_EQ(ouro_str_of(list, collect, &out), 0);
    T_TEXT(out.bytes, "[\"it's\\n\"]");
    memset(&out, 0, sizeof out);
    T_EQ(ouro_str_of(OURO_NONE, collect, &out), 0);
    T_TEXT(out.bytes, "None");
    ouro_decref(text);
    ouro_decref(list);
}

/* A comparison that compares containers, in which there is one that ... */
struct again {
    struct ouro_obj header;
    ouro_ref value;
};
static int again_compare(ouro_ref self, ouro_ref other, enum ouro_op op)
{
    return ouro_compare(((struct again *)(void *)self)->value,
                        ((struct again *)(void *)other)->value, op);
}
static const struct ouro_ops again_ops = {.compare = again_compare};
OURO_TYPE_DEFINE(again_type) = {
    .name = "again",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct again),
    .refs = OURO_REF_BIT(struct again, value),
    .ops = &again_ops,
};

static ouro_ref nested(unsigned levels)
{
    ouro_ref ref = list_of(ouro_int_new(1), 1);
    for (unsigned i = 0; i < levels; i++) {
        ouro_ref around = ouro_obj_new(&again_type);
        ((struct again *)(void *)around)->value = ref;
        ref = list_of(around, 1);
    }
    return ref;
}

static void recursion_by_the_program_ends(void)
{
    for (unsigned levels = 1; levels < 10; levels++) {
        ouro_ref a = nested(levels), b = nested(levels);
        int answer = ouro_equal(a, b);
        if (levels < 4) T_EQ(answer, 1);
        if (levels == 9) T_EQ(answer, -1);
        if (answer < 0) T_EQ(ouro_error_get(NULL), OURO_RUNTIME_ERROR);
        ouro_error_clear();
        ouro_decref(a);
        ouro_decref(b);
    }
    T_EQ(ouro_equal(OURO_EMPTY_TUPLE, OURO_EMPTY_TUPLE), 1);
    settle();
}

static void messages(void)
{
    const char *message = "";
    ouro_error_format(OURO_VALUE_ERROR, "%s has %d of %s: 100%%", "it", -3, "ten");
    T_EQ(ouro_error_get(&message), OURO_VALUE_ERROR);
    T_TEXT(message, "it has -3 of ten: 100%");
    char name[300];
    memset(name, 'x', sizeof name);
    name[299] = '\0';
    ouro_error_format(OURO_VALUE_ERROR, "'%s' is too long", name);
    (void)ouro_error_get(&message);
    T_EQ(strlen(message), 95);
    T_CHECK(memcmp(message + 1, name, 94) == 0);
    ouro_error_format(OURO_VALUE_ERROR, "plain");
    (void)ouro_error_get(&message);
    T_TEXT(message, "plain");
}

static const struct t_test tests[] = {
    T_SMALL(numbers),
    T_SMALL(strings),
    T_SMALL(no_order),
    T_SMALL(sequences),
    T_SMALL(mappings_inside),
    T_SMALL(own_types),
    T_SMALL(own_texts),
    T_SMALL(str_of_a_str_is_itself),
    T_SMALL(recursion_by_the_program_ends),
    T_SMALL(messages),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
